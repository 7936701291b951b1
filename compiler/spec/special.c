/* Fields of parts, products, prices and packets that no phrase describes. */
#include "spec/tokens.h"

#include "spec/special.h"

#include <string.h>

/* ---- dimension NAME <size> [class] [gauge <text>] ---- */

static struct value sized(struct size *size, struct span span)
{
    size->span = span;
    return (struct value){.kind = VALUE_SIZE, .span = span, .size = size};
}

/* The quantities of one size have one dimension. */
static bool same_dimension(struct binder *binder, const struct value *a, const struct value *b)
{
    if (a->kind != VALUE_NUMBER || b->kind != VALUE_NUMBER)
        return false;
    if (dimension_equal(a->dimension, b->dimension))
        return true;
    report(binder->spec.diagnostics, RULE_unit_mismatch, b->span,
           "the limit is %s, and the size is %s", dimension_words(b->dimension),
           dimension_words(a->dimension));
    return false;
}

static struct value number_here(struct tokens *tokens, bool *ok)
{
    const struct node *node = take_value(tokens);
    if (!node) {
        if (*ok)
            tokens_fail(tokens);
        *ok = false;
        return poison(tokens->entry->span);
    }
    struct value value = evaluate(tokens->binder, tokens->scope, node);
    if (value.kind == VALUE_NUMBER || value.kind == VALUE_POISON)
        return value;
    report(tokens->binder->spec.diagnostics, RULE_bad_phrase, node->span, "a size is asked here");
    return poison(node->span);
}

/* A limit may be a sum: 0.1 mm * 3 + 0.7 mm. */
static struct value sum_here(struct tokens *tokens, bool *ok)
{
    struct value sum = number_here(tokens, ok);
    while (*ok) {
        const struct token *token = tokens_peek(tokens, 0);
        if (!take_op(tokens, OP_ADD) && !take_op(tokens, OP_SUBTRACT))
            break;
        struct value term = number_here(tokens, ok);
        sum = arithmetic(tokens->binder, (enum node_op)token->op, sum, term, token->node->span);
    }
    return sum;
}

/* Terms behind the nominal, written + and -: one of them is a sum, both are limits. */
static void sum_limits(struct tokens *tokens, struct size *size, bool *ok)
{
    struct value upper = size->nominal, lower = size->nominal;
    bool plus = false, minus = false;
    for (;;) {
        bool add = take_op(tokens, OP_ADD);
        if (!add && !take_op(tokens, OP_SUBTRACT))
            break;
        struct value term = number_here(tokens, ok);
        if (!*ok || !same_dimension(tokens->binder, &size->nominal, &term)) {
            size->nominal.kind = VALUE_POISON;
            return;
        }
        plus |= add;
        minus |= !add;
        if (add)
            upper.number = rational_add(upper.number, term.number);
        else
            lower.number = rational_subtract(lower.number, term.number);
    }
    if (plus && minus) {
        upper.flags = lower.flags = (uint8_t)(upper.flags & ~VALUE_WRITTEN);
        size->upper = upper;
        size->lower = lower;
        size->form = SIZE_LIMITS;
    } else if (plus || minus) { /* only a sum: 20 mm + 3 mm */
        size->nominal.number = plus ? upper.number : lower.number;
        size->nominal.flags &= (uint8_t)~VALUE_WRITTEN;
    }
}

static void plus_minus(struct tokens *tokens, struct size *size, bool *ok)
{
    struct value by = sum_here(tokens, ok);
    if (by.kind == VALUE_NUMBER && size->nominal.kind == VALUE_NUMBER &&
        rational_sign(by.number) < 0) {
        report(tokens->binder->spec.diagnostics, RULE_out_of_range, by.span,
               "a tolerance cannot be negative");
        size->nominal.kind = VALUE_POISON;
        return;
    }
    if (!*ok || !same_dimension(tokens->binder, &size->nominal, &by)) {
        size->nominal.kind = VALUE_POISON;
        return;
    }
    size->form = SIZE_LIMITS;
    size->lower = size->upper = size->nominal;
    size->lower.number = rational_subtract(size->nominal.number, by.number);
    size->upper.number = rational_add(size->nominal.number, by.number);
    size->lower.flags &= (uint8_t)~VALUE_WRITTEN;
    size->upper.flags &= (uint8_t)~VALUE_WRITTEN;
}

