/* flowd: the table of verbs. */
#include "flowd/actions.h"
#include "flowd/flowd.h"
#include "flowd/views.h"

static const struct verb verbs[] = {
    {"init", "DIR", "make a shop: a folder with a journal",
     "  --owner NAME   who may do everything in it, and admits the others (the login name)\n",
     "  flowd init hooks --owner anna\n", cmd_init},
    {"adopt", "SPEC", "take over a spec, for batches to come",
     "  --product P     only this product of the file\n" DESK_WRITE_HELP "\n"
     "The file is kept as it is now, with all that it uses; batches that are open go on by the "
     "spec "
     "they\n"
     "were opened with. A change that voids an approval stops production until it is given anew.\n",
     "  flowd adopt ../specs/desk_hook.flow\n", cmd_adopt},
    {"product", "ACTION", "the products, and whether they are released", "",
     "  flowd product list\n", cmd_action},
    {"batch", "ACTION ...", "batches: open, fill, start, look", "",
     "  flowd batch open B-1 desk_hook --purpose sample\n"
     "  flowd batch add B-1 DH-100-black-small 12\n"
     "  flowd batch start B-1\n"
     "  flowd batch record B-1 -o B-1.pdf\n",
     cmd_action},
    {"step", "ACTION ...", "what happens at the bench", "",
     "  flowd step begin B-1 plate --machine mk4\n"
     "  flowd step measure B-1 screen 7 hook bore 4.31\n"
     "  flowd step pass B-1 screen 1-6\n"
     "  flowd step leave B-1 screen 7 rework --reason \"bore too small\"\n",
     cmd_action},
    {"approve", "PRODUCT NAME", "sign under the sample", "",
     "  flowd approve desk_hook pp_sample --meaning \"as drawn\"\n", cmd_action},
    {"lot", "ACTION ...", "lots of materials and items", "",
     "  flowd lot receive SP-1 pla_black --amount 1000g --supplier Spoolworks\n", cmd_action},
    {"people", "ACTION ...", "who works here, and in which roles", "",
     "  flowd people admit ben operator,quality\n", cmd_action},
    {"parcel", "ACTION ...", "what is packed and shipped", "",
     "  flowd parcel pack P-1 1001 1 B-1 1-10\n"
     "  flowd parcel ship P-1 USPS --tracking 9400100000000000000000\n",
     cmd_action},
    {"orders", "[ACTION ...]", "orders: files of them in, what they owe, papers out",
     "  list [--open] [--held]      each order, and where its units are; what `flowd orders` alone "
     "does\n"
     "  import FILE...              take orders from the exports of ShipStation, Shopify, Etsy, or "
     "our own file\n"
     "    --format F                shipstation, shopify, etsy or own, where the header does not "
     "tell\n"
     "    --dates mdy|dmy           what 03/04/2027 means\n"
     "    --prefix TEXT             before each order's number, so that two shops' numbers stay "
     "apart\n"
     "    --update                  take changed addresses\n"
     "    --dry-run                 say what would be taken\n"
     "  show ORDER                  its lines, what they owe, its parcels\n"
     "  mend                        the held lines, and what may have been meant\n"
     "  mend ORDER LINE --sku SKU   the SKU that a held line meant\n"
     "  mend ORDER LINE --ask NAME=TEXT   what the customer gave\n"
     "  export --format own|shipstation [-o FILE] [--open]   all orders as a file, with tracking\n"
     "  packing-list ORDER [-o FILE.pdf] [--parcel P]        what a parcel holds, and what "
     "follows\n"
     "  invoice ORDER [-o FILE.pdf] [--parcel P]             what a commercial invoice says; JSON "
     "without -o\n"
     "    --hs-code CODE --origin CC --incoterm \"DAP Berlin\" --date DAY   what no spec says\n"
     "    --paper a4|letter         of a PDF\n"
     "  cancel ORDER [LINE [--count N]] --reason TEXT   what is not owed any more\n"
     "\n" DESK_WRITE_HELP "\n"
     "The same file twice changes nothing; what a file says otherwise than the shop has it is told "
     "and not\n"
     "taken. An order with a mistake in it is left out whole. docs/orders.md has the columns.\n",
     "  flowd orders import ~/Downloads/orders_export_1.csv\n"
     "  flowd orders --open\n"
     "  flowd orders mend 1003 1 --sku DH-100-black-small\n",
     cmd_orders},
    {"reorder", "ACTION ...", "orders that come again: what differs, and that it is wanted",
     "`check` ends with 1 where something waits. docs/reorders.md has the rest.\n",
     "  flowd reorder check 1002\n"
     "  flowd reorder accept desk_hook 3fa29c1d \"bore opened, the customer asked for it\"\n",
     cmd_action},
    {"job", "ACTION ...", "plates that are to be printed: queued, begun, ended",
     "`flowd serve` with a farm.yaml begins them by itself, each once; docs/printers.md.\n",
     "  flowd job queue J-1 B-1 plate --file plates/hooks.gcode\n"
     "  flowd job show J-1\n"
     "  flowd job end J-1 finished\n",
     cmd_action},
    {"plan", "[ACTION ...]", "which orders go together, on which plate, on which printer, when",
     "  --apply         open, fill and start the batches that can be started now, and queue what "
     "stands\n"
     "                  at its print, sliced where its step names `slice` (PrusaSlicer)\n"
     "  --no-slice      queue what was sliced already; --slicer PROGRAM, --timeout SECONDS: as in "
     "flowc slice\n"
     "  --gantt FILE    the plan as a picture (SVG); - for it alone, on standard output\n"
     "  --plates DIR    each plate as 3MF for a slicer, and as a picture (SVG): "
     "PRINTER-NUMBER-BATCH\n"
     "  --farm FILE     the printers (farm.yaml, where there is one; the specs say of which "
     "machines\n"
     "                  there are more)\n"
     "  --at TIME       as if it were then: \"2026-11-23 8:00\", UTC\n"
     "  --begins H:MM   when somebody comes on a working day (8:00, UTC)\n"
     "  --hours N       for how long (a workday of the specs); --always: somebody is always "
     "there\n"
     "  --swap MIN      a person's time to change a material (5)\n"
     "  --nozzle MIN    to change a nozzle (10)\n\n"
     "By the batch rules of the specs: what waits says why. docs/plan.md has the rest.\n",
     "  flowd plan\n"
     "  flowd plan --gantt plan.svg\n"
     "  flowd plan --apply\n"
     "  flowd plan hold \"the customer rings back\" --order 1001 --line 1\n"
     "  flowd plan pin B-7 mk4-left\n",
     cmd_plan},
    {"printers", "[ACTION ...]", "what the printers do, and what is in the way of one",
     "  --farm FILE     the printers, what each is, and what is loaded (farm.yaml of the shop)\n"
     "  --once          the table once; on a terminal it is live, until Ctrl-C\n"
     "  -o FILE         where the picture goes (NAME.jpg)\n"
     "\n"
     "The shop's server is asked where one runs. `test NAME` goes from the wire to the plate and "
     "says\n"
     "what fails first, and what to do, and what the printer is. `snapshot NAME` takes its "
     "camera's\n"
     "picture. `key NAME` has its OctoPrint make a key for us: somebody says yes in its pages, and "
     "the\n"
     "key goes to its `key_file`. Nothing is started.\n"
     "docs/printers.md has farm.yaml, and what is known of OctoPrint, Moonraker, PrusaLink and "
     "Bambu "
     "Lab.\n",
     "  flowd printers\n"
     "  flowd printers test mk4-left\n"
     "  flowd printers snapshot mk4-left -o plate.jpg\n",
     cmd_printers},
    {"discover", "", "printers that announce themselves in the network",
     "  --seconds N     how long to listen (5)\n"
     "  --json          for programs\n"
     "\n"
     "Servers of OctoPrint, Moonraker and PrusaLink (by multicast DNS), and Bambu Lab printers. "
     "Below the\n"
     "table stand the lines for farm.yaml.\n",
     "  flowd discover\n", cmd_discover},
    {"actuals", "PRODUCT", "what was measured against what the spec says",
     "  --batch B       only this batch\n"
     "  --since DAY     only from this day on, as 2026-11-01 (UTC)\n"
     "  --patch         the spec's lines with what is firmly measured, as a patch for git apply\n"
     "  --chart DIM     the control chart of a dimension (hook.bore, or bore) as SVG\n"
     "  --step STEP     with --chart: as it was read at this step\n"
     "  -o FILE         with --chart: where to put it\n" DESK_HELP "\n"
     "Bench times are a person's time from a begin, or from the units that left before, to the "
     "units\n"
     "that leave: median, and what half of them lie in. Yields, reasons, samples, readings with "
     "Cp,\n"
     "Cpk and the Western Electric rules follow, and what it all does to cost and margin.\n",
     "  flowd actuals desk_hook\n"
     "  flowd actuals desk_hook --patch | git -C ../specs apply\n"
     "  flowd actuals desk_hook --chart hook.bore -o bore.svg\n",
     cmd_actuals},
    {"issue", "ACTION ...", "what went wrong, why, and what was done", "",
     "  flowd issue open I-1 desk_hook \"insert pulled out\" --batch B-1 --step inserts --unit 20\n"
     "  flowd issue answer I-1 \"iron at 260 degC\" \"the iron is locked at 225 degC\"\n"
     "  flowd issue list --open\n",
     cmd_action},
    {"status", "", "the shop at a glance", DESK_HELP, "  flowd status\n", cmd_status},
    {"simulate", "SPEC... [-o DIR]", "try specs: a shop that works by itself, on a virtual clock",
     "  -o, --output DIR   where the shop goes; it is like any other afterwards\n"
     "  --orders FILE      what is ordered, as `flowd orders import` takes it\n"
     "  --demand N         without a file: so many units of each product, its SKUs by turns (24)\n"
     "  --seed N           of chance: the same seed gives the same shop (1)\n"
     "  --json             for programs\n"
     "\n"
     "With --days, a farm by figures instead of a shop; -o is for its page and workbook:\n"
     "  --days N           so many days, from a Monday on\n"
     "  --demand N|full    units a day of each product (24); full: always more than can be made\n"
     "  --set A.B.C=V,...  what if: machine.mk4.count=6 beside what the spec says\n"
     "  --printers M=N,..  so many printers of a machine, in all runs\n"
     "  --without WAY,...  beside it: batching, screens, validation, retries; --compare: each\n"
     "  --defects FILE     causes of failed builds: cause,share,found,stops_at "
     "(docs/simulation.md)\n"
     "  --trouble FILE     what befalls each printer: trouble,a_week,lasts_s (the same page)\n"
     "  --protocol P,...   what the printers speak, by turns: octoprint, moonraker, prusalink, "
     "bambu\n"
     "  --hours N          people are there so long (a workday of the spec); --begins N: from (8)\n"
     "  --week N           so many days a week (5); --lead N: days from order to due (5)\n"
     "\n"
     "Samples are made and approved, batches filled first come first served, units printed, "
     "inspected,\n"
     "packed and shipped; parts fail as often as the spec expects.\n",
     "  flowd simulate desk_hook.flow -o /tmp/try --demand 100\n"
     "  flowd simulate desk_hook.flow --days 90 --demand 40 --set machine.mk4.count=6 -o "
     "/tmp/farm\n",
     cmd_simulate},
    {"do", "COMMAND|-", "a command as the API takes it; with -, one a line", DESK_WRITE_HELP,
     "  flowd do '{\"command\":\"start_batch\",\"batch\":\"B-1\"}'\n", cmd_do},
    {"serve", "", "serve the shop to programs and tablets, until it is stopped",
     "  --listen HOST:PORT  where (127.0.0.1:8420; port 0 for a free one)\n"
     "  --cert FILE     TLS: a certificate, in PEM\n"
     "  --key FILE      its key\n"
     "  --plain         to other machines without TLS: something before it has that\n"
     "  --training      a copy of the shop, to practise on: its pages say so, and nothing is kept\n"
     "  --names NAME,.. host names by which it is asked, besides this machine's own\n"
     "  --farm FILE     the printers to be driven (farm.yaml of the shop, where there is one)\n"
     "  --otlp URL      send traces and metrics to this collector (docs/metrics.md)\n" DESK_HELP
     "\n"
     "The first line of output is the address. While it runs the other verbs go through it.\n"
     "docs/api.md has the rest.\n",
     "  flowd serve\n"
     "  flowd serve --listen 0.0.0.0:8420 --cert shop.pem --key shop.key\n",
     cmd_serve},
    {"token", "ACTION ...", "tokens by which programs ask the server in a person's name",
     "  issue PERSON [WHAT_FOR]  make one; it is shown once\n"
     "  revoke HASH     take one back, by the beginning of its hash (--reason WHY)\n"
     "  list            which there are\n" DESK_WRITE_HELP,
     "  flowd token issue anna \"the tablet at the plate\"\n"
     "  flowd token list\n",
     cmd_token},
    {"trace", "NAME", "what went into it and who touched it; where it went",
     "NAME is a unit (B-1/7), batch, lot, order, machine, operator, parcel, customer or product.\n"
     "\n"
     "  --kind KIND     which of these, where a name is several\n"
     "  --format F      text (this if unsaid); json; csv: a row a unit, or of one unit a row an\n"
     "                  event; dot, svg: a picture; epcis: EPCIS 2.0 events for business partners\n"
     "  --base URI      what names begin with in EPCIS (urn:flow:), such as "
     "https://id.example.com/\n"
     "  -o, --output FILE   where to put it\n" DESK_HELP "\n"
     "docs/trace.md says which units a lot counts as being in.\n",
     "  flowd trace B-1/7\n"
     "  flowd trace SP-1 --format csv -o sp-1.csv\n"
     "  flowd trace 1001 --kind order --format svg -o 1001.svg\n",
     cmd_trace},
    {"hold", "LOT --reason WHY", "put a lot on hold, and say who has what was made of it",
     "  --reason WHY    why; without it, what a lot on hold is in is said once more\n"
     "  --free          the lot may be used again, and what waited for it alone goes on\n"
     "  --format F      text (this if unsaid), json, csv: a row a unit, with order, address, "
     "tracking\n"
     "  -o, --output FILE   where to put it\n" DESK_WRITE_HELP "\n"
     "Every unit of the lot that was not shipped goes into quarantine. Those that were are listed "
     "by\n"
     "order, customer and parcel, so that a letter can be written to each.\n",
     "  flowd hold IN-1 --reason \"cracks at 5 N\"\n"
     "  flowd hold IN-1 --format csv -o recall.csv\n"
     "  flowd hold IN-1 --free --reason \"tested anew, good\"\n",
     cmd_hold},
    {"verify", "", "look whether anything in the journal was changed, is missing or moved",
     DESK_HELP, "  flowd verify\n", cmd_verify},
    {"backup", "DIR", "copy the shop as it is now into a new folder, while it runs", DESK_HELP,
     "  flowd backup /media/stick/hooks-2026-11-21\n", cmd_backup},
    {"completions", "bash|zsh|fish", "print completions for a shell", "",
     "  source <(flowd completions bash)\n", cmd_completions},
};

const struct program program = {
    .name = "flowd",
    .summary = "flowd runs a shop by its .flow specs: orders, batches, benches, records, parcels.",
    .version = "flowd " FLOW_VERSION,
    .closing =
        "New here? flowd init my-shop && cd my-shop && flowd adopt ../coaster.flow && flowd "
        "status\n"
        "\n"
        "Environment: FLOW_SHOP, the shop's folder; FLOW_PERSON, who acts; NO_COLOR, no color.\n",
    .exits =
        "Exit: 0 done, 1 refused, or findings, 2 wrong command line, 3 a file or the machine was "
        "in\n"
        "the way, 4 a fault of flowd itself.\n",
    .verbs = verbs,
    .verb_count = (int)(sizeof verbs / sizeof *verbs),
    .describe = describe_actions,
};

int main(int argc, char **argv)
{
    return program_run(argc, argv);
}
