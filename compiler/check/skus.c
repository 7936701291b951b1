/* The SKUs that a rule looks at: those that differ on an axis that something of the product speaks of. On the other
   axes the first case stands for all. */
#include "check/family.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* So many SKUs are looked at one by one; a product of more differs on so many axes that its mistakes show before. */
#define LOOKED_AT_MOST 10000

/* ---- axes that something speaks of ---- */

struct axes_in_use {
    const struct product *product;
    bool used[AXES_AT_MOST];
};

static void use_axis(struct axes_in_use *axes, const char *name)
{
    for (int i = 0; i < axes->product->axis_count; i++)
        axes->used[i] |= axes->product->axes[i]->name.word == name;
}

static void use_case(struct axes_in_use *axes, const char *word)
{
    for (int i = 0; i < axes->product->axis_count; i++)
        for (int j = 0; j < axes->product->axes[i]->count; j++)
            axes->used[i] |= axes->product->axes[i]->cases[j].word == word;
}

/* What a text quotes matters only where the text names a file. */
static void use_value(struct axes_in_use *axes, const struct value *value, bool file)
{
    if (value->kind == VALUE_CHOICE) {
        use_axis(axes, value->choice->axis);
        for (int i = 0; i < value->choice->count; i++)
            use_value(axes, &value->choice->cases[i].value, file);
    } else if (value->kind == VALUE_TEXT && file) {
        for (const struct text_part *part = value->text->parts; part; part = part->next)
            if (!part->text)
                use_value(axes, &part->value, file);
    }
}

static void use_block(struct axes_in_use *axes, const void *block, enum kind kind);

static void use_special(struct axes_in_use *axes, const struct row *row, const char *type)
{
    if (strcmp(type, "dimension_row") == 0) {
        use_value(axes, &((const struct dimension_row *)row)->size, false);
    } else if (strcmp(type, "instruction") == 0) {
        use_block(axes, row, KIND_do);
    } else if (strcmp(type, "sample") == 0) {
        use_value(axes, &((const struct sample *)row)->number, false);
    } else if (strcmp(type, "charge") == 0) {
        for (const struct charge_term *term = ((const struct charge *)row)->terms; term;
             term = term->next)
            use_value(axes, &term->money, false);
        use_value(axes, &((const struct charge *)row)->least, false);
    } else if (strcmp(type, "check") == 0) {
        for (const struct simple *defect = ((const struct check *)row)->defects; defect;
             defect = defect->next)
            use_value(axes, &defect->value, false);
    }
}

static void use_block(struct axes_in_use *axes, const void *block, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        const struct row *row = field_rows(block, field);
        bool file = row && strstr(field->phrase, "<file>") != NULL;
        for (; row; row = (const struct row *)(const void *)row->next) {
            int count;
            const struct value *values = row_values(row, field, &count);
            for (int j = 0; j < count; j++)
                use_value(axes, &values[j], file);
            if (field->special)
                use_special(axes, row, field->type);
        }
    }
}

static void use_parts(struct axes_in_use *axes, const struct value *value)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            use_parts(axes, &value->choice->cases[i].value);
    } else if (value_part(value, NULL)) {
        use_block(axes, value_part(value, NULL), KIND_part);
    }
}

static struct axes_in_use find_axes(const struct product *product)
{
    struct axes_in_use axes = {.product = product};
    const struct counted *lists[] = {product->contains, product->spare};
    use_block(&axes, product, KIND_product);
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = lists[i]; row; row = row->next)
            use_parts(&axes, &row->what);
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++) {
        const struct step *step = product->workflow->steps[i];
        use_block(&axes, step, step->base.kind);
        for (const struct simple *row = step->only; row; row = row->next)
            if (row->value.kind == VALUE_WORD)
                use_case(&axes, row->value.word);
    }
    for (const struct sell *line = product->price ? product->price->sell : NULL; line;
         line = line->next)
        for (const struct sell_case *one = line->cases; one; one = one->next)
            if (one->value.kind == VALUE_WORD)
                use_case(&axes, one->value.word);
    return axes;
}

/* ---- the graphs ---- */

bool ways_are_known(const struct workflow *workflow)
{
    for (int i = 0; i < workflow->step_count; i++)
        for (int o = 0; o < ROUTE_PLACES; o++)
            if (workflow->steps[i]->routes[o].failed)
                return false;
    return true;
}

/* A workflow with a step that could not be read says nothing sure about its ways; nor one with a lost way out of a step
   that some SKU passes by. */
static bool workflow_sound(const struct workflow *workflow)
{
    if (!workflow || workflow->base.failed || !workflow->step_count)
        return false;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (step->only &&
            (step_route(step, OUTCOME_PASS)->failed || step_route(step, OUTCOME_APPROVE)->failed))
            return false;
    }
    return true;
}

