"""The shapes of products that products.py fills in: text with $names."""
from string import Template

SHOP = """\
edition 1
use std.processes   # what each process holds
use std.defects     # stringing, warp, ...
use std.materials
use machines.prusa

## Rates and rules that all products of this shop share.
shop bench_shop "Bench Shop" {
  currency  USD
  week      40 h
  energy    0.17 USD/kWh
  overhead  9%  # rent, insurance, the bookkeeper
  exchange  EUR 1.08 USD
  contact   "hello@benchshop.example"
}

# A station is a place where somebody stands.
station printing "Print room" { rate 21 USD/h }
station bench    "Bench"      { rate 24 USD/h; seats 2 }
station qc       "Inspection" { rate 26 USD/h }
station mill     "Mill cell"  { rate 38 USD/h }
station cam      "CAM desk"   { rate 55 USD/h }
station shipping "Pack-out"   { rate 20 USD/h }

role quality "Quality lead"

machine mk4s "Prusa MK4S" { like prusa_mk4s; rate 1.30 USD/h; count 2 }
machine resin "Resin printer" { process sla; volume 218 x 123 x 250 mm; rate 1.10 USD/h; power 0.15 kW }
machine fuse "Powder printer" { process sls; volume 165 x 165 x 300 mm; rate 10.50 USD/h; power 1.2 kW }
machine vf2 "Mill" { process cnc_mill; volume 762 x 406 x 508 mm; rate 45 USD/h; power 9 kW; holds 0.01 mm }

material pla_black "PLA, galaxy black" {
  like     pla
  color    "black"
  grade    "Prusament PLA Galaxy Black"
  cost     26 USD/kg
  tracked  lot
}
material pla_white "PLA, vanilla white" { like pla_black; color "white"; grade "Prusament PLA Vanilla White" }
material grey_resin "Standard resin, grey" { process sla; cost 28 USD/kg; density 1.12 g/cm^3; waste 12%; tracked lot }
material pa12 "PA12, grey" { process sls; grade "Nylon 12"; cost 92 USD/kg; density 1.01 g/cm^3; waste 55%; tracked lot }
material al_6061 "Aluminium 6061-T6" {
  process  cnc_mill
  family   aluminium
  grade    "EN AW-6061 T6"
  cost     7.40 EUR/kg
  density  2.70 g/cm^3
  waste    160%
  tracked  lot
}

item glue     "Cyanoacrylate, 20 g bottle" { kind consumable; cost 6.50 USD }
item end_mill "Carbide end mill, 10 mm"    { kind consumable; cost 38 USD }
item mailer   "Cardboard mailer, A5"       { kind packaging; cost 0.38 USD; mass 42 g }
item box_xs   "Carton, 80 mm cube"         { kind packaging; cost 0.29 USD; mass 12 g }

## How a printed part looks when it leaves this shop.
standard finish_b "Finish B, printed parts" {
  do "Cut the skirt and any hair flush with the blade." {
    tool  "Deburring blade"
    time  12 s
  }
  accept  "No edge catches a fingernail; the face from the bed is even."
  reject  "A scratch or a white stress mark that shows at arm's length."
}
"""

SUPPLIES = Template("""
# ---- what the products of group $group are put together with ----

item screw_$group "M$m x $length button-head screw" { cost 0.0$cent USD; sku "ISO7380-M${m}x$length"; tracked lot }
item insert_$group "M$m heat-set insert" {
  cost      0.$cents USD
  supplier  "Insert house $group"
  sku       "HSI-M$m-$group"
  tracked   lot
}
item magnet_$group "Magnet 10 x 3 mm, N4$cent" { cost 0.19 USD; tracked lot }
""")

KIT_HEAD = Template("""
let iron_$id  = $iron degC  # what the tip reads; the boss softens above 235 degC
let press_$id = $press s

## $title: for frames of 25 mm and more.
product $name "$title" {
  number    "TW-$id"
  revision  $revision
  variant   color black, white
  variant   size small, large
  sku       "TW-$id-{color}-{size}"
  contains  $contains, insert_$group x 2, screw_$group x 2, magnet_$group x 1
  spare     screw_$group x 1

  # There must be room at worst case.
  stack  fit ${first}_$id.seat - ${second}_$id.boss at least 0.1 mm
}
""")

