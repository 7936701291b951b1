/* textDocument/completion: what may be written at a place. The schema says which field takes what there, the parser
   whether the grammar does. */
#include "flowc/lsp/completion.h"
#include "flowc/lsp/methods.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_SNIPPET = 2 };

void offer(struct completion *completion, struct offer item)
{
    struct server *server = completion->server;
    if (json_object_get(completion->seen, item.label))
        return;
    json_object_set_new(completion->seen, item.label, json_true());
    const char *order = arena_printf(&server->scratch, "%02d%04d", item.rank,
                                     (int)json_array_size(completion->items));
    json_t *json = json_pack("{s:s, s:i, s:s}", "label", item.label, "kind", (int)item.kind,
                             "sortText", order);
    if (item.detail)
        json_object_set_new(json, "detail", json_string(item.detail));
    if (item.documentation)
        json_object_set_new(json, "documentation", markdown(item.documentation));
    json_object_set_new(
        json, "textEdit",
        text_edit(json_incref(completion->range), item.text ? item.text : item.label));
    if (item.snippet)
        json_object_set_new(json, "insertTextFormat", json_integer(FORMAT_SNIPPET));
    json_array_append_new(completion->items, json);
}

/* ---- what is asked for ---- */

static void complete_type(struct completion *completion, const struct slot_type *type)
{
    switch (type->class) {
    case SLOT_REFERENCE:
        complete_kind(completion, type->kind);
        break;
    case SLOT_BASIS:
        for (const char *word = "unit\0plate\0batch\0order\0sample\0run\0"; *word;
             word += strlen(word) + 1)
            offer(completion, (struct offer){word, ITEM_KEYWORD, "basis", .rank = 1});
        complete_kind(completion, KIND_part);
        break;
    case SLOT_CASE:
        complete_cases(completion, NULL);
        break;
    case SLOT_WORD:
        complete_words(completion);
        break;
    case SLOT_QUANTITY:
    case SLOT_RATIO:
    case SLOT_COUNT:
    case SLOT_NUMBER:
    case SLOT_TEXT:
        complete_kind(completion, KIND_let);
        break;
    default:
        break;
    }
}

static void complete_expected(struct completion *completion, const struct expects *expects)
{
    for (int i = 0; i < expects->count; i++) {
        const struct expect *expect = &expects->items[i];
        const char *special = expect->special ? expect->special : "";
        if (expect->word) {
            enum item_kind kind =
                isalpha((unsigned char)*expect->word) ? ITEM_KEYWORD : ITEM_OPERATOR;
            offer(completion, (struct offer){expect->word, kind, .rank = 1});
        } else if (expect->type)
            complete_type(completion, expect->type);
        else if (strcmp(special, "rule") == 0)
            complete_rules(completion);
        else if (strcmp(special, "member") == 0)
            complete_members(completion);
        else if (strcmp(special, "unit") == 0)
            complete_units(completion, NULL);
        else if (strcmp(special, "case") == 0)
            complete_cases(completion, expects->axis);
        else if (strcmp(special, "choice") == 0)
            complete_axes(completion, true);
        else if (strcmp(special, "axis") == 0)
            complete_axes(completion, false);
    }
}

/* The type of slot that the number before the place fills. */
static void complete_unit_of(struct completion *completion, const struct field_row *field)
{
    struct context before = completion->context;
    struct expects expects;
    before.ahead.count--;
    expects_at(&before, field, &completion->server->scratch, &expects);
    for (int i = 0; i < expects.count; i++)
        if (expects.items[i].type)
            complete_units(completion, expects.items[i].type);
}

/* Signs that the grammar takes here and that stand in sizes, which no phrase describes. */
static void complete_signs(struct completion *completion, const struct field_row *field)
{
    static const char *const signs[] = {"'+/-'", "'within'", "'..'", "'->'"};
    const struct ahead *ahead = &completion->context.ahead;
    bool size = strcmp(field->name, "dimension") == 0, sell = strcmp(field->name, "sell") == 0;
    for (int i = 0; i < ahead->expected_count; i++)
        for (int k = 0; k < 4; k++) {
            if (strcmp(ahead->expected[i], signs[k]) || !(k < 3 ? size : sell))
                continue;
            char *word =
                arena_copy_text(&completion->server->scratch, signs[k] + 1, strlen(signs[k]) - 2);
            offer(completion, (struct offer){word, ITEM_OPERATOR, .rank = 2});
        }
}

/* ---- routes, lets, use ---- */

