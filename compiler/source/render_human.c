/* For people: the source line, the span underlined, labels and notes at their own places. */
#include "source/render_private.h"

#include <stdlib.h>
#include <string.h>
#include <stdio.h>

struct style {
    const char *error, *warning, *note, *help, *gutter, *bold, *reset;
};
static const struct style colored = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1;32m",
                                     "\x1b[1;34m", "\x1b[1m",    "\x1b[0m"};
static const struct style plain = {"", "", "", "", "", "", ""};

struct drawing {
    struct buffer *out;
    const struct source_set *sources;
    const struct style *style;
    int gutter; /* width of the line numbers */
};

/* ---- one line of a file, made safe and measured ---- */

#define LINE_SHOWN 120 /* columns of a source line */
#define TAB_WIDTH 4

/* Cells of a character: 0 for combining ones, 2 for the wide scripts of East Asia and emoji. */
static int cells_of(uint32_t c)
{
    if (c < 0x300)
        return 1;
    bool combining = c < 0x370 || (c >= 0x1AB0 && c < 0x1B00) || (c >= 0x20D0 && c < 0x2100) ||
                     (c >= 0xFE00 && c < 0xFE10) || c == 0x200B || c == 0x200D;
    bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xAC00 && c < 0xD7A4) ||
                (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE70) || (c >= 0xFF00 && c < 0xFF61) ||
                (c >= 0x1F300 && c < 0x1FB00) || (c >= 0x20000 && c < 0x30000);
    return combining ? 0 : wide ? 2 : 1;
}

/* The character at text; its size in bytes. Bytes that are none count as U+FFFD, one byte. */
static uint32_t character_at(const unsigned char *text, uint32_t length, uint32_t *size)
{
    uint32_t c = text[0];
    uint32_t more = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xF0 && c < 0xF5 ? 3 : 9;
    *size = 1;
    if (more == 0)
        return c;
    if (more > 3 || more >= length)
        return 0xFFFD;
    c &= 0x3Fu >> more;
    for (uint32_t i = 1; i <= more; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0xFFFD;
        c = c << 6 | (text[i] & 0x3F);
    }
    *size = more + 1;
    return c;
}

struct shown_line {
    struct buffer text; /* tabs widened, control characters replaced */
    uint32_t mark_begin, mark_end; /* cells of the span in it */
};

/* The part of a long line around the span. */
static uint32_t window_start(const char *line, uint32_t length, uint32_t begin)
{
    if (length <= LINE_SHOWN || begin < LINE_SHOWN / 2)
        return 0;
    uint32_t start = begin - LINE_SHOWN / 3;
    while (start < begin && ((unsigned char)line[start] & 0xC0) == 0x80)
        start++;
    return start;
}

static void show_line(struct shown_line *shown, const char *line, uint32_t length, uint32_t begin, uint32_t end)
{
    uint32_t cells = 0, start = window_start(line, length, begin), at = start;
    if (start) {
        buffer_add_text(&shown->text, "...");
        cells = 3;
    }
    shown->mark_begin = shown->mark_end = 0;
    while (at < length && cells < LINE_SHOWN) {
        uint32_t size, c = character_at((const unsigned char *)line + at, length - at, &size);
        if (at == begin)
            shown->mark_begin = cells;
        if (c == '\t') {
            for (uint32_t stop = cells / TAB_WIDTH * TAB_WIDTH + TAB_WIDTH; cells < stop; cells++)
                buffer_add_char(&shown->text, ' ');
        } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xFFFD || (c >= 0x202A && c <= 0x202E)) {
            buffer_add_text(&shown->text, "\xEF\xBF\xBD");
            cells++;
        } else {
            buffer_add(&shown->text, line + at, size);
            cells += (uint32_t)cells_of(c);
        }
        at += size;
        if (at <= end)
            shown->mark_end = cells;
    }
    if (at < length)
        buffer_add_text(&shown->text, "...");
    if (begin >= at) /* the end of the line, or beyond what is shown */
        shown->mark_begin = cells;
    if (shown->mark_end <= shown->mark_begin)
        shown->mark_end = shown->mark_begin + 1;
}

