/* What `flowd plan` shows: batches, plates by printer, and what is promised of each order line. */
#include "flowd/plan.h"

#include "cost/grid.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- words ---- */

static const char *moment(struct arena *arena, int64_t time_s)
{
    struct buffer text = {0};
    if (time_s == PLAN_NEVER)
        return "";
    plan_add_moment(&text, time_s);
    const char *copy = arena_copy_text(arena, text.text, text.length);
    buffer_free(&text);
    return copy;
}

static const char *copied(struct arena *arena, struct buffer *text)
{
    const char *copy = arena_copy_text(arena, buffer_text(text), text->length);
    buffer_free(text);
    return copy;
}

static const char *number(struct arena *arena, int64_t value)
{
    return arena_printf(arena, "%lld", (long long)value);
}

/* "5 min", "8 h 24 min" */
static const char *span(struct arena *arena, int64_t seconds)
{
    int64_t minutes = (seconds + 59) / 60;
    if (minutes < 60)
        return arena_printf(arena, "%lld min", (long long)minutes);
    return arena_printf(arena, "%lld h %02lld min", (long long)(minutes / 60),
                        (long long)(minutes % 60));
}

static const char *batch_name(const struct plan_batch *batch)
{
    return batch->name ? batch->name : "new";
}

static const char *content(const struct planned *planned, int plate, struct arena *arena)
{
    struct buffer text = {0};
    plan_add_content(planned->plan, plate, &text);
    return copied(arena, &text);
}

const char *planned_why(const struct planned *planned, int line, struct arena *arena)
{
    struct buffer text = {0};
    int64_t stuck = planned->snapshot.stuck[line];
    if (stuck)
        buffer_addf(&text, "%lld in quarantine", (long long)stuck);
    else
        plan_why_waits(planned->plan, line, &text);
    return copied(arena, &text);
}

int64_t planned_promise(const struct planned *planned, int line)
{
    return planned->snapshot.stuck[line] ? PLAN_NEVER : plan_promise(planned->plan, line);
}

const char *planned_sku(const struct planned *planned, const struct plan_batch *batch,
                        const struct plan_piece *piece, struct arena *arena)
{
    const struct revision *revision = planned->snapshot.revisions[batch->group];
    struct sku sku;
    if (piece->line >= 0)
        return planned->snapshot.lines[piece->line]->sku;
    sku_at(revision->made, piece->sku, &sku);
    return sku_code(revision->spec, &sku, arena);
}

static const char *changes(const struct plan_plate *plate)
{
    return plate->nozzle_swapped ? "nozzle" : plate->swaps ? "material" : "";
}

/* ---- for people ---- */

static void add_batches(const struct planned *planned, struct buffer *out, struct arena *arena)
{
    static const char *const words[] = {"was started", "start it now", "waits"};
    struct grid grid = {.arena = arena, .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(3)};
    grid_row(&grid, false);
    grid_cell(&grid, "batch");
    grid_cell(&grid, "of");
    grid_cell(&grid, "units");
    grid_cell(&grid, "");
    for (int i = 0; i < planned->plan->batch_count; i++) {
        const struct plan_batch *batch = &planned->plan->batches[i];
        if (!batch->live)
            continue;
        grid_row(&grid, false);
        grid_cell(&grid, batch_name(batch));
        grid_cell(&grid, planned->plan->problem.groups[batch->group].name);
        grid_cell(&grid, number(arena, batch->count));
        grid_cell(&grid,
                  batch->was && batch->was->held ? batch->was->held
                  : batch->state != PLAN_BATCH_WAITS || batch->opens_s == PLAN_NEVER
                      ? words[batch->state]
                      : arena_printf(arena, "waits until %s", moment(arena, batch->opens_s)));
    }
    if (grid.row_count > 1)
        grid_print(out, &grid, color_wanted(false));
}

static void add_stock(const struct planned *planned, struct buffer *out)
{
    for (int i = 0; i < planned->snapshot.stock_count; i++) {
        const struct plan_stock *stock = &planned->snapshot.stock[i];
        const struct order_line *line = planned->snapshot.lines[stock->line];
        buffer_addf(out, "%s%lld units of %s are in stock for %s/%s\n", i ? "" : "\n",
                    (long long)stock->count, stock->batch->name, line->order, line->line);
    }
}

