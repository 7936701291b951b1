/* flowd plan: which orders go together, on which plate, on which printer, when. */
#include "flowd/plan.h"

#include "base/file.h"
#include "flowd/actions.h"
#include "plan/gantt.h"
#include "plan/verify.h"
#include "printers/farm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- printers ---- */

static void see_slots(struct plan_seen *seen, const struct farm_printer *printer,
                      const struct state *state)
{
    for (int i = 0; i < printer->slot_count && seen->slot_count < SLOTS_AT_MOST; i++) {
        const struct farm_slot *slot = &printer->slots[i];
        const char *name = intern_find(&state->names, slot->lot, strlen(slot->lot));
        const struct lot *lot = name ? state_lot(state, name) : NULL;
        /* of a lot on hold nothing may be made: it is as good as not there */
        seen->materials[seen->slot_count++] = lot && lot->held ? NULL : slot->material;
    }
}

/* In the farm's memory. */
static struct plan_seen *see_printers(struct farm *farm, const struct state *state)
{
    struct plan_seen *seen = ARENA_ARRAY(&farm->arena, struct plan_seen, farm->count + 1);
    for (int i = 0; i < farm->count; i++) {
        const struct farm_printer *printer = &farm->printers[i];
        seen[i] = (struct plan_seen){
            .name = printer->name, .machine = printer->machine, .nozzle_um = printer->nozzle_um};
        see_slots(&seen[i], printer, state);
    }
    return seen;
}

/* ---- options ---- */

/* "8:00": seconds after midnight. */
static bool read_clock(const char *text, int64_t *seconds)
{
    int hour, minute, end = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &end) != 2 || text[end] || hour > 23 ||
        minute > 59 || hour < 0 || minute < 0)
        return false;
    *seconds = hour * 3600 + minute * 60;
    return true;
}

/* "2026-11-23 8:00", UTC. */
static bool read_moment(const char *text, int64_t *time_s)
{
    struct tm day = {0};
    int end = 0;
    if (sscanf(text, "%4d-%2d-%2d %2d:%2d%n", &day.tm_year, &day.tm_mon, &day.tm_mday, &day.tm_hour,
               &day.tm_min, &end) != 5 ||
        text[end])
        return false;
    day.tm_year -= 1900;
    day.tm_mon--;
    struct tm same = day; /* timegm makes the 2nd of March of the 30th of February */
    *time_s = timegm(&same);
    return same.tm_mon == day.tm_mon && same.tm_mday == day.tm_mday &&
           same.tm_hour == day.tm_hour && same.tm_min == day.tm_min;
}

static bool read_number(const char *text, long most, int64_t *number)
{
    char *end;
    long value = strtol(text, &end, 10);
    *number = value;
    return end != text && !*end && value >= 0 && value <= most;
}

static bool read_settings(struct planned *planned, struct plan_settings *settings)
{
    int64_t swap_min = 5, nozzle_min = 10, hours = 0, limit_s = 0;
    const struct verb *verb = verb_find("plan");
    *settings = (struct plan_settings){
        .now_s = time(NULL), .calendar = {.begins_s = 8 * 3600}, .backlog_s = DAY_S};
    if (planned->at && !read_moment(planned->at, &settings->now_s))
        return usage_error(verb, "--at is a time as \"2026-11-23 8:00\", UTC"), false;
    if (planned->begins && !read_clock(planned->begins, &settings->calendar.begins_s))
        return usage_error(verb, "--begins is a time of day as 8:00"), false;
    if (planned->hours && (!read_number(planned->hours, 24, &hours) || !hours))
        return usage_error(verb, "--hours is a number from 1 to 24"), false;
    if ((planned->swap && !read_number(planned->swap, 1000, &swap_min)) ||
        (planned->nozzle && !read_number(planned->nozzle, 1000, &nozzle_min)))
        return usage_error(verb, "--swap and --nozzle are whole minutes"), false;
    planned->slicing_limit_s = SLICER_LIMIT_USUAL_S;
    if (planned->timeout && (!read_number(planned->timeout, SLICER_LIMIT_AT_MOST_S, &limit_s) ||
                             !(planned->slicing_limit_s = (long)limit_s)))
        return usage_error(verb, "--timeout wants seconds from 1 to %d", SLICER_LIMIT_AT_MOST_S),
               false;
    settings->calendar.length_s = hours * 3600;
    if (planned->always)
        settings->calendar = (struct calendar){0, DAY_S, 7};
    settings->swap_s = swap_min * 60;
    settings->nozzle_s = nozzle_min * 60;
    return true;
}

