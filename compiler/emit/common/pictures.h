/* Pictures of a product's parts, from their models: what the bench and the supplier know a part by. A part without a model
   that can be read has none, and nothing stands for it. */
#ifndef FLOW_EMIT_COMMON_PICTURES_H
#define FLOW_EMIT_COMMON_PICTURES_H

#include "emit/emit.h"
#include "geometry/picture.h"
#include "page/page.h"

struct part_picture {
    const struct part *part;
    const char *title; /* "Rail"; "Rail (large)" where its cases have different models */
    const char *which; /* "large"; "" where there is one model */
    const char *file;  /* the model's name, without its folder */
    struct picture views[VIEW_COUNT];
};

/* In the order of the parts, then of the cases. Free it. */
struct part_pictures {
    struct part_picture *items;
    int count, capacity;
};

enum pictures_wanted { PICTURES_ISO, PICTURES_ALL_VIEWS };

/* The parts that the product contains, each once; in the arena. */
int product_parts(struct emit_context *context, const struct part ***parts);

/* Reads each model once. Of a part with many models the first six are drawn. */
void pictures_collect(struct emit_context *context, const struct part *const *parts, int count,
                      enum pictures_wanted wanted, struct part_pictures *pictures);
void pictures_free(struct part_pictures *pictures);

/* The first of a part; NULL where it has none. */
const struct part_picture *pictures_find(const struct part_pictures *pictures,
                                         const struct declaration *part);

/* The product's parts side by side, with titles and counts; in the arena. */
int pictures_assembly(struct emit_context *context, const struct part_pictures *pictures,
                      struct page_part **parts);
/* Those that go into a step, with how many; in the arena. */
int pictures_of_step(struct emit_context *context, const struct part_pictures *pictures,
                     const struct step *step, struct page_part **parts);

#endif
