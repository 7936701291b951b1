/* What a plan says: promises, figures, reasons. */
#include "plan/private.h"

#include <time.h>

/* What a started batch still has before it where nothing of it is to be printed any more. */
static int64_t rest_of_work(const struct plan *plan, const struct plan_batch *batch)
{
    const struct plan_group *group = &plan->problem.groups[batch->group];
    int64_t at_s = batch->opens_s;
    if (at_s == PLAN_NEVER || !group->operation_count || batch->operation < group->operation_count)
        return PLAN_NEVER;
    const struct plan_operation *last = &group->operations[group->operation_count - 1];
    for (int k = 0; k < last->leg_count; k++) {
        const struct plan_leg *leg = &last->legs[k];
        int64_t hands_s = leg->hands_s + (leg->hands_ms * batch->count + 999) / 1000;
        at_s = calendar_work(&plan->problem.calendar, at_s, hands_s) + leg->wait_s;
    }
    return at_s;
}

static int64_t batch_promise(const struct plan *plan, const struct plan_batch *batch, int line)
{
    int64_t promise_s = 0;
    if (!batch->plates.count)
        return rest_of_work(plan, batch);
    for (int i = 0; i < batch->plates.count; i++) {
        const struct plan_plate *plate = &plan->plates[batch->plates.items[i]];
        bool has = false;
        for (int k = 0; k < plate->piece_count && !has; k++)
            has = plate->pieces[k].line == line;
        if (has && plate->printer < 0)
            return PLAN_NEVER;
        if (has && plate->out_s > promise_s)
            promise_s = plate->out_s;
    }
    return promise_s;
}

int64_t plan_promise(const struct plan *plan, int line)
{
    const struct plan_queue *batches = &plan->own->of_line[line];
    int64_t promise_s = 0;
    if (plan->lines[line].held && plan->lines[line].count)
        return PLAN_NEVER;
    if (!batches->count) /* all of it is made */
        return plan->lines[line].count ? PLAN_NEVER : plan->problem.now_s;
    for (int b = 0; b < batches->count; b++) {
        int64_t one_s = batch_promise(plan, &plan->batches[batches->items[b]], line);
        if (one_s > promise_s)
            promise_s = one_s;
    }
    return promise_s;
}

void plan_figures(const struct plan *plan, struct plan_figures *figures)
{
    *figures = (struct plan_figures){0};
    for (int i = 0; i < plan->plate_count; i++) {
        const struct plan_plate *plate = &plan->plates[i];
        if (!plate->live)
            continue;
        figures->plates++;
        if (plate->printer < 0) {
            figures->unplaced++;
            continue;
        }
        figures->changeovers += plate->swaps + plate->nozzle_swapped;
        figures->printing_s += plate->print_s;
        figures->purge_mg += plan->problem.families[plate->family].purge_mg;
        if (plate->cleared_s - plan->problem.now_s > figures->makespan_s)
            figures->makespan_s = plate->cleared_s - plan->problem.now_s;
    }
    for (int i = 0; i < plan->line_count; i++) {
        int64_t promise_s = plan_promise(plan, i);
        if (promise_s == PLAN_NEVER)
            continue;
        figures->promised_lines++;
        if (promise_s > plan->lines[i].due_s) {
            figures->late_lines++;
            figures->lateness_s += promise_s - plan->lines[i].due_s;
        }
    }
}

void plan_add_moment(struct buffer *out, int64_t time_s)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm day;
    time_t time = time_s;
    gmtime_r(&time, &day);
    buffer_addf(out, "%s %d %s %02d:%02d", days[day.tm_wday], day.tm_mday, months[day.tm_mon],
                day.tm_hour, day.tm_min);
}

/* How many of its units somebody ordered. */
static int64_t ordered(const struct plan_batch *batch)
{
    int64_t count = 0;
    for (int i = 0; i < batch->piece_count; i++)
        if (batch->pieces[i].line >= 0)
            count += batch->pieces[i].count;
    return count;
}

