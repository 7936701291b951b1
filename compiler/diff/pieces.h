/* A file cut into pieces, an entry each, with the comments and blanks around it: put together they are the file again.
   Private to the merge. */
#ifndef FLOW_DIFF_PIECES_H
#define FLOW_DIFF_PIECES_H

#include "diff/merge.h"
#include "schema/schema.h"
#include "syntax/tree.h"

struct stretch {
    const char *at;
    size_t length;
};

enum conflict { CONFLICT_NONE, CONFLICT_WHOLE, CONFLICT_HEAD };

struct piece {
    struct piece *next;
    const char *head;    /* of the entry */
    const char *key;     /* what it is known by among its neighbours */
    bool named;          /* another of that key is the same one; else it may stand many times */
    bool in_order;       /* a step, a line of work: where it stands matters */
    struct stretch lead; /* comments and empty lines above */
    struct stretch indent;
    struct stretch body;  /* the entry, without its block */
    struct stretch trail; /* to the line's end */
    bool has_block, on_one_line;
    struct stretch open; /* " {" and the rest of its line */
    struct stretch tail; /* comments before the `}`, and its indent */
    struct piece *children;
    /* set while merging */
    struct piece *partner;       /* the base's piece that it comes from */
    struct piece *ours, *theirs; /* of a base piece: what became of it, NULL where it is gone */
    bool loose;                  /* paired with the base only because nothing else was left */
    bool fresh;                  /* put in: it begins a line of its own */
    enum conflict conflict;
    struct piece *our_side, *their_side; /* lists, of a conflict */
};

/* The file as a piece without an entry, whose children are the file's entries. NULL where it has syntax errors. */
struct piece *pieces_of(const struct merge_side *side, struct arena *arena);

/* Whether two stretches say the same: blanks between words do not count. */
bool stretch_same(struct stretch a, struct stretch b);
/* What is behind an entry, without the `;` that ends it: a comment, or nothing. */
struct stretch trail_comment(struct stretch trail);
/* Likewise all of two pieces, with their comments; NULL is only like NULL. */
bool piece_same(const struct piece *a, const struct piece *b);
/* Without the comments around them. */
bool piece_body_same(const struct piece *a, const struct piece *b);

/* The file of a piece. `names` are those of the two sides, for the markers. */
void pieces_write(struct buffer *out, const struct piece *file, const char *const names[2],
                  int marker);
/* Gives a block whose entries stand on one line a line for each. */
/* Gives a piece a line of its own at that indent. */
void piece_own_line(struct piece *piece, struct stretch indent, struct arena *arena);
struct stretch deeper_indent(struct stretch indent, struct arena *arena);
void piece_unfold(struct piece *piece, struct arena *arena);

#endif
