/* The numbers of the spec that were measured, and what would stand in their place. */
#include "trace/actuals_change.h"

#include <string.h>

/* ---- numbers as they are written ---- */

/* Three digits that say something: what is measured at a bench has no more. */
static void add_digits(struct buffer *out, struct rational number)
{
    struct rational bound = rational_integer(100);
    int places = 0;

    while (places < 6 && rational_compare(number, bound) < 0) {
        bound = rational_divide(bound, rational_integer(10));
        places++;
    }
    rational_print_short(out, number, places);
}

/* Whether the value is a plain literal in this place: "20 s", "96%". Its unit, as written, begins at *unit. */
static bool is_literal(const struct spec *spec, const struct value *value, const char **unit,
                       size_t *unit_length)
{
    const char *text = span_text(spec->sources, value->span);
    size_t length = value->span.end - value->span.begin;
    size_t digits = strspn(text, "0123456789.");

    if (!(value->flags & VALUE_WRITTEN) || value->written_begin != value->span.begin || !digits ||
        digits >= length)
        return false;
    *unit = text + digits;
    *unit_length = length - digits;
    for (size_t i = 0; i < *unit_length; i++)
        if (strchr("0123456789\n+-*/()", (*unit)[i])) /* a sum, or several units side by side */
            return false;
    return true;
}

/* The number in the unit that stands there; times that are not plain literals in seconds, minutes or hours. */
static const char *text_of(const struct spec *spec, const struct value *value,
                           struct rational number, struct arena *arena)
{
    static const struct {
        int64_t up_to_s, seconds;
        const char *unit;
    } scales[] = {{120, 1, " s"}, {7200, 60, " min"}, {INT64_MAX, 3600, " h"}};
    const struct unit *unit = spec_unit(spec, value);
    struct buffer out = {0};
    const char *written;
    size_t length;

    if (is_literal(spec, value, &written, &length)) {
        add_digits(&out, rational_divide(number, unit ? unit->scale : RATIONAL_ONE));
        buffer_add(&out, written, length);
    } else if (dimension_equal(value->dimension, DIMENSION_NONE)) {
        add_digits(&out, rational_multiply(number, rational_integer(100)));
        buffer_add_char(&out, '%');
    } else {
        size_t i = 0;
        while (rational_compare(number, rational_integer(scales[i].up_to_s)) >= 0)
            i++;
        add_digits(&out, rational_divide(number, rational_integer(scales[i].seconds)));
        buffer_add_text(&out, scales[i].unit);
    }
    const char *text = arena_copy_text(arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return text;
}

/* ---- which numbers a step has ---- */

/* A number that was measured at some steps: of several the mean, by the units that were timed there. */
struct leaf {
    const struct value *value;
    const struct actuals_step *step; /* the first */
    struct rational weighted;        /* factors by their units */
    int64_t units;
    bool firm;
};

struct leaves {
    struct arena *arena;
    const struct actuals *actuals;
    struct leaf *items;
    int count, capacity;
};

static void add_leaf(struct leaves *leaves, const struct actuals_step *step,
                     const struct value *value)
{
    struct rational weighted = rational_multiply(step->factor, rational_integer(step->timed_units));

    for (int i = 0; i < leaves->count; i++)
        if (leaves->items[i].value->span.begin == value->span.begin) {
            struct leaf *leaf = &leaves->items[i];
            leaf->weighted = rational_add(leaf->weighted, weighted);
            leaf->units += step->timed_units;
            leaf->firm &= step->firm;
            return;
        }
    if (leaves->count == leaves->capacity) {
        leaves->capacity = 2 * leaves->capacity + 16;
        struct leaf *items = ARENA_ARRAY(leaves->arena, struct leaf, leaves->capacity);
        if (leaves->count)
            memcpy(items, leaves->items, sizeof *items * (size_t)leaves->count);
        leaves->items = items;
    }
    leaves->items[leaves->count++] =
        (struct leaf){value, step, weighted, step->timed_units, step->firm};
}

/* Whether a SKU of this case was timed at the step. */
static bool is_case_timed(const struct leaves *leaves, const struct actuals_step *step,
                          const struct choice *choice, const char *key)
{
    for (long i = 0; i < leaves->actuals->product->sku_count; i++) {
        struct sku sku;
        if (!step->skus_timed[i])
            continue;
        sku_at(leaves->actuals->product, i, &sku);
        const char *mine = sku_case(&sku, choice->axis);
        if (mine && strcmp(mine, key) == 0)
            return true;
    }
    return false;
}

static void add_value(struct leaves *leaves, const struct actuals_step *step,
                      const struct value *value)
{
    if (value->kind == VALUE_NUMBER && value->span.begin)
        add_leaf(leaves, step, value);
    if (value->kind == VALUE_CHOICE)
        for (int i = 0; i < value->choice->count; i++)
            if (is_case_timed(leaves, step, value->choice, value->choice->cases[i].key))
                add_value(leaves, step, &value->choice->cases[i].value);
}

static void add_lines(struct leaves *leaves, const struct actuals_step *step,
                      const struct instruction *lines)
{
    for (const struct instruction *line = lines; line; line = line->next)
        if (line->time)
            add_value(leaves, step, &line->time->value);
}

/* Every number that a step's time is made of: what was measured is all of it together, so each takes its share. */
static void add_step(struct leaves *leaves, const struct actuals_step *step)
{
    if (!step->has_time || !step->has_spec)
        return;
    if (step->step->setup)
        add_value(leaves, step, &step->step->setup->amount);
    if (step->step->time)
        add_value(leaves, step, &step->step->time->amount);
    add_lines(leaves, step, step->step->do_);
    for (const struct simple *row = step->step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard)
            add_lines(leaves, step, standard->do_);
    }
}

