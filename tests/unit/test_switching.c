/* The switching rules of ISO 2859-1: worked examples, and random sequences of lots against the clauses read literally. */
#include "quality/sampling.h"
#include "quality/switching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: it takes the name fail for itself */

static struct sample aql(const char *number)
{
    struct sample sample = {.form = SAMPLE_AQL, .level = "II"};

    sample.number.kind = VALUE_NUMBER;
    assert_true(rational_parse(number, strlen(number), &sample.number.number));
    return sample;
}

/* Lots as letters: a accepted with the points given, n not accepted, r not accepted once more (presented again). */
static struct switching after(struct switching state, const char *lots, int points, bool steady)
{
    for (; *lots; lots++) {
        struct lot_result lot = {*lots == 'a', *lots == 'a' ? points : 0, *lots == 'r', steady,
                                 true};
        state = switching_next(&state, &lot);
    }
    return state;
}

static void assert_state(struct switching state, enum severity_of_inspection severity, int score,
                         enum switching_reason reason)
{
    assert_int_equal(state.severity, severity);
    assert_int_equal(state.score, score);
    assert_int_equal(state.reason, reason);
}

static const struct switching start;

static void two_of_five_tighten(void **unused)
{
    static const char *const tightens[] = {"nn", "nan", "naan", "naaan", "aaaanaaan", "naaaanan"};
    static const char *const does_not[] = {"n",           "naaaa", "naaaan", "aaaaaaaaan",
                                           "naaaanaaaan", "nr",    "rrrr"};

    (void)unused;
    for (size_t i = 0; i < sizeof tightens / sizeof tightens[0]; i++)
        assert_state(after(start, tightens[i], 2, true), INSPECTION_TIGHTENED, 0,
                     SWITCHING_TWO_OF_FIVE);
    for (size_t i = 0; i < sizeof does_not / sizeof does_not[0]; i++)
        assert_int_equal(after(start, does_not[i], 0, true).severity, INSPECTION_NORMAL);
}

static void five_in_a_row_return(void **unused)
{
    (void)unused;
    assert_state(after(start, "nnaaaa", 2, true), INSPECTION_TIGHTENED, 0, SWITCHING_GOES_ON);
    assert_state(after(start, "nnaaaaa", 2, true), INSPECTION_NORMAL, 0, SWITCHING_FIVE_ACCEPTED);
    assert_int_equal(after(start, "nnaaaanaaaa", 2, true).severity, INSPECTION_TIGHTENED);
    assert_int_equal(after(start, "nnaaaanaaaaa", 2, true).severity, INSPECTION_NORMAL);
    /* what was not accepted before is forgotten: one more on normal is one only */
    assert_int_equal(after(start, "nnaaaaan", 2, true).severity, INSPECTION_NORMAL);
    assert_int_equal(after(start, "nnaaaaanaan", 2, true).severity, INSPECTION_TIGHTENED);
}

static void the_fifth_on_tightened_ends_it(void **unused)
{
    struct switching state = after(start, "nnnaaaanaanan", 2, true);

    (void)unused;
    assert_int_equal(state.not_accepted, 4);
    assert_false(switching_is_discontinued(&state));
    state = after(state, "n", 2, true);
    assert_true(switching_is_discontinued(&state));
    assert_state(state, INSPECTION_TIGHTENED, 0, SWITCHING_DISCONTINUED);
    struct switching later = after(state, "aaaaaaaaaan", 3, true);
    assert_memory_equal(&later, &state, sizeof state);
    state = switching_resume(&state);
    assert_state(state, INSPECTION_TIGHTENED, 0, SWITCHING_RESUMED);
    assert_state(after(state, "aaaaa", 2, true), INSPECTION_NORMAL, 0, SWITCHING_FIVE_ACCEPTED);
}

