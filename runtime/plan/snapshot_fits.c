/* Whether things of several products really lie on one plate: by their outlines, on each machine that the plate may go to. */
#include "plan/snapshot_private.h"

#include "packing/step_plate.h"

/* Another plate than these is not shared: what was packed once is kept, but a first plan must end some time. */
enum { ASKED_AT_MOST = 100 };

/* Pieces of all that lies there; of a part that occurs twice they are one entry. */
struct heap {
    struct plate_piece *pieces;
    uint32_t count, room;
};

static void add_piece(struct heap *heap, const struct plate_piece *piece)
{
    uint32_t at = 0;
    while (at < heap->count &&
           (heap->pieces[at].part != piece->part || heap->pieces[at].tilt_deg != piece->tilt_deg))
        at++;
    if (at == heap->count) {
        heap->pieces[heap->count] = *piece;
        heap->pieces[heap->count++].count = 0;
    }
    heap->pieces[at].count += piece->count;
}

/* What units have of the parts of a step, tilted as they are printed, however many the step's `plate` would take. */
static void add_units(struct arena *arena, struct heap *heap, const struct spec *spec,
                      const struct step *step, const struct sku *sku, int64_t units)
{
    struct plate_piece *pieces;
    uint32_t count = plate_pieces(spec, step, sku, arena, &pieces);
    for (uint32_t i = 0; i < count && heap->count < heap->room; i++) {
        int64_t each = rational_to_int(
            rational_ceil(contained_count(sku->product, &pieces[i].part->base, sku, true)));
        pieces[i].count = (uint32_t)(each * units);
        if (pieces[i].count)
            add_piece(heap, &pieces[i]);
    }
}

/* On every machine of `on` that says its volume. What is not known is left to the shares. */
static bool lies_on_each(const struct step *step, const struct sku *sku, const struct heap *heap,
                         struct arena *arena)
{
    uint32_t *fits = ARENA_ARRAY(arena, uint32_t, (int)heap->count + 1);
    struct bed bed;
    for (const struct simple *row = step->on; row; row = row->next) {
        const struct machine *machine = value_machine(&row->value, sku);
        if (machine && bed_of(machine, sku, &bed) &&
            plate_line_takes(&bed, PLATE_CLEARANCE_MM, 2, heap->pieces, heap->count, fits) > 1)
            return false;
    }
    return true;
}

bool fits_on_plate(int family, const int *groups, const int *skus, const int64_t *units, int count,
                   void *data)
{
    enum { PIECES_AT_MOST = 256 };
    struct building *building = data;
    struct arena arena = {0};
    struct heap heap = {ARENA_ARRAY(&arena, struct plate_piece, PIECES_AT_MOST), 0, PIECES_AT_MOST};
    const struct step *step = NULL;
    struct sku sku;
    (void)family; /* where it is printed is among the machines of each of them */

    if (building->asked_to_fit++ >= ASKED_AT_MOST)
        return false;
    for (int i = 0; i < count; i++) {
        const struct revision *revision = building->revision[groups[i]];
        sku_at(revision->made, skus[i], &sku);
        step = plan_step(revision, &sku, 0);
        add_units(&arena, &heap, revision->spec, step, &sku, units[i]);
    }
    bool good = heap.count < heap.room && (!step || lies_on_each(step, &sku, &heap, &arena));
    arena_free(&arena);
    return good;
}
