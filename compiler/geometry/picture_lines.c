/* The lines of a look: outlines, creases and open edges, cut to what no nearer surface hides, and joined to long ones. */
#include "geometry/picture_private.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX };

/* A straight piece of an edge that is seen. Lengths in samples. */
struct piece {
    double from[2], to[2];
    uint32_t ends
        [2]; /* the vertices that it begins and ends at, NOWHERE where it is cut off in between */
    bool outline, crease, used;
};

struct pieces {
    struct piece *items;
    size_t count, capacity;
};

static void add_piece(struct pieces *pieces, const struct piece *piece)
{
    if (pieces->count == pieces->capacity) {
        pieces->capacity = 2 * pieces->capacity + 256;
        pieces->items = memory_resize(pieces->items, pieces->capacity * sizeof *pieces->items);
    }
    pieces->items[pieces->count++] = *piece;
}

/* ---- which edges are lines ---- */

enum facing { FACING_US, FACING_AWAY, FACING_ASIDE };

static enum facing face_facing(const struct look *look, uint32_t face)
{
    double turned[3];
    look_turn(look, look->scene->normals[face], turned);
    return turned[2] > 1e-4 ? FACING_US : turned[2] < -1e-4 ? FACING_AWAY : FACING_ASIDE;
}

static double cosine_between(const struct look *look, uint32_t a, uint32_t b)
{
    const float *left = look->scene->normals[a], *right = look->scene->normals[b];
    return (double)left[0] * (double)right[0] + (double)left[1] * (double)right[1] +
           (double)left[2] * (double)right[2];
}

/* False where the edge is none that is drawn, or is on the far side of a closed surface. */
static bool is_line(const struct look *look, const struct edge *edge, struct piece *piece)
{
    if (edge->up + edge->down != 2) { /* open or crowded */
        piece->outline = piece->crease = true;
        return true;
    }
    uint32_t a = edge->halves[0].face, b = edge->halves[1].face;
    enum facing one = face_facing(look, a), other = face_facing(look, b);
    enum facing seen = look->scene->outward < 0 ? FACING_AWAY : FACING_US;
    if (look->scene->outward && one != seen && other != seen)
        return false;
    piece->crease = cosine_between(look, a, b) < CREASE_COSINE || edge->up != edge->down;
    piece->outline = one != other;
    return piece->crease || piece->outline;
}

/* ---- what is hidden ---- */

/* A line is as near as the surface that it bounds, but for what a sample's place is off. */
#define NEARER_BY 1.5

/* Whether no surface is nearer, at the sample or beside it: a line may run along the brim of one. */
static bool is_seen(const struct look *look, double x, double y, double near)
{
    int column = (int)x, row = (int)y;
    float farthest = INFINITY;
    if (column < 1 || row < 1 || column > look->columns - 2 || row > look->rows - 2)
        return true;
    for (int down = -1; down <= 1; down++) {
        const float *depths =
            look->depth + (size_t)(row + down) * (size_t)look->columns + (size_t)column;
        farthest = fminf(farthest, fminf(depths[-1], fminf(depths[0], depths[1])));
    }
    return near + NEARER_BY >= (double)farthest;
}

/* Runs shorter than this in the midst of a line are noise of the samples, seen or not. */
#define RUN_LEAST 3.0

struct walk {
    struct pieces *pieces;
    const struct piece *whole;
    double length;
    double begin; /* of the run that is seen, as a part of the whole; below 0 outside of one */
};

static void end_run(struct walk *walk, double end)
{
    const struct piece *whole = walk->whole;
    double begin = walk->begin;
    walk->begin = -1;
    if (begin < 0 || ((end - begin) * walk->length < RUN_LEAST && !(begin <= 0 && end >= 1)))
        return;
    struct piece piece = *whole;
    for (int axis = 0; axis < 2; axis++) {
        double step = whole->to[axis] - whole->from[axis];
        piece.from[axis] = whole->from[axis] + begin * step;
        piece.to[axis] = whole->from[axis] + end * step;
    }
    if (begin > 0)
        piece.ends[0] = NOWHERE;
    if (end < 1)
        piece.ends[1] = NOWHERE;
    add_piece(walk->pieces, &piece);
}

