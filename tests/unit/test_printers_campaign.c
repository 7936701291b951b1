/* A print is started exactly once, or handed to a person, whatever happens: random schedules of faults, of people at the
   printer and of our own restarts, against a double of each protocol. FLOW_SCHEDULES is how many of each (10000 for the
   campaign); FLOW_SCHEDULE a single one, told step by step; FLOW_PROTOCOL the only
   protocol. */
#include "printers/run.h"

#include "sim/twin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ATTEMPTS = 3,
    INCIDENTS_AT_MOST = 8,
    BAMBU_HANGS_ONE_IN = 40,
    BAMBU_BEGINS_MS = 60000,
    SCHEDULES = 250,
    STEPS_AT_MOST = 200000
};

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
    struct twin_incident incidents[INCIDENTS_AT_MOST];
    int faults; /* in 100 calls */
    bool told;
    uint64_t schedule;
    struct errand errand;
    char name[TWIN_NAME_SIZE], reply[3000];
    struct run run;
    bool durable; /* the intent is */
    bool skips;   /* looks that show nothing new, as a simulated farm does */
    int64_t same_until_ms;
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
    bool klipper = twin_is(twin, &protocol_moonraker);
    if (!is_start(trial) || twin_works(twin) || !twin_server_is_up(twin) ||
        !twin_machine_is_ready(twin))
        return;
    snprintf(twin->late, sizeof twin->late, "%s", trial->name);
    twin->late_ms = twin->now_ms + between(1000, klipper ? 150000 : 12000);
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
        return twin_is(twin, &protocol_moonraker)
                   ? twin_answer(twin, 400, "{\"error\":{\"message\":\"SD busy\"}}")
                   : twin_answer(twin, 409, "{\"error\":\"busy\"}");
    if (fault == FAULT_5XX_BEFORE)
        return twin_answer(twin, chance(2) ? 503 : 500, "<html>no</html>");
    int status = twin_says(twin, call, &trial->errand);
    if (fault == FAULT_TWICE)
        status = twin_says(twin, call, &trial->errand);
    if (fault == FAULT_5XX_AFTER)
        return twin_answer(twin, 502, "<html>bad gateway</html>");
    if (fault == FAULT_GARBAGE)
        return twin_answer(twin, 200, "<html>log in</html>");
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
    twin_advance(twin, twin->now_ms + between(1, fault == FAULT_SLOW ? 8000 : 60));
    if (!twin_server_is_up(twin) || fault == FAULT_REFUSED) {
        reply.never_left = true;
        return reply;
    }
    bool reached = twin_is_in_reach(twin);
    int64_t killed_before = twin->server_until;
    if (reached)
        reply.status = do_it(trial, call, fault);
    if (reply.status < 0) {
        reply = (struct reply){.never_left = true};
        return reply;
    }
    if (reached && fault == FAULT_LATE)
        start_late(trial);
    trial->same_until_ms = twin_next_change(twin);
    snprintf(trial->reply, sizeof trial->reply, "%s", buffer_text(&twin->body));
    int64_t wait_ms = !reached || silent    ? (call_kind(call) == CALL_ASKS ? 8000 : 40000)
                      : fault == FAULT_SLOW ? between(1, 25000)
                                            : between(1, 60);
    twin_advance(twin, twin->now_ms + wait_ms);
    if (twin->server_until != killed_before) /* killed with our call in hand */
        reply.status = 0;
    if (!reply.status) /* a connection over which an answer did not come is left */
        twin->linked = false;
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
                      !twin_is_in_reach(&trial->twin));
}

/* We were killed: what is not durable is gone. */
static void come_back(struct trial *trial)
{
    twin_pass_restart(&trial->twin);
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
        twin_advance(twin, twin->now_ms + between(1, chance(50) ? 20 : 5000));
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
        if (trial->skips)
            run_skip_looks(&trial->run, trial->same_until_ms,
                           twin->hand == HAND_PRINTING && !twin->stuck);
        twin_advance(twin, trial->run.wake_ms);
    }
    if (twin->restart_ms)
        come_back(trial);
    return true;
}

static void attempt(struct trial *trial, int number)
{
    const char *suffix = trial->twin.protocol->suffix;
    snprintf(trial->name, sizeof trial->name, "flow-%d%s", number, suffix ? suffix : ".gcode");
    trial->errand = (struct errand){
        .name = trial->name, .size = 1406, .sha1 = "c0ffee", .sha256 = "5ha256", .md5 = "md5"};
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
    trial->skips = schedule % 2;
    twin->protocol = protocol;
    twin->incidents = trial->incidents;
    twin->hangs_one_in = BAMBU_HANGS_ONE_IN;
    twin->begins_within_ms = BAMBU_BEGINS_MS;
    twin->now_ms = 1000000;
    twin->print_ms = between(60000, 900000);
    twin->hand = (enum twin_hand)(schedule && chance(4) == 0 ? chance(5) : 0);
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
        enum twin_incident_kind kind = (enum twin_incident_kind)chance(INCIDENT_KIND_COUNT);
        if (kind == PERSON_PAUSES) /* after a print began: nobody is faster */
            at_ms += 5000;
        if (kind == GETS_STUCK && chance(10))
            kind = NETWORK_LOST;
        bool person_acts = kind == PERSON_STARTS;
        int64_t length_ms = person_acts      ? between(60000, 600000)
                            : chance(2) == 0 ? between(5000, 20000)
                                             : between(20000, 900000);
        trial->incidents[i] = (struct twin_incident){kind, at_ms, length_ms};
    }
}

struct tally {
    int ends[RUN_STAGE_COUNT];
    int quiet_finished, calls;
};

static void check(struct trial *trial, uint64_t schedule)
{
    int starts = 0, good = 0, bad = 0;
    for (int i = 0; i < trial->twin.file_count; i++)
        if (strncmp(trial->twin.files[i].name, "flow-", 5) == 0) {
            starts += trial->twin.files[i].starts;
            good += trial->twin.files[i].good;
            bad += trial->twin.files[i].bad;
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
        twin_advance(&trial.twin, trial.twin.now_ms + between(1000, 300000));
    }
    enum run_stage end = trial.run.stage;
    twin_advance(&trial.twin, trial.twin.now_ms + 3600 * 1000); /* what comes late, comes */
    check(&trial, schedule);
    tally->ends[end]++;
    tally->calls += trial.calls;
    twin_close(&trial.twin);
}

static void campaign(const struct protocol *protocol)
{
    const char *count_text = getenv("FLOW_SCHEDULES"), *single = getenv("FLOW_SCHEDULE"),
               *only = getenv("FLOW_PROTOCOL");
    uint64_t count = count_text ? strtoull(count_text, NULL, 10) : SCHEDULES;
    struct tally tally = {0};
    if (only && strcmp(only, protocol->name) != 0)
        skip();
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

static void test_bambu(void **unused)
{
    (void)unused;
    campaign(&protocol_bambu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_octoprint), cmocka_unit_test(test_moonraker),
        cmocka_unit_test(test_prusalink), cmocka_unit_test(test_bambu)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
