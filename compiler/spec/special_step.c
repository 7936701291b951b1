/* Fields of steps that no phrase describes, and the table of all such fields. */
#include "spec/special.h"

#include <string.h>

/* ---- do <text> {...}, ... ---- */

struct row *special_do(struct tokens *tokens)
{
    struct binder *binder = tokens->binder;
    struct instruction *first = NULL, *last = NULL;
    bool ok = true;
    do {
        struct instruction *row = row_new(binder, sizeof *row, tokens->entry->span);
        row->text = take_typed(tokens, "text", &ok);
        if (!first)
            first = row;
        else
            last->next = row;
        last = row;
    } while (ok && take_comma(tokens));
    if (!ok || !tokens_end(tokens))
        return NULL;
    if (tokens->entry->has_block) /* the block is the last line's */
        bind_block(binder, tokens->scope, last, KIND_do, tokens->entry->block, tokens->scope->self,
                   tokens->entry);
    return (struct row *)first;
}

/* ---- record <name> [(<unit>|<text>)] ---- */

struct row *special_record(struct tokens *tokens)
{
    bool ok = true;
    struct parameter *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->unit = -1;
    row->name = take_name(tokens, &ok);
    const struct node *node = ok ? peek_value(tokens) : NULL;
    if (node && node->kind == NODE_GROUP)
        node = node->left;
    if (node && node->kind == NODE_TEXT) {
        tokens->at++;
        row->title = evaluate(tokens->binder, tokens->scope, node);
    } else if (node) { /* a unit stands as written, up to the end of the line: rpm, l/min */
        struct span span = {node->span.begin, tokens->list[tokens->count - 1].node->span.end};
        const char *text = span_text(tokens->binder->spec.sources, span);
        bool known;
        uint32_t length = span.end - span.begin;
        while (length && (text[length - 1] == ')' || text[length - 1] == ' '))
            length--;
        uint16_t unit = unit_index(tokens->binder, text, length, span, &known);
        if (!known)
            return NULL;
        row->unit = unit;
        tokens->at = tokens->count;
    }
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}

/* ---- sample <plan> ---- */

static bool take_level(struct tokens *tokens, struct sample *row)
{
    static const char *const levels[] = {"I", "II", "III", "S1", "S2", "S3", "S4"};
    row->level = "II";
    if (!take_word(tokens, "level"))
        return true;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (take_word(tokens, levels[i])) {
            row->level = levels[i];
            return true;
        }
    tokens_fail(tokens);
    return false;
}

struct row *special_sample(struct tokens *tokens)
{
    bool ok = true;
    struct sample *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    row->level = "II";
    if (take_word(tokens, "all")) {
        row->form = SAMPLE_ALL;
    } else if (take_word(tokens, "first")) {
        row->form = SAMPLE_FIRST;
        row->number = take_typed(tokens, "count", &ok);
        if (ok && take_word(tokens, "per")) {
            row->form = SAMPLE_FIRST_PER_BATCH;
            ok = take_word(tokens, "batch") || (tokens_fail(tokens), false);
        }
    } else if (take_word(tokens, "every")) {
        row->form = SAMPLE_EVERY;
        row->number = take_typed(tokens, "count", &ok);
    } else if (take_word(tokens, "aql")) {
        row->form = SAMPLE_AQL;
        row->number = take_typed(tokens, "number", &ok);
        ok = ok && take_level(tokens, row);
    } else if (take_word(tokens, "zero")) {
        bool aql = take_word(tokens, "aql");
        if (!aql && !take_word(tokens, "ltpd")) {
            tokens_fail(tokens);
            return NULL;
        }
        row->form = aql ? SAMPLE_ZERO_AQL : SAMPLE_ZERO_LTPD;
        row->number = take_typed(tokens, aql ? "number" : "ratio", &ok);
    } else {
        const struct token *per = tokens_peek(tokens, 1);
        const struct node *number = peek_value(tokens);
        if (number && number->kind == NODE_NAME &&
            !per) { /* `sample some`: a word, and none of ours */
            tokens_fail(tokens);
            return NULL;
        }
        row->form = SAMPLE_PER_BATCH;
        row->number = take_typed(tokens, "count", &ok);
        ok = ok && ((take_word(tokens, "per") && take_word(tokens, "batch")) ||
                    (tokens_fail(tokens), false));
    }
    if (!ok || !tokens_end(tokens))
        return NULL;
    if (row->form == SAMPLE_ZERO_LTPD && row->number.kind == VALUE_NUMBER &&
        (rational_sign(row->number.number) <= 0 ||
         rational_compare(row->number.number, RATIONAL_ONE) > 0)) {
        report(tokens->binder->spec.diagnostics, RULE_out_of_range, row->number.span,
               "a defect rate is over 0%% and at most 100%%");
        row->number = poison(row->number.span);
    }
    return (struct row *)row;
}

/* ---- check ... ---- */

