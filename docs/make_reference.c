/* Writes docs/reference.md to standard output, from the tables that the compiler itself reads: kinds.def, rules.def and
   the units. Its argument is the spec that the examples are cut from, docs/reference.flow. tests/check_reference.sh
   holds that the page is what this writes. */
#include "base/buffer.h"
#include "base/file.h"
#include "schema/rules.h"
#include "schema/schema.h"
#include "schema/units.h"
#include "source/diagnostic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char head[] =
    "# Reference\n"
    "\n"
    "Every kind of block, every field, every unit and every rule of edition 1. This page is "
    "written by\n"
    "`docs/make_reference.c` from the tables that `flowc` itself reads. [The "
    "tutorial](tutorial.md) "
    "is where to begin;\n"
    "[the language](language.md) says how a file is written and what it costs. The examples are "
    "cut from\n"
    "[reference.flow](reference.flow), which checks clean.\n"
    "\n"
    "**[Kinds](#kinds)** shop station role process machine material item defect standard part "
    "product workflow release\n"
    "price packet \302\267 **[Steps](#steps)** batch print cut treat inspect gate finish assemble "
    "outsource pack ship \302\267\n"
    "**[Types](#types)** \302\267 **[Units](#units)** \302\267 **[Rules](#rules)**\n"
    "\n"
    "## How to read a phrase\n"
    "\n"
    "A field is a line: its name, then its phrase. In a phrase `<type>` is a value of that "
    "[type](#types), `[optional]` may be\n"
    "left out, of `a|b` one is written, and `,...` is a list. What stands in none of these is "
    "written as it is:\n"
    "`consume  body x 1, magnet x 2 per 10 units` follows "
    "`<part|item> x <count> [per (<count> units | <basis>)],...`.\n"
    "\n"
    "| mark | means |\n"
    "|---|---|\n"
    "| **!** | must be said (`missing_field`) |\n"
    "| **+** | may stand more than once; every other field stands once (`duplicate_field`) |\n"
    "| **int** | internal: it never leaves the shop. A packet that would print it, or a number "
    "reckoned from it, is an error (`internal_leak`) |\n"
    "\n"
    "Where a value is asked, an expression over `let` and other fields (`box.cost`, `2 * 3 mm`) "
    "does as well, and in\n"
    "parts and steps `by AXIS: case -> value, ...`. A block may say `like NAME`: it takes the "
    "fields of another of its kind,\n"
    "and says what differs.\n";

/* ---- examples ---- */

static const char *examples; /* the text of reference.flow */

static bool begins_with_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && line[length] == ' ';
}

/* The first block of the kind: from its head, at the given indent, to the brace that stands as far left. */
static void print_example(const char *kind, int indent)
{
    for (const char *line = examples; *line; line += strcspn(line, "\n") + 1) {
        if ((int)strspn(line, " ") != indent || !begins_with_word(line + indent, kind))
            continue;
        puts("```flow");
        for (bool open = true; open; line += strcspn(line, "\n") + 1) {
            int length = (int)strcspn(line, "\n"), cut = length < indent ? length : indent;
            bool head_line =
                line[cut] != '}' && (int)strspn(line, " ") == indent && length > indent;
            printf("%.*s\n", length - cut, line + cut);
            open = head_line ? line[length - 1] == '{' : line[cut] != '}' || length == 0;
        }
        puts("```\n");
        return;
    }
    fprintf(stderr, "reference.flow has no example of `%s`\n", kind);
    exit(1);
}

/* In a table a bar would end the cell. */
static void print_cell(const char *text)
{
    for (; *text; text++)
        if (*text == '|')
            fputs("\\|", stdout);
        else
            putchar(*text);
}

static const char *name_of(const struct field_row *field, char *room, size_t size)
{
    size_t length = strlen(field->name);
    snprintf(room, size, "%.*s", (int)(length - (field->name[length - 1] == '_')), field->name);
    return room;
}

static bool is_common(const struct field_row *field)
{
    char room[64];
    return kind_is_step(field->kind) && field_find(KIND_ship, name_of(field, room, sizeof room)) &&
           field_find(KIND_finish, room);
}

static void print_fields(enum kind kind, bool common)
{
    const struct kind_row *row = &kind_rows[kind];
    bool begun = false;
    for (int i = 0; i < row->field_count; i++) {
        const struct field_row *field = &row->fields[i];
        char name[64];
        if (kind_is_step(kind) && is_common(field) != common)
            continue;
        if (!begun)
            puts("| field | phrase | | what it says |\n|---|---|---|---|");
        begun = true;
        printf("| `%s` | ", name_of(field, name, sizeof name));
        if (*field_phrase(field)) {
            putchar('`');
            print_cell(field_phrase(field));
            putchar('`');
        }
        printf(" | %s%s%s| ", field->flags & REQUIRED ? "**!** " : "",
               field->flags & REPEATED ? "**+** " : "", field->flags & INTERNAL ? "**int** " : "");
        print_cell(field->documentation);
        puts(" |");
    }
    if (begun)
        putchar('\n');
}

