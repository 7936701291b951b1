/* A value for a slot: is it of the kind, the dimension and the range that the phrase asks for? */
#include "spec/arithmetic.h"
#include "spec/binder.h"

#include <string.h>

/* What a field's number may be, beyond being of the right dimension and not negative. */
static const struct range_row {
    const char *field;
    bool above_zero;
    int at_most; /* 0: no bound */
    bool below;  /* the bound itself is out too */
} ranges[] = {
    {"yield", true, 1, false},    {"infill", false, 1, false},  {"fill", false, 1, false},
    {"margin", false, 1, true},   {"plate", true, 0, false},    {"order_size", true, 0, false},
    {"run", true, 0, false},      {"amortize", true, 0, false}, {"size", true, 0, false},
    {"sample", true, 0, false},   {"quantity", true, 0, false}, {"sell", true, 0, false},
    {"seats", true, 0, false},    {"count", true, 0, false},    {"production", true, 0, false},
    {"volume", true, 0, false},   {"nozzle", true, 0, false},   {"layer", true, 0, false},
    {"density", true, 0, false},  {"holds", false, 0, false},   {"week", true, 0, false},
    {"exchange", true, 0, false}, {"route", false, 1, false},   {"slots", true, 0, false},
};

static const char *field_name(const struct field_row *field)
{
    return field ? (strcmp(field->name, "do_") ? field->name : "do") : "this";
}

static struct value wrong(struct binder *binder, enum rule rule, const struct field_row *field,
                          struct span span, const char *asked, const char *got)
{
    struct diagnostic *d =
        report(binder->spec.diagnostics, rule, span, "%s is asked in `%s`, and this is %s", asked,
               field_name(field), got);
    if (field)
        set_help(binder->spec.diagnostics, d, "`%s` is written: %s %s", field_name(field),
                 field_name(field), field_phrase(field));
    return poison(span);
}

static struct value out_of_range(struct binder *binder, const struct field_row *field,
                                 struct span span, const char *why)
{
    report(binder->spec.diagnostics, RULE_out_of_range, span, "`%s` %s", field_name(field), why);
    return poison(span);
}

static struct value in_range(struct binder *binder, const struct field_row *field,
                             const struct slot_type *type, struct value value)
{
    bool temperature = type->class == SLOT_QUANTITY && type->dimension.temperature;
    if (rational_sign(value.number) < 0)
        return out_of_range(binder, field, value.span,
                            temperature ? "is below absolute zero" : "cannot be negative");
    if (type->class != SLOT_RATIO && !rational_is_zero(value.number))
        return value; /* no range asks more of it; most values are such */
    for (size_t i = 0; field && i < sizeof ranges / sizeof *ranges; i++) {
        if (strcmp(ranges[i].field, field->name))
            continue;
        if (ranges[i].above_zero && rational_is_zero(value.number))
            return out_of_range(binder, field, value.span, "cannot be zero");
        if (ranges[i].at_most && type->class == SLOT_RATIO) {
            int order = rational_compare(value.number, rational_integer(ranges[i].at_most));
            if (order > 0 || (order == 0 && ranges[i].below))
                return out_of_range(binder, field, value.span,
                                    order ? "cannot be over 100%" : "cannot be all of it");
        }
    }
    return value;
}

static struct value to_quantity(struct binder *binder, const struct field_row *field,
                                const struct slot_type *type, struct value value)
{
    const char *asked = dimension_words(type->dimension);
    if (!dimension_equal(value.dimension, type->dimension))
        return wrong(binder, RULE_unit_mismatch, field, value.span, asked,
                     value.unit || value.flags & VALUE_PERCENT ? dimension_words(value.dimension)
                                                               : "a number without a unit");
    if (type->dimension.money) { /* money of a foreign currency must be exchangeable */
        const struct unit *unit = spec_unit(&binder->spec, &value);
        struct rational amount = value.number;
        bool is_exchange = field && strcmp(field->name, "exchange") == 0;
        if (unit && *shop_currency(&binder->spec) && !is_exchange &&
            !convert_money(&binder->spec, &amount, unit->currency, shop_currency(&binder->spec))) {
            const struct source *source = source_of(binder->spec.sources, value.span.begin);
            if (source && source->shared) /* said where a product uses it: check_money */
                return poison(value.span);
            struct diagnostic *d =
                report(binder->spec.diagnostics, RULE_currency_mismatch, value.span,
                       "the shop reckons in %s and says no exchange for %s",
                       shop_currency(&binder->spec), unit->currency);
            set_help(binder->spec.diagnostics, d, "say it in the shop: `exchange %s <money>`",
                     unit->currency);
            return poison(value.span);
        }
    }
    return in_range(binder, field, type, value);
}

