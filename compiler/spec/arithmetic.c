#include "spec/arithmetic.h"

#include <string.h>

const struct node **memory_for(struct binder *binder, int count)
{
    return ARENA_ARRAY(binder->spec.arena, const struct node *, count ? count : 1);
}

static const struct unit *unit_of(const struct binder *binder, const struct value *value)
{
    return value->unit ? binder->spec.units[value->unit - 1] : NULL;
}

static const char *currency_of(const struct binder *binder, const struct value *value)
{
    const struct unit *unit = unit_of(binder, value);
    return unit ? unit->currency : "";
}

const char *dimension_words(struct dimension d)
{
    static const struct {
        struct dimension dimension;
        const char *words;
    } names[] = {
        {{1, 0, 0, 0, 0, 0}, "a length"},
        {{2, 0, 0, 0, 0, 0}, "an area"},
        {{3, 0, 0, 0, 0, 0}, "a volume"},
        {{0, 1, 0, 0, 0, 0}, "a mass"},
        {{0, 0, 1, 0, 0, 0}, "a time"},
        {{0, 0, 0, 1, 0, 0}, "a temperature"},
        {{0, 0, 0, 0, 1, 0}, "an angle"},
        {{0, 0, 0, 0, 0, 1}, "money"},
        {{2, 1, -3, 0, 0, 0}, "a power"},
        {{2, 1, -2, 0, 0, 0}, "an energy or a torque"},
        {{1, 1, -2, 0, 0, 0}, "a force"},
        {{-1, 1, -2, 0, 0, 0}, "a pressure"},
        {{0, 0, -1, 0, 0, 1}, "money per time"},
        {{0, -1, 0, 0, 0, 1}, "money per mass"},
        {{-2, -1, 2, 0, 0, 1}, "money per energy"},
        {{-3, 1, 0, 0, 0, 0}, "a density"},
        {{0, 0, -1, 0, 0, 0}, "a speed of turning"},
        {{0, 0, 0, 0, 0, 0}, "a bare number"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dimension_equal(names[i].dimension, d))
            return names[i].words;
    return "another quantity";
}

/* ---- currencies ---- */

/* What one unit of a currency is in the shop's. */
static bool rate_of(const struct spec *spec, const char *currency, struct rational *rate)
{
    const char *own = shop_currency(spec);
    if (strcmp(currency, own) == 0) {
        *rate = RATIONAL_ONE;
        return true;
    }
    for (const struct exchange *row = spec->shop ? spec->shop->exchange : NULL; row;
         row = row->next)
        if (row->currency.kind == VALUE_WORD && strcmp(row->currency.word, currency) == 0 &&
            row->money.kind == VALUE_NUMBER) {
            *rate = row->money.number;
            return true;
        }
    return false;
}

bool convert_money(const struct spec *spec, struct rational *amount, const char *from,
                   const char *to)
{
    struct rational one, other;
    if (strcmp(from, to) == 0)
        return true;
    if (!rate_of(spec, from, &one) || !rate_of(spec, to, &other) || rational_is_zero(other))
        return false;
    *amount = rational_divide(rational_multiply(*amount, one), other);
    return true;
}

/* Brings b into a's currency. */
static bool same_currency(struct binder *binder, struct value *a, struct value *b, struct span span)
{
    const char *from = currency_of(binder, b), *to = currency_of(binder, a);
    if (!*from || !*to || strcmp(from, to) == 0 ||
        convert_money(&binder->spec, &b->number, from, to))
        return true;
    struct diagnostic *d =
        report(binder->spec.diagnostics, RULE_currency_mismatch, span,
               "%s and %s meet, and the shop says no exchange between them", to, from);
    set_help(binder->spec.diagnostics, d, "say it in the shop: `exchange %s <money>`",
             strcmp(from, shop_currency(&binder->spec)) ? from : to);
    return false;
}

/* ---- the unit of a result ---- */

static uint16_t unit_for(struct binder *binder, struct dimension d, const char *currency)
{
    static const struct {
        const char *name;
        size_t offset;
    } bases[] = {{"mm", offsetof(struct dimension, length)},
                 {"g", offsetof(struct dimension, mass)},
                 {"s", offsetof(struct dimension, time)},
                 {"K", offsetof(struct dimension, temperature)},
                 {"deg", offsetof(struct dimension, angle)}};
    struct buffer text = {0};
    if (d.money)
        buffer_add_text(&text, currency);
    for (int below = 0; below < 2; below++)
        for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
            int exponent = ((const int8_t *)&d)[bases[i].offset];
            if (below ? exponent >= 0 : exponent <= 0)
                continue;
            if (text.length)
                buffer_add_char(&text, below ? '/' : '*');
            buffer_add_text(&text, bases[i].name);
            int power = below ? -exponent : exponent;
            if (power > 1 && power < 10)
                buffer_addf(&text, "^%d", power);
        }
    bool known = false;
    uint16_t unit = 0;
    if (text.length)
        unit = unit_index(binder, text.text, text.length, SPAN_NONE, &known);
    buffer_free(&text);
    return unit;
}

