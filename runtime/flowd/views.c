#include "flowd/views.h"

#include "cost/grid.h"

#include <stdlib.h>
#include <string.h>

int print_json(json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2));
    struct buffer out = {0};
    buffer_addf(&out, "%s\n", text);
    bool written = print_out(&out);
    buffer_free(&out);
    free(text);
    json_decref(value);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int print_grid(const struct grid *grid, const char *if_empty)
{
    struct buffer out = {0};
    if (grid->row_count > 1)
        grid_print(&out, grid, color_wanted(false));
    else
        buffer_addf(&out, "%s\n", if_empty);
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* ---- order ---- */

/* Each thing of a table begins with its name. */
static int by_name(const void *a, const void *b)
{
    return strverscmp(**(const char *const *const *)a, **(const char *const *const *)b);
}

void **in_order(const struct table *table, struct arena *arena, int *count)
{
    void **things = ARENA_ARRAY(arena, void *, table->count + 1);
    *count = table->count;
    if (table->count) {
        memcpy(things, table->things, sizeof *things * (size_t)table->count);
        qsort(things, (size_t)table->count, sizeof *things, by_name);
    }
    return things;
}

/* ---- batches ---- */

const char *batch_word(const struct batch *batch)
{
    return batch->cancelled ? "cancelled"
           : batch->closed  ? "closed"
           : batch->started ? "running"
                            : "filling";
}

static const struct {
    int32_t place;
    const char *word;
} places[] = {{PLACE_WAITING, "waiting"},
              {PLACE_QUARANTINE, "quarantine"},
              {PLACE_SCRAP, "scrap"},
              {PLACE_DONE, "done"}};
enum { PLACE_COUNT = sizeof places / sizeof *places };

static int32_t units_in(const struct batch *batch, int32_t place)
{
    int32_t count = 0;
    for (int32_t i = 0; i < batch->unit_count; i++)
        count += batch->units[i].at == place;
    return count;
}

/* Calls `visit` for each place with units, in the order of the work. */
static void visit_places(const struct batch *batch, void (*visit)(const char *, int32_t, void *),
                         void *data)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (units_at(batch, i))
            visit(workflow->steps[i]->base.name, units_at(batch, i), data);
    for (int i = 0; i < PLACE_COUNT; i++)
        if (units_in(batch, places[i].place))
            visit(places[i].word, units_in(batch, places[i].place), data);
}

static void add_place_text(const char *place, int32_t count, void *data)
{
    struct buffer *text = data;
    buffer_addf(text, "%s%s %d", text->length ? ", " : "", place, count);
}

static void add_place_json(const char *place, int32_t count, void *data)
{
    json_object_set_new(data, place, json_integer(count));
}

