/* The notes behind the cells: in which line of the spec a figure stands, and how it comes about. */
#include "emit/workbook/workbook.h"

#include <string.h>

enum { LINE_LETTERS = 34, LINES_AT_MOST = 14 };

/* How each kind of cost is reckoned, in the order of enum cost_kind. */
static const char *const kind_notes[COST_KIND_COUNT] = {
    [COST_LABOUR] = "Bench time of each step x the rate of its station (Step by step).",
    [COST_MACHINE] = "Machine time of each print or cut, setting up included, x the machine's rate "
                     "(Step by step).",
    [COST_ENERGY] = "Running time x the machine's power x the price of energy (Step by step).",
    [COST_MATERIAL] = "Mass of each part made x (1 + waste) x the material's cost; parts that are "
                      "lost on the way count (Step by step).",
    [COST_ITEMS] = "What steps consume x what it costs (Step by step).",
    [COST_OUTSIDE] = "What suppliers charge for outsourced steps (Step by step).",
    [COST_SHIPPING] = "What the carrier charges (Step by step).",
    [COST_ONCE] = "Tooling and programming, paid once, spread over `amortize over`, else over the "
                  "units made together.",
    [COST_OVERHEAD] = "The shop's overhead x (labour + machine) (Step by step).",
};

const char *kind_note(enum cost_kind kind)
{
    return kind_notes[kind];
}

const char *place_of(struct book *book, struct span span)
{
    struct position place = position_of(book->spec->sources, span.begin);

    if (!place.source)
        return "";
    return arena_printf(book->arena, "%s:%u",
                        emit_source_name(book->spec, place.source, book->arena), place.line);
}

/* As high as the text needs: a note that is cut says nothing. */
static uint16_t lines_of(const char *text)
{
    size_t lines = 1, letters = 0;

    for (; *text; text++) {
        letters = *text == '\n' ? 0 : letters + 1;
        if (*text == '\n' || letters > LINE_LETTERS) {
            lines++;
            letters = 1;
        }
    }
    return (uint16_t)(lines < LINES_AT_MOST ? lines : LINES_AT_MOST);
}

void put_note(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text)
{
    static char font[] = "DejaVu Sans";
    enum { WIDTH = 230, LINE_HEIGHT = 15, MARGIN = 12 };
    lxw_comment_options options = {
        .width = WIDTH,
        .height = (uint16_t)(MARGIN + LINE_HEIGHT * lines_of(text)),
        .color = 0xfffff0,
        .font_name = font,
        .font_size = 8,
    };

    if (*text)
        worksheet_write_comment_opt(sheet, row, column, text, &options);
}

void put_notes(lxw_worksheet *sheet, lxw_row_t row, const struct note *notes, int count)
{
    for (int i = 0; i < count; i++)
        put_note(sheet, row, notes[i].column, notes[i].text);
}
