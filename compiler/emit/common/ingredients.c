/* Which materials and items go into a product, whatever the SKU. */
#include "emit/common/ingredients.h"

/* Whether a value is this declaration, for some SKU. */
static bool names(const struct value *value, const struct declaration *what)
{
    if (value->kind == VALUE_REFERENCE)
        return value->declaration == what;
    if (value->kind != VALUE_CHOICE)
        return false;
    for (int i = 0; i < value->choice->count; i++)
        if (names(&value->choice->cases[i].value, what))
            return true;
    return false;
}

static bool consumed_in(const struct consumption *rows, const struct declaration *what)
{
    for (; rows; rows = rows->next)
        if (names(&rows->what, what))
            return true;
    return false;
}

static bool lines_consume(const struct instruction *rows, const struct declaration *what)
{
    for (; rows; rows = rows->next)
        if (consumed_in(rows->consume, what))
            return true;
    return false;
}

/* Whether some standard of the step consumes it: which ones are in use is a matter of cases too. */
static bool standard_consumes(const struct value *value, const struct declaration *what)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            if (standard_consumes(&value->choice->cases[i].value, what))
                return true;
        return false;
    }
    const struct standard *standard = value_standard(value, NULL);
    return standard && lines_consume(standard->do_, what);
}

static bool step_takes(const struct step *step, const struct declaration *what)
{
    for (const struct simple *row = step->using; row; row = row->next)
        if (standard_consumes(&row->value, what))
            return true;
    return consumed_in(step->consume, what) || lines_consume(step->do_, what);
}

static bool contains(const struct product *product, const struct declaration *what)
{
    for (const struct counted *row = product->contains; row; row = row->next)
        if (names(&row->what, what))
            return true;
    for (const struct counted *row = product->spare; row; row = row->next)
        if (names(&row->what, what))
            return true;
    return false;
}

/* What the contained parts are made of, or bought as. */
static bool part_is_of(const struct value *value, const struct declaration *material)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            if (part_is_of(&value->choice->cases[i].value, material))
                return true;
        return false;
    }
    const struct part *part = value_part(value, NULL);
    for (const struct portion *with = part ? part->with : NULL; with; with = with->next)
        if (names(&with->material, material))
            return true;
    return part && part->material && names(&part->material->value, material);
}

static bool made_of(const struct counted *rows, const struct declaration *material)
{
    for (; rows; rows = rows->next)
        if (part_is_of(&rows->what, material))
            return true;
    return false;
}

bool product_takes(const struct product *product, const struct declaration *what)
{
    if (what->kind == KIND_material)
        return made_of(product->contains, what) || made_of(product->spare, what);
    if (what->kind != KIND_item)
        return false;
    for (int i = 0; i < product->workflow->step_count; i++)
        if (step_takes(product->workflow->steps[i], what))
            return true;
    return contains(product, what);
}

bool lot_is_tracked(const struct declaration *what)
{
    return what->kind == KIND_material ? ((const struct material *)what)->tracked != NULL
                                       : ((const struct item *)what)->tracked != NULL;
}