/* ---- the verb ---- */

/* On standard output there is nothing beside the picture. */
static bool is_only_drawn(const struct planned *planned)
{
    return planned->gantt && strcmp(planned->gantt, "-") == 0;
}

static int draw(const struct planned *planned)
{
    struct buffer out = {0};
    plan_gantt(planned->plan, planned->snapshot.colors, &out);
    int status = desk_put(is_only_drawn(planned) ? NULL : planned->gantt, &out);
    buffer_free(&out);
    return status;
}

/* farm.yaml of this folder or of the shop's, where it is not said. */
static const char *farm_path(const struct planned *planned, struct arena *arena)
{
    const char *path = "farm.yaml";
    if (planned->farm)
        return planned->farm;
    if (file_exists(path))
        return path;
    path = path_join(arena, planned->desk.folder, path);
    return file_exists(path) ? path : NULL;
}

static int plan_it(struct planned *planned, struct plan_settings *settings)
{
    struct failure failure;
    planned->shop = planned->desk.shop;
    plan_snapshot_take(&planned->snapshot, shop_state(planned->shop), settings);
    planned->plan = plan_make(&planned->snapshot.problem);
    int status = EXIT_CLEAN;
    if (!plan_verify(planned->plan, &failure)) {
        complain("the plan is wrong, and nothing was done: %s", failure.message);
        status = EXIT_OUR_FAULT;
    }
    if (status == EXIT_CLEAN && planned->gantt)
        status = draw(planned);
    if (status == EXIT_CLEAN && !is_only_drawn(planned))
        status = planned->apply ? planned_apply(planned) : planned_print(planned);
    if (planned->plates && status != EXIT_OUR_FAULT && status != EXIT_ENVIRONMENT) {
        int written = planned_write_plates(planned, !planned->desk.json && !is_only_drawn(planned));
        status = written > status ? written : status;
    }
    plan_close(planned->plan);
    plan_snapshot_free(&planned->snapshot);
    if (planned->desk.shop != planned->shop)
        shop_close(planned->shop);
    return status;
}

static int run(struct planned *planned, struct plan_settings *settings)
{
    struct arena arena = {0};
    struct farm farm = {0};
    struct failure failure;
    bool open = planned->apply ? desk_write(&planned->desk) && desk_read(&planned->desk)
                               : desk_read(&planned->desk);
    const char *path = open ? farm_path(planned, &arena) : NULL;
    int status = open ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    if (path && !farm_open(&farm, path, &failure)) {
        complain("%s", failure.message);
        status = EXIT_FINDINGS;
    } else if (path) {
        settings->printers = see_printers(&farm, shop_state(planned->desk.shop));
        settings->printer_count = farm.count;
    }
    if (status == EXIT_CLEAN)
        status = plan_it(planned, settings);
    if (status != EXIT_OUR_FAULT && status != EXIT_ENVIRONMENT) {
        int queued = planned_queue(planned);
        status = queued > status ? queued : status;
    }
    plan_jobs_free(&planned->jobs);
    if (path)
        farm_close(&farm);
    arena_free(&arena);
    return status;
}

int cmd_plan(int argc, char **argv)
{
    const struct verb *verb = verb_find("plan");
    struct planned planned = {0};
    struct plan_settings settings;
    const struct option_row options[] = {DESK_OPTIONS(&planned.desk),
                                         {"--farm", true, &planned.farm, NULL},
                                         {"--gantt", true, &planned.gantt, NULL},
                                         {"--plates", true, &planned.plates, NULL},
                                         {"--at", true, &planned.at, NULL},
                                         {"--begins", true, &planned.begins, NULL},
                                         {"--hours", true, &planned.hours, NULL},
                                         {"--always", false, NULL, &planned.always},
                                         {"--swap", true, &planned.swap, NULL},
                                         {"--nozzle", true, &planned.nozzle, NULL},
                                         {"--apply", false, NULL, &planned.apply},
                                         {"--no-slice", false, NULL, &planned.no_slice},
                                         {"--slicer", true, &planned.slicer, NULL},
                                         {"--timeout", true, &planned.timeout, NULL}};
    bool done;
    if (argc > 1 && is_action("plan", argv[1]))
        return cmd_action(argc, argv);
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count)
        return usage_error(verb,
                           "`flowd plan` alone, or with hold, free, rank, pin, unpin or split");
    if (!read_settings(&planned, &settings))
        return EXIT_USAGE;
    int status = run(&planned, &settings);
    desk_close(&planned.desk);
    return status;
}
