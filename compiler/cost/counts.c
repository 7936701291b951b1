/* How many units, batches, plates, orders and samples each step sees. */
#include "cost/reckon.h"

#include "cost/visits.h"
#include "packing/step_plate.h"
#include "quality/sampling.h"

#include <string.h>

static struct rational ratio_up(struct rational amount, struct rational size)
{
    return rational_sign(size) > 0 ? rational_ceil(rational_divide(amount, size)) : amount;
}

static struct rational contained(const struct cost_sheet *sheet, const struct part *part)
{
    return contained_count(sheet->product, &part->base, &sheet->sku, true);
}

/* Of the first batch step; one batch where there is none or it has no size. */
static struct rational count_batches(const struct spec *spec, const struct cost_sheet *sheet)
{
    for (int i = 0; i < sheet->step_count; i++) {
        const struct step *step = sheet->steps[i].step;
        if (step->base.kind != KIND_batch)
            continue;
        if (!step->size)
            break;
        return ratio_up(sheet->made, value_number(spec, &step->size->to, &sheet->sku, sheet->made));
    }
    return RATIONAL_ONE;
}

static struct rational plates_for(const struct cost_sheet *sheet, const struct cost_step *step,
                                  const struct part *part, struct rational size)
{
    return ratio_up(rational_multiply(step->n, contained(sheet, part)), size);
}

/* By the step's own `plate`, or else by what was packed; 0 where neither is known. */
static struct rational count_plates(const struct spec *spec, const struct cost_sheet *sheet,
                                    const struct cost_step *step)
{
    struct rational plates = RATIONAL_ZERO;

    for (const struct counted *row = step->step->plate; row; row = row->next) {
        const struct part *part = value_part(&row->what, &sheet->sku);
        struct rational size = value_number(spec, &row->count, &sheet->sku, RATIONAL_ONE);
        if (part)
            plates = rational_max(plates, plates_for(sheet, step, part, size));
    }
    for (const struct simple *row = step->step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, &sheet->sku);
        uint32_t takes = part ? plate_takes(spec, step->step, &sheet->sku, part) : 0;
        if (takes)
            plates =
                rational_max(plates, plates_for(sheet, step, part, rational_integer((long)takes)));
    }
    return plates;
}

static struct rational count_samples(const struct sample *sample, const struct cost_step *step)
{
    struct sampling_plan plan;
    struct failure failure;

    if (sample->form == SAMPLE_ALL || step->lot < 1)
        return step->n;
    if (sample->form == SAMPLE_EVERY)
        return value_is(&sample->number, VALUE_NUMBER) ? ratio_up(step->n, sample->number.number)
                                                       : step->n;
    if (!sampling_plan(sample, step->lot, INSPECTION_NORMAL, &plan, &failure))
        return step->n;
    struct rational n = rational_integer(plan.n);
    return sample->form == SAMPLE_FIRST ? n : rational_multiply(n, step->batches);
}

void cost_flow(const struct spec *spec, const struct sku *sku, struct arena *arena,
               struct cost_flow *flow)
{
    const struct workflow *workflow = sku->product->workflow;

    *flow = (struct cost_flow){.sku = sku};
    if (!workflow)
        return;
    const struct graph *graph = graph_build(workflow, sku, arena);
    struct visits visits;
    flow->valid = visits_of_graph(spec, graph, &visits, arena);
    flow->done = visits.done;
    flow->exact = !visits.good;
    flow->steps = ARENA_ARRAY(arena, struct cost_flow_step, graph->count);
    for (int i = 0; i < workflow->step_count; i++) {
        int node = graph->node_of_step[i];
        if (node >= 0)
            flow->steps[flow->step_count++] = (struct cost_flow_step){
                workflow->steps[i], flow->valid ? visits.started[node] : RATIONAL_ZERO,
                visits.good ? visits.good[node] : RATIONAL_ZERO};
    }
}

static void start_steps(struct cost_sheet *sheet, const struct cost_flow *flow, struct arena *arena)
{
    struct rational started =
        flow->valid ? rational_divide(sheet->made, flow->done) : RATIONAL_ZERO;

    sheet->step_count = flow->step_count;
    sheet->steps = ARENA_ARRAY(arena, struct cost_step, flow->step_count);
    for (int i = 0; i < flow->step_count; i++) {
        struct cost_step *step = &sheet->steps[i];
        step->step = flow->steps[i].step;
        step->visits = flow->steps[i].visits;
        step->n = flow->exact ? rational_multiply(started, step->visits)
                              : rational_multiply(sheet->made, flow->steps[i].good);
        step->batches = step->plates = step->orders = step->samples = RATIONAL_ZERO;
        step->labour_s = step->machine_s = RATIONAL_ZERO;
    }
}

void reckon_counts(const struct spec *spec, const struct cost_flow *flow, struct cost_sheet *sheet,
                   struct arena *arena)
{
    const struct price *price = sheet->product->price;

    start_steps(sheet, flow, arena);
    if (!flow->valid)
        return;
    sheet->batches = count_batches(spec, sheet);
    sheet->orders = ratio_up(
        sheet->made, number_of(spec, price ? price->order_size : NULL, &sheet->sku, RATIONAL_ONE));
    struct rational plates = sheet->batches; /* until a print or cut says otherwise */
    for (int i = 0; i < sheet->step_count; i++) {
        struct cost_step *step = &sheet->steps[i];
        step->batches = sheet->batches;
        step->orders = sheet->orders;
        struct rational own = count_plates(spec, sheet, step);
        if (step->step->plate || rational_sign(own) > 0)
            plates = own;
        step->plates = plates;
        if (!step->step->sample)
            continue;
        step->lot = rational_to_int(ratio_up(step->n, step->batches));
        step->samples = count_samples(step->step->sample, step);
    }
}

struct rational basis_count(const struct cost_sheet *sheet, const struct cost_step *step,
                            const struct value *basis, const char *unsaid)
{
    const struct part *part = value_part(basis, &sheet->sku);
    const char *word = value_word(basis, &sheet->sku);
    const struct {
        const char *basis;
        struct rational count;
    } counts[] = {
        {"unit", step->n},       {"plate", step->plates},   {"batch", step->batches},
        {"order", step->orders}, {"sample", step->samples}, {"run", RATIONAL_ONE},
    };

    if (part)
        return rational_multiply(step->n, contained(sheet, part));
    if (!word)
        word = unsaid;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (strcmp(word, counts[i].basis) == 0)
            return counts[i].count;
    return RATIONAL_ZERO;
}
