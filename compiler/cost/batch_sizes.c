/* One by one against made together: what a unit costs in batches of several sizes, and from which on it pays. */
#include "cost/figures.h"
#include "cost/grid.h"
#include "cost/reckon.h"

enum { SIZES_AT_MOST = 64 };

struct size_table {
    const struct spec *spec;
    const struct sku *sku;
    struct cost_flow flow;
    struct arena *arena;
    struct rational sizes[SIZES_AT_MOST]; /* ascending, each once */
    int count;
    struct rational least; /* the margin asked for */
    int places;
};

static void add_size(struct size_table *table, struct rational size)
{
    int at = table->count;

    if (rational_sign(size) <= 0 || !rational_is_whole(size) || table->count == SIZES_AT_MOST)
        return;
    for (int i = 0; i < table->count; i++)
        if (rational_equal(table->sizes[i], size))
            return;
    while (at > 0 && rational_compare(table->sizes[at - 1], size) > 0) {
        table->sizes[at] = table->sizes[at - 1];
        at--;
    }
    table->sizes[at] = size;
    table->count++;
}

static void collect_sizes(struct size_table *table)
{
    static const int usual[] = {1, 10, 25, 50, 100};
    const struct product *product = table->sku->product;
    const struct workflow *workflow = product->workflow;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        add_size(table, rational_integer(usual[i]));
    for (int i = 0; i < workflow->step_count; i++) {
        const struct range *size = workflow->steps[i]->size;
        if (size && step_is_for(workflow->steps[i], table->sku)) {
            add_size(table, value_number(table->spec, &size->from, table->sku, RATIONAL_ZERO));
            add_size(table, value_number(table->spec, &size->to, table->sku, RATIONAL_ZERO));
        }
    }
    if (product->price)
        add_size(table, number_of(table->spec, product->price->run, table->sku, RATIONAL_ZERO));
    for (const struct sell *line = cost_sell_line(table->sku, NULL); line;
         line = cost_sell_line(table->sku, line))
        for (const struct sell_break *one = line->breaks; one; one = one->next)
            add_size(table, value_number(table->spec, &one->quantity, table->sku, RATIONAL_ZERO));
}

static void reckon_size(const struct size_table *table, struct rational size,
                        struct cost_sheet *sheet)
{
    cost_reckon_run(table->spec, &table->flow, size, size, table->arena, sheet);
}

static bool earns(const struct size_table *table, const struct cost_sheet *sheet)
{
    return sheet->valid && sheet->has_price && rational_compare(sheet->margin, table->least) >= 0;
}

static bool beats_one(const struct cost_sheet *sheet, const struct cost_sheet *one)
{
    return rational_compare(sheet->unit_cost, one->unit_cost) < 0;
}

static void add_row(const struct size_table *table, struct grid *grid,
                    const struct cost_sheet *sheet, const struct cost_sheet *one)
{
    struct rational change = RATIONAL_ZERO;

    if (!rational_is_zero(one->unit_cost))
        change = rational_subtract(rational_divide(sheet->unit_cost, one->unit_cost), RATIONAL_ONE);
    grid_row(grid, false);
    grid_cell(grid, figure_text(table->arena, sheet->made, 0, ""));
    grid_cell(grid, figure_text(table->arena, sheet->unit_cost, table->places, ""));
    grid_cell(grid, rational_is_zero(change) ? NULL : figure_percent(table->arena, change));
    if (!sheet->has_price)
        return;
    grid_cell(grid, figure_text(table->arena, sheet->price, table->places, ""));
    grid_cell(grid, figure_percent(table->arena, sheet->margin));
    if (rational_sign(table->least) > 0)
        grid_cell(grid, earns(table, sheet) ? "yes" : "no");
}

/* The smallest size in (low, high] that pays, where low does not and high does. */
static struct rational first_paying(const struct size_table *table, struct rational low,
                                    struct rational high, const struct cost_sheet *one)
{
    struct rational two = rational_integer(2);

    while (rational_compare(rational_subtract(high, low), RATIONAL_ONE) > 0) {
        struct rational middle = rational_floor(rational_divide(rational_add(low, high), two));
        struct cost_sheet sheet;
        reckon_size(table, middle, &sheet);
        if (one ? beats_one(&sheet, one) : earns(table, &sheet))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* One sentence: from which size on it pays, by the rows of the table and a search between two of them. */
static void add_verdict(struct buffer *out, const struct size_table *table,
                        const struct cost_sheet *sheets, const char *from, const char *never,
                        const struct cost_sheet *one)
{
    for (int i = 0; i < table->count; i++) {
        if (!(one ? beats_one(&sheets[i], one) : earns(table, &sheets[i])))
            continue;
        struct rational low = i > 0 ? table->sizes[i - 1] : RATIONAL_ZERO;
        buffer_add_text(out, from);
        rational_print_short(out, first_paying(table, low, table->sizes[i], one), 0);
        buffer_add_char(out, '\n');
        return;
    }
    buffer_add_text(out, never);
}

static void draw_sizes(struct buffer *out, const struct size_table *table, bool color)
{
    struct cost_sheet *sheets = ARENA_ARRAY(table->arena, struct cost_sheet, table->count);
    struct grid grid = {.arena = table->arena};

    for (int i = 0; i < table->count; i++)
        reckon_size(table, table->sizes[i], &sheets[i]);
    if (!sheets[0].valid)
        return;
    figure_heading(out, color, "One by one, or made together, %s a unit",
                   shop_currency(table->spec));
    grid_row(&grid, false);
    grid_cell(&grid, "at once");
    grid_cell(&grid, "cost");
    grid_cell(&grid, "change");
    grid_cell(&grid, "price");
    grid_cell(&grid, "margin");
    if (rational_sign(table->least) > 0)
        grid_cell(&grid, "enough");
    for (int i = 0; i < table->count; i++)
        add_row(table, &grid, &sheets[i], &sheets[0]);
    grid_print(out, &grid, color);
    add_verdict(out, table, sheets, "  cheaper than one by one from ",
                "  no size is cheaper than one by one\n", &sheets[0]);
    if (table->sku->product->price)
        add_verdict(out, table, sheets,
                    rational_sign(table->least) > 0 ? "  sells at its margin from "
                                                    : "  sells at no loss from ",
                    "  at none of these sizes does it sell at its margin\n", NULL);
}

void cost_print_batch_sizes(struct buffer *out, const struct spec *spec, const struct sku *sku,
                            bool color)
{
    struct arena arena = {0};
    const struct price *price = sku->product->price;
    struct size_table table = {
        .spec = spec,
        .sku = sku,
        .arena = &arena,
        .least = number_of(spec, price ? price->margin : NULL, sku, RATIONAL_ZERO),
        .places = figure_places(spec),
    };

    if (sku->product->workflow) {
        collect_sizes(&table);
        cost_flow(spec, sku, &arena, &table.flow);
        draw_sizes(out, &table, color);
    }
    arena_free(&arena);
}
