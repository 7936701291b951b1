/* A print is started exactly once, or handed to a person, whatever happens: random schedules of faults, of people at the
   printer and of our own restarts, against a double of each protocol. FLOW_SCHEDULES is how many of each (10000 for the
   campaign); FLOW_SCHEDULE a single one, told step by step. */
#include "printers/run.h"

#include "printer_double.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ATTEMPTS = 3, SCHEDULES = 250, STEPS_AT_MOST = 200000 };

/* ---- chance ---- */

static uint64_t chance_state;

static uint64_t chance(uint64_t below)
{
    chance_state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % below;
}

static int64_t between(int64_t low, int64_t high)
{
    return low + (int64_t)chance((uint64_t)(high - low + 1));
}

/* ---- a trial: one print wanted ---- */

struct trial {
    struct twin twin;
    int faults; /* in 100 calls */
    bool told;
    uint64_t schedule;
    struct errand errand;
    char name[40], reply[3000];
    struct run run;
    bool durable; /* the intent is */
    int calls;
};

enum fault {
    FAULT_NONE,
    FAULT_REFUSED,     /* nobody listens */
    FAULT_LOST_BEFORE, /* the call, quickly */
    FAULT_LOST_AFTER,  /* the answer, quickly */
    FAULT_SILENT_BEFORE,
    FAULT_SILENT_AFTER, /* the same, given up after the time-out */
    FAULT_LATE,         /* given up, and carried out afterwards */
    FAULT_SLOW,
    FAULT_BUSY,       /* 409, or 400, and not done */
    FAULT_5XX_BEFORE, /* by something in between */
    FAULT_5XX_AFTER,
    FAULT_TWICE,   /* something in between asks twice, and gives the second answer */
    FAULT_GARBAGE, /* a page of something else */
    FAULT_COUNT
};

static bool is_start(const struct trial *trial)
{
    return trial->run.stage == RUN_START;
}

/* A start that waits inside: behind what Klipper does, which it says; behind a lock elsewhere. */
static void start_late(struct trial *trial)
{
    struct twin *twin = &trial->twin;
    bool klipper = is_kind(twin, &protocol_moonraker);
    if (!is_start(trial) || in_work(twin) || !server_sees(twin) || !machine_ready(twin))
        return;
    snprintf(twin->late, sizeof twin->late, "%s", trial->name);
    twin->late_ms = twin->now_ms + between(1000, klipper ? 150000 : 12000);
}

static bool in_reach(const struct twin *twin)
{
    return server_sees(twin) && twin->now_ms >= twin->network_until;
}

static bool loses(enum fault fault)
{
    return fault == FAULT_LOST_BEFORE || fault == FAULT_SILENT_BEFORE || fault == FAULT_LATE;
}

/* The deed, at the other end. */
static int do_it(struct trial *trial, const struct call *call, enum fault fault)
{
    struct twin *twin = &trial->twin;
    if (loses(fault))
        return 0;
    if (fault == FAULT_BUSY && is_start(trial))
        return is_kind(twin, &protocol_moonraker)
                   ? answer(twin, 400, "{\"error\":{\"message\":\"SD busy\"}}")
                   : answer(twin, 409, "{\"error\":\"busy\"}");
    if (fault == FAULT_5XX_BEFORE)
        return answer(twin, chance(2) ? 503 : 500, "<html>no</html>");
    int status = twin_says(twin, call, &trial->errand);
    if (fault == FAULT_TWICE)
        status = twin_says(twin, call, &trial->errand);
    if (fault == FAULT_5XX_AFTER)
        return answer(twin, 502, "<html>bad gateway</html>");
    if (fault == FAULT_GARBAGE)
        return answer(twin, 200, "<html>log in</html>");
    return fault == FAULT_LOST_AFTER || fault == FAULT_SILENT_AFTER ? 0 : status;
}

static struct reply make_call(struct trial *trial, const struct call *call)
{
    struct twin *twin = &trial->twin;
    struct reply reply = {0};
    enum fault fault =
        (int)chance(100) < trial->faults ? (enum fault)chance(FAULT_COUNT) : FAULT_NONE;
    bool silent =
        fault == FAULT_SILENT_BEFORE || fault == FAULT_SILENT_AFTER || fault == FAULT_LATE;
    trial->calls++;
    advance(twin, twin->now_ms + between(1, fault == FAULT_SLOW ? 8000 : 60));
    if (!server_sees(twin) || fault == FAULT_REFUSED) {
        reply.never_left = true;
        return reply;
    }
    bool reached = in_reach(twin);
    int64_t killed_before = twin->server_until;
    if (reached)
        reply.status = do_it(trial, call, fault);
    if (reached && fault == FAULT_LATE)
        start_late(trial);
    snprintf(trial->reply, sizeof trial->reply, "%s", buffer_text(&twin->body));
    int64_t wait_ms = !reached || silent    ? (call_kind(call) == CALL_ASKS ? 8000 : 40000)
                      : fault == FAULT_SLOW ? between(1, 25000)
                                            : between(1, 60);
    advance(twin, twin->now_ms + wait_ms);
    if (twin->server_until != killed_before) /* killed with our call in hand */
        reply.status = 0;
    reply.body = trial->reply;
    reply.length = reply.status ? strlen(trial->reply) : 0;
    return reply;
}

