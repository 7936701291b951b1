/* What may begin an entry: the fields of the block, what may be declared there, outcomes; whole blocks as snippets. */
#include "flowc/lsp/completion.h"

#include <string.h>

/* Whether the block in hand has an entry of that head above the place. */
static bool stands_above(const struct completion *completion, const char *head)
{
    const struct context *context = &completion->context;
    int deeper = 0;
    for (int i = context->ahead.count - 1; i >= 0; i--) {
        enum ahead_kind kind = context->ahead.tokens[i].kind;
        struct context at = *context;
        at.entry = i;
        enum ahead_kind before = i ? context->ahead.tokens[i - 1].kind : AHEAD_END;
        bool begins = before == AHEAD_OPEN || before == AHEAD_CLOSE || before == AHEAD_END;
        if (kind == AHEAD_CLOSE)
            deeper++;
        if (kind == AHEAD_OPEN && deeper-- == 0)
            return false;
        if (begins && !deeper && kind == AHEAD_NAME && context_item_is(&at, 0, head))
            return true;
    }
    return false;
}

static void complete_fields(struct completion *completion, enum kind kind)
{
    struct arena *arena = &completion->server->scratch;
    const struct kind_row *row = &kind_rows[kind];
    for (int i = 0; i < row->field_count; i++) {
        const struct field_row *field = &row->fields[i];
        const char *name = field_name(field);
        if (!(field->flags & REPEATED) && stands_above(completion, name))
            continue;
        const char *documentation =
            arena_printf(arena, "`%s %s`\n\n%s%s", name, field_phrase(field), field->documentation,
                         field->flags & INTERNAL ? "\n\nInternal: it never leaves the shop." : "");
        offer(completion, (struct offer){name, ITEM_FIELD, field_phrase(field), documentation,
                                         arena_printf(arena, "%s ", name), false,
                                         field->flags & REQUIRED ? 0 : 1});
    }
}

/* A field's phrase as a place to fill in, without what a snippet would take for its own. */
static void add_place(struct buffer *text, int number, const char *phrase)
{
    buffer_addf(text, "${%d:", number);
    for (const char *at = phrase; *at; at++)
        if (strchr("$}\\", *at))
            buffer_addf(text, "\\%c", *at);
        else
            buffer_add_char(text, *at);
    buffer_add_char(text, '}');
}

static const char *block_snippet(struct completion *completion, enum kind kind)
{
    const struct kind_row *row = &kind_rows[kind];
    struct buffer text = {0};
    int number = 0, width = 0;
    buffer_addf(&text, "%s ", row->name);
    add_place(&text, ++number, row->named || kind_is_step(kind) ? "name" : "product");
    if (row->named || kind_is_step(kind)) {
        buffer_add_text(&text, " \"");
        add_place(&text, ++number, "Title");
        buffer_add_char(&text, '"');
    }
    if (!row->field_count) /* a role has nothing but its title */
        buffer_add_text(&text, "$0");
    else
        buffer_add_text(&text, " {\n");
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].flags & REQUIRED && (int)strlen(field_name(&row->fields[i])) > width)
            width = (int)strlen(field_name(&row->fields[i]));
    for (int i = 0; i < row->field_count; i++) {
        if (!(row->fields[i].flags & REQUIRED))
            continue;
        buffer_addf(&text, "  %-*s  ", width, field_name(&row->fields[i]));
        add_place(&text, ++number, field_phrase(&row->fields[i]));
        buffer_add_char(&text, '\n');
    }
    if (row->field_count)
        buffer_add_text(&text, "  $0\n}");
    const char *copy = arena_copy_text(&completion->server->scratch, text.text, text.length);
    buffer_free(&text);
    return copy;
}

static void complete_block(struct completion *completion, enum kind kind)
{
    const struct kind_row *row = &kind_rows[kind];
    bool snippet = completion->server->snippets;
    offer(completion, (struct offer){row->name, snippet ? ITEM_SNIPPET : ITEM_CLASS,
                                     kind_is_step(kind) ? "step" : "block", row->documentation,
                                     snippet ? block_snippet(completion, kind) : NULL, snippet, 2});
}

static void complete_outcomes(struct completion *completion, enum kind kind)
{
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (kind_rows[kind].outcomes >> i & 1 && !stands_above(completion, outcome_names[i]))
            offer(completion, (struct offer){outcome_names[i], ITEM_KEYWORD, "route",
                                             .text = arena_printf(&completion->server->scratch,
                                                                  "%s -> ", outcome_names[i]),
                                             .rank = 3});
}

static void complete_top(struct completion *completion)
{
    if (!stands_above(completion, "edition")) {
        offer(completion, (struct offer){"edition", ITEM_KEYWORD, "first line of every file",
                                         .text = "edition 1"});
        return;
    }
    offer(completion,
          (struct offer){"use", ITEM_KEYWORD, "names of another file", .text = "use ", .rank = 1});
    offer(completion,
          (struct offer){"let", ITEM_KEYWORD, "a named value", .text = "let ", .rank = 1});
    for (int kind = KIND_none + 1; kind < KIND_FIRST_STEP; kind++)
        if (kind_rows[kind].top && kind != KIND_let)
            complete_block(completion, (enum kind)kind);
}

void complete_head(struct completion *completion)
{
    const struct context *context = &completion->context;
    enum kind kind = context_kind(context);
    if (!context->depth) {
        complete_top(completion);
        return;
    }
    if (kind == KIND_none)
        return;
    complete_fields(completion, kind);
    if (kind == KIND_product)
        complete_block(completion, KIND_part);
    if (kind == KIND_product || kind == KIND_workflow)
        for (int step = KIND_FIRST_STEP; step < KIND_COUNT; step++)
            complete_block(completion, (enum kind)step);
    if (kind_is_step(kind))
        complete_outcomes(completion, kind);
    if (kind != KIND_do && !stands_above(completion, "like"))
        offer(completion, (struct offer){"like", ITEM_KEYWORD, "that one's fields", .text = "like ",
                                         .rank = 3});
}
