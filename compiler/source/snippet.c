#include "source/snippet.h"

#include "source/visible.h"

#include <stdlib.h>
#include <string.h>

/* ---- a row of marks, filled cell by cell ---- */

#define ROW_CELLS (LINE_CELLS + 16)

struct row {
    char cells[ROW_CELLS];
    const char *colors[ROW_CELLS];
    uint32_t length;
};

static void row_fill(struct row *row, uint32_t begin, uint32_t end, char mark, const char *color)
{
    for (; row->length < end && row->length < ROW_CELLS; row->length++)
        row->cells[row->length] = ' ', row->colors[row->length] = "";
    for (uint32_t i = begin; i < end && i < ROW_CELLS; i++)
        row->cells[i] = mark, row->colors[i] = color;
}

/* The row, then a text after `gap` blanks. */
static void row_draw(const struct canvas *canvas, const struct row *row, uint32_t gap,
                     const char *color, const char *text)
{
    const char *last = "", *reset = canvas->style->reset;
    draw_gutter(canvas);
    buffer_add_char(canvas->out, ' ');
    for (uint32_t i = 0; i < row->length; i++) {
        if (row->colors[i] != last)
            buffer_addf(canvas->out, "%s%s", *last ? reset : "", row->colors[i]);
        last = row->colors[i];
        buffer_add_char(canvas->out, row->cells[i]);
    }
    buffer_addf(canvas->out, "%s", *last ? reset : "");
    if (text) {
        buffer_addf(canvas->out, "%*s%s", (int)gap, "", color);
        add_visible(canvas->out, text, strlen(text));
        buffer_add_text(canvas->out, reset);
    }
    buffer_add_char(canvas->out, '\n');
}

void draw_gutter(const struct canvas *canvas)
{
    const struct style *style = canvas->style;
    buffer_addf(canvas->out, "%s%*s |%s", style->gutter, canvas->gutter, "", style->reset);
}

/* ---- what of a mark stands on one line ---- */

struct piece {
    const struct mark *mark;
    uint32_t line;
    uint32_t begin, end; /* bytes in the line, then cells */
    const char *text;
};

static int by_place(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->mark > b->mark) - (a->mark < b->mark);
}

static uint32_t indent_of(const char *line, uint32_t length)
{
    uint32_t indent = 0;
    while (indent < length && (line[indent] == ' ' || line[indent] == '\t'))
        indent++;
    return indent;
}

/* A mark over several lines is shown on its first and its last one. Returns how many pieces it takes. */
static int cut_mark(const struct source *source, const struct mark *mark, struct piece *pieces)
{
    uint32_t length, position = mark->span.begin;
    uint32_t end = mark->span.end > position ? mark->span.end : position;
    uint32_t first = source_line_number(source, position);
    uint32_t last = end > position ? source_line_number(source, end - 1) : first;
    const char *line = source_line(source, first, &length);
    uint32_t offset = source->base + (uint32_t)(line - source->text);
    uint32_t begin = position > offset ? position - offset : 0;
    pieces[0] = (struct piece){mark, first, begin, end > offset ? end - offset : 0, mark->text};
    if (pieces[0].end > length)
        pieces[0].end = length;
    if (first == last)
        return 1;
    line = source_line(source, last, &length);
    offset = source->base + (uint32_t)(line - source->text);
    pieces[1] = (struct piece){mark, last, indent_of(line, length), end - offset, mark->text};
    pieces[0].text = NULL;
    return 2;
}

/* ---- a line and what is said of it ---- */

static void draw_source(const struct canvas *canvas, uint32_t number, const struct view *view)
{
    const struct style *style = canvas->style;
    buffer_addf(canvas->out, "%s%*u |%s%s", style->gutter, canvas->gutter, number, style->reset,
                view->length ? " " : "");
    view_add(canvas->out, view);
    buffer_add_char(canvas->out, '\n');
}

/* From bytes to cells. A mark is at least one cell wide. */
static void place_pieces(const struct view *view, struct piece *pieces, int count)
{
    for (int i = 0; i < count; i++) {
        pieces[i].begin = view_cell(view, pieces[i].begin);
        pieces[i].end = view_cell(view, pieces[i].end);
        if (pieces[i].end <= pieces[i].begin)
            pieces[i].end = pieces[i].begin + 1;
    }
}

