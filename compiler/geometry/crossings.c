#include "geometry/crossings.h"

#include "geometry/boxes.h"
#include "geometry/faces.h"

static const uint64_t looked_at_most = 200 * 1000 * 1000;

/* ---- signs ---- */

static int sign_of(double x)
{
    return (x > 0) - (x < 0);
}

static int exact_side(const float a[3], const float b[3], const float c[3], const float d[3])
{
    __float128 m[3][3];
    const float *rows[3] = {a, b, c};
    for (int row = 0; row < 3; row++)
        for (int axis = 0; axis < 3; axis++)
            m[row][axis] = (__float128)rows[row][axis] - (__float128)d[axis];
    __float128 volume = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) +
                        m[0][1] * (m[1][2] * m[2][0] - m[1][0] * m[2][2]) +
                        m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    return (volume > 0) - (volume < 0);
}

/* On which side of the plane of a, b and c the place d is: the sign of the volume between them. The bound is Shewchuk's
   for this sum, doubled. */
static int side(const float a[3], const float b[3], const float c[3], const float d[3])
{
    double m[3][3];
    const float *rows[3] = {a, b, c};
    for (int row = 0; row < 3; row++)
        for (int axis = 0; axis < 3; axis++)
            m[row][axis] = (double)rows[row][axis] - (double)d[axis];
    double volume = 0, size = 0;
    for (int axis = 0; axis < 3; axis++) {
        int next = axis == 2 ? 0 : axis + 1, last = axis == 0 ? 2 : axis - 1;
        double one = m[1][next] * m[2][last], other = m[1][last] * m[2][next];
        volume += m[0][axis] * (one - other);
        size += fabs(m[0][axis]) * (fabs(one) + fabs(other));
    }
    if (fabs(volume) > 1.6e-15 * size)
        return sign_of(volume);
    return size == 0 ? 0 : exact_side(a, b, c, d);
}

/* ---- pairs ---- */

struct search {
    const struct mesh *mesh;
    uint32_t face;
    uint64_t looked;
    struct crossings found;
};

/* The sides of a face's plane on which the corners of another one are; a corner they share is in it. */
static void find_sides(const struct mesh *mesh, const uint32_t *plane, const uint32_t *corners,
                       int sides[3])
{
    float(*at)[3] = mesh->vertices;
    for (int i = 0; i < 3; i++) {
        bool shared = corners[i] == plane[0] || corners[i] == plane[1] || corners[i] == plane[2];
        sides[i] = shared ? 0 : side(at[plane[0]], at[plane[1]], at[plane[2]], at[corners[i]]);
    }
}

/* Whether the line from a to b, whose ends are on either side of the face, passes within its edges. */
static bool goes_through(const struct mesh *mesh, const uint32_t *face, uint32_t a, uint32_t b)
{
    float(*at)[3] = mesh->vertices;
    int first = 0;
    for (int i = 0; i < 3; i++) {
        uint32_t from = face[i], to = face[i == 2 ? 0 : i + 1];
        if (from == a || from == b || to == a || to == b)
            return false;
        int turn = side(at[a], at[b], at[from], at[to]);
        if (!turn || (first && turn != first))
            return false;
        first = turn;
    }
    return true;
}

static void note(struct search *search, const uint32_t *plane, uint32_t a, uint32_t b)
{
    const float(*at)[3] = (const float(*)[3])search->mesh->vertices;
    double normal[3], corners[3][3], ahead = 0, behind = 0;
    if (search->found.pairs++)
        return;
    for (int i = 0; i < 3; i++)
        for (int axis = 0; axis < 3; axis++)
            corners[i][axis] = (double)at[plane[i]][axis];
    corners_normal(corners, normal);
    for (int axis = 0; axis < 3; axis++) {
        ahead += normal[axis] * ((double)at[a][axis] - corners[0][axis]);
        behind += normal[axis] * ((double)at[b][axis] - corners[0][axis]);
    }
    double part = ahead != behind ? ahead / (ahead - behind) : 0.5;
    for (int axis = 0; axis < 3; axis++)
        search->found.at[axis] =
            (double)at[a][axis] + part * ((double)at[b][axis] - (double)at[a][axis]);
}

/* Whether an edge of `corners` goes through `face`; sides are those of its corners. */
static bool pierces(struct search *search, const uint32_t *face, const uint32_t *corners,
                    const int sides[3])
{
    for (int i = 0; i < 3; i++) {
        int next = i == 2 ? 0 : i + 1;
        if (sides[i] * sides[next] < 0 &&
            goes_through(search->mesh, face, corners[i], corners[next])) {
            note(search, face, corners[i], corners[next]);
            return true;
        }
    }
    return false;
}

static bool are_on_one_side(const int sides[3])
{
    return (sides[0] >= 0 && sides[1] >= 0 && sides[2] >= 0) ||
           (sides[0] <= 0 && sides[1] <= 0 && sides[2] <= 0);
}

static bool boxes_touch(const struct mesh *mesh, const uint32_t *a, const uint32_t *b)
{
    for (int axis = 0; axis < 3; axis++) {
        float a0 = mesh->vertices[a[0]][axis], a1 = mesh->vertices[a[1]][axis],
              a2 = mesh->vertices[a[2]][axis];
        float b0 = mesh->vertices[b[0]][axis], b1 = mesh->vertices[b[1]][axis],
              b2 = mesh->vertices[b[2]][axis];
        if (greater_float(a0, greater_float(a1, a2)) < lesser_float(b0, lesser_float(b1, b2)) ||
            greater_float(b0, greater_float(b1, b2)) < lesser_float(a0, lesser_float(a1, a2)))
            return false;
    }
    return true;
}

static bool look(void *context, uint32_t other)
{
    struct search *search = context;
    const struct mesh *mesh = search->mesh;
    const uint32_t *a = mesh->triangles[search->face], *b = mesh->triangles[other];
    int of_b[3], of_a[3];
    if (other <= search->face)
        return true;
    if (++search->looked > looked_at_most)
        return false;
    if (!boxes_touch(mesh, a, b))
        return true;
    find_sides(mesh, a, b, of_b);
    if (of_b[0] == of_b[1] && of_b[1] == of_b[2] && of_b[0])
        return true; /* all of it on one side */
    if (!are_on_one_side(of_b) && pierces(search, a, b, of_b))
        return true;
    find_sides(mesh, b, a, of_a);
    if (!are_on_one_side(of_a))
        pierces(search, b, a, of_a);
    return true;
}

struct crossings crossings_of(const struct mesh *mesh)
{
    struct box_tree tree = boxes_build(mesh);
    struct search search = {.mesh = mesh};
    for (uint32_t i = 0; i < mesh->triangle_count && search.looked <= looked_at_most; i++) {
        float low[3], high[3];
        for (int axis = 0; axis < 3; axis++) {
            float a = mesh->vertices[mesh->triangles[i][0]][axis],
                  b = mesh->vertices[mesh->triangles[i][1]][axis],
                  c = mesh->vertices[mesh->triangles[i][2]][axis];
            low[axis] = lesser_float(a, lesser_float(b, c));
            high[axis] = greater_float(a, greater_float(b, c));
        }
        search.face = i;
        boxes_visit(&tree, low, high, look, &search);
    }
    boxes_free(&tree);
    search.found.complete = search.looked <= looked_at_most;
    return search.found;
}
