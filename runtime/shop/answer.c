/* Answers as JSON: what the journal keeps of a command, and what the API sends. */
#include "shop/shop.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void add_text(struct buffer *out, const char *name, const char *text)
{
    buffer_addf(out, ",\"%s\":\"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

void answer_write(struct buffer *out, const struct answer *answer)
{
    buffer_addf(out, "{\"accepted\":%s", answer->accepted ? "true" : "false");
    if (answer->accepted && answer->last >= answer->first)
        buffer_addf(out, ",\"first\":%lld,\"last\":%lld", (long long)answer->first,
                    (long long)answer->last);
    if (!answer->accepted)
        add_text(out, "refusal", answer->refusal);
    if (!answer->accepted && *answer->said)
        buffer_addf(out, ",\"said\":%s", answer->said);
    if (*answer->place)
        add_text(out, "place", answer->place);
    if (answer->repeated)
        buffer_add_text(out, ",\"repeated\":true");
    buffer_add_char(out, '}');
}

static void read_text(const json_t *object, const char *name, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, name));
    if (value && strlen(value) < size)
        strcpy(text, value);
}

static void read_said(const json_t *object, struct answer *answer)
{
    const json_t *said = json_object_get(object, "said");
    char *text = said ? json_dumps(said, JSON_COMPACT) : NULL;
    if (text && strlen(text) < sizeof answer->said)
        strcpy(answer->said, text);
    free(text);
}

bool answer_read(const char *text, size_t length, struct answer *answer)
{
    json_t *object = json_loadb(text, length, 0, NULL);
    const json_t *accepted = json_object_get(object, "accepted");

    *answer = (struct answer){.last = -1};
    bool good = json_is_boolean(accepted);
    if (good) {
        answer->accepted = json_is_true(accepted);
        answer->repeated = json_is_true(json_object_get(object, "repeated"));
        const json_t *last = json_object_get(object, "last");
        if (last) {
            answer->first = json_integer_value(json_object_get(object, "first"));
            answer->last = json_integer_value(last);
        }
        read_text(object, "refusal", answer->refusal, sizeof answer->refusal);
        read_said(object, answer);
        read_text(object, "place", answer->place, sizeof answer->place);
    }
    json_decref(object);
    return good;
}
