/* The bed is cut into square cells, and of each is known how high it is taken. A part comes down until in one of its cells
   its lowest place meets that. Cells are filled to their edges, so nothing comes nearer than it may. Parts of one plate
   are clear of each other from the side, so they do not see each other; only what was let down before them. */
#include "packing/stack.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double finest_mm = 0.5;
enum { CELLS = 400, LAYERS_AT_MOST = 5000 };

struct field {
    const struct stack_request *request;
    double cell_mm;
    int columns, rows;
    float *taken,
        *added; /* by cell: the height under which nothing may be; what this plate brings */
};

/* One placement: by cell of its window, its lowest and highest place over its own foot. */
struct columns {
    int low[2], size[2];
    float *bottom, *top; /* bottom is past the top where there is nothing */
};

/* A plate, as it is and turned by half about the bed's middle. */
struct layer {
    uint32_t count;
    struct placement *placements[2];
    struct columns *columns[2];
    double *heights_mm; /* of the parts */
    bool *gone;         /* it is in a build */
};

/* ---- what a part is above each cell ---- */

struct laid_face {
    double at[3][3]; /* on the bed, over the foot */
    double low[3], high[3];
    double slope[2]; /* how z grows along x and y; NAN where the face is upright */
    double turn;     /* 1 counter-clockwise from above, -1 clockwise */
};

static double foot_of(const struct mesh *mesh)
{
    double foot = HUGE_VAL;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            foot = fmin(foot, (double)mesh->vertices[mesh->triangles[i][corner]][2]);
    return foot;
}

static void lay_face(struct laid_face *face, const struct mesh *mesh, uint32_t number, double foot,
                     const struct placement *placement)
{
    double angle = placement->angle_deg * (3.14159265358979323846 / 180);
    double along = cos(angle), across = sin(angle);
    for (int corner = 0; corner < 3; corner++) {
        const float *from = mesh->vertices[mesh->triangles[number][corner]];
        double x = (double)from[0], y = (double)from[1];
        face->at[corner][0] = x * along - y * across + placement->x_mm;
        face->at[corner][1] = x * across + y * along + placement->y_mm;
        face->at[corner][2] = (double)from[2] - foot;
    }
    for (int axis = 0; axis < 3; axis++) {
        face->low[axis] = fmin(fmin(face->at[0][axis], face->at[1][axis]), face->at[2][axis]);
        face->high[axis] = fmax(fmax(face->at[0][axis], face->at[1][axis]), face->at[2][axis]);
    }
    double u[3], v[3];
    for (int axis = 0; axis < 3; axis++) {
        u[axis] = face->at[1][axis] - face->at[0][axis];
        v[axis] = face->at[2][axis] - face->at[0][axis];
    }
    double area = u[0] * v[1] - u[1] * v[0];
    face->turn = area < 0 ? -1 : 1;
    face->slope[0] = fabs(area) > 1e-9 ? (u[2] * v[1] - v[2] * u[1]) / area : NAN;
    face->slope[1] = fabs(area) > 1e-9 ? (v[2] * u[0] - u[2] * v[0]) / area : NAN;
}

/* Whether a face, seen from above, reaches into the square around a middle. */
static bool covers(const struct laid_face *face, const double middle[2], double half)
{
    for (int i = 0; i < 3; i++) {
        const double *a = face->at[i], *b = face->at[(i + 1) % 3];
        double x = b[0] - a[0], y = b[1] - a[1];
        double side = face->turn * (x * (middle[1] - a[1]) - y * (middle[0] - a[0]));
        if (side < -half * (fabs(x) + fabs(y)) - 1e-9)
            return false;
    }
    return true;
}

/* What of a polygon is not below (sign 1) or not above (-1) a value of x or y. */
static int cut(double (*corners)[3], int count, int axis, double sign, double value)
{
    double kept[8][3];
    int left = 0;
    for (int i = 0; i < count; i++) {
        const double *a = corners[i], *b = corners[(i + 1) % count];
        double first = sign * (a[axis] - value), second = sign * (b[axis] - value);
        if (first >= 0)
            memcpy(kept[left++], a, sizeof *kept);
        if ((first >= 0) == (second >= 0))
            continue;
        for (int k = 0; k < 3; k++)
            kept[left][k] = a[k] + first / (first - second) * (b[k] - a[k]);
        left++;
    }
    memcpy(corners, kept, (size_t)left * sizeof *kept);
    return left;
}

