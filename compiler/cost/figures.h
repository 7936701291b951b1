/* Figures as texts, for tables. All texts are in the arena. */
#ifndef FLOW_COST_FIGURES_H
#define FLOW_COST_FIGURES_H

#include "spec/spec.h"

/* Decimals of money a unit: two more than the shop's currency has. */
int figure_places(const struct spec *spec);
/* So many decimals, half to even; what follows is put behind. */
char *figure_text(struct arena *arena, struct rational number, int places, const char *after);
/* A ratio as "12.5%". */
char *figure_percent(struct arena *arena, struct rational ratio);
/* A line of its own above a table: bold, with an empty line before it. */
void figure_heading(struct buffer *out, bool color, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
