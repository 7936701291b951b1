/* The numbered characteristics of a product, its balloons: each stands under the same number in the packet, the first
   article's sheets, the forms and the instructions. */
#ifndef FLOW_EMIT_COMMON_CHARACTERISTICS_H
#define FLOW_EMIT_COMMON_CHARACTERISTICS_H

#include "emit/common/worksheet.h"

struct characteristic {
    int number; /* from 1 */
    /* The part whose dimension or roughness it is, the product whose fit, the step whose check. */
    const struct declaration *of;
    const void *row;  /* as it stands in the spec: dimension_row, simple, stack, check */
    const char *name; /* "bore", "Surface roughness", "No warp" */
    const char *class, *gauge;
    const char *criterion; /* of a check; "" where limits decide */
    const struct value
        *limit; /* a size, or a number; NULL for a check. A CHOICE where it varies by SKU */
};

/* All in order of their numbers: what is measured on the parts, then the fits between them, then what the steps check, those
   of a first article first. A number says which one in this state of the spec, not for ever. In the arena. */
int characteristics_of(struct emit_context *context, const struct characteristic **rows);
/* The number of a check that worksheet_checks gave of a step; "" where it has none. */
const char *characteristic_number(struct emit_context *context, const struct step *step,
                                  const struct work_check *check);
const struct characteristic *characteristic_find(struct emit_context *context,
                                                 const struct declaration *of, const void *row);
/* Whether the step is of the first pieces. */
bool is_first_article(const struct step *step);

/* What it must be, for one case of what it varies by. */
struct characteristic_case {
    const char *which; /* "small"; "" where it does not vary */
    const char *requirement, *nominal,
        *limits;      /* for people; limits of a bare size are the part's general ones */
    const char *unit; /* "mm", "HRC", "" */
    bool has_nominal, has_lower, has_upper;
    struct rational nominal_in_unit, lower_in_unit, upper_in_unit;
};

/* The one of the SKU, or with NULL every one. In the arena. */
int characteristic_cases(struct emit_context *context, const struct characteristic *characteristic,
                         const struct sku *sku, const struct characteristic_case **cases);

#endif
