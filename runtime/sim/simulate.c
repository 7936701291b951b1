#include "sim/private.h"

#include "plan/first_come.h"

#include <stdio.h>
#include <string.h>

const char simulated_planner[] = "simulated planner", simulated_operator[] = "simulated operator",
           simulated_inspector[] = "simulated inspector";

/* ---- time and chance ---- */

static int64_t clock_of(void *data)
{
    return ((struct simulated *)data)->now_ms;
}

double sim_draw(uint64_t *chance) /* xorshift64*, Vigna 2016 */
{
    *chance ^= *chance >> 12;
    *chance ^= *chance << 25;
    *chance ^= *chance >> 27;
    return (double)((*chance * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

double sim_chance(struct simulated *sim)
{
    return sim_draw(&sim->chance);
}

void sim_machine_works(struct simulated *sim, double seconds)
{
    sim->now_ms += (int64_t)(seconds * 1000);
}

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

/* The next time somebody is there: 1970-01-01 was a Thursday. */
static int64_t next_working(int64_t at_ms)
{
    for (;;) {
        int64_t day = at_ms / DAY_MS, in_day = at_ms % DAY_MS;
        bool weekend = (day + 4) % 7 == 0 || (day + 4) % 7 == 6;
        if (!weekend && in_day < 8 * HOUR_MS)
            return day * DAY_MS + 8 * HOUR_MS;
        if (!weekend && in_day < 16 * HOUR_MS)
            return at_ms;
        at_ms = (day + 1) * DAY_MS;
    }
}

void sim_person_works(struct simulated *sim, double seconds)
{
    int64_t left_ms = (int64_t)(seconds * 1000);
    sim->now_ms = next_working(sim->now_ms);
    while (left_ms > 0) {
        int64_t today_ms = 16 * HOUR_MS - sim->now_ms % DAY_MS;
        if (left_ms < today_ms) {
            sim->now_ms += left_ms;
            return;
        }
        left_ms -= today_ms;
        sim->now_ms = next_working(sim->now_ms + today_ms);
    }
}

/* ---- doing ---- */

bool sim_ask(struct simulated *sim, const char *by, struct message *command, struct answer *answer)
{
    const struct message_row *row = &message_rows[command->kind];
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole && !command->cells[i].text)
            command->cells[i].text = "";
    sim->commands++;
    return sim->ask(sim, by, command, answer);
}

static bool ask_shop(struct simulated *sim, const char *by, const struct message *command,
                     struct answer *answer)
{
    return shop_stage(sim->shop, NULL, by, command, answer, sim->failure);
}

bool sim_do(struct simulated *sim, const char *by, struct message *command)
{
    struct buffer text = {0};
    struct answer answer;
    if (!sim_ask(sim, by, command, &answer))
        return false;
    if (answer.accepted)
        return true;
    command->by = by;
    message_write(&text, command);
    fail(sim->failure, "the simulation cannot go on: %.200s is refused: %.200s", buffer_text(&text),
         answer.refusal);
    buffer_free(&text);
    return false;
}

/* ---- people ---- */

/* The roles that specs name, beside the engine's own. */
static void add_roles(struct buffer *roles, const struct state *state)
{
    for (int i = 0; i < state->products.count; i++) {
        const struct product_state *product = state->products.things[i];
        const struct spec *spec = product->current->spec;
        for (int k = 0; k < spec->declaration_count; k++)
            if (spec->declarations[k]->kind == KIND_role &&
                !words_have(buffer_text(roles), spec->declarations[k]->name,
                            strlen(spec->declarations[k]->name)))
                buffer_addf(roles, ",%s", spec->declarations[k]->name);
    }
}

static bool admit(struct simulated *sim, const char *owner, const char *person, const char *roles)
{
    struct message command = {.kind = COMMAND_admit_person, .admit_person = {person, roles}};
    return sim_do(sim, owner, &command);
}

static const char *owner_of(const struct state *state)
{
    for (int i = 0; i < state->persons.count; i++) {
        const struct person *person = state->persons.things[i];
        if (person->administrates && !person->dismissed)
            return person->name;
    }
    return "";
}

bool sim_admit_people(struct simulated *sim)
{
    struct buffer roles = {0};
    const char *owner = owner_of(sim->state);
    buffer_add_text(&roles, "operator,quality");
    add_roles(&roles, sim->state);
    bool good = admit(sim, owner, simulated_planner, "planner") &&
                admit(sim, owner, simulated_operator, "operator") &&
                admit(sim, owner, simulated_inspector, buffer_text(&roles));
    buffer_free(&roles);
    return good;
}

/* ---- batches ---- */

static struct batch *open_batch(struct simulated *sim, const char *prefix, const char *product,
                                const char *purpose)
{
    for (int number = 1;; number++) {
        const char *name = arena_printf(&sim->arena, "%s-%d", prefix, number);
        if (state_batch(sim->state, shop_name(sim->shop, name)))
            continue;
        struct message command = {.kind = COMMAND_open_batch,
                                  .open_batch = {name, product, purpose}};
        sim->result->batches++;
        sim->delivery = (sim->result->batches + 3) / 4; /* a lot lasts for four batches */
        return sim_do(sim, simulated_planner, &command)
                   ? state_batch(sim->state, shop_name(sim->shop, name))
                   : NULL;
    }
}

static bool start(struct simulated *sim, const struct batch *batch)
{
    struct message command = {.kind = COMMAND_start_batch, .start_batch = {batch->name}};
    return sim_do(sim, simulated_planner, &command);
}

static bool add_units(struct simulated *sim, const struct batch *batch, const char *sku,
                      int64_t count)
{
    struct message command = {.kind = COMMAND_add_units,
                              .add_units = {batch->name, sku, count, NULL, NULL}};
    return sim_do(sim, simulated_planner, &command);
}

static const char *sku_of(struct simulated *sim, const struct revision *revision, int32_t index)
{
    struct sku sku;
    sku_at(revision->made, index, &sku);
    return sku_code(revision->spec, &sku, &sim->arena);
}

/* A sample as large as the release wants is made, and signed by whoever signs. */
static bool release(struct simulated *sim, const struct product_state *product)
{
    const struct revision *revision = product->current;
    const struct release *wanted = revision->made->release;
    for (int round = 0; round < 20 && !product_is_released(product, revision); round++) {
        struct rational size = RATIONAL_ONE;
        if (wanted->sample)
            size = value_number(revision->spec, &wanted->sample->value, NULL, size);
        const struct release_state *made = product_release(product, revision->fingerprint);
        int64_t missing = rational_to_int(size) - (made ? made->samples : 0);
        if (missing > 0) {
            struct batch *batch = open_batch(sim, "S", product->name, "sample");
            if (!batch || !add_units(sim, batch, sku_of(sim, revision, 0), missing) ||
                !start(sim, batch) || !sim_work_batch(sim, batch))
                return false;
            continue;
        }
        struct message command = {.kind = COMMAND_approve_sample,
                                  .approve_sample = {product->name,
                                                     missing_approval(product, revision)->name.word,
                                                     "as drawn"}};
        if (!sim_do(sim, simulated_inspector, &command))
            return false;
    }
    return true;
}

static bool ask_as_planner(struct message *command, struct answer *answer, void *data)
{
    return sim_ask(data, simulated_planner, command, answer);
}

/* What a batch still lacks to be large enough is made for stock. One that may not be made at all (the release allows no more)
   is cancelled, and what is ordered waits. */
static bool start_with_stock(struct simulated *sim, const struct batch *batch, bool *waits)
{
    const char *sku = sku_of(sim, batch->revision, batch->units[0].sku);
    for (int64_t tries = 0; tries < 100000; tries++) {
        struct message command = {.kind = COMMAND_start_batch, .start_batch = {batch->name}};
        struct answer answer;
        if (!sim_ask(sim, simulated_planner, &command, &answer))
            return false;
        if (answer.accepted)
            return true;
        if (!strstr(answer.refusal, "at least")) {
            struct message cancel = {.kind = COMMAND_cancel_batch,
                                     .cancel_batch = {batch->name, answer.refusal}};
            *waits = true;
            snprintf(sim->result->waits, sizeof sim->result->waits, "%s", answer.refusal);
            return sim_do(sim, simulated_planner, &cancel);
        }
        if (!add_units(sim, batch, sku, 1))
            return false;
    }
    return fail(sim->failure, "batch %s never becomes large enough", batch->name);
}

/* Makes batches of a product while something of it is ordered that is in none. */
static bool produce(struct simulated *sim, const struct product_state *product, bool *any)
{
    for (;;) {
        struct first_come how = {ask_as_planner, NULL, sim};
        int64_t unmade = 0;
        for (int i = 0; i < sim->state->lines.count; i++) {
            const struct order_line *line = sim->state->lines.things[i];
            if (line->product == product->name && !line->held)
                unmade += line_unmade(line);
        }
        if (!unmade)
            return true;
        struct batch *batch = open_batch(sim, "B", product->name, "production");
        if (!batch || !shop_commit(sim->shop, sim->failure) ||
            !fill_first_come(sim->state, batch, &how))
            return false;
        if (!batch->unit_count)
            return fail(sim->failure, "nothing that is ordered of %s goes into a batch",
                        product->name);
        bool waits = false;
        if (!start_with_stock(sim, batch, &waits))
            return false;
        if (waits)
            return true;
        if (!sim_work_batch(sim, batch) || !shop_commit(sim->shop, sim->failure))
            return false;
        *any = true;
    }
}

/* ---- parcels ---- */

static bool pack_line(struct simulated *sim, const char *parcel, const struct order_line *line,
                      const struct batch *batch, int64_t *packed)
{
    for (int32_t i = 0; i < batch->unit_count;) {
        int32_t end = i;
        while (end < batch->unit_count && batch->units[end].line == line &&
               batch->units[end].at == PLACE_DONE && !batch->units[end].parcel &&
               end - i < line_owed(line) - line->packed)
            end++;
        if (end > i) {
            struct message command = {
                .kind = COMMAND_pack_units,
                .pack_units = {parcel, line->order, line->line, batch->name, i + 1, end - i}};
            if (!sim_do(sim, simulated_operator, &command))
                return false;
            *packed += end - i;
        }
        i = end > i ? end : i + 1;
    }
    return true;
}

static bool ship_order(struct simulated *sim, const struct order *order)
{
    const char *parcel =
        arena_printf(&sim->arena, "P-%s-%lld", order->name, (long long)sim->result->parcels + 1);
    int64_t packed = 0;
    for (const struct order_line *line = order->lines; line; line = line->next)
        for (int i = 0; i < sim->state->batches.count; i++) {
            const struct batch *batch = sim->state->batches.things[i];
            if (batch->purpose == PURPOSE_PRODUCTION && line_owed(line) &&
                !pack_line(sim, parcel, line, batch, &packed))
                return false;
        }
    if (!packed)
        return true;
    sim->result->parcels++;
    sim->result->units_shipped += packed;
    struct message command = {
        .kind = COMMAND_ship_parcel,
        .ship_parcel = {parcel, "Simulated Post", "ground",
                        arena_printf(&sim->arena, "SIM%010lld", (long long)sim->result->parcels)}};
    return sim_do(sim, simulated_operator, &command);
}

/* ---- the whole ---- */

static bool ship_all(struct simulated *sim)
{
    for (int i = 0; i < sim->state->orders.count; i++)
        if (!ship_order(sim, sim->state->orders.things[i]))
            return false;
    return true;
}

static bool run(struct simulated *sim)
{
    bool any = true;
    if (!sim_admit_people(sim))
        return false;
    while (any) { /* what was scrapped is made again */
        any = false;
        for (int i = 0; i < sim->state->products.count; i++) {
            const struct product_state *product = sim->state->products.things[i];
            if (!release(sim, product) || !produce(sim, product, &any))
                return false;
        }
        if (!ship_all(sim) || !shop_commit(sim->shop, sim->failure))
            return false;
    }
    return true;
}

bool simulate(struct workshop *shop, const struct simulation *simulation,
              struct simulation_result *result, struct failure *failure)
{
    *result = (struct simulation_result){.begun_ms = simulation->start_ms};
    struct simulated sim = {.ask = ask_shop,
                            .shop = shop,
                            .state = shop_state(shop),
                            .chance = simulation->seed * 0x9e3779b97f4a7c15u + 1,
                            .now_ms = simulation->start_ms,
                            .result = result,
                            .failure = failure};
    shop_set_clock(shop, clock_of, &sim);
    bool good = run(&sim);
    shop_set_clock(shop, NULL, NULL);
    result->ended_ms = sim.now_ms;
    result->commands = sim.commands;
    arena_free(&sim.arena);
    return good;
}
