/* What is in use at the steps of a batch, and so goes into the units that leave them. */
#include "trace/genealogy_private.h"

#include <string.h>

struct work_place *genealogy_place(struct taking *at, const char *step)
{
    struct work_place *place = at->batch->places;
    while (place && place->step != step)
        place = place->next;
    if (!place) {
        place = ARENA_NEW(&at->model->arena, struct work_place);
        *place = (struct work_place){.next = at->batch->places, .step = step, .in_use = -1};
        at->batch->places = place;
    }
    return place;
}

/* Something is said at a place where units left: what was replaced by then went into those, and into no others. */
static void begin_anew(struct work_place *place)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < place->count; i++) {
        place->now[i].recent &= !place->left;
        if (place->now[i].current || place->now[i].recent)
            place->now[kept++] = place->now[i];
    }
    place->count = kept;
    place->left = false;
    place->in_use = -1;
}

/* From now on it is in use. What it takes the place of goes into the units that leave next too: they stood there while that
   one was in use, and how many got which of the two nobody wrote down. */
static void is_used(struct taking *at, struct work_place *place, struct thing *thing,
                    const char *of)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < place->count; i++) {
        struct using_now now = place->now[i];
        bool replaced = now.current && now.of == of;
        now.current &= !replaced;
        now.recent &= !(replaced && now.thing == thing);
        if (now.current || now.recent)
            place->now[kept++] = now;
    }
    place->count = kept;
    place->now = genealogy_room(place->now, place->count, &place->capacity, sizeof *place->now);
    place->now[place->count++] = (struct using_now){thing, of, true, true};
    place->in_use = -1;
    genealogy_link(at->model, thing, at->batch);
}

/* It was another lot all along: it is in whatever the one that was said went into, and that stays said. */
static void correct_use(struct taking *at, struct work_place *place, struct thing *lot,
                        const char *what)
{
    const struct thing *before = NULL;

    for (int32_t i = 0; i < place->count; i++)
        if (place->now[i].current && place->now[i].of == what) {
            before = place->now[i].thing;
            place->now[i].recent = false;
        }
    for (struct work_place *other = at->batch->places; other; other = other->next)
        other->in_use = -1; /* what leaves from now on is another matter */
    for (int32_t i = 0; before && before != lot && i < at->batch->use_count; i++) {
        struct in_use *use = &at->batch->uses[i];
        bool has = false, had = false;
        for (int32_t n = 0; n < use->thing_count; n++) {
            has |= use->things[n] == lot;
            had |= use->things[n] == before;
        }
        if (!had || has)
            continue;
        struct thing **things =
            ARENA_ARRAY(&at->model->arena, struct thing *, use->thing_count + 1);
        memcpy(things, use->things, (size_t)use->thing_count * sizeof *things);
        things[use->thing_count++] = lot;
        use->things = things;
    }
}

void take_lot_used(struct taking *at)
{
    const struct lot_used *used = &at->event->lot_used;
    struct work_place *place = genealogy_place(at, used->step);
    struct thing *lot = genealogy_thing(at->model, THING_LOT, used->lot);

    if (!lot)
        return;
    if (*used->reason)
        correct_use(at, place, lot, used->what);
    else
        begin_anew(place);
    is_used(at, place, lot, used->what);
}

void take_step_begun(struct taking *at)
{
    const struct step_begun *begun = &at->event->step_begun;
    struct work_place *place = genealogy_place(at, begun->step);
    struct thing *machine = genealogy_thing(at->model, THING_MACHINE, begun->machine);
    const char *of = thing_kind_names[THING_MACHINE];

    begin_anew(place);
    for (int32_t i = 0; i < place->count; i++)
        place->now[i].recent |= place->now[i].of != of; /* it lies there as the work begins */
    if (machine)
        is_used(at, place, machine, of);
}

static bool uses(const struct in_use *use, const struct thing *thing)
{
    for (int32_t i = 0; i < use->thing_count; i++)
        if (use->things[i] == thing)
            return true;
    return false;
}

/* The index of what is in use at a place, kept once for all departures until it changes. */
int32_t genealogy_in_use(struct taking *at, struct work_place *place)
{
    struct batch_trace *batch = at->batch;
    if (place->in_use >= 0)
        return place->in_use;
    struct in_use use = {place->step, ARENA_ARRAY(&at->model->arena, struct thing *, place->count),
                         place->count};
    use.thing_count = 0;
    for (int32_t i = 0; i < place->count; i++)
        if (!uses(&use, place->now[i].thing))
            use.things[use.thing_count++] = place->now[i].thing;
    batch->uses =
        genealogy_room(batch->uses, batch->use_count, &batch->use_capacity, sizeof *batch->uses);
    batch->uses[batch->use_count] = use;
    return place->in_use = batch->use_count++;
}
