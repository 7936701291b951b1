/* A plan as a picture. */
#ifndef FLOW_PLAN_GANTT_H
#define FLOW_PLAN_GANTT_H

#include "plan/plan.h"

/* An SVG: a row a printer, a bar a plate in the color of its material, what is late marked. `colors`: by material, words as
   "black"; "" where not known. */
void plan_gantt(const struct plan *plan, const char *const *colors, struct buffer *out);

#endif
