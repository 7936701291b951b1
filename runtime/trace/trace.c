/* Which units a question is about, and what has to do with them. */
#include "trace/trace_private.h"

#include "base/memory.h"
#include "source/diagnostic.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

static const char unit_kind[] = "unit";

/* "B-1/7": the number stands behind the last slash, for a batch may have one in its name. */
static bool find_unit(const struct genealogy *model, const char *name,
                      struct trace_subject *subject)
{
    const char *slash = strrchr(name, '/');
    char batch_name[256], *end;

    if (!slash || slash == name || (size_t)(slash - name) >= sizeof batch_name || slash[1] < '1' ||
        slash[1] > '9')
        return false;
    memcpy(batch_name, name, (size_t)(slash - name));
    batch_name[slash - name] = '\0';
    long number = strtol(slash + 1, &end, 10);
    const struct batch_trace *batch = genealogy_batch(model, batch_name);
    if (*end || !batch || number > batch->unit_count)
        return false;
    *subject = (struct trace_subject){&batch->thing, (int32_t)number};
    return true;
}

static bool is_wanted(const char *kind, const char *name)
{
    return !kind || strcmp(kind, name) == 0;
}

static bool kind_is_known(const char *kind, struct failure *failure)
{
    bool known = is_wanted(kind, unit_kind);
    struct buffer names = {0};
    bool good;

    for (int i = 0; i < THING_KINDS && !known; i++)
        known = is_wanted(kind, thing_kind_names[i]);
    for (int i = 0; i < THING_KINDS; i++)
        buffer_addf(&names, ", %s", thing_kind_names[i]);
    good = known ||
           fail(failure, "there is no kind `%.60s`; there are unit%s", kind, buffer_text(&names));
    buffer_free(&names);
    return good;
}

static bool say_unknown(const struct genealogy *model, const char *kind, const char *name,
                        struct failure *failure)
{
    const struct thing *nearest = NULL;
    int least = 0;

    for (int i = 0; i < THING_KINDS; i++)
        for (int32_t n = 0; is_wanted(kind, thing_kind_names[i]) && n < model->things[i].count;
             n++) {
            const struct thing *thing = model->things[i].all[n];
            int distance = edit_distance(name, thing->name);
            if (close_enough(name, distance) && (!nearest || distance < least)) {
                nearest = thing;
                least = distance;
            }
        }
    const char *slash = strrchr(name, '/');
    char batch_name[256] = "";
    if (slash && (size_t)(slash - name) < sizeof batch_name)
        memcpy(batch_name, name, (size_t)(slash - name)); /* the rest is zero */
    const struct batch_trace *batch = *batch_name ? genealogy_batch(model, batch_name) : NULL;
    if (batch)
        return fail(failure, "batch %s has the units 1 to %d, and no unit %.40s", batch_name,
                    batch->unit_count, slash + 1);
    const char *what = kind ? kind : "such thing as";
    if (nearest)
        return fail(failure, "there is no %s `%.120s`; did you mean the %s `%.120s`?", what, name,
                    thing_kind_names[nearest->kind], nearest->name);
    return fail(failure, "there is no %s `%.120s`", what, name);
}

bool trace_find(const struct genealogy *model, const char *kind, const char *name,
                struct trace_subject *subject, struct failure *failure)
{
    struct buffer kinds = {0};
    int found = 0;

    if (!kind_is_known(kind, failure))
        return false;
    if (is_wanted(kind, unit_kind) && find_unit(model, name, subject)) {
        found++;
        buffer_addf(&kinds, ", --kind %s", unit_kind);
    }
    for (int i = 0; i < THING_KINDS; i++) {
        const struct thing *thing = is_wanted(kind, thing_kind_names[i])
                                        ? genealogy_find(model, (enum thing_kind)i, name)
                                        : NULL;
        if (!thing)
            continue;
        *subject = (struct trace_subject){thing, 0};
        buffer_addf(&kinds, ", --kind %s", thing_kind_names[i]);
        found++;
    }
    if (found > 1)
        fail(failure, "%.120s is the name of several; say which: %s", name, kinds.text + 2);
    buffer_free(&kinds);
    return found == 0 ? say_unknown(model, kind, name, failure) : found == 1;
}

/* ---- units ---- */

size_t trace_words(const struct batch_trace *batch)
{
    return ((size_t)batch->unit_count + 63) / 64;
}

