/* flowd reorder check: of an order's lines, which are made as what was shipped, and what differs in the others. */
#include "flowd/views.h"

#include "diff/diff.h"
#include "engine/lanes.h"

#include <string.h>

struct checking {
    const struct state *state;
    const struct order_line *line;
    struct buffer out;
    struct arena arena;
    json_t *lines;
    json_t *differences, *told; /* of the line */
    bool waits;                 /* some line */
};

enum { DIGITS_SHOWN = 12 };

/* ---- what differs ---- */

static void add_difference(const char *name, const char *before, const char *after, void *data)
{
    struct checking *checking = data;
    buffer_addf(&checking->out, "  differs  %s: %s -> %s\n", name, before, after);
    json_array_append_new(checking->differences,
                          json_pack("{ss ss ss}", "what", name, "was", before, "is", after));
}

static bool is_said(const struct checking *checking, const struct change *change)
{
    size_t i;
    json_t *one;
    json_array_foreach(checking->differences, i, one)
    {
        if (change_is_of(change, json_string_value(json_object_get(one, "what"))))
            return true;
    }
    return false;
}

/* What changed of the thing and of its making, and does not stop it. */
static void tell_the_rest(struct checking *checking, const struct revision *was,
                          const struct revision *is)
{
    struct spec_diff diff = {.arena = &checking->arena,
                             .before = {was->spec, was->number, 0},
                             .after = {is->spec, is->number, 0}};
    if (was->spec == is->spec)
        return;
    compare_declarations(&diff);
    diff_keep_public(&diff, is->product);
    for (int i = 0; i < diff.count; i++) {
        const struct change *change = &diff.changes[i];
        if (is_said(checking, change))
            continue;
        buffer_addf(&checking->out, "  besides  %s\n", change->sentence);
        json_array_append_new(checking->told, json_string(change->sentence));
    }
}

/* ---- the files of jobs ---- */

static bool is_for(const struct batch *batch, const struct order_line *line)
{
    for (int32_t i = 0; i < batch->unit_count; i++)
        if (batch->units[i].line == line)
            return true;
    return false;
}

/* A plate with something of the line on it that is set aside for its G-code. */
static void look_at_job(struct checking *checking, const struct job *job)
{
    struct other_file other =
        *job->sha256 ? job_prints_other(checking->state, job, job->sha256) : (struct other_file){0};
    if (!other.was || !is_for(other.part->batch, checking->line))
        return;
    checking->waits = true;
    const char *name =
        arena_printf(&checking->arena, "G-code of %s (%s)", other.part->step->base.name, job->name);
    add_difference(name, other.was->sha256, job->sha256, checking);
    buffer_addf(&checking->out, "  flowd reorder accept %s %.*s REASON\n",
                other.part->batch->product->name, DIGITS_SHOWN, job->sha256);
}

static void look_at_jobs(struct checking *checking)
{
    for (int i = 0; i < checking->state->jobs.count; i++) {
        const struct job *job = checking->state->jobs.things[i];
        if (job->stage == JOB_ASIDE)
            look_at_job(checking, job);
    }
}

/* ---- a line ---- */

static void say_how(struct checking *checking, enum repeat repeat, const struct proven_lane *was,
                    const struct revision *is)
{
    const struct accepted_lane *accepted =
        lane_acceptance(state_product(checking->state, is->product), is->lane);
    struct buffer *out = &checking->out;
    if (repeat == REPEAT_FIRST)
        buffer_add_text(out, "the first of them\n");
    else if (repeat == REPEAT_PROVEN)
        buffer_addf(out, "made as %s/%lld was; nothing is asked\n", was->batch->name,
                    (long long)was->unit);
    else if (repeat == REPEAT_APPROVED)
        buffer_addf(out, "otherwise than %s/%lld was, as the sample was approved\n",
                    was->batch->name, (long long)was->unit);
    else if (repeat == REPEAT_ACCEPTED)
        buffer_addf(out, "otherwise than %s/%lld was, accepted by %s: %s\n", was->batch->name,
                    (long long)was->unit, accepted->by, accepted->reason);
    else
        buffer_addf(out, "waits: otherwise than %s/%lld was\n", was->batch->name,
                    (long long)was->unit);
}

static void say_way_out(struct checking *checking, const struct revision *is)
{
    const struct approval *missing =
        missing_approval(state_product(checking->state, is->product), is);
    checking->waits = true;
    if (missing)
        buffer_addf(&checking->out, "  flowd approve %s %s --meaning TEXT\n", is->product,
                    missing->name.word);
    else
        buffer_addf(&checking->out, "  flowd reorder accept %s %.*s REASON\n", is->product,
                    DIGITS_SHOWN, is->lane);
}

