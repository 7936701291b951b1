#include "source/gather.h"

#include "base/memory.h"
#include "base/sorted.h"

#include <stdlib.h>
#include <string.h>

/* One compilation on its way into a gathering. */
struct move {
    struct gathering *into;
    struct source_set *sources;
    struct failure *failure;
    bool full;
};

void gathering_open(struct gathering *gathering)
{
    *gathering = (struct gathering){0};
    source_set_open(&gathering->sources, &gathering->arena);
    gathering->diagnostics.arena = &gathering->arena;
}

void gathering_close(struct gathering *gathering)
{
    source_set_close(&gathering->sources);
    free(gathering->by_path);
    arena_free(&gathering->arena);
}

static const char *copy_text(struct move *move, const char *text)
{
    return text ? arena_copy_text(&move->into->arena, text, strlen(text)) : NULL;
}

/* ---- files ---- */

static const char *path_of(const void *list, int index)
{
    struct source *const *by_path = list;
    return by_path[index]->path;
}

/* The text is taken over, and taken from the old source: it is freed once. */
static struct source *take_source(struct move *move, struct source *old, int place)
{
    struct gathering *into = move->into;
    int count = into->sources.count;
    struct source *new =
        source_add(&into->sources, copy_text(move, old->path), copy_text(move, old->folder),
                   (char *)(uintptr_t)old->text, old->length);
    if (!new) {
        move->full =
            !fail(move->failure, "the files with findings are over 4 GB; check fewer at once");
        return NULL;
    }
    new->shared = old->shared;
    old->text = NULL;
    if (count == into->by_path_capacity) {
        into->by_path_capacity = count ? count * 2 : 16;
        into->by_path =
            memory_resize(into->by_path, sizeof *into->by_path * (size_t)into->by_path_capacity);
    }
    memmove(into->by_path + place + 1, into->by_path + place,
            sizeof *into->by_path * (size_t)(count - place));
    into->by_path[place] = new;
    return new;
}

static struct span moved(struct move *move, struct span span)
{
    struct source *old = (struct source *)(uintptr_t)source_of(move->sources, span.begin);
    bool there;
    if (!old || move->full)
        return SPAN_NONE;
    int place =
        sorted_place(move->into->by_path, move->into->sources.count, path_of, old->path, &there);
    struct source *new = there ? move->into->by_path[place] : take_source(move, old, place);
    if (!new || new->length != old->length) /* it was written to while we read */
        return SPAN_NONE;
    return (struct span){span.begin - old->base + new->base, span.end - old->base + new->base};
}

/* ---- what was said ---- */

static struct remark *moved_remarks(struct move *move, const struct remark *from)
{
    struct remark *first = NULL, **end = &first;
    for (; from; from = from->next) {
        *end = ARENA_NEW(&move->into->arena, struct remark);
        **end = (struct remark){NULL, moved(move, from->span), copy_text(move, from->text)};
        end = &(*end)->next;
    }
    return first;
}

static struct edit *moved_edits(struct move *move, const struct edit *from)
{
    struct edit *first = NULL, **end = &first;
    for (; from; from = from->next) {
        *end = ARENA_NEW(&move->into->arena, struct edit);
        **end = (struct edit){NULL, moved(move, from->span), copy_text(move, from->text)};
        end = &(*end)->next;
    }
    return first;
}

static struct fix *moved_fixes(struct move *move, const struct fix *from)
{
    struct fix *first = NULL, **end = &first;
    for (; from; from = from->next) {
        *end = ARENA_NEW(&move->into->arena, struct fix);
        **end = (struct fix){NULL, copy_text(move, from->title), from->certainty,
                             moved_edits(move, from->edits)};
        end = &(*end)->next;
    }
    return first;
}

bool gather(struct gathering *gathering, const struct diagnostics *said, struct source_set *sources,
            struct failure *failure)
{
    struct move move = {gathering, sources, failure, false};
    for (int i = 0; i < said->count && !move.full; i++) {
        const struct diagnostic *from = said->items[i];
        struct diagnostic *to = report(&gathering->diagnostics, from->rule,
                                       moved(&move, from->span), "%s", from->message);
        if (from->help)
            to->help = copy_text(&move, from->help);
        to->labels = moved_remarks(&move, from->labels);
        to->notes = moved_remarks(&move, from->notes);
        to->fixes = moved_fixes(&move, from->fixes);
    }
    return !move.full;
}