const char *where_units_are(const struct batch *batch, struct arena *arena)
{
    struct buffer text = {0};
    visit_places(batch, add_place_text, &text);
    const char *copy = arena_copy_text(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

static json_t *batch_json(const struct batch *batch)
{
    json_t *at = json_object();
    visit_places(batch, add_place_json, at);
    return json_pack("{ss ss ss ss ss ss si so}", "batch", batch->name, "product",
                     batch->product->name, "revision", batch->revision->number, "snapshot",
                     batch->revision->snapshot, "purpose",
                     batch->purpose == PURPOSE_SAMPLE ? "sample" : "production", "state",
                     batch_word(batch), "units", (int)batch->unit_count, "at", at);
}

static void batch_row(struct grid *grid, const struct batch *batch)
{
    grid_row(grid, false);
    grid_cell(grid, batch->name);
    grid_cell(grid, batch->product->name);
    grid_cell(grid, batch->revision->number);
    grid_cell(grid, batch->purpose == PURPOSE_SAMPLE ? "sample" : "production");
    grid_cell(grid, batch_word(batch));
    grid_cell(grid, arena_printf(grid->arena, "%d", (int)batch->unit_count));
    grid_cell(grid, where_units_are(batch, grid->arena));
}

static void heading(struct grid *grid, const char *const *words)
{
    grid_row(grid, false);
    for (; *words; words++)
        grid_cell(grid, *words);
}

int list_batches(struct desk *desk, int count, char **arguments)
{
    static const char *const words[] = {"batch", "product", "rev.", "for",
                                        "state", "units",   "at",   NULL};
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~GRID_LEFT(5)};
    if (count)
        return usage_error(verb_find("batch"), "`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    void **batches = in_order(&shop_state(desk->shop)->batches, &arena, &count);
    json_t *list = json_array();
    heading(&grid, words);
    for (int i = 0; i < count; i++) {
        batch_row(&grid, batches[i]);
        json_array_append_new(list, batch_json(batches[i]));
    }
    int status = desk->json ? print_json(list) : print_grid(&grid, "no batch was opened yet");
    if (!desk->json)
        json_decref(list);
    arena_free(&arena);
    return status;
}

/* ---- one batch ---- */

static json_t *step_json(const struct batch *batch, int index)
{
    const struct batch_step *step = &batch->steps[index];
    json_t *lots = json_array(), *parameters = json_object();
    for (const struct lot_use *use = step->lots; use; use = use->next)
        json_array_append_new(lots,
                              json_pack("{ss ss}", "lot", use->lot->name, "what", use->lot->what));
    for (const struct parameter_value *row = step->parameters; row; row = row->next)
        json_object_set_new(parameters, row->name, json_string(row->value));
    return json_pack("{ss sb si so so}", "step",
                     batch->revision->made->workflow->steps[index]->base.name, "begun",
                     (int)(step->runs > 0), "units", units_at(batch, index), "lots", lots,
                     "parameters", parameters);
}

static json_t *whole_batch_json(const struct batch *batch, struct arena *arena)
{
    json_t *value = batch_json(batch), *steps = json_array(), *units = json_array();
    for (int i = 0; i < batch->revision->made->workflow->step_count; i++)
        json_array_append_new(steps, step_json(batch, i));
    for (int i = 0; i < batch->unit_count; i++) {
        const struct piece *piece = &batch->units[i];
        const char *at = NULL;
        struct sku sku;
        for (int k = 0; k < PLACE_COUNT; k++)
            if (places[k].place == piece->at)
                at = places[k].word;
        if (!at)
            at = batch->revision->made->workflow->steps[piece->at]->base.name;
        sku_at(batch->revision->made, piece->sku, &sku);
        json_array_append_new(units, json_pack("{si ss ss ss* ss* sb}", "unit", i + 1, "sku",
                                               sku_code(batch->revision->spec, &sku, arena), "at",
                                               at, "order", piece->line ? piece->line->order : NULL,
                                               "line", piece->line ? piece->line->line : NULL,
                                               "defective", (int)unit_is_defective(batch, i + 1)));
    }
    json_object_set_new(value, "steps", steps);
    json_object_set_new(value, "each", units);
    return value;
}

static void step_row(struct grid *grid, const struct batch *batch, int index)
{
    const struct batch_step *step = &batch->steps[index];
    struct buffer lots = {0};
    for (const struct lot_use *use = step->lots; use; use = use->next)
        buffer_addf(&lots, "%s%s", lots.length ? ", " : "", use->lot->name);
    grid_row(grid, false);
    grid_cell(grid, batch->revision->made->workflow->steps[index]->base.name);
    grid_cell(grid, units_at(batch, index)
                        ? arena_printf(grid->arena, "%d", (int)units_at(batch, index))
                        : "");
    grid_cell(grid, step->runs ? "begun" : "");
    grid_cell(grid, step->machine);
    grid_cell(grid, arena_copy_text(grid->arena, buffer_text(&lots), lots.length));
    buffer_free(&lots);
}

static int say_batch(const struct batch *batch, struct arena *arena)
{
    static const char *const words[] = {"step", "units", "", "machine", "lots", NULL};
    struct grid grid = {.arena = arena, .left = ~GRID_LEFT(1)};
    struct buffer title = {0};
    buffer_addf(&title, "%s  %s rev. %s, %s, %d units: %s\n\n", batch->name, batch->product->name,
                batch->revision->number, batch_word(batch), (int)batch->unit_count,
                where_units_are(batch, arena));
    heading(&grid, words);
    for (int i = 0; i < batch->revision->made->workflow->step_count; i++)
        step_row(&grid, batch, i);
    int status = print_out(&title) ? print_grid(&grid, "") : EXIT_ENVIRONMENT;
    buffer_free(&title);
    return status;
}

int show_batch(struct desk *desk, int count, char **arguments)
{
    struct arena arena = {0};
    if (count != 1)
        return usage_error(verb_find("batch"), "which batch?");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    const struct batch *batch =
        state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (!batch) {
        complain("there is no batch %s; `flowd batch list` shows them", arguments[0]);
        return EXIT_FINDINGS;
    }
    int status =
        desk->json ? print_json(whole_batch_json(batch, &arena)) : say_batch(batch, &arena);
    arena_free(&arena);
    return status;
}

/* ---- lots, products ---- */

int list_lots(struct desk *desk, int count, char **arguments)
{
    static const char *const words[] = {"lot", "of", "", NULL};
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    if (count)
        return usage_error(verb_find("lot"), "`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    void **lots = in_order(&shop_state(desk->shop)->lots, &arena, &count);
    json_t *list = json_array();
    heading(&grid, words);
    for (int i = 0; i < count; i++) {
        const struct lot *lot = lots[i];
        grid_row(&grid, false);
        grid_cell(&grid, lot->name);
        grid_cell(&grid, lot->what);
        grid_cell(&grid, lot->held ? "on hold" : "");
        json_array_append_new(list, json_pack("{ss ss sb}", "lot", lot->name, "what", lot->what,
                                              "held", (int)lot->held));
    }
    int status = desk->json ? print_json(list) : print_grid(&grid, "no lot came in yet");
    if (!desk->json)
        json_decref(list);
    arena_free(&arena);
    return status;
}

int list_products(struct desk *desk, int count, char **arguments)
{
    static const char *const words[] = {"product", "rev.",     "fingerprint",
                                        "release", "produced", NULL};
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~GRID_LEFT(4)};
    if (count)
        return usage_error(verb_find("product"), "`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    void **products = in_order(&shop_state(desk->shop)->products, &arena, &count);
    json_t *list = json_array();
    heading(&grid, words);
    for (int i = 0; i < count; i++) {
        const struct product_state *product = products[i];
        const char *released =
            product_is_released(product, product->current) ? "released" : "waits for approval";
        grid_row(&grid, false);
        grid_cell(&grid, product->name);
        grid_cell(&grid, product->current->number);
        grid_cell(&grid, arena_printf(&arena, "%.12s", product->current->fingerprint));
        grid_cell(&grid, released);
        grid_cell(&grid, arena_printf(&arena, "%lld", (long long)product->produced));
        json_array_append_new(list, json_pack("{ss ss ss ss sb sI}", "product", product->name,
                                              "revision", product->current->number, "snapshot",
                                              product->current->snapshot, "fingerprint",
                                              product->current->fingerprint, "released",
                                              (int)product_is_released(product, product->current),
                                              "produced", (json_int_t)product->produced));
    }
    int status = desk->json ? print_json(list)
                            : print_grid(&grid, "no spec is adopted yet: flowd adopt SPEC");
    if (!desk->json)
        json_decref(list);
    arena_free(&arena);
    return status;
}

int list_people(struct desk *desk, int count, char **arguments)
{
    static const char *const words[] = {"person", "roles", "", NULL};
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    if (count)
        return usage_error(verb_find("people"), "`list` takes nothing, not `%s`", arguments[0]);
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    void **people = in_order(&shop_state(desk->shop)->persons, &arena, &count);
    json_t *list = json_array();
    heading(&grid, words);
    for (int i = 0; i < count; i++) {
        const struct person *person = people[i];
        grid_row(&grid, false);
        grid_cell(&grid, person->name);
        grid_cell(&grid, person->roles);
        grid_cell(&grid, person->dismissed ? "dismissed" : "");
        json_array_append_new(list, json_pack("{ss ss sb}", "person", person->name, "roles",
                                              person->roles, "dismissed", (int)person->dismissed));
    }
    int status = desk->json ? print_json(list) : print_grid(&grid, "nobody works here");
    if (!desk->json)
        json_decref(list);
    arena_free(&arena);
    return status;
}
