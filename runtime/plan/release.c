/* A release says how much of a product may be produced: what is over is in batches too, which wait. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void releases_open(struct plan *plan)
{
    const struct plan_problem *problem = &plan->problem;
    size_t count = (size_t)problem->release_count;

    plan->releases = memory_zeroed(count + 1, sizeof *plan->releases);
    if (count)
        memcpy(plan->releases, problem->releases, count * sizeof *plan->releases);
    plan->problem.releases = plan->releases;
    plan->own->released = memory_zeroed(count + 1, sizeof *plan->own->released);
    for (int g = 0; g < problem->group_count; g++)
        if (problem->groups[g].release)
            queue_add(&plan->own->released[problem->groups[g].release - 1], g);
}

void releases_close(struct plan *plan)
{
    for (int r = 0; r < plan->problem.release_count; r++)
        free(plan->own->released[r].items);
    free(plan->own->released);
    free(plan->releases);
}

struct plan_queue release_groups(const struct plan *plan, int *group)
{
    int release = plan->problem.groups[*group].release;
    return release ? plan->own->released[release - 1]
                   : (struct plan_queue){.items = group, .count = 1};
}

/* Of those that may not open by themselves, one that is large enough may yet share a plate. */
int64_t release_taken(const struct plan *plan, const struct plan_batch *batch)
{
    const struct plan_group *group = &plan->problem.groups[batch->group];
    bool never = batch->unreleased || group->blocked || (batch->was && batch->was->held) ||
                 (batch->opens_s == PLAN_NEVER && batch->count < group->least);
    return !group->release || batch->state == PLAN_BATCH_STARTED || never ? 0 : batch->count;
}

int64_t release_room(const struct plan *plan, int group)
{
    const struct plan_queue groups = release_groups(plan, &group);
    int release = plan->problem.groups[group].release;
    if (!release)
        return PLAN_NEVER;
    int64_t room = plan->releases[release - 1].left;
    for (int i = 0; i < groups.count; i++) {
        const struct plan_queue *batches = &plan->own->batches[groups.items[i]];
        for (int k = 0; k < batches->count; k++)
            room -= release_taken(plan, &plan->batches[batches->items[k]]);
    }
    return room;
}

bool release_binds(const struct plan *plan, int group, int64_t more)
{
    const struct plan_queue groups = release_groups(plan, &group);
    if (!plan->problem.groups[group].release)
        return false;
    for (int i = 0; i < groups.count; i++) {
        const struct plan_queue *batches = &plan->own->batches[groups.items[i]];
        for (int k = 0; k < batches->count; k++)
            if (plan->batches[batches->items[k]].unreleased)
                return true;
    }
    return release_room(plan, group) < more + plan->problem.groups[group].most;
}