static void print_kind(enum kind kind)
{
    const struct kind_row *row = &kind_rows[kind];
    printf("### %s\n\n%s", row->name, row->documentation);
    if (kind_is_step(kind)) {
        fputs(" Its outcomes:", stdout);
        for (int i = 0, said = 0; i < OUTCOME_COUNT; i++)
            if (row->outcomes >> i & 1)
                printf("%s %s", said++ ? "," : "", outcome_names[i]);
        putchar('.');
    }
    puts("\n");
    print_fields(kind, false);
    if (kind == KIND_print || kind == KIND_cut)
        puts("One of `makes` and `works` must be said.\n");
    print_example(row->name, kind_is_step(kind) ? 2 : 0);
}

static void print_kinds(void)
{
    puts("\n## Kinds\n\n"
         "`KIND NAME \"Title\" { fields }`; `workflow`, `release`, `price` and `packet` are named "
         "by their product.\n");
    for (int kind = KIND_none + 1; kind < KIND_FIRST_STEP; kind++)
        if (kind != KIND_let && kind != KIND_do)
            print_kind((enum kind)kind);
    puts("### let\n\n`let NAME = expression` gives a value a name.\n");
    print_example("let", 0);
    puts("### do\n\nA line of work, in a step or a standard: `do \"text\" { fields }`; the "
         "braces may be left out.\n");
    print_fields(KIND_do, false);
}

static void print_steps(void)
{
    puts("## Steps\n\n"
         "In a workflow, in order: `KIND NAME \"Title\" { fields and routes }`. A route is\n"
         "`OUTCOME -> STEP|scrap|quarantine|done [at most <count>] [expect <ratio>]`. `pass` and "
         "`approve` go to the next\n"
         "step if unsaid, `failure` to quarantine; `reject` and `refuse` must be said.\n\n"
         "Fields of every step:\n");
    print_fields(KIND_finish, true);
    for (int kind = KIND_FIRST_STEP; kind < KIND_COUNT; kind++)
        print_kind((enum kind)kind);
}

/* ---- types and units ---- */

static const struct {
    const char *name, *meaning;
} types[] = {
    {"duration", "a time: `45 s`, `1 h 5 min`"},
    {"length", "`0.2 mm`, `12 um`; `a x b x c mm` gives the unit once"},
    {"roughness", "Ra, a length: `1.6 um`"},
    {"mass", "`19 g`"},
    {"temp", "`215 degC`; a difference of two is in K"},
    {"angle", "`50 deg`"},
    {"power", "`120 W`"},
    {"torque", "`0.5 N*m`"},
    {"money", "a currency of ISO 4217: `3.20 USD`"},
    {"money/time", "`24 USD/h`"},
    {"money/mass", "`22 USD/kg`"},
    {"money/energy", "`0.18 USD/kWh`"},
    {"mass/volume", "`1.24 g/cm^3`"},
    {"ratio", "in percent: `4%`; a bare 0.04 is `unit_mismatch`"},
    {"count", "a whole number: `12`"},
    {"number", "a number without a unit: `1.0`"},
    {"size",
     "a nominal and its limits: `30 mm +/- 0.3 mm`, `20 mm + 0 mm - 0.021 mm`, `4.2 mm within "
     "4.1 mm .. 4.5 mm`, `at most 0.02 mm`; an angle; a scale: `40 .. 44 \"HRC\"`"},
    {"text", "`\"...\"`, or `\"\"\"...\"\"\"` over several lines; `{name}` in it is the value"},
    {"file", "a text: the path of a file, from where the spec stands"},
    {"date", "`2027-02-15`"},
    {"new", "a new name, for what this line declares"},
    {"name", "a name that need not be declared"},
    {"word", "a word: for `group`, `label` and `void_on` any field or kind name, an axis, an "
             "`asks`, or qr, "
             "title, order, customer, due, date, quantity, serial"},
    {"axis", "a name for an axis of variants"},
    {"case", "a case of a variant: a name, a number or a text"},
    {"basis", "`unit`, a part's name, `plate`, `batch`, `order`, `sample`, `run`"},
    {"currency", "`USD`"},
    {"unit", "a unit by itself: `degC`"},
    {"rule", "a [rule](#rules) marked **allow**"},
    {"station, role, process, machine, material, item, defect, standard, part, product, step",
     "the name of one that is declared"},
    {"dimensions added and subtracted", "`hook.bore - pin.diameter`"},
    {"kind", "a kind of block: `item` in `disclose item.cost`"},
    {"field", "a field of it"},
    {"dimension", "a `dimension` of the part: `check body.bore`"},
};