static void add_plates(const struct planned *planned, struct buffer *out, struct arena *arena)
{
    const struct plan *plan = planned->plan;
    struct grid grid = {.arena = arena,
                        .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(2) | GRID_LEFT(3) |
                                GRID_LEFT(5)};
    static const char *const titles[] = {"printer", "begin", "ends", "plate", "prints", "change"};
    grid_row(&grid, false);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        grid_cell(&grid, titles[i]);
    for (int p = 0; p < plan->problem.printer_count; p++)
        for (int i = 0; i < plan->queues[p].count; i++) {
            int index = plan->queues[p].items[i];
            const struct plan_plate *plate = &plan->plates[index];
            grid_row(&grid, false);
            grid_cell(&grid, i ? "" : plan->printers[p].name);
            grid_cell(&grid, moment(arena, plate->begin_s));
            grid_cell(&grid, moment(arena, plate->end_s));
            grid_cell(&grid, content(planned, index, arena));
            grid_cell(&grid, span(arena, plate->print_s));
            grid_cell(&grid, changes(plate));
        }
    if (grid.row_count > 1) {
        buffer_add_char(out, '\n');
        grid_print(out, &grid, color_wanted(false));
    }
}

static void add_lines(const struct planned *planned, struct buffer *out, struct arena *arena)
{
    struct grid grid = {.arena = arena,
                        .left = GRID_LEFT(0) | GRID_LEFT(1) | GRID_LEFT(3) | GRID_LEFT(4) |
                                GRID_LEFT(5)};
    static const char *const titles[] = {"order", "SKU", "units", "due", "promised", ""};
    grid_row(&grid, false);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        grid_cell(&grid, titles[i]);
    for (int i = 0; i < planned->plan->line_count; i++) {
        const struct order_line *line = planned->snapshot.lines[i];
        int64_t promised_s = planned_promise(planned, i);
        const char *waits = planned_why(planned, i, arena);
        bool late = promised_s != PLAN_NEVER && promised_s > planned->plan->lines[i].due_s;
        grid_row(&grid, false);
        grid_cell(&grid, arena_printf(arena, "%s/%s", line->order, line->line));
        grid_cell(&grid, line->sku);
        grid_cell(&grid, number(arena, line_owed(line)));
        grid_cell(&grid, line->due);
        grid_cell(&grid, promised_s == PLAN_NEVER                     ? "not known"
                         : promised_s == planned->plan->problem.now_s ? "made"
                                                                      : moment(arena, promised_s));
        grid_cell(&grid, arena_printf(arena, "%s%s%s", late ? "LATE" : "",
                                      late && *waits ? ": " : "", waits));
    }
    if (grid.row_count > 1) {
        buffer_add_char(out, '\n');
        grid_print(out, &grid, color_wanted(false));
    }
}

static void add_count(struct buffer *out, int count, const char *what)
{
    buffer_addf(out, "%d %s%s", count, what, count == 1 ? "" : "s");
}

static void add_summary(const struct planned *planned, struct buffer *out, struct arena *arena)
{
    struct plan_figures figures;
    plan_figures(planned->plan, &figures);
    if (!planned->plan->line_count && !figures.plates) {
        buffer_add_text(out, "nothing is to be made; `flowd orders import FILE` takes orders\n");
        return;
    }
    buffer_add_char(out, '\n');
    add_count(out, figures.plates - figures.unplaced, "plate");
    buffer_add_text(out, " on ");
    add_count(out, planned->plan->problem.printer_count, "printer");
    buffer_add_text(out, ", ");
    add_count(out, figures.changeovers, "change");
    if (figures.makespan_s)
        buffer_addf(out, ", cleared %s",
                    moment(arena, planned->plan->problem.now_s + figures.makespan_s));
    if (figures.purge_mg)
        buffer_addf(out, ", %lld g purged", (long long)((figures.purge_mg + 999) / 1000));
    if (figures.unplaced) {
        buffer_add_text(out, "; ");
        add_count(out, figures.unplaced, "plate");
        buffer_add_text(out, " that no printer can make");
    }
    buffer_addf(out, "\n%d of %d order lines late. All times are UTC.\n", figures.late_lines,
                planned->plan->line_count);
}

int planned_print(const struct planned *planned)
{
    struct arena arena = {0};
    struct buffer out = {0};
    int status;
    if (planned->desk.json) {
        status = print_json(planned_json(planned, &arena));
    } else {
        add_batches(planned, &out, &arena);
        add_stock(planned, &out);
        add_plates(planned, &out, &arena);
        add_lines(planned, &out, &arena);
        add_summary(planned, &out, &arena);
        status = print_out(&out) ? EXIT_CLEAN : EXIT_ENVIRONMENT;
    }
    buffer_free(&out);
    arena_free(&arena);
    return status;
}
