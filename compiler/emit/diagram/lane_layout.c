/* A picture in lanes: first what stands where, then how wide and high that is, then everything's place. */
#include "emit/diagram/lanes.h"

#include <math.h>

static const double slot_gap = 14, lane_margin = 9, lane_gap = 6, column_gap = 22, track_gap = 7;
static const double end_pitch = 30, head_margin = 8;

/* ---- what there is ---- */

static int spot_of(struct layout *layout, const struct drawn_way *drawn, struct lane_way *way)
{
    int count = layout->drawing->graph->count, to = drawn->way->to;
    struct spot *from = &layout->spots[drawn->from];

    if (to == GRAPH_SCRAP || to == GRAPH_QUARANTINE) {
        way->end = from->end_count++;
        layout->spots[layout->spot_count].node = aghead(drawn->edge);
        return layout->spot_count++;
    }
    if (drawn->way->outcome != OUTCOME_PASS && drawn->way->outcome != OUTCOME_APPROVE)
        way->exit = from->exit_count++;
    return to == GRAPH_DONE ? count : to;
}

static void collect(struct layout *layout)
{
    struct drawing *drawing = layout->drawing;
    int count = drawing->graph->count;

    layout->spots = ARENA_ARRAY(drawing->arena, struct spot, count + 1 + drawing->way_count);
    layout->ways = ARENA_ARRAY(drawing->arena, struct lane_way, drawing->way_count);
    for (int i = 0; i < count; i++)
        layout->spots[i].node = drawing->nodes[i];
    layout->spots[count].node = drawing->done;
    layout->spot_count = count + 1;
    for (int i = 0; i < drawing->way_count; i++) {
        const struct drawn_way *drawn = &drawing->ways[i];
        struct lane_way *way = &layout->ways[layout->way_count++];
        *way = (struct lane_way){
            .drawn = drawn, .from = drawn->from, .end = NO_END, .exit = GOOD_EXIT};
        way->to = spot_of(layout, drawn, way);
    }
}

/* ---- x ---- */

static struct slot *slot_of(const struct layout *layout, const struct spot *spot)
{
    return &layout->drawing->lanes[spot->lane].slots[spot->slot];
}

static void widen(struct slot *slot, double to_left, double to_right)
{
    slot->to_left = fmax(slot->to_left, to_left);
    slot->to_right = fmax(slot->to_right, to_right);
}

static void find_widths(struct layout *layout)
{
    struct drawing *drawing = layout->drawing;

    for (int i = 0; i < drawing->lane_count; i++)
        drawing->lanes[i].slots =
            ARENA_ARRAY(drawing->arena, struct slot, drawing->lanes[i].slot_count);
    for (int i = 0; i < layout->spot_count; i++) {
        const struct spot *spot = &layout->spots[i];
        widen(slot_of(layout, spot), spot->width / 2, spot->width / 2);
    }
    for (int i = 0; i < layout->way_count; i++) {
        const struct lane_way *way = &layout->ways[i];
        const struct spot *from = &layout->spots[way->from], *to = &layout->spots[way->to];
        double label = way->label_width, exit = lanes_exit(layout, way);
        if (way->end != NO_END)
            widen(slot_of(layout, to), to->width / 2 + label + slot_gap, 0);
        else if (exit < 0)
            widen(slot_of(layout, from), label - exit, 0);
        else
            widen(slot_of(layout, from), 0, label + exit);
    }
}

static double set_lane_x(struct lane *lane, double x)
{
    lane->left = x;
    x += lane_margin + lane->gutter_tracks * track_gap;
    for (int i = 0; i < lane->slot_count; i++) {
        struct slot *slot = &lane->slots[i];
        slot->x = x + slot->to_left;
        x = slot->x + slot->to_right + (i + 1 < lane->slot_count ? slot_gap : lane_margin);
    }
    lane->right = x;
    double missing = lane->title_width + 2 * lane_margin - (lane->right - lane->left);
    if (missing > 0) {
        for (int i = 0; i < lane->slot_count; i++)
            lane->slots[i].x += missing / 2;
        lane->right += missing;
    }
    return lane->right;
}

