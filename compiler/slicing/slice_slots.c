#include "slicing/slice_slots.h"

#include "base/buffer.h"
#include "slicing/settings.h"
#include "slicing/wipe_tower.h"

#include <math.h>
#include <stdio.h>

static bool slots_suffice(int count, const char *settings, struct failure *failure)
{
    int extruders = count > 1 ? settings_extruders(settings, failure) : 1;
    if (count < 2 || extruders >= count)
        return true;
    return extruders > 0 &&
           fail(failure,
                "the plate takes %d materials, and %s has %d extruder%s; export the settings of a "
                "printer with %d (nozzle_diameter, temperature and all that is of a filament have "
                "a value for each), or print what is of one material in a step of its own",
                count, settings, extruders, extruders == 1 ? "" : "s", count);
}

static const double rounding_mm = 0.01;

static bool is_on_bed(const struct bed *bed, const struct wipe_area *area)
{
    for (int axis = 0; axis < 2; axis++)
        if (area->low[axis] < -rounding_mm || area->high[axis] > bed->size_mm[axis] + rounding_mm)
            return false;
    return true;
}

static bool is_kept_out(const struct bed *bed, const struct wipe_area *area)
{
    for (uint32_t i = 0; i < bed->keep_out_count; i++) {
        bool inside = true;
        for (int axis = 0; axis < 2; axis++)
            inside &= area->low[axis] >= bed->keep_outs[i].low[axis] - rounding_mm &&
                      area->high[axis] <= bed->keep_outs[i].high[axis] + rounding_mm;
        if (inside)
            return true;
    }
    return false;
}

static void add_place(struct buffer *lines, const struct wipe_area *area)
{
    double low[2], size[2];
    for (int axis = 0; axis < 2; axis++) {
        low[axis] = floor(area->low[axis] + rounding_mm);
        size[axis] = ceil(area->high[axis]) - low[axis];
    }
    buffer_addf(lines, "%s %.15g mm x %.15g mm at %.15g mm x %.15g mm", lines->length ? "," : "",
                size[0], size[1], low[0], low[1]);
}

#define PUT_ELSEWHERE                                                                              \
    "put it elsewhere with wipe_tower_x and wipe_tower_y, and leave the priming out with "         \
    "single_extruder_multi_material_priming = 0"

enum purging { PURGES_CLEAR, PURGES_UNREAD, PURGES_IN_THE_WAY, PURGES_OFF_BED };

static enum purging see_purging(const struct bed *bed, const char *machine, const char *gcode,
                                struct failure *failure)
{
    struct wipe_area areas[WIPE_AREAS_AT_MOST];
    struct buffer off = {0}, lines = {0};
    enum purging seen = PURGES_CLEAR;
    int count = wipe_areas_read(gcode, areas, failure);
    for (int i = 0; i < count; i++)
        if (!is_on_bed(bed, &areas[i]))
            add_place(&off, &areas[i]);
        else if (!is_kept_out(bed, &areas[i]))
            add_place(&lines, &areas[i]);
    if (count < 0)
        seen = PURGES_UNREAD;
    else if (off.length) {
        /* PrusaSlicer 2.5 does that by chance, too: it primes where nothing says */
        fail(failure,
             "the wipe tower, or what is primed, is not all on the bed of `%s`, which is %g mm x "
             "%g mm:%s; " PUT_ELSEWHERE "; where they say a place on the bed, slice again",
             machine, bed->size_mm[0], bed->size_mm[1], buffer_text(&off));
        seen = PURGES_OFF_BED;
    } else if (lines.length) {
        fail(failure,
             "the wipe tower, or what is primed, stands where parts may: say in `%s`: "
             "keep_out%s; or " PUT_ELSEWHERE,
             machine, buffer_text(&lines));
        seen = PURGES_IN_THE_WAY;
    }
    buffer_free(&off);
    buffer_free(&lines);
    return seen;
}

bool slice_with_slots(const struct slicer *slicer, const struct plate_slicing *plate,
                      struct arena *arena, const struct gcode_facts **facts, bool *from_cache,
                      char slicer_said[2048], struct failure *failure)
{
    const struct slicing_request *request = &plate->request;
    slicer_said[0] = '\0';
    if (!slots_suffice(plate->materials, request->settings, failure) ||
        !slicer_run(slicer, request, arena, facts, from_cache, slicer_said, failure))
        return false;
    enum purging seen = see_purging(plate->bed, plate->machine, request->output, failure);
    if (seen == PURGES_CLEAR)
        return true;
    if (seen == PURGES_OFF_BED) /* of no use to anybody */
        slicer_forget(slicer, request);
    remove(request->output);
    return false;
}

bool slice_is_of_plate(const struct plate_slicing *plate, const struct gcode_facts *facts,
                       struct failure *failure)
{
    int tools[GCODE_TOOLS_AT_MOST], used = gcode_used_tools(facts, tools);
    if (used && plate->materials && used != plate->materials)
        return fail(failure, "%s lays %d filament%s, and the plate is of %d materials",
                    plate->request.output, used, used == 1 ? "" : "s", plate->materials);
    return see_purging(plate->bed, plate->machine, plate->request.output, failure) == PURGES_CLEAR;
}
