/* How far a change reaches. What voids an approval is decided by the fingerprint (approvals.c), not here. */
#include "diff/private.h"

#include <string.h>

const char *const change_class_names[CHANGE_CLASS_COUNT] = {
    [CHANGE_COSMETIC] = "cosmetic",
    [CHANGE_PROCESS] = "process",
    [CHANGE_APPROVAL] = "breaks the approval",
    [CHANGE_COMPATIBILITY] = "breaks compatibility",
};
const char *const change_kind_names[5] = {
    [CHANGE_NEW] = "new",     [CHANGE_GONE] = "gone",       [CHANGE_OTHER] = "changed",
    [CHANGE_MOVED] = "moved", [CHANGE_RENAMED] = "renamed",
};

/* Fields of which only paper tells. */
static bool is_cosmetic(const char *field)
{
    static const char *const fields[] = {"title",    "documentation", "photo", "note",
                                         "contact",  "reply",         "says",  "disclose",
                                         "revision", "allow"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i], field) == 0)
            return true;
    return false;
}

/* What orders, stock and counterparts are known or held by: of which declaration, whether a new one breaks too. */
static const struct {
    enum kind kind;
    const char *field;
    bool new_breaks;
} interfaces[] = {
    {KIND_product, "number", true},  {KIND_product, "sku", true},
    {KIND_product, "variant", true}, {KIND_product, "asks", true},
    {KIND_part, "dimension", false},
};

static int interface_of(const struct comparing *at)
{
    const struct declaration *of = at->new ? at->new : at->old;

    for (size_t i = 0; at->field && i < sizeof interfaces / sizeof *interfaces; i++)
        if (interfaces[i].kind == of->kind && strcmp(interfaces[i].field, at->field) == 0)
            return (int)i;
    return -1;
}

static bool has(const struct value *value)
{
    return value_is(value, VALUE_NUMBER);
}

bool size_opens(const struct size *old, const struct size *new)
{
    if (has(&old->lower) &&
        (!has(&new->lower) || rational_compare(new->lower.number, old->lower.number) < 0))
        return true;
    if (has(&old->upper) &&
        (!has(&new->upper) || rational_compare(new->upper.number, old->upper.number) > 0))
        return true;
    return !has(&old->lower) && !has(&old->upper) && has(&old->nominal) && has(&new->nominal) &&
           rational_compare(old->nominal.number, new->nominal.number) != 0;
}

enum change_class class_of_leaf(const struct comparing *at, const struct fact *old,
                                const struct fact *new)
{
    int interface = interface_of(at);

    if (old && new && old->value &&new->value && value_is(old->value, VALUE_SIZE) &&
        value_is(new->value, VALUE_SIZE))
        return size_opens(old->value->size, new->value->size) ? CHANGE_COMPATIBILITY
                                                              : CHANGE_PROCESS;
    if (at->field && is_cosmetic(at->field))
        return CHANGE_COSMETIC;
    if (interface >= 0 && interfaces[interface].kind == KIND_product)
        return CHANGE_COMPATIBILITY;
    return CHANGE_PROCESS;
}

enum change_class class_of_row(const struct comparing *at, const char *list, bool is_new)
{
    int interface = interface_of(at);

    if (is_cosmetic(list) || (at->field && is_cosmetic(at->field)))
        return CHANGE_COSMETIC;
    if (interface >= 0 && strcmp(list, "cases") == 0 && is_new)
        return CHANGE_PROCESS; /* all that could be ordered still can */
    if (interface >= 0)
        return is_new && !interfaces[interface].new_breaks ? CHANGE_PROCESS : CHANGE_COMPATIBILITY;
    return CHANGE_PROCESS;
}

enum change_class class_of_declaration(const struct declaration *of, bool is_new)
{
    return of->kind == KIND_product && !is_new ? CHANGE_COMPATIBILITY : CHANGE_PROCESS;
}
