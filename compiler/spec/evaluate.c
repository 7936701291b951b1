/* Expressions to values: exact arithmetic, units, currencies, choices. */
#include "spec/arithmetic.h"
#include "spec/binder.h"

#include <string.h>

struct value poison(struct span span)
{
    return (struct value){.kind = VALUE_POISON, .span = span};
}

/* ---- numbers and quantities ---- */

uint16_t unit_index(struct binder *binder, const char *text, size_t length, struct span span,
                    bool *known)
{
    const char *name = intern(binder->spec.names, text, length);
    uintptr_t found = (uintptr_t)map_get(&binder->units, NULL, name);
    if (found) {
        *known = true;
        return (uint16_t)found;
    }
    struct unit unit;
    size_t bad_begin, bad_end;
    *known = unit_parse(text, length, binder->spec.workday_s, &unit, &bad_begin, &bad_end);
    if (!*known) {
        const char *bad = intern(binder->spec.names, text + bad_begin, bad_end - bad_begin);
        struct span at = {span.begin + (uint32_t)bad_begin, span.begin + (uint32_t)bad_end};
        struct diagnostic *d =
            report(binder->spec.diagnostics, RULE_unknown_unit, at, "there is no unit `%s`", bad);
        const char *near = unit_suggest(bad);
        if (near) {
            set_help(binder->spec.diagnostics, d, "write `%s`", near);
            add_fix(binder->spec.diagnostics, d, FIX_LIKELY, at, near, "write `%s`", near);
        }
        return 0;
    }
    struct spec *spec = &binder->spec;
    if (spec->unit_count >= UINT16_MAX - 1)
        return 0;
    if (spec->unit_count == binder->unit_capacity) {
        int capacity = binder->unit_capacity ? binder->unit_capacity * 2 : 32;
        const struct unit **units = ARENA_ARRAY(spec->arena, const struct unit *, capacity);
        if (spec->unit_count)
            memcpy(units, spec->units, sizeof *units * (size_t)spec->unit_count);
        spec->units = units;
        binder->unit_capacity = capacity;
    }
    struct unit *kept = ARENA_NEW(spec->arena, struct unit);
    *kept = unit;
    kept->text = name;
    spec->units[spec->unit_count] = kept;
    map_put(&binder->units, NULL, name, (void *)(uintptr_t)(++spec->unit_count));
    return (uint16_t)spec->unit_count;
}

static struct value number_value(struct binder *binder, const struct node *node)
{
    struct span digits, unit;
    quantity_texts(binder->spec.sources, node, &digits, &unit);
    struct value value = {.kind = VALUE_NUMBER, .flags = VALUE_WRITTEN, .span = node->span};
    value.written_begin = node->span.begin;
    value.written_length = (uint16_t)(node->span.end - node->span.begin);
    if (!rational_parse(span_text(binder->spec.sources, digits), digits.end - digits.begin,
                        &value.number))
        return poison(node->span);
    if (node->kind == NODE_NUMBER)
        return value;
    bool known;
    value.unit = unit_index(binder, span_text(binder->spec.sources, unit), unit.end - unit.begin,
                            unit, &known);
    if (!known || !value.unit)
        return poison(node->span);
    const struct unit *of = binder->spec.units[value.unit - 1];
    value.dimension = of->dimension;
    value.number = rational_multiply(value.number, of->scale);
    if (of->absolute)
        value.number = rational_add(value.number, of->offset);
    if (of->percent)
        value.flags |= VALUE_PERCENT;
    return value;
}

/* 1 h 5 min: quantities side by side add up. */
static struct value quantity_value(struct binder *binder, const struct node *node)
{
    struct value sum = number_value(binder, node);
    for (const struct node *more = node->more; more; more = more->more) {
        struct value next = number_value(binder, more);
        if (sum.kind == VALUE_POISON || next.kind == VALUE_POISON)
            return poison(node->span);
        uint32_t begin = sum.written_begin;
        sum = arithmetic(binder, OP_ADD, sum, next, more->span);
        if (sum.kind == VALUE_POISON)
            return sum;
        sum.flags |= VALUE_WRITTEN;
        sum.written_begin = begin;
        sum.written_length = (uint16_t)(more->span.end - begin);
        sum.span = (struct span){begin, more->span.end};
    }
    return sum;
}

/* ---- names ---- */

