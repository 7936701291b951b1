/* Private to spec/: an entry's items as a phrase sees them: values, and the operators that phrases know (x, .., ->,
   at least, at most) taken apart. Arithmetic stays one value, unless it is asked to be taken apart too. */
#ifndef FLOW_SPEC_TOKENS_H
#define FLOW_SPEC_TOKENS_H

#include "spec/binder.h"

struct token {
    const struct node *node; /* the value, or the node of the operator */
    uint8_t op;              /* enum node_op; OP_NONE for a value */
    bool comma;
};

#define TOKENS_ON_STACK 4096

struct tokens {
    struct binder *binder;
    const struct scope *scope;
    const struct field_row *field;
    const struct entry *entry;
    struct token *list;
    int count, at, capacity;
    int errors_before; /* this entry: an error since then is one of its values */
};

/* Takes the items apart; with sums, + and - too. In the arena (scratch). */
void tokens_open(struct tokens *tokens, struct binder *binder, const struct scope *scope,
                 const struct field_row *field, const struct entry *entry, bool sums);

static inline const struct token *tokens_peek(const struct tokens *tokens, int ahead)
{
    return tokens->at + ahead < tokens->count ? &tokens->list[tokens->at + ahead] : NULL;
}
/* The next token is that word, operator or comma: then it is taken. */
bool take_word(struct tokens *tokens, const char *word);
bool take_op(struct tokens *tokens, enum node_op op);
bool take_comma(struct tokens *tokens);
/* The next value, NULL if the next token is none. Not taken by peek_value. */
const struct node *peek_value(const struct tokens *tokens);
const struct node *take_value(struct tokens *tokens);
/* Takes a value and coerces it to the named slot type ("count", "money"). POISON after an error; *ok false and reported
   as bad_phrase where there is none. */
struct value take_typed(struct tokens *tokens, const char *type, bool *ok);
/* A name that is made here: a VALUE_WORD; else *ok is false and it is reported. */
struct value take_name(struct tokens *tokens, bool *ok);
/* Everything is taken; else reports bad_phrase. */
bool tokens_end(struct tokens *tokens);
/* bad_phrase at the next token (or the entry's head); silent where one of the entry's values was told of. */
void tokens_fail(struct tokens *tokens);

/* A new row of that size, with the entry's span. */
void *row_new(struct binder *binder, size_t size, struct span span);

#endif
