/* flowd plan --apply: the batches that a plan starts now are opened, filled and started. */
#include "flowd/plan.h"

#include "plan/apply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct telling {
    struct planned *planned;
    int started, refused;
};

static bool ask(struct message *command, struct answer *answer, void *data)
{
    struct telling *telling = data;
    return desk_ask(&telling->planned->desk, command, answer);
}

static void tell_batch(const struct plan_batch *batch, const char *name,
                       const struct answer *answer, void *data)
{
    struct telling *telling = data;
    const struct plan_group *group = &telling->planned->plan->problem.groups[batch->group];
    telling->started += answer->accepted;
    telling->refused += !answer->accepted;
    if (answer->accepted)
        printf("%s: %lld units of %s, started\n", name, (long long)batch->count, group->name);
    else
        complain("%s: refused: %s%s%s", name, answer->refusal,
                 *answer->place ? ", because of " : "", answer->place);
}

static void tell_stock(const struct plan_stock *stock, const struct answer *answer, void *data)
{
    struct telling *telling = data;
    const struct order_line *line = telling->planned->snapshot.lines[stock->line];
    telling->started += answer->accepted;
    telling->refused += !answer->accepted;
    if (answer->accepted)
        printf("%s: %lld units of the stock for %s/%s\n", stock->batch->name,
               (long long)stock->count, line->order, line->line);
    else
        complain("%s: refused: %s", stock->batch->name, answer->refusal);
}

/* Beside a server the desk sees the shop as it was when it was opened: what was started since is read from the journal. */
static bool look_again(struct planned *planned)
{
    if (!planned->desk.client)
        return true;
    planned->desk.shop = NULL;
    return desk_read(&planned->desk);
}

int planned_apply(struct planned *planned)
{
    struct telling telling = {.planned = planned};
    struct plan_applying applying = {.state = shop_state(planned->shop),
                                     .snapshot = &planned->snapshot,
                                     .plan = planned->plan,
                                     .ask = ask,
                                     .told_stock = tell_stock,
                                     .told_batch = tell_batch,
                                     .names = &planned->jobs.arena,
                                     .data = &telling};
    bool good = plan_apply(&applying) && (!telling.started || look_again(planned));
    if (good)
        planned_find_jobs(planned);
    if (good && !telling.started && !telling.refused && !planned->jobs.count &&
        !planned->jobs.unlaid)
        printf("nothing is to be started now; `flowd plan` says what waits, and for what\n");
    return !good ? EXIT_ENVIRONMENT : telling.refused ? EXIT_FINDINGS : EXIT_CLEAN;
}
