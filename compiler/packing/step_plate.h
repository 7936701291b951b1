/* The plate of a print step: what goes on it, and how much of that there is room for on the machine. What was packed once
   is kept, by what the models say and not where they are, in memory and in $XDG_CACHE_HOME/flowc or ~/.cache/flowc. */
#ifndef FLOW_PACKING_STEP_PLATE_H
#define FLOW_PACKING_STEP_PLATE_H

#include "base/failure.h"
#include "packing/packing.h"
#include "spec/spec.h"

/* Where parts lie, if nobody says otherwise. */
#define PLATE_CLEARANCE_MM 2.0
#define PLATE_TURNS 4

enum { KEEP_OUTS_AT_MOST = 32 };

struct bed {
    double size_mm[3]; /* height last */
    struct bed_area keep_outs[KEEP_OUTS_AT_MOST];
    uint32_t keep_out_count;
    bool stacks; /* the process knows no overhang: parts may stand on nothing, above one another */
};

/* False where the machine has no volume. */
bool bed_of(const struct machine *machine, const struct sku *sku, struct bed *bed);
/* The machine a step's plates are packed for: the first of `on` that has a volume; NULL. */
const struct machine *plate_machine(const struct step *step, const struct sku *sku);

struct plate_piece {
    const struct part *part;
    const char *model; /* path; NULL where the part has none */
    uint32_t count;    /* on the plate, where the step says so; else in one product */
    double tilt_deg;   /* how far it leans back, its front on the bed */
};

/* What the step makes of this SKU, by its `plate` where it has one. In the arena. */
uint32_t plate_pieces(const struct spec *spec, const struct step *step, const struct sku *sku,
                      struct arena *arena, struct plate_piece **pieces);

/* The models of pieces, read, and tilted. */
struct plate_shapes {
    uint32_t count;
    struct mesh *meshes;
    struct silhouette *silhouettes;
    double *heights_mm;
};
/* False with a failure where a model is missing, cannot be read, or has nothing to stand on. Free it in both cases. */
bool plate_shapes_read(struct plate_shapes *shapes, const struct plate_piece *pieces,
                       uint32_t count, struct failure *failure);
void plate_shapes_free(struct plate_shapes *shapes);

/* ---- what is known of a spec's plates ---- */

/* Packs the step's plate for this SKU, or remembers it: a print that makes parts and has no `plate` and no `gcode` line.
   Nothing comes of it where a model or the machine's volume is missing. For check/. */
void plates_know(struct spec *spec, const struct step *step, const struct sku *sku);

/* How many of a part one plate of the step takes, by what was packed; 0 where that is not known. */
uint32_t plate_takes(const struct spec *spec, const struct step *step, const struct sku *sku,
                     const struct part *part);

/* How many plates of a machine it takes for the counts of the step's `plate` line, all models with that axis up, and for
   how many of them there is room on the first: *fits, by piece. 0 where that is not known. */
uint32_t plate_line_takes(const struct bed *bed, double clearance_mm, int up,
                          const struct plate_piece *pieces, uint32_t count, uint32_t *fits);

#endif
