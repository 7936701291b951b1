/* Random workflows, written out as specs and checked, against the rules of the families graph and order decided by
   walking: every way of a unit is tried, each step at most twice on it, which is enough to show any of the rules. Rules
   of reachability are held against a transitive closure.

   FLOW_ROUNDS says how many workflows (3000 if unsaid), FLOW_SEED the first. */
#include "base/buffer.h"
#include "base/file.h"
#include "base/sink.h"
#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

#include "random_workflow.h"

/* rule x step: what is expected, or was found */
struct verdicts {
    bool said[RULE_COUNT][STEPS];
    bool allowed[RULE_COUNT][STEPS]; /* would have been said */
};

static const enum rule compared[] = {
    RULE_unreachable_step,   RULE_dead_end,         RULE_unrouted_outcome,
    RULE_late_screen,        RULE_no_count,         RULE_unverified_shipment,
    RULE_unlabeled_shipment, RULE_no_first_article,
};
enum { COMPARED = sizeof compared / sizeof *compared };

/* ---- the ways of one SKU ---- */

struct ways {
    const struct random_workflow *workflow;
    struct verdicts *verdicts;
    bool in[STEPS];
    int start;
    int to[STEPS][OUTCOME_COUNT]; /* UNSAID: there is no such way */
    bool reach[STEPS][STEPS];     /* by one step of the way or more */
    bool comes[STEPS];
    int visits[STEPS];
    long tried;
};
enum { TRIED_AT_MOST = 300000 };

static int landing(const struct ways *ways, int at)
{
    while (at >= 0 && !ways->in[at])
        at = at + 1 < ways->workflow->count ? at + 1
                                            : DONE; /* the good way of such a step is unsaid */
    return at;
}

static int written_way(const struct ways *ways, int i, int outcome)
{
    const struct random_step *step = &ways->workflow->steps[i];
    if (!(kind_rows[step->kind].outcomes & 1u << outcome))
        return UNSAID;
    if (step->to[outcome] != UNSAID)
        return landing(ways, step->to[outcome]);
    if (is_good(outcome))
        return landing(ways, i + 1 < ways->workflow->count ? i + 1 : DONE);
    return outcome == OUTCOME_FAILURE ? QUARANTINE : UNSAID;
}

static void close_over(const struct ways *ways, bool unbounded_only,
                       bool taken[STEPS][OUTCOME_COUNT], bool reach[STEPS][STEPS])
{
    memset(reach, 0, sizeof(bool[STEPS][STEPS]));
    for (int i = 0; i < ways->workflow->count; i++)
        for (int o = 0; o < OUTCOME_COUNT; o++)
            if (ways->in[i] && ways->to[i][o] >= 0 && !(taken && taken[i][o]) &&
                !(unbounded_only && ways->workflow->steps[i].bounded[o]))
                reach[i][ways->to[i][o]] = true;
    for (int k = 0; k < STEPS; k++)
        for (int i = 0; i < STEPS; i++)
            for (int j = 0; j < STEPS; j++)
                reach[i][j] |= reach[i][k] && reach[k][j];
}

static struct ways ways_of(const struct random_workflow *workflow, int sku,
                           struct verdicts *verdicts)
{
    struct ways ways = {.workflow = workflow, .verdicts = verdicts};
    for (int i = 0; i < workflow->count; i++)
        ways.in[i] = workflow->steps[i].only == ALL_SKUS || workflow->steps[i].only == sku;
    for (int i = 0; i < workflow->count; i++)
        for (int o = 0; o < OUTCOME_COUNT; o++)
            ways.to[i][o] = written_way(&ways, i, o);
    ways.start = landing(&ways, 0);
    close_over(&ways, false, NULL, ways.reach);
    for (int i = 0; i < workflow->count && ways.start >= 0; i++)
        ways.comes[i] = ways.in[i] && (i == ways.start || ways.reach[ways.start][i]);
    return ways;
}

/* ---- what is expected ---- */

static bool allows(const struct random_workflow *workflow, enum rule rule, int i)
{
    return workflow->steps[i].allows == rule || workflow->product_allows == rule;
}