static json_t *proof_json(const struct proven_lane *was)
{
    return json_pack("{ss sI ss ss ss ss sI sI}", "batch", was->batch->name, "unit",
                     (json_int_t)was->unit, "parcel", was->parcel, "revision",
                     was->revision->number, "snapshot", was->revision->snapshot, "lane",
                     was->revision->lane, "since_ms", (json_int_t)was->since_ms, "shipped_ms",
                     (json_int_t)was->shipped_ms);
}

static void say_proof(struct buffer *out, const struct proven_lane *was)
{
    buffer_addf(out, "  proven   %s/%lld, revision %s, in parcel %s, shipped ", was->batch->name,
                (long long)was->unit, was->revision->number, was->parcel);
    add_time(out, was->shipped_ms);
    buffer_add_text(out, "; the first ");
    add_time(out, was->since_ms);
    buffer_add_char(out, '\n');
}

/* A line of which something is still to begin. */
static void look_at_repeat(struct checking *checking, const struct revision *is, json_t *object)
{
    const struct order_line *line = checking->line;
    const struct proven_lane *lanes = state_lanes(checking->state, line->product, line->sku);
    const struct proven_lane *same = lane_proven_by(lanes, is), *was = same ? same : lanes;
    enum repeat repeat = repeat_of(checking->state, is, line->sku);

    say_how(checking, repeat, was, is);
    json_object_set_new(object, "repeat", json_string(repeat_words[repeat]));
    json_object_set_new(object, "lane", json_string(is->lane));
    if (!was)
        return;
    json_object_set_new(object, "proven", proof_json(was));
    if (!same)
        fingerprint_visit_changes(was->revision->lane_fields, is->lane_fields, add_difference,
                                  checking);
    tell_the_rest(checking, was->revision, is);
    say_proof(&checking->out, was);
    if (repeat == REPEAT_DIFFERS)
        say_way_out(checking, is);
}

static void look_at_line(struct checking *checking)
{
    const struct order_line *line = checking->line;
    const struct product_state *product = state_product(checking->state, line->product);
    json_t *object =
        json_pack("{ss ss ss}", "order", line->order, "line", line->line, "sku", line->sku);
    checking->differences = json_array();
    checking->told = json_array();
    buffer_addf(&checking->out, "%s/%s  %lld x %s: ", line->order, line->line,
                (long long)(line->count - line->cancelled), line->sku);
    if (line->held)
        buffer_addf(&checking->out, "held: %s\n", line->reason);
    else if (!product || !product->current || !line_is_to_begin(checking->state, line))
        buffer_add_text(&checking->out, "all of it is begun\n");
    else
        look_at_repeat(checking, product->current, object);
    look_at_jobs(checking);
    json_object_set_new(object, "differences", checking->differences);
    json_object_set_new(object, "told", checking->told);
    json_array_append_new(checking->lines, object);
}

int check_reorder(struct desk *desk, int count, char **arguments)
{
    struct checking checking = {0};
    if (count < 1 || count > 2)
        return usage_error(verb_find("reorder"),
                           count ? "an order, and a line of it" : "which order?");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    checking.state = shop_state(desk->shop);
    checking.lines = json_array();
    const char *wanted = count == 2 ? shop_name(desk->shop, arguments[1]) : NULL;
    const struct order *order =
        state_order(checking.state, shop_name(desk->shop, arguments[0] + (*arguments[0] == '#')));
    bool found = false;
    for (checking.line = order ? order->lines : NULL; checking.line;
         checking.line = checking.line->next)
        if (!wanted || checking.line->line == wanted) {
            found = true;
            look_at_line(&checking);
        }
    int status = checking.waits ? EXIT_FINDINGS : EXIT_CLEAN;
    if (!found) {
        complain("there is no order %s%s%s; `flowd orders` lists them", arguments[0],
                 wanted ? " with a line " : "", wanted ? wanted : "");
        status = EXIT_FINDINGS;
    } else if (desk->json ? print_json(json_incref(checking.lines)) != EXIT_CLEAN
                          : !print_out(&checking.out)) {
        status = EXIT_ENVIRONMENT;
    }
    json_decref(checking.lines);
    buffer_free(&checking.out);
    arena_free(&checking.arena);
    return status;
}
