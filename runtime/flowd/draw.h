/* flowd batch draw: a part of a batch. */
#ifndef FLOW_FLOWD_DRAW_H
#define FLOW_FLOWD_DRAW_H

#include "flowd/flowd.h"

enum { DRAW_OPTION_COUNT = 2 };
extern const struct option_row draw_options[DRAW_OPTION_COUNT];
int draw_part(struct desk *desk, int count, char **arguments);

#endif
