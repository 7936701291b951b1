#include "telemetry/otlp.h"

#include "telemetry/private.h"

#include <string.h>

static void add_text(struct buffer *out, const char *before, const char *text, const char *after)
{
    buffer_add_text(out, before);
    buffer_add_json(out, text, strlen(text));
    buffer_add_text(out, after);
}

/* {"key":"batch","value":{"stringValue":"B-7"}} */
static void add_fact(struct buffer *out, const struct span_fact *fact)
{
    add_text(out, "{\"key\":\"", fact->key, "\",\"value\":{");
    if (fact->text)
        add_text(out, "\"stringValue\":\"", fact->text, "\"}}");
    else
        buffer_addf(out, "\"intValue\":\"%lld\"}}", (long long)fact->whole);
}

static void add_facts(struct buffer *out, const struct span_fact *facts, int count)
{
    buffer_add_text(out, "\"attributes\":[");
    for (int i = 0; i < count; i++) {
        if (i)
            buffer_add_char(out, ',');
        add_fact(out, &facts[i]);
    }
    buffer_add_char(out, ']');
}

static void add_time(struct buffer *out, const char *name, int64_t time_ms)
{
    buffer_addf(out, "\"%s\":\"%lld000000\",", name, (long long)time_ms);
}

static void add_resource(struct buffer *out, const char *shop)
{
    const struct span_fact facts[] = {{"service.name", "flowd", 0},
                                      {"service.version", FLOW_VERSION, 0},
                                      {"service.instance.id", shop, 0}};
    buffer_add_text(out, "\"resource\":{");
    add_facts(out, facts, sizeof facts / sizeof *facts);
    buffer_add_text(out, "},");
}

/* ---- spans ---- */

void otlp_add_span(struct buffer *out, const struct trace_span *span)
{
    enum { KIND_INTERNAL = 1, STATUS_ERROR = 2 };
    buffer_addf(out, "{\"traceId\":\"%s\",\"spanId\":\"%s\",", span->trace, span->id);
    if (*span->parent)
        buffer_addf(out, "\"parentSpanId\":\"%s\",", span->parent);
    add_text(out, "\"name\":\"", span->name, "\",");
    buffer_addf(out, "\"kind\":%d,", KIND_INTERNAL);
    add_time(out, "startTimeUnixNano", span->start_ms);
    add_time(out, "endTimeUnixNano", span->end_ms);
    add_facts(out, span->facts, span->fact_count);
    if (span->error) {
        buffer_addf(out, ",\"status\":{\"code\":%d", STATUS_ERROR);
        add_text(out, ",\"message\":\"", span->error, "\"}");
    }
    buffer_add_char(out, '}');
}

static void add_scope(struct buffer *out)
{
    buffer_add_text(out, "\"scope\":{\"name\":\"flowd\",\"version\":\"" FLOW_VERSION "\"},");
}

void otlp_add_traces(struct buffer *out, const char *shop, const char *spans)
{
    buffer_add_text(out, "{\"resourceSpans\":[{");
    add_resource(out, shop);
    buffer_add_text(out, "\"scopeSpans\":[{");
    add_scope(out);
    buffer_addf(out, "\"spans\":[%s]}]}]}", spans);
}

/* ---- metrics ---- */

struct metrics {
    struct metric_sink sink; /* first */
    struct buffer *out;
    int64_t begun_ms, now_ms;
    bool opened; /* a metric is: it has a point */
};

static void end_metric(struct metrics *metrics)
{
    if (metrics->opened)
        buffer_add_text(metrics->out, "]}},");
    metrics->opened = false;
}

/* Once it has a point: without one it is left out, for empty ones are refused by some. */
static void begin_point(struct metrics *metrics, const struct metric_row *row)
{
    static const char *const kinds[] = {
        [GAUGE] = "gauge\":{",
        [COUNTER] = "sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,",
        [HISTOGRAM] = "histogram\":{\"aggregationTemporality\":2,"};
    if (!metrics->opened) {
        add_text(metrics->out, "{\"name\":\"", row->name, "\",");
        add_text(metrics->out, "\"description\":\"", row->help, "\",");
        buffer_addf(metrics->out, "\"%s\"dataPoints\":[", kinds[row->type]);
    } else {
        buffer_add_char(metrics->out, ',');
    }
    metrics->opened = true;
    buffer_add_char(metrics->out, '{');
    if (row->type != GAUGE)
        add_time(metrics->out, "startTimeUnixNano", metrics->begun_ms);
    add_time(metrics->out, "timeUnixNano", metrics->now_ms);
}

static void on_metric(struct metric_sink *sink, const struct metric_row *row)
{
    (void)row;
    end_metric((struct metrics *)sink);
}

static void on_sample(struct metric_sink *sink, const struct metric_row *row,
                      const char *const values[], double value)
{
    struct metrics *metrics = (struct metrics *)sink;
    struct span_fact facts[LABELS_AT_MOST];
    char names[200];
    int count = 0;

    strcpy(names, row->labels);
    char *rest = names;
    for (char *word = strtok_r(names, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        facts[count] = (struct span_fact){word, values[count], 0};
        count++;
    }
    begin_point(metrics, row);
    add_facts(metrics->out, facts, count);
    buffer_addf(metrics->out, ",\"asDouble\":%.15g}", value);
}

static void on_histogram(struct metric_sink *sink, const struct metric_row *row,
                         const struct histogram *histogram)
{
    struct metrics *metrics = (struct metrics *)sink;
    struct buffer *out = metrics->out;
    int64_t count = 0;

    begin_point(metrics, row);
    buffer_add_text(out, "\"bucketCounts\":[");
    for (int i = 0; i <= histogram->bucket_count; i++) {
        buffer_addf(out, "%s\"%lld\"", i ? "," : "", (long long)histogram->counts[i]);
        count += histogram->counts[i];
    }
    buffer_add_text(out, "],\"explicitBounds\":[");
    for (int i = 0; i < histogram->bucket_count; i++)
        buffer_addf(out, "%s%.15g", i ? "," : "", (double)histogram->bounds_us[i] / 1e6);
    buffer_addf(out, "],\"count\":\"%lld\",\"sum\":%.15g}", (long long)count,
                (double)histogram->sum_us / 1e6);
}

void otlp_add_metrics(struct buffer *out, struct telemetry *telemetry, const struct state *state,
                      int64_t now_ms, int64_t printers_ms)
{
    struct metrics metrics = {
        {on_metric, on_sample, on_histogram}, out, telemetry->begun_ms, now_ms, false};
    char shop[33];
    telemetry_shop(telemetry, shop);
    buffer_add_text(out, "{\"resourceMetrics\":[{");
    add_resource(out, shop);
    buffer_add_text(out, "\"scopeMetrics\":[{");
    add_scope(out);
    buffer_add_text(out, "\"metrics\":[");
    telemetry_collect(telemetry, state, printers_ms, &metrics.sink);
    end_metric(&metrics);
    out->length--; /* the last comma */
    out->text[out->length] = '\0';
    buffer_add_text(out, "]}]}]}");
}
