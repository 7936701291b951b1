#include "station/exporter.h"

#include "base/clock.h"
#include "base/memory.h"
#include "station/private.h"
#include "telemetry/otlp.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    SPANS_EVERY_MS = 1000,
    SPANS_AT_ONCE = 512,
    METRICS_EVERY_MS = 15 * 1000,
    ANSWER_WITHIN_OF_COLLECTOR_MS = 10 * 1000,
    LAST_WITHIN_MS = 5000,
    ANSWER_BYTES_AT_MOST = 64 << 10,
    AGAIN_FIRST_MS = 1000,
    AGAIN_AT_MOST_MS = 60 * 1000
};

struct exporter {
    struct view *view;
    struct telemetry *telemetry;
    char *url;
    char shop[33];
    CURL *curl;
    struct curl_slist *headers;
    pthread_t thread;
    bool begun;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool ending;

    /* The thread's own. */
    struct buffer spans; /* taken, and not sent yet */
    int span_count;
    int64_t spans_at_ms, metrics_at_ms, again_ms;
    struct buffer answer;
    bool in_trouble;
    unsigned chance;
};

/* ---- a request ---- */

enum sending { SENT, AGAIN, REFUSED };

static size_t hear(char *bytes, size_t size, size_t count, void *data)
{
    struct buffer *answer = data;
    if (answer->length + count > ANSWER_BYTES_AT_MOST)
        return 0;
    buffer_add(answer, bytes, count);
    return size * count;
}

/* Said once, until it works again. */
static void tell_trouble(struct exporter *exporter, const char *what, const char *why)
{
    if (!exporter->in_trouble)
        fprintf(stderr, "flowd: the collector at %s does not take %s: %s\n", exporter->url, what,
                why);
    exporter->in_trouble = true;
}

static void tell_relief(struct exporter *exporter)
{
    if (exporter->in_trouble)
        fprintf(stderr, "flowd: the collector at %s takes them again\n", exporter->url);
    exporter->in_trouble = false;
}

/* The statuses that OTLP wants to be tried again; all others are final. */
static bool is_passing(long status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

static enum sending post(struct exporter *exporter, const char *what, const struct buffer *body,
                         long within_ms)
{
    char url[1100], why[200];
    long status = 0;

    snprintf(url, sizeof url, "%s/v1/%s", exporter->url, what);
    buffer_clear(&exporter->answer);
    curl_easy_setopt(exporter->curl, CURLOPT_URL, url);
    curl_easy_setopt(exporter->curl, CURLOPT_POSTFIELDS, body->text);
    curl_easy_setopt(exporter->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->length);
    curl_easy_setopt(exporter->curl, CURLOPT_TIMEOUT_MS, within_ms);
    CURLcode code = curl_easy_perform(exporter->curl);
    curl_easy_getinfo(exporter->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) { /* it has them, however its answer goes on */
        tell_relief(exporter);
        return SENT;
    }
    if (code == CURLE_OK)
        snprintf(why, sizeof why, "it answers %ld", status);
    else
        snprintf(why, sizeof why, "%s", curl_easy_strerror(code));
    tell_trouble(exporter, what, why);
    return code != CURLE_OK || is_passing(status) ? AGAIN : REFUSED;
}

/* ---- spans ---- */

/* Of those that were sent, how many the collector did not want: {"partialSuccess":{"rejectedSpans":"3"}}. */
static int64_t rejected(const struct exporter *exporter)
{
    json_t *answer = json_loads(buffer_text(&exporter->answer), 0, NULL);
    const json_t *count =
        json_object_get(json_object_get(answer, "partialSuccess"), "rejectedSpans");
    int64_t rejected_spans = json_is_string(count) ? strtoll(json_string_value(count), NULL, 10)
                                                   : json_integer_value(count);
    json_decref(answer);
    return rejected_spans < 0                      ? 0
           : rejected_spans > exporter->span_count ? exporter->span_count
                                                   : rejected_spans;
}

/* Later and later, and not all programs at once; or when the collector says. */
static void wait_longer(struct exporter *exporter, int64_t now_ms)
{
    curl_off_t wanted_s = 0;
    curl_easy_getinfo(exporter->curl, CURLINFO_RETRY_AFTER, &wanted_s);
    exporter->again_ms = exporter->again_ms ? 2 * exporter->again_ms : AGAIN_FIRST_MS;
    if (exporter->again_ms > AGAIN_AT_MOST_MS)
        exporter->again_ms = AGAIN_AT_MOST_MS;
    exporter->chance = exporter->chance * 1103515245u + 12345u;
    int64_t wait_ms = exporter->again_ms / 2 + exporter->chance % (unsigned)exporter->again_ms;
    if (wanted_s > 0 && wanted_s <= 600)
        wait_ms = wanted_s * 1000;
    exporter->spans_at_ms = now_ms + wait_ms;
}

static enum sending send_spans(struct exporter *exporter, long within_ms)
{
    struct buffer body = {0};
    otlp_add_traces(&body, exporter->shop, exporter->spans.text);
    enum sending sending = post(exporter, "traces", &body, within_ms);
    buffer_free(&body);
    if (sending == AGAIN)
        return sending;
    int64_t lost = sending == SENT ? rejected(exporter) : exporter->span_count;
    telemetry_spans_went(exporter->telemetry, exporter->span_count - lost, lost);
    exporter->span_count = 0;
    exporter->again_ms = 0;
    return sending;
}

static bool take_spans(struct exporter *exporter)
{
    if (exporter->span_count)
        return true;
    buffer_clear(&exporter->spans);
    exporter->span_count =
        telemetry_take_spans(exporter->telemetry, &exporter->spans, SPANS_AT_ONCE);
    return exporter->span_count > 0;
}

/* ---- metrics: all of them each time, so that none need be sent again ---- */

static void send_metrics(struct exporter *exporter, long within_ms)
{
    struct buffer body = {0};
    int64_t last_event;
    const struct state *state = view_begin(exporter->view, &last_event);
    otlp_add_metrics(&body, exporter->telemetry, state, clock_wall_ms(), monotonic_ms());
    view_end(exporter->view);
    post(exporter, "metrics", &body, within_ms);
    buffer_free(&body);
}

/* ---- the thread ---- */

/* Until that time of the monotonic clock; whether the end came. */
static bool wait_until(struct exporter *exporter, int64_t until_ms)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    pthread_mutex_lock(&exporter->lock);
    while (!exporter->ending &&
           pthread_cond_timedwait(&exporter->changed, &exporter->lock, &until) == 0)
        ;
    bool ending = exporter->ending;
    pthread_mutex_unlock(&exporter->lock);
    return ending;
}

