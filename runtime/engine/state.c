#include "engine/state.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void state_open(struct state *state, find_revision *find, void *data)
{
    *state = (struct state){.find_revision = find, .find_data = data};
    interner_open(&state->names, &state->arena);
}

static void free_batch(struct batch *batch)
{
    free(batch->units);
    free(batch->findings);
    free(batch->visited);
    for (struct lot_share *share = batch->shares; share; share = share->next_of_batch)
        free(share->units);
}

void state_forget(struct state *state)
{
    struct table *const tables[] = {&state->persons, &state->tokens,   &state->products,
                                    &state->lots,    &state->orders,   &state->lines,
                                    &state->batches, &state->parcels,  &state->issues,
                                    &state->jobs,    &state->printers, &state->shipped};
    for (int i = 0; i < state->batches.count; i++)
        free_batch(state->batches.things[i]);
    for (int i = 0; i < state->parcels.count; i++)
        free(((struct parcel *)state->parcels.things[i])->units);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        table_free(tables[i]);
    map_free(&state->skus);
    state->open_lines = state->open_batches = state->open_jobs = (struct chain){0};
}

void state_close(struct state *state)
{
    state_forget(state);
    interner_close(&state->names);
    arena_free(&state->arena);
}

/* ---- by name ---- */

#define LOOKUP(type, thing, things)                                                                \
    struct type *state_##thing(const struct state *state, const char *name)                        \
    {                                                                                              \
        return table_get(&state->things, name, NULL);                                              \
    }
LOOKUP(person, person, persons)
LOOKUP(token, token, tokens)
LOOKUP(product_state, product, products)
LOOKUP(lot, lot, lots)
LOOKUP(order, order, orders)
LOOKUP(batch, batch, batches)
LOOKUP(parcel, parcel, parcels)
LOOKUP(issue, issue, issues)
LOOKUP(job, job, jobs)
LOOKUP(printer, printer, printers)

struct order_line *state_line(const struct state *state, const char *order, const char *line)
{
    return table_get(&state->lines, order, line);
}

const struct proven_lane *state_lanes(const struct state *state, const char *product,
                                      const char *sku)
{
    const struct shipped_sku *shipped = table_get(&state->shipped, product, sku);
    return shipped ? shipped->lanes : NULL;
}

/* ---- people ---- */

bool words_have(const char *words, const char *word, size_t length)
{
    for (const char *at = words; *at;) {
        size_t own = strcspn(at, ",");
        if (own == length && memcmp(at, word, length) == 0)
            return true;
        at += own + (at[own] == ',');
    }
    return false;
}

bool person_has_role(const struct person *person, const char *roles)
{
    bool has = person->administrates;
    for (const char *at = roles; *at && !has;) {
        size_t length = strcspn(at, ",");
        has = words_have(person->roles, at, length);
        at += length + (at[length] == ',');
    }
    return has;
}

/* ---- orders ---- */

int64_t line_owed(const struct order_line *line)
{
    return line->count - line->cancelled - line->shipped;
}

int64_t line_unmade(const struct order_line *line)
{
    int64_t wanted = line->count - line->cancelled - line->in_batches;
    return wanted > 0 ? wanted : 0;
}

/* ---- batches ---- */

int batch_step_index(const struct batch *batch, const char *name)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, name) == 0)
            return i;
    return -1;
}

enum outcome outcome_named(const char *name)
{
    int outcome = 0;
    while (outcome < OUTCOME_COUNT && strcmp(outcome_names[outcome], name) != 0)
        outcome++;
    return (enum outcome)outcome;
}

bool outcome_is_good(enum outcome outcome)
{
    return outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;
}

const struct graph *revision_graph(const struct revision *revision, int32_t sku)
{
    if (!revision->graphs[sku]) {
        struct sku *one = ARENA_NEW(revision->spec->arena, struct sku);
        sku_at(revision->made, sku, one);
        revision->graphs[sku] = graph_build(revision->made->workflow, one, revision->spec->arena);
    }
    return revision->graphs[sku];
}

int32_t units_at(const struct batch *batch, int32_t place)
{
    int32_t count = 0;
    if (place >= 0)
        return batch->steps[place].standing;
    for (int32_t i = 0; i < batch->unit_count; i++)
        count += batch->units[i].at == place;
    return count;
}

bool unit_was_at(const struct batch *batch, int64_t number, int step)
{
    int words = (batch->revision->made->workflow->step_count + 63) / 64;
    return batch->visited && batch->visited[(number - 1) * words + step / 64] >> step % 64 & 1;
}

struct finding *unit_finding(const struct batch *batch, int64_t number, int step)
{
    int32_t slot = batch->steps[step].slot;
    return slot < 0 || !batch->findings ? NULL
                                        : &batch->findings[(number - 1) * batch->slot_count + slot];
}

bool unit_is_defective(const struct batch *batch, int64_t number)
{
    const struct finding *findings =
        batch->findings ? &batch->findings[(number - 1) * batch->slot_count] : NULL;
    for (int i = 0; findings && i < batch->slot_count; i++)
        if (findings[i].bad)
            return true;
    return false;
}

