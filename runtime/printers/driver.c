#include "printers/driver.h"

#include "printers/http.h"

#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { AWAY_AT_MOST_MS = 60000, HOLD_AT_MOST_S = 600, NAME_AT_MOST = 100 };

/* What is printed: the errand's texts live here. */
struct print {
    char name[NAME_AT_MOST];
    char sha1[2 * SHA_DIGEST_LENGTH + 1], sha256[65];
    char *file;
};

struct seat {
    struct driver *driver;
    int index;
    struct line *line;
    struct printer_report report, collecting;
    int report_call;
    int status;      /* of the last call; -1: nobody listens */
    bool heard;      /* anything, since we began */
    bool for_run;    /* the call that is on its way is the run's */
    int failures;    /* reports in a row that said nothing */
    int64_t due_ms;  /* the next report */
    int64_t hold_ms; /* it wants to be left alone until then */
    bool running;
    enum run_stage told;
    struct run run;
    struct print print;
};

struct driver {
    const struct farm *farm;
    struct listener listener;
    int poll_ms;
    struct switchboard *board;
    struct seat *seats;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

static void tell_stage(struct seat *seat)
{
    const struct listener *listener = &seat->driver->listener;
    if (seat->told == seat->run.stage)
        return;
    seat->told = seat->run.stage;
    seat->running = !run_is_over(&seat->run);
    if (!seat->running) {
        free(seat->print.file);
        seat->print.file = NULL;
    }
    if (listener->moved)
        listener->moved(listener->data, seat->index, &seat->run);
}

static void hear(void *data, const struct reply *reply)
{
    struct seat *seat = data;
    int64_t now_ms = clock_ms();
    long hold_s = reply->retry_after_s < HOLD_AT_MOST_S ? reply->retry_after_s : HOLD_AT_MOST_S;
    seat->status = reply->never_left ? -1 : reply->status;
    if (hold_s > 0 && (reply->status == 429 || reply->status == 503))
        seat->hold_ms = now_ms + hold_s * 1000;
    if (!seat->for_run) {
        hear_report(seat, now_ms, reply);
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
            run_intended(&seat->run, clock_ms());
        else
            run_not_intended(&seat->run);
        tell_stage(seat);
        return seat->running;
    }
    if (wish != WISH_CALL)
        return false;
    seat->for_run = true;
    line_ask(seat->line, &call, seat->print.file, seat->print.name, hear, seat);
    return false;
}

static void ask_report(struct seat *seat)
{
    struct call call = {.method = "GET"};
    if (seat->report_call == 0)
        seat->collecting =
            (struct printer_report){.state = PRINTER_UNKNOWN, .progress = -1, .remaining_s = -1};
    protocol_of(seat)->ask_report(seat->report_call, &call);
    seat->for_run = false;
    line_ask(seat->line, &call, NULL, NULL, hear, seat);
}

/* When it is to be served next. */
static int64_t serve(struct seat *seat, int64_t now_ms)
{
    if (line_is_busy(seat->line))
        return INT64_MAX;
    if (now_ms < seat->hold_ms)
        return seat->hold_ms;
    if (seat->running && seat->report_call == 0) { /* a report that was begun is ended first */
        while (serve_run(seat, now_ms))
            now_ms = clock_ms();
        return line_is_busy(seat->line) ? INT64_MAX : seat->running ? seat->run.wake_ms : now_ms;
    }
    if (seat->report_call == 0 && now_ms < seat->due_ms)
        return seat->due_ms;
    ask_report(seat);
    return INT64_MAX;
}

void driver_turn(struct driver *driver, int wait_ms)
{
    int64_t now_ms = clock_ms(), due_ms = now_ms + wait_ms;
    for (int i = 0; i < driver->farm->count; i++) {
        int64_t at_ms = serve(&driver->seats[i], now_ms);
        due_ms = at_ms < due_ms ? at_ms : due_ms;
    }
    now_ms = clock_ms();
    switchboard_turn(driver->board, due_ms > now_ms ? (int)(due_ms - now_ms) : 0);
}

/* ---- opening ---- */

static struct line *open_line(struct driver *driver, const struct farm_printer *printer)
{
    struct line_options options = {.address = printer->address,
                                   .key = printer->key,
                                   .user = printer->user,
                                   .password = printer->password,
                                   .hangs_up = printer->protocol == &protocol_prusalink};
    return line_open(driver->board, &options);
}

struct driver *driver_open(const struct farm *farm, const struct listener *listener, int poll_ms,
                           struct failure *failure)
{
    struct driver *driver = memory_zeroed(1, sizeof *driver);
    int64_t now_ms = clock_ms();
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
        line_close(driver->seats[i].line);
        free(driver->seats[i].print.file);
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

static bool sha1_of_file(const char *path, char hex[2 * SHA_DIGEST_LENGTH + 1],
                         struct failure *failure)
{
    unsigned char bytes[1 << 14], digest[SHA_DIGEST_LENGTH];
    SHA_CTX sha1;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return fail(failure, "%.200s cannot be read: %s", path, strerror(errno));
    SHA1_Init(&sha1);
    for (size_t length; (length = fread(bytes, 1, sizeof bytes, file));)
        SHA1_Update(&sha1, bytes, length);
    bool good = !ferror(file);
    fclose(file);
    SHA1_Final(digest, &sha1);
    for (int i = 0; i < SHA_DIGEST_LENGTH; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)digest[i]);
    return good || fail(failure, "%.200s cannot be read to its end", path);
}

static bool is_name(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    return *name && *name != '.' && name[strspn(name, plain)] == 0 && strlen(name) < NAME_AT_MOST;
}

typedef void begin_run(struct run *run, const struct protocol *protocol,
                       const struct errand *errand, int64_t now_ms);

static bool seat_print(struct seat *seat, const char *file, const char *name, begin_run *begin,
                       struct failure *failure)
{
    struct print *print = &seat->print;
    struct stat facts;
    if (seat->running)
        return fail(failure, "that printer has a print already");
    if (!is_name(name)) /* no server changes such a name */
        return fail(failure, "a print's name has letters, digits, -, _ and .; %.60s has not", name);
    if (stat(file, &facts) != 0)
        return fail(failure, "%.200s cannot be read: %s", file, strerror(errno));
    if (!sha1_of_file(file, print->sha1, failure) || !file_sha256(file, print->sha256, failure))
        return false;
    snprintf(print->name, sizeof print->name, "%s", name);
    free(print->file);
    print->file = memory_alloc(strlen(file) + 1);
    memcpy(print->file, file, strlen(file) + 1);
    struct errand errand = {print->name, facts.st_size, print->sha1, print->sha256};
    begin(&seat->run, protocol_of(seat), &errand, clock_ms());
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
