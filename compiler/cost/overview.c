/* The SKUs side by side. */
#include "cost/figures.h"
#include "cost/grid.h"
#include "cost/reckon.h"

static void add_sheet(struct grid *grid, const struct spec *spec, const struct cost_sheet *sheet)
{
    struct arena *arena = grid->arena;
    int places = figure_places(spec);

    grid_row(grid, false);
    grid_cell(grid, sku_code(spec, &sheet->sku, arena));
    if (!sheet->valid)
        return;
    grid_cell(grid, figure_text(arena, sheet->unit_cost, places, ""));
    grid_cell(grid, figure_text(arena, sheet->total, places - 2, ""));
    if (!sheet->has_price)
        return;
    grid_cell(grid, figure_text(arena, sheet->price, places, ""));
    grid_cell(grid, figure_text(arena, sheet->fees, places, ""));
    grid_cell(grid, figure_percent(arena, sheet->margin));
}

void cost_print_overview(struct buffer *out, const struct spec *spec,
                         const struct cost_sheet *sheets, int count, bool color)
{
    static const char *const titles[] = {"SKU", "a unit", "together", "price", "fees", "margin"};
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = GRID_LEFT(0)};

    figure_heading(out, color, "All SKUs, %s", shop_currency(spec));
    grid_row(&grid, false);
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++)
        grid_cell(&grid, titles[i]);
    for (int i = 0; i < count; i++)
        add_sheet(&grid, spec, &sheets[i]);
    grid_print(out, &grid, color);
    arena_free(&arena);
}
