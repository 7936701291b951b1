/* Two ways to lose a corner and no place: a bay's corner is cut across, and a side between two corners that both point
   outward goes, with its neighbours drawn on until they meet. Each adds a triangle, and nothing may lie in that. */
#include "geometry/silhouette.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A ring under work: its corners are a chain. */
struct chain {
    uint32_t count, left; /* left: corners that are still there */
    double (*points)[2];
    uint32_t *next, *previous;
    double *cost; /* what the change at this corner adds; HUGE_VAL where none can be made */
    double low[2], high[2]; /* the box that stays */
    double depth;           /* not 0: only bays are cut, and none that is deeper */
    bool *gone;
};

struct change {
    double triangle[3][2]; /* what is added */
    double area;
    bool cuts; /* the corner goes; else the side from it to the next one */
};

static double cross(const double a[2], const double b[2], const double c[2])
{
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static const double *corner(const struct chain *chain, uint32_t i)
{
    return chain->points[i];
}

static bool is_bay(const struct chain *chain, uint32_t i)
{
    return cross(corner(chain, chain->previous[i]), corner(chain, i),
                 corner(chain, chain->next[i])) <= 0;
}

static void set(double to[2], const double from[2])
{
    memcpy(to, from, 2 * sizeof *to);
}

/* Where the sides before and behind this one meet when they are drawn on; false where they do not, or outside of the
   box. */
static bool meeting(const struct chain *chain, uint32_t i, double at[2])
{
    uint32_t j = chain->next[i];
    const double *a = corner(chain, chain->previous[i]), *b = corner(chain, i);
    const double *c = corner(chain, j), *d = corner(chain, chain->next[j]);
    double along[2] = {b[0] - a[0], b[1] - a[1]}, back[2] = {c[0] - d[0], c[1] - d[1]};
    double turn = along[1] * back[0] - along[0] * back[1];
    if (turn <= 0)
        return false;
    double way = ((c[1] - b[1]) * back[0] - (c[0] - b[0]) * back[1]) / turn;
    for (int axis = 0; axis < 2; axis++) {
        at[axis] = b[axis] + way * along[axis];
        if (!(at[axis] >= chain->low[axis] && at[axis] <= chain->high[axis]))
            return false;
    }
    return way > 0;
}

/* The one change that can be made at a corner. */
static bool change_at(const struct chain *chain, uint32_t i, struct change *change)
{
    uint32_t next = chain->next[i];
    *change = (struct change){.cuts = is_bay(chain, i)};
    if (change->cuts) {
        set(change->triangle[0], corner(chain, chain->previous[i]));
        set(change->triangle[1], corner(chain, next));
        set(change->triangle[2], corner(chain, i));
    } else {
        if (is_bay(chain, next) || !meeting(chain, i, change->triangle[1]))
            return false;
        set(change->triangle[0], corner(chain, i));
        set(change->triangle[2], corner(chain, next));
    }
    change->area = fabs(cross(change->triangle[0], change->triangle[1], change->triangle[2])) / 2;
    return true;
}

/* ---- whether anything is in the way ---- */

static bool crosses(const double a[2], const double b[2], const double c[2], const double d[2])
{
    double c_side = cross(a, b, c), d_side = cross(a, b, d);
    double a_side = cross(c, d, a), b_side = cross(c, d, b);
    return ((c_side > 0) != (d_side > 0)) && ((a_side > 0) != (b_side > 0));
}

static bool is_in(const double (*triangle)[2], const double point[2])
{
    int left = 0, right = 0;
    for (int i = 0; i < 3; i++) {
        double side = cross(triangle[i], triangle[(i + 1) % 3], point);
        left += side >= 0;
        right += side <= 0;
    }
    return left == 3 || right == 3;
}

struct window {
    double low[2], high[2];
};

static struct window window_of(const double (*points)[2], int count)
{
    struct window window = {{points[0][0], points[0][1]}, {points[0][0], points[0][1]}};
    for (int i = 1; i < count; i++)
        for (int axis = 0; axis < 2; axis++) {
            window.low[axis] = fmin(window.low[axis], points[i][axis]);
            window.high[axis] = fmax(window.high[axis], points[i][axis]);
        }
    return window;
}

static bool is_beside(const struct window *window, const double a[2], const double b[2])
{
    for (int axis = 0; axis < 2; axis++)
        if ((a[axis] < window->low[axis] && b[axis] < window->low[axis]) ||
            (a[axis] > window->high[axis] && b[axis] > window->high[axis]))
            return true;
    return false;
}

/* Sides that end at the triangle's own corners touch it there, and only there. */
static bool is_free(const struct chain *chain, uint32_t i, const struct change *change)
{
    const double(*triangle)[2] = (const double(*)[2])change->triangle;
    struct window window = window_of(triangle, 3);
    uint32_t last = change->cuts ? chain->previous[i] : i, first = chain->next[i];
    for (uint32_t at = first; at != last; at = chain->next[at]) {
        const double *a = corner(chain, at), *b = corner(chain, chain->next[at]);
        if (is_beside(&window, a, b))
            continue;
        if (at != first && is_in(triangle, a))
            return false;
        bool touches = at == first || chain->next[at] == last;
        if (!touches && !change->cuts &&
            (crosses(triangle[0], triangle[1], a, b) || crosses(triangle[1], triangle[2], a, b)))
            return false;
    }
    return true;
}

/* ---- making changes ---- */

static double length(const double a[2], const double b[2])
{
    return hypot(b[0] - a[0], b[1] - a[1]);
}

static void price(struct chain *chain, uint32_t i)
{
    struct change change;
    bool can = change_at(chain, i, &change);
    if (can && chain->depth > 0)
        can = change.cuts &&
              2 * change.area <= chain->depth * length(change.triangle[0], change.triangle[1]);
    chain->cost[i] = can ? change.area : HUGE_VAL;
}

static void make(struct chain *chain, uint32_t i, const struct change *change)
{
    uint32_t lost = change->cuts ? i : chain->next[i];
    if (!change->cuts)
        set(chain->points[i], change->triangle[1]);
    chain->next[chain->previous[lost]] = chain->next[lost];
    chain->previous[chain->next[lost]] = chain->previous[lost];
    chain->gone[lost] = true;
    chain->cost[lost] = HUGE_VAL;
    chain->left--;
    uint32_t at = chain->previous[chain->previous[chain->previous[lost]]];
    for (int around = 0; around < 6; around++, at = chain->next[at])
        price(chain, at);
}

static uint32_t cheapest(const struct chain *chain)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < chain->count; i++)
        if (chain->cost[i] < chain->cost[best])
            best = i;
    return best;
}

