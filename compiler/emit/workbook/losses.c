/* Expected losses: how often a unit comes to each step. The ratios of the ways out of each step are formulas over
   Inputs; visits are the first row of the inverse of (one minus ratios), so that a better yield can be tried. */
#include "emit/workbook/workbook.h"

#include "cost/visits.h"

#include <string.h>

enum { HEAD_ROW = 3, TITLE_COLUMN = 0, FIRST_COLUMN = 1 };
/* 400 steps: what a spreadsheet inverts while an owner waits. */
enum { MATRIX_CELLS_AT_MOST = 160000 };

/* ---- ratios as formulas ---- */

static const char *losing_ratio(struct book *book, const struct sku *sku,
                                const struct graph_edge *edge, const struct step *step)
{
    const char *outcome = outcome_names[edge->outcome];
    const char *expect =
        input_for(book, &step->base, edge->route->expect, sku,
                  arena_printf(book->arena, "expected %s", outcome), MEASURE_RATIO);

    if (expect || edge->outcome != OUTCOME_FAILURE)
        return expect;
    const char *yield = input_of(book, &step->base, step->yield, sku, "yield", MEASURE_RATIO);
    return yield ? arena_printf(book->arena, "(1-%s)", yield) : NULL;
}

static bool is_good(const struct graph_edge *edge)
{
    return edge->outcome == OUTCOME_PASS || edge->outcome == OUTCOME_APPROVE;
}

/* The ratio of units that leave by an edge, NULL for none. What passes is the rest. */
static const char *ratio_of(struct book *book, const struct sku *sku, const struct graph_node *node,
                            const struct graph_edge *edge)
{
    struct buffer rest = {0};

    if (!is_good(edge))
        return losing_ratio(book, sku, edge, node->step);
    for (int i = 0; i < node->edge_count; i++) {
        const char *lost =
            is_good(&node->edges[i]) ? NULL : losing_ratio(book, sku, &node->edges[i], node->step);
        if (lost)
            buffer_addf(&rest, "-%s", lost);
    }
    const char *ratio = rest.length ? arena_printf(book->arena, "(1%s)", rest.text) : "1";
    buffer_free(&rest);
    return ratio;
}

/* The sum of all ways from a node to another, both as a formula and exact; "" where there is none. */
static const char *sum_of_ways(struct book *book, const struct sku *sku,
                               const struct graph_node *node, int to, struct rational *value)
{
    struct buffer sum = {0};

    *value = RATIONAL_ZERO;
    for (int i = 0; i < node->edge_count; i++) {
        const char *ratio =
            node->edges[i].to == to ? ratio_of(book, sku, node, &node->edges[i]) : NULL;
        if (!ratio)
            continue;
        buffer_addf(&sum, "%s%s", sum.length ? "+" : "", ratio);
        *value = rational_add(*value, visits_ratio(book->spec, node, &node->edges[i], sku));
    }
    const char *text = arena_copy_text(book->arena, buffer_text(&sum), sum.length);
    buffer_free(&sum);
    return text;
}

/* ---- the matrix ---- */

static void write_matrix_row(struct book *book, struct loss_class *losses, int from)
{
    const struct graph *graph = losses->graph;
    const struct graph_node *node = &graph->nodes[from];
    lxw_worksheet *sheet = book->losses_sheet;
    lxw_row_t row = losses->first_row + (lxw_row_t)from;
    struct rational ways;

    put_text(book, sheet, row, TITLE_COLUMN,
             declaration_title(book->spec, &node->step->base, losses->sku, book->arena), LOOK_TEXT);
    for (int to = 0; to < graph->count; to++) {
        const char *sum = sum_of_ways(book, losses->sku, node, to, &ways);
        struct rational one = to == from ? RATIONAL_ONE : RATIONAL_ZERO;
        lxw_col_t column = (lxw_col_t)(FIRST_COLUMN + to);
        if (*sum)
            put_formula(book, sheet, row, column,
                        arena_printf(book->arena, "=%s-(%s)", to == from ? "1" : "0", sum),
                        rational_subtract(one, ways), LOOK_FIGURE, NUMBER_RATIO);
        else
            put_number(book, sheet, row, column, one, LOOK_FIGURE, NUMBER_RATIO);
    }
    const char *done = sum_of_ways(book, losses->sku, node, GRAPH_DONE, &ways);
    lxw_col_t column = (lxw_col_t)(FIRST_COLUMN + graph->count);
    if (*done)
        put_formula(book, sheet, row, column, arena_printf(book->arena, "=%s", done), ways,
                    LOOK_FIGURE, NUMBER_RATIO);
    else
        put_number(book, sheet, row, column, RATIONAL_ZERO, LOOK_FIGURE, NUMBER_RATIO);
}

