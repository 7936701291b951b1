/* Everything a state holds, as text: two states are the same where their texts are. */
#ifndef FLOW_TEST_STATE_TEXT_H
#define FLOW_TEST_STATE_TEXT_H

#include "base/buffer.h"
#include "engine/state.h"

static void people_text(struct buffer *out, const struct state *state)
{
    for (int i = 0; i < state->persons.count; i++) {
        const struct person *person = state->persons.things[i];
        buffer_addf(out, "person %s %s %d %d\n", person->name, person->roles, person->dismissed,
                    person->administrates);
    }
    for (int i = 0; i < state->tokens.count; i++) {
        const struct token *token = state->tokens.things[i];
        buffer_addf(out, "token %s %s %s %d\n", token->hash, token->label, token->person->name,
                    token->revoked);
    }
}

static void product_text(struct buffer *out, const struct product_state *product)
{
    buffer_addf(out, "product %s %s %lld\n", product->name,
                product->current ? product->current->snapshot : "-", (long long)product->produced);
    for (const struct release_state *one = product->releases; one; one = one->next) {
        buffer_addf(out, " release %s %lld %lld\n", one->fingerprint, (long long)one->samples,
                    (long long)one->produced);
        for (const struct approval_given *given = one->approvals; given; given = given->next)
            buffer_addf(out, "  %s %s %s %lld %lld\n", given->name, given->by,
                        given->revision->snapshot, (long long)given->time_ms,
                        (long long)given->number);
    }
    for (int i = 0; i < product->inspection_count; i++) {
        const struct switching *now = &product->inspections[i].switching;
        buffer_addf(out, " %d/%d/%d/%d/%d/%d", now->severity, now->score, now->accepted,
                    now->not_accepted, now->reason, product->inspections[i].reduced_wanted);
    }
    for (const struct issue *issue = product->issues; issue; issue = issue->older_of_product)
        buffer_addf(out, " %s", issue->name);
    buffer_add_char(out, '\n');
}

static void lots_text(struct buffer *out, const struct state *state)
{
    for (int i = 0; i < state->lots.count; i++) {
        const struct lot *lot = state->lots.things[i];
        buffer_addf(out, "lot %s %s %d %s\n", lot->name, lot->what, lot->held, lot->reason);
        for (const struct lot_share *share = lot->shares; share; share = share->next_of_lot) {
            buffer_addf(out, " in %s", share->batch->name);
            for (int32_t u = 1; u <= share->batch->unit_count; u++)
                buffer_add_char(out, share_has(share, u) ? 'x' : '.');
            buffer_add_char(out, '\n');
        }
    }
}

static void line_text(struct buffer *out, const struct order_line *line)
{
    buffer_addf(out, " line %s/%s %s %s %s %s %s %s %s: %lld %lld %lld %lld %lld %d %s\n",
                line->order, line->line, line->sku, line->product, line->asked_product,
                line->asked_sku, line->customer, line->due, line->price, (long long)line->count,
                (long long)line->cancelled, (long long)line->in_batches, (long long)line->packed,
                (long long)line->shipped, line->held, line->reason ? line->reason : "");
    for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
        buffer_addf(out, "  %s=%s\n", ask->name, ask->value);
}

static void orders_text(struct buffer *out, const struct state *state)
{
    for (int i = 0; i < state->orders.count; i++) {
        const struct order *order = state->orders.things[i];
        buffer_addf(out, "order %s %s %s %s %s\n", order->name, order->channel, order->customer,
                    order->address, order->currency);
        for (const struct order_line *line = order->lines; line; line = line->next)
            line_text(out, line);
    }
    for (int i = 0; i < state->parcels.count; i++) {
        const struct parcel *parcel = state->parcels.things[i];
        buffer_addf(out, "parcel %s %s %d %lld %s %s %s:", parcel->name, parcel->order->name,
                    parcel->shipped, (long long)parcel->shipped_ms, parcel->carrier,
                    parcel->service, parcel->tracking);
        for (int64_t u = 0; u < parcel->count; u++)
            buffer_addf(out, " %s/%lld", parcel->units[u].batch->name,
                        (long long)parcel->units[u].number);
        buffer_add_char(out, '\n');
    }
    for (int i = 0; i < state->issues.count; i++) {
        const struct issue *issue = state->issues.things[i];
        buffer_addf(out, "issue %s %s %s %s %s %lld %s %s %s %d\n", issue->name, issue->product,
                    issue->batch, issue->step, issue->what, (long long)issue->unit, issue->cause,
                    issue->action, issue->closing, issue->closed);
    }
}

static void step_text(struct buffer *out, const struct batch_step *step)
{
    const struct batch_lot *lot = &step->lot;
    buffer_addf(out, " step %d %lld %s %s %d %d%d%d", step->runs, (long long)step->begun_ms,
                step->station ? step->station : "", step->machine ? step->machine : "",
                step->standing, step->count_judged, step->counted, step->left);
    buffer_addf(out, " lot %d %d %d %d %d %d%d %d %d", lot->came, lot->to_come, lot->checked,
                lot->defective, lot->unchecked, lot->judged, lot->accepted, lot->size,
                lot->severity);
    for (const struct lot_use *use = step->lots; use; use = use->next)
        buffer_addf(out, " %s:%s:%d%d:%d", use->lot->name, use->amount, use->current, use->recent,
                    use->run);
    for (const struct parameter_value *one = step->parameters; one; one = one->next)
        buffer_addf(out, " %s=%s:%d", one->name, one->value, one->run);
    buffer_add_char(out, '\n');
}

static void unit_text(struct buffer *out, const struct batch *batch, int32_t number)
{
    const struct piece *unit = &batch->units[number - 1];
    int steps = batch->revision->made->workflow->step_count;
    buffer_addf(out, " %d: %d %d %d %d %d %s/%s %s", number, unit->at, unit->stood, unit->sku,
                unit->holds, unit->finished, unit->line ? unit->line->order : "",
                unit->line ? unit->line->line : "", unit->parcel ? unit->parcel->name : "");
    for (int i = 0; unit->passed && i < steps * ROUTE_PLACES; i++)
        buffer_addf(out, " %d", unit->passed[i]);
    for (int i = 0; i < steps; i++) {
        const struct finding *finding = unit_finding(batch, number, i);
        buffer_add_char(out, unit_was_at(batch, number, i) ? '+' : '-');
        if (finding)
            buffer_addf(out, "%llx/%llx/%d%d", (unsigned long long)finding->judged,
                        (unsigned long long)finding->bad, finding->came, finding->alone);
    }
    buffer_add_char(out, '\n');
}

static void state_text(struct buffer *out, const struct state *state)
{
    people_text(out, state);
    for (int i = 0; i < state->products.count; i++)
        product_text(out, state->products.things[i]);
    lots_text(out, state);
    orders_text(out, state);
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        buffer_addf(out, "batch %s %s %d %d%d%d %d\n", batch->name, batch->revision->snapshot,
                    batch->purpose, batch->started, batch->closed, batch->cancelled,
                    batch->under_way);
        for (int s = 0; s < batch->revision->made->workflow->step_count; s++)
            step_text(out, &batch->steps[s]);
        for (int32_t u = 1; u <= batch->unit_count; u++)
            unit_text(out, batch, u);
    }
}

#endif
