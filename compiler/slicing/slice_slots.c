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

static bool is_kept_out(const struct bed *bed, const struct wipe_area *area)
{
    const double rounding_mm = 0.01;
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

static bool purge_is_clear(const struct bed *bed, const char *machine, const char *gcode,
                           struct failure *failure)
{
    struct wipe_area areas[WIPE_AREAS_AT_MOST];
    struct buffer lines = {0};
    int count = wipe_areas_read(gcode, areas, failure);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        const struct wipe_area *area = &areas[i];
        double low[2], size[2];
        if (is_kept_out(bed, area))
            continue;
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmax(floor(area->low[axis]), 0);
            size[axis] = ceil(area->high[axis]) - low[axis];
        }
        buffer_addf(&lines, "%s %g mm x %g mm at %g mm x %g mm", lines.length ? "," : "", size[0],
                    size[1], low[0], low[1]);
    }
    bool clear = lines.length == 0;
    if (!clear)
        fail(failure,
             "the wipe tower, or what is primed, stands where parts may: say in `%s`: keep_out%s; "
             "or put "
             "it elsewhere with wipe_tower_x and wipe_tower_y, and leave the priming out with "
             "single_extruder_multi_material_priming = 0",
             machine, buffer_text(&lines));
    buffer_free(&lines);
    return clear;
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
    if (purge_is_clear(plate->bed, plate->machine, request->output, failure))
        return true;
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
    return purge_is_clear(plate->bed, plate->machine, plate->request.output, failure);
}
