/* Random commands that a shop may give: mostly such as move the work on, some that make no sense. Include it after
   trial.h. */
#ifndef FLOW_TEST_RANDOM_COMMANDS_H
#define FLOW_TEST_RANDOM_COMMANDS_H

#include "trial.h"

struct commander {
    struct trial *shop;
    const struct revision *revision;
    uint64_t chance;
    const char *tracked[16]; /* materials and items with lots */
    int tracked_count;
};

static int below(struct commander *on, int limit)
{
    on->chance ^= on->chance << 13;
    on->chance ^= on->chance >> 7;
    on->chance ^= on->chance << 17;
    return limit < 2 ? 0 : (int)((on->chance >> 11) % (uint64_t)limit);
}

static bool once_in(struct commander *on, int times)
{
    return below(on, times) == 0;
}

static const char *word_of(struct commander *on, const char *const *words, int count)
{
    return name_in(on->shop, words[below(on, count)]);
}
#define WORD_OF(on, ...)                                                                           \
    word_of(on, (const char *const[]){__VA_ARGS__},                                                \
            (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static const char *numbered(struct commander *on, const char *prefix, int limit)
{
    char text[32];
    snprintf(text, sizeof text, "%s%d", prefix, below(on, limit));
    return name_in(on->shop, text);
}

static const char *why(struct commander *on)
{
    return once_in(on, 8) ? name_in(on->shop, "") : name_in(on->shop, "so");
}

static void note_tracked(struct commander *on, const struct declaration *what)
{
    for (int i = 0; i < on->tracked_count; i++)
        if (strcmp(on->tracked[i], what->name) == 0)
            return;
    if (on->tracked_count < 16)
        on->tracked[on->tracked_count++] = what->name;
}

static void commander_open(struct commander *on, struct trial *shop, uint64_t seed)
{
    const struct spec *spec = shop->revisions[0].spec;
    *on = (struct commander){.shop = shop, .revision = &shop->revisions[0], .chance = seed};
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *one = spec->declarations[i];
        if (one->kind == KIND_material && ((const struct material *)(const void *)one)->tracked)
            note_tracked(on, one);
        if (one->kind == KIND_item && ((const struct item *)(const void *)one)->tracked)
            note_tracked(on, one);
    }
}

static const struct workflow *workflow_of(const struct commander *on)
{
    return on->revision->made->workflow;
}

static struct message command_of(struct commander *on, enum message_kind kind)
{
    struct message command = {.kind = kind, .by = name_in(on->shop, "")};
    for (int i = 0; i < message_rows[kind].field_count; i++)
        if (!message_rows[kind].fields[i].whole)
            command.cells[i].text = command.by;
    return command;
}

static const char *any_step(struct commander *on)
{
    return name_in(on->shop,
                   workflow_of(on)->steps[below(on, workflow_of(on)->step_count)]->base.name);
}

static const char *any_sku(struct commander *on)
{
    struct sku sku;
    sku_at(on->revision->made, below(on, (int)on->revision->made->sku_count), &sku);
    return name_in(on->shop, once_in(on, 40)
                                 ? "no-such-sku"
                                 : sku_code(on->revision->spec, &sku, &on->shop->arena));
}

/* ---- what is found ---- */

/* A reading that is within, or not, in the unit the spec states. */
static const char *reading(struct commander *on, const struct check *check, int32_t sku, bool good)
{
    struct sku one;
    sku_at(on->revision->made, sku, &one);
    const struct value *value = value_for(&check->name.member->dimension->size, &one);
    if (value->kind != VALUE_SIZE)
        return name_in(on->shop, "1");
    const struct size *size = value->size;
    const struct value *at = size->nominal.kind == VALUE_NUMBER && good ? &size->nominal
                             : size->upper.kind == VALUE_NUMBER         ? &size->upper
                                                                        : &size->lower;
    const struct unit *unit = spec_unit(on->revision->spec, at);
    struct rational number = at->number;
    if (!good)
        number = size->upper.kind == VALUE_NUMBER
                     ? rational_add(number, rational_multiply(RATIONAL_ONE, number))
                     : RATIONAL_ZERO;
    if (unit)
        number = rational_divide(rational_subtract(number, unit->offset), unit->scale);
    struct buffer text = {0};
    rational_print_fixed(&text, number, 6);
    const char *name = name_in(on->shop, text.text);
    buffer_free(&text);
    return name;
}

static struct message any_finding(struct commander *on, const struct batch *batch, int64_t number,
                                  const struct step *step)
{
    int count = 0, chosen;
    const struct check *check = step->check;
    for (; check; check = check->next)
        count++;
    chosen = below(on, count);
    for (check = step->check; chosen--; check = check->next)
        ;
    bool good = !once_in(on, 25);
    if (check->form == CHECK_DIMENSION) {
        struct message command = command_of(on, COMMAND_measure);
        command.measure.part = name_in(on->shop, check->name.member->declaration->name);
        command.measure.dimension = name_in(on->shop, check->name.member->name);
        command.measure.value = reading(on, check, batch->units[number - 1].sku, good);
        command.measure.unit = number;
        command.measure.reason = name_in(on->shop, once_in(on, 6) ? "misread" : "");
        return command;
    }
    struct message command = command_of(on, COMMAND_judge_check);
    command.judge_check.check =
        name_in(on->shop, check->form == CHECK_COUNT ? "count" : check->name.word);
    command.judge_check.unit = check->form == CHECK_COUNT ? 0 : number;
    command.judge_check.good = good;
    if (!good && check->defects)
        command.judge_check.defect =
            name_in(on->shop, value_defect(&check->defects->value, NULL)->base.name);
    command.judge_check.reason = name_in(on->shop, once_in(on, 6) ? "misread" : "");
    return command;
}

/* ---- what is done with a unit where it stands ---- */

static struct message any_leaving(struct commander *on, const struct batch *batch, int64_t number,
                                  const struct step *step)
{
    static const char *const bad[] = {"failure", "rework", "reject"};
    if (step->base.kind == KIND_gate) {
        struct message command = command_of(on, COMMAND_sign_gate);
        command.sign_gate.outcome = WORD_OF(on, "approve", "approve", "approve", "refuse");
        command.sign_gate.meaning = why(on);
        return command;
    }
    struct message command = command_of(on, COMMAND_leave_step);
    int64_t end = number + 1;
    while (end <= batch->unit_count && batch->units[end - 1].at == step->index && !once_in(on, 30))
        end++;
    command.leave_step.first = number;
    command.leave_step.count = once_in(on, 50) ? below(on, 40) : end - number;
    command.leave_step.outcome = once_in(on, 8) ? word_of(on, bad, 3) : name_in(on->shop, "pass");
    if (command.leave_step.outcome != name_in(on->shop, "pass"))
        command.leave_step.count = 1;
    command.leave_step.reason = why(on);
    return command;
}

static struct message any_beginning(struct commander *on, const struct step *step)
{
    struct message command = command_of(on, COMMAND_begin_step);
    struct sku sku;
    sku_at(on->revision->made, 0, &sku);
    const struct machine *machine = step->on ? value_machine(&step->on->value, &sku) : NULL;
    command.begin_step.machine = name_in(on->shop, machine ? machine->base.name : "");
    return command;
}

static struct message any_work_at(struct commander *on, const struct batch *batch, int64_t number,
                                  const struct step *step)
{
    int what = below(on, 12);
    if (step->check && what < 6)
        return any_finding(on, batch, number, step);
    if ((what == 6 || what == 9) && on->tracked_count) {
        struct message command = command_of(on, COMMAND_use_lot);
        command.use_lot.lot = numbered(on, "L-", 2 * on->tracked_count);
        command.use_lot.amount = WORD_OF(on, "1", "2");
        command.use_lot.reason = once_in(on, 10) ? name_in(on->shop, "mistaken") : command.by;
        return command;
    }
    if (what == 7 && step->record) {
        struct message command = command_of(on, COMMAND_record_parameter);
        const struct parameter *row = step->record;
        while (row->next && once_in(on, 2))
            row = row->next;
        command.record_parameter.name = name_in(on->shop, row->name.word);
        command.record_parameter.value = WORD_OF(on, "60", "61");
        command.record_parameter.reason = why(on);
        return command;
    }
    return what == 8 ? any_beginning(on, step) : any_leaving(on, batch, number, step);
}

static void set_text(struct message *command, const char *field, const char *text)
{
    const struct message_row *row = &message_rows[command->kind];
    for (int i = 0; i < row->field_count; i++)
        if (strcmp(row->fields[i].name, field) == 0)
            command->cells[i].text = text;
}

static struct message any_filling(struct commander *on, const struct batch *batch)
{
    bool starts = once_in(on, 4) || batch->unit_count > 15;
    struct message command = command_of(on, starts ? COMMAND_start_batch : COMMAND_add_units);
    set_text(&command, "batch", batch->name);
    if (starts)
        return command;
    command.add_units.sku = any_sku(on);
    command.add_units.count = 1 + below(on, 12);
    if (once_in(on, 2)) {
        command.add_units.order = numbered(on, "O-", 5);
        command.add_units.line = numbered(on, "", 3);
    }
    return command;
}

/* What a planner wishes of a line or of a batch: held, freed, ranked, pinned, split. */
static struct message any_wish(struct commander *on, const struct batch *batch)
{
    static const enum message_kind kinds[] = {COMMAND_hold_work,   COMMAND_free_work,
                                              COMMAND_free_work,   COMMAND_rank_work,
                                              COMMAND_split_batch, COMMAND_split_batch};
    struct message command = command_of(on, kinds[below(on, 6)]);
    if (command.kind == COMMAND_split_batch) {
        command.split_batch.into = numbered(on, "B-", 32);
        command.split_batch.count = 1 + below(on, 5);
    } else if (once_in(on, 2)) {
        set_text(&command, "order", numbered(on, "O-", 5));
        set_text(&command, "line", numbered(on, "", 3));
        set_text(&command, "reason", why(on));
        return command;
    }
    set_text(&command, "batch", batch->name);
    set_text(&command, "reason", why(on));
    return command;
}

static struct message any_shipping(struct commander *on);

static struct message any_work(struct commander *on)
{
    const struct table *batches = &on->shop->state.batches;
    const struct batch *batch = batches->things[below(on, batches->count)];
    if (batch->closed)
        return any_shipping(on);
    if (once_in(on, batch->started ? 40 : 15))
        return any_wish(on, batch);
    if (!batch->started)
        return any_filling(on, batch);
    int64_t number = 1 + below(on, batch->unit_count);
    const struct piece *unit = &batch->units[number - 1];
    if (unit->at == PLACE_QUARANTINE) {
        struct message command = command_of(on, COMMAND_dispose_unit);
        command.dispose_unit = (struct dispose_unit){
            batch->name, number, once_in(on, 3) ? WORD_OF(on, "scrap", "done") : any_step(on),
            why(on)};
        return command;
    }
    if (unit->at < 0 && !once_in(on, 10))
        return any_shipping(on);
    const struct step *step = workflow_of(on)->steps[unit->at >= 0 ? unit->at : 0];
    struct message command = any_work_at(on, batch, number, step);
    set_text(&command, "batch", batch->name);
    set_text(&command, "step", once_in(on, 30) ? any_step(on) : name_in(on->shop, step->base.name));
    return command;
}

/* ---- all the rest, each field by its name ---- */

static const char *any_text(struct commander *on, const char *field)
{
    static const struct {
        const char *field, *prefix;
        int limit;
    } names[] = {{"batch", "B-", 32}, {"into", "B-", 32}, {"order", "O-", 5}, {"line", "", 3},
                 {"parcel", "P-", 4}, {"issue", "I-", 4}, {"lot", "L-", 8},   {"person", "who-", 4},
                 {"name", "a", 2},    {"value", "v", 3},  {"label", "t", 2},  {"tracking", "T", 2},
                 {"customer", "c", 2}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].field, field) == 0)
            return numbered(on, names[i].prefix, names[i].limit);
    if (strcmp(field, "step") == 0)
        return any_step(on);
    if (strcmp(field, "sku") == 0)
        return any_sku(on);
    if (strcmp(field, "product") == 0)
        return on->revision->product;
    if (strcmp(field, "snapshot") == 0)
        return on->revision->snapshot;
    if (strcmp(field, "purpose") == 0)
        return WORD_OF(on, "sample", "production");
    if (strcmp(field, "roles") == 0)
        return WORD_OF(on, "operator", "quality,planner", "admin", "");
    if (strcmp(field, "what") == 0 && on->tracked_count)
        return word_of(on, on->tracked, on->tracked_count);
    return once_in(on, 5) ? name_in(on->shop, "") : name_in(on->shop, "so");
}