static void why_unreleased(const struct plan *plan, int index, struct buffer *out)
{
    const struct plan_group *group = &plan->problem.groups[index];
    int64_t room = release_room(plan, index);
    buffer_addf(out, "production of %s is released up to %lld, ", group->product,
                (long long)plan->releases[group->release - 1].most);
    if (room <= 0)
        buffer_add_text(out, "and as many are started or planned");
    else
        buffer_addf(out, "of which %lld %s left", (long long)room, room == 1 ? "is" : "are");
}

void plan_why_batch_waits(const struct plan *plan, int index, struct buffer *out)
{
    const struct plan_batch *batch = &plan->batches[index];
    const struct plan_group *group = &plan->problem.groups[batch->group];
    int64_t count = ordered(batch);

    if ((batch->was && batch->was->held) || group->blocked) {
        buffer_add_text(out, batch->was && batch->was->held ? batch->was->held : group->blocked);
        return;
    }
    if (batch->unreleased) {
        why_unreleased(plan, batch->group, out);
        return;
    }
    if (count < group->least) {
        buffer_addf(out, "%lld of %lld", (long long)count, (long long)group->least);
        if (*group->name)
            buffer_addf(out, " %s", group->name);
        buffer_addf(out, "; opens at %lld", (long long)group->least);
    } else {
        int64_t share = 0;
        for (int i = 0; i < batch->piece_count; i++)
            share += group->operations[0].share[batch->pieces[i].sku] * batch->pieces[i].count;
        int64_t last = share % PLATE_FULL;
        buffer_addf(out, "the last plate would be %lld %% full, and starts at %lld %%",
                    (long long)(last * 100 / PLATE_FULL),
                    (long long)((group->fill * 100 + PLATE_FULL - 1) / PLATE_FULL));
        buffer_add_text(out, "; opens when more is ordered");
    }
    if (batch->opens_s != PLAN_NEVER) {
        buffer_add_text(out, ", or ");
        plan_add_moment(out, batch->opens_s);
        if (batch->count > count)
            buffer_addf(out, " with %lld for stock", (long long)(batch->count - count));
    }
}

/* Why no printer has a plate. */
static void why_unplaced(const struct plan *plan, const struct plan_plate *plate,
                         struct buffer *out)
{
    const struct plan_family *family = &plan->problem.families[plate->family];
    if (plate->pin == PLAN_ANY_PRINTER) {
        buffer_addf(out, "no printer can: %s", family->name);
        return;
    }
    const struct plan_existing *was = plan->batches[plate->pieces[0].batch].was;
    buffer_addf(out, "%s is pinned to %s, which ", was->name, was->pinned);
    if (plate->pin == PLAN_NO_PRINTER)
        buffer_add_text(out, "is not there");
    else if (plan->printers[plate->pin].down)
        buffer_add_text(out, "is out of use");
    else
        buffer_addf(out, "cannot print it: %s", family->name);
}

void plan_why_waits(const struct plan *plan, int line, struct buffer *out)
{
    const struct plan_queue *batches = &plan->own->of_line[line];
    if (plan->lines[line].held && plan->lines[line].count) {
        buffer_add_text(out, plan->lines[line].held);
        return;
    }
    for (int i = 0; i < batches->count; i++) {
        const struct plan_batch *batch = &plan->batches[batches->items[i]];
        if (batch->state == PLAN_BATCH_WAITS || (batch->was && batch->was->held)) {
            plan_why_batch_waits(plan, batches->items[i], out);
            return;
        }
        for (int k = 0; k < batch->plates.count; k++)
            if (plan->plates[batch->plates.items[k]].printer < 0) {
                why_unplaced(plan, &plan->plates[batch->plates.items[k]], out);
                return;
            }
    }
}

void plan_add_content(const struct plan *plan, int plate, struct buffer *out)
{
    const struct plan_plate *it = &plan->plates[plate];
    for (int i = 0, next; i < it->piece_count; i = next) {
        const struct plan_batch *batch = &plan->batches[it->pieces[i].batch];
        const char *product = plan->problem.groups[batch->group].product;
        int64_t count = 0;
        for (next = i; next < it->piece_count; next++) {
            const struct plan_batch *other = &plan->batches[it->pieces[next].batch];
            if (plan->problem.groups[other->group].product != product)
                break;
            count += it->pieces[next].count;
        }
        buffer_addf(out, "%s%lld x %s", i ? ", " : "", (long long)count, product);
    }
}
