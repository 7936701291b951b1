/* Times for people: the zone that a shop's clocks go by. Times are kept in UTC; each one printed says how far its zone is
   from that. The zone is the process's (TZ): set it once, before there are threads. */
#ifndef FLOW_TRACE_RECORD_ZONE_H
#define FLOW_TRACE_RECORD_ZONE_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stdint.h>

/* "Europe/Berlin", "UTC", "+05:30"; NULL: what TZ says, or the machine's own. False with a failure where there is no such
   zone. */
bool zone_set(const char *name, struct failure *failure);
/* Its name, as it was set; "UTC" before. */
const char *zone_name(void);

enum zone_form {
    ZONE_EXACT,   /* 2026-11-21T15:01:02.345+01:00 */
    ZONE_SECONDS, /* 2026-11-21 15:01:02 +01 */
    ZONE_MINUTES, /* 2026-11-21 15:01 +01 */
    ZONE_DAY      /* 2026-11-21 */
};

/* A time since 1970 in ms. The offset is whole hours, or hours and minutes: "+01", "+05:30". */
void zone_print(struct buffer *out, int64_t time_ms, enum zone_form form);

#endif
