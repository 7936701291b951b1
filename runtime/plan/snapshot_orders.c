/* What is ordered of a shop, and what is in batches. */
#include "plan/snapshot_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- orders ---- */

/* Up to so many digits; where they end, NULL where there are none. */
static const char *read_digits(const char *at, int most, int64_t *number)
{
    const char *begin = at;
    for (*number = 0; at < begin + most && *at >= '0' && *at <= '9'; at++)
        *number = 10 * *number + *at - '0';
    return at > begin ? at : NULL;
}

/* Days since 1970-01-01 of the first of a month, counted from January of the year 0: years of this reckoning begin in March, so that
   a leap day ends one, and five months in a row have 153 days. */
static int64_t day_of_month(int64_t month)
{
    int64_t year = (month - 2) / 12, in_year = (month - 2) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * in_year + 2) / 5 - 719468;
}

/* The end of the day "2026-11-26"; PLAN_NEVER where it is none. Asked for every line of every plan: sscanf and timegm took a
   twentieth of a simulation. */
int64_t plan_due_s(const char *due)
{
    int64_t year, month, day;
    const char *at = read_digits(due, 4, &year);
    at = at && *at == '-' ? read_digits(at + 1, 2, &month) : NULL;
    at = at && *at == '-' ? read_digits(at + 1, 2, &day) : NULL;
    return at ? (day_of_month(12 * year + month - 1) + day) * DAY_S - 1 : PLAN_NEVER;
}

/* "held by anna: the customer rings back"; NULL where it is not. */
static const char *held_by(struct building *building, const struct wish *wish)
{
    return wish->held ? arena_printf(building->arena, "held by %s: %s", wish->held_by, wish->held)
                      : NULL;
}

/* Its index + 1 once it is known; 0 where nothing of it can be made. */
static size_t know_line(struct building *building, const struct order_line *line)
{
    const struct product_state *product = state_product(building->state, line->product);
    size_t known = (size_t)map_get(&building->line_of, NULL, line);
    struct sku sku;
    if (known)
        return known;
    if (line->held || line_owed(line) <= 0 || !product || !product->current ||
        !state_sku(building->state, product->current, line->sku, &sku))
        return 0;
    int index = building->lines_made++, group = group_of(building, product->current, &sku);
    building->line = with_room_for(building->line, index, sizeof *building->line);
    building->order_line = with_room_for(building->order_line, index, sizeof *building->order_line);
    building->stuck = with_room_for(building->stuck, index, sizeof *building->stuck);
    building->order_line[index] = line;
    building->stuck[index] = 0;
    building->line[index] = (struct plan_line){.order = line->order,
                                               .line = line->line,
                                               .group = group,
                                               .sku = (int)sku.index,
                                               .due_s = plan_due_s(line->due),
                                               .came_s = line->came_ms / 1000,
                                               .rank = line->wish.rank,
                                               .held = held_by(building, &line->wish)};
    map_put(&building->line_of, NULL, line, (void *)((size_t)index + 1));
    return (size_t)index + 1;
}

static int64_t print_seconds(const struct building *building, int group, int sku, int operation)
{
    const struct plan_group *it = &building->group[group];
    return operation < it->operation_count ? it->operations[operation].print_s[sku] : 0;
}

void add_lines(struct building *building, int64_t room_s)
{
    const struct chain_link *link = building->state->open_lines.first;
    for (; link && room_s > 0; link = link->next) {
        const struct order_line *line = link->thing;
        int64_t unmade = line_unmade(line);
        size_t known =
            unmade || room_s == INT64_MAX ? know_line(building, line) : 0; /* else nobody asks */
        if (!known)
            continue;
        struct plan_line *it = &building->line[known - 1];
        it->count = unmade;
        if (room_s < INT64_MAX)
            room_s -= unmade * print_seconds(building, it->group, it->sku, 0);
    }
}

/* ---- batches that are there ---- */

/* The operation that a unit at the step has before it; all are behind it where it equals their count. */
static int operation_before(const struct revision *revision, const struct piece *unit)
{
    const struct step *steps[OPERATIONS_AT_MOST];
    struct sku sku;
    sku_at(revision->made, unit->sku, &sku);
    int count = steps_printing(revision, &sku, steps), operation = 0;
    while (operation < count && steps[operation]->index < unit->at)
        operation++;
    return operation;
}