/* ---- operators on numbers ---- */

static struct value mismatch(struct binder *binder, const struct value *a, const struct value *b,
                             const char *verb, struct span span)
{
    report(binder->spec.diagnostics, RULE_unit_mismatch, span, "%s and %s cannot be %s",
           dimension_words(a->dimension), dimension_words(b->dimension), verb);
    return poison(span);
}

static bool is_absolute(const struct binder *binder, const struct value *value)
{
    const struct unit *unit = unit_of(binder, value);
    return unit && unit->absolute;
}

static struct value add_temperatures(struct binder *binder, enum node_op op, struct value a,
                                     struct value b, struct span span)
{
    bool known;
    if (is_absolute(binder, &a) && is_absolute(binder, &b)) {
        if (op == OP_ADD) {
            report(binder->spec.diagnostics, RULE_unit_mismatch, span,
                   "two temperatures on a scale cannot be added");
            return poison(span);
        }
        a.unit = unit_index(binder, "K", 1, SPAN_NONE, &known);
    } else if (is_absolute(binder, &b)) {
        a.unit = b.unit;
    }
    a.number =
        op == OP_ADD ? rational_add(a.number, b.number) : rational_subtract(a.number, b.number);
    return a;
}

static struct value add_values(struct binder *binder, enum node_op op, struct value a,
                               struct value b, struct span span)
{
    if (!dimension_equal(a.dimension, b.dimension))
        return mismatch(binder, &a, &b, op == OP_ADD ? "added" : "subtracted", span);
    if (!same_currency(binder, &a, &b, span))
        return poison(span);
    if (a.dimension.temperature == 1)
        return add_temperatures(binder, op, a, b, span);
    a.number =
        op == OP_ADD ? rational_add(a.number, b.number) : rational_subtract(a.number, b.number);
    if (!a.unit)
        a.unit = b.unit;
    return a;
}

#define POWER_AT_MOST 16 /* of a unit: mm^16 */