static struct value to_number(struct binder *binder, const struct field_row *field,
                              const struct slot_type *type, struct value value)
{
    bool plain = dimension_equal(value.dimension, DIMENSION_NONE);
    if (type->class == SLOT_QUANTITY)
        return to_quantity(binder, field, type, value);
    if (!plain)
        return wrong(binder, RULE_unit_mismatch, field, value.span,
                     type->class == SLOT_RATIO ? "a ratio" : "a bare number",
                     dimension_words(value.dimension));
    if (type->class == SLOT_RATIO && !(value.flags & VALUE_PERCENT) &&
        value.flags & VALUE_WRITTEN) {
        struct diagnostic *d = report(
            binder->spec.diagnostics, RULE_unit_mismatch, value.span,
            "a ratio is asked in `%s`, and this is a number without a unit", field_name(field));
        set_help(binder->spec.diagnostics, d, "write it in percent, for example `5%%`");
        return poison(value.span);
    }
    if (type->class != SLOT_RATIO && value.flags & VALUE_PERCENT)
        return wrong(binder, RULE_unit_mismatch, field, value.span, "a bare number", "a ratio");
    if (type->class == SLOT_COUNT && !rational_is_whole(value.number)) {
        report(binder->spec.diagnostics, RULE_not_whole, value.span,
               "`%s` is counted, and this is no whole number", field_name(field));
        return poison(value.span);
    }
    return in_range(binder, field, type, value);
}

/* Works a CHOICE (a let may hold one) case by case. */
static struct value each_number(struct binder *binder, const struct field_row *field,
                                const struct slot_type *type, struct value value)
{
    if (value.kind == VALUE_CHOICE && value.choice->count) {
        struct choice *choice = ARENA_NEW(binder->spec.arena, struct choice);
        *choice = *value.choice;
        choice->cases = ARENA_ARRAY(binder->spec.arena, struct choice_case, choice->count);
        for (int i = 0; i < choice->count; i++) {
            choice->cases[i] = value.choice->cases[i];
            choice->cases[i].value = each_number(binder, field, type, value.choice->cases[i].value);
        }
        value.choice = choice;
        return value;
    }
    if (value.kind == VALUE_NUMBER)
        return to_number(binder, field, type, value);
    if (value.kind == VALUE_POISON)
        return value;
    const char *asked = type->class == SLOT_QUANTITY ? dimension_words(type->dimension)
                        : type->class == SLOT_RATIO  ? "a ratio"
                                                     : "a number";
    bool name =
        value.kind == VALUE_REFERENCE || value.kind == VALUE_MEMBER || value.kind == VALUE_CHOICE;
    return wrong(binder, name ? RULE_wrong_kind : RULE_bad_phrase, field, value.span, asked,
                 value.kind == VALUE_TEXT   ? "a text"
                 : value.kind == VALUE_DATE ? "a date"
                                            : "a name");
}

/* ---- names ---- */

static bool kind_fits(const struct slot *slot, enum kind kind)
{
    for (int i = 0; i < SLOT_TYPES_AT_MOST && slot->types[i]; i++) {
        const struct slot_type *type = slot->types[i];
        if (type->class != SLOT_REFERENCE)
            continue;
        if (type->kind == kind || (type->kind == KIND_FIRST_STEP && kind_is_step(kind)))
            return true;
    }
    return false;
}

static const char *kinds_words(struct binder *binder, const struct slot *slot)
{
    const char *words = slot->types[0]->name;
    for (int i = 1; i < SLOT_TYPES_AT_MOST && slot->types[i]; i++)
        words = arena_printf(binder->spec.arena, "%s or %s", words, slot->types[i]->name);
    return words;
}

