/* Two specs laid side by side: declarations by their names, then fact by fact. n log n in the declarations; a list of m
   rows that have no names takes m times m at worst. */
#include "diff/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- adding ---- */

struct change *add_change(struct comparing *at, enum change_kind kind)
{
    struct spec_diff *diff = at->diff;

    if (diff->count == diff->capacity) {
        int capacity = diff->capacity ? 2 * diff->capacity : 32;
        struct change *changes = ARENA_ARRAY(diff->arena, struct change, capacity);
        if (diff->count)
            memcpy(changes, diff->changes, sizeof *changes * (size_t)diff->count);
        diff->changes = changes;
        diff->capacity = capacity;
    }
    struct change *change = &diff->changes[diff->count++];
    const struct declaration *of = at->new ? at->new : at->old;
    const struct spec *spec = at->new ? diff->after.spec : diff->before.spec;
    const struct field_row *field = at->field ? field_find(of->kind, at->field) : NULL;
    *change = (struct change){.kind = kind,
                              .what = declaration_words(spec, of, diff->arena),
                              .field = at->field,
                              .internal = field && (field->flags & INTERNAL),
                              .row = at->row,
                              .old_of = at->old,
                              .new_of = at->new};
    change->old_span = at->old ? at->old->span : SPAN_NONE;
    change->new_span = at->new ? at->new->span : SPAN_NONE;
    return change;
}

/* ---- what is the same ---- */

/* A reference to what is only called otherwise now. */
static bool is_renamed(const struct comparing *at, const char *old, const char *new)
{
    for (const struct rename *row = at->renames; row; row = row->next) {
        const char *kind = kind_rows[row->old->kind].name;
        size_t length = strlen(kind);
        if (strcmp(old, row->old->name) == 0 && strcmp(new, row->new->name) == 0)
            return true;
        if (strncmp(old, "->", 2) || strncmp(new, "->", 2))
            continue;
        if (strncmp(old + 2, kind, length) == 0 && old[2 + length] == '.' &&
            strncmp(new + 2, kind, length) == 0 && new[2 + length] == '.' &&
            strcmp(old + 3 + length, row->old->name) == 0 &&
            strcmp(new + 3 + length, row->new->name) == 0)
            return true;
    }
    return false;
}

static bool same_text(const struct comparing *at, const char *old, const char *new)
{
    if (!old || !new)
        return old == new;
    return strcmp(old, new) == 0 || is_renamed(at, old, new);
}

static bool same(const struct comparing *at, const struct fact *old, const struct fact *new)
{
    return same_text(at, old->canonical, new->canonical);
}

static bool is_internal(const struct value *value)
{
    if (value->flags & VALUE_INTERNAL)
        return true;
    for (int i = 0; value_is(value, VALUE_CHOICE) && i < value->choice->count; i++)
        if (is_internal(&value->choice->cases[i].value))
            return true;
    return false;
}

static bool fact_is_internal(const struct fact *fact)
{
    if (fact->value && is_internal(fact->value))
        return true;
    for (const struct fact *child = fact->children; child; child = child->next)
        if (fact_is_internal(child))
            return true;
    return false;
}

/* ---- fact by fact ---- */

static void compare_facts(struct comparing *at, const struct fact *old, const struct fact *new,
                          const char *subject);

/* Written as before, or written elsewhere: what made it change is named where that stands. */
static bool comes_from_elsewhere(const struct fact *old, const struct fact *new)
{
    if (!old || !new)
        return (old ? old : new)->inherited;
    if (old->inherited && new->inherited)
        return true;
    if (old->digest && new->digest && strcmp(old->digest, new->digest) != 0)
        return false;
    return old->written && new->written &&strcmp(old->written, new->written) == 0;
}

static void add_leaf(struct comparing *at, const struct fact *old, const struct fact *new,
                     const char *subject)
{
    const struct fact *any = new ? new : old;
    struct change *change = add_change(at, !old ? CHANGE_NEW : !new ? CHANGE_GONE : CHANGE_OTHER);

    change->slot = any->key && (!at->field || strcmp(any->key, at->field)) ? any->key : NULL;
    change->before = old ? old->words : NULL;
    change->after = new ? new->words : NULL;
    change->class = class_of_leaf(at, old, new);
    change->internal |= (old && fact_is_internal(old)) || (new &&fact_is_internal(new));
    change->follows = comes_from_elsewhere(old, new);
    change->sentence = sentence_leaf(at, subject, old, new);
    if (old && old->span.begin)
        change->old_span = old->span;
    if (new &&new->span.begin)
        change->new_span = new->span;
}

static bool is_choice(const struct fact *fact)
{
    return fact->value && value_is(fact->value, VALUE_CHOICE);
}

static const struct value *case_of(const struct choice *choice, const char *key)
{
    for (int i = 0; i < choice->count; i++)
        if (strcmp(choice->cases[i].key, key) == 0)
            return &choice->cases[i].value;
    return NULL;
}

