#include "geometry/picture_private.h"

#include "base/memory.h"
#include "geometry/faces.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the scene ---- */

static double distance(const double a[3], const double b[3])
{
    const double between[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return length_of(between);
}

/* Of the corners that faces have: a vertex that none has is no part of the part. */
static bool find_box(struct scene *scene)
{
    const struct mesh *mesh = scene->mesh;
    for (int axis = 0; axis < 3; axis++) {
        scene->low[axis] = INFINITY;
        scene->high[axis] = -INFINITY;
    }
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++) {
            const float *at = mesh->vertices[mesh->triangles[i][corner]];
            for (int axis = 0; axis < 3; axis++) {
                if (!isfinite(at[axis]))
                    return false;
                scene->low[axis] = fmin(scene->low[axis], (double)at[axis]);
                scene->high[axis] = fmax(scene->high[axis], (double)at[axis]);
            }
        }
    return mesh->triangle_count > 0;
}

/* A face less high than this part of the whole has a normal made of roundings: none, for a picture. */
#define HEIGHT_LEAST 1e-6

/* Returns whether any face has an area; *volume has the sign of that of the mesh. */
static bool find_normals(struct scene *scene, double *volume)
{
    const struct mesh *mesh = scene->mesh;
    const float *from = mesh->vertices[mesh->triangles[0][0]];
    double size[3];
    bool any = false;
    scene_size(scene, size);
    double least = HEIGHT_LEAST * fmax(size[0], fmax(size[1], size[2]));
    *volume = 0;
    scene->normals = memory_zeroed(mesh->triangle_count, sizeof *scene->normals);
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        double corners[3][3], normal[3], longest = 0;
        face_corners(mesh, i, from, corners);
        corners_normal(corners, normal);
        *volume += corners_six_volumes(corners) / 6;
        for (int corner = 0; corner < 3; corner++)
            longest = fmax(longest, distance(corners[corner], corners[(corner + 1) % 3]));
        double length = length_of(normal);
        bool good = length > least * longest;
        for (int axis = 0; axis < 3 && good; axis++)
            scene->normals[i][axis] = (float)(normal[axis] / length);
        any |= good;
    }
    return any;
}

static bool has_normal(const struct scene *scene, uint32_t face)
{
    const float *normal = scene->normals[face];
    return normal[0] != 0 || normal[1] != 0 || normal[2] != 0;
}

/* A face without a normal of its own takes that of a face beside it: it then is no edge between two that agree, and the
   edge between two that do not stays. Returns whether one did. */
static bool lend_normals(struct scene *scene)
{
    bool any = false;
    for (struct edge edge = {0}; edge_next(&scene->edges, &edge);) {
        if (edge.up + edge.down != 2)
            continue;
        uint32_t a = edge.halves[0].face, b = edge.halves[1].face;
        bool one = has_normal(scene, a), other = has_normal(scene, b);
        if (one != other)
            memcpy(scene->normals[one ? b : a], scene->normals[one ? a : b],
                   sizeof *scene->normals);
        any |= one != other;
    }
    return any;
}

static bool is_closed(const struct edge_table *edges)
{
    for (struct edge edge = {0}; edge_next(edges, &edge);)
        if (edge.up != edge.down)
            return false;
    return true;
}

/* The mean of the faces around the corner that are nearly as this one; their areas do not matter for a picture. */
static void round_corner(const struct scene *scene, uint32_t face, const uint32_t *around,
                         uint32_t count, float mean[3])
{
    const float *own = scene->normals[face];
    double sum[3] = {0};
    for (uint32_t i = 0; i < count; i++) {
        const float *other = scene->normals[around[i]];
        if (own[0] * other[0] + own[1] * other[1] + own[2] * other[2] > (float)CREASE_COSINE)
            for (int axis = 0; axis < 3; axis++)
                sum[axis] += (double)other[axis];
    }
    double length = length_of(sum);
    for (int axis = 0; axis < 3; axis++)
        mean[axis] = length > 0 ? (float)(sum[axis] / length) : own[axis];
}