static struct value check_reference(struct binder *binder, const struct field_row *field,
                                    const struct slot *slot, struct value value)
{
    if (value.kind == VALUE_POISON)
        return value;
    if (value.kind == VALUE_CHOICE && value.choice->count) {
        for (int i = 0; i < value.choice->count; i++)
            value.choice->cases[i].value =
                check_reference(binder, field, slot, value.choice->cases[i].value);
        return value;
    }
    if (value.kind == VALUE_REFERENCE && kind_fits(slot, value.declaration->kind))
        return value;
    const char *got =
        value.kind == VALUE_REFERENCE ? kind_rows[value.declaration->kind].name : "a value";
    struct diagnostic *d;
    if (value.kind == VALUE_REFERENCE) {
        d = report(binder->spec.diagnostics, RULE_wrong_kind, value.span,
                   "`%s` is a %s; `%s` asks for a %s", value.declaration->name, got,
                   field_name(field), kinds_words(binder, slot));
        add_label(binder->spec.diagnostics, d, value.declaration->name_span, "declared here");
        return poison(value.span);
    }
    bool named =
        value.kind == VALUE_MEMBER || value.kind == VALUE_WORD || value.kind == VALUE_CHOICE;
    report(binder->spec.diagnostics, named ? RULE_wrong_kind : RULE_bad_phrase, value.span,
           "`%s` asks for the name of a %s", field_name(field), kinds_words(binder, slot));
    return poison(value.span);
}

/* Steps are asked of a product, or of a workflow, that a mistake hides. */
static bool workflow_is_lost(const struct binder *binder, const struct scope *scope)
{
    bool lost = !scope->product;
    for (int i = 0; binder->spec.diagnostics->errors && !scope->workflow && i < binder->all_count;
         i++)
        lost |= binder->all[i]->kind == KIND_workflow && !binder->all[i]->owner;
    return lost && !scope->workflow;
}

static struct value to_reference(struct binder *binder, const struct scope *scope,
                                 const struct field_row *field, const struct slot *slot,
                                 const struct node *node)
{
    bool steps = kind_fits(slot, KIND_FIRST_STEP);
    if (node->kind == NODE_NAME) {
        struct declaration *found = NULL;
        if (steps && scope->workflow)
            found = map_get(&binder->names, scope->workflow, node->name);
        if (!found)
            found = lookup(binder, scope, node->name);
        if (!found && steps && workflow_is_lost(binder, scope))
            return poison(node->span);
        if (!found) {
            enum kind kind = slot->types[1] || steps ? KIND_none : slot->types[0]->kind;
            report_unknown(binder, scope, node->span, node->name, kind);
            return poison(node->span);
        }
        if (found->kind == KIND_none)
            return poison(node->span);
        if (found->kind != KIND_let) {
            mention(found, node->span);
            struct value value = {
                .kind = VALUE_REFERENCE, .span = node->span, .declaration = found};
            return check_reference(binder, field, slot, value);
        }
    }
    return check_reference(binder, field, slot, evaluate(binder, scope, node));
}

static struct value word_value(const char *word, struct span span)
{
    return (struct value){.kind = VALUE_WORD, .span = span, .word = word};
}

static struct value to_basis(struct binder *binder, const struct scope *scope,
                             const struct field_row *field, const struct node *node)
{
    static const struct slot_type part = {"part", SLOT_REFERENCE, {0}, KIND_part};
    static const struct slot part_slot = {{&part, NULL, NULL}, NULL};
    if (node->kind == NODE_NAME && is_basis_word(node->name))
        return word_value(node->name, node->span);
    if (node->kind != NODE_NAME)
        return wrong(binder, RULE_bad_phrase, field, node->span,
                     "a basis (unit, a part, plate, batch, order, ...)", "none");
    return to_reference(binder, scope, field, &part_slot, node);
}

