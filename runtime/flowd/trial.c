/* flowd simulate --days: a farm on a virtual clock, several runs side by side. */
#include "flowd/trial.h"
#include "flowd/views.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sink.h"
#include "orders/csv.h"
#include "orders/import.h"
#include "printers/protocol.h"
#include "sim/trial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHANGES_AT_MOST = 32, ROWS_AT_MOST = TROUBLES_AT_MOST };
static const int64_t first_monday_s = 1767571200; /* 2026-01-05, 0:00 UTC */

static const struct {
    const char *word;
    unsigned without;
} ways[] = {{"batching", WITHOUT_BATCHING},
            {"screens", WITHOUT_SCREENS},
            {"validation", WITHOUT_VALIDATION},
            {"retries", WITHOUT_RETRIES}};
enum { WAYS = sizeof ways / sizeof *ways };

struct asked {
    const struct trial_options *options;
    const char *const *specs;
    int spec_count;
    const char *changes[CHANGES_AT_MOST];
    int change_count;
    struct farm_defect defects[ROWS_AT_MOST];
    struct farm_trouble trouble[TROUBLES_AT_MOST];
    struct trial trial;
    struct arena arena;
};

/* ---- options ---- */

static bool read_whole(const char *text, long least, long most, long unsaid, long *number)
{
    char *end;
    *number = unsaid;
    if (!text)
        return true;
    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && end != text && !*end && *number >= least && *number <= most;
}

/* The next word of a list with commas, in the arena; NULL at its end. */
static const char *next_word(const char **list, struct arena *arena)
{
    size_t length = *list ? strcspn(*list, ",") : 0;
    if (!length)
        return NULL;
    const char *word = arena_copy_text(arena, *list, length);
    *list += length + ((*list)[length] == ',');
    return word;
}

static bool read_without(const char *list, unsigned *without, struct arena *arena)
{
    for (const char *word; (word = next_word(&list, arena));) {
        int i = 0;
        while (i < WAYS && strcmp(ways[i].word, word) != 0)
            i++;
        if (i == WAYS)
            return false;
        *without |= ways[i].without;
    }
    return true;
}

static bool read_protocols(const char *list, struct farm_settings *settings, struct arena *arena)
{
    for (const char *word; (word = next_word(&list, arena));) {
        const struct protocol *protocol = protocol_find(word);
        if (!protocol || protocol == &protocol_manual ||
            settings->protocol_count == PROTOCOLS_AT_MOST)
            return false;
        settings->protocols[settings->protocol_count++] = protocol;
    }
    return true;
}

static void read_changes(struct asked *asked)
{
    const char *list = asked->options->changes, *printers = asked->options->printers;
    for (const char *word;
         asked->change_count < CHANGES_AT_MOST / 2 && (word = next_word(&list, &asked->arena));)
        asked->changes[asked->change_count++] = word;
    for (const char *word;
         asked->change_count < CHANGES_AT_MOST && (word = next_word(&printers, &asked->arena));) {
        int name = (int)strcspn(word, "=");
        asked->changes[asked->change_count++] =
            arena_printf(&asked->arena, "machine.%.*s.count%s", name, word, word + name);
    }
}

static bool read_settings(struct asked *asked)
{
    const struct trial_options *options = asked->options;
    const struct verb *verb = verb_find("simulate");
    struct farm_settings *settings = &asked->trial.settings;
    long days, seed, hours, week, lead, demand, begins;
    bool full = options->demand && strcmp(options->demand, "full") == 0;

    if (!read_whole(options->days, 1, 3660, 0, &days))
        return usage_error(verb, "--days is a whole number, 1 to 3660"), false;
    if (!read_whole(full ? NULL : options->demand, 1, 1000000, options->orders ? 0 : 24, &demand) ||
        !read_whole(options->seed, 0, 1000000, 1, &seed))
        return usage_error(verb,
                           "--demand (from 1, or full) and --seed are whole numbers up to 1000000"),
               false;
    if (!read_whole(options->hours, 1, 24, 0, &hours) ||
        !read_whole(options->begins, 0, 23, hours > 16 ? 24 - hours : 8, &begins) ||
        !read_whole(options->week, 1, 7, 5, &week) || !read_whole(options->lead, 0, 365, 5, &lead))
        return usage_error(verb, "--hours (to 24), --begins (to 23), --week (to 7) and --lead (to "
                                 "365) are whole numbers"),
               false;
    *settings = (struct farm_settings){.seed = (uint64_t)seed,
                                       .start_s = first_monday_s,
                                       .days = (int)days,
                                       .demand = (double)demand,
                                       .demand_is_full = full,
                                       .lead_days = lead,
                                       .calendar = {begins * 3600, hours * 3600, (int)week},
                                       .swap_s = 5 * 60,
                                       .nozzle_s = 10 * 60,
                                       .defects = asked->defects,
                                       .trouble = asked->trouble};
    if (!read_without(options->without, &settings->without, &asked->arena))
        return usage_error(verb, "--without is of batching, screens, validation, retries"), false;
    if (!read_protocols(options->protocols, settings, &asked->arena))
        return usage_error(verb, "--protocol is of octoprint, moonraker, prusalink, bambu"), false;
    read_changes(asked);
    return true;
}

