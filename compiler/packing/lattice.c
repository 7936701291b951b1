/* For each turn, the twin is put at every place where it just touches the part; the shortest way along the row and, for
   shifts from row to row, the shortest way up follow from lines through what is not free. What counts is how many
   stand on this bed, not how dense the plane would be. */
#include "packing/lattice.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LINES = 120, STRIDE = 47, SHIFTS = 10, FINE_SHIFTS = 40, ROWS_AT_MOST = 4000 };

struct search {
    struct job *job;
    struct lattice *best;
    uint32_t count;
    struct relation own, to_twin, from_twin; /* of the turn looked at */
    struct ranges ranges;
    uint64_t until; /* the job's work */
};

/* ---- how many stand on the bed ---- */

static int64_t floor_div(int64_t number, int64_t by)
{
    return number / by - (number % by != 0 && number < 0);
}

/* How many of start + n * step are in low..high. */
static int64_t in_between(int64_t start, int64_t step, int64_t low, int64_t high)
{
    int64_t count = floor_div(high - start, step) - floor_div(low - start - 1, step);
    return count > 0 ? count : 0;
}

struct member {
    struct spot offset;
    struct box room;
    uint32_t turn;
};

static uint32_t members_of(const struct job *job, const struct lattice *lattice,
                           struct member members[2])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < (lattice->twin ? 2U : 1U); i++) {
        struct member *member = &members[count];
        member->offset = i ? lattice->twin_at : (struct spot){0, 0};
        member->turn = i ? (lattice->turn ^ 2) : lattice->turn;
        count += may_stand(job, form_at(job, lattice->kind, member->turn), &member->room);
    }
    return count;
}

/* The rows in which a member stands on the bed, where row 0 is at that height. */
static void rows_of(const struct lattice *lattice, const struct member *member, int64_t height,
                    int64_t rows[2])
{
    int64_t at = height + member->offset.y;
    rows[0] = -floor_div(at - member->room.low.y, lattice->up.y);
    rows[1] = floor_div(member->room.high.y - at, lattice->up.y);
}

static int64_t count_at(const struct lattice *lattice, const struct member *members, uint32_t count,
                        struct spot start)
{
    int64_t total = 0, rows[2];
    for (uint32_t i = 0; i < count; i++) {
        rows_of(lattice, &members[i], start.y, rows);
        for (int64_t row = rows[0]; row <= rows[1]; row++)
            total += in_between(start.x + members[i].offset.x + row * lattice->up.x, lattice->along,
                                members[i].room.low.x, members[i].room.high.x);
    }
    return total;
}

/* Starts with some member of some row at the left, and some row at the bottom. */
static void count_on_bed(struct job *job, struct lattice *lattice)
{
    struct member members[2];
    uint32_t count = members_of(job, lattice, members);
    lattice->count = 0;
    for (uint32_t low = 0; low < count; low++)
        for (uint32_t left = 0; left < count; left++) {
            int64_t height = members[low].room.low.y - members[low].offset.y, rows[2];
            rows_of(lattice, &members[left], height, rows);
            for (int64_t row = rows[0]; row <= rows[1] && row < rows[0] + ROWS_AT_MOST; row++) {
                int64_t x = members[left].room.low.x - members[left].offset.x - row * lattice->up.x;
                struct spot start = {(int32_t)(x - floor_div(x, lattice->along) * lattice->along),
                                     (int32_t)height};
                int64_t total = count_at(lattice, members, count, start);
                if (total > lattice->count) {
                    lattice->count = (uint32_t)total;
                    lattice->start = start;
                }
            }
        }
    job->spent += 20;
}

/* ---- the steps of a lattice ---- */

static bool blocks(const struct ranges *ranges, int64_t at)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        if (ranges->ranges[i].low <= at && at <= ranges->ranges[i].high)
            return true;
    return false;
}

/* What of a line is not free for a second pair, by the first one. */
static void pair_ranges(struct search *search, const struct lattice *lattice, bool along_y,
                        int32_t at)
{
    struct job *job = search->job;
    struct spot twin = lattice->twin_at;
    int32_t across = along_y ? twin.x : twin.y, shift = along_y ? twin.y : twin.x;
    relation_ranges(job, &search->own, along_y, at, 0, &search->ranges);
    if (!lattice->twin)
        return;
    relation_ranges(job, &search->to_twin, along_y, at + across, -shift, &search->ranges);
    relation_ranges(job, &search->from_twin, along_y, at - across, shift, &search->ranges);
}

