/* Where something that was said stands in the journal, when it was, and whose it is. */
#ifndef FLOW_TRACE_RECORD_MARK_H
#define FLOW_TRACE_RECORD_MARK_H

#include <stdint.h>

struct record_mark {
    int64_t sequence; /* of its event; 0: it never was */
    int64_t time_ms;  /* since 1970, UTC */
    const char *by;   /* "" for the shop itself */
};

#endif
