/* time_differs and mass_differs: what parts state, against what the slicer said of the plate. */
#include "check/family.h"
#include "check/making.h"
#include "slicing/pieces.h"

#include <string.h>

/* Linear in the pieces on the plates of a SKU. */

/* What time and mass have in common. */
struct compared {
    enum rule rule;
    const char *field; /* as it is written */
    const char *verb;
    size_t in_job; /* a gcode_figure of gcode_facts */
    void (*print)(struct buffer *out, struct rational number);
};

static void print_mass(struct buffer *out, struct rational grams)
{
    rational_print_short(out, grams, 2);
    buffer_add_text(out, " g");
}

static const struct compared compared[] = {
    {RULE_time_differs, "print_time", "takes", offsetof(struct gcode_facts, time_s),
     duration_print},
    {RULE_mass_differs, "mass", "weighs", offsetof(struct gcode_facts, total_g), print_mass},
};

struct plate {
    struct spec *spec;
    const struct product *product;
    const struct step *step;
    const struct sku *sku;
    const struct gcode_facts *job;
};

/* What the pieces of the plate state together. */
struct stated {
    struct rational sum;
    const struct part *only; /* NULL where there are several parts, or not all say it */
    struct rational count;   /* of the only part */
    bool all;
};

static const struct simple *row_of(const struct compared *what, const struct part *part)
{
    return what->rule == RULE_mass_differs ? part->mass
           : part->print_time              ? part->print_time
                                           : part->cycle;
}

/* Further materials: then no figure of one part is the one that is off. `of`: only that one; NULL: all. */
static void add_portions(const struct plate *plate, const struct part *part, struct rational count,
                         const struct material *of, struct stated *stated)
{
    for (const struct portion *row = part->with; row; row = row->next) {
        const struct value *mass = value_for(&row->mass, plate->sku);
        bool said = value_is(mass, VALUE_NUMBER);
        stated->only = NULL;
        if (of && value_material(&row->material, plate->sku) != of)
            continue;
        stated->all &= said;
        if (said)
            stated->sum = rational_add(stated->sum, rational_multiply(mass->number, count));
    }
}

/* What is lost on each plate, where the step says so by the plate. */
static void add_purge(const struct plate *plate, const struct compared *what, struct stated *stated)
{
    const struct per *purge = plate->step->purge;
    const char *basis = purge ? value_word(&purge->basis, plate->sku) : NULL;
    if (!purge || what->rule != RULE_mass_differs || (basis && strcmp(basis, "plate") != 0))
        return;
    stated->only = NULL;
    stated->sum = rational_add(
        stated->sum, value_number(plate->spec, &purge->amount, plate->sku, RATIONAL_ZERO));
}

/* Without what is purged. `of`: of that material only; NULL: of all. */
static struct stated stated_of(const struct plate *plate, const struct compared *what,
                               const struct material *of)
{
    struct stated stated = {.sum = RATIONAL_ZERO, .count = RATIONAL_ONE, .all = true};
    struct rational count;
    const struct part *part;
    int parts = 0;
    for (const void *row = NULL;
         slicing_on_plate(plate->spec, plate->step, plate->sku, &row, &part, &count); parts++) {
        const struct value *number = number_for(row_of(what, part), plate->sku);
        stated.only = number && parts == 0 ? part : NULL;
        stated.count = count;
        if (!of || (part->material && value_material(&part->material->value, plate->sku) == of)) {
            stated.all &= number != NULL;
            if (number)
                stated.sum = rational_add(stated.sum, rational_multiply(number->number, count));
        }
        if (what->rule == RULE_mass_differs)
            add_portions(plate, part, count, of, &stated);
    }
    stated.all &= parts > 0;
    return stated;
}

/* Off by more than 15 % of what the slicer said; pieces that do not say it can only add. */
static bool is_over(const struct stated *stated, struct rational sliced)
{
    struct rational more = rational_multiply(sliced, rational_fraction(115, 100));
    return rational_compare(stated->sum, more) > 0;
}

static bool is_under(const struct stated *stated, struct rational sliced)
{
    struct rational less = rational_multiply(sliced, rational_fraction(85, 100));
    return stated->all && rational_compare(stated->sum, less) < 0;
}

