/* Private to spec/: operators on values. */
#ifndef FLOW_SPEC_ARITHMETIC_H
#define FLOW_SPEC_ARITHMETIC_H

#include "spec/binder.h"

/* a op b with their dimensions, units and currencies; reports what does not fit at `span`. op: OP_ADD .. OP_DIVIDE,
   OP_MIN, OP_MAX, OP_CEIL (b is ignored). Choices are worked case by case. */
struct value arithmetic(struct binder *binder, enum node_op op, struct value a, struct value b,
                        struct span span);

/* A choice with its keys filled in and its values still absent; kept to be held against the axes later. */
struct choice *choice_open(struct binder *binder, const struct scope *scope, const struct node *by);

/* Scratch for `count` node pointers, in the arena. */
const struct node **memory_for(struct binder *binder, int count);

/* The amount of a money value in another currency, by the shop's exchange. False if there is none. */
bool convert_money(const struct spec *spec, struct rational *amount, const char *from,
                   const char *to);

/* Where two internal values meet, both ways are kept: one may be disclosed and the other not. NULL: nothing internal. */
const struct origin *join_origins(struct binder *binder, const struct origin *a,
                                  const struct origin *b, struct span span);

#endif