/* ---- changes ---- */

static struct actuals_change *add_change(struct actuals_changes *changes, struct arena *arena)
{
    if (changes->count == changes->capacity) {
        changes->capacity = 2 * changes->capacity + 16;
        struct actuals_change *items = ARENA_ARRAY(arena, struct actuals_change, changes->capacity);
        if (changes->count)
            memcpy(items, changes->items, sizeof *items * (size_t)changes->count);
        changes->items = items;
    }
    return &changes->items[changes->count++];
}

static bool uses_value(const struct value *value, uint32_t begin)
{
    if (value->kind == VALUE_CHOICE)
        for (int i = 0; i < value->choice->count; i++)
            if (uses_value(&value->choice->cases[i].value, begin))
                return true;
    return value->span.begin == begin;
}

static bool lines_use(const struct instruction *lines, uint32_t begin)
{
    for (const struct instruction *line = lines; line; line = line->next)
        if (line->time && uses_value(&line->time->value, begin))
            return true;
    return false;
}

static bool step_uses(const struct step *step, uint32_t begin)
{
    if ((step->setup && uses_value(&step->setup->amount, begin)) ||
        (step->time && uses_value(&step->time->amount, begin)) ||
        (step->yield && uses_value(&step->yield->value, begin)) || lines_use(step->do_, begin))
        return true;
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard && lines_use(standard->do_, begin))
            return true;
    }
    for (int i = 0; i < ROUTE_PLACES; i++) {
        const struct route *route = &step->routes[i];
        if (route->present && route->written &&
            (route->span.end == begin || (route->expect && uses_value(route->expect, begin))))
            return true;
    }
    return false;
}

/* Another product whose workflow has the same number, by `like` or by a standard: it was not measured there. */
static const char *obstacle_of(const struct actuals *actuals, struct span span, struct arena *arena)
{
    const struct source *source = source_of(actuals->spec->sources, span.begin);

    for (int p = 0; p < actuals->spec->product_count; p++) {
        const struct product *other = actuals->spec->products[p];
        for (int i = 0;
             other != actuals->product && other->workflow && i < other->workflow->step_count; i++)
            if (step_uses(other->workflow->steps[i], span.begin))
                return arena_printf(arena, "it counts for %s too", other->base.name);
    }
    if (source->shared)
        return "it stands in a module that the shop shares";
    if (memchr(source->text + (span.begin - source->base), '\n', span.end - span.begin))
        return "it goes over several lines";
    return NULL;
}

