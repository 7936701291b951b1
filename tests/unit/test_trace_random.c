/* A random shop, traced, beside a slow tracer that goes by the written rule (docs/trace.md). */
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "telling.h"

static uint64_t chance_state = 88172645463325252u;

static int chance(int below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (int)((chance_state >> 11) % (uint64_t)below);
}

enum { BATCHES = 4, UNITS = 70, STEPS = 3, LOTS = 5, WHATS = 2 };

/* There is nothing to correct where nothing was said. */
static bool is_said(const struct telling *t, const char *batch, const char *step, const char *what)
{
    for (int i = 0; i < t->count; i++) {
        const struct lot_used *used = &t->told[i].lot_used;
        if (t->told[i].kind == EVENT_lot_used && strcmp(used->batch, batch) == 0 &&
            strcmp(used->step, step) == 0 && strcmp(used->what, what) == 0)
            return true;
    }
    return false;
}

static void tell_at_random(struct telling *t, int events)
{
    for (int b = 0; b < BATCHES; b++) {
        char name[16];
        snprintf(name, sizeof name, "B-%d", b);
        open_batch(t, name, UNITS, "");
    }
    for (int i = 0; i < events; i++) {
        char batch[16], step[16], lot[16], what[16];
        int number = chance(LOTS), first = 1 + chance(UNITS);
        snprintf(batch, sizeof batch, "B-%d", chance(BATCHES));
        snprintf(step, sizeof step, "s%d", chance(STEPS));
        snprintf(lot, sizeof lot, "L-%d", number);
        snprintf(what, sizeof what, "w%d", number % WHATS);
        if (chance(8) == 0 && is_said(t, batch, step, what))
            tell(t,
                 "{'event':'lot_used','batch':'%s','step':'%s','lot':'%s','what':'%s','reason':"
                 "'misread'}",
                 batch, step, lot, what);
        else if (chance(8) == 0)
            tell(t, "{'event':'step_begun','batch':'%s','step':'%s'}", batch, step);
        else if (chance(2))
            use(t, batch, step, lot, what);
        else
            leave(t, batch, step, first, 1 + chance(UNITS - first + 1), "pass", "next");
    }
}

/* ---- the slow tracer: the rule as docs/trace.md writes it, looked up anew for each unit and each use ---- */

static bool leaves(const struct message *event, const struct message *use)
{
    return event->kind == EVENT_units_left && event->units_left.batch == use->lot_used.batch &&
           event->units_left.step == use->lot_used.step;
}

static bool corrects(const struct message *event)
{
    return event->kind == EVENT_lot_used && *event->lot_used.reason;
}

/* A word at the same place as a use: another lot, or that the step is begun. */
static bool speaks(const struct message *event, const struct message *use)
{
    const struct lot_used *used = &event->lot_used;
    const struct step_begun *begun = &event->step_begun;
    return event->kind == EVENT_lot_used && !*used->reason
               ? used->batch == use->lot_used.batch && used->step == use->lot_used.step
               : event->kind == EVENT_step_begun && begun->batch == use->lot_used.batch &&
                     begun->step == use->lot_used.step;
}

static bool replaces(const struct message *event, const struct message *use)
{
    return event->kind == EVENT_lot_used && event->lot_used.batch == use->lot_used.batch &&
           event->lot_used.step == use->lot_used.step && event->lot_used.what == use->lot_used.what;
}

/* The use that stands there before an event that corrects it. */
static int corrected(const struct telling *t, int correction)
{
    int use = correction - 1;
    while (!replaces(&t->told[use], &t->told[correction]))
        use--;
    return use;
}

/* A correction is no new word: it stands for one that units left with already, if nothing else was said since they did. */
static bool left_before(const struct telling *t, int use)
{
    for (int i = use - 1; i >= 0; i--)
        if (speaks(&t->told[i], &t->told[use]) || leaves(&t->told[i], &t->told[use]))
            return leaves(&t->told[i], &t->told[use]);
    return false;
}

