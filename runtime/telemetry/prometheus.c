#include "telemetry/prometheus.h"

#include <string.h>

const char *const exposition_types[EXPOSITION_COUNT] = {
    [PROMETHEUS_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
    [OPEN_METRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

enum exposition exposition_wanted(const char *accept)
{
    return accept && strstr(accept, "application/openmetrics-text") ? OPEN_METRICS
                                                                    : PROMETHEUS_TEXT;
}

struct page {
    struct metric_sink sink; /* first */
    struct buffer *out;
    enum exposition exposition;
};

/* OpenMetrics names a counter without its "_total". */
static int family_length(const struct page *page, const struct metric_row *row)
{
    static const char total[] = "_total";
    size_t length = strlen(row->name);
    bool short_name = page->exposition == OPEN_METRICS && row->type == COUNTER;
    return (int)(short_name ? length - (sizeof total - 1) : length);
}

static void on_metric(struct metric_sink *sink, const struct metric_row *row)
{
    static const char *const types[] = {
        [GAUGE] = "gauge", [COUNTER] = "counter", [HISTOGRAM] = "histogram"};
    const struct page *page = (struct page *)sink;
    int length = family_length(page, row);
    buffer_addf(page->out, "# HELP %.*s %s\n# TYPE %.*s %s\n", length, row->name, row->help, length,
                row->name, types[row->type]);
}

static void add_escaped(struct buffer *out, const char *text)
{
    for (;;) {
        size_t plain = strcspn(text, "\\\"\n");
        buffer_add(out, text, plain);
        text += plain;
        if (!*text)
            return;
        buffer_add_char(out, '\\');
        buffer_add_char(out, *text == '\n' ? 'n' : *text);
        text++;
    }
}

/* A thousand printers have ten thousand samples, and nothing is written to the journal meanwhile: no format is read where none is
   needed. */
static void on_sample(struct metric_sink *sink, const struct metric_row *row,
                      const char *const values[], double value)
{
    struct buffer *out = ((struct page *)sink)->out;
    const char *word = row->labels;

    buffer_add_text(out, row->name);
    for (int i = 0; *word; i++) {
        size_t length = strcspn(word, " ");
        buffer_add_char(out, i ? ',' : '{');
        buffer_add(out, word, length);
        buffer_add_text(out, "=\"");
        add_escaped(out, values[i]);
        buffer_add_char(out, '"');
        word += length;
        word += *word == ' ';
    }
    if (*row->labels)
        buffer_add_char(out, '}');
    if (value == 0 || value == 1)
        buffer_add_text(out, value == 0 ? " 0\n" : " 1\n");
    else
        buffer_addf(out, " %.15g\n", value);
}

static void on_histogram(struct metric_sink *sink, const struct metric_row *row,
                         const struct histogram *histogram)
{
    const struct page *page = (struct page *)sink;
    int64_t count = 0;
    for (int i = 0; i < histogram->bucket_count; i++) {
        double bound_s = (double)histogram->bounds_us[i] / 1e6;
        count += histogram->counts[i];
        /* OpenMetrics wants "1.0", and both must be the same label. */
        buffer_addf(page->out,
                    histogram->bounds_us[i] % 1000000 ? "%s_bucket{le=\"%.15g\"} %lld\n"
                                                      : "%s_bucket{le=\"%.1f\"} %lld\n",
                    row->name, bound_s, (long long)count);
    }
    count += histogram->counts[histogram->bucket_count];
    buffer_addf(page->out, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum %.15g\n%s_count %lld\n", row->name,
                (long long)count, row->name, (double)histogram->sum_us / 1e6, row->name,
                (long long)count);
}

void prometheus_write(struct buffer *out, enum exposition exposition, struct telemetry *telemetry,
                      const struct state *state, int64_t now_ms)
{
    struct page page = {{on_metric, on_sample, on_histogram}, out, exposition};
    telemetry_collect(telemetry, state, now_ms, &page.sink);
    if (exposition == OPEN_METRICS)
        buffer_add_text(out, "# EOF\n");
}