static void a_score_of_thirty_reduces(void **unused)
{
    struct lot_result unwanted = {true, 3, false, true, false};

    (void)unused;
    assert_state(after(start, "aaaaaaaaa", 3, true), INSPECTION_NORMAL, 27, SWITCHING_GOES_ON);
    assert_state(after(start, "aaaaaaaaaa", 3, true), INSPECTION_REDUCED, 0, SWITCHING_SCORE);
    assert_state(after(start, "aaaaaaaaaaaaaa", 2, true), INSPECTION_NORMAL, 28, SWITCHING_GOES_ON);
    assert_state(after(start, "aaaaaaaaaaaaaaa", 2, true), INSPECTION_REDUCED, 0, SWITCHING_SCORE);
    assert_state(after(start, "aaaaaaaaanaaa", 3, true), INSPECTION_NORMAL, 9, SWITCHING_GOES_ON);
    assert_int_equal(after(start, "aaaaaaaaaa", 0, true).score, 0);
    struct switching waiting = after(start, "aaaaaaaaaaaa", 3, false);
    assert_state(waiting, INSPECTION_NORMAL, 36, SWITCHING_GOES_ON);
    assert_int_equal(switching_next(&waiting, &unwanted).severity, INSPECTION_NORMAL);
    assert_state(after(waiting, "a", 3, true), INSPECTION_REDUCED, 0, SWITCHING_SCORE);
}

static void reduced_ends_at_once(void **unused)
{
    struct switching reduced = after(start, "aaaaaaaaaa", 3, true);
    struct lot_result unwanted = {true, 2, false, true, false};

    (void)unused;
    assert_state(after(reduced, "aaaaaaaa", 2, true), INSPECTION_REDUCED, 0, SWITCHING_GOES_ON);
    assert_state(after(reduced, "aan", 2, true), INSPECTION_NORMAL, 0,
                 SWITCHING_REDUCED_NOT_ACCEPTED);
    assert_state(after(reduced, "a", 2, false), INSPECTION_NORMAL, 0, SWITCHING_REDUCED_UNSTEADY);
    assert_state(switching_next(&reduced, &unwanted), INSPECTION_NORMAL, 0,
                 SWITCHING_REDUCED_UNWANTED);
    assert_state(after(reduced, "rr", 2, true), INSPECTION_REDUCED, 0, SWITCHING_NOT_COUNTED);
}

/* ---- the points of a lot ---- */

static struct lot_result judged(const struct sample *sample, enum severity_of_inspection severity,
                                long lot, long found)
{
    struct lot_result result = {0};
    struct failure failure;

    assert_true(switching_judge(sample, severity, lot, found, &result, &failure));
    return result;
}

static void assert_judged(const char *number, long lot, long found, bool accepted, int points)
{
    struct sample sample = aql(number);
    struct lot_result result = judged(&sample, INSPECTION_NORMAL, lot, found);

    assert_int_equal(result.accepted, accepted);
    assert_int_equal(result.points, points);
}

static void points_come_from_the_tables(void **unused)
{
    (void)unused;
    /* J, n 80: AQL 1.0 has Ac 2, 0.65 has Ac 1 */
    assert_judged("1.0", 1000, 0, true, 3);
    assert_judged("1.0", 1000, 1, true, 3);
    assert_judged("1.0", 1000, 2, true, 0);
    assert_judged("1.0", 1000, 3, false, 0);
    /* H, n 50: AQL 1.0 has Ac 1; F, n 20: AQL 0.65 has Ac 0 */
    assert_judged("1.0", 500, 1, true, 2);
    assert_judged("1.0", 500, 2, false, 0);
    assert_judged("0.65", 200, 0, true, 2);
    assert_judged("0.65", 200, 1, false, 0);
    /* K, n 125: AQL 4.0 has Ac 10, 2.5 has Ac 7 */
    assert_judged("4.0", 1500, 7, true, 3);
    assert_judged("4.0", 1500, 8, true, 0);
    /* K at AQL 100 goes up to E, n 13; at 65 to F, n 20: what is found in 13 says nothing of 20 */
    assert_judged("100", 1201, 0, true, 0);
}

