/* What the scanner, the parser and their driver share while one text is read. Internal to the reader:
   the rest of the compiler sees syntax/tree.h. */
#ifndef FLOW_SYNTAX_READER_H
#define FLOW_SYNTAX_READER_H

#include "syntax/tree.h"

/* Deeper nesting of braces, parentheses, operators and texts in texts is refused. */
#define MAX_NESTING 256

enum frame_kind { FRAME_BLOCK, FRAME_GROUP, FRAME_TEXT, FRAME_LONG_TEXT };

struct frame { /* something open: `{`, `(`, or a text that an expression stands in */
    enum frame_kind kind;
    uint32_t begin;  /* offset of what opened it */
    uint32_t indent; /* of the line it stands on */
    bool indented;   /* a line inside stands further right */
    uint32_t inside; /* 1 + the indent of the first line inside; 0 for none */
};

/* A brace that is missing or too many is seen late, but where lines are indented as blocks are, the first
   line that is not shows where it happened. The text is then read again with that mended. */
#define MAX_MENDS 4

struct mend {
    uint32_t offset; /* of the line that shows it, or of the `}` too many; 0 for none */
    uint32_t brace;  /* offset of the `{` that is never closed */
    uint32_t depth;  /* of blocks, once they are closed here */
    bool drop;       /* the `}` here is too many */
    bool open;       /* a `{` is missing here, behind the head of what stands further right below */
};

struct word { /* a name; documentation only where it is an entry's head */
    const char *name;
    const char *documentation;
};

struct node_list {
    struct node *first, *last;
};

struct entry_list {
    struct entry *first, *last;
};

struct block { /* the entries between braces */
    struct entry *entries;
    uint32_t end;  /* position of '}' */
    bool unclosed; /* the file ended first */
};

struct doc_line {
    struct doc_line *next;
    uint32_t begin, end;
};

/* The tokens in order, for the formatter. A text with values in it is TEXT_HEAD to TEXT_TAIL. */
struct token {
    int kind;
    uint32_t begin, end;
};

struct token_list {
    struct token *items; /* base/memory.h; the owner of the list frees them */
    uint32_t count, capacity;
};

struct reader {
    const char *text;    /* of the source, pristine */
    char *copy;          /* flex writes into it */
    uint32_t copy_begin; /* offset of its first byte */
    uint32_t limit;      /* offset where reading ends */
    uint32_t base;       /* position of offset 0 */
    struct arena *arena;
    struct arena
        *workflows; /* for the trees of workflows; the same arena where nobody asked for another */
    struct arena *tree; /* of the two, for the entry in hand */
    struct interner *names;
    struct diagnostics *diagnostics;

    uint32_t begin, end;   /* offsets of the token in hand */
    uint32_t previous_end; /* offset where the token before it ended, an END left out */
    int last;              /* kind of the last token */
    int before;            /* kind of the one before it */
    uint32_t place;        /* tokens since the entry's begin */
    uint32_t line;         /* offset of the line's first character that is no blank */
    uint32_t indent;       /* how many blanks stand before it */
    uint32_t prefixes;     /* operators waiting for their operand, for the nesting limit */
    bool in_cases;         /* one of them is a `by` */
    bool skipping;         /* after a mistake: nothing is reported until the entry ends */
    bool refused;          /* the parser has not taken the last token */
    bool end_missing;      /* because the entry before it has no end */
    bool is_let;           /* the entry in hand, or the one that ended last */
    bool phrase;           /* parse_items: no entries, so newlines mean nothing */

    struct frame frames[MAX_NESTING];
    uint32_t depth;
    uint32_t lost_group;     /* 1 + offset of a `(` given up in this entry; 0 for none */
    bool unbalanced;         /* a brace was missing or too many */
    bool unclosed;           /* it was missing */
    struct mend early, late; /* first signs of a brace missing, of one too many */
    struct mend deeper;      /* first line that stands further right than those before it */
    uint32_t inside;         /* as a frame's, of what stands in no block */
    struct mend closed; /* behind a line, the `}` that closed all; a sign if lines go on inside */
    struct mend mends[MAX_MENDS]; /* done in this pass */
    int mend_count;
    struct doc_line *docs, *last_doc;

    struct token_list *tokens; /* filled where it is not NULL */
    struct entry *entries;     /* the results */
    struct node *items;
};

/* A token's or a text's span from offsets. */
static inline struct span reader_span(const struct reader *reader, uint32_t begin, uint32_t end)
{
    return (struct span){reader->base + begin, reader->base + end};
}

/* ---- lookahead.c: what the scanner must see beyond its token ---- */

