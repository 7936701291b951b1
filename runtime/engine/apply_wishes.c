/* What a planner wished. */
#include "engine/applying.h"

static struct wish *wish_of(const struct applying *at, const char *order, const char *line,
                            const char *batch)
{
    return *batch ? &state_batch(at->state, batch)->wish
                  : &state_line(at->state, order, line)->wish;
}

void apply_work_held(const struct applying *at, const struct message *event)
{
    const struct work_held *held = &event->work_held;
    struct wish *wish = wish_of(at, held->order, held->line, held->batch);
    wish->held = held->reason;
    wish->held_by = at->by;
}

void apply_work_freed(const struct applying *at, const struct message *event)
{
    const struct work_freed *freed = &event->work_freed;
    struct wish *wish = wish_of(at, freed->order, freed->line, freed->batch);
    wish->held = wish->held_by = NULL;
}

void apply_work_ranked(const struct applying *at, const struct message *event)
{
    const struct work_ranked *ranked = &event->work_ranked;
    wish_of(at, ranked->order, ranked->line, ranked->batch)->rank = ranked->rank;
}

void apply_batch_pinned(const struct applying *at, const struct message *event)
{
    const struct batch_pinned *pinned = &event->batch_pinned;
    state_batch(at->state, pinned->batch)->pinned = *pinned->printer ? pinned->printer : NULL;
}
