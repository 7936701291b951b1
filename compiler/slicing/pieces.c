/* Stated before sliced, sliced before estimated. */
#include "slicing/pieces.h"

#include "packing/step_plate.h"
#include "slicing/estimate.h"
#include "slicing/known.h"

/* ---- estimates ---- */

static double number_or(const struct simple *row, const struct sku *sku, double unsaid)
{
    const struct value *value = row ? value_for(&row->value, sku) : NULL;
    double number = value && value->kind == VALUE_NUMBER ? rational_to_double(value->number) : 0;
    return number > 0 ? number : unsaid;
}

/* The fit is of printers that lay filament: those have a nozzle. */
static bool lays_filament(const struct step *step, const struct sku *sku)
{
    const struct machine *machine = step->on ? value_machine(&step->on->value, sku) : NULL;
    return step->base.kind == KIND_print && step->makes && machine && machine->nozzle;
}

struct known_piece slicing_estimate(const struct spec *spec, const struct step *step,
                                    const struct part *part, const struct sku *sku)
{
    const struct known_model *model =
        lays_filament(step, sku) ? known_model(spec, part, sku) : NULL;
    const struct material *material =
        part->material ? value_material(&part->material->value, sku) : NULL;
    if (!model || model->volume_mm3 <= 0)
        return (struct known_piece){.time.number = RATIONAL_ZERO, .mass.number = RATIONAL_ZERO};
    struct printed_solid solid = {.volume_mm3 = model->volume_mm3,
                                  .area_mm2 = model->area_mm2,
                                  .height_mm = model->height_mm,
                                  .layer_mm = number_or(part->layer, sku, 0.2),
                                  .infill = number_or(part->infill, sku, 0.15),
                                  .density_g_mm3 =
                                      number_or(material ? material->density : NULL, sku, 0.00124)};
    struct estimate estimate = estimate_print(&solid);
    return (struct known_piece){{KNOWN_ESTIMATED, estimate.time_s},
                                {KNOWN_ESTIMATED, estimate.mass_g}};
}

/* ---- what is on a plate ---- */

bool slicing_on_plate(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const void **row, const struct part **part, struct rational *count)
{
    bool by_plate = step->plate != NULL;
    const struct row *next = *row          ? ((const struct row *)*row)->next
                             : by_plate    ? (const struct row *)step->plate
                             : step->makes ? (const struct row *)step->makes
                                           : (const struct row *)step->works;
    for (; next; next = next->next) {
        const struct counted *counted = (const struct counted *)next;
        *part = value_part(by_plate ? &counted->what : &((const struct simple *)next)->value, sku);
        uint32_t packed = *part && !by_plate && sku ? plate_takes(spec, step, sku, *part) : 0;
        *count = by_plate ? value_number(spec, &counted->count, sku, RATIONAL_ZERO)
                          : rational_integer(packed ? packed : 1);
        if (*part && rational_sign(*count) > 0 &&
            (!sku || rational_sign(contained_count(sku->product, &(*part)->base, sku, true)) > 0)) {
            *row = next;
            return true;
        }
    }
    return false;
}

static void add_material(const struct material *materials[MATERIALS_AT_MOST], int *count,
                         const struct material *material)
{
    for (int i = 0; i < *count; i++)
        if (materials[i] == material)
            return;
    if (material && *count < MATERIALS_AT_MOST)
        materials[(*count)++] = material;
}

int slicing_materials(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const struct material *materials[MATERIALS_AT_MOST])
{
    const struct part *part;
    struct rational pieces;
    int count = 0;
    for (const void *row = NULL; slicing_on_plate(spec, step, sku, &row, &part, &pieces);) {
        if (part->material)
            add_material(materials, &count, value_material(&part->material->value, sku));
        for (const struct portion *portion = part->with; portion; portion = portion->next)
            add_material(materials, &count, value_material(&portion->material, sku));
    }
    return count;
}

/* ---- who knows ---- */

/* A time, or a mass: of the part's own material, or of a further one in it. */
struct asked {
    const struct spec *spec;
    const struct step *step;
    const struct part *part;
    const struct portion *portion; /* NULL: its own */
    const struct sku *sku;
    bool mass;
};

static const struct known_figure not_known = {KNOWN_NOT, {0, 1}};

static struct known_figure said(const struct asked *asked, const struct value *value)
{
    struct known_figure figure = not_known;
    if (value && !value_is(value, VALUE_ABSENT))
        figure = (struct known_figure){KNOWN_STATED,
                                       value_number(asked->spec, value, asked->sku, RATIONAL_ZERO)};
    return figure;
}

static struct known_figure stated(const struct asked *asked)
{
    const struct part *part = asked->part;
    const struct simple *row = asked->mass        ? part->mass
                               : part->print_time ? part->print_time
                                                  : part->cycle;
    return said(asked, asked->portion ? &asked->portion->mass : row ? &row->value : NULL);
}