bool unit_is_untouched(const struct batch *batch, int64_t number)
{
    const struct piece *unit = &batch->units[number - 1];
    const struct workflow *workflow = batch->revision->made->workflow;
    if (unit->at == PLACE_WAITING)
        return true;
    if (unit->at < 0 || unit->passed || unit->finished || unit->parcel)
        return false;
    const struct finding *finding = unit_finding(batch, number, unit->at);
    for (int s = 0; s < workflow->step_count; s++)
        if (s != unit->at && unit_was_at(batch, number, s) &&
            (workflow->steps[s]->base.kind != KIND_batch || batch->steps[s].slot >= 0))
            return false;
    for (const struct lot_share *share = batch->shares; share; share = share->next_of_batch)
        if (share_has(share, number))
            return false;
    return !finding || (!finding->judged && !finding->alone);
}

int unit_passed(const struct batch *batch, int64_t number, const struct step *step,
                enum outcome outcome)
{
    const uint16_t *passed = batch->units[number - 1].passed;
    return passed ? passed[step->index * ROUTE_PLACES + (int)ROUTE_PLACE(outcome)] : 0;
}

static void know_skus(struct state *state, const struct revision *revision)
{
    struct arena arena = {0};
    for (long i = revision->made->sku_count;
         i-- > 0;) { /* of two that are alike the first counts */
        struct sku sku;
        sku_at(revision->made, i, &sku);
        const char *code = sku_code(revision->spec, &sku, &arena);
        map_put(&state->skus, revision, intern_text(&state->names, code),
                (void *)(uintptr_t)(i + 1));
        arena_clear(&arena);
    }
    arena_free(&arena);
    map_put(&state->skus, revision, revision, state);
}

bool state_sku(const struct state *state, const struct revision *revision, const char *code,
               struct sku *sku)
{
    if (!map_get(&state->skus, revision, revision))
        know_skus((struct state *)(uintptr_t)state, revision);
    uintptr_t index = (uintptr_t)map_get(&state->skus, revision, code);
    if (index)
        sku_at(revision->made, (long)index - 1, sku);
    return index != 0;
}

/* ---- lots ---- */

bool share_has(const struct lot_share *share, int64_t number)
{
    return share->units[(number - 1) / 8] >> (number - 1) % 8 & 1;
}

struct lot_share *batch_share(const struct batch *batch, const struct lot *lot)
{
    struct lot_share *share = batch->shares;
    while (share && share->lot != lot)
        share = share->next_of_batch;
    return share;
}

bool lot_use_counts(const struct lot_use *use)
{
    return use->current || use->recent;
}

/* ---- checks ---- */

uint64_t check_bit(const struct step *step, const struct check *check)
{
    uint64_t bit = 1;
    for (const struct check *one = step->check; one; one = one->next)
        if (one->form != CHECK_COUNT) {
            if (one == check)
                return bit;
            bit <<= 1;
        }
    return 0;
}

uint64_t check_bits(const struct step *step)
{
    uint64_t bits = 0;
    for (const struct check *one = step->check; one; one = one->next)
        bits |= check_bit(step, one);
    return bits;
}

const struct check *check_of_dimension(const struct step *step, const char *part,
                                       const char *dimension)
{
    for (const struct check *one = step->check; one; one = one->next)
        if (one->form == CHECK_DIMENSION && one->name.kind == VALUE_MEMBER &&
            strcmp(one->name.member->declaration->name, part) == 0 &&
            strcmp(one->name.member->name, dimension) == 0)
            return one;
    return NULL;
}

const struct check *check_of_name(const struct step *step, const char *name)
{
    for (const struct check *one = step->check; one; one = one->next)
        if (one->form == CHECK_COUNT
                ? strcmp(name, "count") == 0
                : one->form != CHECK_DIMENSION && one->name.kind == VALUE_WORD &&
                      strcmp(one->name.word, name) == 0)
            return one;
    return NULL;
}

bool defect_is_accepted(const struct check *check, const char *name)
{
    for (const struct simple *row = check->defects; row; row = row->next) {
        const struct defect *defect = value_defect(&row->value, NULL);
        if (defect && strcmp(defect->base.name, name) == 0)
            return defect->then && strcmp(defect->then->value.word, "accept") == 0;
    }
    return false;
}

bool step_judges_lots(const struct step *step)
{
    return step->base.kind == KIND_inspect && step->sample && step->sample->form != SAMPLE_ALL;
}

/* ---- releases ---- */

struct release_state *product_release(const struct product_state *product, const char *fingerprint)
{
    struct release_state *release = product->releases;
    while (release && release->fingerprint != fingerprint)
        release = release->next;
    return release;
}

const struct approval_given *approval_of(const struct product_state *product,
                                         const struct revision *revision, const char *name)
{
    const struct release_state *state = product_release(product, revision->fingerprint);
    const struct approval_given *given = state ? state->approvals : NULL;
    while (given && strcmp(given->name, name) != 0)
        given = given->next;
    return given;
}

const struct approval *missing_approval(const struct product_state *product,
                                        const struct revision *revision)
{
    const struct release *release = revision->made->release;
    const struct approval *row = release ? release->approve : NULL;
    while (row && (row->name.kind != VALUE_WORD || approval_of(product, revision, row->name.word)))
        row = row->next;
    return row;
}

bool product_is_released(const struct product_state *product, const struct revision *revision)
{
    return !missing_approval(product, revision);
}
