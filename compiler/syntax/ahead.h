/* What stands before a place in a text, and what may come next there: for completion in an editor. The text behind the
   place is not looked at, so that it may be torn. */
#ifndef FLOW_SYNTAX_AHEAD_H
#define FLOW_SYNTAX_AHEAD_H

#include "syntax/tree.h"

enum ahead_kind {
    AHEAD_NAME,   /* a name, or a path with dots */
    AHEAD_NUMBER, /* without a unit */
    AHEAD_QUANTITY,
    AHEAD_TEXT, /* or a piece of one */
    AHEAD_DATE,
    AHEAD_OPEN,  /* { */
    AHEAD_CLOSE, /* } */
    AHEAD_END,   /* of an entry */
    AHEAD_COMMA,
    AHEAD_SIGN, /* everything else: -> .. +/- x at least ... */
    AHEAD_ERROR
};

struct ahead_token {
    enum ahead_kind kind;
    uint32_t begin, end; /* offsets */
};

#define EXPECTED_AT_MOST 48
struct ahead {
    struct ahead_token *tokens; /* in the arena */
    int count, capacity;
    /* What the parser would take next, as its messages say it: "a name", "'->'". None after a mistake in the entry. */
    const char *expected[EXPECTED_AT_MOST];
    int expected_count;
    bool in_text;    /* the place is inside a text */
    bool in_value;   /* inside the braces of a text */
    bool in_comment; /* inside a comment */
};

/* Linear in the offset. The text must be UTF-8; of one with a NUL before the place nothing is said. */
void look_ahead(struct source *source, uint32_t offset, struct arena *arena, struct interner *names,
                struct ahead *ahead);

#endif