static struct value scale_values(struct binder *binder, enum node_op op, struct value a,
                                 struct value b, struct span span)
{
    if (op == OP_DIVIDE && rational_is_zero(b.number)) {
        report(binder->spec.diagnostics, RULE_out_of_range, span, "nothing can be divided by zero");
        return poison(span);
    }
    if (is_absolute(binder, &a) || is_absolute(binder, &b)) {
        report(binder->spec.diagnostics, RULE_unit_mismatch, span,
               "a temperature on a scale has no multiples: its zero is only a mark");
        return poison(span);
    }
    if (!same_currency(binder, &a, &b, span))
        return poison(span);
    const char *currency =
        *currency_of(binder, &a) ? currency_of(binder, &a) : currency_of(binder, &b);
    int sign = op == OP_MULTIPLY ? 1 : -1;
    struct dimension d;
    bool huge = false;
    for (size_t i = 0; i < sizeof d; i++) {
        int power = ((int8_t *)&a.dimension)[i] + sign * ((int8_t *)&b.dimension)[i];
        huge |= power < -POWER_AT_MOST || power > POWER_AT_MOST;
        ((int8_t *)&d)[i] = (int8_t)power;
    }
    a.number = op == OP_MULTIPLY ? rational_multiply(a.number, b.number)
                                 : rational_divide(a.number, b.number);
    if (huge || rational_is_huge(a.number)) {
        report(binder->spec.diagnostics, RULE_out_of_range, span,
               "this is larger than anything a shop reckons with");
        return poison(span);
    }
    uint16_t kept = dimension_equal(d, a.dimension)   ? a.unit
                    : dimension_equal(d, b.dimension) ? b.unit
                                                      : unit_for(binder, d, currency);
    bool percent = (a.flags | b.flags) & VALUE_PERCENT && dimension_equal(d, DIMENSION_NONE);
    a.dimension = d;
    a.unit = kept;
    a.flags = (uint8_t)((a.flags & ~VALUE_PERCENT) |
                        (percent && a.flags & b.flags & VALUE_PERCENT ? VALUE_PERCENT : 0));
    return a;
}

static struct value pick(struct binder *binder, enum node_op op, struct value a, struct value b,
                         struct span span)
{
    if (!dimension_equal(a.dimension, b.dimension))
        return mismatch(binder, &a, &b, "compared", span);
    struct value in_a = b;
    if (!same_currency(binder, &a, &in_a, span))
        return poison(span);
    int order = rational_compare(a.number, in_a.number);
    return (op == OP_MIN ? order <= 0 : order >= 0) ? a : b;
}

/* Up to the next whole number of the unit it is written in. */
static struct value ceiling(const struct binder *binder, struct value a)
{
    const struct unit *unit = unit_of(binder, &a);
    if (unit && !unit->absolute)
        a.number =
            rational_multiply(rational_ceil(rational_divide(a.number, unit->scale)), unit->scale);
    else
        a.number = rational_ceil(a.number);
    return a;
}

const struct origin *join_origins(struct binder *binder, const struct origin *a,
                                  const struct origin *b, struct span span)
{
    if (!a || !b || a == b)
        return a ? a : b;
    struct origin *both = ARENA_NEW(binder->spec.arena, struct origin);
    *both = (struct origin){.from = a, .also = b, .span = span};
    return both;
}

static struct value on_numbers(struct binder *binder, enum node_op op, struct value a,
                               struct value b, struct span span)
{
    const struct origin *origin = join_origins(binder, a.origin, b.origin, span);
    uint8_t inside = (a.flags | b.flags) & VALUE_INTERNAL;
    struct value result;
    if (op == OP_ADD || op == OP_SUBTRACT)
        result = add_values(binder, op, a, b, span);
    else if (op == OP_MULTIPLY || op == OP_DIVIDE)
        result = scale_values(binder, op, a, b, span);
    else if (op == OP_CEIL)
        result = ceiling(binder, a);
    else
        result = pick(binder, op, a, b, span);
    if (result.kind == VALUE_POISON)
        return result;
    if (op != OP_MIN && op != OP_MAX)
        result.flags &= (uint8_t)~VALUE_WRITTEN;
    result.flags |= inside;
    result.origin = origin;
    result.span = span;
    return result;
}

/* ---- choices ---- */