static void set_x(struct layout *layout)
{
    struct drawing *drawing = layout->drawing;
    double x = 0;

    for (int i = 0; i < drawing->lane_count; i++) {
        struct lane *lane = &drawing->lanes[i];
        if (i > 0)
            x += lane->column == lane[-1].column ? lane_gap : column_gap;
        x = set_lane_x(lane, x);
    }
    layout->width = fmax(x, layout->title_width);
    double spare = (layout->width - x) / 2;
    for (int i = 0; i < drawing->lane_count && spare > 0; i++) {
        drawing->lanes[i].left += spare;
        drawing->lanes[i].right += spare;
        for (int s = 0; s < drawing->lanes[i].slot_count; s++)
            drawing->lanes[i].slots[s].x += spare;
    }
    for (int i = 0; i < layout->spot_count; i++)
        layout->spots[i].x = slot_of(layout, &layout->spots[i])->x;
}

/* ---- y ---- */

/* How high a row is, in row_top, until it is known where it begins. */
static void find_heights(struct layout *layout)
{
    for (int i = 0; i < layout->spot_count; i++) {
        const struct spot *spot = &layout->spots[i];
        double height = fmax(spot->height, spot->end_count > 1 ? spot->end_count * end_pitch : 0);
        layout->row_top[spot->row] = fmax(layout->row_top[spot->row], height);
    }
}

/* row_bottom[r] is where channel r begins: under the heads of the lanes, or under the row before. */
static void set_y(struct layout *layout)
{
    const struct drawing *drawing = layout->drawing;
    double y = layout->title_height, head = 0;

    for (int i = 0; i < drawing->lane_count; i++)
        head = fmax(head, drawing->lanes[i].title_height);
    y += head + (head > 0 ? 2 * head_margin : 0);
    layout->row_top = ARENA_ARRAY(drawing->arena, double, layout->row_count + 1);
    layout->row_bottom = ARENA_ARRAY(drawing->arena, double, layout->row_count + 1);
    find_heights(layout);
    for (int row = 0; row <= layout->row_count; row++) {
        int tracks = layout->channel_tracks[row];
        double height = layout->row_top[row];
        layout->row_bottom[row] = y;
        if (tracks > 0 || (row > 0 && row < layout->row_count))
            y += lanes_track_height(tracks);
        layout->row_top[row] = y;
        y += height;
    }
    layout->height = y + head_margin;
    for (int i = 0; i < layout->spot_count; i++) {
        struct spot *spot = &layout->spots[i];
        spot->y = (layout->row_top[spot->row] + layout->row_bottom[spot->row + 1]) / 2;
    }
    for (int i = 0; i < layout->way_count; i++) {
        const struct lane_way *way = &layout->ways[i];
        double middle = (layout->spots[way->from].end_count - 1) / 2.0;
        if (way->end != NO_END)
            layout->spots[way->to].y += (way->end - middle) * end_pitch;
    }
}

/* ---- into the picture ---- */

static void draw_lane(const struct layout *layout, const struct lane *lane)
{
    double top = layout->title_height, middle = (lane->left + lane->right) / 2;
    struct arena *arena = layout->drawing->arena;

    if (!lane->cluster)
        return;
    draw_set(lane->cluster, "bb",
             arena_printf(arena, "%s,%s", lanes_point(layout, lane->left, layout->height),
                          lanes_point(layout, lane->right, top)));
    draw_set(lane->cluster, "lp",
             lanes_point(layout, middle, top + head_margin + lane->title_height / 2));
}

static void draw(const struct layout *layout)
{
    const struct drawing *drawing = layout->drawing;

    draw_set(drawing->picture, "bb",
             arena_printf(drawing->arena, "0,0,%.2f,%.2f", layout->width, layout->height));
    draw_set(drawing->picture, "lp",
             lanes_point(layout, layout->width / 2, layout->title_height / 2));
    for (int i = 0; i < drawing->lane_count; i++)
        draw_lane(layout, &drawing->lanes[i]);
    for (int i = 0; i < layout->spot_count; i++)
        draw_set(layout->spots[i].node, "pos",
                 lanes_point(layout, layout->spots[i].x, layout->spots[i].y));
    for (int i = 0; i < layout->way_count; i++)
        lanes_draw_way(layout, &layout->ways[i]);
}

void lanes_lay_out(struct drawing *drawing, GVC_t *graphviz)
{
    struct layout layout = {.drawing = drawing};

    collect(&layout);
    lanes_place(&layout);
    lanes_measure(&layout, graphviz);
    lanes_gutters(&layout);
    find_widths(&layout);
    set_x(&layout);
    lanes_channels(&layout);
    set_y(&layout);
    draw(&layout);
}
