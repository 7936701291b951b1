#include "emit/common/plates.h"

#include "packing/laid_step.h"
#include "packing/plate_looks.h"

/* A file that was sliced beforehand has a plate that only the slicer knows. */
static bool is_packed(const struct step *step)
{
    return step->base.kind == KIND_print && step->makes && !step->gcode;
}

static bool find_sku(const struct product *product, const struct step *step, struct sku *sku)
{
    for (long i = 0; i < product->sku_count; i++) {
        sku_at(product, i, sku);
        if (step_is_for(step, sku))
            return true;
    }
    return false;
}

static void draw(const struct plate_subject *subject, const struct laid_step *laid,
                 struct buffer *svg)
{
    struct plate_looks looks;
    struct plate_words words = plate_words_of(subject, &laid->packing, 0);
    plate_looks_open(&looks, subject);
    plate_svg(&laid->request, &laid->packing, 0, looks.looks, &words, svg);
    plate_looks_free(&looks);
}

void step_plate_picture(struct emit_context *context, const struct step *step, struct buffer *svg)
{
    struct sku sku;
    struct laid_step laid;
    struct failure failure; /* what is missing, the check has told */
    if (!is_packed(step) || !find_sku(context->product, step, &sku))
        return;
    const struct machine *machine = plate_machine(step, &sku);
    if (!machine)
        return;
    if (laid_step_open(&laid, context->spec, step, &sku, machine, context->arena, &failure))
        draw(&(struct plate_subject){context->spec, step, &sku, machine, &laid.bed, laid.pieces,
                                     &laid.shapes, context->arena},
             &laid, svg);
    laid_step_free(&laid);
}
