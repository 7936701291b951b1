#include "base/buffer.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct buffer *buffer, size_t more)
{
    size_t wanted = buffer->length + more + 1;
    if (wanted <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < wanted)
        capacity *= 2;
    buffer->text = memory_resize(buffer->text, capacity);
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const char *text, size_t length)
{
    reserve(buffer, length);
    if (length)
        memcpy(buffer->text + buffer->length, text, length);
    buffer->length += length;
    buffer->text[buffer->length] = 0;
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, &c, 1);
}

void buffer_vaddf(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    reserve(buffer, 80);
    size_t room = buffer->capacity - buffer->length;
    int length = vsnprintf(buffer->text + buffer->length, room, format, arguments);
    if (length > 0 && (size_t)length >= room) {
        reserve(buffer, (size_t)length);
        vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    if (length > 0)
        buffer->length += (size_t)length;
    buffer->text[buffer->length] = 0;
}

void buffer_addf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vaddf(buffer, format, arguments);
    va_end(arguments);
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->text)
        buffer->text[0] = 0;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->text);
    *buffer = (struct buffer){0};
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->text ? buffer->text : "";
}

/* How long the UTF-8 character at text is; 0 where the bytes are none. */
static size_t character_length(const unsigned char *text, size_t length)
{
    size_t size = text[0] < 0x80 ? 1 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2 : text[0] >= 0xE0 && text[0] < 0xF0 ? 3
                  : text[0] >= 0xF0 && text[0] < 0xF5                   ? 4
                                                                        : 0;
    if (!size || size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
    bool outside = (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF4 && text[1] > 0x8F);
    return overlong || outside ? 0 : size;
}

void buffer_add_json(struct buffer *buffer, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        size_t size = character_length(bytes + i, length - i);
        unsigned char c = bytes[i];
        if (!size)
            buffer_add_text(buffer, "\xEF\xBF\xBD"); /* U+FFFD */
        else if (c == '"' || c == '\\')
            buffer_addf(buffer, "\\%c", c);
        else if (c == '\n')
            buffer_add_text(buffer, "\\n");
        else if (c == '\t')
            buffer_add_text(buffer, "\\t");
        else if (c < 0x20 || c == 0x7F)
            buffer_addf(buffer, "\\u%04x", c);
        else
            buffer_add(buffer, text + i, size);
        i += size ? size : 1;
    }
}

void buffer_add_xml(struct buffer *buffer, const char *text)
{
    size_t length = strlen(text);
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        size_t size = character_length(bytes + i, length - i);
        unsigned char c = bytes[i];
        const char *entity = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : NULL;
        bool control = c < 0x20 && c != '\n' && c != '\t';
        if (!size || control)
            buffer_add_text(buffer, "\xEF\xBF\xBD");
        else if (entity)
            buffer_add_text(buffer, entity);
        else
            buffer_add(buffer, text + i, size);
        i += size ? size : 1;
    }
}
