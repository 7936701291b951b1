/* What `flowd plan --json` says. */
#include "flowd/plan.h"

#include <string.h>

static void set_time(json_t *object, const char *name, int64_t time_s)
{
    if (time_s != PLAN_NEVER)
        json_object_set_new(object, name, json_integer(time_s * 1000));
}

/* For which order they are; nothing where for stock. */
static void set_line(const struct planned *planned, json_t *object, const struct plan_piece *piece)
{
    if (piece->line < 0)
        return;
    json_object_set_new(object, "order", json_string(planned->plan->lines[piece->line].order));
    json_object_set_new(object, "line", json_string(planned->plan->lines[piece->line].line));
}

static void set_wish(json_t *object, int64_t rank, const char *held)
{
    if (rank && rank != PLAN_NEVER)
        json_object_set_new(object, "rank", json_integer(rank));
    if (held)
        json_object_set_new(object, "held", json_string(held));
}

static json_t *batch_json(const struct planned *planned, int index, struct arena *arena)
{
    static const char *const words[] = {"started", "opens", "waits"};
    const struct plan_batch *batch = &planned->plan->batches[index];
    const struct plan_group *group = &planned->plan->problem.groups[batch->group];
    json_t *pieces = json_array();
    for (int i = 0; i < batch->piece_count; i++) {
        const struct plan_piece *piece = &batch->pieces[i];
        json_t *one =
            json_pack("{sI sb}", "count", (json_int_t)piece->count, "is_there", piece->there);
        json_object_set_new(one, "sku", json_string(planned_sku(planned, batch, piece, arena)));
        set_line(planned, one, piece);
        json_array_append_new(pieces, one);
    }
    json_t *object = json_pack("{si ss ss ss sI so}", "index", index, "product", group->product,
                               "group", group->name, "state", words[batch->state], "units",
                               (json_int_t)batch->count, "pieces", pieces);
    if (batch->name)
        json_object_set_new(object, "batch", json_string(batch->name));
    set_time(object, "opens_ms", batch->opens_s);
    set_wish(object, batch->rank, batch->was ? batch->was->held : NULL);
    if (batch->was && batch->was->pinned)
        json_object_set_new(object, "pinned", json_string(batch->was->pinned));
    if (batch->state == PLAN_BATCH_WAITS) {
        struct buffer why = {0};
        plan_why_batch_waits(planned->plan, index, &why);
        json_object_set_new(object, "waits", json_string(buffer_text(&why)));
        buffer_free(&why);
    }
    return object;
}

static json_t *plate_json(const struct planned *planned, int index)
{
    const struct plan_plate *plate = &planned->plan->plates[index];
    json_t *pieces = json_array();
    for (int i = 0; i < plate->piece_count; i++) {
        json_t *one = json_pack("{si sI}", "batch", plate->pieces[i].batch, "count",
                                (json_int_t)plate->pieces[i].count);
        set_line(planned, one, &plate->pieces[i]);
        json_array_append_new(pieces, one);
    }
    json_t *object = json_pack(
        "{ss sI sf si sb so}", "of", planned->plan->problem.families[plate->family].name, "print_s",
        (json_int_t)plate->print_s, "full", (double)plate->share / PLATE_FULL, "materials_changed",
        plate->swaps, "nozzle_changed", plate->nozzle_swapped, "pieces", pieces);
    if (plate->printer < 0)
        return object;
    json_object_set_new(object, "printer",
                        json_string(planned->plan->printers[plate->printer].name));
    set_time(object, "begin_ms", plate->begin_s);
    set_time(object, "print_begin_ms", plate->print_begin_s);
    set_time(object, "end_ms", plate->end_s);
    set_time(object, "cleared_ms", plate->cleared_s);
    set_time(object, "out_ms", plate->out_s);
    return object;
}

static json_t *line_json(const struct planned *planned, int index, struct arena *arena)
{
    const struct order_line *line = planned->snapshot.lines[index];
    int64_t promised_s = planned_promise(planned, index);
    const char *waits = planned_why(planned, index, arena);
    json_t *object =
        json_pack("{ss ss ss sI ss sb}", "order", line->order, "line", line->line, "sku", line->sku,
                  "owed", (json_int_t)line_owed(line), "due", line->due, "is_late",
                  promised_s != PLAN_NEVER && promised_s > planned->plan->lines[index].due_s);
    set_wish(object, planned->plan->lines[index].rank, planned->plan->lines[index].held);
    set_time(object, "promised_ms", promised_s);
    if (*waits)
        json_object_set_new(object, "waits", json_string(waits));
    return object;
}

static json_t *stock_json(const struct planned *planned)
{
    json_t *list = json_array();
    for (int i = 0; i < planned->snapshot.stock_count; i++) {
        const struct plan_stock *stock = &planned->snapshot.stock[i];
        const struct order_line *line = planned->snapshot.lines[stock->line];
        json_array_append_new(list,
                              json_pack("{ss sI sI ss ss}", "batch", stock->batch->name, "first",
                                        (json_int_t)stock->first, "count", (json_int_t)stock->count,
                                        "order", line->order, "line", line->line));
    }
    return list;
}

static json_t *printers_json(const struct planned *planned)
{
    const struct plan *plan = planned->plan;
    json_t *list = json_array();
    for (int p = 0; p < plan->problem.printer_count; p++) {
        const struct plan_printer *printer = &plan->printers[p];
        int64_t now_s = plan->problem.now_s;
        json_t *one = json_pack("{ss ss sb}", "printer", printer->name, "machine",
                                planned->snapshot.machines[p], "is_down", printer->down);
        set_time(one, "free_ms", printer->free_s > now_s ? printer->free_s : now_s);
        json_array_append_new(list, one);
    }
    return list;
}

json_t *planned_json(const struct planned *planned, struct arena *arena)
{
    const struct plan *plan = planned->plan;
    json_t *batches = json_array(), *plates = json_array(), *lines = json_array();
    struct plan_figures figures;
    plan_figures(plan, &figures);
    for (int i = 0; i < plan->batch_count; i++)
        if (plan->batches[i].live)
            json_array_append_new(batches, batch_json(planned, i, arena));
    for (int i = 0; i < plan->plate_count; i++)
        if (plan->plates[i].live)
            json_array_append_new(plates, plate_json(planned, i));
    for (int i = 0; i < plan->line_count; i++)
        json_array_append_new(lines, line_json(planned, i, arena));
    return json_pack("{sI si si sI sf si so so so so so}", "now_ms",
                     (json_int_t)plan->problem.now_s * 1000, "plates_on_no_printer",
                     figures.unplaced, "changeovers", figures.changeovers, "makespan_s",
                     (json_int_t)figures.makespan_s, "purge_g", (double)figures.purge_mg / 1000,
                     "late_lines", figures.late_lines, "printers", printers_json(planned), "stock",
                     stock_json(planned), "batches", batches, "plates", plates, "lines", lines);
}
