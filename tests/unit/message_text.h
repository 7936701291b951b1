/* Messages as tests write them. Include it after cmocka.h. */
#ifndef FLOW_TEST_MESSAGE_TEXT_H
#define FLOW_TEST_MESSAGE_TEXT_H

#include "base/buffer.h"
#include "base/intern.h"
#include "engine/message.h"

#include <stdarg.h>

/* A command or an event from JSON, with ' for ". */
static inline void read_message(struct interner *names, bool event, struct message *message,
                                const char *format, va_list arguments)
{
    struct buffer text = {0};
    struct failure failure;
    buffer_vaddf(&text, format, arguments);
    for (char *c = text.text; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!message_read(text.text, text.length, event, names, message, &failure))
        fail_msg("%s\n%s", text.text, failure.message);
    buffer_free(&text);
}

#endif
