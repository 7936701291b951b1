#include "syntax/format_lines.h"
#include "base/memory.h"

#include <stdlib.h>

uint32_t text_width(const char *text, size_t length)
{
    uint32_t width = 0;
    for (size_t i = length; i > 0 && text[i - 1] != '\n'; i--)
        width += (text[i - 1] & 0xC0) != 0x80;
    return width;
}

void begin_line(struct format_lines *lines, uint32_t indent)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : 256;
        lines->lines = memory_resize(lines->lines, lines->capacity * sizeof *lines->lines);
    }
    uint32_t at = (uint32_t)lines->content.length;
    lines->lines[lines->count++] = (struct format_line){at, at, NULL, 0};
    add_blanks(lines, indent);
}

void add_blanks(struct format_lines *lines, uint32_t count)
{
    static const char blanks[] = "                                ";
    for (; count >= sizeof blanks - 1; count -= (uint32_t)sizeof blanks - 1)
        buffer_add(&lines->content, blanks, sizeof blanks - 1);
    buffer_add(&lines->content, blanks, count);
}

uint32_t line_column(const struct format_lines *lines)
{
    uint32_t begin = lines->lines[lines->count - 1].begin;
    return text_width(lines->content.text + begin, lines->content.length - begin);
}

void end_line(struct format_lines *lines)
{
    lines->lines[lines->count - 1].end = (uint32_t)lines->content.length;
}

void comment_line(struct format_lines *lines, const char *comment, uint32_t length)
{
    lines->lines[lines->count - 1].comment = comment;
    lines->lines[lines->count - 1].comment_length = length;
}

static bool is_blank_line(const struct format_line *line)
{
    return line->begin == line->end && !line->comment;
}

bool last_is_blank(const struct format_lines *lines)
{
    return !lines->count || is_blank_line(&lines->lines[lines->count - 1]);
}

static uint32_t width_of(const struct format_lines *lines, const struct format_line *line)
{
    return text_width(lines->content.text + line->begin, line->end - line->begin);
}

static bool is_commented(const struct format_line *line)
{
    return line->comment && line->end > line->begin;
}

static void write_line(const struct format_lines *lines, const struct format_line *line,
                       uint32_t comment_column, struct buffer *out)
{
    buffer_add(out, lines->content.text + line->begin, line->end - line->begin);
    if (line->comment) {
        uint32_t width = width_of(lines, line);
        for (uint32_t i = is_commented(line) ? width : comment_column; i < comment_column; i++)
            buffer_add_char(out, ' ');
        buffer_add(out, line->comment, line->comment_length);
    }
    buffer_add_char(out, '\n');
}

void write_lines(const struct format_lines *lines, struct buffer *out)
{
    uint32_t count = lines->count;
    while (count && is_blank_line(&lines->lines[count - 1]))
        count--;
    for (uint32_t i = 0; i < count;) {
        uint32_t end = i, column = 0;
        for (; end < count && is_commented(&lines->lines[end]); end++) {
            uint32_t width = width_of(lines, &lines->lines[end]) + 2;
            column = width > column ? width : column;
        }
        do
            write_line(lines, &lines->lines[i], column, out);
        while (++i < end);
    }
}

void free_lines(struct format_lines *lines)
{
    buffer_free(&lines->content);
    free(lines->lines);
}