static void underline(const struct canvas *canvas, struct row *row, const struct piece *pieces,
                      int count)
{
    const struct style *style = canvas->style;
    for (int primary = 0; primary < 2; primary++) /* the primary ones last: they are seen */
        for (int i = 0; i < count; i++)
            if (pieces[i].mark->primary == primary)
                row_fill(row, pieces[i].begin, pieces[i].end,
                         primary ? style->primary_mark : style->label_mark, pieces[i].mark->color);
}

/* The last text stands beside its mark, if nothing is to the right of that; the others hang below theirs, from right
   to left. */
static void draw_texts(const struct canvas *canvas, const struct row *marks,
                       const struct piece *pieces, int count)
{
    const struct piece *hanging[2 * MARKS_AT_MOST], *beside = NULL;
    int left = 0;
    for (int i = 0; i < count; i++)
        if (pieces[i].text && *pieces[i].text)
            hanging[left++] = &pieces[i];
    if (left) {
        const struct piece *last = hanging[left - 1];
        bool seen = last->mark->primary || last->begin >= ROW_CELLS ||
                    marks->cells[last->begin] == canvas->style->label_mark;
        if (seen && last->end == marks->length)
            beside = hanging[--left];
    }
    row_draw(canvas, marks, 1, beside ? beside->mark->color : "", beside ? beside->text : NULL);
    for (int i = left; i >= 0 && left; i--) { /* first the stems alone, then text by text */
        struct row stems = {.length = 0};
        const struct piece *said = i < left ? hanging[i] : NULL;
        for (int k = 0; k < left && (!said || hanging[k]->begin < said->begin); k++)
            row_fill(&stems, hanging[k]->begin, hanging[k]->begin + 1, canvas->style->stem,
                     hanging[k]->mark->color);
        row_draw(canvas, &stems, said ? said->begin - stems.length : 0,
                 said ? said->mark->color : "", said ? said->text : NULL);
    }
}

/* A line with the pieces on it. */
static void draw_line(const struct canvas *canvas, const struct source *source,
                      struct piece *pieces, int count)
{
    uint32_t length, focus = pieces[0].begin;
    const char *line = source_line(source, pieces[0].line, &length);
    for (int i = 0; i < count; i++)
        if (pieces[i].mark->primary)
            focus = pieces[i].begin;
    struct view view = view_of(line, length, focus < length ? focus : length);
    struct row marks = {.length = 0};
    draw_source(canvas, pieces[0].line, &view);
    place_pieces(&view, pieces, count);
    underline(canvas, &marks, pieces, count);
    draw_texts(canvas, &marks, pieces, count);
}

/* What lies between two lines: nothing, the one line that does, or a sign that there are more. */
static void draw_gap(const struct canvas *canvas, const struct source *source, uint32_t before,
                     uint32_t line)
{
    if (line == before + 2) {
        uint32_t length;
        const char *between = source_line(source, before + 1, &length);
        struct view view = view_of(between, length, 0);
        draw_source(canvas, before + 1, &view);
    } else if (line > before + 2) {
        draw_gutter(canvas);
        buffer_add_text(canvas->out, " ...\n");
    }
}

void draw_snippet(const struct canvas *canvas, const char *arrow, const struct mark *marks,
                  int count)
{
    struct piece pieces[2 * MARKS_AT_MOST];
    struct position at = position_of(canvas->sources, marks[0].span.begin);
    const struct style *style = canvas->style;
    int found = 0;
    for (int i = 0; i < count && i < MARKS_AT_MOST; i++)
        found += cut_mark(at.source, &marks[i], pieces + found);
    qsort(pieces, (size_t)found, sizeof *pieces, by_place);
    buffer_addf(canvas->out, "%s%*s%s%s ", style->gutter, canvas->gutter, "", arrow, style->reset);
    add_visible(canvas->out, at.source->path, strlen(at.source->path));
    buffer_addf(canvas->out, ":%u:%u\n", at.line, at.column);
    draw_gutter(canvas);
    buffer_add_char(canvas->out, '\n');
    for (int begin = 0, end; begin < found; begin = end) {
        for (end = begin; end < found && pieces[end].line == pieces[begin].line;)
            end++;
        if (begin)
            draw_gap(canvas, at.source, pieces[begin - 1].line, pieces[begin].line);
        draw_line(canvas, at.source, pieces + begin, end - begin);
    }
}