static void tell(const struct trial *trial, const char *what)
{
    if (trial->told)
        print_message("%10lld %-12s %-20s hand %d %s shown %s late %s down %d\n",
                      (long long)trial->twin.now_ms, what, run_stage_words[trial->run.stage],
                      (int)trial->twin.hand, trial->twin.file, trial->twin.shown, trial->twin.late,
                      !in_reach(&trial->twin));
}

/* We were killed: what is not durable is gone. */
static void come_back(struct trial *trial)
{
    int64_t away_ms = trial->twin.restart_ms;
    trial->twin.restart_ms = 0;
    advance(&trial->twin, trial->twin.now_ms + away_ms);
    if (trial->durable)
        run_resume(&trial->run, trial->twin.protocol, &trial->errand, trial->twin.now_ms);
    else
        run_begin(&trial->run, trial->twin.protocol, &trial->errand, trial->twin.now_ms);
    tell(trial, "we are back");
}

/* One step; false where the run is over. */
static bool step(struct trial *trial)
{
    struct call call;
    struct twin *twin = &trial->twin;
    enum run_wish wish = run_next(&trial->run, twin->now_ms, &call);
    if (wish == WISH_OVER)
        return false;
    if (wish == WISH_INTENT) {
        trial->durable = true;
        advance(twin, twin->now_ms + between(1, chance(50) ? 20 : 5000));
        if (!twin->restart_ms)
            run_intended(&trial->run, twin->now_ms);
    } else if (wish == WISH_CALL) {
        tell(trial, call.path);
        struct reply reply = make_call(trial, &call);
        if (!twin->restart_ms)
            run_heard(&trial->run, twin->now_ms, &reply);
        if (trial->told)
            print_message("%10lld -> %d %.150s\n", (long long)twin->now_ms, reply.status,
                          reply.length ? reply.body : "");
    } else {
        assert_false(trial->run.called);
        assert_true(trial->run.wake_ms > twin->now_ms);
        advance(twin, trial->run.wake_ms);
    }
    if (twin->restart_ms)
        come_back(trial);
    return true;
}

static void attempt(struct trial *trial, int number)
{
    snprintf(trial->name, sizeof trial->name, "flow-%d.gcode", number);
    trial->errand = (struct errand){trial->name, 1406, "c0ffee", "5ha256"};
    trial->durable = false;
    run_begin(&trial->run, trial->twin.protocol, &trial->errand, trial->twin.now_ms);
    for (int again = 0; again < 2; again++) {
        int steps = 0;
        while (step(trial))
            if (++steps > STEPS_AT_MOST)
                fail_msg("schedule %llu does not end: %s", (unsigned long long)trial->schedule,
                         run_stage_words[trial->run.stage]);
        tell(trial, trial->run.why);
        if (again || !trial->schedule || chance(10))
            break;
        trial->twin.restart_ms = between(1000, 600000); /* before the end was written down */
        come_back(trial);
    }
}