/* Says it, or counts it as allowed; true where the way goes on as if nothing were. */
static bool expect(struct ways *ways, enum rule rule, int i)
{
    bool allowed = allows(ways->workflow, rule, i);
    if (allowed)
        ways->verdicts->allowed[rule][i] = true;
    else
        ways->verdicts->said[rule][i] = true;
    return allowed;
}

static bool leads_to_done(const struct ways *ways, int from)
{
    for (int i = 0; i < ways->workflow->count; i++)
        for (int o = 0; o < OUTCOME_COUNT; o++)
            if (ways->in[i] && ways->to[i][o] == DONE && (i == from || ways->reach[from][i]))
                return true;
    return false;
}

/* Of those in the set, the first of each ring that no other of the set leads to (or, forward, that leads to no other);
   nothing is said where it follows from what is said elsewhere. */
static void expect_ends(struct ways *ways, enum rule rule, const bool *in_set, bool forward,
                        const bool *follows)
{
    for (int i = 0; i < ways->workflow->count; i++) {
        bool named = in_set[i];
        for (int j = 0; j < ways->workflow->count && named; j++) {
            bool there = forward ? ways->reach[i][j] : ways->reach[j][i];
            bool back = forward ? ways->reach[j][i] : ways->reach[i][j];
            if (in_set[j] && j != i && there)
                named = back && i < j;
        }
        if (named && !follows[i])
            expect(ways, rule, i);
    }
}

static void expect_graph(struct ways *ways)
{
    bool nowhere[STEPS] = {false}, stuck[STEPS] = {false}, follows[STEPS] = {false};
    for (int i = 0; i < ways->workflow->count; i++) {
        nowhere[i] = ways->in[i] && !ways->comes[i];
        stuck[i] = ways->comes[i] && !leads_to_done(ways, i);
    }
    expect_ends(ways, RULE_dead_end, stuck, true, follows);
    for (int i = 0, above = -1; i < ways->workflow->count; i++) {
        follows[i] = above >= 0 && stuck[above];
        above = ways->in[i] ? i : above;
    }
    expect_ends(ways, RULE_unreachable_step, nowhere, false, follows);
}

/* What a unit carries along its way. */
struct carried {
    bool unseen, counted, unverified, labeled;
};

static void pass_ship(struct ways *ways, struct carried *unit, int at)
{
    if (!unit->counted)
        unit->counted = !expect(ways, RULE_no_count, at);
    if (unit->unverified)
        unit->unverified = expect(ways, RULE_unverified_shipment, at);
    if (!unit->labeled)
        unit->labeled = !expect(ways, RULE_unlabeled_shipment, at);
}

static void pass_step(struct ways *ways, struct carried *unit, int at)
{
    const struct random_step *step = &ways->workflow->steps[at];
    enum kind kind = step->kind;
    bool bench = kind == KIND_finish || kind == KIND_assemble;
    if ((bench || kind == KIND_pack) && unit->unseen)
        unit->unseen = expect(ways, RULE_late_screen, at);
    if (kind == KIND_print || kind == KIND_cut)
        unit->unseen = true;
    if (bench || kind == KIND_print || kind == KIND_cut || kind == KIND_treat ||
        kind == KIND_outsource)
        unit->unverified = true;
    if (kind == KIND_inspect)
        unit->unseen = unit->unverified = false;
    if ((kind == KIND_inspect || kind == KIND_pack) && step->counts)
        unit->counted = true;
    if (kind == KIND_pack && step->labels)
        unit->labeled = true;
    if (kind == KIND_ship)
        pass_ship(ways, unit, at);
}

static void walk(struct ways *ways, struct carried unit, int at)
{
    if (ways->visits[at] == 2 || ways->tried++ > TRIED_AT_MOST)
        return;
    ways->visits[at]++;
    pass_step(ways, &unit, at);
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (ways->to[at][o] >= 0)
            walk(ways, unit, ways->to[at][o]);
    ways->visits[at]--;
}