static void change_to(const struct actuals *actuals, struct actuals_changes *changes,
                      struct arena *arena, const struct actuals_change *wanted)
{
    size_t length = wanted->span.end - wanted->span.begin;
    const char *before =
        arena_copy_text(arena, span_text(actuals->spec->sources, wanted->span), length);

    if (strcmp(before, wanted->after) == 0)
        return;
    struct actuals_change *change = add_change(changes, arena);
    *change = *wanted;
    change->before = before;
    change->obstacle = obstacle_of(actuals, change->span, arena);
}

static void list_times(const struct actuals *actuals, struct arena *arena,
                       struct actuals_changes *changes)
{
    struct leaves leaves = {.arena = arena, .actuals = actuals};

    for (int i = 0; i < actuals->step_count; i++)
        add_step(&leaves, &actuals->steps[i]);
    for (int i = 0; i < leaves.count; i++) {
        const struct leaf *leaf = &leaves.items[i];
        struct rational factor =
            rational_divide(leaf->weighted, rational_integer(leaf->units ? leaf->units : 1));
        struct rational number = rational_multiply(leaf->value->number, factor);
        if (rational_sign(number) > 0)
            change_to(actuals, changes, arena,
                      &(struct actuals_change){
                          .step = leaf->step,
                          .outcome = OUTCOME_COUNT,
                          .span = leaf->value->span,
                          .after = text_of(actuals->spec, leaf->value, number, arena),
                          .firm = leaf->firm});
    }
}

/* Where nothing is expected of a way that was taken, the expectation is put behind it. */
static void put_in_share(const struct actuals *actuals, const struct route *route,
                         struct actuals_change *change, struct rational number, struct arena *arena,
                         struct actuals_changes *changes)
{
    struct value percent = {.kind = VALUE_NUMBER, .span = {route->span.end, route->span.end}};

    change->span = percent.span;
    change->after =
        arena_printf(arena, " expect %s", text_of(actuals->spec, &percent, number, arena));
    change_to(actuals, changes, arena, change);
}

/* A share has one number, of all SKUs together: where it goes by an axis it is left alone. */
static void list_share(const struct actuals *actuals, const struct actuals_step *step, int outcome,
                       struct arena *arena, struct actuals_changes *changes)
{
    const struct route *route = step_route(step->step, outcome);
    const struct actuals_share *share = &step->shares[outcome];
    bool by_yield = !route->expect && outcome == OUTCOME_FAILURE && step->step->yield;
    const struct value *value = by_yield ? &step->step->yield->value : route->expect;
    struct rational number =
        by_yield ? rational_subtract(RATIONAL_ONE, share->measured) : share->measured;
    struct actuals_change change = {.step = step, .outcome = outcome, .firm = share->firm};

    if (!value && route->written && share->count)
        put_in_share(actuals, route, &change, number, arena, changes);
    if (!value || value->kind != VALUE_NUMBER || !value->span.begin ||
        (by_yield && rational_is_zero(number)))
        return;
    change.span = value->span;
    change.after = text_of(actuals->spec, value, number, arena);
    change_to(actuals, changes, arena, &change);
}

void actuals_list_changes(const struct actuals *actuals, struct arena *arena,
                          struct actuals_changes *changes)
{
    *changes = (struct actuals_changes){0};
    list_times(actuals, arena, changes);
    for (int i = 0; i < actuals->step_count; i++)
        for (int outcome = 0; actuals->steps[i].left && outcome < OUTCOME_COUNT; outcome++)
            if (outcome != OUTCOME_PASS && outcome != OUTCOME_APPROVE &&
                step_route(actuals->steps[i].step, outcome)->present)
                list_share(actuals, &actuals->steps[i], outcome, arena, changes);
}
