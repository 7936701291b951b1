/* Private to the trace: the two halves of an answer, gathered once its units are known. */
#ifndef FLOW_TRACE_TRACE_PRIVATE_H
#define FLOW_TRACE_TRACE_PRIVATE_H

#include "trace/trace.h"

void trace_gather_rows(struct trace *trace);
void trace_gather_events(struct trace *trace);
/* The events that touched the units, whatever is asked about. The caller frees them; those there were are forgotten. */
void trace_gather_touching(struct trace *trace);

/* Sets the bits of units first, first + 1, ... of a batch, those that there are. */
void trace_set_bits(uint64_t *bits, const struct batch_trace *batch, int64_t first, int64_t count);
size_t trace_words(const struct batch_trace *batch);

#endif
