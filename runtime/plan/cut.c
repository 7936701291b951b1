/* Cutting: the units of a batch are laid on plates, and each plate is given a printer as it is cut, because how long a plate
   may print hangs on when it starts: it should end when somebody is there, or run through the night. */
#include "plan/private.h"

/* Units of a batch in their order, one after the other; how far they are laid. */
struct laying {
    struct plan *plan;
    const struct plan_batch *batch;
    const struct plan_operation *operation;
    int64_t fill; /* of each plate; 0: of this batch any plate starts */
    int at;
    int64_t used; /* of the piece there */
    int64_t rest; /* share of what is not laid */
    int64_t finest, coarsest;
};

static void begin_laying(struct laying *laying, struct plan *plan, int batch, int operation)
{
    const struct plan_batch *it = &plan->batches[batch];
    const struct plan_group *group = &plan->problem.groups[it->group];
    bool waits = !it->held_long && it->state != PLAN_BATCH_STARTED;

    *laying = (struct laying){.plan = plan,
                              .batch = it,
                              .operation = &group->operations[operation],
                              .finest = PLAN_NEVER};
    for (int i = 0; i < it->piece_count; i++) {
        int64_t share = laying->operation->share[it->pieces[i].sku];
        laying->rest += share * it->pieces[i].count;
        if (share < laying->finest)
            laying->finest = share;
        if (share > laying->coarsest)
            laying->coarsest = share;
    }
    if (waits || can_be_cut(laying->rest, group->fill, laying->finest, laying->coarsest))
        laying->fill = group->fill;
}

enum { WEIGHED_AT_MOST = 512 };

/* The plate with the first n units, for each n that fits. */
struct choice {
    int64_t share[WEIGHED_AT_MOST + 1], print_s[WEIGHED_AT_MOST + 1];
    int count;
};

static void find_choices(const struct laying *laying, struct choice *choice)
{
    int at = laying->at;
    int64_t used = laying->used, share = 0, print_s = 0;
    choice->count = 0;
    choice->share[0] = choice->print_s[0] = 0;
    while (at < laying->batch->piece_count && choice->count < WEIGHED_AT_MOST) {
        const struct plan_piece *piece = &laying->batch->pieces[at];
        if (used == piece->count) {
            at++;
            used = 0;
            continue;
        }
        share += laying->operation->share[piece->sku];
        print_s += laying->operation->print_s[piece->sku];
        if (share > PLATE_FULL && choice->count)
            return;
        used++;
        choice->share[++choice->count] = share;
        choice->print_s[choice->count] = print_s;
    }
}

/* What stays behind can be laid as the spec says. A plate of a batch that may start as it is is made half full at least, where
   only the clock speaks for less. */
static bool may_cut(const struct laying *laying, const struct choice *choice, int count)
{
    int64_t fill = laying->fill ? laying->fill : PLATE_FULL / 2;
    int64_t rest = laying->rest - choice->share[count];
    return choice->share[count] >= fill && can_be_cut(rest, fill, laying->finest, laying->coarsest);
}

static int64_t print_time(const struct laying *laying, const struct choice *choice, int count)
{
    int64_t run_s = laying->plan->problem.families[laying->operation->family].run_s;
    return run_s ? run_s : choice->print_s[count];
}

/* From when a plate of so many units is cleared until the work after it is done, at the soonest. */
static int64_t after_clearing(const struct laying *laying, int units)
{
    int64_t after_s = 0;
    for (int i = 0; i < laying->operation->leg_count; i++) {
        const struct plan_leg *leg = &laying->operation->legs[i];
        after_s += leg->hands_s + leg->hands_ms * units / 1000 + leg->wait_s;
    }
    return after_s;
}

/* As many units as the printer makes fastest, its waiting for somebody included, and purge_s a plate besides: the larger of equal
   plates; 0 where none may be cut. *out_s: when the work on it may be done. */
static int fastest_plate(const struct laying *laying, const struct choice *choice, int printer,
                         int64_t ready_s, int64_t purge_s, int64_t *out_s)
{
    const struct plan_problem *problem = &laying->plan->problem;
    const struct plan_family *family = &problem->families[laying->operation->family];
    int best = 0;
    int64_t best_taken_s = 1;

    for (int n = choice->count; n > 0; n--) {
        if (!may_cut(laying, choice, n))
            continue;
        int64_t begin_s =
            next_begin(laying->plan, printer, laying->operation->family, ready_s, family->setup_s);
        int64_t end_s = begin_s + family->setup_s + print_time(laying, choice, n);
        int64_t then_s = calendar_next(&problem->calendar, end_s);
        int64_t taken_s = then_s - begin_s + purge_s;
        if (n * best_taken_s > best * taken_s) {
            best = n;
            best_taken_s = taken_s;
            *out_s = then_s + after_clearing(laying, n);
        }
    }
    return best;
}