/* The shortest way to the next in the row of which no multiple is in the way either. */
static void find_along(struct search *search, struct lattice *lattice)
{
    int32_t farthest = 0, most = search->job->bed.x + 1;
    search->ranges.count = 0;
    pair_ranges(search, lattice, false, 0);
    for (uint32_t i = 0; i < search->ranges.count; i++)
        if (search->ranges.ranges[i].high > farthest)
            farthest = search->ranges.ranges[i].high;
    int32_t along = 1000; /* a mm: nothing is smaller, with its clearance */
    for (;;) {
        along = lowest_free(&search->ranges, along, most);
        int64_t multiple = 2 * (int64_t)along;
        while (multiple <= farthest && !blocks(&search->ranges, multiple))
            multiple += along;
        if (multiple > farthest || along > most)
            break;
        along++;
    }
    lattice->along = along > most ? farthest + 1 : along; /* one in a row */
}

/* Whether the rows after the next one are clear of the first. */
static bool is_clear(struct search *search, const struct lattice *lattice, int32_t reach)
{
    struct spot twin = lattice->twin_at;
    const struct relation *relations[] = {&search->own, &search->to_twin, &search->from_twin};
    const struct spot shifts[] = {{0, 0}, twin, {-twin.x, -twin.y}};
    for (int64_t row = 2; row * lattice->up.y <= reach; row++)
        for (int which = 0; which < (lattice->twin ? 3 : 1); which++) {
            int64_t x = row * lattice->up.x + shifts[which].x,
                    y = row * lattice->up.y + shifts[which].y;
            x -= floor_div(x + reach, lattice->along) * lattice->along;
            for (; x <= reach; x += lattice->along)
                if (relation_depth(search->job, relations[which],
                                   (struct spot){(int32_t)x, (int32_t)y}, 0) > 0)
                    return false;
        }
    return true;
}

static int32_t farther(int32_t a, int32_t b)
{
    return abs(a) > abs(b) ? abs(a) : abs(b);
}

/* The shortest way up with that shift along the row. */
static bool find_up(struct search *search, struct lattice *lattice, int32_t shift)
{
    const struct box *box = &form_at(search->job, lattice->kind, lattice->turn)->box;
    struct spot far = {2 * farther(box->low.x, box->high.x) + abs(lattice->twin_at.x),
                       2 * farther(box->low.y, box->high.y) + abs(lattice->twin_at.y)};
    int32_t most = search->job->bed.y + far.y;
    search->ranges.count = 0;
    int64_t at = shift - floor_div((int64_t)shift + far.x, lattice->along) * lattice->along;
    for (; at <= far.x; at += lattice->along)
        pair_ranges(search, lattice, true, (int32_t)at);
    lattice->up = (struct spot){shift, lowest_free(&search->ranges, 1, most)};
    return lattice->up.y <= most && is_clear(search, lattice, farther(far.x, far.y));
}

/* ---- the best ---- */

static bool is_better(const struct lattice *a, const struct lattice *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    int64_t first = (int64_t)a->along * a->up.y, second = (int64_t)b->along * b->up.y;
    return (a->twin ? first : 2 * first) < (b->twin ? second : 2 * second);
}

/* Of those with the same twin only the best is kept. */
static void keep(struct search *search, const struct lattice *lattice)
{
    struct lattice *best = search->best;
    uint32_t at = 0;
    while (at < search->count &&
           !(best[at].turn == lattice->turn && best[at].twin == lattice->twin &&
             best[at].twin_at.x == lattice->twin_at.x && best[at].twin_at.y == lattice->twin_at.y))
        at++;
    if (at < search->count) {
        if (!is_better(lattice, &best[at]))
            return;
    } else if (search->count < LATTICES) {
        search->count++;
    } else {
        at = LATTICES - 1;
        if (!is_better(lattice, &best[at]))
            return;
    }
    for (; at > 0 && is_better(lattice, &best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = *lattice;
}

static void try_shifts(struct search *search, struct lattice lattice, int32_t from, int32_t step,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!find_up(search, &lattice, from + (int32_t)i * step))
            continue;
        count_on_bed(search->job, &lattice);
        keep(search, &lattice);
    }
}

static void try_twin(struct search *search, struct lattice *lattice)
{
    find_along(search, lattice);
    try_shifts(search, *lattice, 0, lattice->along / SHIFTS, SHIFTS);
}

static int compare_ranges(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    return (a->low > b->low) - (a->low < b->low);
}

