/* A growing text. Zero-initialise; always NUL-terminated once something was added. */
#ifndef FLOW_BASE_BUFFER_H
#define FLOW_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

struct buffer {
    char *text; /* NULL while empty */
    size_t length;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, const char *text, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_addf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_vaddf(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
void buffer_clear(struct buffer *buffer); /* empties, keeps the memory */
void buffer_free(struct buffer *buffer);

/* The text, "" while empty. */
const char *buffer_text(const struct buffer *buffer);

/* Adds bytes as base64. */
void buffer_add_base64(struct buffer *buffer, const char *bytes, size_t length);

/* Adds text as the inside of a JSON string (no quotes), of an XML/HTML text, of a CSV cell. */
void buffer_add_json(struct buffer *buffer, const char *text, size_t length);
void buffer_add_xml(struct buffer *buffer, const char *text);

#endif
