/* Batches and plates as things that come and go: their places are used again. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists of indexes ---- */

void queue_insert(struct plan_queue *queue, int position, int item)
{
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? 2 * queue->capacity : 4;
        queue->items = memory_resize(queue->items, sizeof *queue->items * (size_t)queue->capacity);
    }
    memmove(queue->items + position + 1, queue->items + position,
            sizeof *queue->items * (size_t)(queue->count - position));
    queue->items[position] = item;
    queue->count++;
}

void queue_add(struct plan_queue *queue, int item)
{
    queue_insert(queue, queue->count, item);
}

void queue_take(struct plan_queue *queue, int position)
{
    queue->count--;
    memmove(queue->items + position, queue->items + position + 1,
            sizeof *queue->items * (size_t)(queue->count - position));
}

int queue_find(const struct plan_queue *queue, int item)
{
    for (int i = 0; i < queue->count; i++)
        if (queue->items[i] == item)
            return i;
    return -1;
}

static void queue_drop(struct plan_queue *queue, int item)
{
    int position = queue_find(queue, item);
    if (position >= 0)
        queue_take(queue, position);
}

/* ---- batches ---- */

/* Of one that is kept, PLAN_NEVER for none, and of one of the problem, 0 for none. */
static int64_t first_rank(int64_t kept, int64_t rank)
{
    return rank && rank < kept ? rank : kept;
}

void batch_be(struct plan *plan, int batch, const struct plan_existing *existing)
{
    struct plan_batch *it = &plan->batches[batch];
    it->name = existing->name;
    it->was = existing;
    it->rank = first_rank(it->rank, existing->rank);
    for (int i = 0; i < existing->unit_count; i++) {
        const struct plan_units *units = &existing->units[i];
        batch_add(
            plan, batch,
            &(struct plan_piece){
                .line = units->line, .sku = units->sku, .count = units->count, .there = true});
    }
}

int batch_new(struct plan *plan, int group)
{
    struct plan_queue *spare = &plan->own->free_batches;
    int index;
    if (spare->count) {
        index = spare->items[--spare->count];
    } else {
        if (plan->batch_count == plan->batch_capacity) {
            plan->batch_capacity = plan->batch_capacity ? 2 * plan->batch_capacity : 64;
            plan->batches =
                memory_resize(plan->batches, sizeof *plan->batches * (size_t)plan->batch_capacity);
        }
        index = plan->batch_count++;
    }
    plan->batches[index] = (struct plan_batch){.group = group,
                                               .opens_s = plan->problem.now_s,
                                               .due_s = PLAN_NEVER,
                                               .rank = PLAN_NEVER,
                                               .live = true};
    queue_add(&plan->own->batches[group], index);
    return index;
}

enum { ROOM_AT_FIRST = 4 }; /* a power of two */

/* Room for one more of an array that grows by doubling. */
static struct plan_piece *with_room(struct plan_piece *pieces, int count)
{
    if (count & (count - 1) || (count && count < ROOM_AT_FIRST)) /* a power of two is full */
        return pieces;
    return memory_resize(pieces, sizeof *pieces * (size_t)(count ? 2 * count : ROOM_AT_FIRST));
}

void batch_add(struct plan *plan, int batch, const struct plan_piece *piece)
{
    struct plan_batch *to = &plan->batches[batch];
    int line = piece->line;
    to->pieces = with_room(to->pieces, to->piece_count);
    to->pieces[to->piece_count] = *piece;
    to->pieces[to->piece_count++].batch = batch;
    to->count += piece->count;
    if (line < 0)
        return;
    if (!piece->there)
        plan->own->in_batches[line] += piece->count;
    to->rank = first_rank(to->rank, plan->lines[line].rank);
    if (plan->lines[line].due_s < to->due_s)
        to->due_s = plan->lines[line].due_s;
    if (queue_find(&plan->own->of_line[line], batch) < 0)
        queue_add(&plan->own->of_line[line], batch);
}

