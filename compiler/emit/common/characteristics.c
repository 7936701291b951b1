#include "emit/common/characteristics.h"

#include <stdlib.h>

struct characteristics {
    struct characteristic *rows;
    int count, capacity;
    const struct characteristic **found; /* by what they are of, to find them again */
};

bool is_first_article(const struct step *step)
{
    return step->sample &&
           (step->sample->form == SAMPLE_FIRST || step->sample->form == SAMPLE_FIRST_PER_BATCH);
}

/* ---- the list ---- */

static void add(struct emit_context *context, struct characteristics *to, struct characteristic row)
{
    if (to->count == to->capacity) {
        int capacity = 2 * to->capacity + 32;
        struct characteristic *rows = ARENA_ARRAY(context->arena, struct characteristic, capacity);
        for (int i = 0; i < to->count; i++)
            rows[i] = to->rows[i];
        to->rows = rows;
        to->capacity = capacity;
    }
    row.number = to->count + 1;
    to->rows[to->count++] = row;
}

static void add_part(struct emit_context *context, struct characteristics *to,
                     const struct part *part)
{
    for (const struct dimension_row *row = part->dimension; row; row = row->next) {
        const char *class = value_word(&row->class, NULL);
        add(context, to,
            (struct characteristic){
                .of = &part->base,
                .row = row,
                .name = row->name.word,
                .class = class ? class : "",
                .gauge = row->gauge.kind == VALUE_TEXT ? value_cases(context, &row->gauge) : "",
                .criterion = "",
                .limit = &row->size});
    }
    if (part->roughness)
        add(context, to,
            (struct characteristic){.of = &part->base,
                                    .row = part->roughness,
                                    .name = "Surface roughness Ra",
                                    .class = "",
                                    .gauge = "",
                                    .criterion = "",
                                    .limit = &part->roughness->value});
}

static void add_stack(struct emit_context *context, struct characteristics *to,
                      const struct stack *stack)
{
    struct buffer terms = {0};
    for (const struct stack_term *term = stack->terms; term; term = term->next)
        if (term->dimension.kind == VALUE_MEMBER)
            buffer_addf(&terms, "%s%s.%s",
                        term->subtracted       ? " \342\210\222 "
                        : term == stack->terms ? ""
                                               : " + ",
                        term->dimension.member->declaration->name, term->dimension.member->name);
    add(context, to,
        (struct characteristic){
            .of = &context->product->base,
            .row = stack,
            .name = arena_printf(context->arena, "%s: %s", stack->name.word, buffer_text(&terms)),
            .class = "",
            .gauge = "",
            .criterion = "",
            .limit = &stack->limit});
    buffer_free(&terms);
}

static void add_checks(struct emit_context *context, struct characteristics *to,
                       const struct step *step)
{
    struct work_check *checks;
    int count = worksheet_checks(context, step, &checks);
    for (int i = 0; i < count; i++)
        if (!checks[i].part)
            add(context, to,
                (struct characteristic){.of = &step->base,
                                        .row = checks[i].row,
                                        .name = checks[i].what,
                                        .class = checks[i].class,
                                        .gauge = checks[i].gauge,
                                        .criterion = checks[i].limit});
}

/* A part once, though the product may contain it in several lines. */
static void add_parts(struct emit_context *context, struct characteristics *to,
                      const struct counted *rows, const struct counted *before)
{
    for (const struct counted *row = rows; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        bool known = !part || (!part->dimension && !part->roughness);
        for (const struct counted *other = before; other && !known; other = other->next)
            known = value_part(&other->what, NULL) == part;
        for (const struct counted *other = rows; other != row && !known; other = other->next)
            known = value_part(&other->what, NULL) == part;
        if (!known)
            add_part(context, to, part);
    }
}

/* ---- finding ---- */

