#include "printers/driver.h"

#include "printers/bambu_line.h"
#include "printers/http.h"
#include "printers/news.h"
#include "printers/print_file.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    AWAY_AT_MOST_MS = 60000,
    HOLD_AT_MOST_S = 600,
    SLOTS_CHOSEN_AT_MOST = 64,
    TIDIED_AT_MOST = 8,
    TIDY_PAUSE_MS = 5000
};

typedef void begin_run(struct run *run, const struct protocol *protocol,
                       const struct errand *errand, int64_t now_ms);

struct seat {
    struct driver *driver;
    int index;
    struct line *line;
    struct news *news;  /* NULL: its server tells nothing by itself */
    int64_t hurried_ms; /* when it was last asked because of news */
    struct printer_report report, collecting;
    int report_call;
    int status; /* of the last call; -1: nobody listens */
    bool heard; /* anything, since we began */
    enum { FOR_REPORT, FOR_RUN, FOR_ORDER, FOR_TIDY } asks_for; /* the call that is on its way */
    int failures;    /* reports in a row that said nothing */
    int64_t due_ms;  /* the next report */
    int64_t hold_ms; /* it wants to be left alone until then */
    bool running;
    enum run_stage told;
    struct run run;
    struct print_file print;                            /* the errand's texts live here */
    int plate, slots[SLOTS_CHOSEN_AT_MOST], slot_count; /* chosen for it */
    char litter[PRINT_NAME_AT_MOST]; /* the file of a run that is over, which is to be taken away */
    int tidied;                      /* times that it was tried */
    int64_t tidy_ms;
    begin_run *begin; /* what to do once the file was read; NULL: it was done */
    bool ordering;
    struct print_order order;
    char order_name[PRINT_NAME_AT_MOST];
};

struct driver {
    const struct farm *farm;
    struct listener listener;
    int poll_ms;
    struct switchboard *board;
    struct seat *seats;
    bool stirred; /* something was heard, which may want an answer at once */
};

/* ---- reports ---- */

static const struct protocol *protocol_of(const struct seat *seat)
{
    return seat->driver->farm->printers[seat->index].protocol;
}

static void take_report(struct seat *seat, int64_t now_ms, const struct printer_report *report)
{
    const struct listener *listener = &seat->driver->listener;
    struct printer_report before = seat->report;
    bool away = report->state == PRINTER_OFFLINE || report->state == PRINTER_UNKNOWN;
    int64_t pause_ms = seat->driver->poll_ms;

    seat->report = *report;
    seat->heard = true;
    seat->failures = away ? seat->failures + 1 : 0;
    if (away) { /* not all at the same time again */
        pause_ms <<= seat->failures < 6 ? seat->failures : 6;
        pause_ms = pause_ms < AWAY_AT_MOST_MS ? pause_ms : AWAY_AT_MOST_MS;
        pause_ms = pause_ms / 2 + (int64_t)(listener->chance(listener->data) % (uint64_t)pause_ms);
    }
    seat->due_ms = now_ms + pause_ms;
    if (listener->reported)
        listener->reported(listener->data, seat->index, &before, &seat->report);
}

static void hear_report(struct seat *seat, int64_t now_ms, const struct reply *reply)
{
    struct call next = {.method = "GET"};
    bool more = protocol_of(seat)->hear_report(seat->report_call, reply, &seat->collecting);
    seat->report_call++;
    if (more && protocol_of(seat)->ask_report(seat->report_call, &next))
        return;
    seat->report_call = 0;
    take_report(seat, now_ms, &seat->collecting);
}

/* ---- runs ---- */

/* Where nobody knows whether it is being printed, the file stays. */
static void note_litter(struct seat *seat)
{
    if (!protocol_of(seat)->ask_tidy || seat->run.stage == RUN_UNKNOWN)
        return;
    memcpy(seat->litter, seat->print.name, sizeof seat->litter);
    seat->tidied = 0;
    seat->tidy_ms = 0;
}

static void tell_stage(struct seat *seat)
{
    const struct listener *listener = &seat->driver->listener;
    if (seat->told == seat->run.stage)
        return;
    seat->told = seat->run.stage;
    seat->running = !run_is_over(&seat->run);
    if (!seat->running) {
        print_file_close(&seat->print);
        seat->plate = seat->slot_count = 0;
        note_litter(seat);
    }
    if (listener->moved)
        listener->moved(listener->data, seat->index, &seat->run);
}

