#include "packing/fill.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LINES_AT_LEAST = 32, LINES_AT_MOST = 250, LINE_UM = 1000 };

struct line {
    int32_t height; /* INT32_MAX: nothing is free */
    uint32_t seen;  /* items of the layout that were asked */
    bool begun;
};

void filler_open(struct filler *filler, struct job *job, uint32_t kind, uint32_t plate)
{
    uint32_t lines = (uint32_t)(job->bed.x / LINE_UM);
    lines = lines < LINES_AT_LEAST ? LINES_AT_LEAST : lines > LINES_AT_MOST ? LINES_AT_MOST : lines;
    *filler = (struct filler){job, kind, plate, lines, NULL};
    filler->heights = memory_zeroed((size_t)job->turns * lines, sizeof *filler->heights);
}

void filler_close(struct filler *filler)
{
    free(filler->heights);
}

/* ---- one line ---- */

static void add_ranges_of(struct job *job, const struct item *other, const struct item *item,
                          bool along_y, struct ranges *ranges)
{
    const struct form *form = form_at(job, item->kind, item->turn);
    const struct form *there = form_at(job, other->kind, other->turn);
    job->spent++;
    bool beside = along_y ? item->at.x + form->box.low.x >= other->at.x + there->box.high.x ||
                                item->at.x + form->box.high.x <= other->at.x + there->box.low.x
                          : item->at.y + form->box.low.y >= other->at.y + there->box.high.y ||
                                item->at.y + form->box.high.y <= other->at.y + there->box.low.y;
    if (beside)
        return;
    struct relation relation = relation_of(job, other->kind, other->turn, item->kind, item->turn);
    relation_ranges(job, &relation, along_y,
                    along_y ? item->at.x - other->at.x : item->at.y - other->at.y,
                    along_y ? other->at.y : other->at.x, ranges);
}

/* All that is in the way of an item on a line through it. */
static void ranges_on_line(struct job *job, const struct layout *layout, const struct item *item,
                           bool along_y, struct ranges *ranges)
{
    ranges->count = 0;
    for (uint32_t kind = job->request->part_count; kind < job->kind_count; kind++)
        add_ranges_of(job, &(struct item){.kind = kind}, item, along_y, ranges);
    for (uint32_t i = 0; i < layout->count; i++)
        if (layout->items[i].plate == item->plate)
            add_ranges_of(job, &layout->items[i], item, along_y, ranges);
}

/* Raises the line's height past what was added since it was last asked. */
static void update(struct filler *filler, const struct layout *layout, struct item *item,
                   const struct box *room, struct line *line)
{
    struct ranges ranges = {0};
    if (!line->begun)
        line->height = room->low.y;
    item->at.y = line->height;
    bool stands = line->begun && is_free(filler->job, layout, item, line->seen, UINT32_MAX);
    line->seen = layout->count;
    if (stands)
        return;
    line->begun = true;
    ranges_on_line(filler->job, layout, item, true, &ranges);
    line->height = lowest_free(&ranges, line->height, room->high.y);
    if (line->height > room->high.y)
        line->height = INT32_MAX;
    free(ranges.ranges);
}

/* ---- one item ---- */

/* As far back along a line as it can slide from where it is. */
static int32_t slide(const struct ranges *ranges, int32_t at, int32_t low)
{
    for (uint32_t i = 0; i < ranges->count; i++)
        if (ranges->ranges[i].high < at && ranges->ranges[i].high >= low)
            low = ranges->ranges[i].high + 1;
    return low;
}

/* To the left and down, until it lies. */
static void settle(struct job *job, const struct layout *layout, const struct box *room,
                   struct item *item)
{
    struct ranges ranges = {0};
    for (int pass = 0; pass < 8; pass++) {
        struct spot before = item->at;
        ranges_on_line(job, layout, item, false, &ranges);
        item->at.x = slide(&ranges, item->at.x, room->low.x);
        ranges_on_line(job, layout, item, true, &ranges);
        item->at.y = slide(&ranges, item->at.y, room->low.y);
        if (item->at.x == before.x && item->at.y == before.y)
            break;
    }
    free(ranges.ranges);
}

bool filler_add(struct filler *filler, struct layout *layout)
{
    struct job *job = filler->job;
    struct item best = {0};
    struct box best_room = {0};
    int64_t least = INT64_MAX;
    for (uint32_t turn = 0; turn < job->turns; turn++) {
        struct box room;
        const struct form *form = form_at(job, filler->kind, turn);
        if (!may_stand(job, form, &room))
            continue;
        for (uint32_t i = 0; i < filler->lines; i++) {
            struct line *line = &filler->heights[turn * filler->lines + i];
            struct item item = {filler->kind, turn, filler->plate, {0, 0}};
            int64_t width = room.high.x - room.low.x;
            item.at.x = room.low.x + (int32_t)(width * i / (filler->lines - 1));
            if (line->height == INT32_MAX)
                continue;
            update(filler, layout, &item, &room, line);
            if (line->height == INT32_MAX)
                continue;
            int64_t top = (int64_t)line->height + form->box.high.y;
            if (top < least) {
                least = top;
                best = item;
                best.at.y = line->height;
                best_room = room;
            }
        }
    }
    if (least == INT64_MAX)
        return false;
    settle(job, layout, &best_room, &best);
    layout_add(layout, best);
    return true;
}

uint32_t fill(struct job *job, struct layout *layout, uint32_t kind, uint32_t plate, uint32_t most)
{
    struct filler filler;
    uint32_t added = 0;
    filler_open(&filler, job, kind, plate);
    while (added < most && filler_add(&filler, layout))
        added++;
    filler_close(&filler);
    return added;
}