KIT_PART = Template("""
part ${part}_$id "$part_title" {
  model       by size: small -> "models/tube_1.stl", large -> "models/tube_2.stl"
  pinned      by size: small -> "$pin_small", large -> "$pin_large"
  process     fdm
  material    by color: black -> pla_black, white -> pla_white
  layer       0.2 mm
  infill      $infill%
  print_time  by size: small -> $small_min min, large -> $large_min min
  mass        by size: small -> $small_g.5 g, large -> $large_g g

  # fdm holds 0.2 mm either side: asking for less would be a wish.
  dimension ${feature}  $size mm +/- 0.2 mm                       $class  gauge "Caliper"
  dimension pocket_$part  $pocket.2 mm within $pocket.0 mm .. $pocket.4 mm  major     gauge "Pin gauges"
}
""")

KIT_WORK = Template("""
workflow $name {
  batch collect "Collect orders" {
    group  by material, layer
    size   6 .. 24
    fill   at least 60%
    hold   at most 24 h
    order  by due
    time   $batch_min min per batch
    at     printing
  }

  print plate "Print" {
    makes   $makes
    on      mk4s
    plate   $plate
    setup   6 min per plate
    at      printing
    yield   9$yield%
    retry   at most 2
    record  bed_clean "Sheet washed"
    failure -> quarantine
  }

  inspect first_plate "First plate" {
    at        qc
    sample    first 1 per batch
    check     fit "The parts slide together; no gap over 0.$pull mm." major
    reaction  "Stop the printer; level the bed and print another."
    time      4 min per sample
    reject -> quarantine
  }

  inspect screen "Early screen" {
    at      qc
    sample  all
    check   count "All parts on the tray match the traveler."
    check   surface none of stringing, layer_shift, warp, under_extrusion, wrong_color
$checks
    time    25 s per unit
    pass   -> cleanup
    rework -> touch_up at most 1 expect 4%
    reject -> scrap expect 1%
  }

  finish touch_up "Touch-up" {
    at  bench
    do "Shave hairs and blobs with the blade; pass 2 s of heat gun over white marks." {
      tool     "Deburring blade"
      caution  "The nozzle of the heat gun stays hot for 5 min."
      time     45 s
    }
    pass -> screen
  }

  finish cleanup "Clean up" {
    at     bench
    using  finish_b
  }

  assemble inserts "Inserts" {
    at     bench
    setup  5 min per batch
    do "Set the iron to {iron_$id}. Press one {insert_$group} into each boss for {press_$id} until it is flush." {
      consume  insert_$group x 2, glue x 1 per $glue units
      tool     "Insert press, M$m tip"
      caution  "The tip is at {iron_$id}: rest it in the stand."
      time     $insert_s s
    }
    do "Drop the {magnet_$group} into its pocket, marked pole up." { consume magnet_$group x 1; time 9 s }
    wait   10 min
    yield  99%
  }
$more
  inspect final "Final inspection" {
    at      qc
    sample  aql 1.0 level II
    check   inserts none of loose_insert, tilted_insert, proud_insert
    check   pull "Hangs from a 3 mm steel plate with 1.$pull kg on it." critical
    time    50 s per sample
    reject -> quarantine
  }

  pack kit "Pack the kit" {
    at        shipping
    contains  $name x 1
    do "Lay the parts face to face. Bag {screw_$group} x 3." {
      consume  $consume, screw_$group x 3
      time     40 s
    }
    consume   mailer x 1
    check     count "All parts, 3 screws."
    label     sku, batch, qr
    time      30 s per unit
  }

  ship out "Ship" {
    at       shipping
    carrier  "USPS Ground Advantage"
    cost     4.$cents USD per order
    time     45 s per order
  }
}

release $name {
  sample      6
  approve     golden_sample by quality
  production  at most 1000
  void_on     model, material, process, dimension
}

price $name {
  sell    1 -> $price.00 USD, 10 -> $price_10.50 USD, 50 -> $price_50.00 USD
  sell    for large 1 -> $large.00 USD, 10 -> $large_10.50 USD, 50 -> $large_50.50 USD
  run     at least 24  # sold singly, printed by the batch
  margin  at least 20%
  fee     marketplace 6.5% + 0.20 USD per order
}
""")

KIT_FIT = Template("""
  assemble fit_$part "Fit the $part" {
    at  bench
    do "Push the $part in until it clicks; it must sit within 0.$pull mm of the face." {
      tool  "Push stick"
      time  $fit_s s
    }
  }
""")

