/* `flowd printers`: what the printers of farm.yaml do, and what is in the way of one of them. */
#include "flowd/flowd.h"
#include "flowd/views.h"
#include "printers/driver.h"

#include "cost/grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MS = 2000, FIRST_ANSWERS_MS = 10000, TURN_MS = 200, SHOWN_EVERY_MS = 1000 };

struct showing {
    const char *farm_path;
    bool json, once;
    struct farm farm;
    struct driver *driver;
    uint64_t chance;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- listening ---- */

static uint64_t next_chance(void *data) /* xorshift64 */
{
    struct showing *showing = data;
    showing->chance ^= showing->chance << 13;
    showing->chance ^= showing->chance >> 7;
    showing->chance ^= showing->chance << 17;
    return showing->chance;
}

static bool intend_nothing(void *data, int printer, const struct run *run)
{
    (void)data;
    (void)printer;
    (void)run;
    return false; /* looking starts nothing */
}

/* False after a message. A printer alone (not NULL) is all of the farm from here on. */
static bool open_driver(struct showing *showing, const char *alone)
{
    struct failure failure;
    struct listener listener = {.intended = intend_nothing, .chance = next_chance, .data = showing};
    if (!farm_open(&showing->farm, showing->farm_path, &failure)) {
        complain("%s", failure.message);
        return false;
    }
    const struct farm_printer *only = alone ? farm_find(&showing->farm, alone) : NULL;
    if (alone && !only) {
        complain("%s has no printer %s; `flowd printers` shows which there are", showing->farm_path,
                 alone);
        return false;
    }
    if (only) {
        showing->farm.printers[0] = *only;
        showing->farm.count = 1;
    }
    showing->chance = (uint64_t)clock_ms() * 2 + 1;
    showing->driver = driver_open(&showing->farm, &listener, POLL_MS, &failure);
    if (!showing->driver)
        complain("%s", failure.message);
    return showing->driver != NULL;
}

static void close_driver(struct showing *showing)
{
    driver_close(showing->driver);
    farm_close(&showing->farm);
}

static void turn_for(struct showing *showing, int64_t until_ms)
{
    for (int64_t now_ms = clock_ms(); now_ms < until_ms; now_ms = clock_ms())
        driver_turn(showing->driver,
                    until_ms - now_ms < TURN_MS ? (int)(until_ms - now_ms) : TURN_MS);
}

static void wait_for_all(struct showing *showing)
{
    int64_t until_ms = clock_ms() + FIRST_ANSWERS_MS;
    for (int heard = 0; heard < showing->farm.count && clock_ms() < until_ms;) {
        driver_turn(showing->driver, TURN_MS);
        for (heard = 0; heard < showing->farm.count; heard++)
            if (!driver_has_heard(showing->driver, heard))
                break;
    }
}

/* ---- the table ---- */

static void add_grams(struct buffer *out, int64_t mg)
{
    buffer_addf(out, "%lld", (long long)(mg / 1000));
    int rest = (int)(mg % 1000), places = 3;
    for (; rest && rest % 10 == 0; rest /= 10)
        places--;
    if (rest)
        buffer_addf(out, ".%0*d", places, rest);
}

/* "pla_black SP-1 740 g, ..." */
static const char *loaded_in(const struct farm_printer *printer, struct arena *arena)
{
    struct buffer out = {0};
    for (int i = 0; i < printer->slot_count; i++) {
        const struct farm_slot *slot = &printer->slots[i];
        buffer_addf(&out, "%s%s%s%s", i ? ", " : "", slot->material, *slot->lot ? " " : "",
                    slot->lot);
        if (slot->left_mg >= 0) {
            buffer_add_char(&out, ' ');
            add_grams(&out, slot->left_mg);
            buffer_add_text(&out, " g");
        }
    }
    const char *text = arena_printf(arena, "%s", buffer_text(&out));
    buffer_free(&out);
    return text;
}

static const char *progress_of(const struct printer_report *report, struct arena *arena)
{
    bool works = report->state == PRINTER_PRINTING || report->state == PRINTER_PAUSED ||
                 report->state == PRINTER_STARTING || report->state == PRINTER_ATTENTION;
    if (!works || report->progress < 0)
        return "";
    int percent = (int)(report->progress * 100 + 0.5);
    return report->remaining_s < 0 ? arena_printf(arena, "%d %%", percent)
                                   : arena_printf(arena, "%d %%, %ld min left", percent,
                                                  (report->remaining_s + 59) / 60);
}

static void add_row(struct grid *grid, int count, const char *const cells[])
{
    grid_row(grid, false);
    for (int i = 0; i < count; i++)
        grid_cell(grid, cells[i]);
}

static void add_table(struct buffer *out, const struct showing *showing)
{
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    static const char *const heading[] = {"printer",  "machine", "state", "file",
                                          "progress", "loaded",  "says"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    add_row(&grid, COLUMNS, heading);
    for (int i = 0; i < showing->farm.count; i++) {
        const struct farm_printer *printer = &showing->farm.printers[i];
        const struct printer_report *report = driver_report(showing->driver, i);
        bool says = report->state == PRINTER_ERROR || report->state == PRINTER_UNKNOWN ||
                    report->state == PRINTER_OFFLINE || report->state == PRINTER_ATTENTION;
        const char *const cells[] = {printer->name,
                                     printer->machine,
                                     printer_state_words[report->state],
                                     report->file,
                                     progress_of(report, &arena),
                                     loaded_in(printer, &arena),
                                     says ? report->message : ""};
        add_row(&grid, COLUMNS, cells);
    }
    grid_print(out, &grid, color_wanted(false));
    arena_free(&arena);
}

static json_t *slots_json(const struct farm_printer *printer)
{
    json_t *slots = json_array();
    for (int i = 0; i < printer->slot_count; i++) {
        const struct farm_slot *slot = &printer->slots[i];
        json_t *row = json_pack("{s:i, s:s, s:s}", "slot", slot->slot, "material", slot->material,
                                "lot", slot->lot);
        if (slot->left_mg >= 0)
            json_object_set_new(row, "left_mg", json_integer(slot->left_mg));
        json_array_append_new(slots, row);
    }
    return slots;
}

static json_t *printer_json(const struct farm_printer *printer, const struct printer_report *report)
{
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "printer", printer->name, "machine",
                  printer->machine, "protocol", printer->protocol->name, "address",
                  printer->address, "state", printer_state_words[report->state], "file",
                  report->file, "message", report->message, "loaded", slots_json(printer));
    if (report->progress >= 0)
        json_object_set_new(row, "percent", json_integer(lround(report->progress * 100)));
    if (report->remaining_s >= 0)
        json_object_set_new(row, "remaining_s", json_integer(report->remaining_s));
    if (printer->nozzle_um)
        json_object_set_new(row, "nozzle_um", json_integer(printer->nozzle_um));
    return row;
}

static int show_json(const struct showing *showing)
{
    json_t *rows = json_array();
    for (int i = 0; i < showing->farm.count; i++)
        json_array_append_new(
            rows, printer_json(&showing->farm.printers[i], driver_report(showing->driver, i)));
    return print_json(rows);
}

static int show(struct showing *showing)
{
    struct buffer out = {0};
    bool live = !showing->json && !showing->once && isatty(STDOUT_FILENO), good = true;
    if (!open_driver(showing, NULL))
        return EXIT_ENVIRONMENT;
    wait_for_all(showing);
    if (showing->json)
        return show_json(showing);
    do {
        buffer_clear(&out);
        if (live)
            buffer_add_text(&out, "\033[H\033[J");
        add_table(&out, showing);
        good = print_out(&out) && fflush(stdout) == 0;
        if (live)
            turn_for(showing, clock_ms() + SHOWN_EVERY_MS);
    } while (live && good);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* ---- test ---- */

struct walked {
    const char *name; /* of what must be so */
    bool good;
    const char *what_to_do; /* where it is not */
};

static const char *not_reached(int status)
{
    return status < 0 ? "nothing listens at that address: is it on, is it the right host and port?"
                      : "it does not answer: is it on, in this network, and not behind a firewall?";
}

/* Whether a print could be sent there now; else why not. */
static const char *not_free(const struct printer_report *report)
{
    static const char *const reasons[PRINTER_STATE_COUNT] = {
        [PRINTER_STARTING] = "it is busy; wait for it",
        [PRINTER_PRINTING] = "it prints; wait for it",
        [PRINTER_PAUSED] = "a print is paused: resume or cancel it at the printer",
        [PRINTER_ERROR] = "look at the printer, mend it, and reset it there",
        [PRINTER_ATTENTION] = "it waits for somebody: look at its display",
    };
    return reasons[report->state] ? reasons[report->state]
           : report->quiet        ? ""
                                  : "it is still doing something; wait for it";
}

static int walk(struct showing *showing)
{
    const struct farm_printer *printer = &showing->farm.printers[0];
    const struct printer_report *report = driver_report(showing->driver, 0);
    int status = driver_status(showing->driver, 0);
    bool denied = status == 401 || status == 403, strange = report->state == PRINTER_UNKNOWN;
    struct walked steps[] = {
        {"it is reached", status > 0, not_reached(status)},
        {"it knows us", !denied, report->message},
        {"it speaks the protocol", denied || !strange,
         "something else answers at that address: check address and protocol in farm.yaml"},
        {"its machine is connected", report->state != PRINTER_OFFLINE,
         *report->message ? report->message : "connect the printer to its server"},
        {"it is free", !*not_free(report), not_free(report)},
    };
    printf("%s: %s at %s%s\n", printer->name, printer->protocol->name, printer->address,
           printer->key        ? ", with a key"
           : printer->password ? ", with a password"
                               : ", without a key");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        printf("  %-26s %s%s%s\n", steps[i].name, steps[i].good ? "yes" : "NO",
               steps[i].good ? "" : ": ", steps[i].good ? "" : steps[i].what_to_do);
        if (!steps[i].good)
            return EXIT_FINDINGS;
    }
    printf("%s is %s%s%s\n", printer->name, printer_state_words[report->state],
           *report->file ? ", last with " : "", report->file);
    return EXIT_CLEAN;
}

static int test(struct showing *showing, const char *name)
{
    if (!open_driver(showing, name))
        return EXIT_ENVIRONMENT;
    wait_for_all(showing);
    return showing->json ? show_json(showing) : walk(showing);
}

/* ---- the verb ---- */

int cmd_printers(int argc, char **argv)
{
    const struct verb *verb = verb_find("printers");
    struct showing showing = {.farm_path = "farm.yaml"};
    const struct option_row options[] = {{"--farm", true, &showing.farm_path, NULL},
                                         {"--once", false, NULL, &showing.once},
                                         {"--json", false, NULL, &showing.json}};
    bool done = false;
    int count = options_read(argc, argv, verb, options, 3, &done), status;
    if (done || count < 0)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count == 0)
        status = show(&showing);
    else if (count == 2 && strcmp(argv[1], "test") == 0)
        status = test(&showing, argv[2]);
    else
        status = usage_error(verb, "write `flowd printers`, or `flowd printers test NAME`");
    close_driver(&showing);
    return status;
}
