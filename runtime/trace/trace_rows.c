/* What has to do with the units of a trace: lots and machines by the departures, orders and parcels by the units, operators
   by what they did. */
#include "trace/trace_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A row by its thing and step; which is found again by a table, for a lot may be in thousands of batches. */
struct gathering {
    struct trace *trace;
    struct map places; /* thing and step -> index of the row, plus one */
    struct {
        const struct thing *thing;
        const char *step;
        int32_t index;
    } last[THING_KINDS]; /* the same comes again and again */
};

static struct trace_row *row_of(struct gathering *at, const struct thing *thing, const char *step)
{
    struct trace_rows *rows = &at->trace->rows[thing->kind];
    if (at->last[thing->kind].thing == thing && at->last[thing->kind].step == step)
        return &rows->rows[at->last[thing->kind].index];
    intptr_t found = (intptr_t)map_get(&at->places, thing, step);
    if (!found) {
        if (rows->count == rows->capacity) {
            rows->capacity = rows->capacity ? 2 * rows->capacity : 16;
            rows->rows = memory_resize(rows->rows, (size_t)rows->capacity * sizeof *rows->rows);
        }
        rows->rows[rows->count++] = (struct trace_row){.thing = thing, .step = step};
        found = rows->count;
        map_put(&at->places, thing, step, (void *)found);
    }
    at->last[thing->kind].thing = thing;
    at->last[thing->kind].step = step;
    at->last[thing->kind].index = (int32_t)found - 1;
    return &rows->rows[found - 1];
}

static const char nowhere[] = "";

static void is_at(struct trace_row *row, int64_t time_ms)
{
    if (!row->first_ms || time_ms < row->first_ms)
        row->first_ms = time_ms;
    if (time_ms > row->last_ms)
        row->last_ms = time_ms;
}

/* ---- what departures say ---- */

/* The units that a lot or a machine was in use for at a step of this batch. */
struct share {
    const struct thing *thing;
    const char *step;
    uint64_t *units;
    int64_t first_ms, last_ms;
};

struct shares {
    struct share *all;
    int32_t count, capacity;
    int32_t *of_use; /* by use and thing in it, one behind the other: the share */
    int32_t *begin;  /* by use: where its things begin */
};

static int32_t share_of(struct shares *shares, const struct thing *thing, const char *step,
                        size_t words)
{
    for (int32_t i = 0; i < shares->count; i++)
        if (shares->all[i].thing == thing && shares->all[i].step == step)
            return i;
    if (shares->count == shares->capacity) {
        shares->capacity = shares->capacity ? 2 * shares->capacity : 8;
        shares->all = memory_resize(shares->all, (size_t)shares->capacity * sizeof *shares->all);
    }
    shares->all[shares->count] =
        (struct share){.thing = thing, .step = step, .units = memory_zeroed(words, 8)};
    return shares->count++;
}

static void open_shares(struct shares *shares, const struct batch_trace *batch)
{
    int32_t count = 0;
    *shares = (struct shares){0};
    shares->begin = memory_zeroed((size_t)batch->use_count + 1, sizeof *shares->begin);
    for (int32_t i = 0; i < batch->use_count; i++) {
        shares->begin[i] = count;
        count += batch->uses[i].thing_count;
    }
    shares->of_use = memory_zeroed((size_t)count + 1, sizeof *shares->of_use);
    for (int32_t i = 0; i < batch->use_count; i++)
        for (int32_t n = 0; n < batch->uses[i].thing_count; n++)
            shares->of_use[shares->begin[i] + n] = share_of(
                shares, batch->uses[i].things[n], batch->uses[i].step, trace_words(batch) + 1);
}

static void close_shares(struct shares *shares)
{
    for (int32_t i = 0; i < shares->count; i++)
        free(shares->all[i].units);
    free(shares->all);
    free(shares->of_use);
    free(shares->begin);
}

static void count_share(struct gathering *at, const struct trace_part *part,
                        const struct share *share)
{
    struct trace_row *row = NULL;
    for (size_t word = 0; word < trace_words(part->batch); word++) {
        uint64_t both = part->units[word] & share->units[word];
        if (!both)
            continue;
        row = row_of(at, share->thing, share->step);
        row->units += __builtin_popcountll(both);
        for (; both; both &= both - 1) {
            const struct unit_trace *unit =
                &part->batch->units[word * 64 + (size_t)__builtin_ctzll(both)];
            row->shipped += unit_is_shipped(unit);
        }
    }
    if (row) {
        is_at(row, share->first_ms);
        is_at(row, share->last_ms);
    }
}

