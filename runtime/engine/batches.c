/* How a batch comes to be: opened, filled, started. */
#include "engine/deciding.h"

#include <string.h>

bool decide_open_batch(struct deciding *at)
{
    const struct open_batch *asked = &at->command->open_batch;

    if (!is_name(at, "a batch", asked->batch))
        return false;
    if (state_batch(at->state, asked->batch))
        return refuse(at, "batch %s is there already", asked->batch);
    const struct product_state *product = made_product(at, asked->product);
    if (!product)
        return false;
    if (strcmp(asked->purpose, "sample") != 0 && strcmp(asked->purpose, "production") != 0)
        return refuse(at, "a batch is for a `sample` or for `production`");
    struct message *event = happens(at, EVENT_batch_opened);
    event->batch_opened = (struct batch_opened){asked->batch, asked->product,
                                                product->current->snapshot, asked->purpose};
    return true;
}

/* ---- filling ---- */

enum { UNITS_AT_MOST = 1000000 };

const struct step *batch_rule(const struct revision *revision)
{
    const struct workflow *workflow = revision->made->workflow;
    for (int i = 0; i < workflow->step_count; i++)
        if (workflow->steps[i]->base.kind == KIND_batch)
            return workflow->steps[i];
    return NULL;
}

/* What a field of a thing says for a SKU, as text. */
static void add_field(struct buffer *out, const struct revision *revision, const void *block,
                      enum kind kind, const char *name, const struct sku *sku)
{
    const struct field_row *field = field_find(kind, name);
    const struct row *row = field ? field_rows(block, field) : NULL;
    int count = 0;
    const struct value *values = row ? row_values(row, field, &count) : NULL;
    for (int i = 0; i < count; i++)
        value_print(out, revision->spec, &values[i], sku);
    buffer_add_char(out, '\n');
}

/* What the units of one batch have in common by one word of `group by`: a case, or what the SKU's parts or their
   materials say. */
static void group_key(struct buffer *out, const struct revision *revision, const char *word,
                      const struct sku *sku)
{
    const char *one_case = sku_case(sku, word);
    if (one_case) {
        buffer_add_text(out, one_case);
        return;
    }
    for (const struct counted *row = revision->made->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, sku);
        if (!part)
            continue;
        const struct material *material =
            part->material ? value_material(&part->material->value, sku) : NULL;
        if (strcmp(word, "material") == 0)
            buffer_addf(out, "%s\n", material ? material->base.name : "");
        else if (field_find(KIND_part, word))
            add_field(out, revision, part, KIND_part, word, sku);
        else if (material && field_find(KIND_material, word))
            add_field(out, revision, material, KIND_material, word, sku);
    }
}

void batch_key(struct buffer *out, const struct revision *revision, const struct sku *sku)
{
    const struct step *rule = batch_rule(revision);
    for (const struct simple *word = rule ? rule->group : NULL; word; word = word->next) {
        group_key(out, revision, value_word(&word->value, sku), sku);
        buffer_add_char(out, '\n');
    }
}

static bool is_alike(struct deciding *at, const struct batch *batch, const struct simple *word,
                     const struct sku *sku)
{
    struct buffer own = {0}, other = {0};
    struct sku first;
    const char *name = value_word(&word->value, sku);

    sku_at(batch->revision->made, batch->units[0].sku, &first);
    group_key(&own, batch->revision, name, sku);
    group_key(&other, batch->revision, name, &first);
    bool alike = strcmp(buffer_text(&own), buffer_text(&other)) == 0;
    buffer_free(&own);
    buffer_free(&other);
    return alike || refuse_by(at, batch->revision, word->span,
                              "batch %s is grouped by %s, and this has another", batch->name, name);
}

static bool line_takes(struct deciding *at, const struct add_units *asked)
{
    const struct order_line *line = state_line(at->state, asked->order, asked->line);

    if (!*asked->order)
        return true;
    if (!line)
        return refuse(at, "there is no line %s of order %s", asked->line, asked->order);
    if (line->held)
        return refuse(at, "line %s of order %s is held: %s", line->line, line->order, line->reason);
    if (line->wish.held)
        return refuse(at, "line %s of order %s is held by %s: %s", line->line, line->order,
                      line->wish.held_by, line->wish.held);
    if (line->sku != asked->sku)
        return refuse(at, "line %s of order %s asks for %s", line->line, line->order, line->sku);
    if (asked->count > line_unmade(line))
        return refuse(at, "line %s of order %s asks for %lld, and %lld are in batches already",
                      line->line, line->order, (long long)(line->count - line->cancelled),
                      (long long)line->in_batches);
    return true;
}