/* `by size: ...` on both sides: case by case. */
static void compare_choices(struct comparing *at, const struct fact *old, const struct fact *new,
                            const char *subject)
{
    struct spec_diff *diff = at->diff;
    const struct choice *before = old->value->choice, *after = new->value->choice;

    for (int side = 0; side < 2; side++) {
        const struct choice *choice = side ? before : after;
        for (int i = 0; i < choice->count; i++) {
            const char *key = choice->cases[i].key;
            const struct value *a = case_of(before, key), *b = case_of(after, key);
            if (side && b)
                continue;
            struct fact *was =
                a ? fact_of_value(diff->before.spec, a, old->key, diff->arena) : NULL;
            struct fact *is = b ? fact_of_value(diff->after.spec, b, new->key, diff->arena) : NULL;
            const char *called = arena_printf(diff->arena, "%s for %s", subject, key);
            if (was)
                was->inherited = old->inherited;
            if (is)
                is->inherited = new->inherited;
            if (!was || !is || !same(at, was, is))
                add_leaf(at, was, is, called);
        }
    }
}

/* The cases can be told apart only where the axis is the same, and they are what changed. */
static void compare_values(struct comparing *at, const struct fact *old, const struct fact *new,
                           const char *subject)
{
    int count = at->diff->count;

    if (is_choice(old) && is_choice(new) &&
        strcmp(old->value->choice->axis, new->value->choice->axis) == 0)
        compare_choices(at, old, new, subject);
    if (count == at->diff->count)
        add_leaf(at, old, new, subject);
}

static void compare_objects(struct comparing *at, const struct fact *old, const struct fact *new,
                            const char *subject)
{
    for (const struct fact *child = old->children; child; child = child->next) {
        const struct fact *other = fact_child(new, child->key);
        bool silent = child->form == FACT_WORD && strcmp(child->key, "form") == 0;
        if (!silent || !other)
            compare_facts(at, child, other, slot_subject(at, subject, child->key));
        else if (!same(at, child, other))
            add_leaf(at, old, new, subject);
        if (silent && other && !same(at, child, other))
            return; /* another form has other slots */
    }
    for (const struct fact *child = new->children; child; child = child->next)
        if (!fact_child(old, child->key))
            compare_facts(at, NULL, child, slot_subject(at, subject, child->key));
}

/* ---- lists ---- */

struct rows {
    const struct fact **items;
    int *partner; /* in the other list, -1 */
    int count;
};

static struct rows rows_of(struct arena *arena, const struct fact *list)
{
    struct rows rows = {NULL, NULL, 0};

    for (const struct fact *row = list ? list->children : NULL; row; row = row->next)
        rows.count++;
    rows.items = ARENA_ARRAY(arena, const struct fact *, rows.count + 1);
    rows.partner = ARENA_ARRAY(arena, int, rows.count + 1);
    rows.count = 0;
    for (const struct fact *row = list ? list->children : NULL; row; row = row->next) {
        rows.partner[rows.count] = -1;
        rows.items[rows.count++] = row;
    }
    return rows;
}

enum likeness { LIKE_WHOLE, LIKE_NAME, LIKE_TEXT, LIKE_PLACE, LIKENESS_COUNT };

static bool alike(const struct comparing *at, const struct fact *old, const struct fact *new,
                  enum likeness likeness)
{
    const struct fact *a, *b;

    switch (likeness) {
    case LIKE_WHOLE:
        return same(at, old, new);
    case LIKE_NAME:
        return old->form == FACT_OBJECT && old->name && same_text(at, old->name, new->name);
    case LIKE_TEXT:
        a = fact_child(old, "text"), b = fact_child(new, "text");
        return !old->name && !new->name &&a &&b &&same(at, a, b);
    default: /* a line of work, or a text, that was written anew */
        if (old->form == FACT_OBJECT)
            return !old->name && !new->name;
        return old->value && new->value &&value_is(old->value, VALUE_TEXT);
    }
}

/* Those that are most alike first; among equals the first ones. */
static void pair_rows(const struct comparing *at, struct rows *old, struct rows *new)
{
    for (enum likeness likeness = LIKE_WHOLE; likeness < LIKENESS_COUNT; likeness++)
        for (int i = 0, from = 0; i < old->count; i++) {
            if (old->partner[i] >= 0)
                continue;
            while (from < new->count &&new->partner[from] >= 0)
                from++;
            for (int j = from; j < new->count && old->partner[i] < 0; j++)
                if (new->partner[j] < 0 && alike(at, old->items[i], new->items[j], likeness)) {
                    old->partner[i] = j;
                    new->partner[j] = i;
                }
        }
}

