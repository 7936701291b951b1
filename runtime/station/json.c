#include "station/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void begin_value(struct buffer *out, const char *name)
{
    if (out->length && !strchr("{[:", out->text[out->length - 1]))
        buffer_add_char(out, ',');
    if (!name)
        return;
    buffer_add_char(out, '"');
    buffer_add_json(out, name, strlen(name));
    buffer_add(out, "\":", 2);
}

void json_begin(struct buffer *out, const char *name, char bracket)
{
    begin_value(out, name);
    buffer_add_char(out, bracket);
}

void json_end(struct buffer *out, char bracket)
{
    buffer_add_char(out, bracket);
}

void json_text(struct buffer *out, const char *name, const char *value)
{
    begin_value(out, name);
    buffer_add_char(out, '"');
    buffer_add_json(out, value, strlen(value));
    buffer_add_char(out, '"');
}

void json_said(struct buffer *out, const char *name, const char *value)
{
    if (value && *value)
        json_text(out, name, value);
}

void json_whole(struct buffer *out, const char *name, int64_t value)
{
    begin_value(out, name);
    buffer_addf(out, "%lld", (long long)value);
}

void json_flag(struct buffer *out, const char *name, bool value)
{
    begin_value(out, name);
    buffer_add_text(out, value ? "true" : "false");
}

void json_time(struct buffer *out, const char *name, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[64];

    gmtime_r(&seconds, &utc);
    size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, sizeof text - length, ".%03dZ", (int)(time_ms % 1000));
    json_text(out, name, text);
}

void json_raw(struct buffer *out, const char *name, const char *json, size_t length)
{
    begin_value(out, name);
    buffer_add(out, json, length);
}
