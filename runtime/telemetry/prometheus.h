/* Metrics as Prometheus reads them. */
#ifndef FLOW_TELEMETRY_PROMETHEUS_H
#define FLOW_TELEMETRY_PROMETHEUS_H

#include "telemetry/telemetry.h"

enum exposition { PROMETHEUS_TEXT /* 0.0.4 */, OPEN_METRICS /* 1.0 */, EXPOSITION_COUNT };
extern const char *const exposition_types[EXPOSITION_COUNT]; /* as Content-Type has it */

/* What a header `Accept` (NULL: none) asks for. */
enum exposition exposition_wanted(const char *accept);
/* As telemetry_collect has it. */
void prometheus_write(struct buffer *out, enum exposition exposition, struct telemetry *telemetry,
                      const struct state *state, int64_t now_ms);

#endif
