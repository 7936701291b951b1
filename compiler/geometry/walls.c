#include "geometry/walls.h"

#include "base/memory.h"
#include "geometry/faces.h"
#include "geometry/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    POINTS_AT_LEAST = 512,
    POINTS_AT_MOST = 4096,
    HITS = 16,
    THIN_POINTS = 3,
    LOOKED_AT_MOST = 20 * 1000 * 1000
};

static const double parallel = -0.96592582628906829; /* the cosine of 165 degrees */
static const double rounding_mm = 1e-4;              /* what two floats may be off */

/* ---- looking inward from one point ---- */

struct hit {
    double depth_mm;
    bool leaves, opposite;
};

struct sight {
    const struct mesh *mesh;
    const float (*normals)[3]; /* of every face, of length 1; 0 where it has no area */
    uint32_t face;
    double from[3], inward[3], least_mm;
    bool may_be_thin; /* there is a face that looks the other way, and is near */
    struct hit hits[HITS];
    uint32_t count;
    uint32_t looked; /* faces, from all points: thousands over one another are no part */
};

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double product[3])
{
    product[0] = a[1] * b[2] - a[2] * b[1];
    product[1] = a[2] * b[0] - a[0] * b[2];
    product[2] = a[0] * b[1] - a[1] * b[0];
}

/* Whether the line meets the face (Moller and Trumbore); *depth is then how far away. */
static bool meets(const struct sight *sight, double corners[3][3], double *depth)
{
    double a[3], b[3], p[3], q[3], to[3];
    for (int axis = 0; axis < 3; axis++) {
        a[axis] = corners[1][axis] - corners[0][axis];
        b[axis] = corners[2][axis] - corners[0][axis];
        to[axis] = sight->from[axis] - corners[0][axis];
    }
    cross(sight->inward, b, p);
    double determinant = dot(a, p);
    if (determinant == 0)
        return false;
    double u = dot(to, p) / determinant;
    cross(to, a, q);
    double v = dot(sight->inward, q) / determinant;
    *depth = dot(b, q) / determinant;
    return u >= 0 && v >= 0 && u + v <= 1;
}

/* The depth of the face below the point; 0 where it is not below, or not near. */
static double depth_of(const struct sight *sight, uint32_t face)
{
    const float origin[3] = {0, 0, 0};
    double corners[3][3], depth;
    if (face == sight->face)
        return 0;
    face_corners(sight->mesh, face, origin, corners);
    return meets(sight, corners, &depth) && depth > 1e-9 * sight->least_mm &&
                   depth < sight->least_mm
               ? depth
               : 0;
}

/* Of the cosine between where the face looks and where it is looked to. */
static double along(const struct sight *sight, uint32_t face)
{
    const float *normal = sight->normals[face];
    return (double)normal[0] * sight->inward[0] + (double)normal[1] * sight->inward[1] +
           (double)normal[2] * sight->inward[2];
}

/* Is there a wall at all? Nearly everywhere there is none, and then it is not asked what else is below. */
static bool look_for_back(void *context, uint32_t face)
{
    struct sight *sight = context;
    if (along(sight, face) >= -parallel && depth_of(sight, face) > 0)
        sight->may_be_thin = true;
    return !sight->may_be_thin && ++sight->looked <= LOOKED_AT_MOST;
}

static bool look_for_all(void *context, uint32_t face)
{
    struct sight *sight = context;
    double depth = depth_of(sight, face), cosine = along(sight, face);
    if (depth > 0) {
        uint32_t at = sight->count++;
        for (; at && sight->hits[at - 1].depth_mm > depth; at--)
            sight->hits[at] = sight->hits[at - 1];
        sight->hits[at] = (struct hit){depth, cosine > 0, cosine >= -parallel};
    }
    return sight->count < HITS && ++sight->looked <= LOOKED_AT_MOST;
}

/* The thickness of the wall below the point; least_mm where it is as thick as that, or no wall. */
static double wall_below(const struct box_tree *tree, struct sight *sight)
{
    float low[3], high[3];
    double wider_mm = 0.01 * sight->least_mm; /* than the rounding of the box */
    for (int axis = 0; axis < 3; axis++) {
        double to = sight->from[axis] + sight->inward[axis] * sight->least_mm;
        low[axis] = (float)(lesser(sight->from[axis], to) - wider_mm);
        high[axis] = (float)(greater(sight->from[axis], to) + wider_mm);
    }
    sight->count = 0;
    sight->may_be_thin = false;
    boxes_visit(tree, low, high, look_for_back, sight);
    if (!sight->may_be_thin)
        return sight->least_mm;
    boxes_visit(tree, low, high, look_for_all, sight);
    int bodies = 1; /* bodies may overlap: it ends where the last of them does */
    for (uint32_t i = 0; i < sight->count && sight->count < HITS; i++) {
        bodies += sight->hits[i].leaves ? -1 : 1;
        if (!bodies)
            return sight->hits[i].opposite ? sight->hits[i].depth_mm : sight->least_mm;
    }
    return sight->least_mm;
}

