/* Private to `flowc plate`: what is asked for on the command line, and what of the spec that is. */
#ifndef FLOW_FLOWC_PLATE_ORDER_H
#define FLOW_FLOWC_PLATE_ORDER_H

#include "flowc/flowc.h"
#include "slicing/plate_slots.h"

struct plate_order {
    struct arena *arena;
    const char *path, *product, *sku, *step_name, *machine_name,
        *counts;        /* as written; NULL: unsaid */
    const char *folder; /* NULL: no files */
    bool json;
    struct packing_request request; /* all but the parts */
    /* found in the spec */
    const struct spec *spec;
    const struct sku *for_sku;
    const struct step *step;
    const struct machine *machine;
    struct bed bed;
    struct plate_piece *pieces;
    uint32_t count;
    struct plate_shapes shapes;
    struct plate_slots slots;
    struct plate_model *models;
};

/* EXIT_USAGE after a message; *done where --help was all. */
int plate_order_read(struct plate_order *order, int argc, char **argv, bool *done);
/* Finds step, machine and parts, and reads the models. A status other than EXIT_CLEAN after a message. */
int plate_order_find(struct plate_order *order, struct session *session);

#endif