static void tell_order(struct seat *seat)
{
    const struct listener *listener = &seat->driver->listener;
    if (!print_order_is_over(&seat->order))
        return;
    seat->ordering = false;
    if (listener->ordered)
        listener->ordered(listener->data, seat->index, &seat->order);
}

static void hear(void *data, const struct reply *reply)
{
    struct seat *seat = data;
    int64_t now_ms = clock_steady_ms();
    seat->driver->stirred = true;
    long hold_s = reply->retry_after_s < HOLD_AT_MOST_S ? reply->retry_after_s : HOLD_AT_MOST_S;
    seat->status = reply->never_left ? -1 : reply->status;
    if (hold_s > 0 && (reply->status == 429 || reply->status == 503))
        seat->hold_ms = now_ms + hold_s * 1000;
    if (seat->asks_for == FOR_REPORT) {
        hear_report(seat, now_ms, reply);
        return;
    }
    if (seat->asks_for == FOR_ORDER) {
        print_order_heard(&seat->order, now_ms, reply);
        tell_order(seat);
        return;
    }
    if (seat->asks_for == FOR_TIDY) {
        if (reply->status > 0 || seat->tidied >= TIDIED_AT_MOST)
            *seat->litter = 0;
        return;
    }
    bool reports = seat->run.stage == RUN_PRINTING || seat->run.stage == RUN_CONFIRM;
    run_heard(&seat->run, now_ms, reply);
    if (reports && seat->run.report_call <= 0)
        take_report(seat, now_ms, &seat->run.report);
    tell_stage(seat);
}

/* What the run wants now; false where it waits. */
static bool serve_run(struct seat *seat, int64_t now_ms)
{
    const struct listener *listener = &seat->driver->listener;
    struct call call;
    enum run_wish wish = run_next(&seat->run, now_ms, &call);
    tell_stage(seat);
    if (wish == WISH_INTENT) {
        if (listener->intended(listener->data, seat->index, &seat->run))
            run_intended(&seat->run, clock_steady_ms());
        else
            run_not_intended(&seat->run);
        tell_stage(seat);
        return seat->running;
    }
    if (wish != WISH_CALL)
        return false;
    seat->asks_for = FOR_RUN;
    line_ask(seat->line, &call, seat->print.path, seat->print.name, hear, seat);
    return false;
}

/* Reads the file further, and begins the run when that is over; whether there is more to read. What is to be sent is durable
   before anything is. */
static bool prepare(struct seat *seat)
{
    const struct listener *listener = &seat->driver->listener;
    struct print_file *print = &seat->print;
    struct failure failure;

    if (print_file_read(print, &failure))
        return true;
    struct errand errand = {.name = print->name,
                            .size = print->size,
                            .sha1 = print->sha1,
                            .sha256 = print->sha256,
                            .md5 = print->md5,
                            .plate = seat->plate,
                            .slots = seat->slots,
                            .slot_count = seat->slot_count};
    bool anew = seat->begin == run_begin;
    seat->begin(&seat->run, protocol_of(seat), &errand, clock_steady_ms());
    seat->begin = NULL;
    if (*failure.message)
        run_refuse(&seat->run, failure.message);
    else if (anew && !listener->intended(listener->data, seat->index, &seat->run))
        run_not_intended(&seat->run);
    tell_stage(seat);
    return false;
}

static void ask_report(struct seat *seat)
{
    struct call call = {.method = "GET"};
    if (seat->report_call == 0)
        seat->collecting = unreported;
    protocol_of(seat)->ask_report(seat->report_call, &call);
    seat->asks_for = FOR_REPORT;
    line_ask(seat->line, &call, NULL, NULL, hear, seat);
}

static void tidy(struct seat *seat, int64_t now_ms)
{
    struct call call = {0};
    protocol_of(seat)->ask_tidy(&(struct errand){.name = seat->litter}, &call);
    seat->asks_for = FOR_TIDY;
    seat->tidied++;
    seat->tidy_ms = now_ms + TIDY_PAUSE_MS;
    line_ask(seat->line, &call, NULL, NULL, hear, seat);
}