/* In steps of a sample. */
static void add_seen(const struct look *look, const struct piece *whole, struct pieces *pieces)
{
    const float *a = look->vertices[whole->ends[0]], *b = look->vertices[whole->ends[1]];
    double dx = whole->to[0] - whole->from[0], dy = whole->to[1] - whole->from[1];
    double length = sqrt(dx * dx + dy * dy);
    int steps = (int)ceil(length);
    struct walk walk = {pieces, whole, length, -1};
    if (length < 1e-3)
        return;
    double gap = RUN_LEAST / steps, hidden_from = 0;
    for (int i = 0; i < steps; i++) {
        double at = (i + 0.5) / steps;
        double near = (double)a[2] + at * ((double)b[2] - (double)a[2]);
        bool seen = is_seen(look, whole->from[0] + at * dx, whole->from[1] + at * dy, near);
        if (seen) {
            hidden_from = (double)(i + 1) / steps;
            if (walk.begin < 0)
                walk.begin = i < RUN_LEAST ? 0 : (double)i / steps;
        } else if (walk.begin >= 0 && (double)(i + 1) / steps - hidden_from >= gap) {
            end_run(&walk, hidden_from);
        }
    }
    end_run(&walk, 1 - hidden_from < gap ? 1 : hidden_from);
}

static struct pieces gather_pieces(const struct look *look)
{
    struct pieces pieces = {0};
    for (struct edge edge = {0}; edge_next(&look->scene->edges, &edge);) {
        struct piece piece = {.ends = {edge.lower, edge.upper}};
        if (!is_line(look, &edge, &piece))
            continue;
        for (int axis = 0; axis < 2; axis++) {
            piece.from[axis] = (double)look->vertices[edge.lower][axis];
            piece.to[axis] = (double)look->vertices[edge.upper][axis];
        }
        add_seen(look, &piece, &pieces);
    }
    return pieces;
}

/* ---- joining ---- */

/* Of one weight: the pieces that meet at a vertex, where they are two. */
struct joints {
    uint32_t (*at)[2];
};

static void note_joint(struct joints *joints, uint32_t vertex, uint32_t piece)
{
    uint32_t *at = joints->at[vertex];
    if (at[0] == NOWHERE)
        at[0] = piece;
    else if (at[1] == NOWHERE)
        at[1] = piece;
    else
        at[1] = at[0]; /* three or more: a line ends here */
}

static struct joints find_joints(const struct look *look, const struct pieces *pieces, bool outline)
{
    uint32_t count = look->scene->mesh->vertex_count;
    struct joints joints = {memory_alloc(count * sizeof *joints.at)};
    memset(joints.at, 0xFF, count * sizeof *joints.at);
    for (size_t i = 0; i < pieces->count; i++)
        for (int end = 0; end < 2 && pieces->items[i].outline == outline; end++)
            if (pieces->items[i].ends[end] != NOWHERE)
                note_joint(&joints, pieces->items[i].ends[end], (uint32_t)i);
    return joints;
}

/* The other piece at a vertex, NOWHERE where there is not just one. */
static uint32_t joined_to(const struct joints *joints, uint32_t vertex, uint32_t piece)
{
    if (vertex == NOWHERE)
        return NOWHERE;
    const uint32_t *at = joints->at[vertex];
    if (at[0] == at[1] || at[1] == NOWHERE)
        return NOWHERE;
    return at[0] == piece ? at[1] : at[0];
}

/* A line that grows point by point; points that it passes closely enough are left out. */
struct stroke {
    struct picture *picture;
    size_t point_capacity, line_capacity;
    double (*passed)[2]; /* since the last point that was kept, the newest last */
    int passed_count;
};

enum { PASSED_AT_MOST = 48 };
#define PASSES_WITHIN 0.35 /* samples */

static void keep_point(struct stroke *stroke, const double point[2])
{
    struct picture *picture = stroke->picture;
    if (picture->point_count == stroke->point_capacity) {
        stroke->point_capacity = 2 * stroke->point_capacity + 256;
        picture->points =
            memory_resize(picture->points, stroke->point_capacity * sizeof *picture->points);
    }
    float *to = picture->points[picture->point_count++];
    to[0] = (float)point[0];
    to[1] = (float)point[1];
    picture->lines[picture->line_count - 1].count++;
}