void trace_set_bits(uint64_t *bits, const struct batch_trace *batch, int64_t first, int64_t count)
{
    int64_t end = first + count - 1 < batch->unit_count ? first + count - 1 : batch->unit_count;
    for (int64_t i = first < 1 ? 0 : first - 1; i < end;) {
        int64_t in_word = 64 - i % 64, run = end - i < in_word ? end - i : in_word;
        uint64_t mask = run == 64 ? ~UINT64_C(0) : (UINT64_C(1) << run) - 1;
        bits[i / 64] |= mask << i % 64;
        i += run;
    }
}

static int32_t count_bits(const uint64_t *bits, const uint64_t *others, size_t words)
{
    int32_t count = 0;
    for (size_t i = 0; i < words; i++)
        count += __builtin_popcountll(bits[i] & (others ? others[i] : ~UINT64_C(0)));
    return count;
}

bool part_run(const struct trace_part *part, int32_t *first, int32_t *last)
{
    int32_t at = *first;
    while (at <= part->batch->unit_count && !part_has(part, at))
        at++;
    *first = *last = at;
    while (*last < part->batch->unit_count && part_has(part, *last + 1))
        ++*last;
    return at <= part->batch->unit_count;
}

/* What is said for the whole batch while it works at a step. Said after they left, it is no longer about them. */
static bool is_work(const struct fact *fact)
{
    static const enum message_kind kinds[] = {EVENT_step_begun,         EVENT_lot_used,
                                              EVENT_parameter_recorded, EVENT_check_judged,
                                              EVENT_lot_judged,         EVENT_gate_signed};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fact->kind == kinds[i])
            return true;
    return false;
}

static bool is_worked_on(const struct trace_part *part, const struct fact *fact)
{
    int32_t index = (int32_t)(fact - part->batch->thing.trail.facts);
    if (!is_work(fact) || fact->corrects) /* a correction is about what was before */
        return true;
    for (int32_t i = 0; i < part->step_count; i++)
        if (part->steps[i].step == fact->step)
            return index < part->steps[i].last;
    return false;
}

bool part_has_some(const struct trace_part *part, int32_t first, int32_t count)
{
    for (int32_t i = first < 1 ? 1 : first; i < first + count && i <= part->batch->unit_count; i++)
        if (part_has(part, i))
            return true;
    return false;
}

bool part_is_touched(const struct trace_part *part, const struct fact *fact)
{
    return fact->first ? part_has_some(part, fact->first, fact->count) : is_worked_on(part, fact);
}

/* Until when units of the part were at a step. */
static void note_step(struct trace_part *part, const char *step, int32_t last)
{
    int32_t i = 0;
    while (i < part->step_count && part->steps[i].step != step)
        i++;
    if (i == part->step_count)
        part->steps[part->step_count++].step = step;
    if (last > part->steps[i].last)
        part->steps[i].last = last;
}

static void note_steps(struct trace *trace, struct trace_part *part)
{
    const struct batch_trace *batch = part->batch;
    const char *stood = NULL;
    int32_t most = 0;

    for (int32_t i = 0; i < batch->use_count; i++)
        most += i == 0 || batch->uses[i].step != batch->uses[i - 1].step;
    for (int32_t i = 0; i < batch->unit_count; i++)
        most += i == 0 || batch->units[i].at != batch->units[i - 1].at ||
                batch->units[i].was_at != batch->units[i - 1].was_at;
    part->steps = ARENA_ARRAY(&trace->arena, struct part_step, most);
    for (int32_t i = 0; i < batch->departure_count; i++) {
        const struct departure *departure = &batch->departures[i];
        if (part_has_some(part, departure->first, departure->count))
            note_step(part, batch->uses[departure->in_use].step, departure->fact);
    }
    for (int32_t first = 1, last; part_run(part, &first, &last); first = last + 1)
        for (int32_t i = first; i <= last; i++) {
            const struct unit_trace *unit = &batch->units[i - 1];
            const char *at = unit->was_at ? unit->was_at : unit->at;
            if (at != stood) /* neighbours mostly stand together */
                note_step(part, at, INT32_MAX);
            stood = at;
        }
}

static bool uses_thing(const struct in_use *use, const struct thing *thing)
{
    for (int32_t i = 0; i < use->thing_count; i++)
        if (use->things[i] == thing)
            return true;
    return false;
}

