/* Bodies of requests as JSON. */
#ifndef FLOW_STATION_BODY_H
#define FLOW_STATION_BODY_H

#include "station/request.h"

#include <jansson.h>

/* The caller's reference; NULL with a problem: too deep, no JSON. */
json_t *body_read(const struct request *request, struct reply *reply);

#endif