/* Where blanks (spaces, tabs) end. */
uint32_t after_blanks(const struct reader *reader, uint32_t at);
/* Where the name at `at` ends; `at` itself where no name begins there. */
uint32_t after_name(const struct reader *reader, uint32_t at);
/* Where the unit after a number ends, the number ending at `at`; `at` itself where no unit follows. */
uint32_t after_unit(const struct reader *reader, uint32_t at);
/* Whether a comma that ends at `at` is followed by a case (`small ->`) or a price break (`50 ->`). */
bool case_follows(const struct reader *reader, uint32_t at);
/* Whether blanks, a NAME and then the sign follow; only the NAME where sign is 0. */
bool name_and_sign_follow(const struct reader *reader, uint32_t at, char sign);
/* Behind the `}` that closes a `{` before `at`, texts and comments left out; the end if there is none. */
uint32_t after_braces(const struct reader *reader, uint32_t at);

/* ---- text.c: texts ---- */

enum text_end { TEXT_CLOSED, TEXT_EXPRESSION, TEXT_UNCLOSED };

/* Reads a piece of text from offset `at` on (behind the quote or the brace). *end is the offset behind the
   piece and its quote or brace. Reports unknown escapes and, where the text never ends, the place `begin`
   where it began. The piece keeps its raw bytes until finish_text. */
enum text_end read_text_piece(struct reader *reader, bool is_long, uint32_t begin, uint32_t at,
                              struct node **node, uint32_t *end);
/* Puts the pieces in order, undoes escapes and takes away the common indent. */
void finish_text(struct reader *reader, struct node *text);
/* A text's next piece, and an expression in it; both give the text. Pieces stand in reverse until finish_text. */
struct node *add_piece(struct node *text, const struct node *piece);
struct node *add_expression(struct reader *reader, struct node *text, struct node *expression);
struct node *end_text(struct reader *reader, struct node *text, const struct node *tail,
                      struct span span);

/* ---- mistake.c: syntax diagnostics ---- */

/* A syntax error, NULL while skipping. */
struct diagnostic *mistake(struct reader *reader, uint32_t begin, uint32_t end, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));
/* A character that begins no token; makes it the token in hand. */
void report_character(struct reader *reader);
/* A block's `{` that stands below its head instead of beside it. */
void report_brace_below(struct reader *reader);
void report_unclosed_text(struct reader *reader, uint32_t begin, uint32_t end, bool is_long);
/* What the parser could not take. `expected` are token kinds, `name` says one for people. */
void report_unexpected(struct reader *reader, int token, struct span span, const int *expected,
                       int count, const char *(*name)(int token));
/* Braces left open at the end of the file, or mended: said once. */
void report_unclosed_braces(struct reader *reader);
void report_nesting(struct reader *reader, uint32_t begin, uint32_t end);

/* ---- build.c: nodes and entries, for the grammar's actions ---- */

struct node *new_node(struct reader *reader, enum node_kind kind, struct span span);
struct node *name_node(struct reader *reader, const char *name, struct span span);
struct node *binary_node(struct reader *reader, enum node_op op, struct span span,
                         struct node *left, struct node *right);
struct node *prefix_node(struct reader *reader, enum node_kind kind, enum node_op op,
                         struct span span, struct node *operand);
struct node *by_node(struct reader *reader, const char *name, struct span span, struct node *cases);
/* `a.b.c` from its bytes: NAME and MEMBERs. */
struct node *path_node(struct reader *reader, uint32_t begin, uint32_t end);
/* node one deeper than its operand, and failed if that is; a NODE_ERROR after reporting where that is too
   deep for whoever walks the tree. */
struct node *nested_node(struct reader *reader, struct node *node, const struct node *operand);
struct node *chain_quantities(struct node *first, struct node *next);
struct node_list one_name(struct reader *reader, struct word word, struct span span);
struct node_list add_node(struct node_list list, struct node *node);

struct entry *new_entry(struct reader *reader, enum entry_kind kind, struct word head,
                        struct span head_span, struct node_list items);
struct entry *new_let(struct reader *reader, struct word name, struct span name_span,
                      struct node *value);
struct entry_list add_entry(struct entry_list list, struct entry *entry);
struct entry *with_block(struct entry *entry, struct block block);
struct entry *broken_entry(struct reader *reader, struct word head, struct span head_span,
                           struct node_list items, struct span error);

/* ---- parse.c ---- */

/* parse(), and the tokens. */
struct file_tree *parse_tokens(struct source *source, struct arena *arena, struct interner *names,
                               struct diagnostics *diagnostics, struct token_list *tokens);

/* ---- the scanner, as the driver calls it ---- */

/* Whether a line that ends with this token goes on in the next; an operand may follow it. */
bool token_continues(int token);
/* Begins at that offset and ends at reader->limit. */
void *scanner_open(struct reader *reader, uint32_t offset);
void scanner_close(struct reader *reader, void *scanner);
/* Goes back to the begin of the token in hand. */
void scanner_rewind(struct reader *reader, void *scanner);

#endif