/* The same of an upright face: from where to where it reaches over the square. */
static bool reaches(const struct laid_face *face, const double middle[2], double half,
                    double range[2])
{
    static const double rounding = 1e-6;
    double corners[8][3];
    int count = 3;
    memcpy(corners, face->at, sizeof face->at);
    for (int axis = 0; axis < 2; axis++) {
        count = cut(corners, count, axis, 1, middle[axis] - half - rounding);
        count = cut(corners, count, axis, -1, middle[axis] + half + rounding);
    }
    range[0] = HUGE_VAL;
    range[1] = -HUGE_VAL;
    for (int i = 0; i < count; i++) {
        range[0] = fmin(range[0], corners[i][2]);
        range[1] = fmax(range[1], corners[i][2]);
    }
    return count > 0;
}

static void stretch(struct columns *columns, int column, int row, double low, double high)
{
    int at = (row - columns->low[1]) * columns->size[0] + column - columns->low[0];
    columns->bottom[at] = fminf(columns->bottom[at], (float)low);
    columns->top[at] = fmaxf(columns->top[at], (float)high);
}

static void add_face(const struct field *field, struct columns *columns,
                     const struct laid_face *face)
{
    double cell = field->cell_mm, half = cell / 2;
    int first[2], last[2];
    for (int axis = 0; axis < 2; axis++) {
        first[axis] = (int)floor(face->low[axis] / cell);
        last[axis] = (int)floor(face->high[axis] / cell);
    }
    for (int row = first[1]; row <= last[1]; row++)
        for (int column = first[0]; column <= last[0]; column++) {
            const double middle[2] = {column * cell + half, row * cell + half};
            double range[2] = {face->low[2], face->high[2]};
            if (isnan(face->slope[0]) ? !reaches(face, middle, half, range)
                                      : !covers(face, middle, half))
                continue;
            if (!isnan(face->slope[0])) {
                double at = face->at[0][2] + face->slope[0] * (middle[0] - face->at[0][0]) +
                            face->slope[1] * (middle[1] - face->at[0][1]);
                double far = half * (fabs(face->slope[0]) + fabs(face->slope[1]));
                range[0] = fmin(fmax(range[0], at - far), range[1]);
                range[1] = fmax(fmin(range[1], at + far), range[0]);
            }
            stretch(columns, column, row, range[0], range[1]);
        }
}

static void columns_open(struct columns *columns, const struct field *field,
                         const struct placement *placement)
{
    const struct mesh *mesh = &field->request->meshes[placement->part];
    double foot = foot_of(mesh), low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
    struct laid_face face;
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        lay_face(&face, mesh, i, foot, placement);
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], face.low[axis]);
            high[axis] = fmax(high[axis], face.high[axis]);
        }
    }
    for (int axis = 0; axis < 2; axis++) {
        columns->low[axis] = (int)floor(low[axis] / field->cell_mm);
        columns->size[axis] = (int)floor(high[axis] / field->cell_mm) - columns->low[axis] + 1;
    }
    size_t size = (size_t)columns->size[0] * (size_t)columns->size[1];
    columns->bottom = memory_alloc(size * sizeof *columns->bottom);
    columns->top = memory_alloc(size * sizeof *columns->top);
    for (size_t i = 0; i < size; i++) {
        columns->bottom[i] = HUGE_VALF;
        columns->top[i] = -HUGE_VALF;
    }
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        lay_face(&face, mesh, i, foot, placement);
        add_face(field, columns, &face);
    }
}

/* ---- the field ---- */

static void field_open(struct field *field, const struct stack_request *request)
{
    const struct packing_request *plates = request->plates;
    double longer = fmax(plates->width_mm, plates->depth_mm);
    *field = (struct field){.request = request, .cell_mm = fmax(finest_mm, longer / CELLS)};
    field->columns = (int)ceil(plates->width_mm / field->cell_mm) + 1;
    field->rows = (int)ceil(plates->depth_mm / field->cell_mm) + 1;
    size_t size = (size_t)field->columns * (size_t)field->rows;
    field->taken = memory_zeroed(size, sizeof *field->taken);
    field->added = memory_zeroed(size, sizeof *field->added);
}

