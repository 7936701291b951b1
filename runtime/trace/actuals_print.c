/* Actuals as tables for people. */
#include "trace/actuals_show.h"

#include "cost/figures.h"
#include "cost/grid.h"

#include <string.h>

enum { PRICE_ROWS_AT_MOST = 60, BROKEN_AT_MOST = 6, PERCENT_PLACES = 1 };

struct showing {
    struct buffer *out;
    const struct actuals_report *report;
    const struct actuals *actuals;
    struct arena arena;
    bool color;
};

/* ---- figures ---- */

void actuals_print_time(struct buffer *out, struct rational seconds)
{
    static const struct {
        int64_t up_to_s, seconds;
        const char *unit;
    } scales[] = {{120, 1, "s"}, {7200, 60, "min"}, {INT64_MAX, 3600, "h"}};
    size_t i = 0;

    while (rational_compare(seconds, rational_integer(scales[i].up_to_s)) >= 0)
        i++;
    seconds = rational_divide(seconds, rational_integer(scales[i].seconds));
    int places = rational_compare(seconds, rational_integer(100)) >= 0  ? 0
                 : rational_compare(seconds, rational_integer(10)) >= 0 ? 1
                                                                        : 2;
    rational_print_short(out, seconds, places);
    buffer_addf(out, " %s", scales[i].unit);
}

static char *keep(struct showing *show, struct buffer *text)
{
    char *copy = arena_copy_text(&show->arena, buffer_text(text), text->length);
    buffer_free(text);
    return copy;
}

/* What people typed, on one line and without what would steer a terminal. */
static char *typed_text(struct showing *show, const char *text)
{
    char *copy = arena_copy_text(&show->arena, text, strlen(text));
    for (unsigned char *c = (unsigned char *)copy; *c; c++)
        if (*c < 0x20 || *c == 0x7F || (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)) {
            if (*c == 0xC2)
                *c++ = ' ';
            *c = ' ';
        }
    return copy;
}

static char *time_text(struct showing *show, struct rational seconds)
{
    struct buffer text = {0};
    actuals_print_time(&text, seconds);
    return keep(show, &text);
}

static char *whole_text(struct showing *show, int64_t number)
{
    return arena_printf(&show->arena, "%lld", (long long)number);
}

/* "+35%", "-4%". */
static char *difference_text(struct showing *show, struct rational factor)
{
    struct rational off =
        rational_multiply(rational_subtract(factor, RATIONAL_ONE), rational_integer(100));
    struct buffer text = {0};
    if (rational_sign(off) >= 0)
        buffer_add_char(&text, '+');
    rational_print_fixed(&text, off, 0);
    buffer_add_char(&text, '%');
    return keep(show, &text);
}

