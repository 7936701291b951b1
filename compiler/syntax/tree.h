/* The tree: what the reader (grammar/) makes of a file. Every node knows its span; names are interned.
   Nothing is looked up here: what a word means is decided by the schema (spec/). */
#ifndef FLOW_SYNTAX_TREE_H
#define FLOW_SYNTAX_TREE_H

#include "base/arena.h"
#include "base/intern.h"
#include "source/diagnostic.h"
#include "source/source.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum node_kind {
    NODE_NAME,     /* name: a word, a reference, or one that a let stands for */
    NODE_MEMBER,   /* left.name: clip.bore, bench.rate (left is a NAME or MEMBER) */
    NODE_NUMBER,   /* the digits are the span's text, up to the unit */
    NODE_QUANTITY, /* a number with its unit; side by side ones (1 h 5 min) are chained by `right` */
    NODE_TEXT,     /* parts: pieces of text and expressions */
    NODE_DATE,     /* 2027-02-15 */
    NODE_BINARY,   /* left op right */
    NODE_NEGATE,   /* - left */
    NODE_GROUP, /* ( left ): kept, so that terms of a phrase are told from a sum in parentheses */
    NODE_CALL,  /* min, max, ceil: op says which; arguments chained from left by next */
    NODE_BOUND, /* at least / at most left: op says which */
    NODE_BY,    /* by name: cases, chained from left by next */
    NODE_CASE,  /* left -> right, inside BY only */
    NODE_COMMA, /* a comma between items */
    NODE_ERROR  /* what could not be read; already reported */
};

enum node_op {
    OP_NONE,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_RANGE, /* .. */
    OP_PLUS_MINUS,
    OP_WITHIN, /* left within right, right being a RANGE */
    OP_TIMES,  /* x: a count or an extent */
    OP_ARROW,  /* -> inside an entry: 10 -> 17.50 USD */
    OP_AT_LEAST,
    OP_AT_MOST,
    OP_MIN,
    OP_MAX,
    OP_CEIL
};

struct text_piece {
    struct text_piece *next;
    const char *text; /* with escapes undone, common indent removed; NULL for an expression */
    uint32_t length;
    struct node *expression;
};

struct node {
    uint8_t kind;   /* enum node_kind */
    uint8_t op;     /* enum node_op */
    uint8_t failed; /* the reader has reported something inside: stay silent about it */
    uint8_t depth;  /* how deep the tree below is, at most 255 */
    struct span span;
    struct node *next; /* the next item of the entry, argument or case */
    union {
        struct node *right;
        const char *name;          /* NAME, MEMBER, BY: interned */
        struct text_piece *pieces; /* TEXT */
        struct node *more;         /* QUANTITY: the next one side by side */
    };
    /* Last, because NAME, NUMBER, TEXT, DATE and COMMA have none, not even the room for it. */
    struct node *left;
    /* NUMBER and QUANTITY: number and unit are texts inside the span (see quantity_texts). */
};

enum entry_kind {
    ENTRY_FIELD, /* head item* block?: a field, a declaration, a step */
    ENTRY_ROUTE, /* head -> item* */
    ENTRY_LET,   /* let head = item */
    ENTRY_ERROR /* a line that could not be read: its head where that is a name (else NULL), the items
                    before the mistake and its block are kept */
};

struct entry {
    struct entry *next;
    const char *head;    /* interned */
    struct span span;    /* from the head to the last item (without the block) */
    struct node *items;  /* chained by next */
    struct entry *block; /* entries between { }, chained by next */
    uint32_t block_end;  /* position of '}' ; 0 without a block */
    uint8_t kind;        /* enum entry_kind */
    uint8_t has_block;
    uint8_t failed;            /* something inside was reported by the reader */
    const char *documentation; /* the ## comments above, joined by newlines; NULL if none */
};

/* Where the head stands: the first thing of the entry; all of it where there is no head. */
static inline struct span entry_head_span(const struct entry *entry)
{
    struct span span = entry->span;
    if (entry->head)
        span.end = span.begin + (uint32_t)strlen(entry->head);
    return span;
}

struct file_tree {
    struct source *source;
    struct entry *entries;
    bool fatal; /* not UTF-8, a NUL, too large: reported, and entries is NULL */
};

/* Bytes to tree. Reports `syntax` diagnostics; a line that cannot be taken becomes an ENTRY_ERROR and the
   rest is read. Nesting is limited to 256. Linear in the file's length. */
struct file_tree *parse(struct source *source, struct arena *arena, struct interner *names,
                        struct diagnostics *diagnostics);

/* The same, with the trees of the workflows, which are most of a large file, in an arena of their own: each is wholly
   before its entry there, so that whoever goes through them in order may let go of those behind (arena_release). */
struct file_tree *parse_apart(struct source *source, struct arena *arena, struct arena *workflows,
                              struct interner *names, struct diagnostics *diagnostics);

/* One phrase (the value of a YAML field): the same grammar's item list. `text` is a part of source
   beginning at offset; spans point there. NULL after reporting. */
struct node *parse_items(struct source *source, uint32_t offset, uint32_t length,
                         struct arena *arena, struct interner *names,
                         struct diagnostics *diagnostics);

/* Where in the span of a NUMBER or QUANTITY its digits and its unit stand: "22" and "USD/kg". A unit is
   written as in the source, spaces inside included. */
void quantity_texts(const struct source_set *sources, const struct node *node, struct span *digits,
                    struct span *unit);

#endif