/* lower .. upper, held against the nominal's dimension where there is one. */
static void limits(struct tokens *tokens, struct size *size, bool *ok)
{
    size->lower = sum_here(tokens, ok);
    if (*ok && !take_op(tokens, OP_RANGE)) {
        tokens_fail(tokens);
        *ok = false;
    }
    if (*ok)
        size->upper = sum_here(tokens, ok);
    if (!*ok)
        return;
    bool nominal = size->nominal.kind == VALUE_NUMBER;
    bool fits = (!nominal || same_dimension(tokens->binder, &size->nominal, &size->lower)) &&
                same_dimension(tokens->binder, &size->lower, &size->upper);
    if (!fits) {
        size->nominal.kind = VALUE_POISON;
    } else if (rational_compare(size->lower.number, size->upper.number) > 0) {
        report(tokens->binder->spec.diagnostics, RULE_out_of_range,
               span_join(size->lower.span, size->upper.span), "the range is empty");
        size->nominal.kind = VALUE_POISON;
    }
}

static bool one_sided(struct tokens *tokens, struct size *size, bool *ok)
{
    bool most = take_op(tokens, OP_AT_MOST);
    if (!most && !take_op(tokens, OP_AT_LEAST))
        return false;
    struct value value = sum_here(tokens, ok);
    size->form = most ? SIZE_AT_MOST : SIZE_AT_LEAST;
    *(most ? &size->upper : &size->lower) = value;
    if (value.kind == VALUE_POISON)
        size->nominal.kind = VALUE_POISON;
    return true;
}

static void scale_name(struct tokens *tokens, struct size *size, bool *ok)
{
    const struct node *node = peek_value(tokens);
    if (node && node->kind == NODE_TEXT) {
        size->scale = canonical_case(tokens->binder, node);
        tokens->at++;
    } else if (size->lower.kind == VALUE_NUMBER && !size->lower.unit) {
        tokens_fail(tokens); /* a bare scale has a name */
        *ok = false;
    }
}

static struct value read_size(struct tokens *tokens, bool *ok)
{
    struct size *size = ARENA_NEW(tokens->binder->spec.arena, struct size);
    const struct token *first = tokens_peek(tokens, 0);
    struct span begin = first ? first->node->span : tokens->entry->span;
    if (first && first->node->kind == NODE_BY && !first->op) {
        tokens->at++;
        return sized_by(tokens, first->node, ok);
    }
    if (!one_sided(tokens, size, ok)) {
        const struct token *next = tokens_peek(tokens, 1);
        if (next && next->op == OP_RANGE) { /* 40 .. 44 "HRC", or 4 mm .. 5 mm */
            size->form = SIZE_SCALE;
            limits(tokens, size, ok);
            if (*ok)
                scale_name(tokens, size, ok);
        } else {
            size->form = SIZE_BARE;
            size->nominal = number_here(tokens, ok);
            if (*ok)
                sum_limits(tokens, size, ok);
            if (*ok && take_op(tokens, OP_PLUS_MINUS)) {
                plus_minus(tokens, size, ok);
            } else if (*ok && take_op(tokens, OP_WITHIN)) {
                size->form = SIZE_LIMITS;
                limits(tokens, size, ok);
            }
        }
    }
    if (!*ok || size->nominal.kind == VALUE_POISON)
        return poison(begin);
    bool bare = size->form != SIZE_SCALE && size->nominal.kind == VALUE_NUMBER &&
                dimension_equal(size->nominal.dimension, DIMENSION_NONE);
    if (bare) {
        report(tokens->binder->spec.diagnostics, RULE_unit_mismatch, size->nominal.span,
               "a size is a quantity, and this is a number without a unit");
        return poison(begin);
    }
    const struct token *last = &tokens->list[tokens->at - 1];
    return sized(size, (struct span){begin.begin, last->node->span.end});
}

/* by size: small -> 4 mm +/- 0.1 mm, ...: each case is a size of its own. */
struct value sized_by(struct tokens *tokens, const struct node *by, bool *ok)
{
    struct choice *choice = choice_open(tokens->binder, tokens->scope, by);
    struct choice_case *to = choice->cases;
    for (const struct node *at = by->left; at; at = at->next, to++) {
        struct entry entry = *tokens->entry;
        entry.items = at->right;
        struct tokens inner;
        tokens_open(&inner, tokens->binder, tokens->scope, tokens->field, &entry, true);
        to->value = read_size(&inner, ok);
        if (*ok)
            *ok = tokens_end(&inner);
    }
    return (struct value){.kind = VALUE_CHOICE, .span = by->span, .choice = choice};
}

static bool take_class(struct tokens *tokens, struct value *class)
{
    const struct node *node = peek_value(tokens);
    if (!node || node->kind != NODE_NAME)
        return false;
    for (const char *const *word = (const char *const[]){"critical", "major", "minor", NULL}; *word;
         word++)
        if (take_word(tokens, *word)) {
            *class = (struct value){.kind = VALUE_WORD, .span = node->span, .word = node->name};
            return true;
        }
    return false;
}

