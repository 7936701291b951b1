/* Any bytes as an order file: every command that the import gives is one that the engine takes, the same file once more gives
   none, and what was read can be written and read again. */
#include "harness.h"

#include "base/file.h"
#include "base/sink.h"
#include "engine/decide.h"
#include "orders/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char spec_text[] =
    "edition 1\n"
    "shop s \"S\" { currency USD }\n"
    "station bench \"B\" { rate 30 USD/h }\n"
    "item blank \"Blank\" { cost 2 USD }\n"
    "product plate \"Plate\" {\n"
    "  number \"NP\"; revision 1\n"
    "  variant hole none, two\n"
    "  asks first_line \"First\" at most 5 characters\n"
    "  asks second_line \"Second\"\n"
    "  contains blank x 1\n"
    "}\n"
    "workflow plate { finish engrave \"E\" { at bench; time 2 min; consume blank x 1; do \"E\" } "
    "}\n"
    "product ring \"Ring\" { number \"AR-12\"; revision 1; asks initials; contains blank x 1 }\n"
    "workflow ring { finish polish \"P\" { at bench; time 2 min; consume blank x 1; do \"P\" } }\n";

enum { PRODUCTS = 2 };

/* The spec is compiled once, the state made anew for each input. */
static struct {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct spec *spec;
    struct revision revisions[PRODUCTS];
} made;

static void compile(void)
{
    struct failure failure;
    const char *folder = getenv("FUZZ_FOLDER");
    char path[4096];
    require(folder && snprintf(path, sizeof path, "%s/orders.flow", folder) < (int)sizeof path);
    require(file_write(path, spec_text, sizeof spec_text - 1, &failure));
    interner_open(&made.names, &made.arena);
    source_set_open(&made.sources, &made.arena);
    made.diagnostics.arena = &made.arena;
    made.spec =
        spec_load(path, &made.arena, &made.names, &made.sources, &made.diagnostics, &failure);
    require(made.spec && made.diagnostics.errors == 0 && made.spec->product_count == PRODUCTS);
    for (int i = 0; i < PRODUCTS; i++) {
        const struct product *product = made.spec->products[i];
        made.revisions[i] = (struct revision){
            .snapshot = product->base.name,
            .product = product->base.name,
            .number = "1",
            .fingerprint = product->base.name,
            .spec = made.spec,
            .made = product,
            .graphs = ARENA_ARRAY(&made.arena, struct graph *, product->sku_count)};
    }
}

static const struct revision *find_made(const char *snapshot, const char *product, void *data)
{
    (void)product;
    (void)data;
    for (int i = 0; i < PRODUCTS; i++)
        if (strcmp(made.revisions[i].snapshot, snapshot) == 0)
            return &made.revisions[i];
    return NULL;
}

static void shop_does(struct state *state, const struct message *asked, struct arena *arena)
{
    struct message command = *asked;
    struct decision decision;
    command.by = intern_text(&state->names, "anna");
    for (int i = 0; i < message_rows[command.kind].field_count; i++)
        if (!message_rows[command.kind].fields[i].whole)
            command.cells[i].text = intern_text(&state->names, command.cells[i].text);
    decide(state, &command, arena, &decision);
    if (!decision.accepted)
        fprintf(stderr, "%s\n", decision.refusal);
    require(decision.accepted);
    for (int i = 0; i < decision.count; i++)
        apply(state, &decision.events[i], 1795000000000);
}

static void prepare(struct state *state, struct arena *arena)
{
    struct message admit = {.kind = COMMAND_admit_person}, adopt = {.kind = COMMAND_adopt_spec};
    state_open(state, find_made, NULL);
    for (int i = 0; i < PRODUCTS; i++) /* names are interned in the state's */
        made.revisions[i].product = intern_text(&state->names, made.revisions[i].made->base.name);
    admit.admit_person = (struct admit_person){"anna", "admin"};
    shop_does(state, &admit, arena);
    for (int i = 0; i < PRODUCTS; i++) {
        adopt.adopt_spec =
            (struct adopt_spec){made.revisions[i].product, made.revisions[i].snapshot};
        shop_does(state, &adopt, arena);
    }
}

/* Nothing that is kept moves the cursor of a terminal; what a customer gave may have several lines. */
static void check_texts(const struct message *command)
{
    const struct message_row *row = &message_rows[command->kind];
    for (int i = 0; i < row->field_count; i++)
        for (const char *c = row->fields[i].whole ? "" : command->cells[i].text; *c; c++)
            require((unsigned char)*c >= ' ' ||
                    (*c == '\n' && command->kind == COMMAND_answer_ask));
}

static int import_once(struct state *state, const char *text, size_t length, struct arena *arena)
{
    static const struct import_options none;
    struct import_result result;
    struct buffer said = {0};
    int lines = 0;

    orders_import(state, text, length, &none, arena, &result);
    for (int i = 0; i < result.command_count; i++) {
        lines += result.commands[i].kind == COMMAND_take_line;
        check_texts(&result.commands[i]);
        shop_does(state, &result.commands[i], arena);
    }
    require(lines == result.taken && result.held <= result.taken);
    findings_print(&said, &result.findings, "f", 10000);
    import_write(&said, &result);
    buffer_free(&said);
    return result.command_count;
}

/* Every row that can be read, written and read again, is the same. */
static void write_and_read(const char *text, size_t length)
{
    struct csv first, second;
    struct buffer out = {0};
    struct csv_writer writer = {.out = &out};

    csv_open(&first, text, length);
    while (csv_next(&first) == CSV_ROW) {
        buffer_clear(&out);
        csv_write(&writer, "x"); /* so that the comma is what parts it */
        for (int i = 0; i < first.count; i++)
            csv_write(&writer, first.cells[i].text);
        for (int i = 0; i < first.count + 2; i++) /* more than there may be of others in them */
            csv_write(&writer, "");
        csv_end_row(&writer);
        csv_open(&second, out.text, out.length);
        if (second.separator == ',' && first.count < CSV_COLUMNS_AT_MOST / 2 - 2) {
            require(csv_next(&second) == CSV_ROW);
            for (int i = 0; i < first.count; i++)
                require(strcmp(csv_unguarded(second.cells[i + 1].text), first.cells[i].text) == 0);
        }
        csv_close(&second);
    }
    csv_close(&first);
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena arena = {0};
    struct state state;

    if (!made.spec)
        compile();
    prepare(&state, &arena);
    import_once(&state, (const char *)bytes, length, &arena);
    require(import_once(&state, (const char *)bytes, length, &arena) == 0);
    write_and_read((const char *)bytes, length);
    state_close(&state);
    arena_free(&arena);
    return 0;
}