static void draw(struct trial *trial, const struct protocol *protocol, uint64_t schedule)
{
    struct twin *twin = &trial->twin;
    static const int rates[] = {0, 3, 10, 30};
    chance_state = schedule * 2654435761u + (uint64_t)protocol->name[0];
    *trial = (struct trial){.schedule = schedule, .faults = schedule ? rates[chance(4)] : 0};
    twin->protocol = protocol;
    twin->now_ms = 1000000;
    twin->print_ms = between(60000, 900000);
    twin->hand = (enum hand)(schedule && chance(4) == 0 ? chance(5) : 0);
    if (twin->hand != HAND_IDLE) { /* what somebody had in hand before */
        snprintf(twin->file, sizeof twin->file, "older.gcode");
        snprintf(twin->shown, sizeof twin->shown, "older.gcode");
        twin->ends_ms = twin->now_ms + twin->print_ms;
        twin->left_ms = twin->print_ms;
    }
    twin->incident_count = schedule ? (int)chance(INCIDENTS_AT_MOST) : 0;
    int64_t at_ms = twin->now_ms;
    for (int i = 0; i < twin->incident_count; i++) {
        at_ms += chance(2) ? between(1, 9000) : between(1, 400000);
        enum incident_kind kind = (enum incident_kind)chance(INCIDENT_KIND_COUNT);
        if (kind == PERSON_PAUSES) /* after a print began: nobody is faster */
            at_ms += 5000;
        if (kind == GETS_STUCK && chance(10))
            kind = NETWORK_LOST;
        bool person_acts = kind == PERSON_STARTS;
        int64_t length_ms = person_acts      ? between(60000, 600000)
                            : chance(2) == 0 ? between(5000, 20000)
                                             : between(20000, 900000);
        twin->incidents[i] = (struct incident){kind, at_ms, length_ms};
    }
}

struct tally {
    int ends[RUN_STAGE_COUNT];
    int quiet_finished, calls;
};

static void check(struct trial *trial, uint64_t schedule)
{
    int starts = 0, good = 0, bad = 0;
    for (int i = 0; i < trial->twin.kept_count; i++)
        if (strncmp(trial->twin.kept[i].name, "flow-", 5) == 0) {
            starts += trial->twin.kept[i].starts;
            good += trial->twin.kept[i].good;
            bad += trial->twin.kept[i].bad;
        }
    enum run_stage end = trial->run.stage;
    bool right = starts <= 1 && trial->twin.destroyed == 0 && (end != RUN_FINISHED || good == 1) &&
                 (end != RUN_FAILED || bad == 1) &&
                 ((end != RUN_NOT_STARTED && end != RUN_REFUSED) || starts == 0);
    if (!right)
        fail_msg("schedule %llu of %s: %s after %d starts, %d good, %d bad, %d destroyed: %s",
                 (unsigned long long)schedule, trial->twin.protocol->name, run_stage_words[end],
                 starts, good, bad, trial->twin.destroyed, trial->run.why);
}

static void try_schedule(const struct protocol *protocol, uint64_t schedule, bool told,
                         struct tally *tally)
{
    static struct trial trial;
    draw(&trial, protocol, schedule);
    trial.told = told;
    for (int number = 1; number <= ATTEMPTS; number++) {
        attempt(&trial, number);
        if (trial.run.stage != RUN_NOT_STARTED)
            break;
        advance(&trial.twin, trial.twin.now_ms + between(1000, 300000));
    }
    enum run_stage end = trial.run.stage;
    advance(&trial.twin, trial.twin.now_ms + 3600 * 1000); /* what comes late, comes */
    check(&trial, schedule);
    tally->ends[end]++;
    tally->calls += trial.calls;
    buffer_free(&trial.twin.body);
}

static void campaign(const struct protocol *protocol)
{
    const char *count_text = getenv("FLOW_SCHEDULES"), *single = getenv("FLOW_SCHEDULE");
    uint64_t count = count_text ? strtoull(count_text, NULL, 10) : SCHEDULES;
    struct tally tally = {0};
    if (single) {
        try_schedule(protocol, strtoull(single, NULL, 10), true, &tally);
        return;
    }
    try_schedule(protocol, 0, false, &tally); /* without any fault */
    assert_int_equal(tally.ends[RUN_FINISHED], 1);
    for (uint64_t schedule = 1; schedule <= count; schedule++)
        try_schedule(protocol, schedule, false, &tally);
    print_message("%s: %llu schedules, %d calls: %d finished, %d failed, %d not started, %d "
                  "refused, %d handed to a person\n",
                  protocol->name, (unsigned long long)count, tally.calls, tally.ends[RUN_FINISHED],
                  tally.ends[RUN_FAILED], tally.ends[RUN_NOT_STARTED], tally.ends[RUN_REFUSED],
                  tally.ends[RUN_UNKNOWN]);
    /* Not by handing everything to people. PrusaLink keeps nothing of a job that is over: it has the most questions. */
    assert_true(count < 100 || tally.ends[RUN_FINISHED] > (int)count / 5);
}

static void test_octoprint(void **unused)
{
    (void)unused;
    campaign(&protocol_octoprint);
}

static void test_moonraker(void **unused)
{
    (void)unused;
    campaign(&protocol_moonraker);
}

static void test_prusalink(void **unused)
{
    (void)unused;
    campaign(&protocol_prusalink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_octoprint),
                                       cmocka_unit_test(test_moonraker),
                                       cmocka_unit_test(test_prusalink)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
