/* Repeats: what is made as it was when it was shipped is not asked about; what is made otherwise waits until that was accepted. */
#include "engine/lanes.h"
#include "engine/deciding.h"

#include <string.h>

enum {
    DIGITS_AT_LEAST = 8,  /* of a digest that a person writes */
    CHANGES_AT_MOST = 100 /* that are kept with an acceptance */
};

const char *const repeat_words[REPEAT_COUNT] = {"first", "proven", "approved", "accepted",
                                                "differs"};

/* ---- questions ---- */

const struct accepted_lane *lane_acceptance(const struct product_state *product, const char *lane)
{
    const struct accepted_lane *accepted = product->accepted;
    while (accepted && accepted->lane != lane)
        accepted = accepted->next;
    return accepted;
}

/* Whether each approval that the release asks for was given for the revision's lane. */
static bool is_approved(const struct product_state *product, const struct revision *revision)
{
    const struct release *release = revision->made->release;
    const struct release_state *made = product_release(product, revision->fingerprint);
    const struct approval *row = release && made ? release->approve : NULL;

    if (!row)
        return false;
    for (; row; row = row->next) {
        const struct approval_given *given = made->approvals;
        while (given &&
               !(row->name.kind == VALUE_WORD && strcmp(given->name, row->name.word) == 0 &&
                 given->revision && given->revision->lane == revision->lane))
            given = given->next;
        if (!given)
            return false;
    }
    return true;
}

const struct proven_lane *lane_proven_by(const struct proven_lane *lanes,
                                         const struct revision *revision)
{
    while (lanes && lanes->revision->lane != revision->lane)
        lanes = lanes->next;
    return lanes;
}

enum repeat repeat_of(const struct state *state, const struct revision *revision, const char *sku)
{
    const struct proven_lane *lanes = state_lanes(state, revision->product, sku);
    const struct product_state *product = state_product(state, revision->product);

    if (!lanes)
        return REPEAT_FIRST;
    if (lane_proven_by(lanes, revision))
        return REPEAT_PROVEN;
    if (is_approved(product, revision))
        return REPEAT_APPROVED;
    return lane_acceptance(product, revision->lane) ? REPEAT_ACCEPTED : REPEAT_DIFFERS;
}

/* The file from which a step was printed last, where it was printed from files, and never from this one. */
static const struct printed_file *other_than(const struct printed_file *files, const char *step,
                                             const char *sha256)
{
    const struct printed_file *last = NULL;
    for (; files; files = files->next)
        if (strcmp(files->step, step) == 0) {
            if (files->sha256 == sha256)
                return NULL;
            last = last ? last : files;
        }
    return last;
}

struct other_file job_prints_other(const struct state *state, const struct job *job,
                                   const char *sha256)
{
    for (const struct job_part *row = job->parts; row; row = row->next) {
        const struct batch *batch = row->batch;
        const struct proven_lane *lane =
            lane_proven_by(state_lanes(state, batch->product->name, row->code), batch->revision);
        const struct printed_file *was = lane && batch->purpose == PURPOSE_PRODUCTION
                                             ? other_than(lane->files, row->step->base.name, sha256)
                                             : NULL;
        if (was && !lane_acceptance(batch->product, sha256))
            return (struct other_file){row, was};
    }
    return (struct other_file){NULL, NULL};
}

/* ---- what waits ---- */

static bool refuse_other(struct deciding *at, const struct batch *batch, const char *sku)
{
    const struct revision *revision = batch->revision;
    const struct proven_lane *was = state_lanes(at->state, batch->product->name, sku);
    struct buffer changes = {0};

    if (was->revision->lane_fields && revision->lane_fields)
        fingerprint_changes(&changes, was->revision->lane_fields, revision->lane_fields, 2);
    refuse_by(at, revision, revision->made->base.span,
              "%.60s would differ from unit %lld of batch %.40s, which was shipped: %.160s; `flowd "
              "reorder accept %.40s %.12s` lets it pass",
              sku, (long long)was->unit, was->batch->name, buffer_text(&changes),
              batch->product->name, revision->lane);
    buffer_free(&changes);
    return false;
}

bool repeats_are_proven(struct deciding *at, const struct batch *batch)
{
    const struct piece *before = NULL;
    for (int32_t i = 0; i < batch->unit_count; before = &batch->units[i++]) {
        const struct piece *unit = &batch->units[i];
        struct sku sku;
        if (before && before->sku == unit->sku)
            continue;
        sku_at(batch->revision->made, unit->sku, &sku);
        const char *code =
            unit->line ? unit->line->sku
                       : name_of(at, sku_code(batch->revision->spec, &sku, at->decision->arena));
        if (repeat_of(at->state, batch->revision, code) == REPEAT_DIFFERS)
            return refuse_other(at, batch, code);
    }
    return true;
}

bool sets_other_aside(struct deciding *at, const struct job *job, const char *sha256)
{
    struct other_file other = {NULL, NULL};

    if (*sha256 && *job->file) /* what the step's `gcode` names is part of the lane */
        other = job_prints_other(at->state, job, sha256);
    if (!other.was)
        return false;
    const char *why = arena_printf(
        at->decision->arena,
        "%s was printed from other G-code when it was shipped: %.12s (job %s), and this is %.12s; "
        "`flowd reorder accept %s %.12s` lets it pass",
        other.part->code, other.was->sha256, other.was->job, sha256,
        other.part->batch->product->name, sha256);
    happens(at, EVENT_job_set_aside)->job_set_aside =
        (struct job_set_aside){job->name, sha256, name_of(at, why)};
    return true;
}

/* ---- what is accepted ---- */