static const char *shown(const struct plate *plate, const struct compared *what,
                         struct rational number)
{
    struct buffer text = {0};
    what->print(&text, number);
    const char *copy = arena_copy_text(plate->spec->scratch, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

/* One part on the plate: its own figure is off, and what it should be is known. */
static void report_part(const struct plate *plate, const struct compared *what,
                        const struct stated *stated, struct rational sliced)
{
    const struct part *part = stated->only;
    const struct value *number = number_for(row_of(what, part), plate->sku);
    struct rational each = rational_divide(sliced, stated->count);
    const char *found = shown(plate, what, each);
    struct diagnostic *d =
        check_report(plate->spec, what->rule, &part->base, &plate->product->base, number->span,
                     "`%s` %s %s, as stated, and %s by its G-code", part->base.name, what->verb,
                     value_string(plate->spec, number, NULL, plate->spec->scratch), found);
    check_help(plate->spec, d, "state what is so: %s", found);
    if (d)
        add_fix(plate->spec->diagnostics, d, FIX_LIKELY, number->span, found,
                "take the slicer's figure");
}

static void report_plate(const struct plate *plate, const struct compared *what,
                         const struct stated *stated, struct rational sliced)
{
    const struct simple *file = plate->step->gcode ? plate->step->gcode : plate->step->slice;
    struct diagnostic *d =
        check_report(plate->spec, what->rule, &plate->step->base, &plate->product->base, file->span,
                     "a plate %s %s by the %s of its parts, and %s by its G-code", what->verb,
                     shown(plate, what, stated->sum), what->field, shown(plate, what, sliced));
    check_help(plate->spec, d, "correct the %s of the parts, or the counts of `plate`",
               what->field);
}

static void report_material(const struct plate *plate, const struct compared *what,
                            const struct material *material, struct rational stated,
                            struct rational sliced)
{
    const struct simple *file = plate->step->gcode ? plate->step->gcode : plate->step->slice;
    struct diagnostic *d =
        check_report(plate->spec, what->rule, &plate->step->base, &plate->product->base, file->span,
                     "a plate takes %s of `%s` by the mass of its parts, and %s by its G-code",
                     shown(plate, what, stated), material->base.name, shown(plate, what, sliced));
    check_help(plate->spec, d,
               "correct the mass of the parts, or which filament is which in the slicer");
}

/* A plate whose sum is right may still have its materials the wrong way round. What is purged may be of any of them: it is added
   where that helps. */
static void check_materials(const struct plate *plate, const struct compared *what)
{
    const struct material *materials[MATERIALS_AT_MOST];
    int tools[GCODE_TOOLS_AT_MOST], used = gcode_used_tools(plate->job, tools);
    int count = slicing_materials(plate->spec, plate->step, plate->sku, materials);
    for (int i = 0; count > 1 && i < count && i < used; i++) {
        const struct gcode_figure *sliced = &plate->job->tools[tools[i]].mass_g;
        struct stated stated = stated_of(plate, what, materials[i]), purged = stated;
        add_purge(plate, what, &purged);
        if (sliced->said && !rational_is_zero(stated.sum) &&
            (is_over(&stated, sliced->number) || is_under(&purged, sliced->number)))
            report_material(plate, what, materials[i], stated.sum, sliced->number);
    }
}

static void check_plate(const struct plate *plate)
{
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        const struct gcode_figure *sliced =
            (const struct gcode_figure *)((const char *)plate->job + compared[i].in_job);
        bool timed_itself = plate->step->run || plate->step->cycle;
        if (!sliced->said || (compared[i].rule == RULE_time_differs && timed_itself))
            continue;
        struct stated stated = stated_of(plate, &compared[i], NULL);
        add_purge(plate, &compared[i], &stated);
        if (rational_is_zero(stated.sum))
            continue;
        if (is_over(&stated, sliced->number) || is_under(&stated, sliced->number))
            (stated.only ? report_part : report_plate)(plate, &compared[i], &stated,
                                                       sliced->number);
        else if (compared[i].rule == RULE_mass_differs)
            check_materials(plate, &compared[i]);
    }
}

void check_sliced(struct spec *spec, const struct product *product)
{
    const struct workflow *workflow = product->workflow;
    const struct sku_list *list = workflow ? distinct_skus(spec, product) : NULL;
    for (long i = 0; list && i < list->count; i++)
        for (int k = 0; k < workflow->step_count; k++) {
            const struct step *step = workflow->steps[k];
            const struct sku *sku = &list->items[i].sku;
            struct plate plate = {spec, product, step, sku, NULL};
            if (!step->makes || !step_is_for(step, sku))
                continue;
            plate.job = slicing_job(spec, step, sku);
            if (plate.job)
                check_plate(&plate);
        }
}