bool decide_add_units(struct deciding *at)
{
    const struct add_units *asked = &at->command->add_units;
    const struct batch *batch = state_batch(at->state, asked->batch);
    struct sku sku;

    if (!batch)
        return refuse(at, "there is no batch %s", asked->batch);
    if (batch->started || batch->cancelled)
        return refuse(at, "batch %s was %s; open another", batch->name,
                      batch->started ? "started" : "cancelled");
    if (asked->count < 1 || asked->count > UNITS_AT_MOST - batch->unit_count)
        return refuse(at, "a batch has 1 to %d units", UNITS_AT_MOST);
    if (!state_sku(at->state, batch->revision, asked->sku, &sku))
        return refuse_by(at, batch->revision, batch->revision->made->base.span, "%s has no SKU %s",
                         batch->product->name, asked->sku);
    if (!line_takes(at, asked))
        return false;
    const struct step *rule = batch_rule(batch->revision);
    if (rule && rule->size) {
        struct rational most = value_number(batch->revision->spec, &rule->size->to, &sku,
                                            rational_integer(UNITS_AT_MOST));
        int64_t count = batch->unit_count + asked->count;
        if (rational_compare(rational_integer(count), most) > 0)
            return refuse_by(at, batch->revision, rule->size->span,
                             "a batch has at most %lld units, and these would make %lld",
                             (long long)rational_to_int(most), (long long)count);
    }
    for (const struct simple *word = rule ? rule->group : NULL; word && batch->unit_count;
         word = word->next)
        if (!is_alike(at, batch, word, &sku))
            return false;
    happens_as_asked(at, EVENT_units_added);
    return true;
}

/* ---- starting ---- */

bool is_large_enough(struct deciding *at, const struct batch *batch, int64_t count)
{
    const struct step *rule = batch_rule(batch->revision);
    struct sku sku;

    if (batch->purpose != PURPOSE_PRODUCTION || !rule || !rule->size)
        return true;
    sku_at(batch->revision->made, batch->units[0].sku, &sku);
    struct rational least =
        value_number(batch->revision->spec, &rule->size->from, &sku, RATIONAL_ONE);
    return rational_compare(rational_integer(count), least) >= 0 ||
           refuse_by(at, batch->revision, rule->size->span,
                     "a batch has at least %lld units, and this has %lld",
                     (long long)rational_to_int(least), (long long)count);
}

/* Whether neither it nor a line in it is held out of the plan; refuses where one is. */
static bool is_planned(struct deciding *at, const struct batch *batch)
{
    if (batch->wish.held)
        return refuse(at, "batch %s is held by %s: %s", batch->name, batch->wish.held_by,
                      batch->wish.held);
    for (int32_t i = 0; i < batch->unit_count; i++) {
        const struct order_line *line = batch->units[i].line;
        if (line && line->wish.held)
            return refuse(at, "line %s of order %s, which is in it, is held by %s: %s", line->line,
                          line->order, line->wish.held_by, line->wish.held);
    }
    return true;
}

bool decide_start_batch(struct deciding *at)
{
    const struct batch *batch = state_batch(at->state, at->command->start_batch.batch);

    if (!batch)
        return refuse(at, "there is no batch %s", at->command->start_batch.batch);
    if (batch->started)
        return refuse(at, "batch %s was started already", batch->name);
    if (batch->cancelled)
        return refuse(at, "batch %s was cancelled", batch->name);
    if (!batch->unit_count)
        return refuse(at, "batch %s has no units", batch->name);
    if (!is_planned(at, batch) || !is_large_enough(at, batch, batch->unit_count))
        return false;
    if (batch->purpose == PURPOSE_PRODUCTION &&
        !(is_released(at, batch) && repeats_are_proven(at, batch)))
        return false;
    happens_as_asked(at, EVENT_batch_started);
    return true;
}

bool decide_cancel_batch(struct deciding *at)
{
    const struct cancel_batch *asked = &at->command->cancel_batch;
    const struct batch *batch = state_batch(at->state, asked->batch);

    if (!batch)
        return refuse(at, "there is no batch %s", asked->batch);
    if (batch->cancelled)
        return true;
    if (batch->started)
        return refuse(at, "batch %s was started: its units end as finished or as scrap",
                      batch->name);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    happens_as_asked(at, EVENT_batch_cancelled);
    return true;
}