/* Whether some way from a step on sees a first piece before the part's next cut (or print, with a release). */
static bool first_seen(struct ways *ways, int of, int at)
{
    const struct random_step *own = &ways->workflow->steps[of];
    bool seen = false;
    for (int o = 0; o < OUTCOME_COUNT && !seen; o++) {
        int next = ways->to[at][o];
        if (next < 0 || ways->visits[next])
            continue;
        const struct random_step *step = &ways->workflow->steps[next];
        if (step->kind == KIND_inspect && step->first)
            return true;
        bool stops =
            step->kind == KIND_cut || (step->kind == KIND_print && own->kind == KIND_print);
        if (stops && step->part == own->part)
            continue;
        ways->visits[next]++;
        seen = first_seen(ways, of, next);
        ways->visits[next]--;
    }
    return seen;
}

static bool expect_order(struct ways *ways)
{
    if (ways->start >= 0)
        walk(ways, (struct carried){0}, ways->start);
    for (int i = 0; i < ways->workflow->count; i++) {
        enum kind kind = ways->workflow->steps[i].kind;
        bool asked = kind == KIND_cut || (kind == KIND_print && ways->workflow->release);
        if (ways->comes[i] && asked && !first_seen(ways, i, i))
            expect(ways, RULE_no_first_article, i);
    }
    return ways->tried <= TRIED_AT_MOST;
}

static void expect_outcomes(const struct random_workflow *workflow, struct verdicts *verdicts)
{
    for (int i = 0; i < workflow->count; i++) {
        const struct random_step *step = &workflow->steps[i];
        verdicts->said[RULE_unrouted_outcome][i] =
            (step->kind == KIND_inspect && step->to[OUTCOME_REJECT] == UNSAID) ||
            (step->kind == KIND_gate && step->to[OUTCOME_REFUSE] == UNSAID);
    }
}

/* An allowance is used where a SKU's way would have broken its rule. */
static void expect_unused(const struct random_workflow *workflow, struct verdicts *verdicts)
{
    for (int i = 0; i < workflow->count; i++) {
        enum rule rule = workflow->steps[i].allows;
        verdicts->said[RULE_unused_allow][i] = rule != RULE_COUNT && !verdicts->allowed[rule][i];
    }
}

/* ---- what is found ---- */

struct found {
    struct verdicts verdicts;
    bool endless[STEPS][OUTCOME_COUNT];
    bool any_endless;
    bool product_unused; /* the product's allowance */
};

static int outcome_at(const char *text)
{
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (strncmp(text, outcome_names[o], strlen(outcome_names[o])) == 0)
            return o;
    return OUTCOME_PASS; /* an unsaid way: the place is the step */
}

static void note_found(struct found *found, const struct diagnostic *diagnostic,
                       const struct source *source, const struct random_workflow *workflow)
{
    uint32_t offset = diagnostic->span.begin - source->base;
    const char *first = strstr(source->text, "workflow p {\n");
    int step = -1;
    assert_non_null(first);
    for (const char *at = first; at < source->text + offset; at++)
        step += *at == '\n';
    if (step < 0 || step >= workflow->count) {
        found->product_unused |= diagnostic->rule == RULE_unused_allow;
        return;
    }
    found->verdicts.said[diagnostic->rule][step] = true;
    if (diagnostic->rule == RULE_endless_rework) {
        int outcome = outcome_at(source->text + offset);
        if (outcome == OUTCOME_PASS && workflow->steps[step].kind == KIND_gate)
            outcome = OUTCOME_APPROVE;
        found->endless[step][outcome] = found->any_endless = true;
    }
}

static void find(const char *path, const struct random_workflow *workflow, struct found *found)
{
    struct arena arena = {0};
    struct interner names;
    struct source_set sources;
    struct failure failure = {""};
    struct diagnostics diagnostics = {.arena = &arena};
    interner_open(&names, &arena);
    source_set_open(&sources, &arena);
    struct spec *spec = spec_load(path, &arena, &names, &sources, &diagnostics, &failure);
    assert_non_null(spec);
    assert_int_equal(diagnostics.errors, 0); /* of the binder */
    check(spec);
    for (int i = 0; i < diagnostics.count; i++)
        note_found(found, diagnostics.items[i], spec->main, workflow);
    spec_close(spec);
    source_set_close(&sources);
    interner_close(&names);
    arena_free(&arena);
    rational_release_all();
}

