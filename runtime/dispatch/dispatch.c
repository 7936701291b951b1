#include "dispatch/private.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 2000, LOOK_EVERY_MS = 1000 };

bool farm_does(struct dispatch *dispatch, struct message *command)
{
    const struct message_row *row = &message_rows[command->kind];
    struct answer answer;
    struct failure failure;

    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole && !command->cells[i].text)
            command->cells[i].text = "";
    bool good = shop_do(dispatch->shop, NULL, THE_FARM, command, &answer, &failure);
    if (dispatch->counter.answered)
        dispatch->counter.answered(command->kind, good ? &answer : NULL, dispatch->counter.data);
    if (!good) {
        fprintf(stderr, "flowd: %s\n", failure.message);
        return false;
    }
    if (!answer.accepted)
        fprintf(stderr, "flowd: %s: %s\n", row->name, answer.refusal);
    return answer.accepted;
}

const struct job *job_of_bay(const struct dispatch *dispatch, const struct bay *bay)
{
    return state_job(shop_state(dispatch->shop), bay->job);
}

/* ---- ends ---- */

/* A printer that fails too often gets nothing more until a person put it back. */
static void look_at_health(struct dispatch *dispatch, const struct bay *bay)
{
    const struct farm *farm = &dispatch->farm;
    const struct printer *printer = state_printer(shop_state(dispatch->shop), bay->name);
    int failures = printer ? printer_failures(printer, farm->out_of_last) : 0;
    char why[80];

    if (!farm->out_failures || failures < farm->out_failures || printer->out)
        return;
    snprintf(why, sizeof why, "%d of its last %d attempts came to nothing", failures,
             farm->out_of_last);
    struct message command = {.kind = COMMAND_take_out};
    command.take_out = (struct take_out){bay->name, why};
    farm_does(dispatch, &command);
}

void write_end(struct dispatch *dispatch, struct bay *bay)
{
    const struct job *job = job_of_bay(dispatch, bay);
    struct message command = {.kind = COMMAND_end_attempt};
    bool finished = strcmp(bay->ended, "finished") == 0;

    command.end_attempt =
        (struct end_attempt){bay->job, bay->ended, bay->percent, finished ? "" : bay->why};
    /* one that was never begun in the journal just waits again */
    bool written = job->stage == JOB_WAITING || farm_does(dispatch, &command) ||
                   !job_is_under_way(job) || job->stage == JOB_ASKED;
    if (!written)
        return;
    bay->job = bay->ended = NULL;
    bay->fresh = false;
    bay->free_ms = 0;
    dispatch->looks = true;
    look_at_health(dispatch, bay);
    if (finished && bay->printer->ejects) {
        struct message empty = {.kind = COMMAND_empty_plate};
        empty.empty_plate.printer = bay->name;
        farm_does(dispatch, &empty);
    }
}

/* ---- a turn ---- */

int dispatch_turn(struct dispatch *dispatch)
{
    int64_t now_ms = clock_steady_ms();
    int wait_ms = driver_turn(dispatch->driver, 0);

    if (now_ms >= dispatch->look_ms) {
        dispatch->look_ms = now_ms + LOOK_EVERY_MS;
        dispatch->looks = true;
        for (int i = 0; i < dispatch->farm.count; i++)
            if (dispatch->bays[i].ended)
                write_end(dispatch, &dispatch->bays[i]);
    }
    if (dispatch->looks) {
        dispatch->looks = false;
        dispatch_begin_jobs(dispatch);
        arena_clear(&dispatch->arena);
        wait_ms = 0; /* what was begun goes on at once */
    }
    int look_in_ms = (int)(dispatch->look_ms - now_ms);
    return wait_ms < look_in_ms ? wait_ms : look_in_ms;
}

int dispatch_descriptor(const struct dispatch *dispatch)
{
    return driver_descriptor(dispatch->driver);
}

/* ---- opening ---- */

static bool is_known(const struct printer *printer, int slot)
{
    const struct loaded_slot *one = printer ? printer->slots : NULL;
    while (one && one->slot != slot)
        one = one->next;
    return one != NULL;
}

static void take_loaded(struct dispatch *dispatch, const struct bay *bay)
{
    for (int i = 0; i < bay->printer->slot_count; i++) {
        const struct farm_slot *slot = &bay->printer->slots[i];
        char grams[32] = "";
        if (is_known(state_printer(shop_state(dispatch->shop), bay->name), slot->slot))
            continue;
        if (slot->left_mg >= 0)
            snprintf(grams, sizeof grams, "%lld.%03d", (long long)(slot->left_mg / 1000),
                     (int)(slot->left_mg % 1000));
        struct message command = {.kind = COMMAND_load_slot};
        command.load_slot =
            (struct load_slot){bay->name, slot->slot, slot->material, slot->lot, grams};
        farm_does(dispatch, &command);
    }
}

static void open_bays(struct dispatch *dispatch)
{
    dispatch->bays = memory_zeroed((size_t)dispatch->farm.count + 1, sizeof *dispatch->bays);
    for (int i = 0; i < dispatch->farm.count; i++) {
        struct bay *bay = &dispatch->bays[i];
        bay->printer = &dispatch->farm.printers[i];
        bay->name = shop_name(dispatch->shop, bay->printer->name);
        take_loaded(dispatch, bay);
    }
}

struct dispatch *dispatch_open(struct workshop *shop, const char *farm_path,
                               const struct dispatch_counter *counter, struct failure *failure)
{
    struct dispatch *dispatch = memory_zeroed(1, sizeof *dispatch);
    struct listener listener = dispatch_listener;

    dispatch->shop = shop;
    dispatch->counter = *counter;
    dispatch->chance = (uint64_t)clock_steady_ms() * 2 + 1;
    listener.data = dispatch;
    if (!farm_open(&dispatch->farm, farm_path, failure) ||
        !(dispatch->driver = driver_open(&dispatch->farm, &listener, POLL_MS, failure))) {
        farm_close(&dispatch->farm);
        free(dispatch);
        return NULL;
    }
    open_bays(dispatch);
    dispatch_take_up(dispatch);
    arena_clear(&dispatch->arena);
    shop_listen(shop, dispatch_hears_event, dispatch);
    dispatch->looks = true;
    return dispatch;
}

void dispatch_close(struct dispatch *dispatch)
{
    if (!dispatch)
        return;
    driver_close(dispatch->driver);
    farm_close(&dispatch->farm);
    free(dispatch->bays);
    arena_free(&dispatch->arena);
    free(dispatch);
}

/* ---- for who shows it ---- */

int dispatch_count(const struct dispatch *dispatch)
{
    return dispatch->farm.count;
}

struct printer_now dispatch_printer(const struct dispatch *dispatch, int index)
{
    const struct farm_printer *printer = &dispatch->farm.printers[index];
    const struct printer_report *report = driver_report(dispatch->driver, index);
    struct printer_now now = {.printer = printer->name,
                              .machine = printer->machine,
                              .protocol = printer->protocol->name,
                              .state = printer_state_words[report->state],
                              .by_hand = printer->by_hand,
                              .heating = report->heating,
                              .percent = report->progress < 0 ? -1 : (int)(100 * report->progress),
                              .remaining_s = report->remaining_s};
    snprintf(now.file, sizeof now.file, "%s", report->file);
    snprintf(now.message, sizeof now.message, "%s", report->message);
    return now;
}
