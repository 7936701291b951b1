#include "orders/owed.h"

#include <string.h>

/* ---- finished units, by line ---- */

static void count_finished(struct owed_book *book, const struct order_line *line)
{
    int64_t *count = table_get(&book->finished, line->order, line->line);
    if (!count) {
        count = ARENA_NEW(book->arena, int64_t);
        table_put(&book->finished, line->order, line->line, count);
    }
    ++*count;
}

void owed_open(struct owed_book *book, const struct state *state, struct arena *arena)
{
    *book = (struct owed_book){.state = state, .arena = arena};
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        for (int32_t n = 0; n < batch->unit_count; n++) {
            const struct piece *unit = &batch->units[n];
            if (unit->line && unit->at == PLACE_DONE && !unit->parcel)
                count_finished(book, unit->line);
        }
    }
}

void owed_close(struct owed_book *book)
{
    table_free(&book->finished);
}

/* ---- lines and orders ---- */

struct line_counts line_counts(const struct owed_book *book, const struct order_line *line)
{
    const int64_t *finished = table_get(&book->finished, line->order, line->line);
    struct line_counts counts = {.ordered = line->count,
                                 .cancelled = line->cancelled,
                                 .waiting = line_unmade(line),
                                 .finished = finished ? *finished : 0,
                                 .packed = line->packed,
                                 .shipped = line->shipped,
                                 .owed = line_owed(line)};
    counts.in_batch = line->in_batches - counts.finished - counts.packed - counts.shipped;
    return counts;
}

struct line_counts order_counts(const struct owed_book *book, const struct order *order)
{
    struct line_counts sum = {0};
    for (const struct order_line *line = order->lines; line; line = line->next) {
        struct line_counts counts = line_counts(book, line);
        sum.ordered += counts.ordered;
        sum.cancelled += counts.cancelled;
        sum.waiting += counts.waiting;
        sum.in_batch += counts.in_batch;
        sum.finished += counts.finished;
        sum.packed += counts.packed;
        sum.shipped += counts.shipped;
        sum.owed += counts.owed;
    }
    return sum;
}

bool order_is_open(const struct order *order)
{
    for (const struct order_line *line = order->lines; line; line = line->next)
        if (line_owed(line) > 0)
            return true;
    return false;
}

bool order_is_held(const struct order *order)
{
    for (const struct order_line *line = order->lines; line; line = line->next)
        if (line->held && line_owed(line) > 0)
            return true;
    return false;
}

const char *order_due(const struct order *order)
{
    const char *due = "";
    for (const struct order_line *line = order->lines; line; line = line->next)
        if (line_owed(line) > 0 && *line->due && (!*due || strcmp(line->due, due) < 0))
            due = line->due;
    return due;
}
