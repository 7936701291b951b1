/* What a plate's picture says and shows of a spec: titles, materials, and each part as it is seen from above. */
#ifndef FLOW_PACKING_PLATE_LOOKS_H
#define FLOW_PACKING_PLATE_LOOKS_H

#include "packing/plate_picture.h"
#include "packing/step_plate.h"

/* All borrowed. */
struct plate_subject {
    const struct spec *spec;
    const struct step *step;
    const struct sku *sku;
    const struct machine *machine;
    const struct bed *bed;
    const struct plate_piece *pieces;
    const struct plate_shapes *shapes; /* of the pieces */
    struct arena *arena;
};

struct plate_looks {
    uint32_t count;
    struct plate_look *looks; /* in the arena */
    struct picture *tops;
};

/* By piece. Draws each model once. Free it. */
void plate_looks_open(struct plate_looks *looks, const struct plate_subject *subject);
void plate_looks_free(struct plate_looks *looks);

/* In the arena. */
struct plate_words plate_words_of(const struct plate_subject *subject,
                                  const struct packing *packing, uint32_t plate);

#endif