static bool same_steps(const struct workflow *workflow, const struct sku *a, const struct sku *b)
{
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->only &&
            step_is_for(workflow->steps[i], a) != step_is_for(workflow->steps[i], b))
            return false;
    return true;
}

static uint32_t hash_steps(const struct workflow *workflow, const struct sku *sku)
{
    uint32_t hash = 2166136261u;
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->only)
            hash = (hash ^ (step_is_for(workflow->steps[i], sku) ? 1u : 2u)) * 16777619u;
    return hash;
}

/* Whether a word that is no case, and told of, leaves open if the SKU takes some step. */
static bool takes_unsure(const struct workflow *workflow, const struct sku *sku)
{
    for (int i = 0; i < workflow->step_count; i++) {
        bool lost = false, named = false;
        for (const struct simple *row = workflow->steps[i]->only; row; row = row->next) {
            lost |= row->value.kind != VALUE_WORD;
            for (int a = 0; row->value.kind == VALUE_WORD && a < sku->product->axis_count; a++)
                named |= sku_case(sku, sku->product->axes[a]->name.word) == row->value.word;
        }
        if (lost && !named)
            return true;
    }
    return false;
}

/* The SKUs of which it is sure which steps they take; all of them where it is of none. */
static void leave_unsure(const struct workflow *workflow, struct sku_list *list)
{
    long sure = 0;
    for (long i = 0; i < list->count; i++)
        if (!takes_unsure(workflow, &list->items[i].sku))
            list->items[sure++] = list->items[i];
    if (sure)
        list->count = sure;
}

/* SKUs that pass the same steps by share one graph. */
static void share_graphs(struct spec *spec, const struct workflow *workflow, struct sku_list *list)
{
    uint32_t capacity = 16;
    while (capacity < 2 * (uint32_t)list->count)
        capacity *= 2;
    struct sku_graph **slots = memory_zeroed(capacity, sizeof(struct sku_graph *));
    for (long i = 0; i < list->count; i++) {
        struct sku_graph *item = &list->items[i];
        uint32_t at = hash_steps(workflow, &item->sku) & (capacity - 1);
        while (slots[at] && !same_steps(workflow, &slots[at]->sku, &item->sku))
            at = (at + 1) & (capacity - 1);
        if (!slots[at]) {
            slots[at] = item;
            item->graph = graph_build(workflow, &item->sku, spec->scratch);
            item->first = true;
        }
        item->graph = slots[at]->graph;
    }
    free(slots);
}

/* ---- the list ---- */

const struct sku_list *distinct_skus(struct spec *spec, const struct product *product)
{
    if (product->distinct)
        return product->distinct;
    struct axes_in_use axes = find_axes(product);
    struct sku_list *list = ARENA_NEW(spec->scratch, struct sku_list);
    list->count = 1;
    for (int i = 0; i < product->axis_count; i++)
        if (axes.used[i] && list->count * product->axes[i]->count <= LOOKED_AT_MOST)
            list->count *= product->axes[i]->count;
        else
            axes.used[i] = false;
    list->items = ARENA_ARRAY(spec->scratch, struct sku_graph, list->count);
    for (long i = 0; i < list->count; i++) {
        struct sku *sku = &list->items[i].sku;
        long rest = i;
        sku->product = product;
        for (int axis = product->axis_count; axis-- > 0;)
            if (axes.used[axis]) {
                sku->cases[axis] = (int)(rest % product->axes[axis]->count);
                rest /= product->axes[axis]->count;
            }
        for (int axis = 0; axis < product->axis_count; axis++)
            sku->index = sku->index * product->axes[axis]->count + sku->cases[axis];
    }
    if (workflow_sound(product->workflow)) {
        if (spec->diagnostics->errors)
            leave_unsure(product->workflow, list);
        share_graphs(spec, product->workflow, list);
    }
    ((struct product *)(uintptr_t)product)->distinct = list;
    return list;
}

static void visit_skus(struct spec *spec, const struct product *product, sku_visit *visit,
                       bool graphs_only)
{
    const struct sku_list *list = distinct_skus(spec, product);
    struct sightings sightings;
    sightings_open(spec, &sightings);
    for (long i = 0; i < list->count; i++) {
        const struct sku_graph *item = &list->items[i];
        if (!item->graph || !item->graph->count || (graphs_only && !item->first))
            continue;
        sightings_visit(&sightings, &item->sku);
        visit(spec, product, item);
    }
    sightings_close(spec);
}

void for_each_graph(struct spec *spec, const struct product *product, sku_visit *visit)
{
    visit_skus(spec, product, visit, true);
}

void for_each_sku(struct spec *spec, const struct product *product, sku_visit *visit)
{
    visit_skus(spec, product, visit, false);
}
