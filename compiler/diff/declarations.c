/* Which declaration of one spec is which of the other: by name, or, where a name went and another came with all the
   same in it, by what it says. */
#include "diff/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct known {
    const struct declaration *declaration;
    const char *key; /* "top hook", "step desk_hook screen", "price desk_hook" */
    int order;       /* among all of its spec */
    int partner;     /* in the other spec, by place in its list; -1 */
};

struct list {
    struct known *items; /* sorted by key */
    int count;
};

/* ---- all of a spec ---- */

static const char *key_of(const struct declaration *of, struct arena *arena)
{
    if (kind_is_step(of->kind)) {
        const struct step *step = (const struct step *)(const void *)of;
        return arena_printf(arena, "step %s %s", step->workflow->product->base.name,
                            of->name ? of->name : "");
    }
    if (of->kind == KIND_packet) {
        const char *name = ((const struct packet *)(const void *)of)->packet_name;
        return arena_printf(arena, "packet %s %s", of->name, name ? name : "");
    }
    bool top = kind_rows[of->kind].named || of->kind == KIND_let;
    return arena_printf(arena, "%s %s", top ? "top" : kind_rows[of->kind].name,
                        of->name ? of->name : "");
}

/* What ships with the tool is the same on both sides. */
static bool counts(const struct declaration *of)
{
    return of->kind != KIND_none && of->kind != KIND_do && of->source && !of->source->shared &&
           (of->name || kind_rows[of->kind].top);
}

