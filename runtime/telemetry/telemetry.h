/* What a shop that is served tells of itself to a monitoring system: metrics (docs/metrics.md), and of each batch a trace from
   order to parcel. A read model: it hears each event after it was applied, and changes nothing.

   Three kinds of threads come here: the writer with events, those that answer /metrics, and the one that exports. A lock of its
   own keeps them apart; whoever holds the state's lock takes this one second. */
#ifndef FLOW_TELEMETRY_TELEMETRY_H
#define FLOW_TELEMETRY_TELEMETRY_H

#include "engine/state.h"
#include "shop/shop.h"

struct telemetry;

struct telemetry *telemetry_open(void);
/* NULL is fine. */
void telemetry_close(struct telemetry *telemetry);

/* ---- what it hears ---- */

/* An event that became durable and was applied to the state; its texts are the state's. All from the first one on, in
   order. */
void telemetry_event(struct telemetry *telemetry, const struct state *state, int64_t sequence,
                     int64_t time_ms, const struct message *event);
/* What was heard so far is the past; what comes now happens. */
void telemetry_go_live(struct telemetry *telemetry);
/* A command was answered; NULL: the machine was in the way of it. */
void telemetry_answered(struct telemetry *telemetry, enum message_kind command,
                        const struct answer *answer);
/* Events were made durable, and it took so long. */
void telemetry_committed(struct telemetry *telemetry, int64_t took_us);
/* A printer was free for a job so long, until its file was on the way to it. */
void telemetry_scheduled(struct telemetry *telemetry, int64_t took_us);
/* A printer of the farm is in this state ("printing", as printers/printer.h has the words) from now on, by a clock that only goes
   forward; the first time for each, and whenever it changed. */
void telemetry_printer(struct telemetry *telemetry, const char *printer, const char *machine,
                       const char *state, int64_t now_ms);

/* ---- metrics ---- */

enum metric_type { GAUGE, COUNTER, HISTOGRAM };

struct metric_row {
    const char *name, *labels, *help;
    enum metric_type type;
};
extern const struct metric_row metric_rows[];
extern const int metric_count;

enum { BUCKETS_AT_MOST = 16, LABELS_AT_MOST = 3 };

struct histogram {
    const int64_t *bounds_us; /* upper ones, rising */
    int bucket_count;
    int64_t
        counts[BUCKETS_AT_MOST + 1]; /* of each bucket by itself; the last is beyond all bounds */
    int64_t sum_us;
};

/* Who is given the metrics: each row, then what is known of it. Values of labels are in the order of the row's words. */
struct metric_sink {
    void (*metric)(struct metric_sink *sink, const struct metric_row *row);
    void (*sample)(struct metric_sink *sink, const struct metric_row *row,
                   const char *const values[], double value);
    void (*histogram)(struct metric_sink *sink, const struct metric_row *row,
                      const struct histogram *histogram);
};

/* Tells all metrics; the state stays as it is meanwhile. The time is that of telemetry_printer. */
void telemetry_collect(struct telemetry *telemetry, const struct state *state, int64_t now_ms,
                       struct metric_sink *sink);

/* ---- traces ---- */

/* From now on spans are kept until they are taken, at most SPANS_AT_MOST. */
void telemetry_keep_spans(struct telemetry *telemetry);
/* Adds spans as OTLP has them in JSON, with commas between, at most so many; returns how many. They are the caller's then. */
int telemetry_take_spans(struct telemetry *telemetry, struct buffer *out, int most);
/* What became of those that were taken. */
void telemetry_spans_went(struct telemetry *telemetry, int64_t sent, int64_t dropped);
/* The shop's own name among all shops: 32 hex digits, of its first event. */
void telemetry_shop(struct telemetry *telemetry, char name[33]);

#endif