/* Whether a lot said at `use` counts for what leaves at `departure`. */
static bool slowly_counts(const struct telling *t, int use, int departure)
{
    bool current = true, left = corrects(&t->told[use]) && left_before(t, use);
    for (int i = use + 1; i < departure; i++) {
        const struct message *event = &t->told[i];
        if (speaks(event, &t->told[use]) && left && !current)
            return false; /* it was in what left before this */
        if (speaks(event, &t->told[use]) && event->kind == EVENT_step_begun)
            left = false; /* it lies there as the work begins anew */
        if (replaces(event, &t->told[use])) {
            bool same = event->lot_used.lot == t->told[use].lot_used.lot;
            if (current && (corrects(event) || left || same)) /* the same: its own word counts */
                return false;
            current = false;
        }
        left |= leaves(event, &t->told[use]);
    }
    return true;
}

static bool slowly_holds(const struct telling *t, const char *batch, int unit, const char *lot,
                         int until)
{
    for (int d = 0; d < until; d++) {
        const struct units_left *left = &t->told[d].units_left;
        if (corrects(&t->told[d]) && strcmp(t->told[d].lot_used.batch, batch) == 0 &&
            strcmp(t->told[d].lot_used.lot, lot) == 0 &&
            slowly_holds(t, batch, unit, t->told[corrected(t, d)].lot_used.lot, d))
            return true;
        if (t->told[d].kind != EVENT_units_left || strcmp(left->batch, batch) != 0 ||
            unit < left->first || unit >= left->first + left->count)
            continue;
        for (int u = 0; u < d; u++)
            if (t->told[u].kind == EVENT_lot_used && strcmp(t->told[u].lot_used.lot, lot) == 0 &&
                leaves(&t->told[d], &t->told[u]) && slowly_counts(t, u, d))
                return true;
    }
    return false;
}

static void compare_lot(struct telling *t, const char *lot)
{
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;
    if (!trace_find(&t->model, "lot", lot, &subject, &failure))
        return; /* it was never used in this shop */
    trace_open(&trace, &t->model, subject);
    for (int b = 0; b < BATCHES; b++) {
        char batch[16];
        const struct trace_part *part = NULL;
        snprintf(batch, sizeof batch, "B-%d", b);
        for (int32_t i = 0; i < trace.part_count; i++)
            if (strcmp(trace.parts[i].batch->thing.name, batch) == 0)
                part = &trace.parts[i];
        for (int unit = 1; unit <= UNITS; unit++)
            if ((part && part_has(part, unit)) != slowly_holds(t, batch, unit, lot, t->count))
                fail_msg("%s in %s/%d", lot, batch, unit);
    }
    trace_close(&trace);
}

/* Backwards, the lots of a unit are those that lead to it forwards. */
static void compare_unit(struct telling *t, int b, int unit)
{
    char name[32];
    struct trace_subject subject;
    struct failure failure;
    struct trace trace;
    snprintf(name, sizeof name, "B-%d/%d", b, unit);
    assert_true(trace_find(&t->model, "unit", name, &subject, &failure));
    trace_open(&trace, &t->model, subject);
    for (int lot = 0; lot < LOTS; lot++) {
        char lot_name[16];
        bool found = false;
        snprintf(lot_name, sizeof lot_name, "L-%d", lot);
        for (int32_t i = 0; i < trace.rows[THING_LOT].count; i++)
            found |= strcmp(trace.rows[THING_LOT].rows[i].thing->name, lot_name) == 0;
        assert_int_equal(found, slowly_holds(t, subject.thing->name, unit, lot_name, t->count));
    }
    trace_close(&trace);
}

static void a_random_shop_is_traced_as_slowly(void **unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        struct telling t;
        open_telling(&t);
        tell_at_random(&t, 20 + 10 * round);
        for (int lot = 0; lot < LOTS; lot++) {
            char name[16];
            snprintf(name, sizeof name, "L-%d", lot);
            compare_lot(&t, name);
        }
        for (int i = 0; i < 10; i++)
            compare_unit(&t, chance(BATCHES), 1 + chance(UNITS));
        close_telling(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_random_shop_is_traced_as_slowly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