/* ---- points over the surface ---- */

static double fraction(double x)
{
    return x - (double)(uint32_t)x;
}

/* The n-th of a sequence that fills a square evenly, folded into a triangle. */
static void spread(uint32_t n, double *u, double *v)
{
    *u = fraction(0.5 + n * 0.75487766624669276);
    *v = fraction(0.5 + n * 0.56984029099805327);
    if (*u + *v > 1) {
        *u = 1 - *u;
        *v = 1 - *v;
    }
}

/* The surface up to and with each face. Fills the normals. */
static double *add_areas(const struct mesh *mesh, float (*normals)[3])
{
    double *until = memory_alloc((mesh->triangle_count + (size_t)1) * sizeof *until), sum = 0;
    double corners[3][3], normal[3];
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        face_corners(mesh, i, mesh->vertices[mesh->triangles[i][0]], corners);
        corners_normal(corners, normal);
        double length = length_of(normal);
        until[i] = sum += length / 2;
        for (int axis = 0; axis < 3; axis++)
            normals[i][axis] = length > 0 ? (float)(normal[axis] / length) : 0;
    }
    return until;
}

/* Five squares of the thickness a point: two of them are what counts at least, and three points are asked for. */
static uint32_t points_for(double area, double least_mm)
{
    double points = area / (5 * least_mm * least_mm);
    return points < POINTS_AT_LEAST  ? POINTS_AT_LEAST
           : points > POINTS_AT_MOST ? POINTS_AT_MOST
                                     : (uint32_t)points;
}

static void stand_on(struct sight *sight, uint32_t face, uint32_t n)
{
    const float origin[3] = {0, 0, 0};
    double corners[3][3], u, v;
    face_corners(sight->mesh, face, origin, corners);
    spread(n, &u, &v);
    for (int axis = 0; axis < 3; axis++) {
        sight->from[axis] = corners[0][axis] + u * (corners[1][axis] - corners[0][axis]) +
                            v * (corners[2][axis] - corners[0][axis]);
        sight->inward[axis] = -(double)sight->normals[face][axis];
    }
    sight->face = face;
}

/* The point is at the outside: a face may also lie within another body. */
static bool is_outside(const struct box_tree *tree, const struct sight *sight)
{
    double at[3];
    for (int axis = 0; axis < 3; axis++)
        at[axis] = sight->from[axis] - sight->inward[axis] * 0.01 * sight->least_mm;
    return bodies_at(tree, at) <= 0;
}

static void look_from_all(struct sight *sight, const struct box_tree *tree, const double *until,
                          struct thin_walls *thin)
{
    uint32_t last = sight->mesh->triangle_count - 1, face = 0, thin_points = 0;
    uint32_t points = points_for(until[last], thin->thickness_mm);
    for (uint32_t n = 0; n < points && sight->looked <= LOOKED_AT_MOST; n++) {
        double goal = until[last] * (n + 0.5) / points;
        while (face < last && until[face] < goal)
            face++;
        stand_on(sight, face, n);
        double thickness = wall_below(tree, sight);
        if (thickness >= sight->least_mm || !is_outside(tree, sight))
            continue;
        thin_points++;
        if (thickness >= thin->thickness_mm)
            continue;
        thin->thickness_mm = thickness;
        memcpy(thin->at, sight->from, sizeof thin->at);
    }
    if (thin_points >= THIN_POINTS && sight->looked <= LOOKED_AT_MOST)
        thin->area_mm2 = until[last] * thin_points / points;
}

struct thin_walls walls_thinner_than(const struct mesh *mesh, double least_mm)
{
    struct thin_walls thin = {.thickness_mm = least_mm};
    if (!mesh->triangle_count || least_mm <= rounding_mm)
        return (struct thin_walls){0};
    float(*normals)[3] = memory_alloc(mesh->triangle_count * sizeof *normals);
    double *until = add_areas(mesh, normals);
    struct box_tree tree = boxes_build(mesh);
    struct sight sight = {
        .mesh = mesh, .normals = (const float(*)[3])normals, .least_mm = least_mm - rounding_mm};
    look_from_all(&sight, &tree, until, &thin);
    free(normals);
    free(until);
    boxes_free(&tree);
    if (thin.area_mm2 < 10 * least_mm * least_mm)
        thin = (struct thin_walls){0};
    return thin;
}
