#include "flowc/lsp/target.h"

#include <string.h>

static const struct dimension_row *dimension_of(const struct mention *mention)
{
    const struct part *part = mention->member && mention->what->kind == KIND_part
                                  ? (const struct part *)mention->what
                                  : NULL;
    for (const struct dimension_row *row = part ? part->dimension : NULL; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, mention->member) == 0)
            return row;
    return NULL;
}

/* Where what is named is declared: its own name. */
static struct span declared_at(const struct mention *mention)
{
    const struct dimension_row *row = dimension_of(mention);
    return mention->own.begin ? mention->own : row ? row->name.span : mention->what->name_span;
}

static enum target_kind kind_of(const struct source_set *sources, const struct mention *mention)
{
    const struct product *product = (const struct product *)mention->what;
    if (!mention->own.begin)
        return dimension_of(mention) ? TARGET_DIMENSION : TARGET_DECLARATION;
    for (int i = 0; i < product->axis_count; i++)
        for (int k = 0; k < product->axes[i]->count; k++) {
            struct span span = product->axes[i]->cases[k].span;
            bool quoted = *span_text(sources, span) == '"';
            if (span.begin + quoted == mention->own.begin)
                return TARGET_CASE;
        }
    return TARGET_AXIS;
}

static bool describe(struct server *server, const struct mention *mention, struct target *target)
{
    const struct source_set *sources = &server->resident.session.sources;
    struct span span = declared_at(mention);
    const struct source *source = source_of(sources, span.begin);
    if (!source)
        return false;
    enum target_kind kind = kind_of(sources, mention);
    const struct declaration *owner =
        kind == TARGET_DECLARATION ? mention->what->owner : mention->what;
    *target = (struct target){
        .kind = kind,
        .path = arena_copy_text(&server->scratch, source->path, strlen(source->path)),
        .begin = span.begin - source->base,
        .end = span.end - source->base,
        .name = arena_copy_text(&server->scratch, span_text(sources, span), span.end - span.begin),
        .owner = owner ? arena_copy_text(&server->scratch, owner->name, strlen(owner->name)) : NULL,
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
                return describe(server,
                                &(struct mention){row->name.span, &spec->parts[i]->base,
                                                  row->name.word, SPAN_NONE},
                                target);
    return false;
}

bool target_at(struct server *server, const struct asked *asked, struct target *target)
{
    if (!asked->position)
        return false;
    const struct mention *mention = resident_mention(asked->resident, asked->position);
    if (mention)
        return describe(server, mention, target);
    const struct declaration *declared = resident_declared(asked->resident, asked->position);
    return declared
               ? describe(server, &(struct mention){declared->name_span, declared, NULL, SPAN_NONE},
                          target)
               : declared_dimension(server, asked->position, target);
}

/* ---- all places ---- */

struct places {
    struct server *server;
    const struct target *target;
    bool declaration; /* is wanted too */
    json_t *list, *seen, *paths;
};

static const char *key_of(const struct places *places, struct span span)
{
    const struct source *source = source_of(&places->server->resident.session.sources, span.begin);
    return source ? arena_printf(&places->server->scratch, "%s:%u", source->path,
                                 (unsigned)(span.begin - source->base))
                  : "";
}

static void add_place(struct places *places, struct span span, bool declares)
{
    const struct source *source = source_of(&places->server->resident.session.sources, span.begin);
    size_t length = strlen(places->target->name);
    const char *key = key_of(places, span);
    /* a name that `like` or a let brought stands elsewhere, as it does in a YAML scalar with escapes */
    if (!source || span.end - span.begin != length ||
        memcmp(source->text + (span.begin - source->base), places->target->name, length) ||
        json_object_get(places->seen, key))
        return;
    json_object_set_new(places->seen, key, json_true());
    json_object_set_new(places->paths, source->path, json_true());
    if (places->declaration || !declares)
        json_array_append_new(places->list, span_location(places->server, span));
}

/* A part that two products share varies by an axis of each: what stands together goes together. */
static bool belongs(const struct places *places, const struct mention *mention, uint32_t begin)
{
    enum target_kind kind = places->target->kind;
    if (kind == TARGET_AXIS || kind == TARGET_CASE)
        return mention->own.begin && (json_object_get(places->seen, key_of(places, mention->own)) ||
                                      json_object_get(places->seen, key_of(places, mention->span)));
    bool whole = kind == TARGET_DECLARATION && !mention->member && !mention->own.begin;
    bool dimension = kind == TARGET_DIMENSION && dimension_of(mention);
    return (whole || dimension) && declared_at(mention).begin == begin;
}

static void add_resident(struct places *places)
{
    struct resident *resident = &places->server->resident;
    const struct source *source = resident_source(resident, places->target->path);
    uint32_t begin = source ? source->base + places->target->begin : 0;
    if (source)
        add_place(places, (struct span){begin, source->base + places->target->end}, true);
    for (int i = 0; i < resident->mention_count; i++) {
        const struct mention *mention = &resident->mentions[i];
        if (!belongs(places, mention, begin))
            continue;
        if (mention->own.begin)
            add_place(places, mention->own, true);
        add_place(places, mention->span, false);
    }
}

static bool asks_for_any(const struct root *root, json_t *paths)
{
    const char *path;
    json_t *value;
    json_object_foreach(paths, path, value) if (root_asks_for(root, path)) return true;
    return false;
}

static struct places places_open(struct server *server, const struct target *target,
                                 bool declaration)
{
    struct places places = {server,       target,        declaration,
                            json_array(), json_object(), json_object()};
    json_object_set_new(places.paths, target->path, json_true());
    return places;
}

static json_t *places_close(struct places *places)
{
    json_decref(places->seen);
    json_decref(places->paths);
    return places->list;
}

json_t *target_places(struct server *server, const struct target *target, bool declaration)
{
    struct places places = places_open(server, target, declaration);
    size_t before;
    check_all_roots(server); /* a file that nobody looked at yet may name it */
    do {                     /* until nothing more stands together with what is there */
        before = json_object_size(places.seen);
        for (int i = 0; i < server->roots.count; i++) {
            const struct root *root = server->roots.items[i];
            if (asks_for_any(root, places.paths) && resident_of(server, root->path))
                add_resident(&places);
        }
    } while (json_object_size(places.seen) > before && target->kind >= TARGET_AXIS);
    return places_close(&places);
}

json_t *target_places_here(struct server *server, const struct target *target)
{
    struct places places = places_open(server, target, true);
    add_resident(&places);
    return places_close(&places);
}

json_t *target_location(struct server *server, const struct target *target)
{
    const struct source *source = resident_source(&server->resident, target->path);
    return span_location(server,
                         (struct span){source->base + target->begin, source->base + target->end});
}
