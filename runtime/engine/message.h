/* Commands and events: what is asked, and what happened. Both are flat: a name and fields. */
#ifndef FLOW_ENGINE_MESSAGE_H
#define FLOW_ENGINE_MESSAGE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "base/intern.h"
#include "engine/messages.def"

#include <stdbool.h>
#include <stdint.h>

enum message_kind {
#define COMMAND(name, summary) COMMAND_##name,
#include "engine/messages.def"
#undef COMMAND
    COMMAND_COUNT,
    EVENT_BEGIN = COMMAND_COUNT - 1,
#define EVENT(name, summary) EVENT_##name,
#include "engine/messages.def"
#undef EVENT
    MESSAGE_COUNT
};

#define MESSAGE_TEXT(name) const char *name;
#define MESSAGE_WHOLE(name) int64_t name;
#define MESSAGE_MEMBER(type, name) MESSAGE_##type(name)
#define MESSAGE_STRUCT(name, summary)                                                              \
    struct name {                                                                                  \
        FIELDS_##name(MESSAGE_MEMBER)                                                              \
    };
#define COMMAND MESSAGE_STRUCT
#define EVENT MESSAGE_STRUCT
#include "engine/messages.def"
#undef COMMAND
#undef EVENT

/* A field, whichever it is: a struct of them is an array of these. */
union message_cell {
    const char *text;
    int64_t whole;
};
_Static_assert(sizeof(const char *) == sizeof(int64_t), "a field is eight bytes");

enum { MESSAGE_FIELDS_AT_MOST = 9 };

/* Texts are interned, never NULL. */
struct message {
    enum message_kind kind;
    const char *by; /* who; "" for the shop itself */
    union {
        union message_cell cells[MESSAGE_FIELDS_AT_MOST]; /* as message_rows[kind].fields says */
#define MESSAGE_PLACE(name, summary) struct name name;
#define COMMAND MESSAGE_PLACE
#define EVENT MESSAGE_PLACE
#include "engine/messages.def"
#undef COMMAND
#undef EVENT
    };
};

struct message_field {
    const char *name;
    bool whole; /* else a text */
};

struct message_row {
    const char *name, *summary;
    const struct message_field *fields;
    int field_count;
};
extern const struct message_row message_rows[MESSAGE_COUNT];

static inline bool message_is_event(enum message_kind kind)
{
    return kind >= COMMAND_COUNT;
}

/* One JSON object without a line end: {"event":"batch_started","by":"anna","batch":"B-1"}, "command" for a command. Fields
   that are "" or 0 are left out, the others come in the table's order. */
void message_write(struct buffer *out, const struct message *message);

/* Reads one object. Unknown and missing names, wrong types, a second value of one name: false with a failure that names
   the field. Texts are interned. */
bool message_read(const char *text, size_t length, bool event, struct interner *names,
                  struct message *message, struct failure *failure);

/* The kind of that name, MESSAGE_COUNT if there is none. */
enum message_kind message_find(const char *name, bool event);

#endif
