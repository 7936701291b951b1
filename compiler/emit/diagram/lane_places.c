/* Which row and slot each node of a picture in lanes stands in. */
#include "emit/diagram/lanes.h"

/* How many slots of a row are taken in a lane. */
struct taken {
    int lane, slots;
    struct taken *next;
};

struct placing {
    struct layout *layout;
    struct taken **rows;
};

/* Takes the next slots of a row for the node and the ends beside it. */
static void take(struct placing *placing, int index, int lane, int row)
{
    struct layout *layout = placing->layout;
    struct spot *spot = &layout->spots[index];
    struct taken *taken = placing->rows[row];

    while (taken && taken->lane != lane)
        taken = taken->next;
    if (!taken) {
        taken = ARENA_NEW(layout->drawing->arena, struct taken);
        *taken = (struct taken){lane, 0, placing->rows[row]};
        placing->rows[row] = taken;
    }
    spot->lane = lane;
    spot->row = row;
    spot->slot = taken->slots;
    taken->slots += spot->end_count ? 2 : 1;
    struct lane *in = &layout->drawing->lanes[lane];
    if (in->slot_count < taken->slots)
        in->slot_count = taken->slots;
    if (layout->row_count < row + 1)
        layout->row_count = row + 1;
}

/* A step a row, a column of rows beside the other. */
static void place_main_way(struct placing *placing)
{
    const struct drawing *drawing = placing->layout->drawing;
    int row = 0, lane = 0;

    for (int place = 0; place < drawing->main_count; place++) {
        int index = drawing->main_way[place];
        if (place > 0 && draw_column(drawing, place) != draw_column(drawing, place - 1))
            row = 0;
        lane = drawing->lane_of[index];
        take(placing, index, lane, row++);
    }
    take(placing, drawing->graph->count, lane, row);
}

/* One row below where its units come from. */
static void place_beside(struct placing *placing)
{
    const struct drawing *drawing = placing->layout->drawing;
    const struct spot *spots = placing->layout->spots;

    for (int i = 0; i < drawing->graph->count; i++) {
        int from = drawing->comes_from[i];
        if (drawing->place[i] < 0)
            take(placing, i, drawing->lane_of[i], from >= 0 ? spots[from].row + 1 : 0);
    }
}

void lanes_place(struct layout *layout)
{
    int count = layout->drawing->graph->count;
    struct placing placing = {
        .layout = layout,
        .rows = ARENA_ARRAY(layout->drawing->arena, struct taken *, count + 2),
    };

    place_main_way(&placing);
    place_beside(&placing);
    for (int i = 0; i < layout->way_count; i++) {
        const struct lane_way *way = &layout->ways[i];
        const struct spot *from = &layout->spots[way->from];
        if (way->end == NO_END)
            continue;
        layout->spots[way->to].lane = from->lane;
        layout->spots[way->to].row = from->row;
        layout->spots[way->to].slot = from->slot + 1;
    }
}
