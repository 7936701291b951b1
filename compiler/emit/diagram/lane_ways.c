/* Ways of a picture in lanes: down from a step, level in the channel below it, up or down in a gutter where they lead
   further than to the next row, level in the channel above where they go, and down to it. No way meets a step that it
   does not go to, and no two run on one line. */
#include "emit/diagram/lanes.h"

#include <math.h>
#include <stdlib.h>

static const double track_gap = 7, label_band = 14, arrow_band = 15, arrow_length = 7;
static const double gutter_margin = 9, corner = 5;

/* A stretch that wants a track: where it runs, and which track it got. */
struct stretch {
    int line; /* the channel, or the gutter's lane */
    double from, to;
    int order; /* of two that begin at one place */
    int *track;
};

static int compare_stretches(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;

    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->from < b->from || a->from > b->from)
        return a->from < b->from ? -1 : 1;
    return a->order - b->order;
}

/* Each gets the first track that is free where it runs; counts has how many a line needs. */
static void assign_tracks(struct arena *arena, struct stretch *stretches, int count, int *counts)
{
    double *ends = ARENA_ARRAY(arena, double, count + 1);

    qsort(stretches, (size_t)count, sizeof *stretches, compare_stretches);
    for (int i = 0; i < count; i++) {
        struct stretch *stretch = &stretches[i];
        int track = 0;
        while (track < counts[stretch->line] && ends[track] >= stretch->from)
            track++;
        if (track == counts[stretch->line])
            counts[stretch->line]++;
        ends[track] = stretch->to;
        *stretch->track = track;
    }
}

static int channel_below(const struct layout *layout, const struct lane_way *way)
{
    return layout->spots[way->from].row + 1;
}

static int channel_above(const struct layout *layout, const struct lane_way *way)
{
    return layout->spots[way->to].row;
}

void lanes_gutters(struct layout *layout)
{
    struct drawing *drawing = layout->drawing;
    struct stretch *stretches = ARENA_ARRAY(drawing->arena, struct stretch, layout->way_count);
    int *counts = ARENA_ARRAY(drawing->arena, int, drawing->lane_count);
    int count = 0;

    for (int i = 0; i < layout->way_count; i++) {
        struct lane_way *way = &layout->ways[i];
        int below = channel_below(layout, way), above = channel_above(layout, way);
        way->gutter = NO_GUTTER;
        if (way->end != NO_END || below == above)
            continue;
        way->gutter = layout->spots[way->to].lane;
        stretches[count++] = (struct stretch){way->gutter, fmin(below, above), fmax(below, above),
                                              i, &way->gutter_track};
    }
    assign_tracks(drawing->arena, stretches, count, counts);
    for (int i = 0; i < drawing->lane_count; i++)
        drawing->lanes[i].gutter_tracks = counts[i];
}

/* ---- where they run ---- */

static double spread(const struct spot *spot)
{
    return fmin(30, spot->width / 5);
}

double lanes_exit(const struct layout *layout, const struct lane_way *way)
{
    double away = spread(&layout->spots[way->from]);

    return way->exit == GOOD_EXIT ? 0 : way->exit % 2 ? away : -away;
}

static double exit_x(const struct layout *layout, const struct lane_way *way)
{
    return layout->spots[way->from].x + lanes_exit(layout, way);
}

/* The main way comes in at the middle, others at the side that they come from. */
static double entry_x(const struct layout *layout, const struct lane_way *way)
{
    const struct spot *to = &layout->spots[way->to];
    double aside = spread(to) * 0.3;

    if (way->drawn->on_main)
        return to->x;
    return way->gutter == NO_GUTTER && exit_x(layout, way) > to->x ? to->x + aside : to->x - aside;
}

static double gutter_x(const struct layout *layout, const struct lane_way *way)
{
    return layout->drawing->lanes[way->gutter].left + gutter_margin + way->gutter_track * track_gap;
}

static bool is_straight(const struct layout *layout, const struct lane_way *way)
{
    return way->gutter == NO_GUTTER && fabs(exit_x(layout, way) - entry_x(layout, way)) < 0.5;
}

void lanes_channels(struct layout *layout)
{
    struct arena *arena = layout->drawing->arena;
    struct stretch *stretches = ARENA_ARRAY(arena, struct stretch, 2 * layout->way_count);
    int count = 0;

    for (int i = 0; i < layout->way_count; i++) {
        struct lane_way *way = &layout->ways[i];
        if (way->end != NO_END || is_straight(layout, way))
            continue;
        double out = exit_x(layout, way), in = entry_x(layout, way);
        double turn = way->gutter == NO_GUTTER ? in : gutter_x(layout, way);
        stretches[count++] = (struct stretch){channel_below(layout, way), fmin(out, turn),
                                              fmax(out, turn), 2 * i, &way->out_track};
        if (way->gutter != NO_GUTTER)
            stretches[count++] = (struct stretch){channel_above(layout, way), fmin(turn, in),
                                                  fmax(turn, in), 2 * i + 1, &way->in_track};
    }
    layout->channel_tracks = ARENA_ARRAY(arena, int, layout->row_count + 1);
    assign_tracks(arena, stretches, count, layout->channel_tracks);
}