static bool last_is(const struct completion *completion, const char *word)
{
    return context_item_is(&completion->context, context_items(&completion->context) - 1, word);
}

static void complete_route(struct completion *completion)
{
    if (last_is(completion, "->")) {
        for (const char *word = "scrap\0quarantine\0done\0"; *word; word += strlen(word) + 1)
            offer(completion, (struct offer){word, ITEM_KEYWORD, "the end", .rank = 2});
        complete_kind(completion, KIND_FIRST_STEP);
    } else {
        offer(completion, (struct offer){"at most", ITEM_KEYWORD, .rank = 1});
        offer(completion, (struct offer){"expect", ITEM_KEYWORD, .rank = 1});
    }
}

/* An entry that no field of the block is: a route, a let, `use`, `like`, what a block is of. */
static void complete_other(struct completion *completion)
{
    const struct context *context = &completion->context;
    const char *head = context_item(context, 0, &completion->server->scratch);
    enum kind kind = kind_find(head), around = context_kind(context);
    int count = context_items(context);
    if (context_item_is(context, 1, "->"))
        complete_route(completion);
    else if (kind_is_step(around) && strcmp(head, "like"))
        offer(completion, (struct offer){"->", ITEM_OPERATOR, .rank = 1});
    else if (strcmp(head, "use") == 0 && count == 1)
        complete_modules(completion);
    else if (strcmp(head, "let") == 0 && count >= 3)
        complete_any_name(completion);
    else if (strcmp(head, "like") == 0)
        complete_kind(completion, around == KIND_workflow ? KIND_product : around);
    else if (around == KIND_none && kind != KIND_none && !kind_rows[kind].named && count == 1)
        complete_kind(completion, KIND_product);
}

/* Whether the parser would take a name or a value here: else only signs may come. */
static bool value_may_come(const struct ahead *ahead)
{
    for (int i = 0; i < ahead->expected_count; i++)
        if (strcmp(ahead->expected[i], "a name") == 0)
            return true;
    return ahead->expected_count == 0; /* after a mistake nobody knows */
}

static void complete(struct completion *completion)
{
    struct context *context = &completion->context;
    const struct ahead *ahead = &context->ahead;
    struct arena *arena = &completion->server->scratch;
    const struct field_row *field = context_field(context, arena);
    bool use = context_items(context) && context_item_is(context, 0, "use");
    bool number = ahead->count && context_items(context) > 1 &&
                  ahead->tokens[ahead->count - 1].kind == AHEAD_NUMBER;
    struct expects expects;
    if (ahead->in_comment)
        return;
    if (ahead->in_text) {
        if (use || field)
            complete_files(completion);
        return;
    }
    if (ahead->in_value)
        complete_any_name(completion);
    else if (memchr(context->text + context->word_begin, '.',
                    context->offset - context->word_begin))
        complete_members(completion);
    else if (!context_items(context))
        complete_head(completion);
    else if (!field)
        complete_other(completion);
    else {
        if (number)
            complete_unit_of(completion, field);
        expects_at(context, field, arena, &expects);
        if (value_may_come(ahead))
            complete_expected(completion, &expects);
        complete_signs(completion, field);
    }
}

static const struct product *product_of(const struct completion *completion)
{
    const char *name = context_product(&completion->context);
    for (int i = 0; name && completion->spec && i < completion->spec->product_count; i++)
        if (strcmp(completion->spec->products[i]->base.name, name) == 0)
            return completion->spec->products[i];
    return NULL;
}

json_t *lsp_completion(struct server *server, const json_t *params, struct trouble *trouble)
{
    struct asked asked;
    struct interner names;
    if (!asked_place(server, params, &asked, trouble))
        return NULL;
    struct completion completion = {.server = server, .document = asked.document};
    completion.spec = asked.source ? asked.resident->session.spec : NULL;
    interner_open(&names, &server->scratch);
    context_at(&completion.context, buffer_text(&asked.document->text),
               (uint32_t)asked.document->text.length, asked.offset, &server->scratch, &names);
    completion.product = product_of(&completion);
    completion.range = lined_range(server, document_lines(asked.document),
                                   completion.context.word_begin, asked.offset);
    completion.items = json_array();
    completion.seen = json_object();
    if (!is_yaml(asked.document->path))
        complete(&completion);
    interner_close(&names);
    json_decref(completion.range);
    json_decref(completion.seen);
    return json_pack("{s:b, s:o}", "isIncomplete", 0, "items", completion.items);
}
