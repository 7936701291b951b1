#include "plan/snapshot_private.h"

#include "base/memory.h"
#include "engine/decide.h"
#include "engine/lanes.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 8 }; /* a power of two */

void *with_room_for(void *array, int count, size_t size)
{
    if (count & (count - 1) || (count && count < ROOM_AT_FIRST)) /* a power of two is full */
        return array;
    return memory_resize(array, size * (size_t)(count ? 2 * count : ROOM_AT_FIRST));
}

static int64_t seconds_of(const struct spec *spec, const struct simple *row, const struct sku *sku,
                          int64_t unsaid)
{
    if (!row || value_for(&row->value, sku)->kind != VALUE_NUMBER)
        return unsaid;
    return rational_to_int(rational_ceil(value_number(spec, &row->value, sku, RATIONAL_ZERO)));
}

/* ---- printers ---- */

static void add_printer(struct building *building, const struct plan_printer *printer,
                        const char *machine)
{
    int count = building->printers_made++;
    building->printer = with_room_for(building->printer, count, sizeof *building->printer);
    building->machine = with_room_for(building->machine, count, sizeof *building->machine);
    building->printer[count] = *printer;
    building->machine[count] = intern_text(&building->names, machine);
}

int material_named(struct building *building, const char *name)
{
    for (int i = 0; name && *name && i < building->state->products.count; i++) {
        const struct product_state *product = building->state->products.things[i];
        const struct declaration *found =
            product->current ? spec_find(product->current->spec, name) : NULL;
        if (found && found->kind == KIND_material)
            return material_index(building, (const struct material *)found);
    }
    return -1;
}

/* How many materials a machine of the spec lays at once. */
static int slots_of(const struct spec *spec, const struct machine *machine)
{
    int64_t slots =
        machine->slots
            ? rational_to_int(value_number(spec, &machine->slots->value, NULL, RATIONAL_ONE))
            : 1;
    return slots < 1 ? 1 : slots < SLOTS_AT_MOST ? (int)slots : SLOTS_AT_MOST;
}

/* The most that any spec says: one that was adopted before the machine had them still says fewer. */
static int slots_of_machine(const struct building *building, const char *name)
{
    int most = 1;
    for (int i = 0; name && i < building->state->products.count; i++) {
        const struct product_state *product = building->state->products.things[i];
        const struct spec *spec = product->current ? product->current->spec : NULL;
        const struct declaration *found = spec ? spec_find(spec, name) : NULL;
        int slots = found && found->kind == KIND_machine
                        ? slots_of(spec, (const struct machine *)found)
                        : 1;
        most = slots > most ? slots : most;
    }
    return most;
}

/* Of whose slots nobody says what is in them, it has as many as its machine. */
static struct plan_printer see_printer(struct building *building, const struct plan_seen *seen,
                                       int64_t now_s)
{
    struct plan_printer printer = {.name = seen->name,
                                   .slot_count = seen->slot_count
                                                     ? seen->slot_count
                                                     : slots_of_machine(building, seen->machine),
                                   .nozzle_um = seen->nozzle_um,
                                   .free_s = seen->free_s,
                                   .down = seen->down,
                                   .failures = seen->failures};
    for (int i = 0; i < SLOTS_AT_MOST; i++)
        printer.materials[i] =
            i < seen->slot_count ? material_named(building, seen->materials[i]) : -1;
    know_printer(building, &printer, now_s);
    return printer;
}

/* As many as the spec says there are. */
static void add_machine(struct building *building, const struct spec *spec,
                        const struct machine *machine)
{
    int64_t count =
        machine->count
            ? rational_to_int(value_number(spec, &machine->count->value, NULL, RATIONAL_ONE))
            : 1;
    int slots = slots_of_machine(building, machine->base.name);
    for (int64_t i = 1; i <= count && i <= 10000; i++) {
        struct plan_printer printer = {.slot_count = slots};
        for (int k = 0; k < SLOTS_AT_MOST; k++)
            printer.materials[k] = -1;
        printer.name =
            count == 1 ? machine->base.name
                       : arena_printf(building->arena, "%s-%lld", machine->base.name, (long long)i);
        add_printer(building, &printer, machine->base.name);
    }
}