/* ---- comparing ---- */

static bool differs(enum rule rule, const struct random_workflow *workflow,
                    const struct verdicts *expected, const struct verdicts *found, const char *text)
{
    for (int i = 0; i < workflow->count; i++)
        if (expected->said[rule][i] != found->said[rule][i]) {
            print_error("%s at k%d: expected %d, found %d\n%s", rule_rows[rule].name, i,
                        expected->said[rule][i], found->said[rule][i], text);
            return true;
        }
    return false;
}

/* Each way back that is named is on a ring without a bound; without those that are named, there is no ring but of good
   units that never come out, which is a dead end. */
static bool endless_is_wrong(const struct ways skus[2], struct found *found, const char *text)
{
    bool reach[STEPS][STEPS], on_ring[STEPS][OUTCOME_COUNT] = {{false}}, ring = false, left = false;
    for (int s = 0; s < 2; s++) {
        struct ways alive = skus[s];
        for (int i = 0; i < alive.workflow->count; i++)
            alive.in[i] &= leads_to_done(&skus[s], i);
        close_over(&alive, true, NULL, reach);
        for (int i = 0; i < STEPS; i++)
            ring |= reach[i][i];
        close_over(&skus[s], true, NULL, reach);
        for (int i = 0; i < STEPS; i++)
            for (int o = 0; o < OUTCOME_COUNT && i < skus[s].workflow->count; o++) {
                int to = skus[s].to[i][o];
                on_ring[i][o] |= skus[s].in[i] && to >= 0 &&
                                 !skus[s].workflow->steps[i].bounded[o] &&
                                 (to == i || reach[to][i]);
                ring |= on_ring[i][o] && !is_good(o) && to <= i;
            }
        close_over(&alive, true, found->endless, reach);
        for (int i = 0; i < STEPS; i++)
            left |= reach[i][i];
    }
    bool wrong = ring != found->any_endless || left;
    for (int i = 0; i < STEPS; i++)
        for (int o = 0; o < OUTCOME_COUNT; o++)
            wrong |= found->endless[i][o] && !on_ring[i][o];
    if (wrong)
        print_error("endless_rework: a ring %d, named %d, one is left %d\n%s", ring,
                    found->any_endless, left, text);
    return wrong;
}

/* Whether it was tried whole, with nothing but what is expected found. */
static bool try_one(const char *path)
{
    struct random_workflow workflow = random_workflow();
    struct verdicts expected = {0};
    struct found found = {0};
    struct failure failure = {""};
    struct ways skus[2];
    bool whole = true, wrong = false;
    for (int s = 0; s < 2; s++) {
        skus[s] = ways_of(&workflow, 1 + s, &expected);
        expect_graph(&skus[s]);
        whole &= expect_order(&skus[s]);
    }
    if (!whole)
        return false;
    expect_outcomes(&workflow, &expected);
    expect_unused(&workflow, &expected);

    struct buffer text = {0};
    write_workflow(&text, &workflow);
    assert_true(file_write(path, text.text, text.length, &failure));
    find(path, &workflow, &found);
    for (size_t i = 0; i < COMPARED; i++)
        wrong |= differs(compared[i], &workflow, &expected, &found.verdicts, text.text);
    wrong |= differs(RULE_unused_allow, &workflow, &expected, &found.verdicts, text.text);
    wrong |= endless_is_wrong(skus, &found, text.text);
    buffer_free(&text);
    assert_false(wrong);
    return true;
}

static long number_from(const char *name, long fallback)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : fallback;
}

static void rules_agree_with_every_way(void **unused)
{
    (void)unused;
    long rounds = number_from("FLOW_ROUNDS", 3000), seed = number_from("FLOW_SEED", 1), whole = 0;
    char folder[] = "/tmp/flow-check-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    snprintf(path, sizeof path, "%s/random.flow", folder);
    for (long i = 0; i < rounds; i++) {
        state = (uint64_t)(seed + i) * 0x9E3779B97F4A7C15u | 1u;
        whole += try_one(path);
    }
    unlink(path);
    rmdir(folder);
    assert_true(whole >= rounds * 95 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rules_agree_with_every_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