/* ---- snippets ---- */

static void add_safe(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_add_char(out, (unsigned char)*text < 0x20 || *text == 0x7F ? ' ' : *text);
}

static void draw_gutter(const struct drawing *drawing, uint32_t line)
{
    char number[16] = "";
    if (line)
        snprintf(number, sizeof number, "%u", line);
    buffer_addf(drawing->out, "%s%*s |%s", drawing->style->gutter, drawing->gutter, number, drawing->style->reset);
}

static void draw_mark(const struct drawing *drawing, const struct shown_line *shown, char mark, const char *color,
                      const char *text)
{
    draw_gutter(drawing, 0);
    buffer_addf(drawing->out, " %*s%s", (int)shown->mark_begin, "", color);
    for (uint32_t i = shown->mark_begin; i < shown->mark_end; i++)
        buffer_add_char(drawing->out, mark);
    if (text && *text) {
        buffer_add_char(drawing->out, ' ');
        add_safe(drawing->out, text);
    }
    buffer_addf(drawing->out, "%s\n", drawing->style->reset);
}

struct mark {
    struct span span;
    char mark;
    const char *color, *text;
};

/* A line with one or more marks on it; `last` is the line drawn before, 0 for none. */
static void draw_line(const struct drawing *drawing, struct position at, const struct mark *mark, bool repeat)
{
    uint32_t length;
    const char *line = source_line(at.source, at.line, &length);
    uint32_t line_begin = at.source->base + (uint32_t)(line - at.source->text);
    uint32_t begin = mark->span.begin >= line_begin ? mark->span.begin - line_begin : 0;
    uint32_t end = mark->span.end > line_begin ? mark->span.end - line_begin : begin;
    struct shown_line shown = {0};
    show_line(&shown, line, length, begin, end > length ? length : end);
    if (!repeat) {
        draw_gutter(drawing, at.line);
        buffer_addf(drawing->out, " %s\n", buffer_text(&shown.text));
    }
    draw_mark(drawing, &shown, mark->mark, mark->color, mark->text);
    buffer_free(&shown.text);
}

static int by_line(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    return (a->span.begin > b->span.begin) - (a->span.begin < b->span.begin);
}

#define MARKS_AT_MOST 32

/* The marks that stand in one file, from top to bottom. */
static void draw_file(const struct drawing *drawing, struct mark *marks, int count, const char *arrow,
                      struct span head)
{
    struct position at = position_of(drawing->sources, head.begin);
    buffer_addf(drawing->out, "%s%*s%s%s ", drawing->style->gutter, drawing->gutter, "", arrow, drawing->style->reset);
    add_safe(drawing->out, at.source->path);
    buffer_addf(drawing->out, ":%u:%u\n", at.line, at.column);
    qsort(marks, (size_t)count, sizeof *marks, by_line);
    uint32_t last = 0;
    for (int i = 0; i < count; i++) {
        struct position here = position_of(drawing->sources, marks[i].span.begin);
        if (last && here.line > last + 1) {
            draw_gutter(drawing, 0);
            buffer_add_text(drawing->out, here.line > last + 2 ? " ...\n" : "\n");
        } else if (!last) {
            draw_gutter(drawing, 0);
            buffer_add_char(drawing->out, '\n');
        }
        draw_line(drawing, here, &marks[i], here.line == last);
        last = here.line;
    }
}

static void draw_elsewhere(const struct drawing *drawing, const struct remark *remark, const char *color)
{
    struct mark mark = {remark->span, '-', color, remark->text};
    draw_file(drawing, &mark, 1, ":::", remark->span);
}

