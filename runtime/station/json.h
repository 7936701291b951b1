/* Writing JSON into a buffer; a comma is put where one is due. A name is NULL inside an array. */
#ifndef FLOW_STATION_JSON_H
#define FLOW_STATION_JSON_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* '{' or '[', and what closes it. */
void json_begin(struct buffer *out, const char *name, char bracket);
void json_end(struct buffer *out, char bracket);

void json_text(struct buffer *out, const char *name, const char *value);
/* The same, but nothing where the text is "" or NULL. */
void json_said(struct buffer *out, const char *name, const char *value);
void json_whole(struct buffer *out, const char *name, int64_t value);
void json_flag(struct buffer *out, const char *name, bool value);
/* "2026-11-21T14:00:00.123Z" */
void json_time(struct buffer *out, const char *name, int64_t time_ms);
/* Text that is JSON already. */
void json_raw(struct buffer *out, const char *name, const char *json, size_t length);

#endif
