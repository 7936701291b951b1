/* definition, references, highlights, rename. */
#include "flowc/lsp/context.h"
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

/* The word at the place, in the scratch arena. */
static const char *word_at(struct server *server, const struct asked *asked)
{
    const char *text = buffer_text(&asked->document->text);
    uint32_t begin = asked->offset, end = begin, length = (uint32_t)asked->document->text.length;
    while (begin && (isalnum((unsigned char)text[begin - 1]) || text[begin - 1] == '_'))
        begin--;
    while (end < length && (isalnum((unsigned char)text[end]) || text[end] == '_'))
        end++;
    return arena_copy_text(&server->scratch, text + begin, end - begin);
}

/* Where a product's axis, or one of its cases, of that name is declared. */
static struct span axis_span(const struct product *product, const char *word)
{
    for (int i = 0; i < product->axis_count; i++) {
        const struct axis *axis = product->axes[i];
        if (axis->name.kind == VALUE_WORD && strcmp(axis->name.word, word) == 0)
            return axis->name.span;
        for (int k = 0; k < axis->count; k++)
            if (axis->cases[k].kind == VALUE_WORD && strcmp(axis->cases[k].word, word) == 0)
                return axis->cases[k].span;
    }
    return SPAN_NONE;
}

/* A word of a variant: of the product at hand, else of the first that has it. */
static struct span variant_span(struct server *server, const struct asked *asked)
{
    const struct spec *spec = asked->resident->session.spec;
    const char *word = word_at(server, asked);
    struct interner names;
    struct context context;
    struct span found = SPAN_NONE;
    interner_open(&names, &server->scratch);
    context_at(&context, buffer_text(&asked->document->text),
               (uint32_t)asked->document->text.length, asked->offset, &server->scratch, &names);
    interner_close(&names);
    const char *near = context_product(&context);
    bool in_text = context.ahead.in_text || context.ahead.in_comment;
    for (int i = 0; i < spec->product_count && *word && !in_text; i++) {
        bool own = near && strcmp(near, spec->products[i]->base.name) == 0;
        struct span span = axis_span(spec->products[i], word);
        if (span.begin && (own || !found.begin))
            found = span;
    }
    return found;
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
    struct span variant = asked.source && !used ? variant_span(server, &asked) : SPAN_NONE;
    if (variant.begin)
        return span_location(server, variant);
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

/* Whether something else is called so where the target is seen: at the top, or beside it in what it belongs to. */
static bool is_taken(const struct asked *asked, const struct target *target, const char *name)
{
    const struct spec *spec = asked->resident->session.spec;
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *other = spec->declarations[i];
        const char *owner = other->owner ? other->owner->name : NULL;
        bool seen = !owner || (target->owner && strcmp(owner, target->owner) == 0) ||
                    (!target->owner && !kind_is_step(other->kind));
        if (target->dimension && target->owner && other->kind == KIND_part &&
            strcmp(other->name, target->owner) == 0 &&
            has_dimension((const struct part *)other, name))
            return true;
        if (!target->dimension && seen && strcmp(other->name, name) == 0)
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
