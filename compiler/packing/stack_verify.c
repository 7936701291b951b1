/* By nothing that stacking uses: each pair whose boxes are near is looked at triangle by triangle. */
#include "packing/stack.h"

#include "base/memory.h"
#include "geometry/inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double tolerance = 2e-3;

/* A placement in space. */
struct body {
    const struct placement *placement;
    const struct box_tree *tree; /* of its part, as the mesh lies */
    double along, across, shift[3];
    double low[3], high[3];
};

/* ---- distances ---- */

static void minus(const double a[3], const double b[3], double to[3])
{
    for (int axis = 0; axis < 3; axis++)
        to[axis] = a[axis] - b[axis];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double to[3])
{
    to[0] = a[1] * b[2] - a[2] * b[1];
    to[1] = a[2] * b[0] - a[0] * b[2];
    to[2] = a[0] * b[1] - a[1] * b[0];
}

static double within(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* Between two places on their sides, found by moving from one side to the other (Ericson, Real-Time Collision Detection,
   5.1.9). */
static double between_sides(const double a[3], const double b[3], const double c[3],
                            const double d[3])
{
    double u[3], v[3], w[3], apart[3];
    minus(b, a, u);
    minus(d, c, v);
    minus(a, c, w);
    double uu = dot(u, u), vv = dot(v, v), uv = dot(u, v), uw = dot(u, w), vw = dot(v, w);
    double flat = uu * vv - uv * uv;
    double s = flat > 1e-12 * uu * vv ? within((uv * vw - uw * vv) / flat) : 0;
    double t = vv > 0 ? (uv * s + vw) / vv : 0;
    if (t < 0 || t > 1) {
        t = within(t);
        s = uu > 0 ? within((uv * t - uw) / uu) : 0;
    }
    for (int axis = 0; axis < 3; axis++)
        apart[axis] = w[axis] + s * u[axis] - t * v[axis];
    return sqrt(dot(apart, apart));
}

/* Where a line from a place goes straight onto a face: how far that is, or HUGE_VAL where it goes past. */
static double onto_face(const double at[3], double (*face)[3])
{
    double u[3], v[3], normal[3], from[3], side[3], turn[3];
    minus(face[1], face[0], u);
    minus(face[2], face[0], v);
    cross(u, v, normal);
    double square = dot(normal, normal);
    if (square < 1e-20)
        return HUGE_VAL;
    for (int i = 0; i < 3; i++) {
        minus(face[(i + 1) % 3], face[i], side);
        minus(at, face[i], from);
        cross(side, from, turn);
        if (dot(turn, normal) < 0)
            return HUGE_VAL;
    }
    minus(at, face[0], from);
    return fabs(dot(from, normal)) / sqrt(square);
}

/* Whether a side goes through a face. */
static bool pierces(const double a[3], const double b[3], double (*face)[3])
{
    double u[3], v[3], normal[3], to_a[3], to_b[3], at[3];
    minus(face[1], face[0], u);
    minus(face[2], face[0], v);
    cross(u, v, normal);
    minus(a, face[0], to_a);
    minus(b, face[0], to_b);
    double above = dot(to_a, normal), below = dot(to_b, normal);
    if ((above > 0) == (below > 0))
        return false;
    for (int axis = 0; axis < 3; axis++)
        at[axis] = a[axis] + above / (above - below) * (b[axis] - a[axis]);
    return onto_face(at, face) < HUGE_VAL;
}

static double between_faces(double (*one)[3], double (*two)[3])
{
    double least = HUGE_VAL;
    for (int i = 0; i < 3; i++) {
        if (pierces(one[i], one[(i + 1) % 3], two) || pierces(two[i], two[(i + 1) % 3], one))
            return 0;
        least = fmin(least, fmin(onto_face(one[i], two), onto_face(two[i], one)));
        for (int k = 0; k < 3; k++)
            least = fmin(least, between_sides(one[i], one[(i + 1) % 3], two[k], two[(k + 1) % 3]));
    }
    return least;
}

/* ---- bodies ---- */

static void to_bed(const struct body *body, const double from[3], double to[3])
{
    to[0] = from[0] * body->along - from[1] * body->across + body->shift[0];
    to[1] = from[0] * body->across + from[1] * body->along + body->shift[1];
    to[2] = from[2] + body->shift[2];
}

static void from_bed(const struct body *body, const double from[3], double to[3])
{
    double x = from[0] - body->shift[0], y = from[1] - body->shift[1];
    to[0] = x * body->along + y * body->across;
    to[1] = y * body->along - x * body->across;
    to[2] = from[2] - body->shift[2];
}

static void corner_of(const struct body *body, uint32_t face, int corner, double to[3])
{
    const struct mesh *mesh = body->tree->mesh;
    const float *at = mesh->vertices[mesh->triangles[face][corner]];
    to_bed(body, (const double[]){(double)at[0], (double)at[1], (double)at[2]}, to);
}

static void include(const double at[3], double low[3], double high[3])
{
    for (int axis = 0; axis < 3; axis++) {
        low[axis] = fmin(low[axis], at[axis]);
        high[axis] = fmax(high[axis], at[axis]);
    }
}

static void body_open(struct body *body, const struct placement *placement,
                      const struct box_tree *tree)
{
    double angle = placement->angle_deg * (3.14159265358979323846 / 180), at[3];
    *body = (struct body){.placement = placement,
                          .tree = tree,
                          .along = cos(angle),
                          .across = sin(angle),
                          .shift = {placement->x_mm, placement->y_mm, 0}};
    for (int axis = 0; axis < 3; axis++) {
        body->low[axis] = HUGE_VAL;
        body->high[axis] = -HUGE_VAL;
    }
    for (uint32_t face = 0; face < tree->mesh->triangle_count; face++)
        for (int corner = 0; corner < 3; corner++) {
            corner_of(body, face, corner, at);
            include(at, body->low, body->high);
        }
    body->shift[2] = placement->z_mm - body->low[2];
    body->high[2] += body->shift[2];
    body->low[2] = placement->z_mm;
}

/* ---- pairs ---- */

struct pair {
    const struct body *one, *two;
    double face[3][3]; /* of the first, on the bed */
    double wanted, least;
};

/* The box around a box of the bed and a margin, as a body's mesh lies. */
static void box_for(const struct body *body, const double low[3], const double high[3],
                    double margin, float from[3], float to[3])
{
    double least[3] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, most[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (int i = 0; i < 8; i++) {
        const double at[3] = {i & 1 ? high[0] : low[0], i & 2 ? high[1] : low[1],
                              i & 4 ? high[2] : low[2]};
        double there[3];
        from_bed(body, at, there);
        include(there, least, most);
    }
    for (int axis = 0; axis < 3; axis++) {
        from[axis] = (float)(least[axis] - margin - 1e-3);
        to[axis] = (float)(most[axis] + margin + 1e-3);
    }
}

static bool visit_other(void *context, uint32_t face)
{
    struct pair *pair = context;
    double other[3][3];
    for (int corner = 0; corner < 3; corner++)
        corner_of(pair->two, face, corner, other[corner]);
    pair->least = fmin(pair->least, between_faces(pair->face, other));
    return pair->least >= pair->wanted;
}

static bool visit_one(void *context, uint32_t face)
{
    struct pair *pair = context;
    double low[3] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, high[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    float from[3], to[3];
    for (int corner = 0; corner < 3; corner++) {
        corner_of(pair->one, face, corner, pair->face[corner]);
        include(pair->face[corner], low, high);
    }
    box_for(pair->two, low, high, pair->wanted, from, to);
    boxes_visit(pair->two->tree, from, to, visit_other, pair);
    return pair->least >= pair->wanted;
}

/* Of two that do not touch, one is in the other where any place of it is. */
static bool holds(const struct body *body, const struct body *other)
{
    double at[3], there[3];
    corner_of(other, 0, 0, at);
    from_bed(body, at, there);
    return bodies_at(body->tree, there) > 0;
}

static bool is_clear(const struct body *one, const struct body *two, double clearance)
{
    struct pair pair = {.one = one, .two = two, .wanted = clearance - tolerance, .least = HUGE_VAL};
    float from[3], to[3];
    for (int axis = 0; axis < 3; axis++)
        if (one->low[axis] - two->high[axis] >= pair.wanted ||
            two->low[axis] - one->high[axis] >= pair.wanted)
            return true;
    box_for(one, two->low, two->high, clearance, from, to);
    boxes_visit(one->tree, from, to, visit_one, &pair);
    return pair.least >= pair.wanted && !holds(one, two) && !holds(two, one);
}

/* ---- the whole ---- */

static bool check(const struct stack_request *request, const struct body *bodies, uint32_t count,
                  struct failure *failure)
{
    double clearance = request->plates->clearance_mm;
    for (uint32_t i = 0; i < count; i++) {
        const struct placement *a = bodies[i].placement;
        if (bodies[i].low[2] < -tolerance ||
            (a->z_mm > 0 && bodies[i].high[2] > request->height_mm + tolerance))
            return fail(failure, "part %u at height %.3f mm in build %u reaches out of the machine",
                        a->part + 1, a->z_mm, a->plate + 1);
        for (uint32_t k = 0; k < i; k++) {
            const struct placement *b = bodies[k].placement;
            if (a->plate == b->plate && !is_clear(&bodies[k], &bodies[i], clearance))
                return fail(failure,
                            "part %u at %.3f, %.3f, %.3f mm and part %u at %.3f, %.3f, %.3f mm in "
                            "build %u are closer than %.3f mm",
                            b->part + 1, b->x_mm, b->y_mm, b->z_mm, a->part + 1, a->x_mm, a->y_mm,
                            a->z_mm, a->plate + 1, clearance);
        }
    }
    return true;
}

bool stack_verify(const struct stack_request *request, const struct packing *packing,
                  struct failure *failure)
{
    uint32_t parts = request->plates->part_count;
    struct box_tree *trees = memory_alloc((parts + (size_t)1) * sizeof *trees);
    struct body *bodies = memory_alloc((packing->count + (size_t)1) * sizeof *bodies);
    for (uint32_t part = 0; part < parts; part++)
        trees[part] = boxes_build(&request->meshes[part]);
    for (uint32_t i = 0; i < packing->count; i++)
        body_open(&bodies[i], &packing->placements[i], &trees[packing->placements[i].part]);
    bool sound = check(request, bodies, packing->count, failure);
    for (uint32_t part = 0; part < parts; part++)
        boxes_free(&trees[part]);
    free(trees);
    free(bodies);
    return sound;
}