/* The twin where it touches the part on a line: at both ends of all that is not free. */
static void try_line(struct search *search, struct lattice *lattice, bool along_y, int32_t at)
{
    struct ranges line = {0};
    relation_ranges(search->job, &search->to_twin, along_y, at, 0, &line);
    qsort(line.ranges, line.count, sizeof *line.ranges, compare_ranges);
    for (uint32_t i = 0; i < line.count;) {
        struct range whole = line.ranges[i++];
        while (i < line.count && line.ranges[i].low <= whole.high + 1) {
            if (line.ranges[i].high > whole.high)
                whole.high = line.ranges[i].high;
            i++;
        }
        for (int end = 0; end < 2; end++) {
            int32_t along = end ? whole.high + 1 : whole.low - 1;
            lattice->twin_at = along_y ? (struct spot){at, along} : (struct spot){along, at};
            try_twin(search, lattice);
        }
    }
    free(line.ranges);
}

static void look_at(struct search *search, struct lattice *lattice)
{
    struct job *job = search->job;
    uint32_t kind = lattice->kind, turn = lattice->turn, twin = turn ^ 2;
    search->own = relation_of(job, kind, turn, kind, turn);
    if (!lattice->twin)
        return;
    search->to_twin = relation_of(job, kind, turn, kind, twin);
    search->from_twin = relation_of(job, kind, twin, kind, turn);
}

/* One of LINES lines through all places where the twin could touch. */
static void try_lines(struct search *search, struct lattice *lattice, int32_t number)
{
    const struct box *box = &form_at(search->job, lattice->kind, lattice->turn)->box;
    const struct box *twin = &form_at(search->job, lattice->kind, lattice->turn ^ 2)->box;
    int64_t low[2] = {box->low.x - twin->high.x, box->low.y - twin->high.y};
    int64_t high[2] = {box->high.x - twin->low.x, box->high.y - twin->low.y};
    for (int axis = 0; axis < 2; axis++)
        try_line(search, lattice, axis == 0,
                 (int32_t)(low[axis] + (high[axis] - low[axis]) * (2 * number + 1) / (2 * LINES)));
}

/* Near the best ones, in smaller steps. */
static void refine(struct search *search)
{
    struct lattice found[LATTICES];
    uint32_t count = search->count;
    memcpy(found, search->best, count * sizeof *found);
    for (uint32_t i = 0; i < count && search->job->spent < search->until; i++) {
        look_at(search, &found[i]);
        try_shifts(search, found[i], 0, found[i].along / FINE_SHIFTS, FINE_SHIFTS);
    }
}

/* All turns get the same share: where the work is at its end, fewer lines were looked at. */
uint32_t find_lattices(struct job *job, uint32_t kind, struct lattice best[LATTICES])
{
    struct search search = {.job = job, .best = best};
    uint32_t turns = job->turns;
    search.until = job->spent + job->request->effort / 4;
    for (uint32_t turn = 0; turn < turns; turn++) {
        struct lattice lattice = {.kind = kind, .turn = turn};
        if (turn % 4 >= 2)
            continue; /* these are the others, seen from behind */
        look_at(&search, &lattice);
        try_twin(&search, &lattice);
    }
    for (int32_t i = 0; i < LINES && turns > 1; i++)
        for (uint32_t turn = 0; turn < turns && (i == 0 || job->spent < search.until); turn++) {
            struct lattice lattice = {.kind = kind, .turn = turn, .twin = true};
            if (turn % 4 >= 2)
                continue;
            look_at(&search, &lattice);
            try_lines(&search, &lattice, i * STRIDE % LINES);
        }
    search.until += job->request->effort / 8;
    refine(&search);
    free(search.ranges.ranges);
    return search.count;
}

void lay_lattice(struct job *job, const struct lattice *lattice, uint32_t plate,
                 struct layout *layout)
{
    struct member members[2];
    uint32_t count = members_of(job, lattice, members);
    int64_t rows[2];
    for (uint32_t i = 0; i < count; i++) {
        const struct member *member = &members[i];
        rows_of(lattice, member, lattice->start.y, rows);
        for (int64_t row = rows[0]; row <= rows[1]; row++) {
            int64_t x = lattice->start.x + member->offset.x + row * lattice->up.x;
            int64_t y = lattice->start.y + member->offset.y + row * lattice->up.y;
            x -= floor_div(x - member->room.low.x, lattice->along) * lattice->along;
            for (; x <= member->room.high.x; x += lattice->along) {
                struct item item = {lattice->kind, member->turn, plate, {(int32_t)x, (int32_t)y}};
                if (is_free(job, &(struct layout){0}, &item, 0, UINT32_MAX))
                    layout_add(layout, item);
            }
        }
    }
}
