#include "sim/twin.h"

#include <stdio.h>
#include <string.h>

bool twin_is(const struct twin *twin, const struct protocol *protocol)
{
    return twin->protocol == protocol;
}

bool twin_server_is_up(const struct twin *twin)
{
    return twin->now_ms >= twin->server_until;
}

struct twin_file *twin_file(struct twin *twin, const char *name)
{
    for (int i = 0; i < twin->file_count; i++)
        if (strcmp(twin->files[i].name, name) == 0)
            return &twin->files[i];
    return NULL;
}

void twin_keep(struct twin *twin, const char *name, int64_t size)
{
    struct twin_file *kept = twin_file(twin, name);
    if (!kept && twin->file_count == TWIN_FILES_AT_MOST)
        memmove(twin->files, twin->files + 1, sizeof *twin->files * (size_t)--twin->file_count);
    if (!kept)
        kept = &twin->files[twin->file_count++];
    if (strcmp(kept->name, name) != 0) {
        *kept = (struct twin_file){0};
        snprintf(kept->name, sizeof kept->name, "%s", name);
    }
    kept->size = size;
}

bool twin_works(const struct twin *twin)
{
    return twin->hand == HAND_PRINTING || twin->hand == HAND_PAUSED;
}

void twin_end(struct twin *twin, enum twin_hand hand, enum twin_row row)
{
    struct twin_file *kept = twin_file(twin, twin->file);
    if (!twin_works(twin))
        return;
    if (kept && hand == HAND_FINISHED)
        kept->good++;
    else if (kept)
        kept->bad++;
    if (kept && twin_server_is_up(twin) && kept->row == ROW_RUNNING)
        kept->row = row;
    twin->hand = hand;
    twin->ended_ms = twin->now_ms;
    twin->ends_ms = 0;
}

void twin_start(struct twin *twin, const char *name)
{
    struct twin_file *kept = twin_file(twin, name);
    if (twin_works(twin) && strcmp(twin->file, name) != 0)
        twin->destroyed++;
    twin_end(twin, HAND_CANCELLED, ROW_BAD);
    snprintf(twin->file, sizeof twin->file, "%s", name);
    snprintf(twin->shown, sizeof twin->shown, "%s", name);
    snprintf(twin->named, sizeof twin->named, "%s", name);
    twin->hand = HAND_PRINTING;
    twin->begun_ms = twin->now_ms;
    twin->ends_ms = twin->stuck
                        ? INT64_MAX
                        : twin->now_ms + (twin->breaks_ms ? twin->breaks_ms : twin->print_ms);
    twin->job++;
    if (kept) {
        kept->starts++;
        if (twin_server_is_up(twin)) /* Moonraker, killed between the deed and its note of it */
            kept->row = ROW_RUNNING;
    }
}

bool twin_is_in_reach(const struct twin *twin)
{
    return twin_server_is_up(twin) && twin->now_ms >= twin->network_until;
}

bool twin_machine_is_ready(const struct twin *twin)
{
    return twin->now_ms >= twin->machine_until && !twin->stopped;
}

static void person(struct twin *twin, const struct twin_incident *incident)
{
    bool near = twin_server_is_up(twin) && twin_machine_is_ready(twin) && !*twin->late;
    if (!near)
        return;
    if (incident->kind == PERSON_STARTS && !twin_works(twin)) {
        char name[TWIN_NAME_SIZE];
        snprintf(name, sizeof name, "other-%d.gcode", ++twin->others);
        twin_keep(twin, name, 1);
        twin_start(twin, name);
        twin->ends_ms = twin->now_ms + incident->length_ms;
    } else if (incident->kind == PERSON_PAUSES && twin->hand == HAND_PRINTING && !twin->stuck) {
        twin->hand = HAND_PAUSED;
        twin->left_ms = twin->ends_ms - twin->now_ms;
    } else if (incident->kind == PERSON_RESUMES && twin->hand == HAND_PAUSED) {
        twin->hand = HAND_PRINTING;
        twin->ends_ms = twin->now_ms + twin->left_ms;
    } else if (incident->kind == PERSON_CANCELS) {
        twin_end(twin, HAND_CANCELLED, ROW_BAD);
    } else if (incident->kind == PERSON_DISMISSES && !twin_works(twin)) {
        twin->hand = HAND_IDLE;
    }
}

/* OctoPrint feeds the machine, and forgets the print with itself; Klipper goes on without Moonraker; PrusaLink is the machine. */
static void kill_server(struct twin *twin, int64_t length_ms)
{
    struct twin_file *kept = twin_file(twin, twin->file);
    if (twin_is(twin, &protocol_moonraker)) {
        if (twin_works(twin) && kept && kept->row == ROW_RUNNING)
            kept->row = ROW_INTERRUPTED;
    } else {
        *twin->late = 0;
        if (twin_works(twin) && kept && kept->row == ROW_RUNNING)
            kept->row = ROW_NONE;
        twin_end(twin, HAND_IDLE, ROW_NONE);
        twin->hand = HAND_IDLE;
        *twin->shown = 0;
        *twin->named = 0;
        twin->stopped = false;
        twin->broke = twin->linked;
        twin->linked = false;
    }
    twin->server_until = twin->now_ms + length_ms;
}

