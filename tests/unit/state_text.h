/* Everything a state holds, as text: two states are the same where their texts are. */
#ifndef FLOW_TEST_STATE_TEXT_H
#define FLOW_TEST_STATE_TEXT_H

#include "base/buffer.h"
#include "engine/state.h"

static void people_text(struct buffer *out, const struct state *state)
{
    for (int i = 0; i < state->persons.count; i++) {
        const struct person *person = state->persons.things[i];
        buffer_addf(out, "person %s %s %d %d %s %s\n", person->name, person->roles,
                    person->dismissed, person->administrates, person->pin, person->password);
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
    for (const struct accepted_lane *one = product->accepted; one; one = one->next)
        buffer_addf(out, " accepted %s %s %s %lld\n", one->lane, one->by, one->reason,
                    (long long)one->time_ms);
    for (const struct issue *issue = product->issues; issue; issue = issue->older_of_product)
        buffer_addf(out, " %s", issue->name);
    buffer_add_char(out, '\n');
}

static void files_text(struct buffer *out, const struct printed_file *file)
{
    for (; file; file = file->next)
        buffer_addf(out, "  from %s %s %s %s\n", file->step, file->sku, file->sha256, file->job);
}

static void shipped_text(struct buffer *out, const struct shipped_sku *shipped)
{
    buffer_addf(out, "shipped %s %s\n", shipped->product, shipped->sku);
    for (const struct proven_lane *lane = shipped->lanes; lane; lane = lane->next) {
        buffer_addf(out, " lane %s %s %s/%lld %s %lld %lld\n", lane->revision->lane,
                    lane->revision->snapshot, lane->batch->name, (long long)lane->unit,
                    lane->parcel, (long long)lane->since_ms, (long long)lane->shipped_ms);
        files_text(out, lane->files);
    }
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

static void printing_text(struct buffer *out, const struct state *state)
{
    for (int i = 0; i < state->jobs.count; i++) {
        const struct job *job = state->jobs.things[i];
        buffer_addf(out, "job %s %s %s %s %s %s %s %d %d %d %d\n", job->name, job->file,
                    job->sha256, job_stage_words[job->stage], job->reason,
                    job->printer ? job->printer->name : "-", job->attempt, job->by_hand,
                    job->attempts, job->failed, job->not_started);
        for (const struct job_part *row = job->parts; row; row = row->next)
            buffer_addf(out, " %s/%s %s %d x %lld\n", row->batch->name, row->step->base.name,
                        row->part->base.name, row->sku, (long long)row->count);
        for (const struct job_lot *own = job->lots; own; own = own->next)
            buffer_addf(out, " of %s\n", own->lot->name);
    }
    for (int i = 0; i < state->printers.count; i++) {
        const struct printer *printer = state->printers.things[i];
        buffer_addf(out, "printer %s %s %s %d %s %d %s %llx %d\n", printer->name, printer->machine,
                    printer->job ? printer->job->name : "-", printer->plate_empty, printer->plate,
                    printer->out, printer->reason, (unsigned long long)printer->failures,
                    printer->ended);
        for (const struct loaded_slot *slot = printer->slots; slot; slot = slot->next)
            buffer_addf(out, " %d %s %s %lld\n", slot->slot, slot->material, slot->lot,
                        (long long)slot->left_mg);
    }
}

static void wish_text(struct buffer *out, const struct wish *wish)
{
    if (wish->held || wish->rank)
        buffer_addf(out, " wish %s %s %lld\n", wish->held ? wish->held : "",
                    wish->held_by ? wish->held_by : "", (long long)wish->rank);
}

static void line_text(struct buffer *out, const struct order_line *line)
{
    buffer_addf(out, " line %s/%s %s %s %s %s %s %s %s: %lld %lld %lld %lld %lld %d %s\n",
                line->order, line->line, line->sku, line->product, line->asked_product,
                line->asked_sku, line->customer, line->due, line->price, (long long)line->count,
                (long long)line->cancelled, (long long)line->in_batches, (long long)line->packed,
                (long long)line->shipped, line->held, line->reason ? line->reason : "");
    wish_text(out, &line->wish);
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
    for (const struct printed_pieces *row = step->printed; row; row = row->next)
        buffer_addf(out, "  printed %s %d x %lld\n", row->part->base.name, row->sku,
                    (long long)row->count);
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
    for (int i = 0; i < state->shipped.count; i++)
        shipped_text(out, state->shipped.things[i]);
    lots_text(out, state);
    printing_text(out, state);
    orders_text(out, state);
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        buffer_addf(out, "batch %s %s %d %d%d%d %d\n", batch->name, batch->revision->snapshot,
                    batch->purpose, batch->started, batch->closed, batch->cancelled,
                    batch->under_way);
        wish_text(out, &batch->wish);
        if (batch->pinned)
            buffer_addf(out, " pinned %s\n", batch->pinned);
        files_text(out, batch->files);
        for (int s = 0; s < batch->revision->made->workflow->step_count; s++)
            step_text(out, &batch->steps[s]);
        for (int32_t u = 1; u <= batch->unit_count; u++)
            unit_text(out, batch, u);
    }
}

#endif
