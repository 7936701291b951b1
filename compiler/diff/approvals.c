/* Which approvals no longer hold: those of products whose fingerprint changed. */
#include "diff/private.h"

#include "emit/emit.h"

#include <string.h>

enum { FIELDS_SHOWN = 20 };

static const struct product *product_of_name(const struct spec *spec, const char *name)
{
    for (int i = 0; i < spec->product_count; i++)
        if (strcmp(spec->products[i]->base.name, name) == 0)
            return spec->products[i];
    return NULL;
}

static const struct fingerprint_field *field_named(const struct fingerprint_fields *fields,
                                                   const char *name, const char *canonical)
{
    for (int i = 0; i < fields->count; i++)
        if (strcmp(fields->items[i].name, name) == 0 &&
            (!canonical || strcmp(fields->items[i].canonical, canonical) == 0))
            return &fields->items[i];
    return NULL;
}

/* ---- which changes they are ---- */

bool change_is_of(const struct change *change, const char *name)
{
    const struct declaration *of = change->new_of ? change->new_of : change->old_of;
    const char *end = of ? strstr(name, " of ") : NULL;

    if (!end || !of->name)
        return false;
    const char *kind = end + 4;
    size_t length = strlen(kind_rows[of->kind].name);
    if (strncmp(kind, kind_rows[of->kind].name, length) != 0 || kind[length] != ' ' ||
        strcmp(kind + length + 1, of->name) != 0)
        return false;
    if (!change->field)
        return change->kind != CHANGE_MOVED || strncmp(name, "place of ", 9) == 0;
    size_t field = strlen(change->field);
    if (strncmp(name, change->field, field) != 0 || (name[field] != ' '))
        return strcmp(change->field, "route") == 0;
    if (name + field == end)
        return true;
    return !change->row || strncmp(name + field + 1, change->row, strlen(change->row)) == 0;
}

static void mark_changes(struct spec_diff *diff, const char *name)
{
    for (int i = 0; i < diff->count; i++)
        if (diff->changes[i].class < CHANGE_APPROVAL && change_is_of(&diff->changes[i], name))
            diff->changes[i].class = CHANGE_APPROVAL;
}

static void note_field(struct spec_diff *diff, struct buffer *names, const char *name, int *count)
{
    mark_changes(diff, name);
    if (strstr(buffer_text(names), name))
        return; /* a second row of that field */
    if ((*count)++ < FIELDS_SHOWN)
        buffer_addf(names, "%s%s", names->length ? ", " : "", name);
}

/* Rows that the other side has not in the same words. */
static void note_fields(struct spec_diff *diff, const struct fingerprint_fields *before,
                        const struct fingerprint_fields *after, struct buffer *names)
{
    int count = 0;

    for (int i = 0; i < before->count; i++)
        if (!field_named(after, before->items[i].name, before->items[i].canonical))
            note_field(diff, names, before->items[i].name, &count);
    for (int i = 0; i < after->count; i++)
        if (!field_named(before, after->items[i].name, after->items[i].canonical))
            note_field(diff, names, after->items[i].name, &count);
    if (count > FIELDS_SHOWN)
        buffer_addf(names, " and %d more", count - FIELDS_SHOWN);
    if (!count)
        buffer_add_text(names, "what void_on names");
}

/* ---- */

static const char *approvals_of(const struct release *release, struct arena *arena)
{
    struct buffer names = {0};

    for (const struct approval *row = release->approve; row; row = row->next)
        if (value_is(&row->name, VALUE_WORD))
            buffer_addf(&names, "%s%s", names.length ? ", " : "", row->name.word);
    const char *copy = arena_copy_text(arena, buffer_text(&names), names.length);
    buffer_free(&names);
    return copy;
}

static bool compare_product(struct spec_diff *diff, const struct product *old,
                            const struct product *new, struct failure *failure)
{
    struct fingerprint_fields before, after;

    if (!product_fingerprint_fields(diff->before.spec, old, diff->arena, &before, failure) ||
        !product_fingerprint_fields(diff->after.spec, new, diff->arena, &after, failure))
        return false;
    if (strcmp(before.hex, after.hex) == 0)
        return true;
    struct buffer names = {0};
    struct voided *voided = &diff->voided[diff->voided_count++];
    note_fields(diff, &before, &after, &names);
    voided->product = new;
    voided->approvals = approvals_of(old->release, diff->arena);
    memcpy(voided->before, before.hex, sizeof before.hex);
    memcpy(voided->after, after.hex, sizeof after.hex);
    voided->fields = arena_copy_text(diff->arena, buffer_text(&names), names.length);
    buffer_free(&names);
    return true;
}

bool compare_approvals(struct spec_diff *diff, struct failure *failure)
{
    const struct spec *before = diff->before.spec, *after = diff->after.spec;
    bool good = true;

    diff->voided = ARENA_ARRAY(diff->arena, struct voided, before->product_count + 1);
    for (int i = 0; i < before->product_count && good; i++) {
        const struct product *old = before->products[i];
        const struct product *new = product_of_name(after, old->base.name);
        if (new && old->release && old->release->approve)
            good = compare_product(diff, old, new, failure);
    }
    return good;
}