/* Words that label, void_on and group by know beside fields, axes and what the customer gives. */
static bool is_known_word(struct binder *binder, const struct scope *scope, const char *word)
{
    static const char *const words[] = {"qr",  "title", "order",    "customer",
                                        "due", "date",  "quantity", "serial"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return schema_knows_word(word) || map_get(&binder->axes, scope->product, word);
}

static struct value to_word(struct binder *binder, const struct scope *scope,
                            const struct field_row *field, const struct node *node)
{
    if (node->kind != NODE_NAME)
        return wrong(binder, RULE_bad_phrase, field, node->span, "the name of a field", "none");
    if (map_get(&binder->axes, scope->product, node->name))
        bare_axis(binder, scope, node->name, node->span);
    if (is_known_word(binder, scope, node->name) || (!scope->product && binder->incomplete))
        return word_value(node->name, node->span);
    struct diagnostic *d = report(binder->spec.diagnostics, RULE_unknown_name, node->span,
                                  "no field, axis or `asks` is called `%s`", node->name);
    const char *near = NULL;
    int nearest = 1000;
    for (int kind = KIND_none + 1; kind < KIND_COUNT; kind++)
        for (int i = 0; i < kind_rows[kind].field_count; i++) {
            int distance = edit_distance(node->name, kind_rows[kind].fields[i].name);
            if (distance < nearest)
                nearest = distance, near = kind_rows[kind].fields[i].name;
        }
    const struct product *product = scope->product;
    for (const struct axis *axis = product ? product->variant : NULL; axis; axis = axis->next)
        if (axis->name.kind == VALUE_WORD && edit_distance(node->name, axis->name.word) <= nearest)
            nearest = edit_distance(node->name, axis->name.word), near = axis->name.word;
    if (near && close_enough(node->name, nearest)) {
        set_help(binder->spec.diagnostics, d, "did you mean `%s`?", near);
        add_fix(binder->spec.diagnostics, d, FIX_LIKELY, node->span, near, "write `%s`", near);
    }
    return poison(node->span);
}

static struct value to_currency(struct binder *binder, const struct field_row *field,
                                const struct node *node)
{
    char code[4] = {0};
    if (node->kind != NODE_NAME)
        return wrong(binder, RULE_bad_phrase, field, node->span, "a currency", "none");
    if (strlen(node->name) == 3)
        memcpy(code, node->name, 4);
    if (!code[0] || currency_decimals(code) < 0) {
        struct diagnostic *d = report(binder->spec.diagnostics, RULE_unknown_unit, node->span,
                                      "there is no currency `%s`", node->name);
        set_help(binder->spec.diagnostics, d,
                 "write its ISO 4217 code, for example `USD` or `EUR`");
        return poison(node->span);
    }
    return word_value(node->name, node->span);
}

static struct value to_text(struct binder *binder, const struct scope *scope,
                            const struct field_row *field, const struct node *node)
{
    if (node->kind == NODE_TEXT)
        return evaluate(binder, scope, node);
    if (node->kind == NODE_NAME || node->kind == NODE_MEMBER) { /* a let that holds a text */
        struct declaration *found =
            node->kind == NODE_NAME ? lookup(binder, scope, node->name) : NULL;
        if ((found && found->kind == KIND_let) || node->kind == NODE_MEMBER) {
            struct value value = evaluate(binder, scope, node);
            if (value.kind == VALUE_TEXT || value.kind == VALUE_POISON ||
                value.kind == VALUE_CHOICE)
                return value;
        }
    }
    return wrong(binder, RULE_bad_phrase, field, node->span, "a text in quotes",
                 node->kind == NODE_NAME ? "a name" : "none");
}

/* ---- one slot ---- */

static struct value to_class(struct binder *binder, const struct scope *scope,
                             const struct field_row *field, const struct slot *slot,
                             const struct slot_type *type, const struct node *node)
{
    switch (type->class) {
    case SLOT_TEXT:
    case SLOT_FILE:
        return to_text(binder, scope, field, node);
    case SLOT_DATE: {
        struct value value = node->kind == NODE_DATE || node->kind == NODE_NAME
                                 ? evaluate(binder, scope, node)
                                 : poison(node->span);
        if (value.kind == VALUE_DATE || (value.kind == VALUE_POISON && node->kind != NODE_TEXT &&
                                         (node->kind == NODE_DATE || node->kind == NODE_NAME)))
            return value;
        return wrong(binder, RULE_bad_phrase, field, node->span, "a date (2027-02-15)", "none");
    }
    case SLOT_NEW:
    case SLOT_NAME: {
        const char *word = canonical_case(binder, node);
        bool fits = node->kind == NODE_NAME || (type->class == SLOT_NAME && word);
        return fits ? word_value(word, node->span)
                    : wrong(binder, RULE_bad_phrase, field, node->span, "a name", "none");
    }
    case SLOT_CASE: {
        const char *word = canonical_case(binder, node);
        return word ? word_value(word, node->span)
                    : wrong(binder, RULE_bad_phrase, field, node->span, "a case of a variant",
                            "none");
    }
    case SLOT_WORD:
        return to_word(binder, scope, field, node);
    case SLOT_BASIS:
        return to_basis(binder, scope, field, node);
    case SLOT_CURRENCY:
        return to_currency(binder, field, node);
    case SLOT_REFERENCE:
        return to_reference(binder, scope, field, slot, node);
    case SLOT_QUANTITY:
    case SLOT_RATIO:
    case SLOT_COUNT:
    case SLOT_NUMBER:
        break;
    }
    struct value value = evaluate(binder, scope, node);
    return each_number(binder, field, type, value);
}

/* In `762 x 406 x 508 mm` the last unit counts for all. */
static struct value borrow_unit(struct binder *binder, const struct field_row *field,
                                const struct slot_type *type, const struct node *node,
                                const struct node *unit_from)
{
    struct span digits, unit;
    struct scope nowhere = {0};
    struct value value = evaluate(binder, &nowhere, node);
    struct value whole = evaluate(binder, &nowhere, unit_from);
    if (value.kind != VALUE_NUMBER || whole.kind != VALUE_NUMBER || !whole.unit)
        return poison(node->span);
    quantity_texts(binder->spec.sources, unit_from, &digits, &unit);
    value.dimension = whole.dimension;
    value.unit = whole.unit;
    value.number = rational_multiply(value.number, binder->spec.units[whole.unit - 1]->scale);
    value.flags &= (uint8_t)~VALUE_WRITTEN;
    return to_number(binder, field, type, value);
}

/* revision <name|number|text>: a name or a number stands for itself. */
static struct value mixed(struct binder *binder, const struct scope *scope,
                          const struct field_row *field, const struct node *node)
{
    const char *word = node->kind == NODE_TEXT ? NULL : canonical_case(binder, node);
    if (word)
        return word_value(word, node->span);
    return to_text(binder, scope, field, node);
}

/* Only parts, steps, what a product contains and what these quote vary by SKU; a rate or a price does not. */
static bool may_vary(const struct scope *scope)
{
    enum kind kind = scope->self ? scope->self->kind : KIND_let;
    return kind_is_step(kind) || kind == KIND_part || kind == KIND_product || kind == KIND_let ||
           kind == KIND_standard || kind == KIND_workflow;
}

static struct value to_choice(struct binder *binder, const struct scope *scope,
                              const struct field_row *field, const struct slot *slot,
                              const struct node *by)
{
    if (!may_vary(scope)) {
        struct diagnostic *d = report(binder->spec.diagnostics, RULE_bad_phrase, by->span,
                                      "`%s` of a %s is one value for all SKUs", field_name(field),
                                      kind_rows[scope->self->kind].name);
        set_help(binder->spec.diagnostics, d,
                 "`by` may stand in parts, in steps and for a count of `contains`");
        return poison(by->span);
    }
    struct choice *choice = choice_open(binder, scope, by);
    struct choice_case *to = choice->cases;
    for (const struct node *at = by->left; at; at = at->next, to++)
        to->value = coerce(binder, scope, field, slot, at->right, NULL);
    return (struct value){.kind = VALUE_CHOICE, .span = by->span, .choice = choice};
}

struct value coerce(struct binder *binder, const struct scope *scope, const struct field_row *field,
                    const struct slot *slot, const struct node *node, const struct node *unit_from)
{
    if (node->failed || node->kind == NODE_ERROR)
        return poison(node->span);
    const struct slot_type *type = slot->types[0];
    bool fixed = !slot->words && (type->class == SLOT_NEW || type->class == SLOT_CASE);
    if (node->kind == NODE_BY && !fixed)
        return to_choice(binder, scope, field, slot, node);
    if (slot->words) {
        for (const char *const *word = slot->words; *word; word++)
            if (node->kind == NODE_NAME && strcmp(*word, node->name) == 0)
                return word_value(node->name, node->span);
        return wrong(binder, RULE_bad_phrase, field, node->span, "one of its words",
                     "none of them");
    }
    if (type->class == SLOT_QUANTITY && node->kind == NODE_NUMBER && unit_from)
        return borrow_unit(binder, field, type, node, unit_from);
    if (type->class == SLOT_NAME && slot->types[1])
        return mixed(binder, scope, field, node);
    return to_class(binder, scope, field, slot, type, node);
}
