#include "flowc/lsp/context.h"

#include <ctype.h>
#include <string.h>

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const struct ahead_token *token_at(const struct context *context, int index)
{
    int at = context->entry + index;
    return index >= 0 && at < context->ahead.count ? &context->ahead.tokens[at] : NULL;
}

const char *field_name(const struct field_row *field)
{
    return strcmp(field->name, "do_") == 0 ? "do" : field->name;
}

const char *context_item(const struct context *context, int index, struct arena *arena)
{
    const struct ahead_token *token = token_at(context, index);
    return token ? arena_copy_text(arena, context->text + token->begin, token->end - token->begin)
                 : NULL;
}

bool context_item_is(const struct context *context, int index, const char *word)
{
    const struct ahead_token *token = token_at(context, index);
    return token && token->end - token->begin == strlen(word) &&
           strncmp(context->text + token->begin, word, strlen(word)) == 0;
}

/* The kind of block an entry's head opens there: a field with a block has that of its lines. */
static enum kind kind_opened(enum kind around, const char *head)
{
    enum kind kind = head ? kind_find(head) : KIND_none;
    const struct field_row *field = head ? field_find(around, head) : NULL;
    if (field && field->flags & HAS_BLOCK)
        return KIND_do;
    bool steps = around == KIND_workflow || around == KIND_product;
    if (around == KIND_none)
        return kind_is_step(kind) ? KIND_none : kind;
    return steps && kind != KIND_none ? kind : KIND_none;
}

static void open_block(struct context *context, int entry, int token, struct arena *arena)
{
    struct context outer = *context;
    outer.entry = entry;
    if (context->depth == BLOCKS_DEEP)
        return;
    const char *head = entry < token ? context_item(&outer, 0, arena) : NULL;
    const char *name = entry + 1 < token && context->ahead.tokens[entry + 1].kind == AHEAD_NAME
                           ? context_item(&outer, 1, arena)
                           : NULL;
    enum kind kind = kind_opened(context_kind(context), head);
    context->blocks[context->depth++] = (struct block_around){kind, name};
}

static void walk(struct context *context, struct arena *arena)
{
    int entry = 0, deeper = 0;
    for (int i = 0; i < context->ahead.count; i++) {
        enum ahead_kind kind = context->ahead.tokens[i].kind;
        if (kind == AHEAD_OPEN && context->depth < BLOCKS_DEEP)
            open_block(context, entry, i, arena);
        else if (kind == AHEAD_OPEN)
            deeper++;
        else if (kind == AHEAD_CLOSE && deeper)
            deeper--;
        else if (kind == AHEAD_CLOSE && context->depth)
            context->depth--;
        if (kind == AHEAD_OPEN || kind == AHEAD_CLOSE || kind == AHEAD_END)
            entry = i + 1;
    }
    context->entry = entry;
}

void context_at(struct context *context, const char *text, uint32_t length, uint32_t offset,
                struct arena *arena, struct interner *names)
{
    struct source source = {.path = "", .folder = ".", .text = text, .length = length, .base = 1};
    uint32_t begin = offset;
    while (begin && (is_word_char(text[begin - 1]) ||
                     (text[begin - 1] == '.' && begin > 1 && is_word_char(text[begin - 2]) &&
                      !isdigit((unsigned char)text[begin - 2]))))
        begin--;
    *context = (struct context){.text = text, .word_begin = begin, .offset = offset};
    look_ahead(&source, begin, arena, names, &context->ahead);
    walk(context, arena);
}

const struct field_row *context_field(const struct context *context, struct arena *arena)
{
    const char *head = context_items(context) ? context_item(context, 0, arena) : NULL;
    return head ? field_find(context_kind(context), head) : NULL;
}

const char *context_product(const struct context *context)
{
    static const enum kind of_product[] = {KIND_product, KIND_workflow, KIND_release, KIND_price,
                                           KIND_packet};
    for (int i = context->depth; i-- > 0;)
        for (size_t k = 0; k < sizeof of_product / sizeof *of_product; k++)
            if (context->blocks[i].kind == of_product[k])
                return context->blocks[i].name;
    return NULL;
}