static int by_key(const void *left, const void *right)
{
    const struct known *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void add_known(struct list *list, const struct declaration *of, struct arena *arena)
{
    if (counts(of)) {
        list->items[list->count] = (struct known){of, key_of(of, arena), list->count, -1};
        list->count++;
    }
}

static struct list list_of(const struct spec *spec, struct arena *arena)
{
    struct list list = {NULL, 0};
    int room = spec->declaration_count;

    for (int i = 0; i < spec->product_count; i++)
        room += spec->products[i]->workflow ? spec->products[i]->workflow->step_count : 0;
    list.items = ARENA_ARRAY(arena, struct known, room + 1);
    for (int i = 0; i < spec->declaration_count; i++)
        if (!kind_is_step(spec->declarations[i]->kind))
            add_known(&list, spec->declarations[i], arena);
    for (int i = 0; i < spec->product_count; i++) {
        const struct workflow *workflow = spec->products[i]->workflow;
        for (int k = 0; workflow && k < workflow->step_count; k++)
            add_known(&list, &workflow->steps[k]->base, arena);
    }
    qsort(list.items, (size_t)list.count, sizeof *list.items, by_key);
    return list;
}

static void pair_names(struct list *old, struct list *new)
{
    for (int i = 0, j = 0; i < old->count && j < new->count;) {
        int order = strcmp(old->items[i].key, new->items[j].key);
        if (order == 0) {
            old->items[i].partner = j;
            new->items[j].partner = i;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

/* ---- another name, all else the same ---- */

static const char *scope_of(const struct declaration *of)
{
    return kind_is_step(of->kind)
               ? ((const struct step *)(const void *)of)->workflow->product->base.name
               : "";
}

static bool says_the_same(struct spec_diff *diff, const struct declaration *old,
                          const struct declaration *new)
{
    if (old->kind != new->kind || strcmp(scope_of(old), scope_of(new)) != 0)
        return false;
    const struct fact *a = facts_of(diff->before.spec, old, diff->arena);
    const struct fact *b = facts_of(diff->after.spec, new, diff->arena);
    return a->children && strcmp(a->canonical, b->canonical) == 0;
}

enum { RENAMES_AT_MOST = 50 }; /* more that went and came is no renaming, but another spec */

static const struct rename *find_renames(struct spec_diff *diff, struct list *old, struct list *new)
{
    const struct rename *first = NULL;
    int gone = 0, come = 0;

    for (int i = 0; i < old->count; i++)
        gone += old->items[i].partner < 0;
    for (int i = 0; i < new->count; i++)
        come += new->items[i].partner < 0;
    if (gone > RENAMES_AT_MOST || come > RENAMES_AT_MOST)
        return NULL;
    for (int i = 0; i < old->count; i++)
        for (int j = 0; j < new->count && old->items[i].partner < 0; j++) {
            if (new->items[j].partner >= 0 ||
                !says_the_same(diff, old->items[i].declaration, new->items[j].declaration))
                continue;
            old->items[i].partner = j;
            new->items[j].partner = i;
            struct rename *row = ARENA_NEW(diff->arena, struct rename);
            *row = (struct rename){first, old->items[i].declaration, new->items[j].declaration};
            first = row;
        }
    return first;
}

/* ---- steps: where they stand ---- */

/* The longest run of steps that kept their order stays; the others moved. `places` are their old places in the new
   order; marks those that stay. */
static void mark_staying(const int *places, int count, bool *stays)
{
    int *tails =
        memory_zeroed((size_t)count + 1, sizeof *tails); /* where a run of that length ends */
    int *before = memory_zeroed((size_t)count + 1, sizeof *before);
    int length = 0;

    for (int i = 0; i < count; i++) {
        int low = 0, high = length;
        while (low < high) {
            int middle = (low + high) / 2;
            if (places[tails[middle]] < places[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low ? tails[low - 1] : -1;
        tails[low] = i;
        length += low == length;
    }
    for (int i = length ? tails[length - 1] : -1; i >= 0; i = before[i])
        stays[i] = true;
    free(tails);
    free(before);
}

static const char *place_words(const struct step *step, struct arena *arena)
{
    const struct workflow *workflow = step->workflow;
    int at = step->index, last = workflow->step_count - 1;

    if (last == 0)
        return "the only one";
    if (at == 0)
        return arena_printf(arena, "before %s", workflow->steps[1]->base.name);
    if (at == last)
        return arena_printf(arena, "after %s", workflow->steps[last - 1]->base.name);
    return arena_printf(arena, "between %s and %s", workflow->steps[at - 1]->base.name,
                        workflow->steps[at + 1]->base.name);
}

static void tell_moved(struct comparing *at, const struct step *old, const struct step *new)
{
    struct arena *arena = at->diff->arena;

    at->old = &old->base;
    at->new = &new->base;
    at->field = at->row = NULL;
    struct change *change = add_change(at, CHANGE_MOVED);
    change->class = CHANGE_PROCESS;
    change->before = place_words(old, arena);
    change->after = place_words(new, arena);
    change->follows = new->inherited;
    change->sentence = arena_printf(arena, "%s now stands %s (was %s)",
                                    declaration_words(at->diff->after.spec, &new->base, arena),
                                    change->after, change->before);
}

struct pair {
    const struct step *old, *new;
};

static int by_new_place(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = strcmp(a->new->workflow->product->base.name, b->new->workflow->product->base.name);
    return order ? order : a->new->index - b->new->index;
}

/* The pairs of one workflow, in the new order. */
static void compare_places(struct comparing *at, const struct pair *pairs, int count)
{
    int *places = memory_zeroed((size_t)count + 1, sizeof *places);
    bool *stays = memory_zeroed((size_t)count + 1, sizeof *stays);

    for (int i = 0; i < count; i++)
        places[i] = pairs[i].old->index;
    mark_staying(places, count, stays);
    for (int i = 0; i < count; i++)
        if (!stays[i])
            tell_moved(at, pairs[i].old, pairs[i].new);
    free(places);
    free(stays);
}

static void compare_all_places(struct comparing *at, const struct list *old, const struct list *new)
{
    struct pair *pairs = memory_zeroed((size_t) new->count + 1, sizeof *pairs);
    int count = 0;

    for (int i = 0; i < new->count; i++) {
        const struct declaration *of = new->items[i].declaration;
        if (kind_is_step(of->kind) && new->items[i].partner >= 0)
            pairs[count++] = (struct pair){
                (const void *)old->items[new->items[i].partner].declaration, (const void *)of};
    }
    qsort(pairs, (size_t)count, sizeof *pairs, by_new_place);
    for (int begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1;
             end < count && pairs[end].new->workflow == pairs[begin].new->workflow;)
            end++;
        compare_places(at, pairs + begin, end - begin);
    }
    free(pairs);
}

/* ---- one by one ---- */

static void tell_whole(struct comparing *at, bool is_new)
{
    struct spec_diff *diff = at->diff;
    const struct declaration *of = is_new ? at->new : at->old;
    const struct spec *spec = is_new ? diff->after.spec : diff->before.spec;
    const char *what = declaration_words(spec, of, diff->arena);
    bool is_step = kind_is_step(of->kind);

    at->field = at->row = NULL;
    struct change *change = add_change(at, is_new ? CHANGE_NEW : CHANGE_GONE);
    change->class = class_of_declaration(of, is_new);
    change->follows = is_step && ((const struct step *)(const void *)of)->inherited;
    *(is_new ? &change->after : &change->before) = facts_of(spec, of, diff->arena)->words;
    change->sentence = is_new
                           ? arena_printf(diff->arena, "%s is new%s%s", what, is_step ? ", " : "",
                                          is_step ? place_words((const void *)of, diff->arena) : "")
                           : arena_printf(diff->arena, "%s is gone", what);
}

static void tell_kind(struct comparing *at)
{
    struct arena *arena = at->diff->arena;
    const char *before = kind_rows[at->old->kind].name, *after = kind_rows[at->new->kind].name;

    at->field = at->row = NULL;
    struct change *change = add_change(at, CHANGE_OTHER);
    change->class = CHANGE_PROCESS;
    change->slot = "kind";
    change->before = before;
    change->after = after;
    change->follows =
        kind_is_step(at->new->kind) && ((const struct step *)(const void *)at->new)->inherited;
    change->sentence = arena_printf(
        arena, "%s is now %s %s (was %s)",
        kind_is_step(at->new->kind) ? arena_printf(arena, "step %s", at->owner) : at->owner,
        strchr("aio", after[0]) ? "an" : "a", after, before);
}

static void tell_renamed(struct comparing *at)
{
    struct arena *arena = at->diff->arena;
    bool product = at->new->kind == KIND_product;

    at->field = at->row = NULL;
    struct change *change = add_change(at, CHANGE_RENAMED);
    change->class = product ? CHANGE_COMPATIBILITY : CHANGE_COSMETIC;
    change->before = at->old->name;
    change->after = at->new->name;
    change->sentence =
        arena_printf(arena, "%s is now called %s",
                     declaration_words(at->diff->before.spec, at->old, arena), at->new->name);
}

static void compare_pair(struct comparing *at, const struct declaration *old,
                         const struct declaration *new)
{
    struct spec_diff *diff = at->diff;

    at->old = old;
    at->new = new;
    at->cases = "";
    at->owner = owner_words(diff->after.spec, new, diff->arena);
    if (old->name && new->name && strcmp(old->name, new->name) != 0 &&
        kind_rows[new->kind].named + kind_is_step(new->kind))
        tell_renamed(at);
    if (old->kind != new->kind)
        tell_kind(at);
    compare_fields(at, facts_of(diff->before.spec, old, diff->arena),
                   facts_of(diff->after.spec, new, diff->arena));
}

static int by_order(const void *left, const void *right)
{
    const struct known *a = *(const struct known *const *)left;
    const struct known *b = *(const struct known *const *)right;
    return (a->order > b->order) - (a->order < b->order);
}

static const struct known **in_order(const struct list *list)
{
    const struct known **items = memory_zeroed((size_t)list->count + 1, sizeof *items);

    for (int i = 0; i < list->count; i++)
        items[i] = &list->items[i];
    qsort(items, (size_t)list->count, sizeof *items, by_order);
    return items;
}

void compare_declarations(struct spec_diff *diff)
{
    struct list old = list_of(diff->before.spec, diff->arena);
    struct list new = list_of(diff->after.spec, diff->arena);
    struct comparing at = {.diff = diff, .cases = ""};

    pair_names(&old, &new);
    at.renames = find_renames(diff, &old, &new);
    const struct known **items = in_order(&old);
    for (int i = 0; i < old.count; i++)
        if (items[i]->partner < 0) {
            at.old = items[i]->declaration;
            at.new = NULL;
            tell_whole(&at, false);
        }
    free(items);
    items = in_order(&new);
    for (int i = 0; i < new.count; i++) {
        at.old = NULL;
        at.new = items[i]->declaration;
        if (items[i]->partner >= 0)
            compare_pair(&at, old.items[items[i]->partner].declaration, at.new);
        else
            tell_whole(&at, true);
    }
    free(items);
    compare_all_places(&at, &old, &new);
}
