/* The answer of a trace, written: for people, for programs, for spreadsheets, as a picture, for business partners. */
#ifndef FLOW_TRACE_TRACE_WRITE_H
#define FLOW_TRACE_TRACE_WRITE_H

#include "base/buffer.h"
#include "cost/grid.h"
#include "trace/trace.h"

struct trace_options {
    const char *base; /* of names in EPCIS (epcis.h); NULL: EPCIS_BASE */
    /* Lays DOT out as SVG: trace_draw (trace_pages.h), or what loads it. NULL: nothing is drawn. */
    bool (*draw)(const char *dot, struct buffer *out, struct failure *failure);
};
enum {
    TRACE_DRAWN_AT_MOST = 500
}; /* things in a picture: more takes Graphviz minutes, and nobody reads it */

struct trace_format {
    const char *name;    /* "text" */
    const char *summary; /* for a verb's help */
    bool (*write)(const struct trace *trace, const struct trace_options *options,
                  struct buffer *out, struct failure *failure);
};
/* text, json, csv, dot, svg, epcis */
extern const struct trace_format trace_formats[];
extern const int trace_format_count;

/* Adds the answer in a format. False with a failure: no such format, or it cannot be drawn. */
bool trace_write(const struct trace *trace, const char *format, const struct trace_options *options,
                 struct buffer *out, struct failure *failure);

/* A row a unit: unit, batch, number, product, revision, sku, at, order, line, customer, parcel, carrier, service, tracking,
   shipped. Of a trace of one unit, a row an event: sequence, time, event, by, of, step, first, count, what. */
void trace_add_csv(const struct trace *trace, struct buffer *out);
void trace_add_json(const struct trace *trace, struct buffer *out);
void trace_add_text(const struct trace *trace, struct buffer *out);
/* Returns how many things are in the picture. */
int32_t trace_add_dot(const struct trace *trace, struct buffer *out);

/* ---- parts that others use ---- */

/* "2026-11-21 14:05:09" and "2026-11-21T14:05:09.123Z", UTC. */
void add_time_for_people(struct buffer *out, int64_t time_ms);
void add_time_for_programs(struct buffer *out, int64_t time_ms);
/* "B-1/7". */
void add_unit_name(struct buffer *out, const struct batch_trace *batch, int32_t number);
/* Eight cells of a unit: order, line, customer, parcel, carrier, service, tracking, shipped; "" where it has none. */
struct csv_writer;
void add_delivery(struct csv_writer *writer, const struct unit_trace *unit);
/* "1-6, 8-10" */
void add_runs(struct buffer *out, const struct trace_part *part);
/* An event as a sentence: "units 1-6 left by pass to screen". */
void add_fact(struct buffer *out, const struct trace_event *event);
/* The event as it stands in the journal, with its sequence and time; what it says of itself as true or false. */
void add_fact_json(struct buffer *out, const struct genealogy *model,
                   const struct trace_event *event);
/* What customers typed must not move the cursor of whoever reads it: control characters from a place on become blanks, but for
   those in `kept`. */
void blank_controls(struct buffer *text, size_t from, const char *kept);
/* A cell of a table for people, without control characters. */
void add_grid_cell(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A text in quotes, as JSON. */
void add_quoted(struct buffer *out, const char *text);

#endif
