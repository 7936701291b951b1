/* GET /metrics: what a monitoring system reads (docs/metrics.md). */
#include "station/private.h"
#include "telemetry/prometheus.h"

bool answer_metrics(const struct api *api, struct inquiry *inquiry)
{
    enum exposition exposition = exposition_wanted(inquiry->request.accept);
    int64_t last_event;
    const struct state *state = view_begin(api->view, &last_event);
    prometheus_write(&inquiry->reply.body, exposition, view_telemetry(api->view), state,
                     monotonic_ms());
    view_end(api->view);
    inquiry->reply.type = exposition_types[exposition];
    return true;
}