/* Fewer plates lose less where materials change on them: that weighs as much as it costs, but for what would come too late. Without a
   printer as many as may. */
static int units_on_plate(const struct laying *laying, const struct choice *choice, int printer,
                          int64_t ready_s)
{
    int64_t purge_s = laying->plan->problem.families[laying->operation->family].purge_s;
    int64_t out_s = 0;
    int best = 0;

    for (int n = choice->count; n > 0 && printer < 0; n--)
        if (may_cut(laying, choice, n))
            return n;
    if (printer >= 0)
        best = fastest_plate(laying, choice, printer, ready_s, purge_s, &out_s);
    if (best && purge_s && out_s > laying->batch->due_s)
        best = fastest_plate(laying, choice, printer, ready_s, 0, &out_s);
    return best ? best : choice->count;
}

static void lay(struct laying *laying, int plate, int64_t count)
{
    while (count > 0) {
        struct plan_piece piece = laying->batch->pieces[laying->at];
        int64_t left = piece.count - laying->used;
        if (!left) {
            laying->at++;
            laying->used = 0;
            continue;
        }
        piece.count = left < count ? left : count;
        laying->used += piece.count;
        laying->rest -= piece.count * laying->operation->share[piece.sku];
        count -= piece.count;
        plate_add(laying->plan, plate, &piece);
    }
}

/* The printer that is best for it, or that it is for. */
static int printer_of(const struct plan *plan, int batch, int family, int64_t ready_s,
                      int64_t hands_s, int64_t print_s)
{
    const struct plan_existing *was = plan->batches[batch].was;
    return was && was->pinned ? printer_pinned(plan, family, was->printer)
                              : printer_for(plan, family, ready_s, hands_s, print_s);
}

static void put_somewhere(struct plan *plan, int plate, int printer, const struct plan_queue *near)
{
    static const struct plan_queue nowhere; /* no printer in particular */
    if (near || plan->plates[plate].rank != PLAN_NEVER)
        plate_insert(plan, plate, near ? near : &nowhere);
    else if (printer >= 0)
        plate_append(plan, plate, printer);
}

/* When the last of it comes out of an operation; PLAN_NEVER where no printer can, or it never comes there. */
static int64_t dispatch_operation(struct plan *plan, int batch, int operation, int64_t ready_s,
                                  const struct plan_queue *near)
{
    struct choice choice;
    struct laying laying;
    int64_t out_s = ready_s;

    begin_laying(&laying, plan, batch, operation);
    int family = laying.operation->family;
    int64_t setup_s = plan->problem.families[family].setup_s;
    while (laying.rest > 0) {
        find_choices(&laying, &choice);
        int printer = ready_s == PLAN_NEVER
                          ? -1
                          : printer_of(plan, batch, family, ready_s, setup_s,
                                       print_time(&laying, &choice, choice.count));
        int count = units_on_plate(&laying, &choice, printer, ready_s);
        int plate = plate_new(plan, family, laying.batch->group, operation);
        lay(&laying, plate, count);
        if (plan->plates[plate].ready_s < ready_s)
            plan->plates[plate].ready_s = ready_s;
        if (printer >= 0)
            put_somewhere(plan, plate, printer, near);
        if (printer < 0)
            out_s = PLAN_NEVER;
        else if (plan->plates[plate].out_s > out_s)
            out_s = plan->plates[plate].out_s;
    }
    return out_s;
}

/* What is made afterwards waits for these. */
static void hold_to(struct plan *plan, int batch, int operation, int64_t out_s)
{
    const struct plan_queue *plates = &plan->batches[batch].plates;
    for (int i = 0; i < plates->count; i++)
        if (plan->plates[plates->items[i]].operation == operation)
            plan->plates[plates->items[i]].must_out_s = out_s;
}

void batch_dispatch(struct plan *plan, int batch, const struct plan_queue *near)
{
    const struct plan_batch *it = &plan->batches[batch];
    const struct plan_group *group = &plan->problem.groups[it->group];
    int64_t ready_s = it->opens_s;

    if (ready_s == PLAN_NEVER)
        return;
    if (it->plates.count) { /* one that it shares, made already */
        int plate = it->plates.items[0];
        const struct plan_plate *shared = &plan->plates[plate];
        if (shared->printer < 0)
            put_somewhere(plan, plate,
                          printer_for(plan, shared->family, shared->ready_s, shared->hands_s,
                                      shared->print_s),
                          near);
        return;
    }
    for (int k = it->operation < 0 ? 0 : it->operation; k < group->operation_count; k++) {
        ready_s = dispatch_operation(plan, batch, k, ready_s, near);
        if (k + 1 < group->operation_count)
            hold_to(plan, batch, k, ready_s);
    }
}