/* Takes a row, its name and the numbers after it; false where it is none. */
typedef bool read_row(struct asked *asked, int count, const char *name, const double *numbers);
enum { NUMBERS_AT_MOST = 3 };

static bool is_share(double share)
{
    return share >= 0 && share <= 1;
}

static bool read_defect(struct asked *asked, int count, const char *name, const double *numbers)
{
    asked->defects[count] = (struct farm_defect){name, numbers[0], numbers[1], numbers[2]};
    asked->trial.settings.defect_count = count + 1;
    return is_share(numbers[0]) && is_share(numbers[1]) && is_share(numbers[2]);
}

static bool read_one_trouble(struct asked *asked, int count, const char *name,
                             const double *numbers)
{
    enum { A_WEEK_AT_MOST = 1000, LASTS_AT_MOST_S = 7 * DAY_S };
    bool good = numbers[0] >= 0 && numbers[0] <= A_WEEK_AT_MOST && numbers[1] >= 0 &&
                numbers[1] <= LASTS_AT_MOST_S && farm_trouble_is_known(name);
    if (good)
        asked->trouble[count] = (struct farm_trouble){name, numbers[0], (int64_t)numbers[1]};
    asked->trial.settings.trouble_count = count + 1;
    return good;
}

static bool read_numbers(const struct csv *csv, int count, double numbers[NUMBERS_AT_MOST])
{
    for (int i = 0; i < count; i++) {
        const char *text = i + 1 < csv->count ? csv->cells[i + 1].text : "";
        char *end;
        numbers[i] = strtod(text, &end);
        if (end == text)
            return false;
    }
    return true;
}

/* A heading, and a row each. */
static bool read_rows(struct asked *asked, const char *path, int numbers_wanted, read_row *read,
                      const char *said, struct failure *failure)
{
    double numbers[NUMBERS_AT_MOST];
    enum csv_status status;
    struct csv csv;
    char *text;
    size_t length;
    int count = 0;
    bool good = true;
    if (!path)
        return true;
    if (file_read(path, 1 << 20, &text, &length, failure) != FILE_OK)
        return false;
    csv_open(&csv, text, length);
    for (bool heading = true; good && (status = csv_next(&csv)) != CSV_END; heading = false) {
        const char *name = status == CSV_ROW ? csv.cells[0].text : "";
        if (status == CSV_WRONG)
            good = fail(failure, "%s:%d: %s", path, csv.error_line, csv.error);
        else if (!heading && *name != '#')
            good = (count < ROWS_AT_MOST && read_numbers(&csv, numbers_wanted, numbers) &&
                    read(asked, count++, arena_copy_text(&asked->arena, name, strlen(name)),
                         numbers)) ||
                   fail(failure, "%s:%d: %s", path, csv.row_line, said);
    }
    csv_close(&csv);
    free(text);
    return good;
}

static bool read_files(struct asked *asked, struct failure *failure)
{
    return read_rows(asked, asked->options->defects, 3, read_defect,
                     "a cause is as non_manifold,0.08,0.95,0.5: its share of the builds, of which "
                     "so much is found before, and where in the print the rest stops",
                     failure) &&
           read_rows(asked, asked->options->trouble, 2, read_one_trouble,
                     "a trouble is as network,0.5,120: of network, answer, server, flowd, machine, "
                     "emergency_stop, stuck or cancelled, so often a week, for so many seconds",
                     failure);
}

/* ---- runs ---- */