static void draw_places(const struct drawing *drawing, const struct diagnostic *d, const char *color)
{
    const struct source *home = source_of(drawing->sources, d->span.begin);
    struct mark marks[MARKS_AT_MOST] = {{d->span, '^', color, NULL}};
    int count = 1;
    for (const struct remark *label = d->labels; label; label = label->next)
        if (source_of(drawing->sources, label->span.begin) == home && count < MARKS_AT_MOST)
            marks[count++] = (struct mark){label->span, '-', drawing->style->gutter, label->text};
    draw_file(drawing, marks, count, "-->", d->span);
    for (const struct remark *label = d->labels; label; label = label->next) {
        const struct source *source = source_of(drawing->sources, label->span.begin);
        if (source && source != home)
            draw_elsewhere(drawing, label, drawing->style->gutter);
    }
}

static void draw_remark(const struct drawing *drawing, const char *color, const char *kind, const char *text)
{
    buffer_addf(drawing->out, "%s%*s =%s %s%s:%s ", drawing->style->gutter, drawing->gutter, "",
                drawing->style->reset, color, kind, drawing->style->reset);
    add_safe(drawing->out, text);
    buffer_add_char(drawing->out, '\n');
}

static int digits_of(uint32_t number)
{
    int digits = 1;
    while (number >= 10)
        number /= 10, digits++;
    return digits;
}

/* The widest line number of all that is drawn for one diagnostic. */
static int gutter_of(const struct drawing *drawing, const struct diagnostic *d)
{
    int width = digits_of(position_of(drawing->sources, d->span.begin).line);
    const struct remark *lists[] = {d->labels, d->notes};
    for (int i = 0; i < 2; i++)
        for (const struct remark *at = lists[i]; at; at = at->next) {
            int digits = digits_of(position_of(drawing->sources, at->span.begin).line);
            width = digits > width ? digits : width;
        }
    return width;
}

static void draw_diagnostic(struct drawing *drawing, const struct diagnostic *d)
{
    const struct style *style = drawing->style;
    const char *color = d->severity == SEVERITY_ERROR     ? style->error
                        : d->severity == SEVERITY_WARNING ? style->warning
                                                          : style->note;
    drawing->gutter = gutter_of(drawing, d);
    buffer_addf(drawing->out, "%s%s[%s]%s%s: ", color, severity_names[d->severity], rule_rows[d->rule].name,
                style->reset, style->bold);
    add_safe(drawing->out, d->message);
    buffer_addf(drawing->out, "%s\n", style->reset);
    if (source_of(drawing->sources, d->span.begin))
        draw_places(drawing, d, color);
    for (const struct remark *note = d->notes; note; note = note->next)
        if (source_of(drawing->sources, note->span.begin))
            draw_elsewhere(drawing, note, style->note);
        else
            draw_remark(drawing, style->note, "note", note->text);
    if (d->help)
        draw_remark(drawing, style->help, "help", d->help);
    buffer_add_char(drawing->out, '\n');
}

static void draw_count(struct buffer *out, int count, const char *what)
{
    buffer_addf(out, "%d %s%s", count, what, count == 1 ? "" : "s");
}

void render_human(struct buffer *out, const struct diagnostics *list, const struct source_set *sources,
                  const struct render_options *options)
{
    struct drawing drawing = {out, sources, options->color ? &colored : &plain, 1};
    int shown = list->count;
    if (!list->count)
        return;
    if (options->max_errors && options->max_errors < shown)
        shown = options->max_errors;
    for (int i = 0; i < shown; i++)
        draw_diagnostic(&drawing, list->items[i]);
    if (list->errors)
        draw_count(out, list->errors, "error");
    if (list->errors && list->warnings)
        buffer_add_text(out, ", ");
    if (list->warnings)
        draw_count(out, list->warnings, "warning");
    if (shown < list->count)
        buffer_addf(out, "; %d more not shown (--max-errors 0 shows all)", list->count - shown);
    buffer_add_char(out, '\n');
}
