/* An entry's items against its field's phrase. */
#include "spec/tokens.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- taking items apart ---- */

static bool is_phrase_op(const struct node *node, bool sums)
{
    switch (node->op) {
    case OP_TIMES:
    case OP_RANGE:
    case OP_ARROW:
    case OP_PLUS_MINUS:
    case OP_WITHIN:
        return node->kind == NODE_BINARY;
    case OP_ADD:
    case OP_SUBTRACT:
        return node->kind == NODE_BINARY && sums;
    default:
        return false;
    }
}

/* Tokens live on the binder's stack while their entry is matched; a line of ten thousand goes into the arena. */
static void push(struct tokens *to, struct token token)
{
    struct binder *binder = to->binder;
    bool on_stack = to->list == binder->tokens + binder->tokens_used;
    if (on_stack && binder->tokens_used + to->count == TOKENS_ON_STACK) {
        struct token *list = ARENA_ARRAY(binder->spec.arena, struct token, TOKENS_ON_STACK * 2);
        memcpy(list, to->list, sizeof *list * (size_t)to->count);
        to->list = list;
        to->capacity = TOKENS_ON_STACK * 2;
    } else if (!on_stack && to->count == to->capacity) {
        struct token *list = ARENA_ARRAY(binder->spec.arena, struct token, to->capacity * 2);
        memcpy(list, to->list, sizeof *list * (size_t)to->count);
        to->list = list;
        to->capacity *= 2;
    }
    to->list[to->count++] = token;
}

#define SPINE_ON_STACK 16

/* Operators lean to the left, so the left spine is walked and the right sides recursed into: those are no deeper
   than the reader's nesting. */
static void flatten(struct tokens *to, const struct node *node, bool sums)
{
    int depth = 0;
    const struct node *left = node, *near[SPINE_ON_STACK], **spine = near;
    for (; left->kind != NODE_BOUND && is_phrase_op(left, sums); left = left->left)
        depth++;
    if (depth > SPINE_ON_STACK)
        spine = ARENA_ARRAY(to->binder->spec.arena, const struct node *, depth);
    for (int i = depth; i-- > 0; node = node->left)
        spine[i] = node;
    if (left->kind == NODE_BOUND) {
        push(to, (struct token){left, left->op, false});
        flatten(to, left->left, sums);
    } else {
        push(to, (struct token){left, OP_NONE, false});
    }
    for (int i = 0; i < depth; i++) {
        push(to, (struct token){spine[i], spine[i]->op, false});
        flatten(to, spine[i]->right, sums);
    }
}

void tokens_open(struct tokens *tokens, struct binder *binder, const struct scope *scope,
                 const struct field_row *field, const struct entry *entry, bool sums)
{
    *tokens = (struct tokens){.binder = binder, .scope = scope, .field = field, .entry = entry};
    tokens->errors_before = binder->spec.diagnostics->errors;
    if (!binder->tokens)
        binder->tokens = ARENA_ARRAY(binder->spec.arena, struct token, TOKENS_ON_STACK);
    tokens->list = binder->tokens + binder->tokens_used;
    for (const struct node *item = entry->items; item; item = item->next) {
        if (item->kind == NODE_COMMA)
            push(tokens, (struct token){item, OP_NONE, true});
        else
            flatten(tokens, item, sums);
    }
    if (tokens->list == binder->tokens + binder->tokens_used)
        binder->tokens_used += tokens->count;
}

bool take_word(struct tokens *tokens, const char *word)
{
    const struct token *token = tokens_peek(tokens, 0);
    if (!token || token->comma || token->op || token->node->kind != NODE_NAME ||
        strcmp(token->node->name, word))
        return false;
    tokens->at++;
    return true;
}

bool take_op(struct tokens *tokens, enum node_op op)
{
    const struct token *token = tokens_peek(tokens, 0);
    if (!token || token->op != op || op == OP_NONE)
        return false;
    tokens->at++;
    return true;
}

bool take_comma(struct tokens *tokens)
{
    const struct token *token = tokens_peek(tokens, 0);
    if (!token || !token->comma)
        return false;
    tokens->at++;
    return true;
}

const struct node *peek_value(const struct tokens *tokens)
{
    const struct token *token = tokens_peek(tokens, 0);
    return token && !token->comma && !token->op ? token->node : NULL;
}

const struct node *take_value(struct tokens *tokens)
{
    const struct node *node = peek_value(tokens);
    if (node)
        tokens->at++;
    return node;
}

struct value take_typed(struct tokens *tokens, const char *type, bool *ok)
{
    const struct token *ahead = tokens_peek(tokens, 0);
    bool none = ahead && ahead->node->kind == NODE_NAME && !strcmp(ahead->node->name, "per");
    const struct node *node =
        none ? NULL : take_value(tokens); /* `cost per order`: the money lacks */
    if (!node) {
        if (*ok)
            tokens_fail(tokens);
        *ok = false;
        return poison(tokens->entry->span);
    }
    struct slot slot = {{slot_type_find(type, strlen(type)), NULL, NULL}, NULL};
    return coerce(tokens->binder, tokens->scope, tokens->field, &slot, node, NULL);
}

