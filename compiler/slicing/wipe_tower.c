#include "slicing/wipe_tower.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>

struct wiping {
    struct wipe_area *areas;
    int count;
    double at[2];
    bool in_tower;
};

static bool touch(const struct wipe_area *a, const struct wipe_area *b)
{
    const double near_mm = 2; /* the lines of a tower, and its brim */
    for (int axis = 0; axis < 2; axis++)
        if (a->low[axis] > b->high[axis] + near_mm || b->low[axis] > a->high[axis] + near_mm)
            return false;
    return true;
}

static void join(struct wipe_area *area, const struct wipe_area *more)
{
    for (int axis = 0; axis < 2; axis++) {
        area->low[axis] = fmin(area->low[axis], more->low[axis]);
        area->high[axis] = fmax(area->high[axis], more->high[axis]);
    }
}

/* Into the one that it touches; what that then touches joins it, too. Of more areas than there is room for the last grows. */
static void add_area(struct wiping *wiping, struct wipe_area area)
{
    for (int i = 0; i < wiping->count; i++)
        if (touch(&wiping->areas[i], &area)) {
            join(&area, &wiping->areas[i]);
            wiping->areas[i] = wiping->areas[--wiping->count];
            i = -1;
        }
    if (wiping->count == WIPE_AREAS_AT_MOST)
        join(&area, &wiping->areas[--wiping->count]);
    wiping->areas[wiping->count++] = area;
}

/* The number behind a letter of a move; false where it is not there. */
static bool word(const char *line, char letter, double *number)
{
    for (const char *at = line; *at && *at != ';'; at++)
        if (*at == letter && (at == line || at[-1] == ' ')) {
            char *end;
            *number = strtod(at + 1, &end);
            return end != at + 1;
        }
    return false;
}

static void take_line(struct wiping *wiping, const char *line)
{
    static const char type[] = ";TYPE:";
    double to[2] = {wiping->at[0], wiping->at[1]}, fed = 0;
    if (strncmp(line, type, sizeof type - 1) == 0)
        wiping->in_tower = strncmp(line + sizeof type - 1, "Wipe tower", 10) == 0;
    if (strncmp(line, "G1 ", 3) != 0 && strncmp(line, "G0 ", 3) != 0)
        return;
    bool moves = word(line, 'X', &to[0]);
    moves |= word(line, 'Y', &to[1]);
    if (wiping->in_tower && moves && word(line, 'E', &fed) && fed > 0)
        add_area(wiping,
                 (struct wipe_area){{fmin(to[0], wiping->at[0]), fmin(to[1], wiping->at[1])},
                                    {fmax(to[0], wiping->at[0]), fmax(to[1], wiping->at[1])}});
    memcpy(wiping->at, to, sizeof to);
}

int wipe_areas_read(const char *gcode, struct wipe_area areas[WIPE_AREAS_AT_MOST],
                    struct failure *failure)
{
    char line[512];
    struct wiping wiping = {.areas = areas};
    FILE *file = fopen(gcode, "re");
    while (file && fgets(line, sizeof line, file))
        take_line(&wiping, line);
    bool whole = file && !ferror(file);
    if (!whole)
        fail(failure, "%s cannot be read: %s", gcode, strerror(errno));
    if (file)
        fclose(file);
    return whole ? wiping.count : -1;
}
