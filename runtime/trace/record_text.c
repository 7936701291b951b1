#include "trace/record_json.h"

#include "trace/record_zone.h"

#include <string.h>

static void add_said(struct buffer *out, const char *name, const struct record_mark *mark)
{
    if (!mark->sequence)
        return;
    buffer_addf(out, "%s ", name);
    zone_print(out, mark->time_ms, ZONE_MINUTES);
    if (*mark->by)
        buffer_addf(out, " by %s", mark->by);
    buffer_add_char(out, '\n');
}

static void add_percent(struct buffer *out, struct rational ratio)
{
    rational_print_fixed(out, rational_multiply(ratio, rational_integer(100)), 1);
    buffer_add_text(out, " %");
}

static void add_yield(struct buffer *out, const struct record_yield *yield)
{
    buffer_addf(out, "%lld started, %lld done, %lld scrap, %lld held, %lld on the way",
                (long long)yield->entered, (long long)yield->ways[WAY_GOOD],
                (long long)yield->ways[WAY_SCRAPPED], (long long)yield->ways[WAY_HELD],
                (long long)yield->there);
    if (yield->entered) {
        buffer_add_text(out, "; ");
        add_percent(out, rational_fraction(yield->ways[WAY_GOOD], yield->entered));
    }
    if (yield->has_expected) {
        buffer_add_text(out, ", the spec expects ");
        add_percent(out, yield->good_expected);
    }
    buffer_add_char(out, '\n');
}

static void add_step(struct buffer *out, const struct record_step *step)
{
    const struct record_yield *yield = &step->yield;
    if (!step->first.sequence)
        return;
    buffer_addf(out, "  %-16s in %lld", step->step->base.name, (long long)yield->entered);
    for (int i = 0; i < WAY_COUNT; i++)
        if (yield->ways[i])
            buffer_addf(out, ", %s %lld", record_way_names[i], (long long)yield->ways[i]);
    for (int i = 0; i < step->lots.count; i++)
        if (!step->lots.rows[i].replaced)
            buffer_addf(out, "%s%s", i ? ", " : "; lots ", step->lots.rows[i].lot->lot);
    for (int i = 0; i < step->people.count; i++)
        buffer_addf(out, "%s%s", i ? ", " : "; by ", step->people.rows[i]);
    buffer_add_char(out, '\n');
}

static void add_acceptances(struct buffer *out, const struct record *record)
{
    for (int i = 0; i < record->acceptances.count; i++) {
        const struct record_acceptance *row = &record->acceptances.rows[i];
        if (!row->stands)
            continue;
        add_said(out, "accepted ", &row->mark);
        buffer_addf(out, "  %s\n", row->reason);
        if (*row->differences)
            buffer_addf(out, "  differs  %s\n", row->differences);
    }
}

void record_print_text(struct buffer *out, struct record *record)
{
    buffer_addf(out, "Batch %s, %s, %s\n%s  rev. %s  %s\nfingerprint %s\n\n", record->name,
                record->purpose, record_state(record), record_number(record),
                record->revision->number, record->product, record->revision->fingerprint);
    add_said(out, "opened   ", &record->opened);
    add_acceptances(out, record);
    add_said(out, "started  ", &record->started);
    add_said(out, "closed   ", &record->closed);
    add_said(out, "cancelled", &record->cancelled);
    add_yield(out, &record->yield);
    buffer_add_char(out, '\n');
    for (int i = 0; i < record->step_count; i++)
        add_step(out, &record->steps[i]);
    buffer_addf(out, "\n%d %s, ", record->corrections.count,
                record->corrections.count == 1 ? "correction" : "corrections");
    buffer_addf(out, "%d %s\n", record->signatures.count,
                record->signatures.count == 1 ? "signature" : "signatures");
    issues_print_text(out, &record->issues, &(struct issues_wanted){.batch = record->name});
    buffer_addf(out, record->lacks.count ? "\nWhat this record lacks:\n"
                                         : "\nNothing that the checklists ask for is lacking.\n");
    for (int i = 0; i < record->lacks.count; i++)
        buffer_addf(out, "  %s (%s)\n", record->lacks.rows[i].text,
                    record_clauses[record->lacks.rows[i].clause].clause);
}