/* Whether the order had a call to make. */
static bool serve_order(struct seat *seat, int64_t now_ms)
{
    struct call call;
    if (!seat->ordering || !print_order_next(&seat->order, now_ms, &call))
        return false;
    seat->asks_for = FOR_ORDER;
    line_ask(seat->line, &call, NULL, NULL, hear, seat);
    return true;
}

static int64_t sooner(const struct seat *seat, int64_t at_ms)
{
    return seat->ordering && seat->order.wake_ms < at_ms ? seat->order.wake_ms : at_ms;
}

/* When it is to be served next. */
static int64_t serve(struct seat *seat, int64_t now_ms)
{
    if (!seat->line || line_is_busy(seat->line)) /* none: it is never asked */
        return INT64_MAX;
    if (seat->begin && prepare(seat))
        return now_ms;
    if (now_ms < seat->hold_ms)
        return seat->hold_ms;
    /* A report that was begun is ended first. */
    if (seat->report_call == 0 && serve_order(seat, now_ms))
        return INT64_MAX;
    if (seat->running && seat->report_call == 0) {
        while (serve_run(seat, now_ms))
            now_ms = clock_steady_ms();
        return line_is_busy(seat->line) ? INT64_MAX
               : seat->running          ? sooner(seat, seat->run.wake_ms)
                                        : now_ms;
    }
    if (*seat->litter && seat->report_call == 0 && now_ms >= seat->tidy_ms) {
        tidy(seat, now_ms);
        return INT64_MAX;
    }
    if (seat->report_call == 0 && now_ms < seat->due_ms)
        return sooner(seat, seat->due_ms);
    ask_report(seat);
    return INT64_MAX;
}

int driver_turn(struct driver *driver, int wait_ms)
{
    enum { AT_MOST_MS = 1000 };
    int64_t now_ms = clock_steady_ms(), due_ms = now_ms + AT_MOST_MS;
    for (int i = 0; i < driver->farm->count; i++) {
        int64_t at_ms = serve(&driver->seats[i], now_ms);
        due_ms = at_ms < due_ms ? at_ms : due_ms;
    }
    now_ms = clock_steady_ms();
    int idle_ms = due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
    driver->stirred = false;
    switchboard_turn(driver->board, idle_ms < wait_ms ? idle_ms : wait_ms);
    return driver->stirred ? 0 : switchboard_sooner(driver->board, idle_ms);
}

int driver_descriptor(const struct driver *driver)
{
    return switchboard_descriptor(driver->board);
}

/* Something changed there: it is asked at once, but not again and again. */
static void hear_news(void *data)
{
    enum { HURRY_PAUSE_MS = 250 };
    struct seat *seat = data;
    int64_t now_ms = clock_steady_ms(), at_ms = seat->hurried_ms + HURRY_PAUSE_MS;
    if (seat->hurried_ms > now_ms) /* it is going to be */
        return;
    at_ms = at_ms > now_ms ? at_ms : now_ms;
    seat->hurried_ms = at_ms;
    seat->driver->stirred = true;
    if (seat->failures == 0 && at_ms < seat->due_ms)
        seat->due_ms = at_ms;
    if (seat->running)
        run_hurry(&seat->run, at_ms);
}

/* ---- opening ---- */

static struct line *open_line(struct driver *driver, const struct farm_printer *printer)
{
    if (printer->protocol == &protocol_bambu)
        return bambu_line_open(driver->board, printer);
    struct http_line_options options = {.address = printer->address,
                                        .key = printer->key,
                                        .user = printer->user,
                                        .password = printer->password,
                                        .hangs_up = printer->protocol == &protocol_prusalink};
    return printer->by_hand ? NULL : http_line_open(driver->board, &options);
}