static struct value internal(struct binder *binder, struct value value, const char *what,
                             struct span span, const struct declaration *declaration,
                             const struct field_row *field)
{
    struct origin *origin = ARENA_NEW(binder->spec.arena, struct origin);
    *origin = (struct origin){.from = value.origin,
                              .span = span,
                              .what = what,
                              .declaration = declaration,
                              .field = field};
    value.origin = origin;
    value.flags |= VALUE_INTERNAL;
    return value;
}

void let_bind(struct binder *binder, struct let *let)
{
    if (let->base.state == STATE_BOUND)
        return;
    if (let->base.state == STATE_BINDING) {
        if (let->value.kind != VALUE_POISON)
            report(binder->spec.diagnostics, RULE_let_cycle, let->base.name_span,
                   "the value of `%s` needs itself", let->base.name);
        let->value = poison(let->base.span);
        return;
    }
    let->base.state = STATE_BINDING;
    struct scope scope = scope_of(&let->base);
    const struct node *items = let->base.entry->items;
    struct value value = poison(let->base.span);
    if (!let->base.entry->failed && items)
        value = evaluate(binder, &scope, items);
    if (let->value.kind != VALUE_POISON)
        let->value = value;
    let->base.failed = let->value.kind == VALUE_POISON;
    let->base.state = STATE_BOUND;
}

static struct value name_value(struct binder *binder, const struct scope *scope,
                               const struct node *node)
{
    struct declaration *found = lookup(binder, scope, node->name);
    if (found && found->kind == KIND_let) {
        mention(found, node->span);
        let_bind(binder, (struct let *)found);
        struct value value = ((struct let *)found)->value;
        value.span = node->span;
        if (value.flags & VALUE_INTERNAL)
            value = internal(binder, value, found->name, node->span, found, NULL);
        return value;
    }
    if (found && found->kind == KIND_none)
        return poison(node->span);
    if (found) {
        mention(found, node->span);
        return (struct value){.kind = VALUE_REFERENCE, .span = node->span, .declaration = found};
    }
    const void *mark =
        map_get(&binder->axes, scope->product, node->name); /* of any product outside one */
    struct choice *bare = mark ? bare_axis(binder, scope, node->name, node->span) : NULL;
    if (mark == &binder->axes)
        return (struct value){.kind = VALUE_CHOICE, .span = node->span, .choice = bare};
    if (mark) /* what the customer gives: stands for itself */
        return (struct value){.kind = VALUE_WORD, .span = node->span, .word = node->name};
    report_unknown(binder, scope, node->span, node->name, KIND_none);
    return poison(node->span);
}

static const struct dimension_row *dimension_find(const struct part *part, const char *name)
{
    for (const struct dimension_row *row = part->dimension; row; row = row->next)
        if (row->name.word == name)
            return row;
    return NULL;
}

static struct value dimension_member(struct binder *binder, struct declaration *of,
                                     const struct node *node)
{
    const struct dimension_row *row = (const struct dimension_row *)demand_field(
        binder, of, field_find(KIND_part, "dimension"), node->span);
    row = row ? dimension_find((struct part *)of, node->name) : NULL;
    if (!row)
        return (struct value){.kind = VALUE_ABSENT};
    mention_member(of, node);
    struct member *member = ARENA_NEW(binder->spec.arena, struct member);
    *member = (struct member){of, node->name, row, NULL};
    return (struct value){.kind = VALUE_MEMBER, .span = node->span, .member = member};
}

static struct value field_member(struct binder *binder, struct declaration *of,
                                 const struct node *node)
{
    const struct field_row *field = field_find(of->kind, node->name);
    if (!field || field->special) {
        struct diagnostics *list = binder->spec.diagnostics;
        if (of->failed)
            return poison(node->span);
        struct diagnostic *d = report(list, RULE_unknown_name, node->span, "%s `%s` has no `%s`",
                                      kind_rows[of->kind].name, of->name, node->name);
        const char *near = field_suggest(of->kind, node->name);
        if (near)
            set_help(list, d, "did you mean `%s.%s`?", of->name, near);
        return poison(node->span);
    }
    mention_member(of, node);
    const struct row *row = demand_field(binder, of, field, node->span);
    if (!row) {
        if (!of->failed)
            report(binder->spec.diagnostics, RULE_unknown_name, node->span,
                   "%s `%s` does not say its `%s`", kind_rows[of->kind].name, of->name, node->name);
        return poison(node->span);
    }
    int count;
    const struct value *values = row_values(row, field, &count);
    if (!count)
        return poison(node->span);
    struct value value = values[0];
    value.span = node->span;
    if (field->flags & INTERNAL)
        value =
            internal(binder, value, arena_printf(binder->spec.arena, "%s.%s", of->name, node->name),
                     node->span, of, field);
    return value;
}

