/* Slicing a plate of several materials: what is asked of the settings before, and of the job after. */
#ifndef FLOW_SLICING_SLICE_SLOTS_H
#define FLOW_SLICING_SLICE_SLOTS_H

#include "packing/step_plate.h"
#include "slicing/slicer.h"

struct plate_slicing {
    struct slicing_request request;
    int materials; /* that it takes */
    const struct bed *bed;
    const char *machine; /* whose bed that is */
};

/* slicer_run(), where the settings have an extruder for each material: PrusaSlicer would lay all of them from the first without a
   word. What it makes must purge nowhere that parts may stand, else it is removed. Otherwise as slicer_run(). */
bool slice_with_slots(const struct slicer *slicer, const struct plate_slicing *plate,
                      struct arena *arena, const struct gcode_facts **facts, bool *from_cache,
                      char slicer_said[2048], struct failure *failure);

/* The same asked of a job that is there: it lays as many filaments, and purges nowhere that parts may stand. */
bool slice_is_of_plate(const struct plate_slicing *plate, const struct gcode_facts *facts,
                       struct failure *failure);

#endif
