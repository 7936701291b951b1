#include "source/visible.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- characters ---- */

enum { HIDDEN = -1 };

/* How many cells a terminal gives a character, where it is not one. Hidden ones make a text look other than it is. After
   Unicode 15: East_Asian_Width W and F, General_Category Mn, Me and Cf, in ranges that a line of a spec may meet. */
static const struct {
    uint32_t first, last;
    int cells;
} widths[] = {
    {0x0080, 0x009F, HIDDEN},   {0x00AD, 0x00AD, HIDDEN}, {0x0300, 0x036F, 0},
    {0x0483, 0x0489, 0},        {0x0591, 0x05BD, 0},      {0x0610, 0x061A, 0},
    {0x061C, 0x061C, HIDDEN},   {0x064B, 0x065F, 0},      {0x093C, 0x093C, 0},
    {0x094D, 0x094D, 0},        {0x0E34, 0x0E3A, 0},      {0x0E47, 0x0E4E, 0},
    {0x1100, 0x115F, 2},        {0x180E, 0x180E, HIDDEN}, {0x1AB0, 0x1AFF, 0},
    {0x1DC0, 0x1DFF, 0},        {0x200B, 0x200B, HIDDEN}, {0x200C, 0x200D, 0},
    {0x200E, 0x200F, HIDDEN},   {0x2028, 0x202E, HIDDEN}, {0x2060, 0x206F, HIDDEN},
    {0x20D0, 0x20F0, 0},        {0x231A, 0x231B, 2},      {0x23E9, 0x23EC, 2},
    {0x2614, 0x2615, 2},        {0x26AA, 0x26AB, 2},      {0x26BD, 0x26BE, 2},
    {0x2705, 0x2705, 2},        {0x274C, 0x274C, 2},      {0x2B50, 0x2B50, 2},
    {0x2E80, 0x303E, 2},        {0x3041, 0x4DBF, 2},      {0x4E00, 0xA4CF, 2},
    {0xA960, 0xA97C, 2},        {0xAC00, 0xD7A3, 2},      {0xF900, 0xFAFF, 2},
    {0xFE00, 0xFE0F, 0},        {0xFE20, 0xFE2F, 0},      {0xFE30, 0xFE6F, 2},
    {0xFEFF, 0xFEFF, HIDDEN},   {0xFF01, 0xFF60, 2},      {0xFFE0, 0xFFE6, 2},
    {0xFFF9, 0xFFFB, HIDDEN},   {0x1F300, 0x1F64F, 2},    {0x1F680, 0x1F6FF, 2},
    {0x1F900, 0x1F9FF, 2},      {0x1FA70, 0x1FAFF, 2},    {0x20000, 0x3FFFD, 2},
    {0xE0000, 0xE007F, HIDDEN}, {0xE0100, 0xE01EF, 0},
};

static int cells_of(uint32_t c)
{
    size_t low = 0, high = sizeof widths / sizeof *widths;
    if (c < widths[0].first)
        return 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (widths[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof widths / sizeof *widths && widths[low].first <= c ? widths[low].cells : 1;
}

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
    int cells = c == UTF8_NONE ? 1 : cells_of(c);
    if (c == '\t') {
        glyph.cells = TAB_CELLS - cell % TAB_CELLS;
        memset(glyph.text, ' ', glyph.cells);
    } else if (c < 0x20 || c == 0x7F) {
        draw_control(&glyph, c);
    } else if (c == UTF8_NONE) {
        strcpy(glyph.text, "\xEF\xBF\xBD"); /* U+FFFD */
    } else if (cells == HIDDEN) {
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