struct value take_name(struct tokens *tokens, bool *ok)
{
    struct value name = take_typed(tokens, "new", ok);
    *ok = *ok && name.kind == VALUE_WORD;
    return name;
}

void tokens_fail(struct tokens *tokens)
{
    if (tokens->binder->spec.diagnostics->errors > tokens->errors_before)
        return; /* a value of this very phrase was told of: what is left over follows from it */
    const struct token *token = tokens_peek(tokens, 0);
    const struct token *before = tokens->at > 0 ? &tokens->list[tokens->at - 1] : NULL;
    phrase_error(tokens->binder, tokens->field, tokens->entry, token ? token->node : NULL,
                 before && !before->op && !before->comma ? before->node : NULL);
}

bool tokens_end(struct tokens *tokens)
{
    if (tokens->at == tokens->count)
        return true;
    tokens_fail(tokens);
    return false;
}

void *row_new(struct binder *binder, size_t size, struct span span)
{
    struct row *row = arena_alloc(binder->spec.arena, size);
    row->span = span;
    return row;
}

/* ---- errors ---- */

void phrase_error(struct binder *binder, const struct field_row *field, const struct entry *entry,
                  const struct node *at, const struct node *before)
{
    struct diagnostics *list = binder->spec.diagnostics;
    const char *name = entry->head;
    /* `5 mins`, `22 QQD/h`: where the phrase has no such word, a word after a bare number is meant as its unit */
    const struct node *word = at;
    while (word && word->kind == NODE_BINARY)
        word = word->left;
    if (word && word->kind == NODE_NAME && before && before->kind == NODE_NUMBER) {
        struct diagnostic *d =
            report(list, RULE_unknown_unit, word->span, "there is no unit `%s`", word->name);
        const char *near = unit_suggest(word->name);
        if (near) {
            set_help(list, d, "write `%s`", near);
            add_fix(list, d, FIX_LIKELY, word->span, near, "write `%s`", near);
        }
        return;
    }
    struct span span = at             ? at->span
                       : entry->items ? span_join(entry_head_span(entry), entry->span)
                                      : entry_head_span(entry);
    struct diagnostic *d =
        at ? report(list, RULE_bad_phrase, span, "this does not fit the phrase of `%s`", name)
           : report(list, RULE_bad_phrase, span, "the phrase of `%s` is not complete", name);
    set_help(list, d, "write: %s %s", name, field_phrase(field));
}

/* ---- matching ---- */

struct matcher {
    struct tokens tokens;
    const struct phrase *phrase;
    struct value *slots;
    const struct node *failed_at, *failed_before;
    bool failed;
};

static bool mismatch(struct matcher *matcher)
{
    if (!matcher->failed) {
        const struct token *token = tokens_peek(&matcher->tokens, 0);
        const struct token *before =
            matcher->tokens.at > 0 ? &matcher->tokens.list[matcher->tokens.at - 1] : NULL;
        matcher->failed_at = token ? token->node : NULL;
        matcher->failed_before = before && !before->op && !before->comma ? before->node : NULL;
        matcher->failed = true;
    }
    return false;
}

/* Whether a slot may begin at this value: told apart only as far as optional slots need it. */
static bool slot_begins(const struct slot *slot, const struct node *node)
{
    if (slot->words) {
        for (const char *const *word = slot->words; *word; word++)
            if (node->kind == NODE_NAME && strcmp(*word, node->name) == 0)
                return true;
        return false;
    }
    enum slot_class class = slot->types[0]->class;
    if (class == SLOT_TEXT || class == SLOT_FILE)
        return node->kind == NODE_TEXT;
    if (class == SLOT_COUNT || class == SLOT_NUMBER)
        return node->kind != NODE_TEXT && node->kind != NODE_NAME;
    return true;
}

static bool element_begins(const struct matcher *matcher, const struct element *element)
{
    const struct token *token = tokens_peek(&matcher->tokens, 0);
    if (!token || token->comma)
        return false;
    switch (element->kind) {
    case ELEMENT_WORD:
        return !token->op && token->node->kind == NODE_NAME &&
               strcmp(token->node->name, element->word) == 0;
    case ELEMENT_OPERATOR:
        return token->op == element->operator;
    case ELEMENT_SLOT:
        return !token->op && slot_begins(&matcher->phrase->slots[element->slot], token->node);
    case ELEMENT_OPTIONAL:
    case ELEMENT_EITHER:
        return element_begins(matcher, element + 1);
    }
    return false;
}

/* The quantity whose unit a bare number before `x` borrows. */
static const struct node *unit_ahead(const struct matcher *matcher)
{
    const struct tokens *tokens = &matcher->tokens;
    const struct node *found = NULL;
    for (int i = tokens->at + 1; i + 1 < tokens->count && tokens->list[i].op == OP_TIMES; i += 2)
        if (tokens->list[i + 1].node->kind == NODE_QUANTITY)
            found = tokens->list[i + 1].node;
    return found;
}

