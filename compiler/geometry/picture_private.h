/* Private to the pictures: a scene, and one look at it. */
#ifndef FLOW_GEOMETRY_PICTURE_PRIVATE_H
#define FLOW_GEOMETRY_PICTURE_PRIVATE_H

#include "geometry/edges.h"
#include "geometry/picture.h"

struct scene {
    const struct mesh *mesh;
    struct edge_table edges;
    float (*normals)[3]; /* of each face, of length 1; 0 where it has no area */
    float (*corners)
        [3]; /* of each face's corners, as if the surface were round where it is nearly so; NULL where the
                            faces are so many that none is seen for itself */
    double low[3], high[3];
    int outward; /* 1 where the faces look out of a closed surface, -1 where they look in, 0 where it is not closed */
};

/* Faces at a larger angle meet in an edge that is drawn: cos 25 degrees. */
#define CREASE_COSINE 0.906308

/* Samples are finer than pixels; depth and greys are found for each. */
enum { SAMPLES_A_PIXEL = 2, SAMPLE_MARGIN = 2 };

struct look {
    const struct scene *scene;
    const double (*axes)[3]; /* right, up, towards the eye */
    double left, top;        /* of the picture on the first two axes */
    double samples_mm;       /* a millimetre */
    float (*vertices)[3];    /* in samples: right, down, towards the eye */
    int columns, rows;       /* in samples, the margin with it */
    float *depth;            /* towards the eye; -INFINITY where nothing is */
    unsigned char *grey;
};

/* The depth and the grey of each sample. */
void look_surface(struct look *look);
/* The lines that are not hidden. After look_surface(). */
void look_lines(const struct look *look, struct picture *picture);

/* A face's normal seen from the eye: along the view's axes. */
static inline void look_turn(const struct look *look, const float normal[3], double turned[3])
{
    for (int axis = 0; axis < 3; axis++)
        turned[axis] = look->axes[axis][0] * (double)normal[0] +
                       look->axes[axis][1] * (double)normal[1] +
                       look->axes[axis][2] * (double)normal[2];
}

#endif