static void add_run(struct asked *asked, const char *name, bool changed, unsigned without)
{
    if (asked->trial.run_count < RUNS_AT_MOST)
        asked->trial.runs[asked->trial.run_count++] =
            (struct trial_run){name, changed, without, {0}};
}

/* As it is; with what --set changes; and where they are compared, without each of what it goes without. */
static void choose_runs(struct asked *asked)
{
    bool changes = asked->change_count > 0;
    unsigned without = asked->trial.settings.without;
    if (asked->options->changes || !changes)
        add_run(asked, "as it is", false, 0);
    if (changes)
        add_run(asked, asked->options->changes ? "changed" : "as it is", true, 0);
    for (int i = 0; i < WAYS; i++)
        if (asked->options->compare || (without & ways[i].without))
            add_run(asked, arena_printf(&asked->arena, "without %s", ways[i].word), changes,
                    ways[i].without);
    if (asked->options->compare)
        add_run(asked, "without all", changes,
                WITHOUT_BATCHING | WITHOUT_SCREENS | WITHOUT_VALIDATION | WITHOUT_RETRIES);
    else if (without & (without - 1))
        add_run(asked, "without these", changes, without);
}

void say_what_is_not_made(const char *path, const struct import_result *result)
{
    if (result->held)
        complain("%s: %d of %d lines are held, for no SKU of these specs is theirs: ordered, and "
                 "not made",
                 path, result->held, result->lines);
    if (result->left_out)
        complain("%s: %d of %d orders are left out; `flowd orders import --dry-run` says why", path,
                 result->left_out, result->orders);
}

/* What is ordered before the first day. */
static bool take_orders(struct asked *asked, struct farm_specs *specs, bool first,
                        struct failure *failure)
{
    enum { FILE_AT_MOST = 64 << 20 };
    const char *path = asked->options->orders;
    struct import_options options = {0};
    struct import_result result;
    char *text = NULL;
    size_t length;
    if (!path)
        return true;
    if (file_read(path, FILE_AT_MOST, &text, &length, failure) != FILE_OK)
        return false;
    orders_import(farm_specs_state(specs), text, length, &options, &asked->arena, &result);
    free(text);
    bool good =
        result.taken > 0 ||
        fail(failure,
             "%s holds no order that can be taken; `flowd orders import --dry-run` says why", path);
    if (good && first)
        say_what_is_not_made(path, &result);
    for (int i = 0; i < result.command_count && good; i++)
        good = farm_does(specs, &result.commands[i], failure);
    return good;
}

static bool run_one(struct asked *asked, struct trial_run *run, struct failure *failure)
{
    struct farm_settings settings = asked->trial.settings;
    struct farm_specs *specs =
        farm_specs_open(asked->specs, asked->spec_count, asked->changes,
                        run->changed ? asked->change_count : 0, settings.start_s, failure);
    settings.without = run->without;
    bool good = specs && take_orders(asked, specs, run == asked->trial.runs, failure) &&
                farm_simulate(specs, &settings, &run->result, failure);
    farm_specs_close(specs);
    return good;
}

/* ---- saying ---- */

static json_t *run_json(const struct asked *asked, const struct trial_run *run)
{
    json_t *figures = json_object();
    for (int f = 0; f < FIGURES; f++) {
        struct buffer name = {0};
        double number = trial_figures[f].of(&run->result);
        trial_add_name(&name, &asked->trial, f);
        json_object_set_new(figures, buffer_text(&name),
                            number == number ? json_real(number) : json_null());
        buffer_free(&name);
    }
    json_t *object = json_pack("{ss so}", "run", run->name, "figures", figures);
    if (*run->result.waits)
        json_object_set_new(object, "waits", json_string(run->result.waits));
    return object;
}

/* Both or neither: a page beside the workbook of another run would be believed. */
static bool write_files(const struct asked *asked, struct failure *failure)
{
    struct arena arena = {0};
    struct buffer page = {0};
    struct sink sink;
    const char *folder = asked->options->folder;
    bool made = mkdir(folder, 0777) == 0;
    bool good = made || errno == EEXIST || fail(failure, "%s: %s", folder, strerror(errno));
    const char *path = path_join(&arena, folder, "simulation.html");
    if (good && (good = sink_open(&sink, path, failure))) {
        trial_page(&page, &asked->trial);
        good = sink_write(&sink, page.text, page.length, failure) &&
               trial_workbook(path_join(&arena, folder, "simulation.xlsx"), &asked->trial, failure);
        if (good)
            good = sink_commit(&sink, failure);
        else
            sink_abandon(&sink);
    }
    if (!good && made)
        rmdir(folder);
    buffer_free(&page);
    arena_free(&arena);
    return good;
}

