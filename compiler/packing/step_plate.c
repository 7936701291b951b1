#include "packing/step_plate.h"

#include "base/file.h"
#include "base/inputs.h"
#include "base/memory.h"
#include "packing/plate_cache.h"
#include "packing/stack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* To be raised whenever another answer would come out of the same models. */
enum { PACKED = 4 };
enum { CELLS = 1024, COUNT_AT_MOST = 5000, REMEMBERED_AT_MOST = 1000 };

/* ---- the machine ---- */

/* From the front left corner. A further one than there is room for is not looked at: no bed has so many. */
static void add_keep_outs(const struct machine *machine, const struct sku *sku, struct bed *bed)
{
    bed->keep_out_count = 0;
    for (const struct keep_out *row = machine->keep_out;
         row && bed->keep_out_count < KEEP_OUTS_AT_MOST; row = row->next) {
        const struct value *values[] = {&row->width, &row->depth, &row->x, &row->y};
        double mm[4];
        bool known = true;
        for (int i = 0; i < 4 && known; i++) {
            const struct value *value = value_for(values[i], sku);
            known = value->kind == VALUE_NUMBER;
            mm[i] = known ? rational_to_double(value->number) : 0;
        }
        if (known && mm[0] > 0 && mm[1] > 0)
            bed->keep_outs[bed->keep_out_count++] =
                (struct bed_area){{mm[2], mm[3]}, {mm[2] + mm[0], mm[3] + mm[1]}};
    }
}

bool bed_of(const struct machine *machine, const struct sku *sku, struct bed *bed)
{
    const struct extent *volume = machine->volume;
    if (!volume)
        return false;
    const struct value *sides[] = {&volume->x, &volume->y, &volume->z};
    for (int axis = 0; axis < 3; axis++) {
        const struct value *side = value_for(sides[axis], sku);
        if (side->kind != VALUE_NUMBER || rational_sign(side->number) <= 0)
            return false;
        bed->size_mm[axis] = rational_to_double(side->number);
    }
    const struct process *process =
        machine->process ? value_process(&machine->process->value, sku) : NULL;
    bed->stacks = process && !process->max_overhang;
    add_keep_outs(machine, sku, bed);
    return bed->size_mm[0] < 1e5 && bed->size_mm[1] < 1e5; /* um are whole numbers of 32 bits */
}

const struct machine *plate_machine(const struct step *step, const struct sku *sku)
{
    struct bed bed;
    for (const struct simple *row = step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, sku);
        if (machine && bed_of(machine, sku, &bed))
            return machine;
    }
    return NULL;
}

static const double rounding_mm = 1e-4; /* a model's figures are floats */

/* ---- the parts ---- */

static void add_piece(const struct spec *spec, const struct step *step, const struct sku *sku,
                      struct arena *arena, const struct part *part, struct rational count,
                      struct plate_piece *piece)
{
    long whole = rational_to_int(rational_ceil(count));
    *piece = (struct plate_piece){part, NULL, 0, 0};
    if (step->tilt)
        piece->tilt_deg =
            rational_to_double(value_number(spec, &step->tilt->value, sku, RATIONAL_ZERO));
    piece->count = whole > COUNT_AT_MOST ? COUNT_AT_MOST : (uint32_t)whole;
    if (part->model)
        piece->model = file_path(spec, &part->base, &part->model->value, sku, arena);
}

uint32_t plate_pieces(const struct spec *spec, const struct step *step, const struct sku *sku,
                      struct arena *arena, struct plate_piece **pieces)
{
    uint32_t room = 0, count = 0;
    for (const struct counted *row = step->plate; row; row = row->next)
        room++;
    for (const struct simple *row = step->makes; row; row = row->next)
        room++;
    *pieces = ARENA_ARRAY(arena, struct plate_piece, (int)room + 1);
    for (const struct counted *row = step->plate; row; row = row->next) {
        const struct part *part = value_part(&row->what, sku);
        struct rational number = value_number(spec, &row->count, sku, RATIONAL_ZERO);
        if (part && rational_sign(number) > 0)
            add_piece(spec, step, sku, arena, part, number, &(*pieces)[count++]);
    }
    for (const struct simple *row = step->makes; row && !step->plate; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        struct rational number =
            part && sku ? contained_count(sku->product, &part->base, sku, true) : RATIONAL_ZERO;
        if (part && rational_sign(number) > 0)
            add_piece(spec, step, sku, arena, part, number, &(*pieces)[count++]);
    }
    return count;
}