/* By address: the order is used to find only, and never seen. */
static int compare_places(const void *a, const void *b)
{
    const struct characteristic *one = *(const struct characteristic *const *)a;
    const struct characteristic *other = *(const struct characteristic *const *)b;
    uintptr_t left = (uintptr_t)one->of, right = (uintptr_t)other->of;
    if (left == right) {
        left = (uintptr_t)one->row;
        right = (uintptr_t)other->row;
    }
    return (left > right) - (left < right);
}

static struct characteristics *collect(struct emit_context *context)
{
    const struct product *product = context->product;
    const struct workflow *workflow = product->workflow;
    struct characteristics *to = ARENA_ARRAY(context->arena, struct characteristics, 1);
    *to = (struct characteristics){0};
    add_parts(context, to, product->contains, NULL);
    add_parts(context, to, product->spare, product->contains);
    for (const struct stack *row = product->stack; row; row = row->next)
        add_stack(context, to, row);
    for (int first = 1; first >= 0; first--)
        for (int i = 0; i < workflow->step_count; i++)
            if (is_first_article(workflow->steps[i]) == first)
                add_checks(context, to, workflow->steps[i]);
    to->found = ARENA_ARRAY(context->arena, const struct characteristic *, to->count + 1);
    for (int i = 0; i < to->count; i++)
        to->found[i] = &to->rows[i];
    qsort(to->found, (size_t)to->count, sizeof *to->found, compare_places);
    return to;
}

static const struct characteristics *known(struct emit_context *context)
{
    if (!context->characteristics)
        context->characteristics = collect(context);
    return context->characteristics;
}

int characteristics_of(struct emit_context *context, const struct characteristic **rows)
{
    *rows = known(context)->rows;
    return known(context)->count;
}

const struct characteristic *characteristic_find(struct emit_context *context,
                                                 const struct declaration *of, const void *row)
{
    const struct characteristics *all = known(context);
    const struct characteristic sought = {.of = of, .row = row}, *key = &sought;
    const struct characteristic **found = all->count ? bsearch(&key, all->found, (size_t)all->count,
                                                               sizeof *all->found, compare_places)
                                                     : NULL;
    return found ? *found : NULL;
}

const char *characteristic_number(struct emit_context *context, const struct step *step,
                                  const struct work_check *check)
{
    const struct characteristic *found =
        characteristic_find(context, check->part ? check->part : &step->base, check->row);
    return found ? arena_printf(context->arena, "%d", found->number) : "";
}

/* ---- what it must be ---- */

struct case_list {
    struct emit_context *context;
    const struct characteristic *of;
    const struct sku *sku;
    struct characteristic_case *rows;
    int count;
};

static bool take(const struct spec *spec, const struct value *value, struct characteristic_case *to,
                 struct rational *number)
{
    const struct unit *unit = spec_unit(spec, value);
    if (value->kind != VALUE_NUMBER)
        return false;
    *number = value->number;
    if (unit && unit->absolute)
        *number = rational_subtract(*number, unit->offset);
    if (unit)
        *number = rational_divide(*number, unit->scale);
    if (unit && !*to->unit)
        to->unit = unit->text;
    return true;
}

/* Limits are in the nominal's unit, as the gauge will be: "0.2 in" within limits that were said in mm. */
static void take_in(const struct spec *spec, const struct value *value, const struct value *like,
                    struct characteristic_case *to, bool *has, struct rational *number)
{
    struct value same = *value;
    if (value->kind == VALUE_NUMBER && like->kind == VALUE_NUMBER &&
        dimension_equal(value->dimension, like->dimension))
        same.unit = like->unit;
    *has = take(spec, &same, to, number);
}

static const char *general_text(const struct case_list *list)
{
    const struct part *part =
        list->of->of->kind == KIND_part ? (const struct part *)list->of->of : NULL;
    return part && part->general ? value_cases(list->context, &part->general->value)
                                 : "as the drawing says";
}