static int show(const struct asked *asked)
{
    struct buffer out = {0};
    if (asked->options->json) {
        json_t *runs = json_array();
        for (int r = 0; r < asked->trial.run_count; r++)
            json_array_append_new(runs, run_json(asked, &asked->trial.runs[r]));
        return print_json(
            json_pack("{sI so}", "days", (json_int_t)asked->trial.settings.days, "runs", runs));
    }
    trial_table(&out, &asked->trial);
    for (int r = 0; r < asked->trial.run_count; r++)
        if (*asked->trial.runs[r].result.waits)
            buffer_addf(&out, "%s, not all could be made: %s\n", asked->trial.runs[r].name,
                        asked->trial.runs[r].result.waits);
    if (asked->options->folder)
        buffer_addf(&out, "%s/simulation.html and simulation.xlsx show it\n",
                    asked->options->folder);
    bool written = print_out(&out);
    buffer_free(&out);
    return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* "365 days from a Monday on, 24 units a day of each product, seed 1; machine.mk4.count=6" */
static void name_it(struct asked *asked)
{
    const struct farm_settings *settings = &asked->trial.settings;
    struct buffer line = {0}, title = {0};
    for (int i = 0; i < asked->spec_count; i++) {
        const char *slash = strrchr(asked->specs[i], '/');
        buffer_addf(&title, "%s%s", i ? ", " : "", slash ? slash + 1 : asked->specs[i]);
    }
    buffer_addf(&line, "%d simulated days from a Monday on; ", settings->days);
    if (settings->demand_is_full)
        buffer_add_text(&line, "there is always more ordered than can be made");
    else if (settings->demand > 0)
        buffer_addf(&line, "%.0f units a day of each product%s", settings->demand,
                    asked->options->orders ? ", besides the orders of the file" : "");
    else
        buffer_addf(&line, "the orders of %s", asked->options->orders);
    buffer_addf(&line, "; %d days a week; seed %llu", settings->calendar.days,
                (unsigned long long)settings->seed);
    for (int i = 0; i < asked->change_count; i++)
        buffer_addf(&line, "%s%s", i ? ", " : "; changed: ", asked->changes[i]);
    for (int i = 0; i < settings->defect_count; i++)
        buffer_addf(&line, "%s%s %.1f %%",
                    i ? ", " : "; defects put in: ", settings->defects[i].name,
                    100 * settings->defects[i].share);
    for (int i = 0; i < settings->trouble_count; i++)
        buffer_addf(&line, "%s%s %.2g",
                    i ? ", " : "; trouble a week of each printer: ", settings->trouble[i].name,
                    settings->trouble[i].a_week);
    for (int i = 0; i < settings->protocol_count; i++)
        buffer_addf(&line, "%s%s", i ? ", " : "; printers speak ", settings->protocols[i]->name);
    asked->trial.title = arena_copy_text(&asked->arena, buffer_text(&title), title.length);
    asked->trial.asked = arena_copy_text(&asked->arena, buffer_text(&line), line.length);
    buffer_free(&title);
    buffer_free(&line);
}

static int run_all(struct asked *asked)
{
    struct failure failure;
    bool good = read_files(asked, &failure);
    choose_runs(asked);
    name_it(asked);
    for (int r = 0; r < asked->trial.run_count && good; r++)
        good = run_one(asked, &asked->trial.runs[r], &failure);
    if (good && asked->options->folder)
        good = write_files(asked, &failure);
    if (good)
        return show(asked);
    complain("%s", failure.message);
    return EXIT_ENVIRONMENT;
}

int trial_of_farm(const struct trial_options *options, const char *const *specs, int count)
{
    struct asked *asked = memory_zeroed(1, sizeof *asked);
    asked->options = options;
    asked->specs = specs;
    asked->spec_count = count;
    int status = read_settings(asked) ? run_all(asked) : EXIT_USAGE;
    for (int r = 0; r < asked->trial.run_count; r++)
        farm_result_free(&asked->trial.runs[r].result);
    arena_free(&asked->arena);
    free(asked);
    return status;
}
