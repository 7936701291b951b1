#include "packing/nofit.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- sums of convex pieces ---- */

static uint32_t lowest(const struct spot *corners, uint32_t count, int sign)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        int32_t y = sign * corners[i].y, least = sign * corners[best].y;
        if (y < least || (y == least && sign * corners[i].x < sign * corners[best].x))
            best = i;
    }
    return best;
}

/* One of the two, and how far around it we are; sign -1: turned by half. */
struct walker {
    const struct spot *corners;
    uint32_t count, first, gone;
    int sign;
};

static struct spot walker_at(const struct walker *walker, uint32_t further)
{
    uint32_t index = walker->first + walker->gone + further;
    while (index >= walker->count)
        index -= walker->count;
    struct spot at = walker->corners[index];
    return (struct spot){walker->sign * at.x, walker->sign * at.y};
}

static struct spot walker_way(const struct walker *walker)
{
    struct spot a = walker_at(walker, 0), b = walker_at(walker, 1);
    return (struct spot){b.x - a.x, b.y - a.y};
}

/* Both go around from their lowest corner, whoever's next side points less far around first. */
static uint32_t add_pieces(const struct spot *a, uint32_t a_count, const struct spot *b,
                           uint32_t b_count, struct spot *sum)
{
    struct walker walkers[2] = {{a, a_count, lowest(a, a_count, 1), 0, 1},
                                {b, b_count, lowest(b, b_count, -1), 0, -1}};
    uint32_t count = 0;
    while (walkers[0].gone < a_count || walkers[1].gone < b_count) {
        struct spot left = walker_at(&walkers[0], 0), right = walker_at(&walkers[1], 0);
        struct spot u = walker_way(&walkers[0]), v = walker_way(&walkers[1]);
        int64_t turn = (int64_t)u.x * v.y - (int64_t)u.y * v.x;
        sum[count++] = (struct spot){left.x + right.x, left.y + right.y};
        bool step_left = walkers[1].gone == b_count || (walkers[0].gone < a_count && turn >= 0);
        bool step_right = walkers[0].gone == a_count || (walkers[1].gone < b_count && turn <= 0);
        walkers[0].gone += step_left;
        walkers[1].gone += step_right;
    }
    return count;
}

/* ---- the whole ---- */

