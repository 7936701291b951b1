/* `flowd printers`: what the printers of farm.yaml do, and what is in the way of one of them. */
#include "flowd/actions.h"
#include "flowd/printer_errands.h"
#include "flowd/printer_table.h"
#include "flowd/views.h"
#include "printers/driver.h"

#include "base/clock.h"
#include "base/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 2000, FIRST_ANSWERS_MS = 10000, TURN_MS = 200, SHOWN_EVERY_MS = 1000 };

struct showing {
    const char *farm_path, *output;
    bool own_farm; /* --farm: not the one that the shop's server drives */
    bool json, once;
    struct desk desk;
    struct farm farm;
    struct driver *driver;
    uint64_t chance;
};

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
    showing->chance = (uint64_t)clock_steady_ms() * 2 + 1;
    showing->driver = driver_open(&showing->farm, &listener, POLL_MS, &failure);
    if (!showing->driver)
        complain("%s", failure.message);
    return showing->driver != NULL;
}

static void close_driver(struct showing *showing)
{
    driver_close(showing->driver);
    farm_close(&showing->farm);
    desk_close(&showing->desk);
}

static void turn_for(struct showing *showing, int64_t until_ms)
{
    for (int64_t now_ms = clock_steady_ms(); now_ms < until_ms; now_ms = clock_steady_ms())
        driver_turn(showing->driver,
                    until_ms - now_ms < TURN_MS ? (int)(until_ms - now_ms) : TURN_MS);
}

static void wait_for_all(struct showing *showing)
{
    int64_t until_ms = clock_steady_ms() + FIRST_ANSWERS_MS;
    for (int heard = 0; heard < showing->farm.count && clock_steady_ms() < until_ms;) {
        driver_turn(showing->driver, TURN_MS);
        for (heard = 0; heard < showing->farm.count; heard++)
            if (!showing->farm.printers[heard].by_hand && !driver_has_heard(showing->driver, heard))
                break;
    }
}

/* ---- the table ---- */

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

/* What a printer says of itself; of one without a wire, why it says nothing. */
static const char *said_of(const struct farm_printer *printer, const struct printer_report *report)
{
    return printer->by_hand ? "people serve it: the shop's server knows what they said"
                            : report->message;
}

static json_t *printer_json(const struct farm_printer *printer, const struct printer_report *report)
{
    json_t *row =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "printer", printer->name, "machine",
                  printer->machine, "protocol", printer->protocol->name, "address",
                  printer->address, "state", printer_state_words[report->state], "file",
                  report->file, "message", said_of(printer, report), "loaded", slots_json(printer));
    if (report->progress >= 0)
        json_object_set_new(row, "percent", json_integer(lround(report->progress * 100)));
    if (report->remaining_s >= 0)
        json_object_set_new(row, "remaining_s", json_integer(report->remaining_s));
    if (printer->nozzle_um)
        json_object_set_new(row, "nozzle_um", json_integer(printer->nozzle_um));
    return row;
}

/* What the server of the shop knows of its printers, who asks them already; NULL after a message. */
static json_t *ask_server(struct showing *showing)
{
    struct buffer body = {0};
    struct failure failure;
    json_t *answer = NULL;
    if (client_get(showing->desk.client, "/printers", &body, &failure))
        answer = json_loadb(buffer_text(&body), body.length, 0, NULL);
    else
        complain("%s", failure.message);
    json_t *rows = json_incref(json_object_get(answer, "items"));
    json_decref(answer);
    buffer_free(&body);
    return rows;
}

static json_t *ask_printers(struct showing *showing)
{
    if (showing->desk.client)
        return ask_server(showing);
    json_t *rows = json_array();
    for (int i = 0; i < showing->farm.count; i++)
        json_array_append_new(
            rows, printer_json(&showing->farm.printers[i], driver_report(showing->driver, i)));
    return rows;
}

static void wait_for_next(struct showing *showing)
{
    if (showing->desk.client)
        usleep(SHOWN_EVERY_MS * 1000);
    else
        turn_for(showing, clock_steady_ms() + SHOWN_EVERY_MS);
}

static bool show_rows(const json_t *rows, bool live)
{
    struct buffer out = {0};
    if (live)
        buffer_add_text(&out, "\033[H\033[J");
    add_printer_table(&out, rows);
    bool good = print_out(&out) && fflush(stdout) == 0;
    buffer_free(&out);
    return good;
}

/* Through the server of the shop where one drives these printers, else by asking them. */
static bool open_asking(struct showing *showing)
{
    struct failure failure;
    if (showing->own_farm || !shop_is_served(showing->desk.folder)) {
        bool good = open_driver(showing, NULL);
        if (good)
            wait_for_all(showing);
        return good;
    }
    showing->desk.client = client_open(showing->desk.folder, showing->desk.by, &failure);
    if (!showing->desk.client)
        complain("%s", failure.message);
    return showing->desk.client != NULL;
}