static struct value member_value(struct binder *binder, const struct scope *scope,
                                 const struct node *node)
{
    struct value left = evaluate(binder, scope, node->left);
    if (left.kind == VALUE_POISON)
        return poison(node->span);
    if (left.kind != VALUE_REFERENCE) {
        report(binder->spec.diagnostics, RULE_wrong_kind, node->left->span,
               "what stands before the point has no fields");
        return poison(node->span);
    }
    struct declaration *of = (struct declaration *)left.declaration;
    if (of->kind == KIND_part) {
        struct value dimension = dimension_member(binder, of, node);
        if (dimension.kind != VALUE_ABSENT)
            return dimension;
    }
    if (of->kind == KIND_product && ((struct product *)of)->workflow) {
        struct declaration *step =
            map_get(&binder->names, ((struct product *)of)->workflow, node->name);
        if (step && step->kind == KIND_none)
            return poison(node->span);
        if (step) {
            mention(step,
                    (struct span){node->span.end - (uint32_t)strlen(node->name), node->span.end});
            return (struct value){.kind = VALUE_REFERENCE, .span = node->span, .declaration = step};
        }
    }
    return field_member(binder, of, node);
}

/* ---- operators ---- */

static struct value negate(struct binder *binder, struct value value, struct span span)
{
    struct value zero = value;
    if (value.kind == VALUE_NUMBER) {
        const struct unit *unit = spec_unit(&binder->spec, &value);
        value.number = rational_negate(value.number);
        if (unit && unit->absolute) /* -5 degC lies as far below the mark as 5 degC above it */
            value.number = rational_add(value.number, rational_add(unit->offset, unit->offset));
        value.flags &= (uint8_t)~VALUE_WRITTEN;
        value.span = span;
        return value;
    }
    zero = (struct value){.kind = VALUE_NUMBER, .span = span, .number = rational_integer(-1)};
    return arithmetic(binder, OP_MULTIPLY, value, zero, span);
}

/* A sum of a thousand terms leans to the left: walked without recursion. */
static struct value binary_value(struct binder *binder, const struct scope *scope,
                                 const struct node *node)
{
    int depth = 0;
    for (const struct node *left = node; left->kind == NODE_BINARY; left = left->left)
        depth++;
    const struct node *near[16], **spine = depth > 16 ? memory_for(binder, depth) : near;
    const struct node *left = node;
    for (int i = depth; i-- > 0; left = left->left)
        spine[i] = left;
    struct value value = evaluate(binder, scope, left);
    for (int i = 0; i < depth; i++) {
        const struct node *at = spine[i];
        if (at->op < OP_ADD || at->op > OP_DIVIDE) {
            report(binder->spec.diagnostics, RULE_bad_phrase, at->span,
                   "a single value is asked here");
            return poison(node->span);
        }
        struct value right = evaluate(binder, scope, at->right);
        value = arithmetic(binder, (enum node_op)at->op, value, right, at->span);
    }
    value.span = node->span;
    return value;
}

static struct value call_value(struct binder *binder, const struct scope *scope,
                               const struct node *node)
{
    struct value result = evaluate(binder, scope, node->left);
    if (node->op == OP_CEIL) {
        if (node->left->next) {
            report(binder->spec.diagnostics, RULE_bad_phrase, node->left->next->span,
                   "`ceil` takes one value");
            return poison(node->span);
        }
        return arithmetic(binder, OP_CEIL, result, result, node->span);
    }
    for (const struct node *next = node->left->next; next; next = next->next)
        result = arithmetic(binder, (enum node_op)node->op, result, evaluate(binder, scope, next),
                            node->span);
    result.span = node->span;
    return result;
}

static struct value by_value(struct binder *binder, const struct scope *scope,
                             const struct node *node)
{
    struct choice *choice = choice_open(binder, scope, node);
    struct choice_case *to = choice->cases;
    for (const struct node *at = node->left; at; at = at->next, to++)
        to->value = evaluate(binder, scope, at->right);
    return (struct value){.kind = VALUE_CHOICE, .span = node->span, .choice = choice};
}