struct row *special_dimension(struct tokens *tokens)
{
    bool ok = true;
    struct dimension_row *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->name = take_name(tokens, &ok);
    if (ok)
        row->size = read_size(tokens, &ok);
    if (ok)
        take_class(tokens, &row->class);
    if (ok && take_word(tokens, "gauge"))
        row->gauge = take_typed(tokens, "text", &ok);
    row->part = tokens->scope->self;
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}

bool special_class(struct tokens *tokens, struct value *class)
{
    return take_class(tokens, class);
}

/* ---- allow <rule> <text> ---- */

struct row *special_allow(struct tokens *tokens)
{
    bool ok = true;
    struct allowance *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->rule = take_name(tokens, &ok);
    if (ok)
        row->reason = take_typed(tokens, "text", &ok);
    if (!ok || !tokens_end(tokens))
        return NULL;
    if (rule_find(row->rule.word) == RULE_COUNT) {
        struct diagnostics *list = tokens->binder->spec.diagnostics;
        struct diagnostic *d = report(list, RULE_unknown_name, row->rule.span,
                                      "there is no rule `%s`", row->rule.word);
        int nearest = 1000, best = -1;
        for (int i = 0; i < RULE_COUNT; i++)
            if (edit_distance(row->rule.word, rule_rows[i].name) < nearest)
                nearest = edit_distance(row->rule.word, rule_rows[best = i].name);
        if (best >= 0 && close_enough(row->rule.word, nearest))
            set_help(list, d, "did you mean `%s`?", rule_rows[best].name);
        return NULL;
    }
    row->used = ARENA_NEW(tokens->binder->spec.arena, bool);
    return (struct row *)row;
}

/* ---- variant <axis> <case>,... ---- */

#define CASES_AT_MOST 1000

struct row *special_variant(struct tokens *tokens)
{
    bool ok = true;
    struct axis *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->name = take_name(tokens, &ok);
    row->cases = ARENA_ARRAY(tokens->binder->spec.arena, struct value, tokens->count + 1);
    while (ok) {
        struct value one = take_typed(tokens, "case", &ok);
        for (int i = 0; ok && i < row->count; i++)
            if (one.kind == VALUE_WORD && row->cases[i].word == one.word) {
                struct diagnostic *d = report(tokens->binder->spec.diagnostics, RULE_duplicate_name,
                                              one.span, "the case `%s` is there already", one.word);
                add_label(tokens->binder->spec.diagnostics, d, row->cases[i].span, "first here");
                one.kind = VALUE_POISON;
            }
        if (ok && row->count == CASES_AT_MOST) {
            report(tokens->binder->spec.diagnostics, RULE_out_of_range, one.span,
                   "an axis has at most %d cases", CASES_AT_MOST);
            return NULL;
        }
        if (ok && one.kind == VALUE_WORD)
            row->cases[row->count++] = one;
        if (!take_comma(tokens))
            break;
    }
    return ok && tokens_end(tokens) && row->count ? (struct row *)row : NULL;
}

/* ---- stack <name> <dimensions added and subtracted> at least|at most <length> ---- */

static bool stack_term(struct tokens *tokens, const struct stack_term ***end, bool subtracted)
{
    const struct node *node = take_value(tokens);
    if (!node) {
        tokens_fail(tokens);
        return false;
    }
    struct stack_term *term = ARENA_NEW(tokens->binder->spec.arena, struct stack_term);
    term->subtracted = subtracted;
    term->dimension = evaluate(tokens->binder, tokens->scope, node);
    bool dimension = term->dimension.kind == VALUE_MEMBER && term->dimension.member->dimension;
    if (!dimension && term->dimension.kind != VALUE_POISON) {
        report(tokens->binder->spec.diagnostics, RULE_wrong_kind, node->span,
               "a dimension of a part is asked here");
        term->dimension = poison(node->span);
    }
    **end = term;
    *end = &term->next;
    return true;
}

struct row *special_stack(struct tokens *tokens)
{
    bool ok = true;
    struct stack *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    const struct stack_term **end = &row->terms;
    row->name = take_name(tokens, &ok);
    bool subtracted = ok && take_op(tokens, OP_SUBTRACT);
    if (ok && !subtracted)
        take_op(tokens, OP_ADD);
    while (ok && stack_term(tokens, &end, subtracted)) {
        subtracted = take_op(tokens, OP_SUBTRACT);
        if (!subtracted && !take_op(tokens, OP_ADD))
            break;
    }
    if (!ok || !row->terms)
        return NULL;
    row->at_least = take_op(tokens, OP_AT_LEAST);
    if (!row->at_least && !take_op(tokens, OP_AT_MOST)) {
        tokens_fail(tokens);
        return NULL;
    }
    const struct node *limit = take_value(tokens);
    if (!limit) {
        tokens_fail(tokens);
        return NULL;
    }
    row->limit = evaluate(tokens->binder, tokens->scope, limit);
    if (row->limit.kind == VALUE_NUMBER && row->limit.dimension.length != 1) {
        report(tokens->binder->spec.diagnostics, RULE_unit_mismatch, limit->span,
               "a length is asked here, and this is %s", dimension_words(row->limit.dimension));
        row->limit = poison(limit->span);
    }
    return tokens_end(tokens) ? (struct row *)row : NULL;
}

