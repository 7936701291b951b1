/* stack_too_tight: gaps and fits over several parts, in the worst case. */
#include "check/family.h"

struct stack_sum {
    struct rational low, high;    /* the worst case */
    struct rational half_squares; /* of half the widths */
    struct rational middle;
    const struct member *widest;
    struct rational widest_width;
    bool known;
};

static void add_term(struct stack_sum *sum, const struct stack_term *term, const struct sku *sku)
{
    const struct value *value = term->dimension.kind == VALUE_MEMBER
                                    ? value_for(&term->dimension.member->dimension->size, sku)
                                    : NULL;
    if (!value || value->kind != VALUE_SIZE || value->size->lower.kind != VALUE_NUMBER ||
        value->size->upper.kind != VALUE_NUMBER) {
        sum->known = false;
        return;
    }
    struct rational low = value->size->lower.number, high = value->size->upper.number;
    struct rational width = rational_subtract(high, low),
                    half = rational_divide(width, rational_integer(2));
    struct rational middle = rational_divide(rational_add(low, high), rational_integer(2));
    if (term->subtracted) {
        struct rational swap = low;
        low = rational_negate(high);
        high = rational_negate(swap);
        middle = rational_negate(middle);
    }
    sum->low = rational_add(sum->low, low);
    sum->high = rational_add(sum->high, high);
    sum->middle = rational_add(sum->middle, middle);
    sum->half_squares = rational_add(sum->half_squares, rational_multiply(half, half));
    if (!sum->widest || rational_compare(width, sum->widest_width) > 0) {
        sum->widest = term->dimension.member;
        sum->widest_width = width;
    }
}

/* The square root to four decimals: the only figure here that no fraction holds. */
static double root(double square)
{
    double guess = square > 1 ? square : 1;
    for (int i = 0; i < 64; i++)
        guess = (guess + square / guess) / 2;
    return square <= 0 ? 0 : guess;
}

static bool check_sum(struct spec *spec, const struct product *product, const struct stack *stack,
                      const struct sku *sku)
{
    struct stack_sum sum = {.low = RATIONAL_ZERO,
                            .high = RATIONAL_ZERO,
                            .half_squares = RATIONAL_ZERO,
                            .middle = RATIONAL_ZERO,
                            .known = stack->limit.kind == VALUE_NUMBER};
    for (const struct stack_term *term = stack->terms; term && sum.known; term = term->next)
        add_term(&sum, term, sku);
    if (!sum.known)
        return false;
    struct rational worst = stack->at_least ? sum.low : sum.high;
    int order = rational_compare(worst, stack->limit.number);
    if (stack->at_least ? order >= 0 : order <= 0)
        return false;
    double likely = root(rational_to_double(sum.half_squares)),
           middle = rational_to_double(sum.middle);
    struct diagnostic *d = check_report(
        spec, RULE_stack_too_tight, &product->base, NULL, stack->span,
        "`%s` is %s at worst, and %s %s is asked", stack->name.word, length_text(spec, worst),
        stack->at_least ? "at least" : "at most", length_text(spec, stack->limit.number));
    check_note(spec, d, SPAN_NONE, "by root-sum-square it is %.4f mm",
               stack->at_least ? middle - likely : middle + likely);
    check_note(spec, d, sum.widest->dimension->span,
               "`%s.%s` takes most of it, %s between its limits", sum.widest->declaration->name,
               sum.widest->name, length_text(spec, sum.widest_width));
    check_help(spec, d, "closer limits there, or another nominal");
    return true;
}

void check_stacks(struct spec *spec, const struct product *product)
{
    const struct sku_list *list = distinct_skus(spec, product);
    for (const struct stack *stack = product->stack; stack; stack = stack->next)
        for (long i = 0; i < list->count; i++)
            if (check_sum(spec, product, stack, &list->items[i].sku))
                break;
}