static bool match_slot(struct matcher *matcher, const struct element *element)
{
    const struct node *unit_from = unit_ahead(matcher);
    const struct token *token = tokens_peek(&matcher->tokens, 0);
    const struct slot *slot = &matcher->phrase->slots[element->slot];
    if (!token || token->op || token->comma ||
        (slot->words && !slot_begins(slot, token->node) && token->node->kind != NODE_BY))
        return mismatch(matcher);
    matcher->tokens.at++;
    /* a bare number with a word behind it that nothing takes is an unknown unit: left to the end of the phrase */
    matcher->slots[element->slot] = (struct value){.kind = VALUE_ABSENT, .span = token->node->span};
    matcher->slots[element->slot].text = (const struct text *)(const void *)token->node;
    matcher->slots[element->slot].origin = (const struct origin *)(const void *)unit_from;
    matcher->slots[element->slot].flags = 1;
    return true;
}

static bool match_range(struct matcher *matcher, int begin, int end)
{
    for (int i = begin; i < end; i++) {
        const struct element *element = &matcher->phrase->elements[i];
        switch (element->kind) {
        case ELEMENT_WORD:
            if (!take_word(&matcher->tokens, element->word))
                return mismatch(matcher);
            break;
        case ELEMENT_OPERATOR:
            if (!take_op(&matcher->tokens, (enum node_op)element->operator))
                return mismatch(matcher);
            break;
        case ELEMENT_SLOT:
            if (!match_slot(matcher, element))
                return false;
            break;
        case ELEMENT_OPTIONAL:
            if (element_begins(matcher, element + 1) &&
                !match_range(matcher, i + 1, i + 1 + element->length))
                return false;
            i += element->length;
            break;
        case ELEMENT_EITHER: {
            int second = i + 1 + element->length, after = second + element->other;
            bool first = element_begins(matcher, element + 1);
            if (!match_range(matcher, first ? i + 1 : second, first ? second : after))
                return false;
            i = after - 1;
            break;
        }
        }
    }
    return true;
}

/* The nodes that the slots caught become values. Only done once the whole phrase fits, so that one mistake in the
   words gives one message. */
static void fill_slots(struct matcher *matcher, struct value *slots)
{
    const struct tokens *tokens = &matcher->tokens;
    bool was_bare = false;
    for (int i = 0; i < matcher->phrase->slot_count; i++) {
        if (!slots[i].flags)
            continue;
        const struct node *node = (const struct node *)(const void *)slots[i].text;
        const struct node *unit_from = (const struct node *)(const void *)slots[i].origin;
        bool again = i > 0 && was_bare && node->kind == NODE_NUMBER && !unit_from;
        was_bare = node->kind == NODE_NUMBER && !unit_from;
        if (again &&
            slots[i - 1].kind == VALUE_POISON) { /* `1 x 2 x 3` lacks one unit, not three */
            slots[i] = poison(node->span);
            continue;
        }
        slots[i] = coerce(tokens->binder, tokens->scope, tokens->field, &matcher->phrase->slots[i],
                          node, unit_from);
    }
}

static bool match_rows(struct matcher *matcher, struct row **first)
{
    struct row **end = first;
    const struct phrase *phrase = matcher->phrase;
    int begin = 0;
    for (;;) {
        const struct token *token = tokens_peek(&matcher->tokens, 0);
        uint32_t at = token ? token->node->span.begin : 0;
        struct row *row =
            row_new(matcher->tokens.binder, matcher->tokens.field->row_size, SPAN_NONE);
        matcher->slots = (struct value *)(row + 1);
        if (!match_range(matcher, begin, phrase->element_count))
            return false;
        const struct token *last = &matcher->tokens.list[matcher->tokens.at - 1];
        row->span = (struct span){at, last->node->span.end};
        *end = row;
        end = (struct row **)(void *)&row->next;
        if (phrase->repeat_from < 0 || !take_comma(&matcher->tokens))
            break;
        begin = phrase->repeat_from;
    }
    return matcher->tokens.at == matcher->tokens.count || mismatch(matcher);
}

static struct row *match_phrase(struct binder *binder, const struct scope *scope,
                                const struct field_row *field, const struct entry *entry)
{
    struct matcher matcher = {.phrase = phrase_of(field)};
    tokens_open(&matcher.tokens, binder, scope, field, entry, false);
    struct row *rows = NULL;
    if (!matcher.tokens.count || !match_rows(&matcher, &rows)) {
        phrase_error(binder, field, entry, matcher.failed_at, matcher.failed_before);
        return NULL;
    }
    for (struct row *row = rows; row; row = (struct row *)(void *)(uintptr_t)row->next)
        fill_slots(&matcher, (struct value *)(row + 1));
    return rows;
}

struct row *match_entry(struct binder *binder, const struct scope *scope,
                        const struct field_row *field, const struct entry *entry)
{
    int used = binder->tokens_used;
    struct row *rows = field->special ? match_special(binder, scope, field, entry)
                                      : match_phrase(binder, scope, field, entry);
    binder->tokens_used = used;
    return rows;
}