/* ---- sell [for <case>,...] <count> -> <money>,... ---- */

static bool sell_cases(struct tokens *tokens, struct sell *row)
{
    const struct sell_case **end = &row->cases;
    for (;;) {
        bool ok = true;
        struct sell_case *one = ARENA_NEW(tokens->binder->spec.arena, struct sell_case);
        one->value = take_typed(tokens, "case", &ok);
        if (!ok)
            return false;
        *end = one;
        end = &one->next;
        if (!take_comma(tokens))
            return true;
    }
}

struct row *special_sell(struct tokens *tokens)
{
    bool ok = true;
    struct sell *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    if (take_word(tokens, "for") && !sell_cases(tokens, row))
        return NULL;
    const struct sell_break **end = &row->breaks;
    do {
        struct sell_break *one = ARENA_NEW(tokens->binder->spec.arena, struct sell_break);
        one->quantity = take_typed(tokens, "count", &ok);
        if (ok && !take_op(tokens, OP_ARROW)) {
            tokens_fail(tokens);
            return NULL;
        }
        if (ok)
            one->price = take_typed(tokens, "money", &ok);
        one->span = span_join(one->quantity.span, one->price.span);
        *end = one;
        end = &one->next;
    } while (ok && take_comma(tokens));
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}

/* ---- fee <name> [<ratio>] [+ <money> per order] ---- */

struct row *special_fee(struct tokens *tokens)
{
    bool ok = true;
    struct fee *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->name = take_name(tokens, &ok);
    if (ok && peek_value(tokens))
        row->ratio = take_typed(tokens, "ratio", &ok);
    if (ok && take_op(tokens, OP_ADD)) {
        row->fixed = take_typed(tokens, "money", &ok);
        if (ok && !(take_word(tokens, "per") && take_word(tokens, "order"))) {
            tokens_fail(tokens);
            return NULL;
        }
    }
    if (ok && row->ratio.kind == VALUE_ABSENT && row->fixed.kind == VALUE_ABSENT) {
        tokens_fail(tokens);
        return NULL;
    }
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}

/* ---- disclose <kind>.<field>|<name>.<field> <text> ---- */

static struct value disclosed(struct tokens *tokens, const struct node *node)
{
    if (node->kind == NODE_MEMBER && node->left->kind == NODE_NAME &&
        !lookup(tokens->binder, tokens->scope, node->left->name)) {
        enum kind kind = kind_find(node->left->name);
        if (kind != KIND_none && field_find(kind, node->name))
            return (struct value){.kind = VALUE_WORD,
                                  .span = node->span,
                                  .word =
                                      intern_text(tokens->binder->spec.names,
                                                  arena_printf(tokens->binder->spec.arena, "%s.%s",
                                                               node->left->name, node->name))};
    }
    if (node->kind != NODE_MEMBER || node->left->kind != NODE_NAME) {
        tokens->at--;
        tokens_fail(tokens);
        return poison(node->span);
    }
    struct declaration *of = lookup(tokens->binder, tokens->scope, node->left->name);
    if (!of && kind_find(node->left->name) != KIND_none) {
        report(tokens->binder->spec.diagnostics, RULE_unknown_name, node->span, "a %s has no `%s`",
               node->left->name, node->name);
        return poison(node->span);
    }
    if (!of) {
        report_unknown(tokens->binder, tokens->scope, node->left->span, node->left->name,
                       KIND_none);
        return poison(node->span);
    }
    const struct field_row *field = field_find(of->kind, node->name);
    if (!field) {
        if (of->kind != KIND_none)
            report(tokens->binder->spec.diagnostics, RULE_unknown_name, node->span,
                   "%s `%s` has no `%s`", kind_rows[of->kind].name, of->name, node->name);
        return poison(node->span);
    }
    mention(of, node->left->span);
    mention_member(of, node);
    struct member *member = ARENA_NEW(tokens->binder->spec.arena, struct member);
    *member = (struct member){of, node->name, NULL, field};
    return (struct value){.kind = VALUE_MEMBER, .span = node->span, .member = member};
}

struct row *special_disclose(struct tokens *tokens)
{
    bool ok = true;
    struct disclosure *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    const struct node *node = take_value(tokens);
    if (!node) {
        tokens_fail(tokens);
        return NULL;
    }
    row->what = disclosed(tokens, node);
    if (row->what.kind == VALUE_POISON)
        return NULL;
    row->reason = take_typed(tokens, "text", &ok);
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}