static void gather_uses(struct gathering *at, const struct trace_part *part)
{
    const struct batch_trace *batch = part->batch;
    struct shares shares;

    open_shares(&shares, batch);
    for (int32_t i = 0; i < batch->departure_count; i++) {
        const struct departure *departure = &batch->departures[i];
        const struct in_use *use = &batch->uses[departure->in_use];
        if (!use->thing_count || !part_has_some(part, departure->first, departure->count))
            continue;
        int64_t time_ms = batch->thing.trail.facts[departure->fact].time_ms;
        for (int32_t n = 0; n < use->thing_count; n++) {
            struct share *share = &shares.all[shares.of_use[shares.begin[departure->in_use] + n]];
            trace_set_bits(share->units, batch, departure->first, departure->count);
            share->first_ms = share->first_ms ? share->first_ms : time_ms;
            share->last_ms = time_ms;
        }
    }
    for (int32_t i = 0; i < shares.count; i++)
        count_share(at, part, &shares.all[i]);
    close_shares(&shares);
}

/* ---- what units say ---- */

static void count_units(struct gathering *at, const struct thing *thing, int32_t count,
                        bool shipped)
{
    struct trace_row *row = row_of(at, thing, nowhere);
    row->units += count;
    row->shipped += shipped ? count : 0;
}

/* Units of one line and one parcel. */
static void count_alike(struct gathering *at, const struct trace_part *part,
                        const struct unit_trace *unit, int32_t count)
{
    const struct genealogy *model = at->trace->model;
    bool shipped = unit_is_shipped(unit);

    at->trace->shipped_count += shipped ? count : 0;
    count_units(at, &part->batch->thing, count, shipped);
    const struct thing *product =
        map_get(&model->by_name, thing_kind_names[THING_PRODUCT], part->batch->product);
    if (product)
        count_units(at, product, count, shipped);
    if (unit->parcel)
        count_units(at, unit->parcel, count, shipped);
    if (!unit->line)
        return;
    const struct thing *customer =
        map_get(&model->by_name, thing_kind_names[THING_CUSTOMER], unit_customer(unit));
    count_units(at, unit->line->order, count, shipped);
    if (customer)
        count_units(at, customer, count, shipped);
}

static void gather_units(struct gathering *at, const struct trace_part *part)
{
    const struct unit_trace *units = part->batch->units;
    row_of(at, &part->batch->thing, nowhere); /* a batch without units is one too */
    for (int32_t first = 1, last; part_run(part, &first, &last); first = last + 1)
        for (int32_t i = first, end; i <= last; i = end) {
            for (end = i + 1; end <= last && units[end - 1].line == units[i - 1].line &&
                              units[end - 1].parcel == units[i - 1].parcel;)
                end++;
            count_alike(at, part, &units[i - 1], end - i);
        }
}

/* ---- what events say ---- */

/* The same person does many things, one behind the other: they are counted together. */
static void gather_people(struct gathering *at, const struct trace_part *part)
{
    const struct genealogy *model = at->trace->model;
    const struct trail *trail = &part->batch->thing.trail;

    for (int32_t i = 0; i < trail->count;) {
        const char *by = trail->facts[i].by;
        struct trace_row run = {0};
        for (; i < trail->count && trail->facts[i].by == by; i++)
            if (part_is_touched(part, &trail->facts[i])) {
                run.facts++;
                is_at(&run, trail->facts[i].time_ms);
            }
        if (!run.facts || !*by)
            continue;
        struct trace_row *row =
            row_of(at, map_get(&model->by_name, thing_kind_names[THING_PERSON], by), nowhere);
        row->facts += run.facts;
        is_at(row, run.first_ms);
        is_at(row, run.last_ms);
    }
}

void trace_gather_rows(struct trace *trace)
{
    struct gathering at = {.trace = trace};
    for (int32_t i = 0; i < trace->part_count; i++) {
        gather_units(&at, &trace->parts[i]);
        gather_uses(&at, &trace->parts[i]);
        gather_people(&at, &trace->parts[i]);
    }
    map_free(&at.places);
}
