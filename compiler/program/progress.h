/* A bar on a terminal: how far something is that takes a while. */
#ifndef FLOW_PROGRAM_PROGRESS_H
#define FLOW_PROGRAM_PROGRESS_H

#include <stdbool.h>

/* Draws it on standard error, over what stood in the line; `label` (a text) says what is done. */
void progress_draw(void *label, int percent);
/* Whether anybody sees it: standard error is a terminal. */
bool progress_is_seen(void);
/* Takes the bar away. Does nothing where nobody sees it. */
void progress_clear(void);

#endif
