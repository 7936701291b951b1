"""Specs at random, without an error, that use what a cost hangs on. The same dice, the same text."""

SHOP = """edition 1
process fff  "Printing" {{ kind additive; holds 0.2 mm }}
process mill "Milling"  {{ kind subtractive; holds 0.02 mm }}
shop works "Works" {{ currency {currency}{energy}{overhead}; exchange EUR 1.0837 USD; exchange USD 0.9 EUR }}
station room {{ rate {a} USD/h }}
station desk {{ rate {b} EUR/h }}
machine p1 {{ process fff; volume 250 x 250 x 250 mm; rate 2.35 USD/h{power} }}
machine p2 {{ process fff; volume 250 x 250 x 250 mm; rate 9 USD/h; power 2 kW }}
machine vmc {{ process mill; volume 500 x 400 x 400 mm; rate 0.61 EUR/min; power 6 kW }}
material pla {{ process fff; cost 19.99 USD/kg{waste} }}
material asa {{ like pla; cost 0.031 EUR/g; waste 12.5% }}
material alu {{ process mill; cost 6 USD/kg; waste 120% }}
role boss
item screw {{ cost 0.05 USD }}
item glue {{ kind consumable; cost 0.013 EUR }}
item carton {{ kind packaging; cost 0.90 USD }}
standard clean {{ do "Cut 1 brim." {{ time 20 s; consume glue x 2 }}; do "Look at 1 edge." {{ time 7 s }}; accept "Clean." }}
"""


def shop(dice):
    currency = dice.choice(["USD", "EUR"])
    text = SHOP.format(
        currency=currency, a=dice.randint(10, 40), b=dice.choice(["22.40", "31", "18.05"]),
        energy=dice.choice(["", "; energy 0.21 USD/kWh", "; energy 0.3 EUR/kWh"]),
        overhead=dice.choice(["", "; overhead 12%", "; overhead 7.5%"]),
        power=dice.choice(["", "; power 150 W", "; power 0.2 kW"]), waste=dice.choice(["", "; waste 5%"]))
    drop = "; exchange USD 0.9 EUR" if currency == "USD" else "; exchange EUR 1.0837 USD"
    return text.replace(drop, "")


def by(dice, make):
    """A value, now and then one for each size."""
    if dice.random() < 0.7:
        return make()
    return f"by size: small -> {make()}, large -> {make()}"


def per(dice, *bases):
    basis = dice.choice(("",) + bases)
    return f" per {basis}" if basis else ""


def plan(dice, name):
    return dice.choice(["all", f"first {dice.randint(1, 30)}", f"first {dice.randint(1, 9)} per batch",
                        f"every {dice.randint(2, 9)}", f"{dice.randint(1, 40)} per batch",
                        f"zero ltpd {dice.choice(['2.5%', '10%', '7%'])}"])


def inspect(dice, name, back):
    """An inspection; with a step behind it to go back to, perhaps a bounded loop."""
    time = f"time {dice.randint(2, 90)} s{per(dice, 'sample', 'unit', 'batch', 'order', 'body')}"
    setup = dice.choice(["", f"; setup {dice.randint(1, 9)} min{per(dice, 'run', 'batch', 'plate')}"])
    rework = f"; rework -> {back} at most 2 expect {dice.choice(['3%', '12.5%', '0.7%'])}" if back else ""
    reject = dice.choice(["scrap", "quarantine"]) + dice.choice(["", " expect 2%", " expect 0.35%"])
    return (f'  inspect {name} {{ at desk; sample {plan(dice, name)}; check count "All there."; {time}{setup}{rework};'
            f' reject -> {reject} }}\n')


def loss(dice):
    return dice.choice(["", "; yield 97%", "; yield 88.5%; failure -> scrap", "; failure -> scrap expect 4%",
                        f"; yield {by(dice, lambda: dice.choice(['99%', '91%']))}"])


def make_steps(dice):
    run = dice.choice(["", f"; run {dice.randint(1, 9)} h per plate",
                       f"; cycle {dice.randint(3, 50)} min{per(dice, 'plate', 'body', 'batch', 'unit')}"])
    plate = f"; plate body x {by(dice, lambda: dice.randint(2, 20))}" if dice.random() < 0.7 or run.startswith("; run") \
        else ""
    text = (f"  print shape {{ makes body; on {dice.choice(['p1', 'p2, p1', 'p1, p2'])}; at room{plate}{run}"
            f"; setup {dice.randint(1, 20)} min{per(dice, 'plate', 'batch', 'run')}{loss(dice)} }}\n")
    if dice.random() < 0.5:
        text += "  treat cure { at room; cycle 40 min per plate; setup 2 min per plate; wait 3 h; time 9 s per body }\n"
    if dice.random() < 0.5:
        text += (f"  cut base {{ makes foot; on vmc; at desk; setup 25 min{per(dice, 'run', 'order')}"
                 f"; time 30 s per foot{loss(dice)} }}\n")
    else:
        text += "  outsource base { makes foot; cost 1.85 EUR per foot + 12 USD per batch at least 60 USD; lead 5 day }\n"
    text += inspect(dice, "first", "shape")
    if dice.random() < 0.5:
        text += f"  cut bore {{ works foot; on vmc; at desk; cycle {dice.randint(20, 200)} s per foot{loss(dice)} }}\n"
        text += inspect(dice, "second", None)
    return text