static const char *limits_text(const struct case_list *list, const struct value *value)
{
    const struct size *size = value->size;
    const struct spec *spec = list->context->spec;
    struct arena *arena = list->context->arena;
    if (size->form == SIZE_BARE)
        return general_text(list);
    if (size->form != SIZE_LIMITS)
        return value_string(spec, value, NULL, arena);
    return arena_printf(arena, "%s .. %s", value_string(spec, &size->lower, NULL, arena),
                        value_string(spec, &size->upper, NULL, arena));
}

static void take_size(const struct case_list *list, const struct value *value,
                      struct characteristic_case *to)
{
    const struct spec *spec = list->context->spec;
    const struct size *size = value->size;
    struct arena *arena = list->context->arena;
    const struct value *like = size->nominal.kind == VALUE_NUMBER ? &size->nominal : &size->lower;
    take_in(spec, &size->nominal, like, to, &to->has_nominal, &to->nominal_in_unit);
    take_in(spec, &size->lower, like, to, &to->has_lower, &to->lower_in_unit);
    take_in(spec, &size->upper, like, to, &to->has_upper, &to->upper_in_unit);
    if (size->scale)
        to->unit = size->scale;
    if (to->has_nominal)
        to->nominal = value_string(spec, &size->nominal, NULL, arena);
    to->limits = limits_text(list, value);
    if (size->form == SIZE_BARE)
        to->requirement = arena_printf(arena, "%s, %s", to->nominal, to->limits);
}

/* A roughness is the coarsest that will do, a fit says itself which way. */
static void take_number(const struct case_list *list, const struct value *value,
                        struct characteristic_case *to)
{
    const struct emit_context *context = list->context;
    bool least =
        list->of->of == &context->product->base && ((const struct stack *)list->of->row)->at_least;
    bool *has = least ? &to->has_lower : &to->has_upper;
    *has = take(context->spec, value, to, least ? &to->lower_in_unit : &to->upper_in_unit);
    to->limits = arena_printf(context->arena, "%s %s", least ? "at least" : "at most",
                              value_string(context->spec, value, NULL, context->arena));
    to->requirement = to->limits;
}

static struct characteristic_case *new_case(struct case_list *list)
{
    if ((list->count & (list->count - 1)) == 0) { /* at each power of two the room is doubled */
        struct characteristic_case *rows = ARENA_ARRAY(
            list->context->arena, struct characteristic_case, list->count ? 2 * list->count : 1);
        for (int i = 0; i < list->count; i++)
            rows[i] = list->rows[i];
        list->rows = rows;
    }
    return &list->rows[list->count++];
}

static void add_case(struct case_list *list, const struct value *value, const char *which)
{
    struct emit_context *context = list->context;
    if (value->kind == VALUE_CHOICE && list->sku)
        value = value_for(value, list->sku);
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            add_case(list, &value->choice->cases[i].value,
                     arena_printf(context->arena, "%s%s%s", which, *which ? ", " : "",
                                  value->choice->cases[i].key));
        return;
    }
    if (value->kind != VALUE_SIZE && value->kind != VALUE_NUMBER)
        return;
    struct characteristic_case *to = new_case(list);
    *to = (struct characteristic_case){.which = which,
                                       .requirement =
                                           value_string(context->spec, value, NULL, context->arena),
                                       .nominal = "",
                                       .unit = ""};
    if (value->kind == VALUE_SIZE)
        take_size(list, value, to);
    else
        take_number(list, value, to);
}

int characteristic_cases(struct emit_context *context, const struct characteristic *characteristic,
                         const struct sku *sku, const struct characteristic_case **cases)
{
    struct case_list list = {.context = context, .of = characteristic, .sku = sku};
    if (characteristic->limit) {
        add_case(&list, characteristic->limit, "");
    } else {
        list.rows = ARENA_ARRAY(context->arena, struct characteristic_case, 1);
        list.rows[list.count++] =
            (struct characteristic_case){.which = "",
                                         .requirement = characteristic->criterion,
                                         .nominal = "",
                                         .limits = characteristic->criterion,
                                         .unit = ""};
    }
    *cases = list.rows;
    return list.count;
}