static void other_plans_do_not_switch(void **unused)
{
    struct sample zero = aql("1.0");
    struct lot_result result;

    (void)unused;
    assert_true(sample_switches(&zero));
    zero.form = SAMPLE_ZERO_AQL;
    assert_false(sample_switches(&zero));
    result = judged(&zero, INSPECTION_NORMAL, 100, 0);
    assert_true(result.accepted);
    assert_int_equal(result.points, 0);
    assert_false(judged(&zero, INSPECTION_NORMAL, 100, 1).accepted);
}

/* The same lots from start to end, with a real plan: AQL 1.0, lots of 1000 (normal 80/2, tightened 80/1, reduced 32/1). */
static void a_year_of_lots(void **unused)
{
    static const struct {
        long found;
        enum severity_of_inspection severity; /* before it */
        bool accepted;
    } lots[] = {
        {0, INSPECTION_NORMAL, true},    {3, INSPECTION_NORMAL, false},
        {2, INSPECTION_NORMAL, true},    {4, INSPECTION_NORMAL, false},
        {1, INSPECTION_TIGHTENED, true}, {2, INSPECTION_TIGHTENED, false},
        {0, INSPECTION_TIGHTENED, true}, {1, INSPECTION_TIGHTENED, true},
        {0, INSPECTION_TIGHTENED, true}, {0, INSPECTION_TIGHTENED, true},
        {1, INSPECTION_TIGHTENED, true}, {1, INSPECTION_NORMAL, true},
        {2, INSPECTION_NORMAL, true},    {0, INSPECTION_NORMAL, true},
        {1, INSPECTION_NORMAL, true},    {0, INSPECTION_NORMAL, true},
        {0, INSPECTION_NORMAL, true},    {0, INSPECTION_NORMAL, true},
        {0, INSPECTION_NORMAL, true},    {0, INSPECTION_NORMAL, true},
        {1, INSPECTION_NORMAL, true},    {0, INSPECTION_NORMAL, true},
        {0, INSPECTION_NORMAL, true},    {1, INSPECTION_REDUCED, true},
        {2, INSPECTION_REDUCED, false},  {0, INSPECTION_NORMAL, true},
    };
    struct sample sample = aql("1.0");
    struct switching state = start;

    (void)unused;
    for (size_t i = 0; i < sizeof lots / sizeof lots[0]; i++) {
        assert_int_equal(state.severity, lots[i].severity);
        struct lot_result lot = judged(&sample, lots[i].severity, 1000, lots[i].found);
        assert_int_equal(lot.accepted, lots[i].accepted);
        lot.steady = lot.reduced_wanted = true;
        state = switching_next(&state, &lot);
    }
    assert_state(state, INSPECTION_NORMAL, 3, SWITCHING_GOES_ON);
}

