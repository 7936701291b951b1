#include "flowc/lsp/target.h"

#include <string.h>

/* Where a declaration's or a dimension's own name stands. */
static struct span name_of(const struct declaration *what, const char *member)
{
    const struct part *part = (const struct part *)what;
    for (const struct dimension_row *row = member && what->kind == KIND_part ? part->dimension
                                                                             : NULL;
         row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, member) == 0)
            return row->name.span;
    return what->name_span;
}

static bool is_dimension(const struct declaration *what, const char *member)
{
    struct span own = name_of(what, member);
    return member && own.begin != what->name_span.begin;
}

static bool describe(struct server *server, const struct declaration *what, const char *member,
                     struct target *target)
{
    const struct source_set *sources = &server->resident.session.sources;
    struct span span = name_of(what, member);
    const struct source *source = source_of(sources, span.begin);
    if (!source)
        return false;
    bool dimension = is_dimension(what, member);
    const char *name = dimension ? member : what->name;
    const char *owner = dimension ? what->name : what->owner ? what->owner->name : NULL;
    *target = (struct target){
        .path = arena_copy_text(&server->scratch, source->path, strlen(source->path)),
        .begin = span.begin - source->base,
        .end = span.end - source->base,
        .name = arena_copy_text(&server->scratch, name, strlen(name)),
        .owner = owner ? arena_copy_text(&server->scratch, owner, strlen(owner)) : NULL,
        .dimension = dimension,
        .shared = source->shared};
    return true;
}

/* The dimension whose own name stands at a position. */
static bool declared_dimension(struct server *server, uint32_t position, struct target *target)
{
    const struct spec *spec = server->resident.session.spec;
    for (int i = 0; spec && i < spec->part_count; i++)
        for (const struct dimension_row *row = spec->parts[i]->dimension; row; row = row->next)
            if (row->name.kind == VALUE_WORD && position >= row->name.span.begin &&
                position <= row->name.span.end)
                return describe(server, &spec->parts[i]->base, row->name.word, target);
    return false;
}

bool target_at(struct server *server, const struct asked *asked, struct target *target)
{
    if (!asked->position)
        return false;
    const struct mention *mention = resident_mention(asked->resident, asked->position);
    if (mention)
        return describe(server, mention->what, mention->member, target);
    const struct declaration *declared = resident_declared(asked->resident, asked->position);
    return declared ? describe(server, declared, NULL, target)
                    : declared_dimension(server, asked->position, target);
}

/* ---- all places ---- */

struct places {
    struct server *server;
    const struct target *target;
    json_t *list, *seen;
};

static void add_place(struct places *places, struct span span)
{
    const struct source *source = source_of(&places->server->resident.session.sources, span.begin);
    size_t length = strlen(places->target->name);
    /* a name that `like` or a let brought stands elsewhere, as it does in a YAML scalar with escapes */
    if (!source || span.end - span.begin != length ||
        memcmp(source->text + (span.begin - source->base), places->target->name, length))
        return;
    const char *key = arena_printf(&places->server->scratch, "%s:%u", source->path,
                                   (unsigned)(span.begin - source->base));
    if (json_object_get(places->seen, key))
        return;
    json_object_set_new(places->seen, key, json_true());
    json_array_append_new(places->list, span_location(places->server, span));
}

static void add_resident(struct places *places, bool declaration)
{
    struct resident *resident = &places->server->resident;
    const struct source *source = resident_source(resident, places->target->path);
    if (!source)
        return;
    uint32_t begin = source->base + places->target->begin;
    if (declaration)
        add_place(places, (struct span){begin, source->base + places->target->end});
    for (int i = 0; i < resident->mention_count; i++) {
        const struct mention *mention = &resident->mentions[i];
        bool same = places->target->dimension == is_dimension(mention->what, mention->member) &&
                    (places->target->dimension || !mention->member);
        if (same && name_of(mention->what, mention->member).begin == begin)
            add_place(places, mention->span);
    }
}

json_t *target_places(struct server *server, const struct target *target, bool declaration)
{
    struct places places = {server, target, json_array(), json_object()};
    check_all_roots(server); /* a file that nobody looked at yet may name it */
    for (int i = 0; i < server->roots.count; i++) {
        const char *path = server->roots.items[i]->path;
        if (root_asks_for(server->roots.items[i], target->path) && resident_of(server, path))
            add_resident(&places, declaration);
    }
    json_decref(places.seen);
    return places.list;
}

json_t *target_places_here(struct server *server, const struct target *target)
{
    struct places places = {server, target, json_array(), json_object()};
    add_resident(&places, true);
    json_decref(places.seen);
    return places.list;
}

json_t *target_location(struct server *server, const struct target *target)
{
    const struct source *source = resident_source(&server->resident, target->path);
    return span_location(server,
                         (struct span){source->base + target->begin, source->base + target->end});
}
