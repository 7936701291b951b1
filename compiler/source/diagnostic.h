/* What the writer did wrong, as data: a rule, a place, a message, labels and notes at other places, one
   help line, and fixes. Collected while compiling, sorted and drawn once (source/render.h). */
#ifndef FLOW_SOURCE_DIAGNOSTIC_H
#define FLOW_SOURCE_DIAGNOSTIC_H

#include "base/arena.h"
#include "schema/rules.h"
#include "source/source.h"

#include <stdbool.h>

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

enum certainty {
    FIX_CERTAIN,   /* applied by check --fix */
    FIX_LIKELY,    /* offered by the editor */
    FIX_HAS_BLANKS /* offered, with something left to fill in */
};

struct remark { /* a label (drawn under its span) or a note (below the message) */
    struct remark *next;
    struct span span; /* SPAN_NONE for a note with no place */
    const char *text;
};

struct edit {
    struct edit *next;
    struct span span; /* empty to insert */
    const char *text;
};

struct fix {
    struct fix *next;
    const char *title;
    enum certainty certainty;
    struct edit *edits;
};

struct diagnostic {
    enum rule rule;
    enum severity severity;
    struct span span;
    const char *message; /* what is wrong: lower case, no full stop, never a suggestion */
    const char *help;    /* what to write; NULL if there is nothing to say */
    struct remark *labels;
    struct remark *notes;
    struct fix *fixes;
    struct span *way; /* the steps of the way that shows it, in order; NULL where no way does */
    int way_length;
    int order; /* of being reported: the last key of sorting */
};

struct muted {
    struct muted *next;
    struct span span;
    bool while_bound;
};

struct diagnostics {
    struct arena *arena;
    struct muted *muted;
    int muted_count;
    struct diagnostic **items;
    int count;
    int capacity;
    int errors;
    int warnings;
};

/* Adds a diagnostic with the rule's own severity (schema/rules.def). Never NULL. The strings are
   formatted into the arena. */
struct diagnostic *report(struct diagnostics *list, enum rule rule, struct span span,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
/* From here on nothing is said of what stands there: it would follow from a mistake that is said. */
void mute(struct diagnostics *list, struct span span);
/* The same until unmute(). */
void mute_while_bound(struct diagnostics *list, struct span span);
void unmute(struct diagnostics *list);
bool is_muted(const struct diagnostics *list, struct span span);
void add_label(struct diagnostics *list, struct diagnostic *diagnostic, struct span span,
               const char *format, ...) __attribute__((format(printf, 4, 5)));
void add_note(struct diagnostics *list, struct diagnostic *diagnostic, struct span span,
              const char *format, ...) __attribute__((format(printf, 4, 5)));
void set_help(struct diagnostics *list, struct diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A fix of one edit; replacement is copied. */
void add_fix(struct diagnostics *list, struct diagnostic *diagnostic, enum certainty certainty,
             struct span span, const char *replacement, const char *title_format, ...)
    __attribute__((format(printf, 6, 7)));

/* By file, line, column, rule, order; the same rule at the same place with the same message is kept once. */
void diagnostics_sort(struct diagnostics *list, const struct source_set *sources);

/* Damerau-Levenshtein distance over bytes, ASCII case folded. */
int edit_distance(const char *a, const char *b);
/* Whether `distance` is close enough to suggest for a word this long: at most max(1, length/3). */
bool close_enough(const char *word, int distance);

#endif