LIKE = Template("""
# The left-hand version: the same work, without the inserts' wait.
product ${name}_left "$title, left" {
  number    "TW-$id-L"
  revision  $revision
  variant   color black, white
  variant   size small, large
  contains  $contains, insert_$group x 2, screw_$group x 2, magnet_$group x 1
  spare     screw_$group x 1
}

workflow ${name}_left {
  like $name
  assemble inserts {
    wait  5 min
    time  $fit_s s per unit
  }
}

release ${name}_left {
  sample      4
  approve     golden_sample by quality
}

price ${name}_left {
  sell    1 -> $large.00 USD, 10 -> $large_10.50 USD, 50 -> $large_50.50 USD
  run     at least 24
  margin  at least 15%
}
""")

RESIN = Template("""
## $title, printed by the tray.
product $name "$title" {
  number    "FG-$id"
  revision  $revision
  contains  figure x 1

  part figure "Figure" {
    model       "models/tube_3.stl"
    process     sla
    material    grey_resin
    layer       0.05 mm
    print_time  $small_min min
    mass        $small_g.2 g
  }
}

workflow $name {
  batch tray { group by material; size 4 .. 20; time 3 min per batch; at printing }

  print vat {
    makes  figure
    on     resin
    plate  figure x 20
    setup  8 min per plate
    at     printing
    yield  94%
  }

  inspect screen {
    at      printing
    sample  all
    check   surface none of layer_shift, missing_support, warp
    time    8 s per unit
    reject -> scrap
  }

  treat wash { cycle 8 min per plate; at printing; setup 3 min per plate }
  treat cure { cycle 6 min per plate; at printing; setup 1 min per plate }

  finish supports {
    at  bench
    do "Clip the supports; dress the stubs with a sanding stick." { time 7$yield s; tool "Flush cutter" }
  }

  inspect last {
    at      qc
    sample  all
    check   count "One figure, one base."
    check   look "No stub over 0.$pull mm on the front." minor
    time    10 s per unit
    reject -> scrap expect 2%
  }

  pack box {
    at        shipping
    contains  $name x 1
    consume   box_xs x 1
    label     number, batch
    time      40 s per unit
  }

  ship post { at shipping; cost 3.$cents USD per order; time 60 s per order }
}

price $name {
  sell    1 -> $price.90 USD
  run     at least 20
  margin  at least 25%
  fee     platform 6.5% + 0.20 USD per order
}
""")

POWDER = Template("""
## $title for a bar of 31.8 mm. Sold by the hundred.
product $name "$title" {
  number    "NP-$id"
  revision  $revision
  variant   color grey, black
  contains  saddle x 1, strap x 1, screw_$group x 2

  part saddle "Saddle" {
    model     "models/tube_4.stl"
    process   sls
    material  pa12
    mass      $large_g.0 g
    dimension bore   $size mm +/- 0.4 mm    critical  gauge "Bar dummy"
    dimension shoe   24 mm + 0 mm - 0.7 mm  critical  gauge "Shoe gauge"
  }

  part strap "Strap" {
    model     "models/tube_5.stl"
    process   sls
    material  pa12
    mass      $small_g.5 g
    dimension pitch    42 mm +/- 0.4 mm                major  gauge "Bolt gauge"
  }
}

workflow $name {
  batch fill "Fill a build" {
    group  by material
    size   48 .. 96
    hold   at most 5 workday
    order  by due
    time   25 min per batch
    at     printing
  }

  # A powder build takes its height in time, however many parts lie in it.
  print build "Build" {
    makes   saddle, strap
    on      fuse
    run     2$pull h per plate
    plate   saddle x 104, strap x 104
    setup   40 min per plate
    at      printing
    yield   97%
    record  powder_lot "Lots of new and used powder"
    record  chamber degC
    failure -> scrap
  }

  treat breakout "Break out" {
    cycle   40 min per plate
    setup   55 min per plate
    at      printing
    wait    4 h
    do "Open the cake below 50 degC. Brush each part over the sieve." {
      tool     "Sifting station, brushes"
      caution  "Respirator P3 and antistatic shoes."
    }
    record  cake_temp degC
  }

  inspect early "Early screen" {
    at      qc
    sample  all
    check   sound none of short_feed, curl, growth, broken
    time    1$cent s per unit
    reject -> scrap expect 1.5%
  }

  finish dye_bath "Dye" {
    at     bench
    only   for black
    do "Dye at 90 degC for 60 min; rinse twice." { tool "Dye pot 40 l"; time 1$yield s }
    yield  99%
    failure -> scrap
  }

  inspect first_article "First article of the build" {
    at        qc
    sample    first 3 per batch
    check     count "Saddles and straps match the traveler."
    check     saddle.bore
    check     saddle.shoe
    check     strap.pitch
    check     surface none of orange_peel, trapped_powder, dye_blotch
    reaction  "Measure three more from the corners of the build."
    time      9 min per sample
    reject -> quarantine
  }

  inspect lot "Lot inspection" {
    at      qc
    sample  zero ltpd 8%
    check   saddle.bore
    check   saddle.shoe
    time    70 s per sample
    reject -> quarantine
  }

  pack carton "Pack" {
    at        shipping
    contains  $name x 1
    consume   saddle x 1, strap x 1, screw_$group x 2, mailer x 1 per 48 units
    label     sku, revision, batch, quantity, qr
    time      15 s per unit
  }

  ship freight "Ship" { at shipping; carrier "Parcel, tracked"; cost 11.$cents USD per order; time 6 min per order }
}

release $name {
  sample      24
  approve     first_build by quality
  void_on     model, material, process, dimension
}

price $name {
  sell        96 -> $large.50 USD, 288 -> $large_10.80 USD, 960 -> $large_50.20 USD
  order_size  96
  margin      at least 18%
}
""")

