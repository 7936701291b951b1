#include "trace/issues.h"

#include "base/memory.h"
#include "trace/record_zone.h"

#include <stdlib.h>
#include <string.h>

const char *const issue_state_names[3] = {"open", "answered", "closed"};

static struct logged_issue *find(const struct issues *issues, const char *name)
{
    for (int i = issues->count - 1; i >= 0; i--)
        if (strcmp(issues->rows[i].issue, name) == 0)
            return &issues->rows[i];
    return NULL;
}

static struct logged_issue *add(struct issues *issues)
{
    if (issues->count == issues->capacity) {
        issues->capacity = issues->capacity ? 2 * issues->capacity : 16;
        issues->rows = memory_resize(issues->rows, sizeof *issues->rows * (size_t)issues->capacity);
    }
    return &issues->rows[issues->count++];
}

static struct logged_issue opened(const struct issue_opened *said, const struct record_mark *mark)
{
    return (struct logged_issue){.issue = said->issue,
                                 .product = said->product,
                                 .batch = said->batch,
                                 .step = said->step,
                                 .what = said->what,
                                 .unit = said->unit,
                                 .cause = "",
                                 .action = "",
                                 .reason = "",
                                 .opened = *mark};
}

void issues_feed(struct issues *issues, int64_t sequence, int64_t time_ms,
                 const struct message *event)
{
    struct record_mark mark = {sequence, time_ms, event->by};
    struct logged_issue *issue;
    if (event->kind == EVENT_issue_opened) {
        *add(issues) = opened(&event->issue_opened, &mark);
    } else if (event->kind == EVENT_issue_answered &&
               (issue = find(issues, event->issue_answered.issue))) {
        issue->cause = event->issue_answered.cause;
        issue->action = event->issue_answered.action;
        issue->answered = mark;
        issue->state = ISSUE_ANSWERED;
    } else if (event->kind == EVENT_issue_closed &&
               (issue = find(issues, event->issue_closed.issue))) {
        issue->reason = event->issue_closed.reason;
        issue->closed = mark;
        issue->state = ISSUE_CLOSED;
    }
}

void issues_of_state(struct issues *issues, const struct state *state, const char *product)
{
    for (int i = 0; i < state->issues.count; i++) {
        const struct issue *from = state->issues.things[i];
        if (product && from->product != product)
            continue;
        *add(issues) =
            (struct logged_issue){.issue = from->name,
                                  .product = from->product,
                                  .batch = from->batch,
                                  .step = from->step,
                                  .what = from->what,
                                  .unit = from->unit,
                                  .cause = from->cause,
                                  .action = from->action,
                                  .reason = from->closing,
                                  .state = from->closed                    ? ISSUE_CLOSED
                                           : *from->cause || *from->action ? ISSUE_ANSWERED
                                                                           : ISSUE_OPEN};
    }
}

void issues_free(struct issues *issues)
{
    free(issues->rows);
    *issues = (struct issues){0};
}

/* ---- those that are wanted, in order ---- */

bool issue_is_wanted(const struct logged_issue *issue, const struct issues_wanted *wanted)
{
    return (!wanted->product || strcmp(issue->product, wanted->product) == 0) &&
           (!wanted->batch || strcmp(issue->batch, wanted->batch) == 0) &&
           (!wanted->open_only || issue->state != ISSUE_CLOSED);
}

/* The next one after `at` (begin with NULL): the latest first, those that are closed behind the others. */
static const struct logged_issue *
next(const struct issues *issues, const struct issues_wanted *wanted, const struct logged_issue *at)
{
    bool closed = at && at->state == ISSUE_CLOSED;
    for (int i = at ? (int)(at - issues->rows) - 1 : issues->count - 1;;
         i = issues->count - 1, closed = true) {
        for (; i >= 0; i--)
            if ((issues->rows[i].state == ISSUE_CLOSED) == closed &&
                issue_is_wanted(&issues->rows[i], wanted))
                return &issues->rows[i];
        if (closed)
            return NULL;
    }
}

/* ---- for people ---- */

static void add_where(struct buffer *out, const struct logged_issue *issue)
{
    if (*issue->batch)
        buffer_addf(out, ", batch %s", issue->batch);
    if (*issue->batch && issue->unit)
        buffer_addf(out, " unit %lld", (long long)issue->unit);
    if (*issue->step)
        buffer_addf(out, ", %s", issue->step);
}

static void add_line(struct buffer *out, const char *name, const char *text)
{
    if (*text)
        buffer_addf(out, "  %s: %s\n", name, text);
}

void issues_print_text(struct buffer *out, const struct issues *issues,
                       const struct issues_wanted *wanted)
{
    const struct logged_issue *issue = NULL;
    while ((issue = next(issues, wanted, issue))) {
        buffer_addf(out, "%s  %s  %s", issue->issue, issue_state_names[issue->state],
                    issue->product);
        add_where(out, issue);
        buffer_addf(out, "\n  %s", issue->what);
        if (issue->opened.sequence) {
            buffer_addf(out, " (%s, ", issue->opened.by);
            zone_print(out, issue->opened.time_ms, ZONE_MINUTES);
            buffer_add_char(out, ')');
        }
        buffer_add_char(out, '\n');
        add_line(out, "cause", issue->cause);
        add_line(out, "action", issue->action);
        add_line(out, "closed", issue->reason);
    }
}

/* ---- for programs ---- */

static void add_text(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, ",\"%s\":\"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

static void add_mark(struct buffer *out, const char *name, const struct record_mark *mark)
{
    if (!mark->sequence) {
        buffer_addf(out, ",\"%s\":null", name);
        return;
    }
    buffer_addf(out, ",\"%s\":{\"event\":%lld,\"time\":\"", name, (long long)mark->sequence);
    zone_print(out, mark->time_ms, ZONE_EXACT);
    buffer_add_char(out, '"');
    add_text(out, "by", mark->by);
    buffer_add_char(out, '}');
}

void issue_print_json(struct buffer *out, const struct logged_issue *issue)
{
    buffer_add_text(out, "{\"issue\":\"");
    buffer_add_json(out, issue->issue, strlen(issue->issue));
    buffer_add_char(out, '"');
    add_text(out, "state", issue_state_names[issue->state]);
    add_text(out, "product", issue->product);
    add_text(out, "batch", issue->batch);
    add_text(out, "step", issue->step);
    buffer_addf(out, ",\"unit\":%lld", (long long)issue->unit);
    add_text(out, "what", issue->what);
    add_text(out, "cause", issue->cause);
    add_text(out, "action", issue->action);
    add_text(out, "reason", issue->reason);
    add_mark(out, "opened", &issue->opened);
    add_mark(out, "answered", &issue->answered);
    add_mark(out, "closed", &issue->closed);
    buffer_add_char(out, '}');
}

void issues_print_json(struct buffer *out, const struct issues *issues,
                       const struct issues_wanted *wanted)
{
    const struct logged_issue *issue = NULL;
    buffer_add_char(out, '[');
    for (bool first = true; (issue = next(issues, wanted, issue)); first = false) {
        if (!first)
            buffer_add_char(out, ',');
        issue_print_json(out, issue);
    }
    buffer_add_char(out, ']');
}