static void write_visits(struct book *book, struct loss_class *losses,
                         const struct rational *visits, struct rational done)
{
    int count = losses->graph->count;
    lxw_row_t first = losses->first_row, last = first + (lxw_row_t)count - 1;
    lxw_col_t column = losses->visits_column;
    lxw_worksheet *sheet = book->losses_sheet;
    const char *matrix =
        range_ref(book, NULL, first, FIRST_COLUMN, last, (lxw_col_t)(FIRST_COLUMN + count - 1));
    const char *all = range_ref(book, NULL, first, column, last, column);
    const char *finished =
        range_ref(book, NULL, first, (lxw_col_t)(column - 1), last, (lxw_col_t)(column - 1));

    put_text(book, sheet, last + 1, TITLE_COLUMN, "units that get done, of each one started",
             LOOK_TOTAL);
    put_formula(book, sheet, last + 1, column,
                arena_printf(book->arena, "=SUMPRODUCT(%s,%s)", all, finished), done, LOOK_TOTAL,
                NUMBER_RATIO);
    /* one formula for the whole column: the matrix is inverted once */
    worksheet_write_array_formula_num(
        sheet, first, column, last, column,
        arena_printf(book->arena, "{=TRANSPOSE(INDEX(MINVERSE(%s),1,0))}", matrix),
        book_format(book, LOOK_FIGURE, NUMBER_RATIO), rational_to_double(visits[0]));
    for (int i = 0; i < count; i++) {
        lxw_row_t row = first + (lxw_row_t)i;
        if (i > 0) /* within the formula's range: what it comes to */
            put_number(book, sheet, row, column, visits[i], LOOK_FIGURE, NUMBER_RATIO);
        put_formula(book, sheet, row, (lxw_col_t)(column + 1),
                    arena_printf(book->arena, "=%s/%s", cell_ref(book, NULL, row, column),
                                 cell_ref(book, NULL, last + 1, column)),
                    rational_divide(visits[i], done), LOOK_FIGURE, NUMBER_RATIO);
    }
}

/* The same as numbers, where a matrix would be too large. */
static void write_visit_values(struct book *book, struct loss_class *losses,
                               const struct visits *visits)
{
    const struct graph *graph = losses->graph;
    lxw_worksheet *sheet = book->losses_sheet;
    lxw_col_t column = losses->visits_column;

    for (int i = 0; i < graph->count; i++) {
        lxw_row_t row = losses->first_row + (lxw_row_t)i;
        put_text(
            book, sheet, row, TITLE_COLUMN,
            declaration_title(book->spec, &graph->nodes[i].step->base, losses->sku, book->arena),
            LOOK_TEXT);
        put_number(book, sheet, row, column, visits->started[i], LOOK_FIGURE, NUMBER_RATIO);
        put_number(book, sheet, row, (lxw_col_t)(column + 1),
                   visits->good ? visits->good[i]
                                : rational_divide(visits->started[i], visits->done),
                   LOOK_FIGURE, NUMBER_RATIO);
    }
    put_text(book, sheet, losses->first_row + (lxw_row_t)graph->count, TITLE_COLUMN,
             arena_printf(book->arena,
                          "Values, not formulas: the ways of %d steps are too many for a matrix. A "
                          "changed yield needs `flowc build`.",
                          graph->count),
             LOOK_NOTE);
}