static void assert_words(struct switching state, const char *expected)
{
    struct buffer text = {0};

    switching_words(&text, &state);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void every_state_has_its_sentence(void **unused)
{
    (void)unused;
    assert_words(start, "Normal inspection: the score is 0, reduced inspection may begin at 30.");
    assert_words(
        after(start, "nn", 0, true),
        "Tightened inspection: two of five lots in a row, or of fewer, were not accepted.");
    assert_words(
        after(start, "nnnaa", 0, true),
        "Tightened inspection: 2 of 5 lots in a row accepted for the return to normal; 1 of "
        "5 not accepted before inspection by sample is discontinued.");
    assert_words(after(start, "nnnnnnn", 0, true),
                 "Inspection by sample is discontinued: 5 lots were not accepted on tightened "
                 "inspection. Look at every unit until the cause is found and removed.");
    assert_words(after(start, "aaaaaaaaaa", 3, true),
                 "Reduced inspection: the score has reached 30, and production is steady.");
    assert_words(
        after(start, "aaaaaaaaaa", 3, false),
        "Normal inspection: the score is 30, enough for reduced inspection once production "
        "is steady and whoever answers for quality agrees.");
}

/* ---- against the clauses, read literally over the whole history ---- */

enum { LOTS = 300 };

struct history {
    int count;
    struct lot_result lots[LOTS];
    int begun; /* the first lot of the severity that holds */
    bool ended;
};

static int not_accepted_between(const struct history *history, int from, int to)
{
    int count = 0;

    for (int i = from; i < to; i++)
        count += !history->lots[i].accepted;
    return count;
}

static int naive_score(const struct history *history)
{
    int score = 0;

    for (int i = history->begun; i < history->count; i++)
        score = history->lots[i].points > 0 && history->lots[i].accepted
                    ? score + history->lots[i].points
                    : 0;
    return score;
}

/* What holds for the next lot; the last of the history was inspected with `now`. */
static enum severity_of_inspection naive_next(struct history *history,
                                              enum severity_of_inspection now)
{
    const struct lot_result *last = &history->lots[history->count - 1];
    int begun = history->begun;
    int count = history->count;

    if (now == INSPECTION_REDUCED)
        return last->accepted && last->steady && last->reduced_wanted ? INSPECTION_REDUCED
                                                                      : INSPECTION_NORMAL;
    if (now == INSPECTION_TIGHTENED) {
        history->ended = not_accepted_between(history, begun, count) == 5;
        bool five = count - begun >= 5 && not_accepted_between(history, count - 5, count) == 0;
        return five ? INSPECTION_NORMAL : INSPECTION_TIGHTENED;
    }
    int from = count - 5 > begun ? count - 5 : begun;
    if (not_accepted_between(history, from, count) >= 2)
        return INSPECTION_TIGHTENED;
    return naive_score(history) >= 30 && last->steady && last->reduced_wanted ? INSPECTION_REDUCED
                                                                              : INSPECTION_NORMAL;
}

static uint64_t seed = 20;

static unsigned dice(unsigned sides)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(seed >> 33) % sides;
}

static void random_lots_obey_the_clauses(void **unused)
{
    int seen[3] = {0};
    int ended = 0;

    (void)unused;
    for (int run = 0; run < 2000; run++) {
        struct history history = {0};
        struct switching state = start;
        enum severity_of_inspection now = INSPECTION_NORMAL;
        unsigned bad_in = 2 + dice(30);
        while (history.count < LOTS && !history.ended) {
            bool accepted = dice(bad_in) > 0;
            struct lot_result lot = {accepted, accepted && dice(12) ? 2 + (int)dice(2) : 0,
                                     dice(9) == 0, dice(20) > 0, dice(25) > 0};
            state = switching_next(&state, &lot);
            if (lot.resubmitted)
                continue;
            history.lots[history.count++] = lot;
            enum severity_of_inspection next = naive_next(&history, now);
            if (next != now)
                history.begun = history.count;
            now = next;
            seen[now]++;
            assert_int_equal(state.severity, now);
            assert_int_equal(switching_is_discontinued(&state), history.ended);
            if (now == INSPECTION_NORMAL)
                assert_int_equal(state.score, naive_score(&history));
        }
        ended += history.ended;
    }
    assert_true(seen[INSPECTION_NORMAL] > 10000 && seen[INSPECTION_TIGHTENED] > 10000 &&
                seen[INSPECTION_REDUCED] > 10000 && ended > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_of_five_tighten),
        cmocka_unit_test(five_in_a_row_return),
        cmocka_unit_test(the_fifth_on_tightened_ends_it),
        cmocka_unit_test(a_score_of_thirty_reduces),
        cmocka_unit_test(reduced_ends_at_once),
        cmocka_unit_test(points_come_from_the_tables),
        cmocka_unit_test(other_plans_do_not_switch),
        cmocka_unit_test(a_year_of_lots),
        cmocka_unit_test(every_state_has_its_sentence),
        cmocka_unit_test(random_lots_obey_the_clauses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