/* The name of an approval of the release, if there is one. */
static const char *any_approval(struct commander *on)
{
    const struct release *release = on->revision->made->release;
    const struct approval *row = release ? release->approve : NULL;
    while (row && row->next && once_in(on, 2))
        row = row->next;
    return name_in(on->shop, row && row->name.kind == VALUE_WORD ? row->name.word : "none");
}

static struct message any_other(struct commander *on)
{
    enum message_kind kind = (enum message_kind)below(on, COMMAND_COUNT);
    struct message command = command_of(on, kind);
    const struct message_row *row = &message_rows[kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].whole)
            command.cells[i].whole = below(on, once_in(on, 3) ? 30 : 3);
        else
            command.cells[i].text = any_text(on, row->fields[i].name);
    if (kind == COMMAND_approve_sample)
        command.approve_sample.name = any_approval(on);
    if (kind == COMMAND_hold_lot && !once_in(on, 4))
        command.kind = COMMAND_free_lot;
    if (kind == COMMAND_admit_person || kind == COMMAND_dismiss_person)
        command.by = name_in(on->shop, "owner");
    return command;
}

/* What is owed on a line is cut back, mostly after it was made. */
static struct message any_cancelling(struct commander *on)
{
    const struct table *lines = &on->shop->state.lines;
    const struct order_line *line = lines->things[below(on, lines->count)];
    struct message command = command_of(on, COMMAND_cancel_line);
    command.cancel_line = (struct cancel_line){line->order, line->line, 1 + below(on, 3), why(on)};
    return command;
}