double lanes_track_height(int tracks)
{
    return label_band + tracks * track_gap + arrow_band;
}

static double track_y(const struct layout *layout, int channel, int track)
{
    return layout->row_bottom[channel] + label_band + 4 + track * track_gap;
}

/* ---- drawing ---- */

struct corners {
    double x[8], y[8];
    int count;
};

static void go_to(struct corners *path, double x, double y)
{
    path->x[path->count] = x;
    path->y[path->count++] = y;
}

char *lanes_point(const struct layout *layout, double x, double y)
{
    return arena_printf(layout->drawing->arena, "%.2f,%.2f", x, layout->height - y);
}

static void add_point(struct buffer *out, const struct layout *layout, double x, double y)
{
    buffer_addf(out, " %s", lanes_point(layout, x, y));
}

/* A point on the way from one corner of the path to the next. */
static void step_from(const struct corners *path, int at, int toward, double *x, double *y)
{
    double along = hypot(path->x[toward] - path->x[at], path->y[toward] - path->y[at]);
    double part = along > 0 ? fmin(corner, along / 2) / along : 0;

    *x = path->x[at] + (path->x[toward] - path->x[at]) * part;
    *y = path->y[at] + (path->y[toward] - path->y[at]) * part;
}

/* As Bezier curves: a line is one whose control points are its ends, a corner one whose are the corner. */
static char *curve_of(const struct layout *layout, const struct corners *path)
{
    struct buffer out = {0};
    int last = path->count - 1;
    double x = path->x[0], y = path->y[0], tip_x = path->x[last], tip_y = path->y[last];
    bool level = fabs(path->y[last] - path->y[last - 1]) < 0.01;

    buffer_addf(&out, "e,%s", lanes_point(layout, tip_x, tip_y));
    add_point(&out, layout, x, y);
    for (int i = 1; i <= last; i++) {
        double to_x = tip_x - (level ? arrow_length : 0), to_y = tip_y - (level ? 0 : arrow_length);
        if (i < last)
            step_from(path, i, i - 1, &to_x, &to_y);
        add_point(&out, layout, x, y);
        add_point(&out, layout, to_x, to_y);
        add_point(&out, layout, to_x, to_y);
        if (i == last)
            break;
        step_from(path, i, i + 1, &x, &y);
        add_point(&out, layout, path->x[i], path->y[i]);
        add_point(&out, layout, path->x[i], path->y[i]);
        add_point(&out, layout, x, y);
    }
    char *curve = arena_copy_text(layout->drawing->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return curve;
}

static struct corners path_to_end(const struct layout *layout, const struct lane_way *way)
{
    const struct spot *from = &layout->spots[way->from], *to = &layout->spots[way->to];
    struct corners path = {.count = 0};
    double right = from->x + from->width / 2;

    go_to(&path, right, from->y);
    if (fabs(from->y - to->y) > 0.01) {
        go_to(&path, right + corner + 2, from->y);
        go_to(&path, right + corner + 2, to->y);
    }
    go_to(&path, to->x - to->width / 2, to->y);
    return path;
}

static struct corners path_to_step(const struct layout *layout, const struct lane_way *way)
{
    const struct spot *from = &layout->spots[way->from], *to = &layout->spots[way->to];
    struct corners path = {.count = 0};
    double out = exit_x(layout, way), in = entry_x(layout, way);

    go_to(&path, out, from->y + from->height / 2);
    if (!is_straight(layout, way)) {
        double y = track_y(layout, channel_below(layout, way), way->out_track);
        go_to(&path, out, y);
        if (way->gutter != NO_GUTTER) {
            double x = gutter_x(layout, way);
            go_to(&path, x, y);
            y = track_y(layout, channel_above(layout, way), way->in_track);
            go_to(&path, x, y);
        }
        go_to(&path, in, y);
    }
    go_to(&path, in, to->y - to->height / 2);
    return path;
}

/* Above a way to an end, beside one to a step, near where it begins. */
static char *label_point(const struct layout *layout, const struct lane_way *way)
{
    const struct spot *from = &layout->spots[way->from], *to = &layout->spots[way->to];
    double half = way->label_width / 2;

    if (way->end != NO_END)
        return lanes_point(layout, to->x - to->width / 2 - arrow_length - half,
                           to->y - way->label_height / 2 - 1);
    return lanes_point(layout, exit_x(layout, way) + (lanes_exit(layout, way) < 0 ? -half : half),
                       from->y + from->height / 2 + way->label_height / 2 + 2);
}

void lanes_draw_way(const struct layout *layout, const struct lane_way *way)
{
    struct corners path = way->end != NO_END ? path_to_end(layout, way) : path_to_step(layout, way);

    draw_set(way->drawn->edge, "pos", curve_of(layout, &path));
    draw_set(way->drawn->edge, "lp", label_point(layout, way));
}
