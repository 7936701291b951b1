/* What a held lot is in, told so that a recall can go out by it: what waits here, and who has the rest. */
#ifndef FLOW_TRACE_TRACE_HOLD_H
#define FLOW_TRACE_TRACE_HOLD_H

#include "base/buffer.h"
#include "trace/trace.h"

enum hold_status {
    HOLD_WAITING, /* in quarantine */
    HOLD_SHIPPED,
    HOLD_SCRAP,
    HOLD_HERE, /* anywhere else in the house */
    HOLD_STATUSES
};
/* "held", "shipped", "scrap", "here" */
extern const char *const hold_status_names[HOLD_STATUSES];
enum hold_status hold_status(const struct unit_trace *unit);

/* Of a trace of a lot: for people; {"lot":...,"held":14,"shipped":10,...,"parcels":[...],"units":[...]}; a row a unit with its
   order, customer, address, parcel and tracking. */
void hold_add_text(const struct trace *trace, struct buffer *out);
void hold_add_json(const struct trace *trace, struct buffer *out);
void hold_add_csv(const struct trace *trace, struct buffer *out);

#endif