static bool begins_with(const char *digest, const char *beginning)
{
    return digest && *digest && strncmp(digest, beginning, strlen(beginning)) == 0;
}

/* Whether a job is set aside for its file, which has parts of the product. */
static bool waits_with(const struct job *job, const struct product_state *product)
{
    const struct job_part *row = job->stage == JOB_ASIDE ? job->parts : NULL;
    while (row && row->batch->product != product)
        row = row->next;
    return row != NULL;
}

bool line_is_to_begin(const struct state *state, const struct order_line *line)
{
    if (line_unmade(line))
        return true;
    for (int i = state->batches.count - 1; i >= 0; i--) {
        const struct batch *batch = state->batches.things[i];
        for (int32_t u = 0; !batch->started && !batch->cancelled && u < batch->unit_count; u++)
            if (batch->units[u].line == line)
                return true;
    }
    return false;
}

bool line_differs(const struct state *state, const struct order_line *line)
{
    const struct product_state *product = state_product(state, line->product);
    return !line->held && product && product->current && line_is_to_begin(state, line) &&
           repeat_of(state, product->current, line->sku) == REPEAT_DIFFERS;
}

/* What is accepted: the lane of a revision by which the product is or will be made, or the file of a job that waits. */
struct meant {
    const char *digest; /* whole; NULL where nothing is meant */
    const struct revision *revision;
    const struct job *job;
};

static struct meant what_is_meant(const struct state *state, const struct product_state *product,
                                  const char *beginning)
{
    if (begins_with(product->current->lane, beginning))
        return (struct meant){product->current->lane, product->current, NULL};
    for (int i = 0; i < state->batches.count; i++) {
        const struct batch *batch = state->batches.things[i];
        if (batch->product == product && !batch->started && !batch->cancelled &&
            begins_with(batch->revision->lane, beginning))
            return (struct meant){batch->revision->lane, batch->revision, NULL};
    }
    for (int i = 0; i < state->jobs.count; i++) {
        const struct job *job = state->jobs.things[i];
        if (waits_with(job, product) && begins_with(job->sha256, beginning))
            return (struct meant){job->sha256, NULL, job};
    }
    return (struct meant){NULL, NULL, NULL};
}

/* By which any SKU of the product was shipped last; NULL where none was. */
static const struct proven_lane *shipped_last(const struct state *state, const char *product)
{
    const struct proven_lane *last = NULL;
    for (int i = 0; i < state->shipped.count; i++) {
        const struct shipped_sku *shipped = state->shipped.things[i];
        if (shipped->product == product && (!last || shipped->lanes->shipped_ms > last->shipped_ms))
            last = shipped->lanes;
    }
    return last;
}

/* What whoever accepts it was shown; the record has it from here, whatever is shipped later. */
static const char *differences_of(struct deciding *at, const struct product_state *product,
                                  const struct meant *meant)
{
    struct buffer said = {0};
    if (meant->revision) {
        const struct proven_lane *was = shipped_last(at->state, product->name);
        if (was && was->revision->lane_fields && meant->revision->lane_fields)
            fingerprint_changes(&said, was->revision->lane_fields, meant->revision->lane_fields,
                                CHANGES_AT_MOST);
    } else {
        struct other_file other = job_prints_other(at->state, meant->job, meant->digest);
        if (other.was)
            buffer_addf(&said, "G-code of %s: %.12s (job %s) -> %.12s (job %s)",
                        other.part->step->base.name, other.was->sha256, other.was->job,
                        meant->digest, meant->job->name);
    }
    const char *kept = name_of(at, buffer_text(&said));
    buffer_free(&said);
    return kept;
}

/* "J-3,J-4": those that the acceptance lets go on. */
static const char *jobs_that_wait(struct deciding *at, const struct product_state *product,
                                  const char *digest)
{
    struct buffer said = {0};
    for (int i = 0; i < at->state->jobs.count; i++) {
        const struct job *job = at->state->jobs.things[i];
        if (job->sha256 == digest && waits_with(job, product))
            buffer_addf(&said, "%s%s", said.length ? "," : "", job->name);
    }
    const char *kept = name_of(at, buffer_text(&said));
    buffer_free(&said);
    return kept;
}

bool decide_accept_lane(struct deciding *at)
{
    const struct accept_lane *asked = &at->command->accept_lane;
    const struct product_state *product = made_product(at, asked->product);

    if (!product)
        return false;
    if (lane_acceptance(product, asked->lane))
        return true;
    if (strlen(asked->lane) < DIGITS_AT_LEAST)
        return refuse(at,
                      "say which lane: %d digits of it at least, as `flowd reorder check` "
                      "shows them",
                      DIGITS_AT_LEAST);
    const struct meant meant = what_is_meant(at->state, product, asked->lane);
    if (!meant.digest)
        return refuse(at, "nothing of %s is to be made by %s; `flowd reorder check` shows what is",
                      asked->product, asked->lane);
    if (lane_acceptance(product, meant.digest))
        return true;
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    struct message *accepted = happens_as_asked(at, EVENT_lane_accepted);
    accepted->lane_accepted.lane = meant.digest;
    accepted->lane_accepted.differences = differences_of(at, product, &meant);
    accepted->lane_accepted.jobs = jobs_that_wait(at, product, meant.digest);
    for (int i = 0; i < at->state->jobs.count; i++) {
        const struct job *job = at->state->jobs.things[i];
        if (job->sha256 == meant.digest && waits_with(job, product))
            happens(at, EVENT_job_requeued)->job_requeued =
                (struct job_requeued){job->name, asked->reason};
    }
    return true;
}
