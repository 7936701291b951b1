/* Which faces of a mesh are near a place: a tree of bounding boxes. */
#ifndef FLOW_GEOMETRY_BOXES_H
#define FLOW_GEOMETRY_BOXES_H

#include "geometry/mesh.h"

/* A complete binary tree: the children of node i are 2i and 2i + 1, the root is 1, and the leaves are those from `leaves`
   on, each for a few faces that lie side by side on a space-filling curve. */
struct box_tree {
    const struct mesh *mesh;
    uint32_t *faces; /* in order of the curve */
    float (*low)[3], (*high)[3];
    uint32_t leaves; /* a power of two */
};

/* Linear in the faces. Free it. */
struct box_tree boxes_build(const struct mesh *mesh);
void boxes_free(struct box_tree *tree);

/* Calls visit for every face whose box touches the box low .. high, in an order that only the mesh decides; some calls are
   for faces whose box does not. Stops where it returns false. */
void boxes_visit(const struct box_tree *tree, const float low[3], const float high[3],
                 bool (*visit)(void *context, uint32_t face), void *context);

#endif