const char *canonical_case(struct binder *binder, const struct node *node)
{
    if (node->kind == NODE_NAME)
        return node->name;
    if (node->kind == NODE_NUMBER) {
        struct span digits, unit;
        struct rational number;
        quantity_texts(binder->spec.sources, node, &digits, &unit);
        if (!rational_parse(span_text(binder->spec.sources, digits), digits.end - digits.begin,
                            &number))
            return NULL;
        struct buffer text = {0};
        rational_print_exact(&text, number);
        const char *word = intern(binder->spec.names, text.text, text.length);
        buffer_free(&text);
        return word;
    }
    if (node->kind == NODE_TEXT && (!node->pieces || (node->pieces->text && !node->pieces->next)))
        return node->pieces ? intern(binder->spec.names, node->pieces->text, node->pieces->length)
                            : intern_text(binder->spec.names, "");
    return NULL;
}

struct choice *choice_open(struct binder *binder, const struct scope *scope, const struct node *by)
{
    struct choice *choice = ARENA_NEW(binder->spec.arena, struct choice);
    choice->axis = by->name;
    choice->span = by->span;
    for (const struct node *at = by->left; at; at = at->next)
        choice->count++;
    choice->cases = ARENA_ARRAY(binder->spec.arena, struct choice_case, choice->count);
    struct choice_case *to = choice->cases;
    for (const struct node *at = by->left; at; at = at->next, to++) {
        to->key = canonical_case(binder, at->left);
        to->span = at->left->span;
    }
    hold_choice(binder, scope, choice);
    return choice;
}

static const struct value *case_of(const struct choice *choice, const char *key)
{
    for (int i = 0; i < choice->count; i++)
        if (choice->cases[i].key == key)
            return &choice->cases[i].value;
    return NULL;
}

static struct value over_choice(struct binder *binder, enum node_op op, struct value a,
                                struct value b, struct span span)
{
    const struct choice *from = a.kind == VALUE_CHOICE ? a.choice : b.choice;
    struct choice *choice = ARENA_NEW(binder->spec.arena, struct choice);
    *choice = (struct choice){from->axis, from->span, from->count, NULL};
    choice->cases = ARENA_ARRAY(binder->spec.arena, struct choice_case, from->count);
    for (int i = 0; i < from->count; i++) {
        struct value left = a, right = b;
        if (a.kind == VALUE_CHOICE)
            left = from->cases[i].value;
        const struct value *same = b.kind == VALUE_CHOICE && b.choice->axis == from->axis
                                       ? case_of(b.choice, from->cases[i].key)
                                       : NULL;
        if (same)
            right = *same;
        choice->cases[i] = from->cases[i];
        choice->cases[i].value = arithmetic(binder, op, left, right, span);
    }
    return (struct value){.kind = VALUE_CHOICE, .span = span, .choice = choice};
}

struct value arithmetic(struct binder *binder, enum node_op op, struct value a, struct value b,
                        struct span span)
{
    if (a.kind == VALUE_POISON || b.kind == VALUE_POISON)
        return poison(span);
    if ((a.kind == VALUE_CHOICE && a.choice->count) || (b.kind == VALUE_CHOICE && b.choice->count))
        return over_choice(binder, op, a, b, span);
    if (a.kind == VALUE_NUMBER && b.kind == VALUE_NUMBER)
        return on_numbers(binder, op, a, b, span);
    const struct value *odd = a.kind == VALUE_NUMBER ? &b : &a;
    if (odd->kind == VALUE_MEMBER &&
        odd->member->dimension) { /* a dimension counts as its nominal */
        struct value nominal = odd->member->dimension->size;
        if (nominal.kind == VALUE_SIZE)
            nominal = nominal.size->nominal;
        if (nominal.kind == VALUE_NUMBER || nominal.kind == VALUE_CHOICE)
            return odd == &a ? arithmetic(binder, op, nominal, b, span)
                             : arithmetic(binder, op, a, nominal, span);
    }
    report(binder->spec.diagnostics, odd->kind == VALUE_TEXT ? RULE_unit_mismatch : RULE_wrong_kind,
           odd->span, "%s is nothing to reckon with",
           odd->kind == VALUE_TEXT   ? "a text"
           : odd->kind == VALUE_DATE ? "a date"
                                     : "a name of this kind");
    return poison(span);
}
