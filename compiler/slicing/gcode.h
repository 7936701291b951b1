/* What a slicer says of a job in its G-code: how long, how much filament of each tool, at which layers and temperatures,
   and how it looks. Plain G-code, .gcode.3mf with a plate or several, binary G-code. Nothing is reckoned from moves. */
#ifndef FLOW_SLICING_GCODE_H
#define FLOW_SLICING_GCODE_H

#include "base/arena.h"
#include "base/rational.h"

#include <stdbool.h>
#include <stddef.h>

enum { GCODE_TOOLS_AT_MOST = 64, GCODE_PLATES_AT_MOST = 64 };

enum gcode_status {
    GCODE_READ,
    GCODE_ABSENT,   /* no such file, or it cannot be opened */
    GCODE_MALFORMED /* problem says why */
};

/* A number that the file may leave out. */
struct gcode_figure {
    bool said;
    struct rational number;
};

/* An extruder, or a slot of filament. */
struct gcode_tool {
    struct gcode_figure length_mm, mass_g, nozzle_mm, nozzle_degc, diameter_mm, density_g_cm3;
    const char *material; /* "PLA"; NULL if unsaid */
};

struct gcode_thumbnail {
    struct gcode_thumbnail *next;
    int width, height;  /* 0 where the file does not say */
    const char *format; /* "png", "jpg", "qoi" */
    const unsigned char *bytes;
    size_t length;
};

/* One plate. */
struct gcode_facts {
    const char *name;             /* of the part of a package; NULL for a file that is one job */
    const char *slicer, *version; /* "" where it is not known */
    struct gcode_figure time_s, layer_mm, bed_degc, layers;
    struct gcode_figure total_g, total_mm; /* of all tools */
    struct gcode_tool tools[GCODE_TOOLS_AT_MOST];
    int tool_count;
    struct gcode_thumbnail *thumbnails;
};

struct gcode {
    enum gcode_status status;
    char problem[160];
    const char *format; /* "G-code", "3MF with G-code", "binary G-code" */
    struct gcode_facts *plates;
    int plate_count; /* at least 1 of what was read */
};

/* The tools that lay something, in their order; how many. 0 where that is not said. */
int gcode_used_tools(const struct gcode_facts *facts, int tools[GCODE_TOOLS_AT_MOST]);

/* Reads the first and last 512 KiB of a plain file, of a package whatever G-code is in it. All is in the arena. */
void gcode_read(const char *path, struct arena *arena, struct gcode *gcode);
/* The same of bytes that are there already. */
void gcode_read_bytes(const unsigned char *bytes, size_t length, struct arena *arena,
                      struct gcode *gcode);

#endif