/* Where the first one is tried first, the first machine prices the work. */
static void compare_order(struct comparing *at, const struct fact *old, const struct fact *new,
                          const struct rows *rows, const char *list)
{
    static const char *const ordered[] = {"do", "on", "variant", "cases"};
    int last = -1;
    bool turned = false;

    for (int i = 0; i < rows->count; i++) {
        if (rows->partner[i] < 0)
            continue;
        turned |= rows->partner[i] < last;
        last = rows->partner[i];
    }
    for (size_t i = 0; turned && i < sizeof ordered / sizeof *ordered; i++) {
        if (strcmp(ordered[i], list) != 0)
            continue;
        struct change *change = add_change(at, CHANGE_MOVED);
        change->class = i < 2 ? CHANGE_PROCESS : CHANGE_COSMETIC;
        change->before = old->words;
        change->after = new->words;
        change->internal |= fact_is_internal(old) || fact_is_internal(new);
        change->follows = old->inherited && new->inherited;
        change->old_span = old->span;
        change->new_span = new->span;
        change->sentence = arena_printf(
            at->diff->arena, "%s of %s %s in another order now",
            strcmp(list, "do") == 0 ? "lines of work" : label_words(list, at->diff->arena),
            at->owner, strcmp(list, "do") == 0 ? "stand" : "stands");
    }
}

static void add_row(struct comparing *at, const char *list, const struct fact *row, bool is_new,
                    const char *subject)
{
    struct change *change = add_change(at, is_new ? CHANGE_NEW : CHANGE_GONE);

    change->slot = at->field && strcmp(list, at->field) ? list : NULL;
    *(is_new ? &change->after : &change->before) = row_words(at, list, row);
    change->class = class_of_row(at, list, is_new);
    change->internal |= fact_is_internal(row);
    change->follows = row->inherited;
    change->sentence = sentence_row(at, list, subject, row, is_new);
    if (row->span.begin)
        *(is_new ? &change->new_span : &change->old_span) = row->span;
}

/* "for large" of a sell line; the name of a row. */
static void enter_row(struct comparing *at, const char *list, const struct fact *row, int place)
{
    struct arena *arena = at->diff->arena;

    at->line = strcmp(list, "do") == 0 ? place + 1 : at->line;
    if (strcmp(list, "sell") == 0) {
        const struct fact *cases = fact_child(row, "for");
        at->cases = cases ? arena_printf(arena, " for %s", cases->words) : "";
    }
    const struct fact *name = fact_child(row, "name");
    if (name)
        at->row = name->words;
    else if (row->form == FACT_OBJECT && !at->row && row->name)
        at->row = fact_child(row, "what") ? fact_child(row, "what")->words : NULL;
}

static void compare_lists(struct comparing *at, const char *list, const struct fact *old,
                          const struct fact *new, const char *subject)
{
    struct arena *arena = at->diff->arena;
    struct rows before = rows_of(arena, old), after = rows_of(arena, new);
    struct comparing here = *at;

    pair_rows(at, &before, &after);
    for (int i = 0; i < before.count; i++, *at = here) {
        const struct fact *row = before.items[i];
        enter_row(at, list, row, before.partner[i] >= 0 ? before.partner[i] : i);
        const char *called = row_subject(at, list, subject, row);
        if (before.partner[i] >= 0)
            compare_facts(at, row, after.items[before.partner[i]], called);
        else
            add_row(at, list, row, false, subject);
    }
    for (int i = 0; i < after.count; i++, *at = here) {
        enter_row(at, list, after.items[i], i);
        if (after.partner[i] < 0)
            add_row(at, list, after.items[i], true, subject);
    }
    if (old && new)
        compare_order(at, old, new, &before, list);
}

static void compare_facts(struct comparing *at, const struct fact *old, const struct fact *new,
                          const char *subject)
{
    const struct fact *any = new ? new : old;

    if (old && new &&same(at, old, new))
        return;
    if (any->form == FACT_LIST)
        compare_lists(at, any->key, old, new, subject);
    else if (old && new && old->form == FACT_OBJECT &&new->form == FACT_OBJECT)
        compare_objects(at, old, new, subject);
    else if (old && new)
        compare_values(at, old, new, subject);
    else
        add_leaf(at, old, new, subject);
}

/* ---- a declaration ---- */

void compare_fields(struct comparing *at, const struct fact *old, const struct fact *new)
{
    for (int side = 0; side < 2; side++)
        for (const struct fact *field = (side ? new : old)->children; field; field = field->next) {
            const struct fact *other = fact_child(side ? old : new, field->key);
            if (side && other)
                continue;
            at->field = field->key;
            at->row = NULL;
            at->cases = "";
            at->line = 0;
            const char *label = label_words(field->key, at->diff->arena);
            bool let = (at->new ? at->new : at->old)->kind == KIND_let;
            const char *subject =
                let ? at->owner : arena_printf(at->diff->arena, "%s of %s", label, at->owner);
            compare_facts(at, side ? NULL : field, side ? field : other, subject);
        }
}
