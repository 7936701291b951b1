/* What the checklists ask for and a record lacks: 21 CFR 211.188 (batch production and control records) and 11.50
   (signatures), ISO 9001 8.5.2 (identification and traceability). Their clauses in our own words; a shop that makes hooks need
   not follow them, and knows now what its records would lack. */
#include "trace/record_private.h"

#include <stdarg.h>
#include <string.h>

#define FDA "21 CFR 211.188"
#define ISO "ISO 9001 8.5.2"

const struct record_clause_row record_clauses[CLAUSE_COUNT] = {
    [CLAUSE_MASTER] = {FDA "(a)", "the master record it was made by, checked and signed",
                       "Summary: revision, snapshot, fingerprint, approvals", false},
    [CLAUSE_DATES] = {FDA "(b)(1)", "dates of each step", "The way, step by step", false},
    [CLAUSE_EQUIPMENT] = {FDA "(b)(2)", "machines and lines used", "each step", false},
    [CLAUSE_COMPONENTS] = {FDA "(b)(3)", "the lot of each thing that went in", "What went in",
                           false},
    [CLAUSE_AMOUNTS] = {FDA "(b)(4)", "weights and measures of what went in", "What went in",
                        false},
    [CLAUSE_RESULTS] = {FDA "(b)(5)", "results of in-process checks, process parameters",
                        "each step", false},
    [CLAUSE_CLEARANCE] = {FDA "(b)(6)", "packing area inspected before and after",
                          "form Line clearance", true},
    [CLAUSE_YIELD] = {FDA "(b)(7)", "actual yield, and per cent of the theoretical",
                      "The way, step by step", false},
    [CLAUSE_LABELS] = {FDA "(b)(8)", "labels counted, with a specimen", "form Batch record", true},
    [CLAUSE_CONTAINERS] = {FDA "(b)(9)", "containers and closures", "What went in", false},
    [CLAUSE_SAMPLING] = {FDA "(b)(10)", "samples taken", "each inspection", false},
    [CLAUSE_PEOPLE] = {FDA "(b)(11)", "who did each step, and who checked it", "People", false},
    [CLAUSE_INVESTIGATION] = {FDA "(b)(12)", "what went wrong, and what was found out",
                              "Deviations", false},
    [CLAUSE_EXAMINATION] = {FDA "(b)(13)", "results of the examination of what was packed",
                            "each inspection", false},
    [CLAUSE_SIGNATURES] = {"21 CFR 11.50", "signatures with name, time and meaning", "Signatures",
                           false},
    [CLAUSE_IDENTITY] = {ISO, "each output can be told from others", "Units", false},
    [CLAUSE_STATUS] = {ISO, "what was found of each output is known", "Units", false},
    [CLAUSE_TRACE] = {ISO, "each output can be traced both ways", "Units, What went in", false},
};

int record_lacks_of(const struct record *record, enum record_clause clause)
{
    int count = 0;
    for (int i = 0; i < record->lacks.count; i++)
        count += record->lacks.rows[i].clause == clause;
    return count;
}