static void field_clear(struct field *field)
{
    size_t size = (size_t)field->columns * (size_t)field->rows;
    memset(field->taken, 0, size * sizeof *field->taken);
    memset(field->added, 0, size * sizeof *field->added);
}

static void field_free(struct field *field)
{
    free(field->taken);
    free(field->added);
}

/* The field's cell that a window's cell is: parts reach over the edge by a rounding at most. */
static size_t cell_of(const struct field *field, const struct columns *columns, int at)
{
    int column = columns->low[0] + at % columns->size[0];
    int row = columns->low[1] + at / columns->size[0];
    column = column < 0 ? 0 : column < field->columns ? column : field->columns - 1;
    row = row < 0 ? 0 : row < field->rows ? row : field->rows - 1;
    return (size_t)row * (size_t)field->columns + (size_t)column;
}

/* The lowest that the part's foot can be, in whole um. */
static double rest_of(const struct field *field, const struct columns *columns)
{
    double rest = 0;
    for (int i = 0; i < columns->size[0] * columns->size[1]; i++)
        if (columns->bottom[i] <= columns->top[i])
            rest =
                fmax(rest, (double)(field->taken[cell_of(field, columns, i)] - columns->bottom[i]));
    return ceil(rest * 1000) / 1000;
}

static void add_to(struct field *field, const struct columns *columns, double rest_mm)
{
    for (int i = 0; i < columns->size[0] * columns->size[1]; i++) {
        float *added = &field->added[cell_of(field, columns, i)];
        if (columns->bottom[i] <= columns->top[i])
            *added = fmaxf(*added, (float)rest_mm + columns->top[i]);
    }
}

/* What the plate brought is taken, and a clearance around and above it. */
static void take(struct field *field)
{
    double clearance = field->request->plates->clearance_mm;
    int reach = (int)ceil(clearance / field->cell_mm) + 1;
    for (int down = -reach; down <= reach; down++)
        for (int right = -reach; right <= reach; right++) {
            double apart = field->cell_mm * hypot(fmax(abs(right) - 1, 0), fmax(abs(down) - 1, 0));
            if (apart > 0 && apart >= clearance)
                continue;
            for (int row = 0; row < field->rows; row++)
                for (int column = 0; column < field->columns; column++) {
                    int x = column + right, y = row + down;
                    float added = field->added[row * field->columns + column];
                    if (added <= 0 || x < 0 || y < 0 || x >= field->columns || y >= field->rows)
                        continue;
                    float *taken = &field->taken[y * field->columns + x];
                    *taken = fmaxf(*taken, added + (float)clearance);
                }
        }
    memset(field->added, 0, (size_t)field->columns * (size_t)field->rows * sizeof *field->added);
}

/* ---- one plate ---- */

static struct placement turned_by_half(const struct packing_request *request,
                                       struct placement placement)
{
    placement.angle_deg =
        placement.angle_deg < 180 ? placement.angle_deg + 180 : placement.angle_deg - 180;
    placement.x_mm = request->width_mm - placement.x_mm;
    placement.y_mm = request->depth_mm - placement.y_mm;
    return placement;
}

/* What stays free would have to be turned as well, and who asks for one direction wants that. */
static int ways_of(const struct field *field)
{
    const struct packing_request *request = field->request->plates;
    return request->keep_out_count || request->turns < 4 ? 1 : 2;
}

static void layer_open(struct layer *layer, const struct field *field,
                       const struct packing *packing, uint32_t plate)
{
    *layer = (struct layer){0};
    size_t room = packing->count + (size_t)1;
    layer->heights_mm = memory_alloc(room * sizeof *layer->heights_mm);
    layer->gone = memory_zeroed(room, sizeof *layer->gone);
    for (int way = 0; way < ways_of(field); way++) {
        layer->placements[way] = memory_alloc(room * sizeof *layer->placements[way]);
        layer->columns[way] = memory_alloc(room * sizeof *layer->columns[way]);
        layer->count = 0;
        for (uint32_t i = 0; i < packing->count; i++) {
            struct placement placement = packing->placements[i];
            if (placement.plate != plate)
                continue;
            if (way)
                placement = turned_by_half(field->request->plates, placement);
            struct columns *columns = &layer->columns[way][layer->count];
            columns_open(columns, field, &placement);
            float height = 0;
            for (int k = 0; k < columns->size[0] * columns->size[1]; k++)
                height = fmaxf(height, columns->top[k]);
            layer->heights_mm[layer->count] = (double)height;
            layer->placements[way][layer->count++] = placement;
        }
    }
}

