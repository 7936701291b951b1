#include "source/visible.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- characters ---- */

/* One character as it is drawn. */
struct glyph {
    size_t bytes; /* that it takes of the text */
    uint32_t cells;
    char text[16];
};

/* The pictures of control characters stand in Unicode in their order. */
static void draw_control(struct glyph *glyph, uint32_t c)
{
    uint32_t picture = c == 0x7F ? 0x2421 : 0x2400 + c;
    glyph->text[0] = (char)(0xE0 | picture >> 12);
    glyph->text[1] = (char)(0x80 | (picture >> 6 & 0x3F));
    glyph->text[2] = (char)(0x80 | (picture & 0x3F));
}

static struct glyph glyph_at(const char *text, size_t length, uint32_t cell)
{
    struct glyph glyph = {.cells = 1};
    uint32_t c = utf8_read(text, length, &glyph.bytes);
    int cells = utf8_cells(c);
    if (c == '\t') {
        glyph.cells = TAB_CELLS - cell % TAB_CELLS;
        memset(glyph.text, ' ', glyph.cells);
    } else if (c < 0x20 || c == 0x7F) {
        draw_control(&glyph, c);
    } else if (c == UTF8_NONE) {
        strcpy(glyph.text, "\xEF\xBF\xBD"); /* U+FFFD */
    } else if (cells == UTF8_HIDDEN) {
        glyph.cells = (uint32_t)snprintf(glyph.text, sizeof glyph.text, "<U+%04X>", c & 0x1FFFFF);
    } else {
        memcpy(glyph.text, text, glyph.bytes);
        glyph.cells = (uint32_t)cells;
    }
    return glyph;
}

void add_visible(struct buffer *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        bool blank = text[at] == '\n' || text[at] == '\r' || text[at] == '\t';
        struct glyph glyph = glyph_at(text + at, length - at, 0);
        buffer_add_text(out, blank ? " " : glyph.text);
        at += glyph.bytes;
    }
}

/* ---- one line ---- */

static const char cut[] = "...";
#define CUT_CELLS (sizeof cut - 1)
#define BYTES_AT_MOST                                                                              \
    (8 * LINE_CELLS) /* many characters of no cells are no reason to show a megabyte */

/* Walks from begin while no more than `cells` are used; returns the bytes' end and the cells used. */
static uint32_t walk(const struct view *view, uint32_t to, uint32_t most, uint32_t *cells)
{
    uint32_t at = view->begin;
    *cells = view->begin ? CUT_CELLS : 0;
    while (at < to && at - view->begin < BYTES_AT_MOST) {
        struct glyph glyph = glyph_at(view->line + at, view->length - at, *cells);
        if (*cells + glyph.cells > most)
            break;
        *cells += glyph.cells;
        at += (uint32_t)glyph.bytes;
    }
    return at;
}

struct view view_of(const char *line, uint32_t length, uint32_t focus)
{
    struct view view = {line, length, 0, length};
    uint32_t cells;
    if (walk(&view, length, LINE_CELLS, &cells) == length)
        return view;
    if (walk(&view, focus, LINE_CELLS * 2 / 3, &cells) < focus) { /* too far right */
        view.begin = focus > LINE_CELLS / 3 ? focus - LINE_CELLS / 3 : 0;
        for (int i = 0; i < 3 && ((unsigned char)line[view.begin] & 0xC0) == 0x80; i++)
            view.begin++; /* to where a character begins */
        while (walk(&view, focus, LINE_CELLS * 2 / 3, &cells) < focus) /* tabs are wide */
            view.begin += (uint32_t)glyph_at(line + view.begin, length - view.begin, 0).bytes;
    }
    view.end = walk(&view, length, LINE_CELLS - CUT_CELLS, &cells);
    return view;
}

void view_add(struct buffer *out, const struct view *view)
{
    uint32_t cells = view->begin ? CUT_CELLS : 0;
    if (view->begin)
        buffer_add_text(out, cut);
    for (uint32_t at = view->begin; at < view->end;) {
        struct glyph glyph = glyph_at(view->line + at, view->length - at, cells);
        buffer_add_text(out, glyph.text);
        cells += glyph.cells;
        at += (uint32_t)glyph.bytes;
    }
    if (view->end < view->length)
        buffer_add_text(out, cut);
}

uint32_t view_cell(const struct view *view, uint32_t offset)
{
    uint32_t cells;
    if (offset < view->begin)
        return 0;
    walk(view, offset < view->end ? offset : view->end, UINT32_MAX, &cells);
    return cells;
}
