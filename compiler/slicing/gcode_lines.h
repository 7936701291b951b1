/* Private to slicing/: the lines of G-code that say something of the job. */
#ifndef FLOW_SLICING_GCODE_LINES_H
#define FLOW_SLICING_GCODE_LINES_H

#include "slicing/gcode.h"

/* Reads lines, and keeps what they say until gcode_finish. Of a thing said twice the last holds. */
struct gcode_reading {
    struct arena *arena;
    struct gcode_facts *facts;
    struct gcode_figure elapsed_s, bed_heated_degc, nozzle_heated_degc;
    struct gcode_figure all_g; /* "total filament used", where the tools say nothing */
    int used_slots
        [GCODE_TOOLS_AT_MOST]; /* which filaments the lists are of, from 0; Bambu Studio */
    int used_count;
    struct gcode_thumbnail **last;
    bool is_job; /* a line of G-code, or one that a slicer writes */
};

void gcode_begin(struct gcode_reading *reading, struct gcode_facts *facts, struct arena *arena);
void gcode_lines(struct gcode_reading *reading, const char *text, size_t length);
/* A key and its value, as in the blocks of binary G-code. */
void gcode_pair(struct gcode_reading *reading, const char *key, size_t key_length,
                const char *value, size_t length);
void gcode_add_thumbnail(struct gcode_reading *reading, int width, int height, const char *format,
                         const unsigned char *bytes, size_t length);
/* What follows from all lines together. */
void gcode_finish(struct gcode_reading *reading);

#endif
