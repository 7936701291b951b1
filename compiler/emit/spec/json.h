/* Inside emit/spec: JSON with indents, and the values of the model in it. */
#ifndef FLOW_EMIT_SPEC_JSON_H
#define FLOW_EMIT_SPEC_JSON_H

#include "spec/spec.h"

struct json {
    struct buffer out;
    const struct spec *spec;
    int depth;
    bool first; /* nothing stands yet in the object or list that is open */
};

/* key is NULL in a list. */
void json_open(struct json *json, const char *key, bool list);
void json_close(struct json *json, bool list);
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, long number);
void json_bool(struct json *json, const char *key, bool truth);
void json_null(struct json *json, const char *key);
/* Text that is JSON already. */
void json_raw(struct json *json, const char *key, const char *text, size_t length);

/* Any value, as docs/spec.schema.json says. */
void json_value(struct json *json, const char *key, const struct value *value);

#endif
