#include "engine/state.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void state_open(struct state *state, find_revision *find, void *data)
{
    *state = (struct state){.find_revision = find, .find_data = data};
    interner_open(&state->names, &state->arena);
}

static void free_batches(struct state *state)
{
    for (uint32_t i = 0; i < state->batches.capacity; i++) {
        struct batch *batch = state->batches.slots[i].thing;
        if (batch)
            free(batch->units);
    }
}

void state_forget(struct state *state)
{
    struct table *const tables[] = {&state->products, &state->lots, &state->lines, &state->batches};
    free_batches(state);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        table_free(tables[i]);
        *tables[i] = (struct table){0};
    }
}

void state_close(struct state *state)
{
    state_forget(state);
    interner_close(&state->names);
    arena_free(&state->arena);
}

struct product_state *state_product(const struct state *state, const char *name)
{
    return table_get(&state->products, name, NULL);
}

struct lot *state_lot(const struct state *state, const char *name)
{
    return table_get(&state->lots, name, NULL);
}

struct order_line *state_line(const struct state *state, const char *order, const char *line)
{
    return table_get(&state->lines, order, line);
}

struct batch *state_batch(const struct state *state, const char *name)
{
    return table_get(&state->batches, name, NULL);
}

int batch_step_index(const struct batch *batch, const char *name)
{
    const struct workflow *workflow = batch->revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (strcmp(workflow->steps[i]->base.name, name) == 0)
            return i;
    return -1;
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

int32_t units_at(const struct batch *batch, int step)
{
    int32_t count = 0;
    for (int32_t i = 0; i < batch->unit_count; i++)
        count += batch->units[i].at == step;
    return count;
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

int64_t samples_made(const struct product_state *product, const char *fingerprint)
{
    for (const struct sample_made *made = product->samples; made; made = made->next)
        if (made->fingerprint == fingerprint)
            return made->count;
    return 0;
}