static int compare_pieces(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    int64_t first = (int64_t)(a->box.high.x - a->box.low.x) * (a->box.high.y - a->box.low.y);
    int64_t second = (int64_t)(b->box.high.x - b->box.low.x) * (b->box.high.y - b->box.low.y);
    if (first != second)
        return first > second ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static void stretch(struct box *box, struct spot at)
{
    box->low.x = at.x < box->low.x ? at.x : box->low.x;
    box->low.y = at.y < box->low.y ? at.y : box->low.y;
    box->high.x = at.x > box->high.x ? at.x : box->high.x;
    box->high.y = at.y > box->high.y ? at.y : box->high.y;
}

static void find_sides(struct nofit *nofit, struct piece *piece)
{
    const struct spot *corners = &nofit->corners[piece->first];
    piece->box = (struct box){corners[0], corners[0]};
    for (uint32_t i = 0; i < piece->count; i++) {
        struct spot a = corners[i], b = corners[(i + 1) % piece->count];
        double x = b.y - a.y, y = a.x - b.x, length = sqrt(x * x + y * y);
        stretch(&piece->box, a);
        nofit->sides[piece->first + i] =
            (struct side){x / length, y / length, (x * a.x + y * a.y) / length};
    }
}

struct nofit *nofit_of(const struct form *a, const struct form *b)
{
    struct nofit *nofit = memory_zeroed(1, sizeof *nofit);
    size_t pieces = (size_t)a->piece_count * b->piece_count;
    size_t corners =
        (size_t)a->corner_count * b->piece_count + (size_t)b->corner_count * a->piece_count;
    nofit->pieces = memory_alloc((pieces + 1) * sizeof *nofit->pieces);
    nofit->corners = memory_alloc((corners + 1) * sizeof *nofit->corners);
    nofit->sides = memory_alloc((corners + 1) * sizeof *nofit->sides);
    uint32_t used = 0;
    for (uint32_t i = 0; i < a->piece_count; i++)
        for (uint32_t j = 0; j < b->piece_count; j++) {
            struct piece *piece = &nofit->pieces[nofit->piece_count++];
            piece->first = used;
            piece->count = add_pieces(&a->corners[a->pieces[i].first], a->pieces[i].count,
                                      &b->corners[b->pieces[j].first], b->pieces[j].count,
                                      &nofit->corners[used]);
            used += piece->count;
            find_sides(nofit, piece);
            if (nofit->piece_count == 1)
                nofit->box = piece->box;
            stretch(&nofit->box, piece->box.low);
            stretch(&nofit->box, piece->box.high);
        }
    qsort(nofit->pieces, nofit->piece_count, sizeof *nofit->pieces, compare_pieces);
    return nofit;
}

void nofit_free(struct nofit *nofit)
{
    if (!nofit)
        return;
    free(nofit->pieces);
    free(nofit->corners);
    free(nofit->sides);
    free(nofit);
}

/* ---- asking ---- */

static bool is_in(const struct box *box, struct spot at)
{
    return at.x > box->low.x && at.x < box->high.x && at.y > box->low.y && at.y < box->high.y;
}

/* Whole um make the least distance from a side that is not 0 one over its length; rounding is far below. */
static const double nothing = 1e-7;

double nofit_depth(const struct nofit *nofit, struct spot at, double enough)
{
    double deepest = nothing, x = at.x, y = at.y;
    if (!is_in(&nofit->box, at))
        return 0;
    for (uint32_t i = 0; i < nofit->piece_count && (deepest <= nothing || deepest < enough); i++) {
        const struct piece *piece = &nofit->pieces[i];
        if (!is_in(&piece->box, at))
            continue;
        const struct side *side = &nofit->sides[piece->first], *end = side + piece->count;
        double depth = HUGE_VAL;
        for (; side < end && depth > deepest; side++) {
            double inside = side->reach - side->x * x - side->y * y;
            depth = inside < depth ? inside : depth;
        }
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest > nothing ? deepest : 0;
}

static int64_t divide_down(int64_t number, int64_t by)
{
    int64_t quotient = number / by;
    return quotient - (number % by != 0 && (number < 0) != (by < 0));
}

/* Along the line the piece is a range; on its ends they touch. Sides going one way bound it below, the others above. */
static struct range range_of(const struct nofit *nofit, const struct piece *piece, bool along_y,
                             int32_t at)
{
    const struct spot *corners = &nofit->corners[piece->first];
    struct range range = {INT32_MIN, INT32_MAX};
    for (uint32_t i = 0; i < piece->count; i++) {
        struct spot a = corners[i], b = corners[i + 1 < piece->count ? i + 1 : 0];
        int64_t a_across = along_y ? a.x : a.y, b_across = along_y ? b.x : b.y;
        int64_t a_along = along_y ? a.y : a.x, b_along = along_y ? b.y : b.x;
        if ((a_across <= at) == (b_across <= at))
            continue;
        int64_t rise = b_across - a_across, far = (at - a_across) * (b_along - a_along);
        bool upper =
            (rise > 0) !=
            along_y; /* counter-clockwise: the right sides go up, the upper ones to the left */
        if (upper)
            range.high = (int32_t)(a_along - divide_down(-far, rise) - 1);
        else
            range.low = (int32_t)(a_along + divide_down(far, rise) + 1);
    }
    return range;
}

uint32_t nofit_ranges(const struct nofit *nofit, bool along_y, int32_t at, struct range *ranges)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < nofit->piece_count; i++) {
        const struct piece *piece = &nofit->pieces[i];
        int32_t low = along_y ? piece->box.low.x : piece->box.low.y;
        int32_t high = along_y ? piece->box.high.x : piece->box.high.y;
        if (at <= low || at >= high)
            continue;
        struct range range = range_of(nofit, piece, along_y, at);
        if (range.low <= range.high)
            ranges[count++] = range;
    }
    return count;
}
