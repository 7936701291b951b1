/* Parcels: what goes into them, comes out again, and leaves the house. */
#include "engine/deciding.h"

/* Whether this unit may go into a parcel for the line; refuses where not. */
static bool may_pack(struct deciding *at, const struct batch *batch, int64_t number,
                     const struct order_line *line)
{
    const struct piece *unit = &batch->units[number - 1];
    const struct lot *held = held_lot_of(batch, number);

    if (held)
        return refuse(at, "lot %s, which is in unit %lld of batch %s, is on hold", held->name,
                      (long long)number, batch->name);
    if (unit->at != PLACE_DONE)
        return refuse(at, "unit %lld of batch %s is not finished", (long long)number, batch->name);
    if (unit->line != line)
        return refuse(at, "unit %lld of batch %s is not for line %s of order %s; assign it first",
                      (long long)number, batch->name, line->line, line->order);
    return !unit->parcel || refuse(at, "unit %lld of batch %s is in parcel %s", (long long)number,
                                   batch->name, unit->parcel->name);
}

static bool all_in(const struct batch *batch, int64_t first, int64_t count, const char *parcel)
{
    for (int64_t i = first; i < first + count; i++)
        if (!batch->units[i - 1].parcel || batch->units[i - 1].parcel->name != parcel)
            return false;
    return true;
}

bool decide_pack_units(struct deciding *at)
{
    const struct pack_units *asked = &at->command->pack_units;
    const struct order_line *line = state_line(at->state, asked->order, asked->line);
    const struct parcel *parcel = state_parcel(at->state, asked->parcel);

    if (!is_name(at, "a parcel", asked->parcel))
        return false;
    if (!line)
        return refuse(at, "there is no line %s of order %s", asked->line, asked->order);
    const struct batch *batch = batch_with(at, asked->batch, asked->first, asked->count);
    if (!batch)
        return false;
    if (parcel && all_in(batch, asked->first, asked->count, parcel->name))
        return true;
    if (parcel && parcel->shipped)
        return refuse(at, "parcel %s is shipped; take another", parcel->name);
    if (parcel && parcel->count && parcel->order->name != asked->order)
        return refuse(at, "parcel %s is for order %s; take another", parcel->name,
                      parcel->order->name);
    for (int64_t i = asked->first; i < asked->first + asked->count; i++)
        if (!may_pack(at, batch, i, line))
            return false;
    int64_t open = line_owed(line) - line->packed;
    if (asked->count > open)
        return refuse(at, "line %s of order %s is owed %lld more than what is packed", line->line,
                      line->order, (long long)open);
    happens_as_asked(at, EVENT_units_packed);
    return true;
}

bool decide_unpack_units(struct deciding *at)
{
    const struct unpack_units *asked = &at->command->unpack_units;
    const struct parcel *parcel = state_parcel(at->state, asked->parcel);

    if (!parcel)
        return refuse(at, "there is no parcel %s", asked->parcel);
    if (parcel->shipped)
        return refuse(at, "parcel %s is shipped", parcel->name);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    const struct batch *batch = batch_with(at, asked->batch, asked->first, asked->count);
    if (!batch)
        return false;
    if (!all_in(batch, asked->first, asked->count, parcel->name))
        return refuse(at, "not all of these units are in parcel %s", parcel->name);
    happens_as_asked(at, EVENT_units_unpacked);
    return true;
}

bool decide_ship_parcel(struct deciding *at)
{
    const struct ship_parcel *asked = &at->command->ship_parcel;
    const struct parcel *parcel = state_parcel(at->state, asked->parcel);

    if (!parcel || !parcel->count)
        return refuse(at, "there is nothing in parcel %s", asked->parcel);
    if (parcel->shipped && parcel->tracking == asked->tracking)
        return true;
    if (parcel->shipped)
        return refuse(at, "parcel %s is shipped already, with %s", parcel->name, parcel->tracking);
    for (int64_t i = 0; i < parcel->count; i++) {
        const struct packed_unit *one = &parcel->units[i];
        const struct lot *held = held_lot_of(one->batch, one->number);
        if (held)
            return refuse(at, "lot %s, which is in unit %lld of batch %s, is on hold", held->name,
                          (long long)one->number, one->batch->name);
        if (one->batch->units[one->number - 1].at != PLACE_DONE)
            return refuse(at, "unit %lld of batch %s is in quarantine; unpack it first",
                          (long long)one->number, one->batch->name);
    }
    happens_as_asked(at, EVENT_parcel_shipped);
    return true;
}