struct driver *driver_open(const struct farm *farm, const struct listener *listener, int poll_ms,
                           struct failure *failure)
{
    struct driver *driver = memory_zeroed(1, sizeof *driver);
    int64_t now_ms = clock_steady_ms();
    driver->farm = farm;
    driver->listener = *listener;
    driver->poll_ms = poll_ms > 0 ? poll_ms : 1;
    driver->board = switchboard_open(failure);
    if (!driver->board) {
        free(driver);
        return NULL;
    }
    driver->seats = memory_zeroed((size_t)farm->count + 1, sizeof *driver->seats);
    for (int i = 0; i < farm->count; i++) {
        struct seat *seat = &driver->seats[i];
        seat->driver = driver;
        seat->index = i;
        seat->line = open_line(driver, &farm->printers[i]);
        if (listener->hears_news && farm->printers[i].protocol->news)
            seat->news = news_open(driver->board, &farm->printers[i], hear_news, seat);
        seat->report.state = PRINTER_UNKNOWN;
        seat->due_ms =
            now_ms + (int64_t)(listener->chance(listener->data) % (uint64_t)driver->poll_ms);
    }
    return driver;
}

void driver_close(struct driver *driver)
{
    if (!driver)
        return;
    for (int i = 0; i < driver->farm->count; i++) {
        news_close(driver->seats[i].news);
        line_close(driver->seats[i].line);
        print_file_close(&driver->seats[i].print);
    }
    switchboard_close(driver->board);
    free(driver->seats);
    free(driver);
}

const struct printer_report *driver_report(const struct driver *driver, int printer)
{
    return &driver->seats[printer].report;
}

bool driver_has_heard(const struct driver *driver, int printer)
{
    return driver->seats[printer].heard;
}

int driver_status(const struct driver *driver, int printer)
{
    return driver->seats[printer].status;
}

/* ---- prints ---- */

void driver_choose(struct driver *driver, int printer, int plate, const int *slots, int count)
{
    struct seat *seat = &driver->seats[printer];
    seat->plate = plate;
    seat->slot_count = count < SLOTS_CHOSEN_AT_MOST ? count : SLOTS_CHOSEN_AT_MOST;
    memcpy(seat->slots, slots, sizeof *slots * (size_t)seat->slot_count);
}

/* Whether it is known, or of no account, which slots the print takes. */
static bool choose_the_only_slot(struct seat *seat)
{
    const struct farm_printer *printer = &seat->driver->farm->printers[seat->index];
    if (!seat->slot_count && printer->slot_count == 1) {
        seat->slots[0] = printer->slots[0].slot;
        seat->slot_count = 1;
    }
    return seat->slot_count || !printer->slot_count || !printer->protocol->wants_slots;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length > end && strcmp(name + length - end, suffix) == 0;
}

static bool seat_print(struct seat *seat, const char *file, const char *name, begin_run *begin,
                       struct failure *failure)
{
    if (seat->running)
        return fail(failure, "that printer has a print already");
    const char *suffix = protocol_of(seat)->suffix;
    if (suffix && !ends_in(name, suffix))
        return fail(failure, "that printer wants a file %s; %.60s is none", suffix, name);
    if (!choose_the_only_slot(seat) && begin == run_begin)
        return fail(failure,
                    "from which of its slots each filament of the file comes is not known");
    if (!print_file_open(&seat->print, file, name, failure))
        return false;
    seat->begin = begin;
    seat->running = true;
    seat->told = RUN_STAGE_COUNT;
    return true;
}

bool driver_print(struct driver *driver, int printer, const char *file, const char *name,
                  struct failure *failure)
{
    return seat_print(&driver->seats[printer], file, name, run_begin, failure);
}

bool driver_resume(struct driver *driver, int printer, const char *file, const char *name,
                   struct failure *failure)
{
    return seat_print(&driver->seats[printer], file, name, run_resume, failure);
}

bool driver_rejoin(struct driver *driver, int printer, const char *file, const char *name,
                   struct failure *failure)
{
    return seat_print(&driver->seats[printer], file, name, run_rejoin, failure);
}

/* ---- orders ---- */

bool driver_order(struct driver *driver, int printer, enum printer_order what, const char *name,
                  struct failure *failure)
{
    struct seat *seat = &driver->seats[printer];
    if (seat->ordering)
        return fail(failure, "that printer has an order already that it has not obeyed yet");
    if (strlen(name) >= sizeof seat->order_name)
        return fail(failure, "no print has the name %.60s", name);
    snprintf(seat->order_name, sizeof seat->order_name, "%s", name);
    print_order_begin(&seat->order, protocol_of(seat), what, seat->order_name, clock_steady_ms());
    seat->ordering = true;
    return true;
}