/* The axis that is to be up becomes z; the other two follow in order, so nothing is mirrored. */
static void stand(struct mesh *mesh, int up)
{
    for (uint32_t i = 0; i < mesh->vertex_count && up != 2; i++) {
        float at[3];
        memcpy(at, mesh->vertices[i], sizeof at);
        for (int axis = 0; axis < 3; axis++)
            mesh->vertices[i][axis] = at[(up + 1 + axis) % 3];
    }
}

/* About x, so that what is at the back rises. */
static void tilt(struct mesh *mesh, double angle_deg)
{
    double angle = angle_deg * (3.14159265358979323846 / 180), along = cos(angle), up = sin(angle);
    for (uint32_t i = 0; i < mesh->vertex_count && angle_deg != 0; i++) {
        double y = (double)mesh->vertices[i][1], z = (double)mesh->vertices[i][2];
        mesh->vertices[i][1] = (float)(y * along - z * up);
        mesh->vertices[i][2] = (float)(y * up + z * along);
    }
}

static bool read_shape(struct plate_shapes *shapes, uint32_t i, const struct plate_piece *piece,
                       int up, struct failure *failure)
{
    struct mesh *mesh = &shapes->meshes[i];
    const char *name = piece->part->base.name;
    double low = HUGE_VAL, high = -HUGE_VAL;
    if (!piece->model)
        return fail(failure, "`%s` has no model: write `model \"FILE\"` in the part", name);
    switch (mesh_read(piece->model, mesh)) {
    case MESH_READ:
        break;
    case MESH_ABSENT:
        return fail(failure, "the model of `%s` is not there: %s", name, piece->model);
    case MESH_MALFORMED:
        return fail(failure, "the model of `%s` cannot be read: %s", name, mesh->problem);
    case MESH_FOREIGN:
        return fail(failure, "%s is no mesh that flowc reads; export it as STL or 3MF",
                    piece->model);
    }
    stand(mesh, up);
    tilt(mesh, piece->tilt_deg);
    shapes->silhouettes[i] = silhouette_of(mesh, CELLS);
    for (uint32_t k = 0; k < mesh->triangle_count; k++)
        for (int corner = 0; corner < 3; corner++) {
            double z = (double)mesh->vertices[mesh->triangles[k][corner]][2];
            low = fmin(low, z);
            high = fmax(high, z);
        }
    shapes->heights_mm[i] = high - low;
    return shapes->silhouettes[i].count > 0 ||
           fail(failure, "the model of `%s` is empty: %s", name, piece->model);
}

static bool shapes_read(struct plate_shapes *shapes, const struct plate_piece *pieces,
                        uint32_t count, int up, struct failure *failure)
{
    bool good = true;
    *shapes = (struct plate_shapes){count, memory_zeroed(count + (size_t)1, sizeof *shapes->meshes),
                                    memory_zeroed(count + (size_t)1, sizeof *shapes->silhouettes),
                                    memory_zeroed(count + (size_t)1, sizeof *shapes->heights_mm)};
    for (uint32_t i = 0; i < count && good; i++)
        good = read_shape(shapes, i, &pieces[i], up, failure);
    return good;
}

bool plate_shapes_read(struct plate_shapes *shapes, const struct plate_piece *pieces,
                       uint32_t count, struct failure *failure)
{
    return shapes_read(shapes, pieces, count, 2, failure);
}

void plate_shapes_free(struct plate_shapes *shapes)
{
    for (uint32_t i = 0; i < shapes->count; i++) {
        mesh_free(&shapes->meshes[i]);
        silhouette_free(&shapes->silhouettes[i]);
    }
    free(shapes->meshes);
    free(shapes->silhouettes);
    free(shapes->heights_mm);
}

/* ---- packing, once ---- */

/* What is asked of a bed. The answer: how many plates, and how many of each piece are on the first. */
struct question {
    const struct bed *bed;
    const struct plate_piece *pieces;
    uint32_t count;
    bool sets;
    double clearance_mm;
    int up; /* of the models' axes; 2: as they are */
};

