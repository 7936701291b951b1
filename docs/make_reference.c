/* Writes docs/reference.md to standard output, from the tables that the compiler itself reads: kinds.def, rules.def and
   the units. tests/check_reference.sh holds that the page is what this writes. */
#include "schema/rules.h"
#include "schema/schema.h"
#include "schema/units.h"
#include "source/diagnostic.h"

#include <stdio.h>
#include <string.h>

static const char head[] =
    "# Reference\n"
    "\n"
    "Every kind of block, every field, every unit and every rule of edition 1. This page is "
    "written by\n"
    "`docs/make_reference.c` from the tables that `flowc` itself reads; `docs/tutorial.md` is "
    "where to begin.\n"
    "\n"
    "How to read a phrase: `<type>` is a value of that type, `[optional]` may be left out, of "
    "`a|b` one is written, and\n"
    "`,...` is a list. `<new>` gives something its name. Where a value is asked, an expression "
    "over `let` and other fields\n"
    "(`box.cost`, `2 * 3 mm`) and `by AXIS: case -> value, ...` do as well.\n"
    "\n"
    "**!** must be said. **+** may stand more than once. **int** is internal: it never leaves the "
    "shop; a packet that\n"
    "would print it, or a number reckoned from it, is an error (`internal_leak`).\n"
    "\n"
    "Every kind may say `like NAME`: it takes the fields of another of its kind, and says what "
    "differs.\n";

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
    return kind_is_step(field->kind) && field_find(KIND_finish, field->name);
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
            puts("| field | phrase | | |\n|---|---|---|---|");
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
    puts("### do\n\nA line of work, in a step or a standard: `do \"text\" { fields }`.\n");
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

static void print_units(void)
{
    puts("## Units\n\n"
         "Directly after a number: `3 mm`, `22 USD/kg`, `0.5 N*m`, `1 h 5 min`. Powers, products "
         "and quotients are written\n"
         "`mm^2`, `N*m`, `g/cm^3`. Money is any code of ISO 4217.\n");
    for (int i = 0; unit_name_at(i); i++)
        printf("%s`%s`", i ? ", " : "", unit_name_at(i));
    puts(".\n");
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

int main(void)
{
    fputs(head, stdout);
    print_kinds();
    print_steps();
    print_units();
    print_rules();
    return ferror(stdout) || fflush(stdout) ? 3 : 0;
}