/* Makes changes until the area is spent and there are few enough; what was in the way of one may be gone later, and then
   it is tried again in another round. */
static bool make_changes(struct chain *chain, double *spare, uint32_t corners)
{
    uint32_t before = chain->left;
    while (chain->left > 3) {
        uint32_t i = cheapest(chain);
        struct change change;
        if (chain->cost[i] == HUGE_VAL || (chain->cost[i] > *spare && chain->left <= corners))
            break;
        if (!change_at(chain, i, &change) || !is_free(chain, i, &change)) {
            chain->cost[i] = HUGE_VAL;
            continue;
        }
        *spare -= change.area;
        make(chain, i, &change);
    }
    return chain->left < before;
}

static void chain_open(struct chain *chain, const struct ring *ring)
{
    uint32_t count = ring->count;
    struct window window = window_of((const double(*)[2])ring->points, (int)count);
    *chain = (struct chain){.count = count, .left = count, .points = ring->points};
    chain->next = memory_alloc(count * sizeof *chain->next);
    chain->previous = memory_alloc(count * sizeof *chain->previous);
    chain->cost = memory_alloc(count * sizeof *chain->cost);
    chain->gone = memory_zeroed(count, sizeof *chain->gone);
    memcpy(chain->low, window.low, sizeof chain->low);
    memcpy(chain->high, window.high, sizeof chain->high);
    for (uint32_t i = 0; i < count; i++) {
        chain->next[i] = i + 1 < count ? i + 1 : 0;
        chain->previous[i] = i ? i - 1 : count - 1;
    }
}

static void simplify(struct ring *ring, double depth, double spare, uint32_t corners)
{
    struct chain chain;
    bool more = ring->count > 3;
    chain_open(&chain, ring);
    chain.depth = depth;
    while (more) {
        for (uint32_t i = 0; i < chain.count; i++)
            if (!chain.gone[i])
                price(&chain, i);
        more = make_changes(&chain, &spare, corners);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < chain.count; i++)
        if (!chain.gone[i])
            memmove(ring->points[kept++], ring->points[i], sizeof *ring->points);
    ring->count = kept;
    free(chain.next);
    free(chain.previous);
    free(chain.cost);
    free(chain.gone);
}

void silhouette_smooth(struct silhouette *silhouette, double depth_mm)
{
    for (uint32_t i = 0; i < silhouette->count; i++)
        simplify(&silhouette->rings[i], depth_mm, HUGE_VAL, 0);
}

void silhouette_simplify(struct silhouette *silhouette, double growth, uint32_t corners)
{
    for (uint32_t i = 0; i < silhouette->count; i++) {
        struct silhouette one = {1, &silhouette->rings[i]};
        simplify(&silhouette->rings[i], 0, growth * silhouette_area(&one), corners);
    }
}
