#include "engine/message.h"

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