void batch_free(struct plan *plan, int batch)
{
    struct plan_batch *gone = &plan->batches[batch];
    for (int i = 0; i < gone->piece_count; i++) {
        const struct plan_piece *piece = &gone->pieces[i];
        if (piece->line < 0)
            continue;
        queue_drop(&plan->own->of_line[piece->line], batch);
        if (!piece->there && gone->state != PLAN_BATCH_STARTED)
            plan->own->in_batches[piece->line] -= piece->count;
    }
    queue_drop(&plan->own->batches[gone->group], batch);
    free(gone->pieces);
    free(gone->plates.items);
    *gone = (struct plan_batch){0};
    queue_add(&plan->own->free_batches, batch);
}

/* ---- plates ---- */

void batch_unplate(struct plan *plan, int batch, struct plan_queue *near)
{
    struct plan_queue *plates = &plan->batches[batch].plates;
    while (plates->count) {
        int plate = plates->items[plates->count - 1];
        int printer = plan->plates[plate].printer;
        if (printer >= 0 && queue_find(near, printer) < 0)
            queue_add(near, printer);
        plate_remove(plan, plate);
        plate_free(plan, plate);
    }
}

int plate_new(struct plan *plan, int family, int group, int operation)
{
    struct plan_queue *spare = &plan->own->free_plates;
    int index;
    if (spare->count) {
        index = spare->items[--spare->count];
    } else {
        if (plan->plate_count == plan->plate_capacity) {
            plan->plate_capacity = plan->plate_capacity ? 2 * plan->plate_capacity : 256;
            plan->plates =
                memory_resize(plan->plates, sizeof *plan->plates * (size_t)plan->plate_capacity);
        }
        index = plan->plate_count++;
    }
    plan->plates[index] = (struct plan_plate){.family = family,
                                              .group = group,
                                              .operation = operation,
                                              .print_s = plan->problem.families[family].run_s,
                                              .hands_s = plan->problem.families[family].setup_s,
                                              .ready_s = plan->problem.now_s,
                                              .due_s = PLAN_NEVER,
                                              .must_out_s = PLAN_NEVER,
                                              .rank = PLAN_NEVER,
                                              .pin = PLAN_ANY_PRINTER,
                                              .printer = -1,
                                              .live = true};
    return index;
}

void plate_add(struct plan *plan, int plate, const struct plan_piece *piece)
{
    struct plan_plate *to = &plan->plates[plate];
    struct plan_batch *batch = &plan->batches[piece->batch];
    const struct plan_operation *operation =
        &plan->problem.groups[batch->group].operations[to->operation];

    to->pieces = with_room(to->pieces, to->piece_count);
    to->pieces[to->piece_count++] = *piece;
    to->units += piece->count;
    to->is_mixed |= batch->group != to->group;
    to->share += operation->share[piece->sku] * piece->count;
    if (!plan->problem.families[to->family].run_s)
        to->print_s += operation->print_s[piece->sku] * piece->count;
    if (piece->line >= 0 && plan->lines[piece->line].due_s < to->due_s)
        to->due_s = plan->lines[piece->line].due_s;
    to->rank = first_rank(to->rank, piece->line >= 0 ? plan->lines[piece->line].rank : 0);
    to->rank = first_rank(to->rank, batch->was ? batch->was->rank : 0);
    plan->own->has_ranks |= to->rank != PLAN_NEVER;
    if (batch->was && batch->was->pinned)
        to->pin = batch->was->printer >= 0 ? batch->was->printer : PLAN_NO_PRINTER;
    if (batch->opens_s > to->ready_s)
        to->ready_s = batch->opens_s;
    if (queue_find(&batch->plates, plate) < 0)
        queue_add(&batch->plates, plate);
}

void plate_free(struct plan *plan, int plate)
{
    struct plan_plate *gone = &plan->plates[plate];
    for (int i = 0; i < gone->piece_count; i++)
        queue_drop(&plan->batches[gone->pieces[i].batch].plates, plate);
    free(gone->pieces);
    *gone = (struct plan_plate){.printer = -1};
    queue_add(&plan->own->free_plates, plate);
}