static struct value date_value(struct binder *binder, const struct node *node)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *text = span_text(binder->spec.sources, node->span);
    struct date date = {(text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
                            text[3] - '0',
                        (text[5] - '0') * 10 + text[6] - '0', (text[8] - '0') * 10 + text[9] - '0'};
    bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    if (date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > days[date.month - 1] + (leap && date.month == 2)) {
        report(binder->spec.diagnostics, RULE_out_of_range, node->span, "there is no such day");
        return poison(node->span);
    }
    return (struct value){.kind = VALUE_DATE, .span = node->span, .date = date};
}

static struct value evaluate_node(struct binder *binder, const struct scope *scope,
                                  const struct node *node)
{
    switch ((enum node_kind)node->kind) {
    case NODE_NUMBER:
    case NODE_QUANTITY:
        return node->kind == NODE_NUMBER ? number_value(binder, node)
                                         : quantity_value(binder, node);
    case NODE_NAME:
        return name_value(binder, scope, node);
    case NODE_MEMBER:
        return member_value(binder, scope, node);
    case NODE_TEXT:
        return evaluate_text(binder, scope, node);
    case NODE_DATE:
        return date_value(binder, node);
    case NODE_BINARY:
        return binary_value(binder, scope, node);
    case NODE_NEGATE:
        return negate(binder, evaluate(binder, scope, node->left), node->span);
    case NODE_GROUP:
        return evaluate(binder, scope, node->left);
    case NODE_CALL:
        return call_value(binder, scope, node);
    case NODE_BY:
        return by_value(binder, scope, node);
    case NODE_BOUND:
    case NODE_CASE:
    case NODE_COMMA:
        report(binder->spec.diagnostics, RULE_bad_phrase, node->span,
               "a single value is asked here");
        return poison(node->span);
    case NODE_ERROR:
        break;
    }
    return poison(node->span);
}

/* Deeper than anybody writes; a longer chain (a.b.c..., - - -...) would cost the stack. */
#define DEPTH_AT_MOST 400

struct value evaluate(struct binder *binder, const struct scope *scope, const struct node *node)
{
    if (node->failed)
        return poison(node->span);
    if (binder->depth >= DEPTH_AT_MOST) {
        if (binder->depth++ == DEPTH_AT_MOST)
            report(binder->spec.diagnostics, RULE_bad_phrase, node->span,
                   "this expression is nested too deep");
        binder->depth--;
        return poison(node->span);
    }
    binder->depth++;
    struct value value = evaluate_node(binder, scope, node);
    binder->depth--;
    return value;
}

/* ---- texts ---- */

/* Most texts quote nothing: they are one plain piece of the file, and a spec is mostly texts. */
static const char *plain_text(struct binder *binder, const struct text_piece *pieces)
{
    struct buffer joined = {0};
    if (!pieces || !pieces->next)
        return pieces ? pieces->text : "";
    for (; pieces; pieces = pieces->next)
        buffer_add(&joined, pieces->text, pieces->length);
    const char *text = arena_copy_text(binder->spec.arena, buffer_text(&joined), joined.length);
    buffer_free(&joined);
    return text;
}

static void quote(struct binder *binder, const struct scope *scope, const struct node *node,
                  struct text *text, struct value *result)
{
    const struct text_part **end = &text->parts;
    for (const struct text_piece *piece = node->pieces; piece; piece = piece->next) {
        struct text_part *part = ARENA_NEW(binder->spec.arena, struct text_part);
        part->text = piece->text;
        part->length = piece->length;
        if (!piece->text)
            part->value = evaluate(binder, scope, piece->expression);
        if (part->value.flags & VALUE_INTERNAL) {
            result->flags |= VALUE_INTERNAL;
            result->origin =
                join_origins(binder, part->value.origin, result->origin, part->value.span);
        }
        *end = part;
        end = &part->next;
    }
}

struct value evaluate_text(struct binder *binder, const struct scope *scope,
                           const struct node *node)
{
    struct text *text = ARENA_NEW(binder->spec.arena, struct text);
    struct value result = {.kind = VALUE_TEXT, .span = node->span, .text = text};
    for (const struct text_piece *piece = node->pieces; piece; piece = piece->next)
        text->quotes |= !piece->text;
    if (text->quotes)
        quote(binder, scope, node, text, &result);
    else
        text->plain = plain_text(binder, node->pieces);
    return result;
}