static void *export_all(void *data)
{
    struct exporter *exporter = data;
    do {
        int64_t now_ms = monotonic_ms();
        if (now_ms >= exporter->metrics_at_ms) {
            send_metrics(exporter, ANSWER_WITHIN_OF_COLLECTOR_MS);
            exporter->metrics_at_ms = now_ms + METRICS_EVERY_MS;
        }
        now_ms = monotonic_ms();
        if (now_ms >= exporter->spans_at_ms) {
            exporter->spans_at_ms = now_ms + SPANS_EVERY_MS;
            while (take_spans(exporter))
                if (send_spans(exporter, ANSWER_WITHIN_OF_COLLECTOR_MS) == AGAIN) {
                    wait_longer(exporter, monotonic_ms());
                    break;
                }
        }
    } while (!wait_until(exporter, exporter->spans_at_ms < exporter->metrics_at_ms
                                       ? exporter->spans_at_ms
                                       : exporter->metrics_at_ms));
    int64_t until_ms = monotonic_ms() + LAST_WITHIN_MS, left_ms = LAST_WITHIN_MS;
    while (left_ms > 0 && take_spans(exporter) && send_spans(exporter, (long)left_ms) != AGAIN)
        left_ms = until_ms - monotonic_ms();
    return NULL;
}

/* ---- opening and closing ---- */

static bool is_address(const char *url)
{
    bool web = strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
    return web && strlen(url) < 1000 && strstr(url, "://")[3] && !strpbrk(url, " \t\r\n?#@");
}

static bool prepare(struct exporter *exporter)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&exporter->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&exporter->lock, NULL);
    exporter->curl = curl_easy_init();
    exporter->headers = curl_slist_append(NULL, "Content-Type: application/json");
    exporter->headers = curl_slist_append(exporter->headers, "Expect:");
    if (!exporter->curl || !exporter->headers)
        return false;
    curl_easy_setopt(exporter->curl, CURLOPT_HTTPHEADER, exporter->headers);
    curl_easy_setopt(exporter->curl, CURLOPT_WRITEFUNCTION, hear);
    curl_easy_setopt(exporter->curl, CURLOPT_WRITEDATA, &exporter->answer);
    curl_easy_setopt(exporter->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(exporter->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(exporter->curl, CURLOPT_USERAGENT, "flowd/" FLOW_VERSION);
    return true;
}

struct exporter *exporter_open(struct view *view, const char *url, struct failure *failure)
{
    if (!is_address(url)) {
        fail(failure, "`%.200s` is no collector; write its address, as http://127.0.0.1:4318", url);
        return NULL;
    }
    struct exporter *exporter = memory_zeroed(1, sizeof *exporter);
    exporter->view = view;
    exporter->telemetry = view_telemetry(view);
    exporter->chance = (unsigned)monotonic_ms();
    exporter->url = memory_alloc(strlen(url) + 1);
    strcpy(exporter->url, url);
    for (char *end = exporter->url + strlen(url); end[-1] == '/';)
        *--end = '\0';
    telemetry_shop(exporter->telemetry, exporter->shop);
    telemetry_keep_spans(exporter->telemetry);
    if (prepare(exporter) && pthread_create(&exporter->thread, NULL, export_all, exporter) == 0) {
        exporter->begun = true;
        return exporter;
    }
    exporter_close(exporter);
    fail(failure, "the export to %.200s cannot be started", url);
    return NULL;
}

void exporter_close(struct exporter *exporter)
{
    if (!exporter)
        return;
    pthread_mutex_lock(&exporter->lock);
    exporter->ending = true;
    pthread_cond_signal(&exporter->changed);
    pthread_mutex_unlock(&exporter->lock);
    if (exporter->begun)
        pthread_join(exporter->thread, NULL);
    if (exporter->curl)
        curl_easy_cleanup(exporter->curl);
    curl_slist_free_all(exporter->headers);
    pthread_cond_destroy(&exporter->changed);
    pthread_mutex_destroy(&exporter->lock);
    buffer_free(&exporter->spans);
    buffer_free(&exporter->answer);
    free(exporter->url);
    free(exporter);
}
