/* The run of the desk hook as commands, step by step, for tests. Include it after trial.h. */
#ifndef FLOW_TEST_DESK_HOOK_RUN_H
#define FLOW_TEST_DESK_HOOK_RUN_H

#include "trial.h"

/* Adopted, with its lots. */
static inline void prepare(struct trial *shop)
{
    static const char *const lots[][2] = {{"SP-1", "pla_black"},
                                          {"SP-2", "pla_white"},
                                          {"IN-1", "m3_insert"},
                                          {"MA-1", "magnet_10x3"}};
    trial_people(shop);
    assert_true(
        ask(shop, "{'command':'adopt_spec','product':'desk_hook','snapshot':'snapshot-1'}"));
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        assert_true(ask(shop, "{'command':'receive_lot','lot':'%s','what':'%s','amount':'1'}",
                        lots[i][0], lots[i][1]));
}

static inline void leave(struct trial *shop, const char *batch, const char *step, int first,
                         int count, const char *outcome)
{
    if (!ask(shop,
             "{'command':'leave_step','batch':'%s','step':'%s','first':%d,'count':%d,"
             "'outcome':'%s','reason':'%s'}",
             batch, step, first, count, outcome, strcmp(outcome, "pass") ? "seen" : ""))
        fail_msg("%s of %s: %s (%s)", step, batch, shop->decision.refusal, shop->decision.place);
}

static inline void judge(struct trial *shop, const char *batch, const char *step, int unit,
                         const char *check)
{
    if (!ask(shop,
             "{'command':'judge_check','batch':'%s','step':'%s','unit':%d,'check':'%s','good':1}",
             batch, step, unit, check))
        fail_msg("%s: %s (%s)", check, shop->decision.refusal, shop->decision.place);
}

static inline void measure(struct trial *shop, const char *batch, const char *step, int unit,
                           const char *part, const char *dimension, const char *value)
{
    if (!ask(shop,
             "{'command':'measure','batch':'%s','step':'%s','unit':%d,'part':'%s','dimension':'%s',"
             "'value':'%s'}",
             batch, step, unit, part, dimension, value))
        fail_msg("%s: %s (%s)", dimension, shop->decision.refusal, shop->decision.place);
}

static inline void use(struct trial *shop, const char *batch, const char *step, const char *lot)
{
    if (!ask(shop, "{'command':'use_lot','batch':'%s','step':'%s','lot':'%s','amount':'1'}", batch,
             step, lot))
        fail_msg("%s: %s (%s)", lot, shop->decision.refusal, shop->decision.place);
}

static inline void screen(struct trial *shop, const char *batch, int unit, const char *bore)
{
    judge(shop, batch, "screen", unit, "surface");
    measure(shop, batch, "screen", unit, "hook", "bore", bore);
}

/* From the batch step to behind the early screen's checks: all units stand at the screen, unchecked. */
static inline void print_all(struct trial *shop, const char *batch, int count)
{
    leave(shop, batch, "collect", 1, count, "pass");
    use(shop, batch, "plate", "SP-1");
    assert_true(
        ask(shop, "{'command':'begin_step','batch':'%s','step':'plate','machine':'mk4'}", batch));
    leave(shop, batch, "plate", 1, count, "pass");
    judge(shop, batch, "screen", 0, "count");
}

/* From behind the screen to the box. */
static inline void bring_to_box(struct trial *shop, const char *batch, int first, int count)
{
    leave(shop, batch, "cleanup", first, count, "pass");
    use(shop, batch, "inserts", "IN-1");
    use(shop, batch, "inserts", "MA-1");
    leave(shop, batch, "inserts", first, count, "pass");
    judge(shop, batch, "first_piece", first, "fit");
    leave(shop, batch, "first_piece", first, count, "pass");
    for (int i = first; i < first + count; i++) {
        measure(shop, batch, "final", i, "cap", "pocket", "10.1");
        measure(shop, batch, "final", i, "hook", "width", "30.2");
        judge(shop, batch, "final", i, "pull");
    }
    leave(shop, batch, "final", first, count, "pass");
    judge(shop, batch, "box", 0, "count");
}

/* From behind the screen to the parcel. */
static inline void finish_all(struct trial *shop, const char *batch, int first, int count)
{
    bring_to_box(shop, batch, first, count);
    leave(shop, batch, "box", first, count, "pass");
    leave(shop, batch, "out", first, count, "pass");
}

static inline void sample_and_approve(struct trial *shop_at)
{
    struct trial *shop = shop_at;
    assert_true(ask(
        shop, "{'command':'open_batch','batch':'S-1','product':'desk_hook','purpose':'sample'}"));
    assert_true(
        ask(shop, "{'command':'add_units','batch':'S-1','sku':'DH-100-black-small','count':12}"));
    assert_true(ask(shop, "{'command':'start_batch','batch':'S-1'}"));
    print_all(shop, "S-1", 12);
    for (int i = 1; i <= 12; i++)
        screen(shop, "S-1", i, "4.3");
    leave(shop, "S-1", "screen", 1, 12, "pass");
    finish_all(shop, "S-1", 1, 12);
    assert_true(state_batch(&shop->state, name_in(shop, "S-1"))->closed);
    assert_true(ask(shop, "{'command':'approve_sample','product':'desk_hook','name':'pp_sample','"
                          "meaning':'as drawn'}"));
}

static inline const struct batch *batch_of(struct trial *shop, const char *name)
{
    return state_batch(&shop->state, name_in(shop, name));
}

static inline const struct order_line *line_of(struct trial *shop, const char *order,
                                               const char *line)
{
    return state_line(&shop->state, name_in(shop, order), name_in(shop, line));
}

/* A shop that may produce, with a batch B-1 of so many pieces for order 1001, of which so many were ordered. */
static inline void open_with_batch(struct trial *shop, struct trial_spec *hook, int ordered,
                                   int count)
{
    trial_open(shop, hook, 1);
    prepare(shop);
    sample_and_approve(shop);
    assert_true(ask(shop,
                    "{'command':'take_line','order':'1001','line':'1','product':'desk_hook',"
                    "'sku':'DH-100-black-small','count':%d,'price':'24.00 USD'}",
                    ordered));
    assert_true(ask(shop, "{'command':'open_batch','batch':'B-1','product':'desk_hook',"
                          "'purpose':'production'}"));
    assert_true(ask(shop,
                    "{'command':'add_units','batch':'B-1','sku':'DH-100-black-small','count':%d,"
                    "'order':'1001','line':'1'}",
                    count));
}

#endif