/* The model is of the whole part: what its further materials take is not its own. */
static struct known_figure estimated(const struct asked *asked)
{
    struct known_piece piece = slicing_estimate(asked->spec, asked->step, asked->part, asked->sku);
    if (!asked->mass)
        return piece.time;
    for (const struct portion *row = asked->part->with; row; row = row->next) {
        struct known_figure portion = said(asked, &row->mass);
        if (portion.by == KNOWN_NOT || asked->portion)
            return not_known;
        piece.mass.number =
            rational_max(RATIONAL_ZERO, rational_subtract(piece.mass.number, portion.number));
    }
    return piece.mass;
}

static const struct material *material_of(const struct asked *asked)
{
    const struct value *value = asked->portion          ? &asked->portion->material
                                : asked->part->material ? &asked->part->material->value
                                                        : NULL;
    return value ? value_material(value, asked->sku) : NULL;
}

/* The figure of the job that the asked one is part of, and of which material it is; NULL: of all together. */
static const struct gcode_figure *job_figure(const struct asked *asked,
                                             const struct material **material)
{
    const struct material *materials[MATERIALS_AT_MOST];
    const struct gcode_facts *job = slicing_job(asked->spec, asked->step, asked->sku);
    *material = NULL;
    if (!job || !asked->mass)
        return job ? &job->time_s : NULL;
    int count = slicing_materials(asked->spec, asked->step, asked->sku, materials);
    if (count < 2)
        return &job->total_g;
    *material = material_of(asked);
    int tools[GCODE_TOOLS_AT_MOST], used = gcode_used_tools(job, tools);
    for (int slot = 0; slot < count && slot < used; slot++)
        if (materials[slot] == *material)
            return &job->tools[tools[slot]].mass_g;
    return NULL;
}

/* What the plate's pieces leave of a figure to those that do not state theirs, and by what these share it. */
struct sharing {
    const struct material *material;
    struct rational left, weights, heads, own;
    bool weighed, on_plate;
};

static void share_with(struct sharing *sharing, const struct asked *asked,
                       const struct asked *other, struct rational count)
{
    if (sharing->material && material_of(other) != sharing->material)
        return;
    struct known_figure figure = stated(other);
    if (figure.by == KNOWN_STATED) {
        sharing->left = rational_subtract(sharing->left, rational_multiply(figure.number, count));
        return;
    }
    figure = estimated(other);
    sharing->weighed &= figure.by != KNOWN_NOT;
    sharing->weights = rational_add(sharing->weights, rational_multiply(figure.number, count));
    sharing->heads = rational_add(sharing->heads, count);
    if (other->part == asked->part && other->portion == asked->portion) {
        sharing->own = figure.number;
        sharing->on_plate = true;
    }
}

/* By the estimates of those that share, or by heads where one of them cannot be estimated. */
static struct known_figure from_job(const struct asked *asked)
{
    struct sharing sharing = {.weights = RATIONAL_ZERO, .heads = RATIONAL_ZERO, .weighed = true};
    const struct gcode_figure *figure = job_figure(asked, &sharing.material);
    struct asked other = *asked;
    struct rational count;
    if (!figure || !figure->said)
        return not_known;
    sharing.left = figure->number;
    for (const void *row = NULL;
         slicing_on_plate(asked->spec, asked->step, asked->sku, &row, &other.part, &count);) {
        other.portion = NULL;
        share_with(&sharing, asked, &other, count);
        for (const struct portion *portion = asked->mass ? other.part->with : NULL; portion;
             portion = portion->next) {
            other.portion = portion;
            share_with(&sharing, asked, &other, count);
        }
    }
    if (!sharing.on_plate)
        return not_known;
    bool weighed = sharing.weighed && rational_sign(sharing.weights) > 0;
    struct rational share = weighed ? rational_divide(sharing.own, sharing.weights)
                                    : rational_divide(RATIONAL_ONE, sharing.heads);
    return (struct known_figure){
        KNOWN_SLICED, rational_multiply(rational_max(sharing.left, RATIONAL_ZERO), share)};
}

static struct known_figure figure_of(const struct asked *asked)
{
    struct known_figure figure = stated(asked);
    if (figure.by == KNOWN_STATED)
        return figure;
    figure = from_job(asked);
    if (figure.by == KNOWN_NOT)
        figure = estimated(asked);
    const struct assumption *assumed = known_assumption(asked->spec);
    if (assumed && assumed->part == asked->part && assumed->portion == asked->portion &&
        assumed->mass == asked->mass && rational_equal(assumed->found, figure.number))
        figure.number = assumed->number;
    return figure;
}

struct known_figure slicing_time(const struct spec *spec, const struct step *step,
                                 const struct part *part, const struct sku *sku)
{
    return figure_of(&(struct asked){spec, step, part, NULL, sku, false});
}

struct known_figure slicing_mass(const struct spec *spec, const struct step *step,
                                 const struct part *part, const struct sku *sku)
{
    return figure_of(&(struct asked){spec, step, part, NULL, sku, true});
}

struct known_figure slicing_portion(const struct spec *spec, const struct step *step,
                                    const struct part *part, const struct portion *portion,
                                    const struct sku *sku)
{
    return figure_of(&(struct asked){spec, step, part, portion, sku, true});
}
