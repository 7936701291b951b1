/* The lines of a formatted file while it is laid out: contents in one buffer, comments at their ends in a
   column of their own. Internal to the formatter. */
#ifndef FLOW_SYNTAX_FORMAT_LINES_H
#define FLOW_SYNTAX_FORMAT_LINES_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct format_line {
    uint32_t begin, end; /* of the content, in the buffer */
    const char *comment; /* at its end; NULL for none */
    uint32_t comment_length;
};

struct format_lines {
    struct buffer content;
    struct format_line *lines;
    uint32_t count, capacity;
};

/* Characters (code points) behind the last newline of a text. */
uint32_t text_width(const char *text, size_t length);

void begin_line(struct format_lines *lines, uint32_t indent);
void add_blanks(struct format_lines *lines, uint32_t count);
/* Where the line in hand stands. */
uint32_t line_column(const struct format_lines *lines);
/* Ends the line in hand, which may be empty. */
void end_line(struct format_lines *lines);
/* Gives the last line a comment. */
void comment_line(struct format_lines *lines, const char *comment, uint32_t length);
bool last_is_blank(const struct format_lines *lines);

/* All lines, comments of lines that follow one another in one column. */
void write_lines(const struct format_lines *lines, struct buffer *out);
void free_lines(struct format_lines *lines);

#endif
