/* The issues log: what went wrong with a product, why, and what was done so that it does not again. The issues of a batch
   are its deviations; when the next batch of the product opens, they are shown (docs/records.md). */
#ifndef FLOW_TRACE_ISSUES_H
#define FLOW_TRACE_ISSUES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/state.h"
#include "trace/record_mark.h"

enum issue_state { ISSUE_OPEN, ISSUE_ANSWERED, ISSUE_CLOSED };
extern const char *const issue_state_names[3]; /* "open", "answered", "closed" */

/* Texts are those of the events, "" where nothing was said. */
struct logged_issue {
    const char *issue, *product, *batch, *step, *what;
    int64_t unit;                        /* 0: of none */
    const char *cause, *action, *reason; /* why it was closed */
    enum issue_state state;
    struct record_mark opened, answered, closed; /* none where it comes from a state */
};

struct issues {
    struct logged_issue *rows; /* in the order they were opened */
    int count, capacity;
};

/* Each event of the journal, from the first, in order; those that are of no issue do nothing. Their texts live as long
   as the issues. Zero-initialise before, issues_free after. */
void issues_feed(struct issues *issues, int64_t sequence, int64_t time_ms,
                 const struct message *event);
void issues_free(struct issues *issues);

/* The same from a state, without who said it and when: quick, for what is shown when a batch opens. `product` is interned; NULL
   is any. Texts live as long as the state. */
void issues_of_state(struct issues *issues, const struct state *state, const char *product);

/* Which are wanted; NULL is any. */
struct issues_wanted {
    const char *product, *batch;
    bool open_only; /* none that is closed */
};
bool issue_is_wanted(const struct logged_issue *issue, const struct issues_wanted *wanted);

/* Those that are wanted, those not closed first, then the latest first. For people; nothing where there are none. */
void issues_print_text(struct buffer *out, const struct issues *issues,
                       const struct issues_wanted *wanted);
/* One of them as a JSON object, and those that are wanted as a list; without a line end. */
void issue_print_json(struct buffer *out, const struct logged_issue *issue);
void issues_print_json(struct buffer *out, const struct issues *issues,
                       const struct issues_wanted *wanted);

#endif