MILLED = Template("""
## $title, clear anodized.
product $name "$title" {
  number    "BR-$id"
  revision  "$m"
  contains  body_$id x 1
}

part body_$id "Body" {
  model        "models/tube_6.stl"
  pinned       "$pin_milled"
  process      cnc_mill
  material     al_6061
  cycle        $small_min min
  mass         $large_g g
  roughness    1.6 um
  general      "ISO 2768-m"
  programming  3 h at cam
  tooling      180 USD

  dimension bore_d   1$m mm +/- 0.02 mm    critical  gauge "Bore gauge 1$m"
  dimension hole_pcd $size mm +/- 0.1 mm     critical  gauge "CMM"
  dimension height   $pocket mm +/- 0.2 mm     minor     gauge "Caliper"
}

workflow $name {
  batch lot "Open the lot" { group by material; size 1 .. 60; time 6 min per batch; at cam }

  cut op10 "Mill, both sides" {
    makes    body_$id
    on       vf2
    at       mill
    setup    4$pull min per batch
    time     90 s per unit
    yield    98%
    consume  end_mill x 1 per $glue units
    record   spindle_speed rpm
    record   coolant "Concentration, percent"
    failure -> scrap
  }

  inspect first_article "First article" {
    at      qc
    sample  first 1 per batch
    check   body_$id.bore_d
    check   body_$id.hole_pcd
    check   body_$id.height
    time    25 min per sample
    reject -> op10 at most 2
  }

  inspect inline "In-process" {
    at       qc
    sample   every 10
    check    body_$id.bore_d
    reaction "Stop the spindle, correct the offset, measure back to the last good piece."
    time     3 min per sample
    reject -> quarantine
  }

  outsource anodize "Anodize, clear, 10 um" {
    supplier     "Outside finisher"
    cost         2.10 USD per unit + 45 USD per batch at least 120 USD
    lead         5 day
    certificate  "Thickness report, one per lot"
  }

  inspect final "Final" {
    at      qc
    sample  zero aql 1.0
    check   body_$id.bore_d
    check   body_$id.hole_pcd
    check   cosmetics "No rack marks over 0.$pull mm on the two outer faces." major
    time    2 min per sample
    reject -> quarantine
  }

  gate release_lot "Release" {
    by        quality
    at        qc
    requires  "Material certificate matches the lot on the traveler", "First article signed"
    refuse -> quarantine
  }

  pack carton "Pack" {
    at        shipping
    contains  $name x 1
    check     count "Pieces in the carton match the packing list."
    label     number, revision, batch, qr
    time      30 s per unit
  }

  ship freight "Ship" { at shipping; cost 24 USD per order; time 5 min per order }
}

release $name {
  sample      10
  approve     pp_sample by quality
  production  at most 500
  void_on     model, drawing, material, dimension
}

price $name {
  sell          10 -> 1$price_10 USD, 50 -> 1$price USD, 300 -> 1$price_50 USD
  order_size    50
  margin        at least 5%
  amortize over 300
}

packet $name {
  quantity    50, 300
  finish      finish_b
  deliver     2027-03-01 to "Bench Shop, dock 2" incoterm DAP
  packaging   carton
  marking     "Number, revision and batch on every carton."
  inspection  first_article, inline, final
  contact     "production@benchshop.example"
  note        "Quote 50 and 300 pieces; tooling as its own line."
}
""")