/* Faces at each vertex, gathered by counting; then the mean at each corner. */
static void round_corners(struct scene *scene)
{
    const struct mesh *mesh = scene->mesh;
    uint32_t *first = memory_zeroed(mesh->vertex_count + (size_t)2, sizeof *first);
    uint32_t *faces = memory_alloc(3 * (size_t)mesh->triangle_count * sizeof *faces);
    scene->corners = memory_alloc(3 * (size_t)mesh->triangle_count * sizeof *scene->corners);
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            first[mesh->triangles[i][corner] + 2]++;
    for (uint32_t v = 2; v <= mesh->vertex_count; v++)
        first[v] += first[v - 1];
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            faces[first[mesh->triangles[i][corner] + 1]++] = i;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++) {
            uint32_t v = mesh->triangles[i][corner];
            round_corner(scene, i, faces + first[v], first[v + 1] - first[v],
                         scene->corners[3 * (size_t)i + (size_t)corner]);
        }
    free(first);
    free(faces);
}

enum { ROUNDED_AT_MOST = 200000, AROUND_AT_MOST = 4000, LENT_AT_MOST = 4 };

/* The middle of a fan has as many faces as it likes, and each would be compared with each. */
static bool may_round(const struct mesh *mesh)
{
    if (mesh->triangle_count > ROUNDED_AT_MOST)
        return false;
    uint32_t *around = memory_zeroed(mesh->vertex_count, sizeof *around), most = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++) {
            uint32_t count = ++around[mesh->triangles[i][corner]];
            most = count > most ? count : most;
        }
    free(around);
    return most <= AROUND_AT_MOST;
}

struct scene *scene_open(const struct mesh *mesh)
{
    struct scene *scene = memory_zeroed(1, sizeof *scene);
    double volume = 0;
    scene->mesh = mesh;
    if (!find_box(scene) || !find_normals(scene, &volume)) {
        scene_free(scene);
        return NULL;
    }
    scene->edges = edges_gather(mesh);
    for (int pass = 0; pass < LENT_AT_MOST && lend_normals(scene); pass++)
        ;
    if (is_closed(&scene->edges))
        scene->outward = (volume > 0) - (volume < 0);
    if (may_round(mesh))
        round_corners(scene);
    return scene;
}

void scene_free(struct scene *scene)
{
    if (!scene)
        return;
    free(scene->normals);
    free(scene->corners);
    edges_free(&scene->edges);
    free(scene);
}

void scene_size(const struct scene *scene, double size_mm[3])
{
    for (int axis = 0; axis < 3; axis++)
        size_mm[axis] = scene->high[axis] - scene->low[axis];
}

/* ---- one look ---- */

#define ROOT_1_2 0.70710678118654752
#define ROOT_1_3 0.57735026918962576
#define ROOT_1_6 0.40824829046386302

/* What is right, up and towards the eye. */
static const double views[VIEW_COUNT][3][3] = {
    [VIEW_ISO] = {{ROOT_1_2, ROOT_1_2, 0},
                  {-ROOT_1_6, ROOT_1_6, 2 * ROOT_1_6},
                  {ROOT_1_3, -ROOT_1_3, ROOT_1_3}},
    [VIEW_FRONT] = {{1, 0, 0}, {0, 0, 1}, {0, -1, 0}},
    [VIEW_TOP] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    [VIEW_RIGHT] = {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}},
};

static double along(const double axis[3], const float at[3], const double from[3])
{
    return axis[0] * ((double)at[0] - from[0]) + axis[1] * ((double)at[1] - from[1]) +
           axis[2] * ((double)at[2] - from[2]);
}