static void add_machines(struct building *building, const struct revision *revision)
{
    const struct workflow *workflow = revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        for (const struct simple *row = workflow->steps[i]->on; row; row = row->next) {
            const struct machine *machine = value_machine(&row->value, NULL);
            bool known = !machine;
            const char *name = machine ? intern_text(&building->names, machine->base.name) : NULL;
            for (int p = 0; p < building->printers_made && !known; p++)
                known = building->machine[p] == name;
            if (!known)
                add_machine(building, revision->spec, machine);
        }
}

/* ---- groups ---- */

/* The lines of a key, each once: "desk_hook, pla_black, 0.2 mm". */
static const char *group_name(struct building *building, const char *product, const char *key)
{
    struct buffer name = {0};
    const char *before = "";
    size_t before_length = 0;
    buffer_add_text(&name, product);
    for (const char *end; *key; key = *end ? end + 1 : end) {
        end = key + strcspn(key, "\n");
        size_t length = (size_t)(end - key);
        if (length && (length != before_length || strncmp(key, before, length) != 0)) {
            buffer_add_text(&name, ", ");
            buffer_add(&name, key, length);
            before = key;
            before_length = length;
        }
    }
    const char *copy = arena_copy_text(building->arena, name.text, name.length);
    buffer_free(&name);
    return copy;
}

/* How the SKU was made that was shipped last, where it would be made otherwise now and nobody has accepted that; else NULL. */
static const struct proven_lane *
differs_from(struct building *building, const struct revision *revision, const struct sku *sku)
{
    const char *code = sku_code(revision->spec, sku, building->arena);
    code = intern_find(&building->state->names, code, strlen(code));
    return code && repeat_of(building->state, revision, code) == REPEAT_DIFFERS
               ? state_lanes(building->state, revision->product, code)
               : NULL;
}

/* Why nothing of a group may be started now, NULL where it may. */
static const char *why_blocked(struct building *building, const struct revision *revision,
                               const struct sku *sku)
{
    const struct product_state *product = state_product(building->state, revision->product);
    const struct approval *missing = missing_approval(product, revision);
    if (missing)
        return arena_printf(building->arena, "production waits for the approval %s of %s",
                            missing->name.word, revision->product);
    const struct proven_lane *was = differs_from(building, revision, sku);
    return was ? arena_printf(building->arena,
                              "it would differ from %s/%lld, which was shipped; `flowd reorder "
                              "check ORDER` says in what",
                              was->batch->name, (long long)was->unit)
               : NULL;
}

/* How much of a revision was started as it is made now, and how much may be. */
static struct plan_release see_release(const struct building *building,
                                       const struct revision *revision)
{
    const struct product_state *product = state_product(building->state, revision->product);
    const struct release_state *made = product_release(product, revision->fingerprint);
    int64_t most =
        rational_to_int(value_number(revision->spec, &revision->made->release->production->value,
                                     NULL, rational_integer(INT64_MAX)));
    int64_t left = most - (made ? made->produced : 0);
    return (struct plan_release){.most = most, .left = left > 0 ? left : 0};
}

/* As a group says it: its index + 1, 0 where nothing bounds production. */
static int release_of(struct building *building, const struct revision *revision)
{
    int index = building->releases_made;
    if (!revision->made->release || !revision->made->release->production)
        return 0;
    for (int i = 0; i < index; i++)
        if (building->released[i] == revision)
            return i + 1;
    building->release = with_room_for(building->release, index, sizeof *building->release);
    building->released = with_room_for(building->released, index, sizeof *building->released);
    building->released[index] = revision;
    building->release[index] = see_release(building, revision);
    return ++building->releases_made;
}

static int64_t count_of(const struct spec *spec, const struct value *value, const struct sku *sku,
                        int64_t unsaid)
{
    if (value_for(value, sku)->kind != VALUE_NUMBER)
        return unsaid;
    return rational_to_int(value_number(spec, value, sku, RATIONAL_ZERO));
}

