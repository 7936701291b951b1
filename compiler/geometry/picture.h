/* Pictures of a part from its mesh: what is seen from one side, as a surface in greys and the lines that a draughtsman
   would draw. To print in black and white, and to be known on the bench. */
#ifndef FLOW_GEOMETRY_PICTURE_H
#define FLOW_GEOMETRY_PICTURE_H

#include "geometry/mesh.h"

/* z is up. The front looks along y, the right side against x; the isometric view shows these two and the top. */
enum view { VIEW_ISO, VIEW_FRONT, VIEW_TOP, VIEW_RIGHT, VIEW_COUNT };

/* Points that are joined by straight lines. */
struct picture_line {
    uint32_t first, count; /* in the picture's points */
    bool outline;          /* behind it the surface is not seen: drawn heavier */
};

/* Lengths are in millimetres of the part, from the top left of the picture, which is no larger than what is seen. */
struct picture {
    double width_mm, height_mm;
    int columns, rows;
    double pixel_mm;     /* the surface's first pixel begins at the top left */
    unsigned char *grey; /* row by row, 255 where nothing is */
    float (*points)[2];
    struct picture_line *lines;
    uint32_t point_count, line_count;
};

/* A mesh made ready to be seen from several sides. */
struct scene;

/* NULL where there is nothing to see: no triangle with an area, or a place that is no number. Borrows the mesh. Linear in
   the triangles. Free it. */
struct scene *scene_open(const struct mesh *mesh);
void scene_free(struct scene *scene);
/* Along x, y and z. */
void scene_size(const struct scene *scene, double size_mm[3]);

/* The longer side takes that many pixels, 16 to 4,000. Linear in the triangles and in the pixels. Same mesh, same bytes.
   picture_free() frees. */
void scene_look(const struct scene *scene, enum view view, int pixels, struct picture *picture);
void picture_free(struct picture *picture);

#endif