static void lack(struct record *record, enum record_clause clause, const struct record_step *step,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
static void lack(struct record *record, enum record_clause clause, const struct record_step *step,
                 const char *format, ...)
{
    struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    *RECORD_ADD(&record->arena, &record->lacks) = (struct record_lack){
        clause, step, arena_copy_text(&record->arena, buffer_text(&text), text.length)};
    buffer_free(&text);
}

/* ---- what goes in ---- */

typedef void visit_ingredient(struct record *record, const struct record_step *step,
                              const struct declaration *what);

static void visit_consumed(struct record *record, const struct record_step *step,
                           const struct consumption *rows, const struct sku *sku,
                           visit_ingredient *visit)
{
    for (; rows; rows = rows->next) {
        const struct item *item = value_item(&rows->what, sku);
        if (item)
            visit(record, step, &item->base);
    }
}

static void visit_lines(struct record *record, const struct record_step *step,
                        const struct instruction *rows, const struct sku *sku,
                        visit_ingredient *visit)
{
    for (; rows; rows = rows->next)
        visit_consumed(record, step, rows->consume, sku, visit);
}

/* Materials of what the step makes, and items that it, its lines of work and its standards consume. */
static void for_each_ingredient(struct record *record, const struct record_step *step,
                                visit_ingredient *visit)
{
    for (int i = 0; i < record->skus.count; i++) {
        struct sku sku;
        sku_at(record->revision->made, record->skus.rows[i].sku, &sku);
        for (const struct simple *row = step->step->makes; row; row = row->next) {
            const struct part *part = value_part(&row->value, &sku);
            const struct material *material =
                part && part->material ? value_material(&part->material->value, &sku) : NULL;
            if (step->step->base.kind == KIND_outsource)
                continue;
            if (material)
                visit(record, step, &material->base);
            for (const struct portion *with = part ? part->with : NULL; with; with = with->next)
                if (value_material(&with->material, &sku))
                    visit(record, step, &value_material(&with->material, &sku)->base);
        }
        visit_consumed(record, step, step->step->consume, &sku, visit);
        visit_lines(record, step, step->step->do_, &sku, visit);
        for (const struct simple *used = step->step->using; used; used = used->next) {
            const struct standard *standard = value_standard(&used->value, &sku);
            if (standard)
                visit_lines(record, step, standard->do_, &sku, visit);
        }
    }
}

static bool is_tracked(const struct declaration *what)
{
    return what->kind == KIND_material ? ((const struct material *)what)->tracked != NULL
                                       : ((const struct item *)what)->tracked != NULL;
}

static bool is_packaging(const struct declaration *what)
{
    const struct item *item = what->kind == KIND_item ? (const struct item *)what : NULL;
    const char *kind = item && item->kind ? value_word(&item->kind->value, NULL) : NULL;
    return kind && strcmp(kind, "packaging") == 0;
}

static void look_at_ingredient(struct record *record, const struct record_step *step,
                               const struct declaration *what)
{
    const char *title = record_title_of(record, what);
    for (int i = 0; i < step->lots.count; i++)
        if (strcmp(step->lots.rows[i].lot->what, what->name) == 0)
            return;
    const char *sentence =
        arena_printf(&record->arena,
                     is_tracked(what) ? "no lot of %s is recorded"
                                      : "no lot of %s is kept: the spec does not say `tracked lot`",
                     title);
    for (int i = 0; i < record->lacks.count; i++)
        if (record->lacks.rows[i].step == step && strcmp(record->lacks.rows[i].text, sentence) == 0)
            return; /* for another SKU */
    lack(record, is_packaging(what) ? CLAUSE_CONTAINERS : CLAUSE_COMPONENTS, step, "%s", sentence);
}

static void look_at_lots(struct record *record, const struct record_step *step)
{
    for_each_ingredient(record, step, look_at_ingredient);
    for (int i = 0; i < step->lots.count; i++) {
        const struct record_lot *lot = &step->lots.rows[i];
        if (lot->replaced)
            continue;
        if (!*lot->amount)
            lack(record, CLAUSE_AMOUNTS, step, "how much of lot %s went in is not said",
                 lot->lot->lot);
        if (!lot->lot->mark.sequence)
            lack(record, CLAUSE_TRACE, step, "lot %s was never received", lot->lot->lot);
        else if (!*lot->lot->supplier)
            lack(record, CLAUSE_TRACE, step, "who supplied lot %s is not said", lot->lot->lot);
    }
}

/* ---- what was done and found ---- */

static void look_at_work(struct record *record, const struct record_step *step)
{
    bool machine = false;
    for (int i = 0; i < step->begins.count; i++)
        machine |= *step->begins.rows[i].machine != '\0';
    if (!step->begins.count && step->step->base.kind != KIND_gate)
        lack(record, CLAUSE_DATES, step, "nobody said when %s was begun", step->title);
    if (step->step->on && !machine)
        lack(record, CLAUSE_EQUIPMENT, step, "no machine recorded for %s", step->title);
    if (!step->people.count)
        lack(record, CLAUSE_PEOPLE, step, "who did %s is not recorded", step->title);
    for (const struct parameter *row = step->step->record; row; row = row->next) {
        int i = 0;
        while (i < step->settings.count && strcmp(step->settings.rows[i].name, row->name.word) != 0)
            i++;
        if (i == step->settings.count)
            lack(record, CLAUSE_RESULTS, step, "%s is not recorded for %s", row->name.word,
                 step->title);
    }
}

/* How many units left as good that have no result of the check. */
static int64_t unseen(const struct record_step *step, const struct record_check *check)
{
    int64_t count = 0;
    for (int i = 0; i < step->leavings.count; i++) {
        const struct record_leaving *leaving = &step->leavings.rows[i];
        for (int64_t unit = leaving->units.first;
             leaving->way == WAY_GOOD && unit < leaving->units.first + leaving->units.count; unit++)
            count += !check->latest || !check->latest[unit];
    }
    return count;
}

static void look_at_checks(struct record *record, const struct record_step *step)
{
    const struct sample *sample = step->step->sample;
    for (int i = 0; i < step->checks.count; i++) {
        const struct record_check *check = &step->checks.rows[i];
        if (check->check->form == CHECK_COUNT) {
            if (!check->results.count)
                lack(record, CLAUSE_RESULTS, step, "the pieces were not counted at %s",
                     step->title);
            continue;
        }
        int64_t missing = sample && sample->form == SAMPLE_ALL ? unseen(step, check) : 0;
        if (missing)
            lack(record, CLAUSE_RESULTS, step, "%s: no result for %lld units that passed",
                 check->title, (long long)missing);
        else if (!check->results.count)
            lack(record, CLAUSE_RESULTS, step, "%s: no result", check->title);
    }
    if (sample && sample->form != SAMPLE_ALL && !step->samples.count)
        lack(record, CLAUSE_SAMPLING, step, "no sample was judged at %s", step->title);
    for (int i = 0; i < step->samples.count; i++)
        if (!step->samples.rows[i].accepted && !record_deviation_at(record, step))
            lack(record, CLAUSE_INVESTIGATION, step,
                 "the lot was not accepted at %s, and no issue says why", step->title);
}

static bool did(const struct record_step *step, const char *name)
{
    for (int i = 0; i < step->people.count; i++)
        if (strcmp(step->people.rows[i], name) == 0)
            return true;
    return false;
}

/* Whether somebody checked who had not done the step before. */
static void look_at_checkers(struct record *record, const struct record_step *step)
{
    const struct record_step *before = step - 1;
    if (step->step->base.kind != KIND_inspect)
        return;
    while (before > record->steps &&
           (before->step->base.kind == KIND_inspect || !before->leavings.count))
        before--;
    if (before < record->steps || !before->leavings.count || before->step->base.kind == KIND_batch)
        return;
    for (int i = 0; i < step->people.count; i++)
        if (!did(before, step->people.rows[i]))
            return;
    if (step->people.count)
        lack(record, CLAUSE_PEOPLE, step, "nobody checked at %s who had not done %s", step->title,
             before->title);
}

/* ---- the batch ---- */

bool record_deviation_at(const struct record *record, const struct record_step *step)
{
    for (int i = 0; i < record->issues.count; i++)
        if (strcmp(record->issues.rows[i].batch, record->name) == 0 &&
            (!*record->issues.rows[i].step ||
             strcmp(record->issues.rows[i].step, step->step->base.name) == 0))
            return true;
    return false;
}

static void look_at_release(struct record *record)
{
    const struct release *release = record->revision->made->release;
    if (strcmp(record->purpose, "production") != 0)
        return;
    for (const struct approval *row = release ? release->approve : NULL; row; row = row->next) {
        bool stands = false;
        for (int i = 0; i < record->approvals.count; i++)
            stands |= record->approvals.rows[i].stands &&
                      strcmp(record->approvals.rows[i].name, row->name.word) == 0;
        if (!stands)
            lack(record, CLAUSE_MASTER, NULL, "the approval %s is not given for this fingerprint",
                 row->name.word);
    }
}

static void look_at_signatures(struct record *record)
{
    for (int i = 0; i < record->signatures.count; i++)
        if (!*record->signatures.rows[i].meaning)
            lack(record, CLAUSE_SIGNATURES, record->signatures.rows[i].step,
                 "the signature of %s under %s does not say what it means",
                 record->signatures.rows[i].mark.by, record->signatures.rows[i].what);
    for (int i = 0; i < record->step_count; i++) {
        const struct record_step *step = &record->steps[i];
        bool signed_ = step->step->base.kind != KIND_gate || !step->leavings.count;
        for (int j = 0; j < record->signatures.count; j++)
            signed_ |= record->signatures.rows[j].step == step;
        if (!signed_)
            lack(record, CLAUSE_SIGNATURES, step, "%s was passed without a signature", step->title);
    }
}

static void look_at_deviations(struct record *record)
{
    int64_t waiting = 0;
    for (int i = 0; i < record->held.count; i++)
        waiting += !record->held.rows[i].disposed.sequence;
    if (waiting)
        lack(record, CLAUSE_INVESTIGATION, NULL,
             waiting == 1 ? "%lld unit in quarantine waits for a decision"
                          : "%lld units in quarantine wait for a decision",
             (long long)waiting);
    for (int i = 0; i < record->issues.count; i++) {
        const struct logged_issue *issue = &record->issues.rows[i];
        if (strcmp(issue->batch, record->name) != 0 || issue->state == ISSUE_CLOSED)
            continue;
        lack(record, CLAUSE_INVESTIGATION, record_step_of(record, issue->step),
             issue->state == ISSUE_ANSWERED ? "issue %s is answered and not closed"
                                            : "issue %s has no cause and no action yet",
             issue->issue);
    }
}

static void look_at_orders(struct record *record)
{
    int64_t unpacked = 0, moving = 0;
    for (int32_t i = 0; i < record->unit_count; i++) {
        const struct record_unit *unit = &record->units[i];
        bool done = strcmp(unit->place, "done") == 0;
        unpacked += done && unit->order && !(unit->parcel && unit->parcel->shipped.sequence);
    }
    moving = record->yield.there;
    if (moving && record->started.sequence)
        lack(record, CLAUSE_STATUS, NULL, "%lld units are still on their way: more will be said",
             (long long)moving);
    if (unpacked)
        lack(record, CLAUSE_TRACE, NULL, "%lld finished units for orders have not shipped",
             (long long)unpacked);
    for (int i = 0; i < record->orders.count; i++)
        if (!*record->orders.rows[i]->customer)
            lack(record, CLAUSE_TRACE, NULL, "order %s names no customer",
                 record->orders.rows[i]->order);
}

void record_find_lacks(struct record *record)
{
    if (!record->adopted)
        lack(record, CLAUSE_MASTER, NULL, "who took the spec over, and when, is not recorded");
    look_at_release(record);
    for (int i = 0; i < record->step_count; i++) {
        const struct record_step *step = &record->steps[i];
        if (!step->leavings.count)
            continue;
        look_at_work(record, step);
        look_at_lots(record, step);
        look_at_checks(record, step);
        look_at_checkers(record, step);
    }
    look_at_signatures(record);
    look_at_deviations(record);
    look_at_orders(record);
}