static void set_rule(struct building *building, struct plan_group *group,
                     const struct revision *revision, const struct sku *sku)
{
    const struct step *rule = batch_rule(revision);
    const struct spec *spec = revision->spec;
    const char *order = rule && rule->order ? value_word(&rule->order->value, sku) : NULL;

    group->least = rule && rule->size ? count_of(spec, &rule->size->from, sku, 1) : 1;
    group->most = rule && rule->size ? count_of(spec, &rule->size->to, sku, 1000) : 1000;
    group->hold_s = seconds_of(spec, rule ? rule->hold : NULL, sku, PLAN_NEVER);
    group->order_by = order && strcmp(order, "age") == 0 ? PLAN_BY_AGE : PLAN_BY_DUE;
    group->has_stock = !revision->made->asks;
    if (rule && rule->fill) { /* shares are rounded down: by less than this together */
        struct rational fill = value_number(spec, &rule->fill->value, sku, RATIONAL_ZERO);
        group->fill = rational_to_int(rational_multiply(fill, rational_integer(PLATE_FULL))) - 1000;
        group->fill = group->fill < 0 ? 0 : group->fill;
    }
    group->release = release_of(building, revision);
    group->blocked = why_blocked(building, revision, sku);
}

/* Of the rule's key and size, and of what may lie on one plate: a batch of several kinds of plates would only wait for the last.
   What waits to be accepted keeps nothing else back. */
static const char *group_key_of(struct building *building, const struct revision *revision,
                                const struct sku *sku, const int *families, int count)
{
    const struct step *rule = batch_rule(revision);
    struct buffer text = {0};
    batch_key(&text, revision, sku);
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "\x1f%d", families[i]);
    if (differs_from(building, revision, sku))
        buffer_add_text(&text, "\x1f!");
    if (rule && rule->size)
        buffer_addf(&text, "\x1f%lld..%lld",
                    (long long)count_of(revision->spec, &rule->size->from, sku, 1),
                    (long long)count_of(revision->spec, &rule->size->to, sku, 0));
    const char *key = intern_text(&building->names, buffer_text(&text));
    buffer_free(&text);
    return key;
}

static int new_group(struct building *building, const struct revision *revision,
                     const struct sku *sku)
{
    int index = building->groups_made++;
    struct buffer text = {0};
    building->group = with_room_for(building->group, index, sizeof *building->group);
    building->revision = with_room_for(building->revision, index, sizeof *building->revision);
    building->first_sku = with_room_for(building->first_sku, index, sizeof *building->first_sku);
    building->revision[index] = revision;
    building->first_sku[index] = (int)sku->index;
    batch_key(&text, revision, sku);
    building->group[index] =
        (struct plan_group){.product = revision->product,
                            .name = group_name(building, revision->product, buffer_text(&text))};
    buffer_free(&text);
    set_rule(building, &building->group[index], revision, sku);
    return index;
}

int group_of(struct building *building, const struct revision *revision, const struct sku *sku)
{
    int families[OPERATIONS_AT_MOST];
    const void *by_index = (const void *)((size_t)sku->index + 1);
    size_t known = (size_t)map_get(&building->skus, revision, by_index);
    if (known)
        return (int)known - 1;
    int count = find_families(building, revision, sku, families);
    const char *key = group_key_of(building, revision, sku, families, count);
    known = (size_t)map_get(&building->groups, revision, key);
    if (!known) {
        int index = new_group(building, revision, sku);
        find_operations(building, revision, sku, index, families, count);
        known = (size_t)index + 1;
        map_put(&building->groups, revision, key, (void *)known);
    }
    find_unit(building, revision, sku, (int)known - 1);
    map_put(&building->skus, revision, by_index, (void *)known);
    return (int)known - 1;
}

/* ---- all of it ---- */

static struct calendar calendar_of(const struct state *state, struct calendar calendar)
{
    for (int i = 0; !calendar.length_s && i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        if (product->current)
            calendar.length_s = rational_to_int(product->current->spec->workday_s);
    }
    if (!calendar.length_s)
        calendar.length_s = 8 * 3600;
    if (calendar.begins_s + calendar.length_s > DAY_S)
        calendar.begins_s = DAY_S - calendar.length_s;
    if (!calendar.days)
        calendar.days = 5;
    return calendar;
}