static void lose_machine(struct twin *twin, int64_t length_ms, bool stop)
{
    if ((twin_is(twin, &protocol_prusalink) || twin_is(twin, &protocol_bambu)) && !stop)
        return;
    bool fails = twin_is(twin, &protocol_bambu) && twin_works(twin); /* and names what failed */
    twin_end(twin, HAND_IDLE, ROW_BAD);
    if (fails) {
        twin->hand = HAND_CANCELLED;
    } else if (!twin_is(twin, &protocol_bambu) &&
               (!stop || !twin_is(twin, &protocol_moonraker))) { /* whose name stays there */
        twin->hand = HAND_IDLE;
        *twin->shown = 0;
    }
    *twin->late = 0;
    twin->stopped = stop;
    twin->machine_until = twin->now_ms + length_ms;
}

static void twin_happen(struct twin *twin, const struct twin_incident *incident)
{
    int64_t until = twin->now_ms + incident->length_ms;
    if (incident->kind <= PERSON_DISMISSES)
        person(twin, incident);
    else if (incident->kind == NETWORK_LOST)
        twin->network_until = until;
    else if (incident->kind == SERVER_KILLED)
        kill_server(twin, incident->length_ms);
    else if (incident->kind == ANSWER_LOST)
        twin->losing++;
    else if (incident->kind == WE_RESTART)
        twin->restart_ms = incident->length_ms;
    else if (incident->kind == GETS_STUCK) {
        twin->stuck = true;
        if (twin_works(twin))
            twin->ends_ms = INT64_MAX;
    } else if (twin_server_is_up(twin) || twin_is(twin, &protocol_moonraker))
        lose_machine(twin, incident->length_ms, incident->kind == EMERGENCY_STOP);
}

static int64_t sooner(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static int64_t next_incident(const struct twin *twin)
{
    return twin->incident_next < twin->incident_count ? twin->incidents[twin->incident_next].at_ms
                                                      : INT64_MAX;
}

int64_t twin_next_change(const struct twin *twin)
{
    const int64_t at_ms[] = {twin->network_until,
                             twin->server_until,
                             twin->machine_until,
                             twin_is(twin, &protocol_bambu) ? twin->begun_ms + TWIN_PREPARES_MS : 0,
                             twin->hand == HAND_PRINTING ? twin->ends_ms : 0,
                             *twin->late ? twin->late_ms : 0,
                             next_incident(twin)};
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < sizeof at_ms / sizeof *at_ms; i++)
        if (at_ms[i] > twin->now_ms)
            next_ms = sooner(next_ms, at_ms[i]);
    return next_ms;
}

void twin_advance(struct twin *twin, int64_t to_ms)
{
    for (;;) {
        int64_t end_at = twin->hand == HAND_PRINTING ? twin->ends_ms : INT64_MAX;
        int64_t late_at = *twin->late ? twin->late_ms : INT64_MAX;
        int64_t back_at = twin->stopped ? twin->machine_until : INT64_MAX;
        int64_t at = sooner(sooner(end_at, late_at), sooner(back_at, next_incident(twin)));
        if (at > to_ms)
            break;
        if (at > twin->now_ms)
            twin->now_ms = at;
        if (at == end_at) {
            twin_end(twin, twin->breaks_ms ? HAND_CANCELLED : HAND_FINISHED,
                     twin->breaks_ms ? ROW_BAD : ROW_GOOD);
        } else if (at == late_at) {
            char name[TWIN_NAME_SIZE];
            memcpy(name, twin->late, sizeof name);
            *twin->late = 0;
            if (twin_machine_is_ready(twin) && twin->hand != HAND_PRINTING &&
                (twin_is(twin, &protocol_moonraker) || !twin_works(twin)))
                twin_start(twin, name);
        } else if (at == back_at) { /* somebody restarted it */
            twin->stopped = false;
            twin->hand = HAND_IDLE;
            *twin->shown = 0;
            *twin->named = 0;
        } else {
            twin_happen(twin, &twin->incidents[twin->incident_next++]);
        }
        twin_bambu_says(twin);
    }
    if (to_ms > twin->now_ms)
        twin->now_ms = to_ms;
}

void twin_mend(struct twin *twin)
{
    twin->stuck = false;
    *twin->late = 0;
    twin_end(twin, HAND_CANCELLED, ROW_BAD);
    twin_bambu_says(twin);
}

void twin_pass_restart(struct twin *twin)
{
    int64_t away_ms = twin->restart_ms;
    twin->restart_ms = 0;
    twin->linked = twin->broke = false;
    bambu_forget(&twin->view);
    twin->view = (struct bambu_view){0};
    twin_advance(twin, twin->now_ms + away_ms);
}

void twin_close(struct twin *twin)
{
    buffer_free(&twin->body);
    bambu_forget(&twin->view);
}
