/* Lanes: the steps of a station stand below one another, the stations side by side in the order in which the main way
   comes to them. A long workflow is cut into columns of lanes. Where nobody asked for lanes each column is one. */
#include "emit/diagram/lanes.h"

#include <string.h>

struct finding {
    struct drawing *drawing;
    const char **stations;
    int station_count;
    int *station_of, *column_of; /* by graph node */
};

static void find_station(struct finding *finding, int index)
{
    const struct drawing *drawing = finding->drawing;
    const struct step *step = drawing->graph->nodes[index].step;
    const char *station = drawing->subject->lanes ? label_station(drawing->subject, step) : "";
    int at = 0;

    while (at < finding->station_count && strcmp(finding->stations[at], station) != 0)
        at++;
    if (at == finding->station_count)
        finding->stations[finding->station_count++] = station;
    finding->station_of[index] = at;
}

static void find_stations(struct finding *finding)
{
    const struct drawing *drawing = finding->drawing;

    for (int place = 0; place < drawing->main_count; place++)
        find_station(finding, drawing->main_way[place]);
    for (int i = 0; i < drawing->graph->count; i++)
        if (drawing->place[i] < 0)
            find_station(finding, i);
}

/* A lane is about three times as wide as a step is high, a column without lanes less: so many columns make the picture
   as high as wide, or higher, and what stands in it large on a page. */
static int columns_for(int steps, int stations, bool lanes)
{
    int columns = 1;

    while ((lanes ? 12 * stations : 9) * (columns + 1) * (columns + 1) <= 4 * steps)
        columns++;
    return columns;
}

/* A step beside the main way stands in the column of the one that leads there first. */
static void find_columns(struct finding *finding)
{
    struct drawing *drawing = finding->drawing;
    const struct graph *graph = drawing->graph;

    drawing->columns =
        columns_for(drawing->main_count, finding->station_count, drawing->subject->lanes);
    for (int place = 0; place < drawing->main_count; place++)
        finding->column_of[drawing->main_way[place]] = draw_column(drawing, place);
    drawing->comes_from = ARENA_ARRAY(drawing->arena, int, graph->count);
    for (int i = 0; i < graph->count; i++)
        drawing->comes_from[i] = -1;
    for (int i = 0; i < graph->count; i++)
        for (int e = 0; e < graph->nodes[i].edge_count; e++) {
            int to = graph->nodes[i].edges[e].to;
            if (to < 0 || to == i || drawing->place[to] >= 0 || drawing->comes_from[to] >= 0)
                continue;
            drawing->comes_from[to] = i;
            finding->column_of[to] = finding->column_of[i];
        }
}

static void open_lane(struct drawing *drawing, const char *station, int column)
{
    struct lane *lane = &drawing->lanes[drawing->lane_count];
    char *name = arena_printf(drawing->arena, "cluster%d", drawing->lane_count);

    lane->column = column;
    drawing->lane_count++;
    if (!drawing->subject->lanes)
        return;
    const char *title = label_text(drawing->subject, *station ? station : "no station");
    const char *font = *station ? "b" : "i";
    lane->title = arena_printf(drawing->arena, "<%s>%s</%s>", font, title, font);
    lane->cluster = agsubg(drawing->picture, name, 1);
    draw_set(lane->cluster, "style", "filled");
    draw_set(lane->cluster, "fillcolor", drawing->lane_count % 2 ? "#f4f4f4" : "#ffffff");
    draw_set(lane->cluster, "color", "#999999");
    draw_set_label(lane->cluster, lane->title);
    draw_set(lane->cluster, "fontsize", "13");
    draw_set(lane->cluster, "labeljust", "c");
}

/* A lane for each station that has a step in the column. */
static void open_lanes(struct finding *finding)
{
    struct drawing *drawing = finding->drawing;
    int stations = finding->station_count;
    int *lane_at = ARENA_ARRAY(drawing->arena, int, drawing->columns *stations);
    int count = drawing->graph->count;

    for (int i = 0; i < count; i++)
        lane_at[finding->column_of[i] * stations + finding->station_of[i]] = 1;
    for (int at = 0; at < drawing->columns * stations; at++)
        if (lane_at[at]) {
            lane_at[at] = drawing->lane_count;
            open_lane(drawing, finding->stations[at % stations], at / stations);
        }
    for (int i = 0; i < count; i++)
        drawing->lane_of[i] = lane_at[finding->column_of[i] * stations + finding->station_of[i]];
}

void lanes_open(struct drawing *drawing)
{
    int count = drawing->graph->count;
    struct finding finding = {
        .drawing = drawing,
        .stations = ARENA_ARRAY(drawing->arena, const char *, count),
        .station_of = ARENA_ARRAY(drawing->arena, int, count),
        .column_of = ARENA_ARRAY(drawing->arena, int, count),
    };

    drawing->lanes = ARENA_ARRAY(drawing->arena, struct lane, count);
    drawing->lane_of = ARENA_ARRAY(drawing->arena, int, count);
    find_stations(&finding);
    find_columns(&finding);
    open_lanes(&finding);
}

Agraph_t *lanes_graph(const struct drawing *drawing, int index)
{
    return drawing->subject->lanes ? drawing->lanes[drawing->lane_of[index]].cluster
                                   : drawing->picture;
}

Agraph_t *lanes_last(const struct drawing *drawing)
{
    return drawing->main_count ? lanes_graph(drawing, drawing->main_way[drawing->main_count - 1])
                               : drawing->picture;
}
