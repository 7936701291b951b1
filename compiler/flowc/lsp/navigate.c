/* definition, references, highlights, rename. */
#include "flowc/lsp/methods.h"
#include "flowc/lsp/target.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>

/* The file that a `use` on the place's line names, as the spec read it; NULL. */
static const struct source *used_file(const struct asked *asked, struct server *server)
{
    const char *text = buffer_text(&asked->document->text);
    uint32_t begin = asked->offset;
    while (begin && text[begin - 1] != '\n')
        begin--;
    size_t length = strcspn(text + begin, "\r\n#");
    char *line = arena_copy_text(&server->scratch, text + begin, length);
    line += strspn(line, " \t");
    if (strncmp(line, "use", 3) != 0 || !strchr(" \t\"", line[3]))
        return NULL;
    char *name = line + 3 + strspn(line + 3, " \t");
    bool quoted = *name == '"';
    name += quoted;
    name[strcspn(name, quoted ? "\"" : " \t;")] = 0;
    for (char *at = name; !quoted && *at; at++)
        *at = *at == '.' ? '/' : *at;
    const char *ending = quoted
                             ? path_join(&server->scratch,
                                         path_folder(&server->scratch, asked->document->path), name)
                             : arena_printf(&server->scratch, "/%s.", name);
    const struct source_set *sources = &asked->resident->session.sources;
    for (int i = 0; i < sources->count && *name; i++)
        if (quoted ? !strcmp(sources->files[i]->path, ending)
                   : sources->files[i]->shared && strstr(sources->files[i]->path, ending))
            return sources->files[i];
    return NULL;
}

json_t *lsp_definition(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct target target;
    if (!asked_place(server, params, &asked, trouble))
        return NULL;
    if (target_at(server, &asked, &target))
        return target_location(server, &target);
    const struct source *used = asked.source ? used_file(&asked, server) : NULL;
    return used ? span_location(server, (struct span){used->base, used->base}) : json_null();
}

json_t *lsp_references(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct target target;
    bool declaration =
        json_is_true(json_object_get(json_object_get(params, "context"), "includeDeclaration"));
    if (!asked_place(server, params, &asked, trouble))
        return NULL;
    if (!target_at(server, &asked, &target))
        return json_null();
    return target_places(server, &target, declaration);
}

/* Those of this document, by the eyes of its own spec: asked at each move of the cursor. */
json_t *lsp_highlight(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct target target;
    size_t i;
    json_t *place, *highlights = NULL;
    if (!asked_place(server, params, &asked, trouble))
        return NULL;
    if (!target_at(server, &asked, &target))
        return json_null();
    json_t *places = target_places_here(server, &target);
    highlights = json_array();
    json_array_foreach(
        places, i,
        place) if (!strcmp(json_string_value(json_object_get(place, "uri")), asked.document->uri))
        json_array_append_new(highlights,
                              json_pack("{s:O}", "range", json_object_get(place, "range")));
    json_decref(places);
    return highlights;
}

/* ---- rename ---- */

static bool may_rename(struct server *server, const json_t *params, struct asked *asked,
                       struct target *target, struct trouble *trouble)
{
    if (!asked_place(server, params, asked, trouble))
        return false;
    if (!target_at(server, asked, target)) {
        refuse(trouble, RPC_REQUEST_FAILED, "nothing that is declared by name stands here");
        return false;
    }
    if (target->shared) {
        refuse(trouble, RPC_REQUEST_FAILED, "`%.100s` is declared in %.200s, which is shared",
               target->name, path_base(target->path));
        return false;
    }
    return true;
}

/* The name that stands at the place: as long as that of the target. */
static json_t *name_range(struct server *server, const struct asked *asked,
                          const struct target *target)
{
    const struct mention *mention = resident_mention(asked->resident, asked->position);
    if (mention)
        return span_range(server, mention->span);
    return lined_range(server, document_lines(asked->document), target->begin, target->end);
}

json_t *lsp_prepare_rename(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct target target;
    if (!may_rename(server, params, &asked, &target, trouble))
        return NULL;
    return name_range(server, &asked, &target);
}

static bool is_name(const char *text)
{
    if (!text || isdigit((unsigned char)*text) || !*text || strcmp(text, "x") == 0)
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '_')
            return false;
    return true;
}

static bool has_dimension(const struct part *part, const char *name)
{
    for (const struct dimension_row *row = part->dimension; row; row = row->next)
        if (row->name.kind == VALUE_WORD && strcmp(row->name.word, name) == 0)
            return true;
    return false;
}

static bool has_case(const struct product *product, const char *name)
{
    for (int i = 0; i < product->axis_count; i++)
        for (int k = 0; k < product->axes[i]->count; k++)
            if (strcmp(product->axes[i]->cases[k].word, name) == 0)
                return true;
    return false;
}

/* Whether an axis, or something that the customer gives, is called so. */
static bool has_axis(const struct product *product, const char *name)
{
    for (int i = 0; i < product->axis_count; i++)
        if (strcmp(product->axes[i]->name.word, name) == 0)
            return true;
    for (const struct ask *ask = product->asks; ask; ask = ask->next)
        if (ask->name.kind == VALUE_WORD && strcmp(ask->name.word, name) == 0)
            return true;
    return false;
}

/* Whether a declaration has something that is called so, and is seen where the target is. */
static bool holds(const struct declaration *holder, const struct target *target, const char *name)
{
    bool own = target->owner && strcmp(holder->name, target->owner) == 0;
    if (target->kind == TARGET_DIMENSION)
        return own && holder->kind == KIND_part && has_dimension((const struct part *)holder, name);
    if (holder->kind != KIND_product || (target->owner && !own))
        return false;
    return target->kind == TARGET_CASE ? has_case((const struct product *)holder, name)
                                       : has_axis((const struct product *)holder, name);
}

/* Whether something else is called so where the target is seen: at the top, or beside it in what it belongs to. */
static bool is_taken(const struct asked *asked, const struct target *target, const char *name)
{
    const struct spec *spec = asked->resident->session.spec;
    bool named = target->kind == TARGET_DECLARATION || target->kind == TARGET_AXIS;
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *other = spec->declarations[i];
        const char *owner = other->owner ? other->owner->name : NULL;
        bool seen = !owner || (target->owner && strcmp(owner, target->owner) == 0) ||
                    (!target->owner && !kind_is_step(other->kind));
        if ((named && seen && strcmp(other->name, name) == 0) || holds(other, target, name))
            return true;
    }
    return false;
}

json_t *lsp_rename(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct target target;
    const char *name = json_string_value(json_object_get(params, "newName"));
    size_t i;
    json_t *place;
    if (!may_rename(server, params, &asked, &target, trouble))
        return NULL;
    if (!is_name(name))
        return refuse(trouble, RPC_INVALID_PARAMS,
                      "a name is letters, digits and _, and is not `x`");
    if (strcmp(name, target.name) && is_taken(&asked, &target, name))
        return refuse(trouble, RPC_REQUEST_FAILED, "something is called `%.100s` already", name);
    json_t *places = target_places(server, &target, true), *changes = json_object();
    json_array_foreach(places, i, place)
    {
        const char *uri = json_string_value(json_object_get(place, "uri"));
        json_t *edits = json_object_get(changes, uri);
        if (!edits)
            json_object_set_new(changes, uri, edits = json_array());
        json_array_append_new(edits, text_edit(json_incref(json_object_get(place, "range")), name));
    }
    json_decref(places);
    return json_pack("{s:o}", "changes", changes);
}
