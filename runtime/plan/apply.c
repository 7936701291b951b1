#include "plan/apply.h"

#include <string.h>

struct doing {
    struct plan_applying *how;
    struct answer answer;
    struct arena arena;
};

/* False where the machine was in the way; a refusal is an answer. */
static bool ask(struct doing *at, struct message *command)
{
    return at->how->ask(command, &at->answer, at->how->data);
}

/* "B-7": the first that no batch has. */
static const char *free_name(struct doing *at)
{
    const struct state *state = at->how->state;
    for (;;) {
        const char *name = arena_printf(&at->arena, "B-%d", ++at->how->last_name);
        const char *known = intern_find(&state->names, name, strlen(name));
        if (!known || !state_batch(state, known))
            return name;
    }
}

/* The line's own, as it was ordered; else the product's. */
static const char *sku_of(struct doing *at, const struct plan_batch *batch,
                          const struct plan_piece *piece)
{
    const struct revision *revision = at->how->snapshot->revisions[batch->group];
    struct sku sku;
    if (piece->line >= 0)
        return at->how->snapshot->lines[piece->line]->sku;
    sku_at(revision->made, piece->sku, &sku);
    return sku_code(revision->spec, &sku, &at->arena);
}

static bool add_piece(struct doing *at, const struct plan_batch *batch, const char *name,
                      const struct plan_piece *piece)
{
    const struct plan_line *line = piece->line >= 0 ? &at->how->plan->lines[piece->line] : NULL;
    struct message command = {.kind = COMMAND_add_units,
                              .add_units = {name, sku_of(at, batch, piece), piece->count,
                                            line ? line->order : NULL, line ? line->line : NULL}};
    return ask(at, &command);
}

/* Each step only where the one before was accepted: at->answer says whether all were. */
static bool make_batch(struct doing *at, const struct plan_batch *batch, const char *name)
{
    const struct plan_group *group = &at->how->plan->problem.groups[batch->group];
    struct message open = {.kind = COMMAND_open_batch,
                           .open_batch = {name, group->product, "production"}};
    struct message start = {.kind = COMMAND_start_batch, .start_batch = {name}};

    at->answer.accepted = true;
    if (!batch->name && !ask(at, &open))
        return false;
    for (int i = 0; i < batch->piece_count && at->answer.accepted; i++)
        if (!batch->pieces[i].there && !add_piece(at, batch, name, &batch->pieces[i]))
            return false;
    return !at->answer.accepted || ask(at, &start);
}

/* What was opened here for nothing is given up again. */
static bool give_up(struct doing *at, const struct plan_batch *batch, const char *name)
{
    struct message cancel = {.kind = COMMAND_cancel_batch,
                             .cancel_batch = {name, "it could not be filled as it was planned"}};
    return batch->name || ask(at, &cancel);
}

static bool give_stock(struct doing *at)
{
    const struct plan_snapshot *snapshot = at->how->snapshot;
    for (int i = 0; i < snapshot->stock_count; i++) {
        const struct plan_stock *stock = &snapshot->stock[i];
        const struct order_line *line = snapshot->lines[stock->line];
        struct message command = {.kind = COMMAND_assign_units,
                                  .assign_units = {stock->batch->name, stock->first, stock->count,
                                                   line->order, line->line}};
        if (!ask(at, &command))
            return false;
        if (at->how->told_stock)
            at->how->told_stock(stock, &at->answer, at->how->data);
    }
    return true;
}

bool plan_apply(struct plan_applying *applying)
{
    struct doing at = {.how = applying};
    bool good = give_stock(&at);
    for (int i = 0; i < applying->plan->batch_count && good; i++) {
        struct plan_batch *batch = &applying->plan->batches[i];
        if (!batch->live || batch->state != PLAN_BATCH_OPENS)
            continue;
        const char *name = batch->name ? batch->name : free_name(&at);
        good = make_batch(&at, batch, name);
        if (good && applying->told_batch)
            applying->told_batch(batch, name, &at.answer, applying->data);
        if (good && !at.answer.accepted)
            good = give_up(&at, batch, name);
        else if (good)
            batch->name = arena_copy_text(applying->names, name, strlen(name));
    }
    arena_free(&at.arena);
    return good;
}

const char *plan_parts(const struct revision *revision, int32_t sku, const struct step *step,
                       int64_t count, struct arena *arena)
{
    struct buffer text = {0};
    struct sku one;
    sku_at(revision->made, sku, &one);
    for (const struct simple *row = step_parts(step); row; row = row->next) {
        const struct part *part = value_part(&row->value, &one);
        int64_t each = part ? rational_to_int(rational_ceil(
                                  contained_count(revision->made, &part->base, &one, true)))
                            : 0;
        if (each > 0)
            buffer_addf(&text, "%s%s=%lld", text.length ? "," : "", part->base.name,
                        (long long)each * count);
    }
    const char *parts = arena_copy_text(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return parts;
}
