/* A plate of units of one SKU or of several, of one spec or of several, as a plan makes it: laid on the bed, as a package for a
   slicer, and as a picture. */
#ifndef FLOW_SLICING_JOINT_PLATE_H
#define FLOW_SLICING_JOINT_PLATE_H

#include "packing/plate_picture.h"
#include "slicing/plate_slots.h"

/* What of it is of one SKU. Borrowed, all of it. */
struct plate_share {
    const struct spec *spec;
    const struct step *step; /* a print */
    const struct sku *sku;
    int64_t units;
};

struct joint_plate {
    const struct plate_share *shares;
    int share_count;
    uint32_t count; /* of kinds of pieces, share by share */
    struct plate_piece *pieces;
    struct plate_owner *owners; /* by piece */
    int *share_of;              /* by piece */
    const struct machine *machine;
    struct bed bed;
    struct plate_shapes shapes;
    struct plate_slots slots;
    struct plate_model *models;
    struct packing_request request;
    struct packing packing;
};

/* Lays it on the bed of the machine of that name; without one, on what the beds of all machines that the steps are `on` have in
   common, so that it may go to any of them. A plate of one SKU is laid as `flowc plate` and `flowc slice` lay it. False with
   a failure where a model or the machine's volume is missing, or it does not go on one plate; `strict`: also where a part
   is of several materials, and its model does not say which is where. Free it in both cases; what the arena has goes with that. */
bool joint_plate_open(struct joint_plate *plate, const struct plate_share *shares, int share_count,
                      const char *machine, bool strict, struct arena *arena,
                      struct failure *failure);
void joint_plate_free(struct joint_plate *plate);

/* As 3MF: positions, and materials by slot. */
bool joint_plate_package(const struct joint_plate *plate, const char *title, struct buffer *out,
                         struct failure *failure);
/* As SVG. */
void joint_plate_picture(const struct joint_plate *plate, const char *title, struct arena *arena,
                         struct buffer *out);

#endif
