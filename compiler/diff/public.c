/* What of a difference may be told to whoever gets a packet of a product: of what the packet speaks about, and nothing that
   is internal. */
#include "diff/private.h"

struct reach {
    const struct spec *spec;
    struct arena *arena;
    const struct declaration **items;
    int count, capacity;
};

static bool is_reached(const struct reach *reach, const struct declaration *what)
{
    for (int i = 0; i < reach->count; i++)
        if (reach->items[i] == what)
            return true;
    return false;
}

static void add_reached(struct reach *reach, const struct declaration *what)
{
    if (is_reached(reach, what))
        return;
    if (reach->count == reach->capacity) {
        int capacity = reach->capacity ? 2 * reach->capacity : 64;
        const struct declaration **items =
            ARENA_ARRAY(reach->arena, const struct declaration *, capacity);
        if (reach->count)
            memcpy(items, reach->items, sizeof *items * (size_t)reach->count);
        reach->items = items;
        reach->capacity = capacity;
    }
    reach->items[reach->count++] = what;
}

static void add_named(struct reach *reach, const struct value *value)
{
    if (value_is(value, VALUE_REFERENCE))
        add_reached(reach, value->declaration);
    else if (value_is(value, VALUE_MEMBER))
        add_reached(reach, value->member->declaration);
    else if (value_is(value, VALUE_CHOICE))
        for (int i = 0; i < value->choice->count; i++)
            add_named(reach, &value->choice->cases[i].value);
}

static void add_facts(struct reach *reach, const struct fact *fact)
{
    if (fact->value)
        add_named(reach, fact->value);
    for (const struct fact *child = fact->children; child; child = child->next)
        add_facts(reach, child);
}

/* The product, its steps, and all that these name, and so on. */
static struct reach reach_of(const struct spec *spec, const char *name, struct arena *arena)
{
    struct reach reach = {.spec = spec, .arena = arena};
    for (int i = 0; i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        if (strcmp(product->base.name, name) != 0)
            continue;
        add_reached(&reach, &product->base);
        for (int k = 0; product->workflow && k < product->workflow->step_count; k++)
            add_reached(&reach, &product->workflow->steps[k]->base);
    }
    for (int i = 0; i < reach.count; i++) /* it grows */
        add_facts(&reach, facts_of(spec, reach.items[i], arena));
    return reach;
}

/* Of these a packet speaks; how a shop is run, what it sells for and what it asks of others is its own. */
static bool is_told(enum kind kind)
{
    static const enum kind told[] = {KIND_product,  KIND_part,      KIND_item,     KIND_material,
                                     KIND_process,  KIND_defect,    KIND_standard, KIND_print,
                                     KIND_cut,      KIND_treat,     KIND_inspect,  KIND_finish,
                                     KIND_assemble, KIND_outsource, KIND_pack};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i] == kind)
            return true;
    return false;
}

void diff_keep_public(struct spec_diff *diff, const char *product)
{
    struct reach before = reach_of(diff->before.spec, product, diff->arena);
    struct reach after = reach_of(diff->after.spec, product, diff->arena);
    int count = 0;

    for (int i = 0; i < diff->count; i++) {
        const struct change *change = &diff->changes[i];
        const struct declaration *old = change->old_of, *new = change->new_of;
        bool reached = (old && is_reached(&before, old)) || (new &&is_reached(&after, new));
        if (reached && is_told((new ? new : old)->kind) && !change->internal)
            diff->changes[count++] = *change;
    }
    diff->count = count;
}