static bool answer(const struct question *question, uint32_t *numbers)
{
    struct plate_shapes shapes;
    struct failure failure;
    const struct bed *bed = question->bed;
    double height = 0;
    bool known = shapes_read(&shapes, question->pieces, question->count, question->up, &failure);
    struct packing_part *parts = memory_alloc((question->count + (size_t)1) * sizeof *parts);
    for (uint32_t i = 0; i < question->count && known; i++) {
        parts[i] = (struct packing_part){&shapes.silhouettes[i], question->pieces[i].count};
        double most = bed->size_mm[0] * bed->size_mm[1] / silhouette_area(parts[i].silhouette) + 1;
        if (!question->sets && !bed->stacks && parts[i].count > most)
            parts[i].count = (uint32_t)most; /* one more than there can be: the answer is no */
        height = fmax(height, shapes.heights_mm[i]);
    }
    known = known && height <= bed->size_mm[2] + rounding_mm;
    if (known) {
        const struct packing_request request = {.width_mm = bed->size_mm[0],
                                                .depth_mm = bed->size_mm[1],
                                                .keep_outs = bed->keep_outs,
                                                .keep_out_count = bed->keep_out_count,
                                                .clearance_mm = question->clearance_mm,
                                                .turns = PLATE_TURNS,
                                                .seed = 1,
                                                .effort = EFFORT_QUICK,
                                                .sets = question->sets,
                                                .parts = parts,
                                                .part_count = question->count};
        struct packing packing = pack(&request);
        if (bed->stacks)
            stack_plates(&(struct stack_request){&request, shapes.meshes, bed->size_mm[2]},
                         &packing);
        memset(numbers, 0, (question->count + 1) * sizeof *numbers);
        numbers[0] = packing.plates;
        for (uint32_t i = 0; i < packing.count; i++)
            if (packing.placements[i].plate == 0)
                numbers[1 + packing.placements[i].part]++;
        packing_free(&packing);
    }
    free(parts);
    plate_shapes_free(&shapes);
    return known;
}

/* In memory by the marks of the files, on disk by what is in them. */
struct remembered {
    struct remembered *next;
    char *question;
    uint32_t *numbers;
};

static _Thread_local struct {
    struct remembered *first;
    uint32_t count;
} memory;

static void forget_all(void)
{
    while (memory.first) {
        struct remembered *at = memory.first;
        memory.first = at->next;
        free(at->question);
        free(at->numbers);
        free(at);
    }
    memory.count = 0;
}

static void describe(const struct question *question, bool by_content, struct buffer *out)
{
    struct failure failure;
    buffer_addf(out, "%s %d %.17g %.17g %.17g %d %d %g %d %d", FLOW_VERSION, PACKED,
                question->bed->size_mm[0], question->bed->size_mm[1], question->bed->size_mm[2],
                question->bed->stacks, question->sets, question->clearance_mm, PLATE_TURNS,
                question->up);
    for (uint32_t i = 0; i < question->bed->keep_out_count; i++) {
        const struct bed_area *area = &question->bed->keep_outs[i];
        buffer_addf(out, " %g,%g,%g,%g", area->low[0], area->low[1], area->high[0], area->high[1]);
    }
    for (uint32_t i = 0; i < question->count; i++) {
        const struct plate_piece *piece = &question->pieces[i];
        char sha256[65] = "";
        buffer_addf(out, "\n%u %.17g ", piece->count, piece->tilt_deg);
        if (by_content) {
            buffer_add_text(out, file_sha256(piece->model, sha256, &failure) ? sha256 : "none");
            continue;
        }
        struct file_mark mark = file_mark_of(piece->model);
        buffer_addf(out, "%s %ju %ju %ju %ju %ju", piece->model, (uintmax_t)mark.device,
                    (uintmax_t)mark.inode, (uintmax_t)mark.size, (uintmax_t)mark.modified_ns,
                    (uintmax_t)mark.changed_ns);
    }
}

static const uint32_t *recall(const char *question)
{
    for (const struct remembered *at = memory.first; at; at = at->next)
        if (strcmp(at->question, question) == 0)
            return at->numbers;
    return NULL;
}

static void remember(struct buffer *question, const uint32_t *numbers, uint32_t count)
{
    if (memory.count == REMEMBERED_AT_MOST)
        forget_all();
    struct remembered *new = memory_alloc(sizeof *new);
    *new = (struct remembered){memory.first, question->text, memory_alloc(count * sizeof *numbers)};
    memcpy(new->numbers, numbers, count * sizeof *numbers);
    *question = (struct buffer){0};
    memory.first = new;
    memory.count++;
}