static int show(struct showing *showing)
{
    bool live = !showing->json && !showing->once && isatty(STDOUT_FILENO), good = true;
    if (!open_asking(showing))
        return EXIT_ENVIRONMENT;
    do {
        json_t *rows = ask_printers(showing);
        if (rows && showing->json)
            return print_json(rows);
        good = rows && show_rows(rows, live);
        json_decref(rows);
        if (live && good)
            wait_for_next(showing);
    } while (live && good);
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
    return report->state == PRINTER_ATTENTION && *report->message ? report->message
           : reasons[report->state]                               ? reasons[report->state]
           : report->quiet                                        ? ""
                           : "it is still doing something; wait for it";
}

static int walk(struct showing *showing)
{
    const struct farm_printer *printer = &showing->farm.printers[0];
    const struct printer_report *report = driver_report(showing->driver, 0);
    int status = driver_status(showing->driver, 0);
    bool denied = status == 401 || status == 403, strange = report->state == PRINTER_UNKNOWN;
    char words[200] = "";
    bool files = strange || report->state == PRINTER_OFFLINE || /* what comes first is in the way */
                 reaches_files(printer, words, sizeof words);
    struct walked steps[] = {
        {"it is reached", status > 0, not_reached(status)},
        {"it knows us", !denied, report->message},
        {"it speaks the protocol", denied || !strange,
         *report->message
             ? report->message
             : "something else answers at that address: check address and protocol in farm.yaml"},
        {"its machine is connected", report->state != PRINTER_OFFLINE,
         *report->message ? report->message : "connect the printer to its server"},
        {"its files are reached", files,
         *words ? words : "no answer: is its port for files open, and its card in?"},
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
    show_traits(printer);
    return EXIT_CLEAN;
}

static int test(struct showing *showing, const char *name)
{
    if (!open_driver(showing, name))
        return EXIT_ENVIRONMENT;
    wait_for_all(showing);
    if (showing->farm.printers[0].by_hand && !showing->json) {
        printf(
            "%s: manual; nothing is asked of it. People serve it, and say what it does: flowd job "
            "start, flowd job end\n",
            name);
        return EXIT_CLEAN;
    }
    return showing->json ? print_json(ask_printers(showing)) : walk(showing);
}

/* ---- errands ---- */

/* Opens the farm for one printer of it; NULL after a message. */
static const struct farm_printer *open_farm(struct showing *showing, const char *name,
                                            bool without_secrets)
{
    struct failure failure;
    bool (*open)(struct farm *, const char *, struct failure *) =
        without_secrets ? farm_open_without_secrets : farm_open;
    if (!open(&showing->farm, showing->farm_path, &failure)) {
        complain("%s", failure.message);
        return NULL;
    }
    const struct farm_printer *printer = farm_find(&showing->farm, name);
    if (!printer)
        complain("%s has no printer %s; `flowd printers` shows which there are", showing->farm_path,
                 name);
    return printer;
}

static int snapshot(struct showing *showing, const char *name)
{
    const struct farm_printer *printer = open_farm(showing, name, false);
    return printer ? take_snapshot(printer, showing->output) : EXIT_ENVIRONMENT;
}

static int key(struct showing *showing, const char *name)
{
    const struct farm_printer *printer = open_farm(showing, name, true);
    return printer ? fetch_key(printer) : EXIT_ENVIRONMENT;
}

/* ---- the verb ---- */

static const struct {
    const char *word;
    int (*does)(struct showing *showing, const char *name);
} errands[] = {{"test", test}, {"snapshot", snapshot}, {"key", key}};

static int do_errand(struct showing *showing, const char *word, const char *name)
{
    for (size_t i = 0; *name && i < sizeof errands / sizeof *errands; i++)
        if (strcmp(errands[i].word, word) == 0)
            return errands[i].does(showing, name);
    return usage_error(
        verb_find("printers"),
        "`flowd printers` alone, or with test, snapshot or key, and a printer's name");
}

int cmd_printers(int argc, char **argv)
{
    const struct verb *verb = verb_find("printers");
    struct showing showing = {0};
    const struct option_row options[] = {{"--farm", true, &showing.farm_path, NULL},
                                         {"--shop", true, &showing.desk.folder, NULL},
                                         {"-o", true, &showing.output, NULL},
                                         {"--once", false, NULL, &showing.once},
                                         {"--json", false, NULL, &showing.json}};
    struct arena arena = {0};
    bool done = false;
    if (argc > 1 && is_action("printers", argv[1]))
        return cmd_action(argc, argv);
    int count = options_read(argc, argv, verb, options, 5, &done), status;
    if (done || count < 0)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    desk_settle(&showing.desk);
    showing.own_farm = showing.farm_path != NULL;
    if (!showing.own_farm)
        showing.farm_path = path_join(&arena, showing.desk.folder, "farm.yaml");
    if (count == 0)
        status = show(&showing);
    else
        status = do_errand(&showing, argv[1], count == 2 ? argv[2] : "");
    close_driver(&showing);
    arena_free(&arena);
    return status;
}
