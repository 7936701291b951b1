/* Inside emit/diagram: how a picture in lanes is laid out. Steps stand in rows, lanes and slots; ways run between rows
   (in channels) and at the left of lanes (in gutters), each on a track that no other way uses there. Lengths are points,
   y counts downward. */
#ifndef FLOW_EMIT_DIAGRAM_LANES_H
#define FLOW_EMIT_DIAGRAM_LANES_H

#include "emit/diagram/diagram.h"

/* Nodes of a slot have their centers on one upright line; what is written beside them needs room too. */
struct slot {
    double to_left, to_right;
    double x;
};

/* The part of a station's lane in one column: a gutter, then slots. */
struct lane {
    char *title; /* HTML-like text */
    int column;
    Agraph_t *cluster;
    double title_width, title_height;
    int gutter_tracks;
    int slot_count;
    struct slot *slots;
    double left, right;
};

/* Where a node stands: a step, the end of the main way, or an end beside a step. */
struct spot {
    Agnode_t *node;
    int lane, row, slot;
    int end_count;  /* ends beside it */
    int exit_count; /* ways but the good one that go on to steps */
    double width, height, x, y;
};

enum { NO_END = -1, GOOD_EXIT = -1, NO_GUTTER = -1, NO_TRACK = -1 };

struct lane_way {
    const struct drawn_way *drawn;
    int from, to; /* spots */
    int end;      /* which of the ends beside its step it leads to */
    int exit;     /* by which exit but the good one it leaves */
    double label_width, label_height;
    int gutter; /* the lane in whose gutter it goes up or down */
    int gutter_track;
    int out_track,
        in_track; /* in the channels under its step and above where it goes; the same where there is one */
};

struct layout {
    struct drawing *drawing;
    struct spot *spots; /* the graph's nodes, `done`, then the ends */
    int spot_count;
    struct lane_way *ways;
    int way_count;
    int row_count;
    double *row_top, *row_bottom; /* channel r lies above row r, the last one below all */
    int *channel_tracks;
    double width, height, title_width, title_height;
};

/* ---- lane_places.c: rows and slots ---- */
void lanes_place(struct layout *layout);

/* ---- lane_ways.c ---- */
/* Gives ways their tracks in gutters; rows are known. */
void lanes_gutters(struct layout *layout);
/* Gives ways their tracks in channels; all x are known. */
void lanes_channels(struct layout *layout);
/* How far at the left (negative) or right of a step's middle a way leaves it. */
double lanes_exit(const struct layout *layout, const struct lane_way *way);
double lanes_track_height(int tracks);
/* Writes the way into the picture; all is known. */
void lanes_draw_way(const struct layout *layout, const struct lane_way *way);
/* A point as Graphviz wants it: upward. In the arena. */
char *lanes_point(const struct layout *layout, double x, double y);

/* ---- lane_sizes.c: how large everything is, asked of Graphviz ---- */
void lanes_measure(struct layout *layout, GVC_t *graphviz);

#endif
