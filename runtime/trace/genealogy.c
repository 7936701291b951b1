/* The model: opening, looking up, and what an event is kept as. genealogy_apply.c says what each event changes. */
#include "trace/genealogy_private.h"

#include <stdlib.h>
#include <string.h>

const char *const thing_kind_names[THING_KINDS] = {"batch",    "lot",    "order",    "machine",
                                                   "operator", "parcel", "customer", "product"};

/* ---- where fields go ---- */

/* Those that struct fact has itself, and those that say whose trail it belongs to. A name that is a field of one event and
   means another thing there is no matter: `what` of a lot is a cell like any other. */
static struct fact_plan plan_of(const struct message_row *row)
{
    struct fact_plan plan = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, {0}};
    const struct {
        const char *name;
        int8_t *place;
    } own[] = {{"batch", &plan.batch}, {"step", &plan.step},    {"first", &plan.first},
               {"unit", &plan.first},  {"count", &plan.count},  {"within", &plan.good},
               {"good", &plan.good},   {"accepted", &plan.good}},
      owners[] = {{"lot", &plan.lot},         {"order", &plan.order},   {"parcel", &plan.parcel},
                  {"product", &plan.product}, {"person", &plan.person}, {"issue", &plan.issue},
                  {"reason", &plan.reason}};

    for (int8_t i = 0; i < row->field_count; i++) {
        size_t at = 0;
        while (at < sizeof own / sizeof *own && strcmp(own[at].name, row->fields[i].name) != 0)
            at++;
        if (at < sizeof own / sizeof *own) {
            *own[at].place = i;
            continue;
        }
        plan.cells[plan.cell_count++] = i;
        for (at = 0; at < sizeof owners / sizeof *owners; at++)
            if (strcmp(owners[at].name, row->fields[i].name) == 0)
                *owners[at].place = i;
    }
    return plan;
}

int fact_cell_count(const struct fact *fact)
{
    return plan_of(&message_rows[fact->kind]).cell_count;
}

const struct message_field *fact_cell_field(const struct fact *fact, int cell)
{
    const struct message_row *row = &message_rows[fact->kind];
    return &row->fields[plan_of(row).cells[cell]];
}

static const union message_cell *cell_named(const struct fact *fact, const char *name, bool whole)
{
    const struct message_row *row = &message_rows[fact->kind];
    struct fact_plan plan = plan_of(row);
    for (int i = 0; i < plan.cell_count; i++)
        if (row->fields[plan.cells[i]].whole == whole &&
            strcmp(row->fields[plan.cells[i]].name, name) == 0)
            return &fact->cells[i];
    return NULL;
}

const char *fact_text(const struct fact *fact, const char *name)
{
    const union message_cell *cell = cell_named(fact, name, false);
    return cell ? cell->text : "";
}

int64_t fact_whole(const struct fact *fact, const char *name)
{
    const union message_cell *cell = cell_named(fact, name, true);
    return cell ? cell->whole : 0;
}

/* ---- opening ---- */

void genealogy_open(struct genealogy *model, const struct interner *names)
{
    *model = (struct genealogy){.names = names};
    for (int i = 0; i < MESSAGE_COUNT; i++)
        model->plans[i] = plan_of(&message_rows[i]);
}

static void close_batch(struct batch_trace *batch)
{
    free(batch->units);
    free(batch->uses);
    free(batch->departures);
    for (struct work_place *place = batch->places; place; place = place->next)
        free(place->now);
}

void genealogy_close(struct genealogy *model)
{
    for (int kind = 0; kind < THING_KINDS; kind++) {
        for (int32_t i = 0; i < model->things[kind].count; i++) {
            struct thing *thing = model->things[kind].all[i];
            free(thing->trail.facts);
            free(thing->batches);
            if (kind == THING_BATCH)
                close_batch((struct batch_trace *)thing);
        }
        free(model->things[kind].all);
    }
    map_free(&model->by_name);
    map_free(&model->lines);
    map_free(&model->links);
    map_free(&model->issues);
    arena_free(&model->arena);
    *model = (struct genealogy){0};
}

/* ---- looking up ---- */

static const char *known(const struct genealogy *model, const char *name)
{
    return intern_find(model->names, name, strlen(name));
}

struct thing *genealogy_find(const struct genealogy *model, enum thing_kind kind, const char *name)
{
    const char *interned = known(model, name);
    return interned ? map_get(&model->by_name, thing_kind_names[kind], interned) : NULL;
}

struct batch_trace *genealogy_batch(const struct genealogy *model, const char *name)
{
    return (struct batch_trace *)genealogy_find(model, THING_BATCH, name);
}

struct line_trace *genealogy_line(const struct genealogy *model, const char *order,
                                  const char *line)
{
    const char *first = known(model, order), *second = known(model, line);
    return first && second ? map_get(&model->lines, first, second) : NULL;
}

const struct edition *genealogy_edition(const struct genealogy *model, const char *product,
                                        const char *snapshot)
{
    const struct edition *edition = model->editions;
    while (edition &&
           (strcmp(edition->product, product) != 0 || strcmp(edition->snapshot, snapshot) != 0))
        edition = edition->next;
    return edition;
}

const char *unit_customer(const struct unit_trace *unit)
{
    if (!unit->line)
        return "";
    return *unit->line->order->customer ? unit->line->order->customer : unit->line->customer;
}

bool unit_is_shipped(const struct unit_trace *unit)
{
    return unit->parcel && unit->parcel->shipped_ms;
}
