#include "engine/message.h"

#include <jansson.h>
#include <string.h>

/* ---- the table ---- */

#define IS_TEXT false
#define IS_WHOLE true
#define FIELD_ROW(type, name) {#name, IS_##type},
#define FIELD_TABLE(name, summary)                                                                 \
    static const struct message_field fields_##name[] = {FIELDS_##name(FIELD_ROW)};                \
    _Static_assert(sizeof fields_##name / sizeof *fields_##name <= MESSAGE_FIELDS_AT_MOST,         \
                   "MESSAGE_FIELDS_AT_MOST is too few");
#define COMMAND FIELD_TABLE
#define EVENT FIELD_TABLE
#include "engine/messages.def"
#undef COMMAND
#undef EVENT

#define MESSAGE_ROW(name, summary)                                                                 \
    {#name, summary, fields_##name, sizeof fields_##name / sizeof *fields_##name},
#define COMMAND MESSAGE_ROW
#define EVENT MESSAGE_ROW
const struct message_row message_rows[MESSAGE_COUNT] = {
#include "engine/messages.def"
};
#undef COMMAND
#undef EVENT

enum message_kind message_find(const char *name, bool event)
{
    int end = event ? MESSAGE_COUNT : COMMAND_COUNT;
    for (int i = event ? COMMAND_COUNT : 0; i < end; i++)
        if (strcmp(message_rows[i].name, name) == 0)
            return (enum message_kind)i;
    return MESSAGE_COUNT;
}

/* ---- writing ---- */

static void write_text(struct buffer *out, const char *name, const char *text)
{
    if (!*text)
        return;
    buffer_addf(out, ",\"%s\":\"", name);
    buffer_add_json(out, text, strlen(text));
    buffer_add_char(out, '"');
}

void message_write(struct buffer *out, const struct message *message)
{
    const struct message_row *row = &message_rows[message->kind];

    buffer_addf(out, "{\"%s\":\"%s\"", message_is_event(message->kind) ? "event" : "command",
                row->name);
    write_text(out, "by", message->by);
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].whole)
            write_text(out, row->fields[i].name, message->cells[i].text);
        else if (message->cells[i].whole)
            buffer_addf(out, ",\"%s\":%lld", row->fields[i].name,
                        (long long)message->cells[i].whole);
    buffer_add_char(out, '}');
}

/* ---- reading ---- */

static const char *intern_json(struct interner *names, const json_t *value)
{
    return intern(names, json_string_value(value), json_string_length(value));
}

static bool read_cell(const struct message_row *row, const char *key, const json_t *value,
                      struct interner *names, struct message *message, struct failure *failure)
{
    for (int i = 0; i < row->field_count; i++) {
        if (strcmp(row->fields[i].name, key) != 0)
            continue;
        if (row->fields[i].whole ? !json_is_integer(value) : !json_is_string(value))
            return fail(failure, "`%s` of `%s` is %s", key, row->name,
                        row->fields[i].whole ? "a whole number" : "a text");
        if (row->fields[i].whole)
            message->cells[i].whole = json_integer_value(value);
        else
            message->cells[i].text = intern_json(names, value);
        return true;
    }
    return fail(failure, "`%s` has no `%s`", row->name, key);
}

static bool read_object(const json_t *object, bool event, struct interner *names,
                        struct message *message, struct failure *failure)
{
    const char *word = event ? "event" : "command";
    const json_t *kind = json_object_get(object, word), *by = json_object_get(object, "by");
    const char *none = intern_text(names, ""), *key;
    json_t *value;

    if (!json_is_string(kind))
        return fail(failure, "it does not say which `%s` it is", word);
    message->kind = message_find(json_string_value(kind), event);
    if (message->kind == MESSAGE_COUNT)
        return fail(failure, "there is no %s `%.60s`", word, json_string_value(kind));
    if (by && !json_is_string(by))
        return fail(failure, "`by` is a name");
    message->by = by ? intern_json(names, by) : none;
    const struct message_row *row = &message_rows[message->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].whole)
            message->cells[i].whole = 0;
        else
            message->cells[i].text = none;
    json_object_foreach(
        (json_t *)(uintptr_t)object, key,
        value) if (value != kind && value != by &&
                   !read_cell(row, key, value, names, message, failure)) return false;
    return true;
}

bool message_read(const char *text, size_t length, bool event, struct interner *names,
                  struct message *message, struct failure *failure)
{
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);

    if (!object)
        return fail(failure, "no JSON at byte %d: %.120s", error.position, error.text);
    bool good = json_is_object(object) ? read_object(object, event, names, message, failure)
                                       : fail(failure, "it is no JSON object");
    json_decref(object);
    return good;
}