static double distance_to(const double point[2], const float from[2], const double to[2])
{
    double dx = to[0] - (double)from[0], dy = to[1] - (double)from[1];
    double px = point[0] - (double)from[0], py = point[1] - (double)from[1];
    double squared = dx * dx + dy * dy;
    double along = squared > 0 ? (px * dx + py * dy) / squared : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return hypot(px - along * dx, py - along * dy);
}

static void stroke_to(struct stroke *stroke, const double point[2])
{
    const struct picture *picture = stroke->picture;
    const float *last = picture->points[picture->point_count - 1];
    bool passes = stroke->passed_count < PASSED_AT_MOST;
    for (int i = 0; passes && i < stroke->passed_count; i++)
        passes = distance_to(stroke->passed[i], last, point) <= PASSES_WITHIN;
    if (!passes) {
        keep_point(stroke, stroke->passed[stroke->passed_count - 1]);
        stroke->passed_count = 0;
    }
    memcpy(stroke->passed[stroke->passed_count++], point, sizeof *stroke->passed);
}

static void begin_line(struct stroke *stroke, const double point[2], bool outline)
{
    struct picture *picture = stroke->picture;
    if (picture->line_count == stroke->line_capacity) {
        stroke->line_capacity = 2 * stroke->line_capacity + 64;
        picture->lines =
            memory_resize(picture->lines, stroke->line_capacity * sizeof *picture->lines);
    }
    picture->lines[picture->line_count++] = (struct picture_line){picture->point_count, 0, outline};
    stroke->passed_count = 0;
    keep_point(stroke, point);
}

static void end_line(struct stroke *stroke)
{
    if (stroke->passed_count)
        keep_point(stroke, stroke->passed[stroke->passed_count - 1]);
    stroke->passed_count = 0;
}

/* From one end of a chain to the other; of a ring, from the piece given. */
static void draw_chain(struct stroke *stroke, const struct pieces *pieces,
                       const struct joints *joints, uint32_t first)
{
    uint32_t piece = first;
    int end = 0; /* that we go to: first back, to where the chain begins */
    for (;;) {
        uint32_t vertex = pieces->items[piece].ends[end];
        uint32_t next = joined_to(joints, vertex, piece);
        if (next == NOWHERE || next == first)
            break;
        end = pieces->items[next].ends[0] == vertex ? 1 : 0;
        piece = next;
    }
    end = 1 - end;
    const struct piece *at = &pieces->items[piece];
    begin_line(stroke, end ? at->from : at->to, at->outline);
    for (;;) {
        struct piece *now = &pieces->items[piece];
        now->used = true;
        stroke_to(stroke, end ? now->to : now->from);
        uint32_t vertex = now->ends[end], next = joined_to(joints, vertex, piece);
        if (next == NOWHERE || pieces->items[next].used)
            break;
        end = pieces->items[next].ends[0] == vertex ? 1 : 0;
        piece = next;
    }
    end_line(stroke);
}

static void join_pieces(const struct look *look, struct pieces *pieces, bool outline,
                        struct stroke *stroke)
{
    struct joints joints = find_joints(look, pieces, outline);
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->items[i].outline == outline && !pieces->items[i].used)
            draw_chain(stroke, pieces, &joints, (uint32_t)i);
    free(joints.at);
}

void look_lines(const struct look *look, struct picture *picture)
{
    struct pieces pieces = gather_pieces(look);
    double passed[PASSED_AT_MOST][2];
    struct stroke stroke = {.picture = picture, .passed = passed};
    join_pieces(look, &pieces, false, &stroke);
    join_pieces(look, &pieces, true, &stroke);
    free(pieces.items);
    for (uint32_t i = 0; i < picture->point_count; i++)
        for (int axis = 0; axis < 2; axis++)
            picture->points[i][axis] =
                (float)(((double)picture->points[i][axis] - SAMPLE_MARGIN) / look->samples_mm);
}
