/* OTLP in JSON (opentelemetry-proto 1.x): ids in hex, times as texts of nanoseconds. */
#ifndef FLOW_TELEMETRY_OTLP_H
#define FLOW_TELEMETRY_OTLP_H

#include "telemetry/telemetry.h"

struct span_fact {
    const char *key, *text; /* NULL: it is a number */
    int64_t whole;
};

struct trace_span {
    const char *name;
    const char *trace;        /* 32 hex digits */
    const char *id;           /* 16 */
    const char *parent;       /* 16, "" for none */
    int64_t start_ms, end_ms; /* since 1970 */
    const struct span_fact *facts;
    int fact_count;
    const char *error; /* what went wrong, NULL: nothing */
};

/* Adds the object of a span. */
void otlp_add_span(struct buffer *out, const struct trace_span *span);
/* Adds the request of ExportTraceService: spans as they were added, with commas between. */
void otlp_add_traces(struct buffer *out, const char *shop, const char *spans);
/* Adds the request of ExportMetricsService. Times since 1970; that of the sink's printers is `printers_ms`. */
void otlp_add_metrics(struct buffer *out, struct telemetry *telemetry, const struct state *state,
                      int64_t now_ms, int64_t printers_ms);

#endif