def workflow(dice, spare):
    text = "workflow thing {\n"
    if dice.random() < 0.7:
        text += (f"  batch lot {{ group by material; size 1 .. {dice.randint(3, 150)}; at room; "
                 f"setup {dice.randint(1, 20)} min; time {dice.randint(1, 50)} s{per(dice, 'order', 'batch')} }}\n")
    text += make_steps(dice)
    if dice.random() < 0.6:
        text += f"  finish tidy {{ at desk; using clean; time 4 s{dice.choice(['; only for large', '; only for red', ''])} }}\n"
    if dice.random() < 0.3:
        text += "  finish paint { at room; only for red, large; time 31 s per body; do \"Coat 1 side.\" { time 9 s } }\n"
    if dice.random() < 0.5:
        text += "  outsource coat { cost 0.40 EUR per unit + 35 USD per run; lead 3 day }\n"
    text += (f'  assemble join {{ at room; consume glue x 3{dice.choice(["", " per batch", " per 4 units", " per plate"])}'
             f'; do "Drive 4 screws." {{ consume screw x 4; time 12 s }}; consume body x 2, foot x 1{loss(dice)} }}\n')
    text += inspect(dice, "last", dice.choice([None, "join"]))
    if dice.random() < 0.3:
        text += "  gate sign { by boss; at desk; time 3 min per run; requires \"Signed.\"; refuse -> last at most 1 expect 5% }\n"
    text += ("  pack box { at desk; contains thing x 1; label number, batch; time 15 s; "
             f"{spare}consume carton x 1 per {dice.randint(2, 6)} units }}\n")
    text += (f"  ship out {{ at room; time 2 min per order; cost {dice.choice(['4.10 USD', '3.20 EUR'])} per "
             f"{dice.choice(['order', 'batch', 'unit'])}{dice.choice(['', ' + 0.35 USD per unit', ' at least 25 USD'])} }}\n}}\n")
    return text


def price(dice):
    if dice.random() < 0.2:
        return ""
    fields = ["sell 5 -> 900 USD, 60 -> 790.50 EUR, 500 -> 700 USD"]
    if dice.random() < 0.4:
        fields.append("sell for large 1 -> 950 USD, 100 -> 910 USD")
    if dice.random() < 0.3:
        fields.append("sell for red, large 10 -> 955 USD")
    for chance, field in ((0.5, f"order_size {dice.randint(2, 30)}"), (0.4, f"run at least {dice.randint(2, 100)}"),
                          (0.4, f"amortize over {dice.randint(100, 900)}"), (0.4, "fee card 2.9% + 0.30 EUR per order"),
                          (0.3, "fee market 6.5%"), (0.3, "fee post + 0.20 USD per order")):
        if dice.random() < chance:
            fields.append(field)
    return "price thing {\n  " + "\n  ".join(fields) + "\n}\n"


def spec(dice):
    """The text of one spec."""
    time = by(dice, lambda: f"{dice.randint(4, 90)} min + {dice.randint(0, 1)} h / 3")
    mass = by(dice, lambda: f"{dice.randint(2, 60)}.5 g")
    stuff = dice.choice(["pla", "asa", "by color: grey -> pla, red -> asa"])
    once = dice.choice(["", "; tooling 120 EUR", "; programming 90 min at desk", "; tooling 80 USD; programming 2 h at room"])
    spare = dice.choice(["", "; spare body x 1, screw x 2"])
    box = "consume body x 1, screw x 2; " if spare else ""
    return (shop(dice) + 'product thing "Thing" { number "T"; revision A; variant color grey, red; '
            "variant size small, large; "
            f"contains body x {by(dice, lambda: 2)}, foot x 1, screw x 4{spare} }}\n"
            f"part body {{ process fff; material {stuff}; print_time {time}; mass {mass} }}\n"
            f"part foot {{ process mill; material alu; cycle 7 min; mass 31 g{once} }}\n" + workflow(dice, box) + price(dice))