static void select_by_use(const struct trace *trace, struct trace_part *part)
{
    const struct batch_trace *batch = part->batch;
    bool *counts = memory_zeroed((size_t)batch->use_count + 1, sizeof *counts);

    for (int32_t i = 0; i < batch->use_count; i++)
        counts[i] = uses_thing(&batch->uses[i], trace->subject.thing);
    for (int32_t i = 0; i < batch->departure_count; i++)
        if (counts[batch->departures[i].in_use])
            trace_set_bits(part->units, batch, batch->departures[i].first,
                           batch->departures[i].count);
    free(counts);
}

static void select_by_line(const struct trace *trace, struct trace_part *part)
{
    const struct thing *thing = trace->subject.thing;
    for (int32_t i = 0; i < part->batch->unit_count; i++) {
        const struct unit_trace *unit = &part->batch->units[i];
        if (unit->line && (thing->kind == THING_CUSTOMER ? unit_customer(unit) == thing->name
                                                         : unit->line->order == thing))
            trace_set_bits(part->units, part->batch, i + 1, 1);
    }
}

static void select_by_parcel(const struct trace *trace, struct trace_part *part)
{
    for (int32_t i = 0; i < part->batch->unit_count; i++)
        if (part->batch->units[i].parcel == trace->subject.thing)
            trace_set_bits(part->units, part->batch, i + 1, 1);
}

/* Who does something for the whole batch does it for every unit of it. */
static void select_by_person(const struct trace *trace, struct trace_part *part)
{
    const struct trail *trail = &part->batch->thing.trail;
    for (int32_t i = 0; i < trail->count; i++) {
        const struct fact *fact = &trail->facts[i];
        if (fact->by == trace->subject.thing->name)
            trace_set_bits(part->units, part->batch, fact->first ? fact->first : 1,
                           fact->first ? fact->count : part->batch->unit_count);
    }
}

static void select_all(const struct trace *trace, struct trace_part *part)
{
    int32_t unit = trace->subject.unit;
    trace_set_bits(part->units, part->batch, unit ? unit : 1, unit ? 1 : part->batch->unit_count);
}

static void (*const selectors[THING_KINDS])(const struct trace *trace, struct trace_part *part) = {
    [THING_BATCH] = select_all,        [THING_LOT] = select_by_use,
    [THING_ORDER] = select_by_line,    [THING_MACHINE] = select_by_use,
    [THING_PERSON] = select_by_person, [THING_PARCEL] = select_by_parcel,
    [THING_CUSTOMER] = select_by_line, [THING_PRODUCT] = select_all,
};

static void add_part(struct trace *trace, struct batch_trace *batch)
{
    struct trace_part *part = &trace->parts[trace->part_count];
    size_t words = trace_words(batch);

    *part =
        (struct trace_part){.batch = batch, .units = ARENA_ARRAY(&trace->arena, uint64_t, words)};
    selectors[trace->subject.thing->kind](trace, part);
    part->count = count_bits(part->units, NULL, words);
    note_steps(trace, part);
    if (part->count || trace->subject.thing->kind == THING_BATCH)
        trace->part_count++;
    trace->unit_count += part->count;
}

static int by_index(const void *a, const void *b)
{
    const struct trace_part *first = a, *second = b;
    return (first->batch->thing.index > second->batch->thing.index) -
           (first->batch->thing.index < second->batch->thing.index);
}

static void select_units(struct trace *trace)
{
    const struct thing *thing = trace->subject.thing;
    const struct things *all = &trace->model->things[THING_BATCH];
    bool everywhere =
        thing->kind == THING_CUSTOMER; /* a customer is known by orders, not batches */
    int32_t count = thing->kind == THING_BATCH ? 1 : everywhere ? all->count : thing->batch_count;

    trace->parts = ARENA_ARRAY(&trace->arena, struct trace_part, count + 1);
    for (int32_t i = 0; i < count; i++)
        add_part(trace, thing->kind == THING_BATCH ? (struct batch_trace *)(uintptr_t)thing
                        : everywhere               ? (struct batch_trace *)all->all[i]
                                                   : thing->batches[i]);
    qsort(trace->parts, (size_t)trace->part_count, sizeof *trace->parts, by_index);
}

/* ---- the whole ---- */

void trace_open(struct trace *trace, const struct genealogy *model, struct trace_subject subject)
{
    *trace = (struct trace){.model = model, .subject = subject};
    select_units(trace);
    trace_gather_rows(trace);
    trace_gather_events(trace);
}

void trace_close(struct trace *trace)
{
    for (int i = 0; i < THING_KINDS; i++)
        free(trace->rows[i].rows);
    free(trace->events);
    arena_free(&trace->arena);
    *trace = (struct trace){0};
}
