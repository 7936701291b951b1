/* Private to record*.c: an event while it becomes part of the record. */
#ifndef FLOW_TRACE_RECORD_PRIVATE_H
#define FLOW_TRACE_RECORD_PRIVATE_H

#include "trace/record.h"

struct reading {
    struct record *record;
    struct record_mark mark;
    struct record_step *step; /* of the batch, where the event names one; else NULL */
};

typedef void sayer(const struct reading *at, const struct message *event);

/* ---- record_bench.c ---- */
sayer record_said_step_begun, record_said_lot_used, record_said_parameter_recorded,
    record_said_unit_measured, record_said_check_judged, record_said_lot_judged,
    record_said_gate_signed, record_said_units_left, record_said_unit_disposed,
    record_said_unit_quarantined, record_said_unit_returned;

/* The lot of that name, made where it never came in. */
struct record_received *record_lot_of(struct record *record, const char *name, const char *what);

/* Titles and values as the spec prints them for no SKU in particular. In the arena. */
const char *record_title_of(struct record *record, const struct declaration *declaration);
const char *record_value_of(struct record *record, const struct value *value);

/* ---- record_limits.c: what the checks ask of the SKUs in the batch ---- */
void record_reckon_limits(struct record *record);
/* ---- record_yields.c ---- */
void record_reckon_yields(struct record *record);
/* ---- record_lacks.c ---- */
void record_find_lacks(struct record *record);
/* Whether an issue of the batch is of this step, or of none in particular. */
bool record_deviation_at(const struct record *record, const struct record_step *step);

#endif