static void find_printers(struct building *building, const struct plan_settings *settings)
{
    for (int i = 0; i < settings->printer_count; i++) {
        struct plan_printer printer =
            see_printer(building, &settings->printers[i], settings->now_s);
        add_printer(building, &printer, settings->printers[i].machine);
    }
    for (int i = 0; i < building->state->products.count; i++) {
        const struct product_state *product = building->state->products.things[i];
        if (product->current)
            add_machines(building, product->current);
    }
}

/* What is ordered, and what is in batches. */
static void read_shop(struct building *building, const struct plan_settings *settings)
{
    if (!settings->busy_s)
        add_lines(building, INT64_MAX);
    add_batches(building);
    if (settings->busy_s) {
        int64_t room_s = settings->busy_s * building->printers_made;
        add_lines(building, room_s - seconds_waiting(building));
    }
    use_stock(building);
}

static void say_problem(struct building *building, const struct plan_settings *settings)
{
    struct plan_snapshot *snapshot = building->snapshot;
    snapshot->lines = building->order_line;
    snapshot->revisions = building->revision;
    snapshot->machines = building->machine;
    snapshot->colors = building->color;
    snapshot->stuck = building->stuck;
    snapshot->problem =
        (struct plan_problem){.now_s = settings->now_s,
                              .calendar = calendar_of(building->state, settings->calendar),
                              .swap_s = settings->swap_s,
                              .nozzle_s = settings->nozzle_s,
                              .backlog_s = settings->backlog_s,
                              .materials = building->material,
                              .material_count = building->materials_made,
                              .stations = building->station,
                              .station_count = building->stations_made,
                              .in_turn = true,
                              .families = building->family,
                              .family_count = building->families_made,
                              .groups = building->group,
                              .group_count = building->groups_made,
                              .releases = building->release,
                              .release_count = building->releases_made,
                              .printers = building->printer,
                              .printer_count = building->printers_made,
                              .lines = building->line,
                              .line_count = building->lines_made,
                              .batches = building->batch,
                              .batch_count = building->batches_made,
                              .fits = fits_on_plate,
                              .fits_data = building};
}

void plan_snapshot_take(struct plan_snapshot *snapshot, const struct state *state,
                        const struct plan_settings *settings)
{
    struct building *building = memory_zeroed(1, sizeof *building);
    *snapshot = (struct plan_snapshot){.own = building};
    *building = (struct building){.snapshot = snapshot, .state = state, .arena = &snapshot->arena};
    interner_open(&building->names, &snapshot->arena);
    find_under_way(building, settings->now_s);
    find_printers(building, settings);
    read_shop(building, settings);
    say_problem(building, settings);
}

void plan_snapshot_again(struct plan_snapshot *snapshot, const struct plan_settings *settings)
{
    struct building *building = snapshot->own;
    forget_orders(building);
    building->asked_to_fit = building->under_way_count = snapshot->stock_count = 0;
    find_under_way(building, settings->now_s);
    for (int i = 0; i < settings->printer_count; i++)
        building->printer[i] = see_printer(building, &settings->printers[i], settings->now_s);
    for (int g = 0; g < building->groups_made; g++) {
        struct sku sku;
        sku_at(building->revision[g]->made, building->first_sku[g], &sku);
        building->group[g].blocked = why_blocked(building, building->revision[g], &sku);
    }
    for (int r = 0; r < building->releases_made; r++)
        building->release[r] = see_release(building, building->released[r]);
    read_shop(building, settings);
    say_problem(building, settings);
}

void plan_snapshot_free(struct plan_snapshot *snapshot)
{
    struct building *building = snapshot->own;
    forget_orders(building);
    free(building->family);
    free(building->group);
    free(building->revision);
    free(building->release);
    free(building->released);
    free(building->first_sku);
    free(building->material);
    free(building->color);
    free(building->station);
    free(building->printer);
    free(building->machine);
    free(building->line);
    free(building->order_line);
    free(building->stuck);
    free(snapshot->stock);
    free(building->under_way);
    free(building->batch);
    map_free(&building->families);
    map_free(&building->kinds);
    map_free(&building->groups);
    map_free(&building->materials);
    map_free(&building->stations);
    map_free(&building->skus);
    interner_close(&building->names);
    free(building);
    arena_free(&snapshot->arena);
}