static bool check_defects(struct tokens *tokens, struct check *row)
{
    static const struct slot_type defect = {"defect", SLOT_REFERENCE, {0}, KIND_defect};
    static const struct slot slot = {{&defect, NULL, NULL}, NULL};
    const struct simple **end = &row->defects;
    row->form = CHECK_DEFECTS;
    if (!take_word(tokens, "of")) {
        tokens_fail(tokens);
        return false;
    }
    for (;;) {
        const struct node *node = take_value(tokens);
        if (!node) {
            tokens_fail(tokens);
            return false;
        }
        struct simple *one = row_new(tokens->binder, sizeof *one, node->span);
        one->value = coerce(tokens->binder, tokens->scope, tokens->field, &slot, node, NULL);
        *end = one;
        end = &one->next;
        if (!take_comma(tokens))
            return true;
    }
}

static bool check_dimension(struct tokens *tokens, struct check *row)
{
    const struct node *node = take_value(tokens);
    row->form = CHECK_DIMENSION;
    row->name = evaluate(tokens->binder, tokens->scope, node);
    bool dimension = row->name.kind == VALUE_MEMBER && row->name.member->dimension;
    if (!dimension && row->name.kind != VALUE_POISON) {
        report(tokens->binder->spec.diagnostics, RULE_wrong_kind, node->span,
               "`check` asks for a dimension of a part here");
        row->name = poison(node->span);
    }
    return true;
}

struct row *special_check(struct tokens *tokens)
{
    struct check *first = NULL, *last = NULL;
    bool ok = true;
    do {
        struct check *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
        const struct node *node = peek_value(tokens);
        if (!node) {
            tokens_fail(tokens);
            return NULL;
        }
        if (node->kind == NODE_MEMBER) {
            ok = check_dimension(tokens, row);
        } else {
            row->name = take_name(tokens, &ok);
            if (ok && take_word(tokens, "none")) {
                ok = check_defects(tokens, row);
            } else if (ok) {
                row->form = strcmp(row->name.word, "count") ? CHECK_TEXT : CHECK_COUNT;
                row->text = take_typed(tokens, "text", &ok);
                if (ok)
                    special_class(tokens, &row->class);
            }
        }
        if (!first)
            first = row;
        else
            last->next = row;
        last = row;
    } while (ok && take_comma(tokens));
    return ok && tokens_end(tokens) ? (struct row *)first : NULL;
}

/* ---- cost <money> per <basis> [+ <money> per <basis>] [at least <money>] ---- */

struct row *special_cost(struct tokens *tokens)
{
    bool ok = true;
    struct charge *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
    const struct charge_term **end = &row->terms;
    do {
        struct charge_term *term = ARENA_NEW(tokens->binder->spec.arena, struct charge_term);
        term->money = take_typed(tokens, "money", &ok);
        if (ok && !take_word(tokens, "per")) {
            tokens_fail(tokens);
            return NULL;
        }
        if (ok)
            term->basis = take_typed(tokens, "basis", &ok);
        *end = term;
        end = &term->next;
    } while (ok && take_op(tokens, OP_ADD));
    if (ok && take_op(tokens, OP_AT_LEAST))
        row->least = take_typed(tokens, "money", &ok);
    return ok && tokens_end(tokens) ? (struct row *)row : NULL;
}

/* ---- skip <step>,... : names of the workflow this one is like, kept as words ---- */

struct row *special_skip(struct tokens *tokens)
{
    struct simple *first = NULL, **end = &first;
    bool ok = true;
    do {
        struct simple *row = row_new(tokens->binder, sizeof *row, tokens->entry->span);
        row->value = take_name(tokens, &ok);
        row->span = row->value.span;
        *end = row;
        end = (struct simple **)(void *)&row->next;
    } while (ok && take_comma(tokens));
    return ok && tokens_end(tokens) ? (struct row *)first : NULL;
}

/* ---- the table ---- */

static const struct {
    const char *field;
    bool sums; /* + and - are the phrase's, not arithmetic */
    struct row *(*read)(struct tokens *tokens);
} specials[] = {
    {"dimension", true, special_dimension}, {"allow", false, special_allow},
    {"variant", false, special_variant},    {"stack", true, special_stack},
    {"sell", false, special_sell},          {"fee", true, special_fee},
    {"disclose", false, special_disclose},  {"do_", false, special_do},
    {"record", false, special_record},      {"sample", false, special_sample},
    {"check", false, special_check},        {"cost", true, special_cost},
    {"skip", false, special_skip},
};

struct row *match_special(struct binder *binder, const struct scope *scope,
                          const struct field_row *field, const struct entry *entry)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (strcmp(specials[i].field, field->name) == 0) {
            struct tokens tokens;
            tokens_open(&tokens, binder, scope, field, entry, specials[i].sums);
            return specials[i].read(&tokens);
        }
    return NULL;
}