static struct plan_existing *existing_batch(struct building *building, const struct batch *batch,
                                            const struct piece *unit, int operation,
                                            int64_t ready_s)
{
    struct sku sku;
    sku_at(batch->revision->made, unit->sku, &sku);
    int group = group_of(building, batch->revision, &sku);
    for (int i = building->batches_made - 1; i >= 0; i--) {
        struct plan_existing *it = &building->batch[i];
        if (it->name != batch->name)
            break;
        if (it->operation == operation && it->group == group && it->ready_s == ready_s)
            return it;
    }
    int index = building->batches_made++;
    building->batch = with_room_for(building->batch, index, sizeof *building->batch);
    building->batch[index] = (struct plan_existing){
        .name = batch->name, .group = group, .operation = operation, .ready_s = ready_s};
    return &building->batch[index];
}

/* What somebody wishes of a batch. One that was not started waits for its lines too. */
static void wish_for(struct building *building, struct plan_existing *to, const struct batch *batch)
{
    if (to->unit_count)
        return; /* it has it already */
    to->rank = batch->wish.rank;
    to->held = held_by(building, &batch->wish);
    for (int32_t i = 0; !batch->started && !to->held && i < batch->unit_count; i++)
        if (batch->units[i].line)
            to->held = held_by(building, &batch->units[i].line->wish);
    to->pinned = batch->pinned;
    to->printer = -1;
    for (int p = 0; to->pinned && to->printer < 0 && p < building->printers_made; p++)
        if (strcmp(building->printer[p].name, to->pinned) == 0)
            to->printer = p;
}

static void add_units(struct plan_existing *to, int line, int sku, int64_t count)
{
    struct plan_units *units = (struct plan_units *)to->units;
    for (int i = 0; i < to->unit_count; i++)
        if (units[i].line == line && units[i].sku == sku) {
            units[i].count += count;
            return;
        }
    units = with_room_for(units, to->unit_count, sizeof *units);
    units[to->unit_count++] =
        (struct plan_units){.line = line, .sku = sku, .count = count, .due_s = PLAN_NEVER};
    to->units = units;
}

/* Neighbours that stand at one place, are of one SKU, and for one line. */
static void add_run(struct building *building, const struct batch *batch, const struct piece *unit,
                    int32_t count)
{
    size_t line = unit->line ? know_line(building, unit->line) : 0;
    if (unit->at == PLACE_QUARANTINE && line)
        building->stuck[line - 1] += count;
    if (unit->at < 0 && unit->at != PLACE_WAITING)
        return;
    int operation = unit->at == PLACE_WAITING ? -1 : operation_before(batch->revision, unit);
    while (count > 0) {
        int64_t ready_s, taken = count;
        ready_s = take_under_way(building, batch, unit->at, unit->sku, &taken);
        struct plan_existing *to =
            existing_batch(building, batch, unit, operation + (ready_s != 0), ready_s);
        wish_for(building, to, batch);
        add_units(to, (int)line - 1, unit->sku, taken);
        count -= (int32_t)taken;
    }
}

/* What fills for a sample is a person's business, and what fills by an older spec. */
static void add_batch(struct building *building, const struct batch *batch)
{
    bool ours = batch->started || (batch->purpose == PURPOSE_PRODUCTION &&
                                   batch->revision == batch->product->current);
    for (int32_t i = 0, end; ours && !batch->closed && i < batch->unit_count; i = end) {
        const struct piece *unit = &batch->units[i], *other = unit + 1;
        for (end = i + 1; end < batch->unit_count && other->at == unit->at &&
                          other->sku == unit->sku && other->line == unit->line;
             end++)
            other++;
        add_run(building, batch, unit, end - i);
    }
}

void add_batches(struct building *building)
{
    const struct chain_link *link = building->state->open_batches.first;
    for (; link; link = link->next)
        add_batch(building, link->thing);
}

int64_t seconds_waiting(const struct building *building)
{
    int64_t seconds = 0;
    for (int b = 0; b < building->batches_made; b++) {
        const struct plan_existing *it = &building->batch[b];
        for (int i = 0; !it->ready_s && i < it->unit_count; i++)
            seconds += it->units[i].count * print_seconds(building, it->group, it->units[i].sku,
                                                          it->operation < 0 ? 0 : it->operation);
    }
    return seconds;
}

void forget_orders(struct building *building)
{
    for (int i = 0; i < building->batches_made; i++)
        free((void *)building->batch[i].units);
    building->batches_made = building->lines_made = 0;
    map_free(&building->line_of);
}
