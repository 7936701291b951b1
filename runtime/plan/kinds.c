/* Families of one kind differ in their printers only: a plate with things of several goes to a printer that may print each. What
   is common to two of them is a family too, which is made when it is first wanted, and stays. */
#include "plan/private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void find_eligible(struct plan *plan, int family)
{
    const struct plan_family *it = &plan->families[family];
    for (int p = 0; p < plan->problem.printer_count; p++)
        if (it->printers[p] && it->material_count <= plan->printers[p].slot_count)
            queue_add(&plan->own->eligible[family], p);
}

void families_open(struct plan *plan)
{
    struct plan_private *own = plan->own;
    size_t count = (size_t)plan->problem.family_count;
    plan->families = memory_zeroed(count + 1, sizeof *plan->families);
    if (count)
        memcpy(plan->families, plan->problem.families, count * sizeof *plan->families);
    plan->problem.families = plan->families;
    own->families_given = plan->problem.family_count;
    own->alike = memory_zeroed(count + 1, sizeof *own->alike);
    own->eligible = memory_zeroed(count + 1, sizeof *own->eligible);
    own->versatility = memory_zeroed((size_t)plan->problem.printer_count + 1, sizeof(int));
    for (int f = 0; f < own->families_given; f++) {
        find_eligible(plan, f);
        for (int i = 0; i < own->eligible[f].count; i++)
            own->versatility[own->eligible[f].items[i]]++;
    }
}

void families_close(struct plan *plan)
{
    struct plan_private *own = plan->own;
    for (int f = 0; f < plan->problem.family_count; f++) {
        free(own->alike[f].items);
        free(own->eligible[f].items);
        if (f >= own->families_given)
            free((void *)(uintptr_t)plan->families[f].printers);
    }
    free(own->alike);
    free(own->eligible);
    free(own->versatility);
    free(plan->families);
}

/* The printers become the plan's. */
static int family_new(struct plan *plan, int like, bool *printers)
{
    struct plan_private *own = plan->own;
    int family = plan->problem.family_count++;
    size_t count = (size_t)plan->problem.family_count;
    plan->families = memory_resize(plan->families, count * sizeof *plan->families);
    plan->problem.families = plan->families;
    own->alike = memory_resize(own->alike, count * sizeof *own->alike);
    own->eligible = memory_resize(own->eligible, count * sizeof *own->eligible);
    plan->families[family] = plan->families[like];
    plan->families[family].printers = printers;
    own->alike[family] = own->eligible[family] = (struct plan_queue){0};
    find_eligible(plan, family);
    return family;
}

int64_t family_waits_until(const struct plan *plan, int family)
{
    const struct plan_queue *eligible = &plan->own->eligible[family];
    int64_t first_s = PLAN_NEVER;
    for (int i = 0; i < eligible->count; i++) {
        int64_t free_s = plan->own->tails[eligible->items[i]].free_s;
        if (!plan->printers[eligible->items[i]].down && free_s < first_s)
            first_s = free_s;
    }
    return first_s;
}

int family_of_both(struct plan *plan, int a, int b)
{
    size_t printers = (size_t)plan->problem.printer_count;
    int kind = plan->families[a].kind, family = -1;
    if (!kind || kind != plan->families[b].kind)
        return -1;
    bool any = false, *both = memory_zeroed(printers + 1, sizeof *both);
    for (size_t p = 0; p < printers; p++)
        any |= both[p] = plan->families[a].printers[p] && plan->families[b].printers[p];
    for (int f = 0; any && family < 0 && f < plan->problem.family_count; f++)
        if (plan->families[f].kind == kind &&
            memcmp(plan->families[f].printers, both, printers * sizeof *both) == 0)
            family = f;
    if (any && family < 0)
        return family_new(plan, a, both);
    free(both);
    return family;
}