/* Fills plates and counts; false where a model cannot be had. */
static bool ask(const struct question *question, uint32_t *numbers)
{
    struct buffer marks = {0}, content = {0};
    uint32_t size = question->count + 1;
    for (uint32_t i = 0; i < question->count; i++) {
        if (!question->pieces[i].model)
            return false;
        inputs_note(question->pieces[i].model);
    }
    describe(question, false, &marks);
    const uint32_t *known = recall(marks.text);
    bool good = known != NULL;
    if (known) {
        memcpy(numbers, known, size * sizeof *numbers);
    } else {
        char key[65];
        describe(question, true, &content);
        sha256_hex(content.text, content.length, key);
        good = plate_cache_get(key, numbers, size);
        if (!good && (good = answer(question, numbers)))
            plate_cache_put(key, numbers, size);
        if (good)
            remember(&marks, numbers, size);
    }
    buffer_free(&marks);
    buffer_free(&content);
    return good;
}

/* ---- what is known of a spec ---- */

struct known_piece {
    const struct part *part;
    const char *model; /* interned */
    uint32_t contained, takes;
};

struct plates {
    struct plates *next;
    const struct step *step;
    uint32_t count;
    struct known_piece *pieces;
};

static bool is_packed(const struct step *step)
{
    return step->base.kind == KIND_print && step->makes && !step->plate && !step->gcode;
}

/* SKUs of which the same models go on the plate have the same one. */
static const struct plates *plates_of(const struct spec *spec, const struct step *step,
                                      const struct plate_piece *pieces, uint32_t count)
{
    for (const struct plates *plates = spec->plates; plates; plates = plates->next) {
        bool same = plates->step == step && plates->count == count;
        for (uint32_t i = 0; i < count && same; i++)
            same = plates->pieces[i].part == pieces[i].part && pieces[i].model &&
                   strcmp(plates->pieces[i].model, pieces[i].model) == 0 &&
                   plates->pieces[i].contained == pieces[i].count;
        if (same)
            return plates;
    }
    return NULL;
}

void plates_know(struct spec *spec, const struct step *step, const struct sku *sku)
{
    struct arena arena = {0};
    struct plate_piece *pieces;
    struct bed bed;
    const struct machine *machine = is_packed(step) ? plate_machine(step, sku) : NULL;
    if (!machine)
        return;
    uint32_t count = plate_pieces(spec, step, sku, &arena, &pieces);
    uint32_t *numbers = ARENA_ARRAY(&arena, uint32_t, (int)count + 1);
    if (count && bed_of(machine, sku, &bed) && !plates_of(spec, step, pieces, count) &&
        ask(&(struct question){&bed, pieces, count, true, PLATE_CLEARANCE_MM, 2}, numbers) &&
        numbers[0]) {
        struct plates *plates = ARENA_NEW(spec->arena, struct plates);
        *plates = (struct plates){spec->plates, step, count,
                                  ARENA_ARRAY(spec->arena, struct known_piece, (int)count)};
        for (uint32_t i = 0; i < count; i++)
            plates->pieces[i] =
                (struct known_piece){pieces[i].part, intern_text(spec->names, pieces[i].model),
                                     pieces[i].count, numbers[1 + i]};
        spec->plates = plates;
    }
    arena_free(&arena);
}

uint32_t plate_takes(const struct spec *spec, const struct step *step, const struct sku *sku,
                     const struct part *part)
{
    struct arena arena = {0};
    struct plate_piece *pieces;
    uint32_t takes = 0;
    if (!spec->plates || !is_packed(step))
        return 0;
    uint32_t count = plate_pieces(spec, step, sku, &arena, &pieces);
    const struct plates *plates = plates_of(spec, step, pieces, count);
    for (uint32_t i = 0; plates && i < count; i++)
        if (plates->pieces[i].part == part)
            takes = plates->pieces[i].takes;
    arena_free(&arena);
    return takes;
}

uint32_t plate_line_takes(const struct bed *bed, double clearance_mm, int up,
                          const struct plate_piece *pieces, uint32_t count, uint32_t *fits)
{
    uint32_t *numbers = memory_alloc((count + (size_t)1) * sizeof *numbers), plates = 0;
    if (ask(&(struct question){bed, pieces, count, false, clearance_mm, up}, numbers)) {
        plates = numbers[0];
        memcpy(fits, &numbers[1], count * sizeof *fits);
    }
    free(numbers);
    return plates;
}
