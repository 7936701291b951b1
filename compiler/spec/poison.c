/* What a mistake makes unknown: a thing that refers to something unknown is unknown itself, however it came by it
   (`like`, a case, a line of work). Only asked where something was wrong. */
#include "spec/binder.h"

#include <string.h>

bool has_poison(const struct row *rows, const struct field_row *field)
{
    for (; rows; rows = (const struct row *)(const void *)rows->next) {
        int count;
        const struct value *values = row_values(rows, field, &count);
        for (int i = 0; i < count; i++)
            if (values[i].kind == VALUE_POISON)
                return true;
    }
    return false;
}

static bool is_unknown(struct binder *binder, const struct value *value);

/* The special fields that cost something. */
static bool special_unknown(struct binder *binder, const struct row *row, const char *type)
{
    const struct charge *charge = (const struct charge *)(const void *)row;
    const struct fee *fee = (const struct fee *)(const void *)row;
    if (strcmp(type, "fee") == 0)
        return is_unknown(binder, &fee->ratio) || is_unknown(binder, &fee->fixed);
    if (strcmp(type, "sample") == 0)
        return is_unknown(binder, &((const struct sample *)(const void *)row)->number);
    if (strcmp(type, "charge"))
        return false;
    for (const struct charge_term *term = charge->terms; term; term = term->next)
        if (is_unknown(binder, &term->money) || is_unknown(binder, &term->basis))
            return true;
    return is_unknown(binder, &charge->least);
}

static bool rows_unknown(struct binder *binder, const struct row *rows,
                         const struct field_row *field)
{
    for (; rows; rows = (const struct row *)(const void *)rows->next) {
        int count;
        const struct value *values = row_values(rows, field, &count);
        for (int i = 0; i < count; i++)
            if (is_unknown(binder, &values[i]))
                return true;
        if (field->special && special_unknown(binder, rows, field->type))
            return true;
    }
    return false;
}

static bool block_unknown(struct binder *binder, const void *block, enum kind kind)
{
    for (int i = 0; i < kind_rows[kind].field_count; i++) {
        const struct field_row *field = &kind_rows[kind].fields[i];
        const struct row *rows = field_rows(block, field);
        bool lines = field->flags & HAS_BLOCK && kind != KIND_do;
        for (const struct row *row = lines ? rows : NULL; row; row = (const void *)row->next)
            if (block_unknown(binder, row, KIND_do))
                return true;
        if (field->flags & REQUIRED && !rows)
            return true;
        if (rows_unknown(binder, rows, field))
            return true;
    }
    return false;
}

/* Marked before it is looked into: a circle of names ends where it began. */
static void judge(struct binder *binder, struct declaration *declaration)
{
    if (declaration->state == STATE_JUDGED)
        return;
    declaration->state = STATE_JUDGED;
    if (declaration->kind != KIND_none && declaration->kind != KIND_let)
        declaration->poisoned |= block_unknown(binder, declaration, declaration->kind);
}

static bool is_unknown(struct binder *binder, const struct value *value)
{
    if (value->kind == VALUE_CHOICE)
        for (int i = 0; i < value->choice->count; i++)
            if (is_unknown(binder, &value->choice->cases[i].value))
                return true;
    if (value->kind != VALUE_REFERENCE)
        return value->kind == VALUE_POISON;
    struct declaration *of = (struct declaration *)(uintptr_t)value->declaration;
    judge(binder, of);
    return of->poisoned;
}

void spread_poison(struct binder *binder)
{
    if (!binder->spec.diagnostics->errors)
        return;
    for (int i = 0; i < binder->all_count; i++)
        judge(binder, binder->all[i]);
}
