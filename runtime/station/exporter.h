/* Sends traces and metrics to a collector by OTLP over HTTP, in JSON, from a thread of its own: nobody waits for it. */
#ifndef FLOW_STATION_EXPORTER_H
#define FLOW_STATION_EXPORTER_H

#include "station/view.h"

struct exporter;

/* The collector's address without "/v1/traces". NULL with a failure. What is opened first is the view. */
struct exporter *exporter_open(struct view *view, const char *url, struct failure *failure);
/* Tries once more to send what is left, for two seconds. NULL is fine. */
void exporter_close(struct exporter *exporter);

#endif
