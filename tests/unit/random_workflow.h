/* Workflows at random, and how each is written as a spec. */
#ifndef FLOW_TEST_RANDOM_WORKFLOW_H
#define FLOW_TEST_RANDOM_WORKFLOW_H

#include "base/buffer.h"
#include "schema/rules.h"
#include "schema/schema.h"

#include <stdbool.h>
#include <stdint.h>

enum { STEPS = 7, DONE = -1, SCRAP = -2, QUARANTINE = -3, UNSAID = -4 };
enum { ALL_SKUS = 0 }; /* only: 1 the first case, 2 the second */

struct random_step {
    enum kind kind;
    int to[OUTCOME_COUNT]; /* a step, an end, or UNSAID */
    bool bounded[OUTCOME_COUNT];
    int only, part;
    bool works, counts, first, labels;
    enum rule allows; /* RULE_COUNT: none */
};

struct random_workflow {
    struct random_step steps[STEPS];
    int count;
    bool release;
    enum rule product_allows;
};

/* ---- making one ---- */

static uint64_t state;

static int chance(int below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int)((state >> 11) % (uint64_t)below);
}

static int random_target(int count)
{
    int pick = chance(count + 3);
    return pick < count ? pick : pick == count ? DONE : pick == count + 1 ? SCRAP : QUARANTINE;
}

static bool is_good(int outcome)
{
    return outcome == OUTCOME_PASS || outcome == OUTCOME_APPROVE;
}

static void random_routes(struct random_step *step, int count)
{
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        step->to[o] = UNSAID;
        if (!(kind_rows[step->kind].outcomes & 1u << o))
            continue;
        int said = is_good(o) ? 25 : o == OUTCOME_FAILURE ? 30 : o == OUTCOME_REWORK ? 50 : 92;
        if (chance(100) < said && !(is_good(o) && step->only != ALL_SKUS)) {
            step->to[o] = random_target(count);
            step->bounded[o] = step->to[o] >= 0 && chance(2);
        }
    }
}

static struct random_workflow random_workflow(void)
{
    static const enum kind kinds[] = {KIND_print, KIND_print,   KIND_cut,      KIND_cut,
                                      KIND_treat, KIND_inspect, KIND_inspect,  KIND_inspect,
                                      KIND_gate,  KIND_finish,  KIND_assemble, KIND_outsource,
                                      KIND_pack,  KIND_pack,    KIND_ship,     KIND_ship};
    static const enum rule allowances[] = {RULE_late_screen, RULE_no_count,
                                           RULE_unverified_shipment, RULE_unlabeled_shipment,
                                           RULE_no_first_article};
    struct random_workflow workflow = {.count = 2 + chance(STEPS - 1), .release = chance(2)};
    workflow.product_allows = chance(12) ? RULE_COUNT : allowances[chance(5)];
    for (int i = 0; i < workflow.count; i++) {
        struct random_step *step = &workflow.steps[i];
        *step = (struct random_step){.kind = kinds[chance(16)], .allows = RULE_COUNT};
        step->only = chance(5) ? ALL_SKUS : 1 + chance(2);
        step->part = chance(2);
        step->works = chance(3) == 0;
        step->counts = chance(3) == 0;
        step->first = chance(2);
        step->labels = chance(2);
        if (chance(6) == 0)
            step->allows = allowances[chance(5)];
        random_routes(step, workflow.count);
    }
    return workflow;
}

/* ---- writing it ---- */

static const char head[] = "edition 1\n"
                           "process fff { kind additive; holds 0.2 mm }\n"
                           "process mill { kind subtractive; holds 0.1 mm }\n"
                           "shop s { currency USD; week 40 h }\n"
                           "station room { rate 20 USD/h }\n"
                           "role lead \"Lead\"\n"
                           "machine p1 { process fff; volume 200 x 200 x 200 mm; rate 2 USD/h }\n"
                           "machine m1 { process mill; volume 200 x 200 x 200 mm; rate 2 USD/h }\n"
                           "material pla { process fff; cost 20 USD/kg }\n"
                           "part a { process fff; material pla; print_time 1 h; mass 2 g }\n"
                           "part b { process fff; material pla; print_time 1 h; mass 2 g }\n";

static void write_kind(struct buffer *out, const struct random_step *step)
{
    char part = step->part ? 'b' : 'a';
    switch (step->kind) {
    case KIND_print:
    case KIND_cut:
        buffer_addf(out, "%s %c; on %s; ", step->works ? "works" : "makes", part,
                    step->kind == KIND_print ? "p1" : "m1");
        break;
    case KIND_treat:
        buffer_add_text(out, "cycle 1 h per batch; ");
        break;
    case KIND_inspect:
        buffer_addf(out, "sample %s; check %s \"Bright.\"; ", step->first ? "first 1" : "all",
                    step->counts ? "count" : "face");
        break;
    case KIND_gate:
        buffer_add_text(out, "by lead; ");
        break;
    case KIND_pack:
        buffer_addf(out, "contains p x 1; label number%s; ", step->labels ? ", batch" : "");
        if (step->counts)
            buffer_add_text(out, "check count \"All.\"; ");
        break;
    default:
        break;
    }
}

static void write_step(struct buffer *out, const struct random_step *step, int index)
{
    static const char *const cases[] = {"", "small", "large"};
    buffer_addf(out, "  %s k%d { ", kind_rows[step->kind].name, index);
    write_kind(out, step);
    if (step->only != ALL_SKUS)
        buffer_addf(out, "only for %s; ", cases[step->only]);
    if (step->allows != RULE_COUNT)
        buffer_addf(out, "allow %s \"So.\"; ", rule_rows[step->allows].name);
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        static const char *const ends[] = {"", "done", "scrap", "quarantine"};
        if (step->to[o] >= 0)
            buffer_addf(out, "%s -> k%d%s; ", outcome_names[o], step->to[o],
                        step->bounded[o] ? " at most 2" : "");
        else if (step->to[o] != UNSAID)
            buffer_addf(out, "%s -> %s; ", outcome_names[o], ends[-step->to[o]]);
    }
    buffer_add_text(out, "}\n");
}

static void write_workflow(struct buffer *out, const struct random_workflow *workflow)
{
    buffer_add_text(out, head);
    buffer_add_text(out, "product p { number \"P\"; revision A; variant size small, large; "
                         "contains a x 1, b x 1; ");
    if (workflow->product_allows != RULE_COUNT)
        buffer_addf(out, "allow %s \"So.\" ", rule_rows[workflow->product_allows].name);
    buffer_add_text(out, "}\n");
    if (workflow->release)
        buffer_add_text(out, "release p { sample 2; approve first by lead }\n");
    buffer_add_text(out, "workflow p {\n");
    for (int i = 0; i < workflow->count; i++)
        write_step(out, &workflow->steps[i], i);
    buffer_add_text(out, "}\n");
}

#endif