/* Finished units go where they are owed. */
static struct message any_shipping(struct commander *on)
{
    if (on->shop->state.lines.count && once_in(on, 25))
        return any_cancelling(on);
    const struct table *batches = &on->shop->state.batches;
    const struct batch *batch = batches->things[below(on, batches->count)];
    int64_t number = 1 + below(on, batch->unit_count);
    for (int i = 0; i < batch->unit_count && batch->units[number - 1].at != PLACE_DONE; i++)
        number = number % batch->unit_count + 1;
    const struct piece *unit = batch->unit_count ? &batch->units[number - 1] : NULL;
    bool ships = once_in(on, 4);
    struct message command = command_of(on, ships                ? COMMAND_ship_parcel
                                            : unit && unit->line ? COMMAND_pack_units
                                                                 : COMMAND_assign_units);
    if (ships) {
        const struct table *parcels = &on->shop->state.parcels;
        const struct parcel *parcel =
            parcels->count ? parcels->things[below(on, parcels->count)] : NULL;
        command.ship_parcel.parcel = parcel ? parcel->name : numbered(on, "P-", 40);
        return command;
    }
    set_text(&command, "batch", batch->name);
    set_text(&command, "order", unit && unit->line ? unit->line->order : numbered(on, "O-", 5));
    set_text(&command, "line", unit && unit->line ? unit->line->line : numbered(on, "", 3));
    if (command.kind == COMMAND_pack_units) {
        command.pack_units.parcel = numbered(on, "P-", 40);
        command.pack_units.first = number;
        command.pack_units.count = 1 + below(on, 2);
    } else {
        command.assign_units.first = number;
        command.assign_units.count = 1 + below(on, 2);
    }
    return command;
}

/* Another spec than before; what differs by it is wanted. */
static struct message any_change(struct commander *on)
{
    const struct revision *revision = &on->shop->revisions[below(on, on->shop->spec_count)];
    bool adopts = !once_in(on, 30);
    struct message command = command_of(on, adopts ? COMMAND_adopt_spec : COMMAND_accept_lane);
    if (adopts)
        command.adopt_spec = (struct adopt_spec){revision->product, revision->snapshot};
    else
        command.accept_lane = (struct accept_lane){revision->product, revision->lane, why(on)};
    return command;
}

static struct message any_command(struct commander *on)
{
    if (once_in(on, 80))
        return any_change(on);
    int what = below(on, 20);
    bool batches = on->shop->state.batches.count > 0;
    if (what == 19 && once_in(on, 2)) {
        struct message command = command_of(on, COMMAND_approve_sample);
        command.approve_sample.product = on->revision->product;
        command.approve_sample.name = any_approval(on);
        command.approve_sample.meaning = name_in(on->shop, "as drawn");
        return command;
    }
    return what < 15 && batches   ? any_work(on)
           : what < 17 && batches ? any_shipping(on)
                                  : any_other(on);
}

#endif