static bool is_known_type(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (const char *at = types[i].name; *at;) {
            size_t part = strcspn(at, ",");
            if (part == length && strncmp(at, name, length) == 0)
                return true;
            at += part + strspn(at + part, ", ");
        }
    return false;
}

/* A phrase may not speak of a type that this page does not explain. */
static void demand_types(const char *phrase)
{
    for (const char *at = phrase; (at = strchr(at, '<'));) {
        at++;
        while (*at != '>') {
            size_t length = strcspn(at, "|>");
            if (!is_known_type(at, length)) {
                fprintf(stderr, "make_reference.c: say what <%.*s> is\n", (int)length, at);
                exit(1);
            }
            at += length + (at[length] == '|');
        }
    }
}

static void print_types(void)
{
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++)
            demand_types(field_phrase(&kind_rows[kind].fields[i]));
    puts("## Types\n\n| type | is written |\n|---|---|");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        printf("| `%s` | %s |\n", types[i].name, types[i].meaning);
    putchar('\n');
}

static struct unit unit_of(const char *name)
{
    struct unit unit;
    size_t begin, end;
    if (!unit_parse(name, strlen(name), rational_integer(8 * 3600), &unit, &begin, &end))
        exit(1);
    return unit;
}

/* In how many of the dimension's first unit one of this is; a temperature has a zero of its own. */
static void print_unit(const char *name, const char *first)
{
    struct unit unit = unit_of(name), base = unit_of(first);
    struct buffer text = {0};
    printf("`%s`", name);
    if (unit.absolute || unit.percent || strcmp(name, first) == 0)
        return;
    rational_print_short(&text, rational_divide(unit.scale, base.scale), 9);
    printf(" = %s %s", buffer_text(&text), first);
    buffer_free(&text);
}

static void print_units(void)
{
    static const char *const what[][2] = {{"length", "mm"},
                                          {"volume", "ml"},
                                          {"mass", "g"},
                                          {"time", "s"},
                                          {"temperature", "K"},
                                          {"angle", "deg"},
                                          {"power", "W"},
                                          {"energy", "Wh"},
                                          {"force", "N"},
                                          {"pressure", "bar"},
                                          {"speed of rotation", "rpm"},
                                          {"ratio", "%"}};
    puts("## Units\n\n"
         "Directly after a number: `3 mm`, `22 USD/kg`, `0.5 N*m`, `1 h 5 min`. Powers, products "
         "and quotients are written\n"
         "`mm^2`, `N*m`, `g/cm^3`. Money is any code of ISO 4217. Arithmetic is exact.\n\n"
         "| | units |\n|---|---|");
    for (size_t d = 0; d < sizeof what / sizeof *what; d++) {
        struct dimension dimension = unit_of(what[d][1]).dimension;
        printf("| %s | `%s`", what[d][0], what[d][1]);
        for (int i = 0; unit_name_at(i); i++)
            if (strcmp(unit_name_at(i), what[d][1]) &&
                dimension_equal(unit_of(unit_name_at(i)).dimension, dimension)) {
                fputs(", ", stdout);
                print_unit(unit_name_at(i), what[d][1]);
            }
        puts(" |");
    }
    puts("\nA workday is a fifth of the shop's `week`; without one it is 8 h.\n");
}

static void print_rules(void)
{
    const char *family = "";
    puts("## Rules\n\n"
         "`flowc explain RULE` shows the page of one. With **allow** it can be turned off where it "
         "stands:\n"
         "`allow RULE \"reason\"` in a step, a part or a product.\n\n"
         "| family | rule | | | reported is |\n|---|---|---|---|---|");
    for (int i = 0; i < RULE_COUNT; i++) {
        const struct rule_row *row = &rule_rows[i];
        printf("| %s | [`%s`](rules/%s.md) | %s | %s | ",
               strcmp(row->family, family) ? row->family : "", row->name, row->name,
               row->severity == SEVERITY_ERROR ? "error" : "warning",
               row->allowable ? "**allow**" : "");
        print_cell(row->summary);
        puts(" |");
        family = row->family;
    }
}

int main(int argc, char **argv)
{
    char *text;
    size_t length;
    struct failure failure;
    if (argc != 2 || file_read(argv[1], 1 << 20, &text, &length, &failure) != FILE_OK) {
        fputs("usage: make_reference docs/reference.flow\n", stderr);
        return 2;
    }
    examples = text;
    fputs(head, stdout);
    print_kinds();
    print_steps();
    print_types();
    print_units();
    print_rules();
    free(text);
    return ferror(stdout) || fflush(stdout) ? 3 : 0;
}
