/* What of a plate a standing part covers: its outline seen from above, with its bays, without its holes. */
#ifndef FLOW_GEOMETRY_SILHOUETTE_H
#define FLOW_GEOMETRY_SILHOUETTE_H

#include "geometry/mesh.h"

/* A closed line, counter-clockwise, that does not cross itself. */
struct ring {
    uint32_t count;
    double (*points)[2]; /* mm, as the mesh lies */
};

/* Nothing of the part is outside of its rings, and they reach no farther than the part does along x and y. One ring, or
   several where the part is in pieces. */
struct silhouette {
    uint32_t count; /* 0 of an empty mesh, and of one with a place that is no number */
    struct ring *rings;
};

/* Seen along z: the triangles are painted on a grid of `cells` cells along the longer side (16 to 4,000), and what is
   within the painted ones' outer edges is it, with the steps of the grid evened out; so it is wider than the part by a
   cell or two, and holds for broken meshes too. Linear in the triangles and in the cells. Free it. */
struct silhouette silhouette_of(const struct mesh *mesh, uint32_t cells);
struct silhouette silhouette_copy(const struct silhouette *silhouette);
void silhouette_free(struct silhouette *silhouette);

/* Fewer corners: none of what was within is outside after, and the box around it stays. Corners go, the least area
   first, while the area grows by no more than `growth` (0.01: by a hundredth), and while there are more than `corners`
   whatever it grows by, if it can be done without a ring crossing itself. Quadratic in the corners. */
void silhouette_simplify(struct silhouette *silhouette, double growth, uint32_t corners);

/* Cuts across bays that are no deeper, and so the steps of a grid of that size become straight lines. */
void silhouette_smooth(struct silhouette *silhouette, double depth_mm);

double silhouette_area(const struct silhouette *silhouette);

#endif
