/* Actuals as people and programs read them. */
#ifndef FLOW_TRACE_ACTUALS_SHOW_H
#define FLOW_TRACE_ACTUALS_SHOW_H

#include "trace/actuals_change.h"

#include <jansson.h>

/* All that is shown together. */
struct actuals_report {
    const struct actuals *actuals;
    const struct actuals_changes *changes;
    const struct actuals_price *prices;
    int price_count;
};

/* Tables: times, shares, reasons, samples, readings, cost. */
void actuals_print(struct buffer *out, const struct actuals_report *report, bool color);
/* The same and more: every reading, every point of the charts. The caller's. Exact figures are texts. */
json_t *actuals_json(const struct actuals_report *report);
json_t *actuals_series_json(const struct actuals_series *series);

/* The chart of a dimension as an SVG picture: the readings, or the means of batches, above their ranges; the control limits,
   the spec's limits, and what breaks a rule, all told apart without color. `what` is its heading. */
void actuals_draw(struct buffer *out, const struct actuals_series *series, const char *what);

/* "27.5 s", "4.2 min", "1.5 h": three digits. */
void actuals_print_time(struct buffer *out, struct rational seconds);

#endif