/* The rectangle that is seen: [0] from left to right, [1] from below to above. */
static void find_frame(const struct look *look, double frame[2][2])
{
    const struct mesh *mesh = look->scene->mesh;
    frame[0][0] = frame[1][0] = INFINITY;
    frame[0][1] = frame[1][1] = -INFINITY;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 2; axis++) {
                double at = along(look->axes[axis], mesh->vertices[mesh->triangles[i][corner]],
                                  look->scene->low);
                frame[axis][0] = fmin(frame[axis][0], at);
                frame[axis][1] = fmax(frame[axis][1], at);
            }
}

static void place_vertices(struct look *look)
{
    const struct mesh *mesh = look->scene->mesh;
    look->vertices = memory_alloc(mesh->vertex_count * sizeof *look->vertices);
    for (uint32_t v = 0; v < mesh->vertex_count; v++) {
        const float *at = mesh->vertices[v];
        double right = along(look->axes[0], at, look->scene->low) - look->left;
        double down = look->top - along(look->axes[1], at, look->scene->low);
        double near = along(look->axes[2], at, look->scene->low);
        look->vertices[v][0] = (float)(right * look->samples_mm + SAMPLE_MARGIN);
        look->vertices[v][1] = (float)(down * look->samples_mm + SAMPLE_MARGIN);
        look->vertices[v][2] = (float)(near * look->samples_mm);
    }
}

static unsigned char mean_grey(const struct look *look, int column, int row)
{
    unsigned sum = 0;
    for (int y = 0; y < SAMPLES_A_PIXEL; y++)
        for (int x = 0; x < SAMPLES_A_PIXEL; x++)
            sum += look->grey[(size_t)(row * SAMPLES_A_PIXEL + y + SAMPLE_MARGIN) *
                                  (size_t)look->columns +
                              (size_t)(column * SAMPLES_A_PIXEL + x + SAMPLE_MARGIN)];
    enum { SAMPLES = SAMPLES_A_PIXEL * SAMPLES_A_PIXEL };
    return (unsigned char)((sum + SAMPLES / 2) / SAMPLES);
}

static void keep_surface(const struct look *look, struct picture *picture)
{
    picture->grey = memory_alloc((size_t)picture->columns * (size_t)picture->rows);
    for (int row = 0; row < picture->rows; row++)
        for (int column = 0; column < picture->columns; column++)
            picture->grey[(size_t)row * (size_t)picture->columns + (size_t)column] =
                mean_grey(look, column, row);
}

static int pixels_for(double length_mm, double pixel_mm)
{
    int pixels = (int)ceil(length_mm / pixel_mm - 1e-6);
    return pixels < 1 ? 1 : pixels;
}

void scene_look(const struct scene *scene, enum view view, int pixels, struct picture *picture)
{
    assert(pixels >= 16 && pixels <= 4000);
    struct look look = {.scene = scene, .axes = views[view]};
    double frame[2][2];
    *picture = (struct picture){0};
    find_frame(&look, frame);
    look.left = frame[0][0];
    look.top = frame[1][1];
    picture->width_mm = frame[0][1] - frame[0][0];
    picture->height_mm = frame[1][1] - frame[1][0];
    double longer = fmax(fmax(picture->width_mm, picture->height_mm), 1e-9);
    picture->pixel_mm = longer / pixels;
    picture->columns = pixels_for(picture->width_mm, picture->pixel_mm);
    picture->rows = pixels_for(picture->height_mm, picture->pixel_mm);
    look.samples_mm = SAMPLES_A_PIXEL / picture->pixel_mm;
    look.columns = picture->columns * SAMPLES_A_PIXEL + 2 * SAMPLE_MARGIN;
    look.rows = picture->rows * SAMPLES_A_PIXEL + 2 * SAMPLE_MARGIN;
    place_vertices(&look);
    look_surface(&look);
    keep_surface(&look, picture);
    look_lines(&look, picture);
    free(look.vertices);
    free(look.depth);
    free(look.grey);
}

void picture_free(struct picture *picture)
{
    free(picture->grey);
    free(picture->points);
    free(picture->lines);
    *picture = (struct picture){0};
}