static void layer_free(struct layer *layer)
{
    for (int way = 0; way < 2 && layer->columns[way]; way++) {
        for (uint32_t i = 0; i < layer->count; i++) {
            free(layer->columns[way][i].bottom);
            free(layer->columns[way][i].top);
        }
        free(layer->columns[way]);
        free(layer->placements[way]);
    }
    free(layer->heights_mm);
    free(layer->gone);
}

static bool is_under_top(const struct field *field, const struct layer *layer, uint32_t i,
                         double rest_mm)
{
    return rest_mm <= 0 || rest_mm + layer->heights_mm[i] <= field->request->height_mm + 1e-4;
}

/* The way in which most of the plate goes in, and of those the one in which it lies lowest. Fills the heights; says how
   many go in. */
static uint32_t settle(const struct field *field, struct layer *layer, int *best)
{
    uint32_t most = 0;
    double least = HUGE_VAL;
    *best = 0;
    for (int way = 0; way < ways_of(field); way++) {
        uint32_t count = 0;
        double sum = 0;
        for (uint32_t i = 0; i < layer->count; i++) {
            if (layer->gone[i])
                continue;
            double rest = rest_of(field, &layer->columns[way][i]);
            layer->placements[way][i].z_mm = rest;
            count += is_under_top(field, layer, i, rest);
            sum += rest;
        }
        if (count > most || (count == most && sum < least)) {
            most = count;
            least = sum;
            *best = way;
        }
    }
    return most;
}

/* What goes in is in the build. */
static void put(struct field *field, struct layer *layer, int way, uint32_t build,
                struct packing *builds)
{
    for (uint32_t i = 0; i < layer->count; i++) {
        struct placement placement = layer->placements[way][i];
        if (layer->gone[i] || !is_under_top(field, layer, i, placement.z_mm))
            continue;
        layer->gone[i] = true;
        placement.plate = build;
        builds->placements[builds->count++] = placement;
        add_to(field, &layer->columns[way][i], placement.z_mm);
    }
    take(field);
}

/* ---- all plates ---- */

/* Each build takes of each plate what has room. */
static void stack_all(struct field *field, struct packing *packing, struct packing *builds)
{
    struct layer *layers = memory_alloc((packing->plates + (size_t)1) * sizeof *layers);
    builds->placements = memory_alloc((packing->count + (size_t)1) * sizeof *builds->placements);
    for (uint32_t i = 0; i < packing->plates; i++)
        layer_open(&layers[i], field, packing, i);
    while (builds->count < packing->count) {
        field_clear(field);
        for (uint32_t i = 0; i < packing->plates; i++) {
            int way;
            if (settle(field, &layers[i], &way))
                put(field, &layers[i], way, builds->plates, builds);
        }
        builds->plates++;
    }
    for (uint32_t i = 0; i < packing->plates; i++)
        layer_free(&layers[i]);
    free(layers);
}

/* The one plate again and again, while all of it goes in. */
static void stack_sets(struct field *field, struct packing *packing, struct packing *builds)
{
    struct layer layer;
    int way;
    layer_open(&layer, field, packing, 0);
    for (uint32_t times = 0; times < LAYERS_AT_MOST && layer.count; times++) {
        memset(layer.gone, 0, layer.count * sizeof *layer.gone);
        if (settle(field, &layer, &way) < layer.count)
            break;
        builds->placements = memory_resize(
            builds->placements, (builds->count + (size_t)layer.count) * sizeof *builds->placements);
        put(field, &layer, way, 0, builds);
        for (uint32_t i = 0; i < layer.count; i++)
            builds->placed[layer.placements[way][i].part] += times > 0;
    }
    builds->plates = builds->count > 0;
    layer_free(&layer);
}

void stack_plates(const struct stack_request *request, struct packing *packing)
{
    struct field field;
    struct packing builds = {.placed = packing->placed, .spent = packing->spent};
    field_open(&field, request);
    (request->plates->sets ? stack_sets : stack_all)(&field, packing, &builds);
    field_free(&field);
    free(packing->placements);
    *packing = builds;
}
