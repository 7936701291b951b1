#include "geometry/inside.h"

#include "geometry/faces.h"

/* Whether going from a to b passes right of the place, seen from above: -1 downward, 1 upward, 0 not at all. */
static int side(const double a[2], const double b[2], const double at[2])
{
    if ((a[1] > at[1]) == (b[1] > at[1]))
        return 0;
    const double *low = a[1] > b[1] ? b : a, *high = a[1] > b[1] ? a : b;
    double turn = (high[0] - low[0]) * (at[1] - low[1]) - (at[0] - low[0]) * (high[1] - low[1]);
    return turn <= 0 ? 0 : b[1] > a[1] ? 1 : -1;
}

int face_above(const struct mesh *mesh, uint32_t face, const double at[3])
{
    const float origin[3] = {0, 0, 0};
    double c[3][3], normal[3];
    face_corners(mesh, face, origin, c);
    int around = 0;
    for (int i = 0; i < 3; i++)
        around += side(c[i], c[(i + 1) % 3], at);
    if (!around)
        return 0;
    corners_normal(c, normal);
    double above = normal[0] * (at[0] - c[0][0]) + normal[1] * (at[1] - c[0][1]) +
                   normal[2] * (at[2] - c[0][2]);
    return normal[2] > 0 ? above < 0 : normal[2] < 0 ? -(above > 0) : 0;
}

void box_above(const double at[3], float low[3], float high[3])
{
    for (int axis = 0; axis < 3; axis++) {
        low[axis] = nextafterf((float)at[axis], -HUGE_VALF);
        high[axis] = nextafterf((float)at[axis], HUGE_VALF);
    }
    high[2] = HUGE_VALF;
}

struct count {
    const struct mesh *mesh;
    const double *at;
    int bodies;
};

static bool look(void *context, uint32_t face)
{
    struct count *count = context;
    count->bodies += face_above(count->mesh, face, count->at);
    return true;
}

int bodies_at(const struct box_tree *tree, const double at[3])
{
    float low[3], high[3];
    struct count count = {tree->mesh, at, 0};
    box_above(at, low, high);
    boxes_visit(tree, low, high, look, &count);
    return count.bodies;
}
