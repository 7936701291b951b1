/* Reading values: for a SKU, in the shop's currency, as what they refer to. */
#include "spec/arithmetic.h"
#include "spec/binder.h"

#include "base/file.h"

#include <string.h>

static const struct value absent = {.kind = VALUE_ABSENT};
static const struct value unsaid = {.kind = VALUE_POISON}; /* of a case: told of by the variants */

const struct value *value_for(const struct value *value, const struct sku *sku)
{
    while (value && value->kind == VALUE_CHOICE && value->choice->count) {
        const struct choice *choice = value->choice;
        const char *word = sku_case(sku, choice->axis);
        const struct value *found = word ? &unsaid : &choice->cases[0].value;
        for (int i = 0; word && i < choice->count; i++)
            if (choice->cases[i].key == word)
                found = &choice->cases[i].value;
        value = found;
    }
    return value ? value : &absent;
}

const struct unit *spec_unit(const struct spec *spec, const struct value *value)
{
    return value->unit ? spec->units[value->unit - 1] : NULL;
}

const char *shop_currency(const struct spec *spec)
{
    const struct simple *row = spec->shop ? spec->shop->currency : NULL;
    return row && row->value.kind == VALUE_WORD ? row->value.word : "";
}

struct rational money_in_shop(const struct spec *spec, const struct value *value)
{
    struct rational amount = value->number;
    const struct unit *unit = spec_unit(spec, value);
    if (unit && unit->currency[0] && spec->shop)
        convert_money(spec, &amount, unit->currency, shop_currency(spec));
    return amount;
}

struct rational value_number(const struct spec *spec, const struct value *value,
                             const struct sku *sku, struct rational fallback)
{
    value = value_for(value, sku);
    if (value->kind != VALUE_NUMBER)
        return fallback;
    return value->dimension.money ? money_in_shop(spec, value) : value->number;
}

const struct declaration *value_declaration(const struct value *value, const struct sku *sku)
{
    value = value_for(value, sku);
    return value->kind == VALUE_REFERENCE ? value->declaration : NULL;
}

#define OF_KIND(name)                                                                              \
    const struct name *value_##name(const struct value *value, const struct sku *sku)              \
    {                                                                                              \
        const struct declaration *found = value_declaration(value, sku);                           \
        return found && found->kind == KIND_##name ? (const struct name *)found : NULL;            \
    }
OF_KIND(part)
OF_KIND(item)
OF_KIND(station)
OF_KIND(machine)
OF_KIND(material)
OF_KIND(process)
OF_KIND(standard)
OF_KIND(defect)

const struct step *value_step(const struct value *value, const struct sku *sku)
{
    const struct declaration *found = value_declaration(value, sku);
    return found && kind_is_step(found->kind) ? (const struct step *)found : NULL;
}

const char *value_word(const struct value *value, const struct sku *sku)
{
    value = value_for(value, sku);
    return value->kind == VALUE_WORD ? value->word : NULL;
}

static struct rational count_in(const struct counted *rows, const struct declaration *what,
                                const struct sku *sku, const struct spec *spec)
{
    struct rational sum = RATIONAL_ZERO;
    for (const struct counted *row = rows; row; row = row->next)
        if (value_declaration(&row->what, sku) == what)
            sum = rational_add(sum, value_number(spec, &row->count, sku, RATIONAL_ZERO));
    return sum;
}

struct rational contained_count(const struct product *product, const struct declaration *what,
                                const struct sku *sku, bool spares)
{
    struct spec nowhere = {0}; /* counts have no currency */
    struct rational sum = count_in(product->contains, what, sku, &nowhere);
    return spares ? rational_add(sum, count_in(product->spare, what, sku, &nowhere)) : sum;
}

struct declaration *spec_find(const struct spec *spec, const char *name)
{
    const char *interned = intern_find(spec->names, name, strlen(name));
    return interned ? map_get(&binder_of(spec)->names, NULL, interned) : NULL;
}

char *file_path(const struct spec *spec, const struct declaration *owner, const struct value *file,
                const struct sku *sku, struct arena *arena)
{
    file = value_for(file, sku);
    if (file->kind != VALUE_TEXT)
        return NULL;
    /* relative to the file the name was written in, which `like` may have brought from elsewhere */
    const struct source *source = source_of(spec->sources, file->span.begin);
    if (!source)
        source = owner->source;
    return path_join(arena, source->folder, value_string(spec, file, sku, arena));
}

bool spec_incomplete(const struct spec *spec)
{
    return binder_of(spec)->incomplete;
}

const struct user *spec_users(const struct spec *spec, const struct declaration *what)
{
    return map_get(&binder_of(spec)->users, NULL, what);
}
