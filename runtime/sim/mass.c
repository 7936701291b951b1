#include "sim/mass.h"

#include "slicing/pieces.h"

double printed_grams(const struct spec *spec, const struct step *step, const struct sku *sku)
{
    double sum_g = 0;
    for (const struct simple *row = step->makes; row; row = row->next) {
        const struct part *part = value_part(&row->value, sku);
        if (part && part->material)
            sum_g += rational_to_double(
                rational_multiply(slicing_mass(spec, step, part, sku).number,
                                  contained_count(sku->product, &part->base, sku, true)));
    }
    return sum_g;
}