static void heading_row(struct grid *grid, const char *const *titles, int count)
{
    grid_row(grid, false);
    for (int i = 0; i < count; i++)
        grid_cell(grid, titles[i]);
}
#define HEADING(grid, ...)                                                                         \
    heading_row(grid, (const char *const[]){__VA_ARGS__},                                          \
                (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static const char *name_of(const struct actuals_step *step)
{
    return step->step->base.name;
}

/* ---- times ---- */

static const char *verdict_of(const struct actuals_step *step)
{
    struct rational off = rational_subtract(step->factor, RATIONAL_ONE);
    struct rational least = rational_fraction(ACTUALS_MATERIAL_PERCENT, 100);

    if (!step->has_spec)
        return "the spec says none";
    if (step->firm)
        return "firm";
    if (rational_compare(rational_multiply(off, off), rational_multiply(least, least)) < 0)
        return "as said";
    return step->time_count < ACTUALS_TIMES_NEEDED ? "too few" : "scatters";
}

static void add_time_row(struct showing *show, struct grid *grid, const struct actuals_step *step)
{
    struct buffer between = {0};

    grid_row(grid, false);
    grid_cell(grid, name_of(step));
    grid_cell(grid, step->basis);
    grid_cell(grid, step->has_spec ? time_text(show, step->spec_s) : "");
    grid_cell(grid, time_text(show, step->median_s));
    actuals_print_time(&between, step->low_s);
    buffer_add_text(&between, " .. ");
    actuals_print_time(&between, step->high_s);
    grid_cell(grid, keep(show, &between));
    grid_cell(grid, whole_text(show, step->time_count));
    grid_cell(grid, whole_text(show, step->timed_units));
    grid_cell(grid, step->has_spec ? difference_text(show, step->factor) : "");
    grid_cell(grid, verdict_of(step));
}

static void show_times(struct showing *show)
{
    struct grid grid = {.arena = &show->arena, .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(8)};
    const struct actuals *actuals = show->actuals;
    int rows = 0;

    for (int i = 0; i < actuals->step_count; i++)
        rows += actuals->steps[i].has_time;
    figure_heading(show->out, show->color, "Bench times");
    if (!rows) {
        buffer_add_text(show->out, "  none yet: a time runs from `flowd step begin` to the units "
                                   "that leave\n");
        return;
    }
    HEADING(&grid, "step", "per", "spec", "median", "half lies in", "times", "units", "off", "");
    for (int i = 0; i < actuals->step_count; i++)
        if (actuals->steps[i].has_time)
            add_time_row(show, &grid, &actuals->steps[i]);
    grid_print(show->out, &grid, show->color);
}

/* What was seen and not timed. */
static void show_untimed(struct showing *show)
{
    bool any = false;

    for (int i = 0; i < show->actuals->step_count; i++) {
        const struct actuals_step *step = &show->actuals->steps[i];
        if (!step->unmarked)
            continue;
        buffer_addf(show->out, "%s%s %lld",
                    any ? ", " : "  units that left without a begin: ", name_of(step),
                    (long long)step->unmarked);
        any = true;
    }
    buffer_add_text(show->out, any ? "\n" : "");
    for (int i = 0; i < show->actuals->step_count; i++) {
        const struct actuals_step *step = &show->actuals->steps[i];
        if (step->paused)
            buffer_addf(show->out, "  %s: %lld times left out, over %d hours: a night\n",
                        name_of(step), (long long)step->paused, ACTUALS_PAUSE_MS / 3600000);
        if (step->untimed == UNTIMED_WAIT)
            buffer_addf(show->out, "  %s: not timed, for its wait is in between\n", name_of(step));
    }
}

/* ---- shares ---- */

static bool is_told(const struct actuals_step *step, int outcome)
{
    const struct actuals_share *share = &step->shares[outcome];
    return outcome != OUTCOME_PASS && outcome != OUTCOME_APPROVE && step->left &&
           (share->count || rational_sign(share->expected) > 0);
}

static void show_shares(struct showing *show)
{
    struct grid grid = {.arena = &show->arena, .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(6)};
    bool any = false;

    HEADING(&grid, "step", "outcome", "spec", "measured", "units", "of", "");
    for (int i = 0; i < show->actuals->step_count; i++)
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            const struct actuals_step *step = &show->actuals->steps[i];
            const struct actuals_share *share = &step->shares[outcome];
            if (!is_told(step, outcome))
                continue;
            any = true;
            grid_row(&grid, false);
            grid_cell(&grid, name_of(step));
            grid_cell(&grid, outcome_names[outcome]);
            grid_cell(&grid, figure_percent(&show->arena, share->expected));
            grid_cell(&grid, figure_percent(&show->arena, share->measured));
            grid_cell(&grid, whole_text(show, share->count));
            grid_cell(&grid, whole_text(show, step->left));
            grid_cell(&grid, share->firm                         ? "firm"
                             : step->left < ACTUALS_UNITS_NEEDED ? "too few"
                                                                 : "as said");
        }
    if (!any)
        return;
    figure_heading(show->out, show->color, "Yields");
    grid_print(show->out, &grid, show->color);
}

static void show_reasons(struct showing *show)
{
    struct grid grid = {.arena = &show->arena, .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(3)};
    bool any = false;

    HEADING(&grid, "step", "", "units", "reason");
    for (int i = 0; i < show->actuals->step_count; i++)
        for (const struct actuals_reason *reason = show->actuals->steps[i].reasons; reason;
             reason = reason->next) {
            any = true;
            grid_row(&grid, false);
            grid_cell(&grid, name_of(&show->actuals->steps[i]));
            grid_cell(&grid, reason->what);
            grid_cell(&grid, whole_text(show, reason->count));
            grid_cell(&grid, typed_text(show, reason->text));
        }
    if (!any)
        return;
    figure_heading(show->out, show->color, "Why");
    grid_print(show->out, &grid, show->color);
}

static void show_samples(struct showing *show)
{
    struct grid grid = {.arena = &show->arena, .left = GRID_LEFT(0)};
    bool any = false;

    HEADING(&grid, "inspection", "lots", "accepted", "sampled", "defective");
    for (int i = 0; i < show->actuals->step_count; i++) {
        const struct actuals_step *step = &show->actuals->steps[i];
        if (!step->lots)
            continue;
        any = true;
        grid_row(&grid, false);
        grid_cell(&grid, name_of(step));
        grid_cell(&grid, whole_text(show, step->lots));
        grid_cell(&grid, whole_text(show, step->accepted));
        grid_cell(&grid, whole_text(show, step->sampled));
        grid_cell(&grid, whole_text(show, step->found));
    }
    if (!any)
        return;
    figure_heading(show->out, show->color, "Samples");
    grid_print(show->out, &grid, show->color);
}

/* ---- readings ---- */

static void show_broken(struct showing *show, const struct actuals_series *series)
{
    struct buffer lines = {0};
    int shown = 0, count = 0;

    actuals_print_broken(&lines, series);
    for (const char *at = buffer_text(&lines); *at; count++) {
        size_t length = strcspn(at, "\n") + 1;
        if (shown < BROKEN_AT_MOST) {
            buffer_addf(show->out, "    %s\n",
                        typed_text(show, arena_copy_text(&show->arena, at, length - 1)));
            shown++;
        }
        at += length;
    }
    if (count > shown)
        buffer_addf(show->out, "    and %d more; --chart %s draws them\n", count - shown,
                    series->name);
    buffer_free(&lines);
}

static void show_series(struct showing *show, const struct actuals_series *series)
{
    struct value stated = {.kind = VALUE_SIZE, .size = series->size};

    buffer_addf(show->out, "  %s  ", series->title);
    value_print(show->out, show->actuals->spec, &stated, NULL);
    buffer_addf(show->out, "; mean %.*f %s", series->places + 1, series->capability.mean,
                series->unit);
    if (series->outside)
        buffer_addf(show->out, "; %d of %d beyond the limits", series->outside, series->count);
    if (series->again)
        buffer_addf(show->out, "; %d read again after a rework, left out", series->again);
    buffer_add_text(show->out, "\n    ");
    capability_words(show->out, &series->capability);
    buffer_addf(show->out, "\n    %s%s.\n",
                !series->control.reckoned
                    ? "No control limits from so few readings, or none that differ"
                : series->control.broken == 0 ? "Steady: no rule is broken"
                                              : "Not steady",
                series->control.reckoned && series->control.indicative
                    ? ", by limits that are a first guess"
                    : "");
    show_broken(show, series);
}

static void show_readings(struct showing *show)
{
    const struct actuals *actuals = show->actuals;

    if (actuals->series)
        figure_heading(show->out, show->color, "Dimensions");
    for (const struct actuals_series *series = actuals->series; series; series = series->next)
        show_series(show, series);
    if (actuals->other_readings)
        buffer_addf(show->out, "  %lld readings are left out: their revision had another size\n",
                    (long long)actuals->other_readings);
}

/* ---- cost ---- */

static void add_money(struct showing *show, struct grid *grid,
                      const struct actuals_figures *figures, struct rational amount, bool there)
{
    int places = figure_places(show->actuals->spec);
    grid_cell(grid, figures->valid && there ? figure_text(&show->arena, amount, places, "") : "");
}

static void add_margin(struct showing *show, struct grid *grid,
                       const struct actuals_figures *figures)
{
    grid_cell(grid, figures->has_price ? figure_percent(&show->arena, figures->margin) : "");
}

static void add_price_row(struct showing *show, struct grid *grid,
                          const struct actuals_price *price)
{
    grid_row(grid, false);
    grid_cell(grid, price->sku);
    grid_cell(grid, figure_text(&show->arena, price->quantity, 0, ""));
    add_money(show, grid, &price->spec, price->spec.price, price->spec.has_price);
    add_money(show, grid, &price->spec, price->spec.unit_cost, true);
    add_money(show, grid, &price->measured, price->measured.unit_cost, true);
    add_money(show, grid, &price->patched, price->patched.unit_cost, true);
    add_margin(show, grid, &price->spec);
    add_margin(show, grid, &price->measured);
    add_margin(show, grid, &price->patched);
}

static void show_prices(struct showing *show)
{
    struct grid grid = {.arena = &show->arena, .left = GRID_LEFT(0)};
    int rows = show->report->price_count;

    if (rows > PRICE_ROWS_AT_MOST)
        rows = PRICE_ROWS_AT_MOST;
    figure_heading(show->out, show->color, "What it does to cost and margin, %s a unit",
                   shop_currency(show->actuals->spec));
    HEADING(&grid, "SKU", "at", "price", "cost", "measured", "firm", "margin", "measured", "firm");
    for (int i = 0; i < rows; i++)
        add_price_row(show, &grid, &show->report->prices[i]);
    grid_print(show->out, &grid, show->color);
    if (rows < show->report->price_count)
        buffer_addf(show->out, "  and %d more; --json has them all\n",
                    show->report->price_count - rows);
}

static void show_changes(struct showing *show)
{
    const struct actuals_changes *changes = show->report->changes;
    int ready = 0;

    for (int i = 0; i < changes->count; i++)
        ready += changes->items[i].firm && !changes->items[i].obstacle;
    if (ready)
        buffer_addf(show->out,
                    "\n%d number%s of the spec %s firmly measured otherwise; --patch "
                    "changes %s.\n",
                    ready, ready == 1 ? "" : "s", ready == 1 ? "was" : "were",
                    ready == 1 ? "it" : "them");
    for (int i = 0; i < changes->count; i++) {
        const struct actuals_change *change = &changes->items[i];
        if (change->firm && change->obstacle)
            buffer_addf(show->out, "%s: `%s` would be `%s`, but %s; change it by hand.\n",
                        name_of(change->step), change->before, change->after, change->obstacle);
    }
}

/* ---- all of it ---- */

static void show_head(struct showing *show)
{
    const struct actuals *actuals = show->actuals;
    int64_t batches = actuals->production_batches + actuals->sample_batches;

    buffer_addf(show->out, "%s%s%s%s", actuals->product->base.name,
                actuals->revision->number && *actuals->revision->number ? ", revision " : "",
                actuals->revision->number ? actuals->revision->number : "", ": ");
    buffer_addf(show->out, "%lld batch%s", (long long)batches, batches == 1 ? "" : "es");
    if (actuals->sample_batches)
        buffer_addf(show->out, ", %lld of them for samples", (long long)actuals->sample_batches);
    if (actuals->older_batches)
        buffer_addf(show->out, ", %lld by another revision", (long long)actuals->older_batches);
    buffer_add_char(show->out, '\n');
}

void actuals_print(struct buffer *out, const struct actuals_report *report, bool color)
{
    struct showing show = {
        .out = out, .report = report, .actuals = report->actuals, .color = color};

    show_head(&show);
    show_times(&show);
    show_untimed(&show);
    show_shares(&show);
    show_reasons(&show);
    show_samples(&show);
    show_readings(&show);
    show_prices(&show);
    show_changes(&show);
    arena_free(&show.arena);
}