static void write_block_heads(struct book *book, struct loss_class *losses)
{
    const struct graph *graph = losses->graph;
    lxw_worksheet *sheet = book->losses_sheet;
    lxw_row_t row = losses->first_row - 1;

    put_text(book, sheet, row, TITLE_COLUMN,
             arena_printf(book->arena,
                          losses->trial ? "from (%s, an input changed)" : "from (as for %s)",
                          sku_code(book->spec, losses->sku, book->arena)),
             LOOK_HEAD);
    for (int i = 0; i < graph->count && !losses->as_values; i++)
        put_text(book, sheet, row, (lxw_col_t)(FIRST_COLUMN + i),
                 arena_printf(book->arena, "to %s", graph->nodes[i].step->base.name), LOOK_HEAD);
    if (!losses->as_values)
        put_text(book, sheet, row, (lxw_col_t)(losses->visits_column - 1), "gets done", LOOK_HEAD);
    put_text(book, sheet, row, losses->visits_column, "visits, of each one started", LOOK_HEAD);
    put_text(book, sheet, row, (lxw_col_t)(losses->visits_column + 1),
             "units through it, for one good one", LOOK_HEAD);
    worksheet_set_row(sheet, row, 40, NULL);
}

static void write_class(struct book *book, struct loss_class *losses, const struct visits *visits)
{
    int count = losses->graph->count;

    write_block_heads(book, losses);
    if (losses->as_values) {
        write_visit_values(book, losses, visits);
        return;
    }
    for (int i = 0; i < count; i++)
        write_matrix_row(book, losses, i);
    write_visits(book, losses, visits->started, visits->done);
    book->matrix_cells += (long)count * count;
}

/* ---- classes ---- */

static bool same_ways(const struct graph *a, const struct sku *a_sku, const struct graph *b,
                      const struct sku *b_sku)
{
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++) {
        const struct graph_node *x = &a->nodes[i], *y = &b->nodes[i];
        if (x->step != y->step || x->edge_count != y->edge_count)
            return false;
        if (x->step->yield &&
            value_for(&x->step->yield->value, a_sku) != value_for(&x->step->yield->value, b_sku))
            return false;
        for (int e = 0; e < x->edge_count; e++)
            if (x->edges[e].to != y->edges[e].to || value_for(x->edges[e].route->expect, a_sku) !=
                                                        value_for(y->edges[e].route->expect, b_sku))
                return false;
    }
    return true;
}

const struct loss_class *losses_of(struct book *book, const struct sku *sku)
{
    struct graph *graph = graph_build(book->product->workflow, sku, book->arena);
    struct loss_class **end = &book->classes;
    lxw_row_t row = HEAD_ROW + 1;

    for (; *end; end = (struct loss_class **)&(*end)->next) {
        if (!book->change && same_ways((*end)->graph, (*end)->sku, graph, sku))
            return *end;
        row = (*end)->first_row + (lxw_row_t)(*end)->graph->count + 4;
    }
    struct visits visits;
    if (graph->count == 0 || !visits_of_graph(book->spec, graph, &visits, book->arena))
        return NULL;
    struct loss_class *losses = ARENA_NEW(book->arena, struct loss_class);
    bool as_values = book->matrix_cells + (long)graph->count * graph->count > MATRIX_CELLS_AT_MOST;
    int columns = as_values ? 0 : graph->count + 1;
    *losses = (struct loss_class){.sku = sku,
                                  .graph = graph,
                                  .trial = book->change != NULL,
                                  .as_values = as_values,
                                  .first_row = row,
                                  .visits_column = (lxw_col_t)(FIRST_COLUMN + columns)};
    *end = losses;
    write_class(book, losses, &visits);
    return losses;
}

const char *losses_ref(struct book *book, const struct loss_class *losses, const struct step *step)
{
    int node = losses->graph->node_of_step[step->index];

    return cell_ref(book, sheet_losses, losses->first_row + (lxw_row_t)node,
                    (lxw_col_t)(losses->visits_column + 1));
}

void finish_losses(struct book *book)
{
    lxw_row_t last = HEAD_ROW + 1;
    lxw_col_t column = FIRST_COLUMN;

    set_up_sheet(
        book, book->losses_sheet, "expected losses",
        "What leaves each step by which way, as a share of one; from it, how many units go "
        "through each step to get one good one.");
    for (const struct loss_class *losses = book->classes; losses; losses = losses->next) {
        if (losses->trial)
            continue; /* stands below what is printed */
        last = losses->first_row + (lxw_row_t)losses->graph->count;
        if (losses->visits_column + 1 > column)
            column = (lxw_col_t)(losses->visits_column + 1);
    }
    worksheet_set_column(book->losses_sheet, 0, 0, 34, NULL);
    worksheet_set_column(book->losses_sheet, 1, column, 11, NULL);
    set_up_page(book, book->losses_sheet, HEAD_ROW, last, column);
}
