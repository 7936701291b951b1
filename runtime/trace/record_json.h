/* The record as JSON, for programs: all there is, by docs/record.schema.json. Same events and zone, same bytes. */
#ifndef FLOW_TRACE_RECORD_JSON_H
#define FLOW_TRACE_RECORD_JSON_H

#include "base/buffer.h"
#include "trace/record.h"

/* One object, without a line end. The record is settled. */
void record_print_json(struct buffer *out, struct record *record);

/* A screen of text for people: what it is, how it went, what it lacks. */
void record_print_text(struct buffer *out, struct record *record);

#endif
