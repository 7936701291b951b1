/* How cells, heads and pages look, and the ways to fill a cell. */
#include "emit/workbook/workbook.h"

#include <string.h>

const char sheet_inputs[] = "Inputs", sheet_bench[] = "Bench time and labor",
           sheet_shipping[] = "Shipping and packaging", sheet_scorecard[] = "Order scorecard",
           sheet_prices[] = "Price breaks", sheet_sizes[] = "Batch size",
           sheet_sensitivity[] = "Sensitivity", sheet_steps[] = "Step by step",
           sheet_losses[] = "Expected losses", sheet_trials[] = "What if",
           sheet_trial_steps[] = "What if steps";

enum { ROW_HEIGHT = 16 };

static const struct {
    double size;
    bool bold, italic, wrap;
    uint8_t align, indent;
    lxw_color_t ink, paper;
    uint8_t top, bottom;
} looks[LOOK_COUNT_] = {
    [LOOK_TEXT] = {10, false, false, false, 0, 0, 0x000000, 0, 0, 0},
    [LOOK_UNIT] = {9, false, false, false, LXW_ALIGN_LEFT, 1, 0x555555, 0, 0, 0},
    [LOOK_MARK] = {9, false, false, false, LXW_ALIGN_CENTER, 0, 0x555555, 0, 0, 0},
    [LOOK_SHOWN] = {11, true, false, false, 0, 0, 0x1f3b57, 0, 0, 0},
    [LOOK_TITLE] = {15, true, false, false, 0, 0, 0x000000, 0, 0, 0},
    [LOOK_NOTE] = {9, false, true, false, 0, 0, 0x555555, 0, 0, 0},
    [LOOK_SECTION] = {10, true, false, false, 0, 0, 0x1f3b57, 0xdde6ef, 0, 0},
    [LOOK_HEAD] = {9, true, false, true, LXW_ALIGN_CENTER, 0, 0xffffff, 0x1f3b57, 0, 0},
    [LOOK_INPUT] = {10, false, false, false, 0, 0, 0x0000c0, 0xfff9d6, 0, LXW_BORDER_THIN},
    [LOOK_FIGURE] = {10, false, false, false, 0, 0, 0x000000, 0, 0, 0},
    [LOOK_TOTAL] = {10, true, false, false, 0, 0, 0x000000, 0, LXW_BORDER_THIN, 0},
};

/* Digits after the point: "00" for two. */
static const char *zeros(struct book *book, int count)
{
    char digits[16] = "";

    for (int i = 0; i < count && i < 12; i++)
        strcat(digits, "0");
    return arena_printf(book->arena, "%s%s", count > 0 ? "." : "", digits);
}

static int currency_places(const struct book *book)
{
    const char *currency = shop_currency(book->spec);
    int places = strlen(currency) == 3 ? currency_decimals(currency) : 2;

    return places < 0 ? 2 : places;
}

static const char *number_format(struct book *book, enum number number)
{
    const char *money = zeros(book, currency_places(book));
    const char *detail = zeros(book, currency_places(book) + 2);

    switch (number) {
    case NUMBER_COUNT:
        return "#,##0";
    case NUMBER_UNITS:
        return "#,##0.00";
    case NUMBER_MINUTES:
        return "#,##0.0;-#,##0.0;\"–\"";
    case NUMBER_PERCENT:
        return "0.0%";
    case NUMBER_MONEY:
        return arena_printf(book->arena, "#,##0%s \"%s\";[Red]-#,##0%s \"%s\"", money,
                            shop_currency(book->spec), money, shop_currency(book->spec));
    case NUMBER_DETAIL:
        return arena_printf(book->arena, "#,##0%s;-#,##0%s;\"–\"", detail, detail);
    case NUMBER_RATIO:
        return "0.000000;-0.000000;\"·\"";
    case NUMBER_INPUT:
        return "#,##0.########";
    case NUMBER_INPUT_PERCENT:
        return "0.######%";
    case NUMBER_SAMPLES:
        return arena_printf(book->arena, "[>=%d]\"all\";#,##0", LXW_ROW_MAX);
    case NUMBER_NONE:
    case NUMBER_COUNT_:
        break;
    }
    return "General";
}

lxw_format *book_format(struct book *book, enum look look, enum number number)
{
    lxw_format **format = &book->formats[look][number];

    if (*format)
        return *format;
    *format = workbook_add_format(book->file);
    format_set_font_name(*format, "DejaVu Sans");
    format_set_font_size(*format, looks[look].size);
    format_set_font_color(*format, looks[look].ink);
    format_set_align(*format, LXW_ALIGN_VERTICAL_CENTER);
    if (number != NUMBER_NONE)
        format_set_num_format(*format, number_format(book, number));
    if (looks[look].bold)
        format_set_bold(*format);
    if (looks[look].italic)
        format_set_italic(*format);
    if (looks[look].wrap)
        format_set_text_wrap(*format);
    if (looks[look].align)
        format_set_align(*format, looks[look].align);
    format_set_indent(*format, looks[look].indent);
    format_set_border_color(*format, 0xb0b0b0);
    if (looks[look].paper)
        format_set_bg_color(*format, looks[look].paper);
    format_set_top(*format, looks[look].top);
    format_set_bottom(*format, looks[look].bottom);
    return *format;
}

/* ---- cells ---- */

void put_text(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
              const char *text, enum look look)
{
    worksheet_write_string(sheet, row, column, text, book_format(book, look, NUMBER_NONE));
}

void put_number(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                struct rational number, enum look look, enum number kind)
{
    worksheet_write_number(sheet, row, column, rational_to_double(number),
                           book_format(book, look, kind));
}

void put_formula(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                 const char *formula, struct rational value, enum look look, enum number kind)
{
    if (*formula)
        worksheet_write_formula_num(sheet, row, column, formula, book_format(book, look, kind),
                                    rational_to_double(value));
}

void put_text_formula(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                      const char *formula, const char *value, enum look look, enum number kind)
{
    worksheet_write_formula_str(sheet, row, column, formula, book_format(book, look, kind), value);
}

void put_heads(struct book *book, lxw_worksheet *sheet, lxw_row_t row, const struct column *columns)
{
    for (lxw_col_t column = 0; columns[column].head; column++) {
        put_text(book, sheet, row, column, columns[column].head, LOOK_HEAD);
        worksheet_set_column(sheet, column, column, columns[column].width, NULL);
    }
    worksheet_set_row(sheet, row, 28, NULL);
}

void name_cells(struct book *book, const char *name, const char *cells)
{
    workbook_define_name(book->file, name, arena_printf(book->arena, "=%s", cells));
}

void fit_codes(struct book *book, lxw_worksheet *sheet, lxw_col_t column)
{
    enum { LEAST = 8, MOST = 30 };
    size_t letters = LEAST;

    for (int i = 0; i < book->sku_count; i++)
        if (strlen(book->sku_codes[i]) > letters)
            letters = strlen(book->sku_codes[i]);
    worksheet_set_column(sheet, column, column, letters < MOST ? (double)letters + 1 : MOST, NULL);
}

/* ---- pages ---- */

void set_up_sheet(struct book *book, lxw_worksheet *sheet, const char *title, const char *note)
{
    const struct product *product = book->product;
    const char *what = declaration_title(book->spec, &product->base, NULL, book->arena);

    put_text(book, sheet, 0, 0, arena_printf(book->arena, "%s: %s", what, title), LOOK_TITLE);
    put_text(book, sheet, 1, 0, note, LOOK_NOTE);
    worksheet_set_default_row(sheet, ROW_HEIGHT, LXW_FALSE);
    worksheet_set_row(sheet, 0, 24, NULL);
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
}

/* Who holds one page must see which product and which revision it is of. An ampersand begins a code there. */
static void set_head_and_foot(struct book *book, lxw_worksheet *sheet)
{
    enum { HEADER_LETTERS = 200 };
    const struct product *product = book->product;
    const char *title = declaration_title(book->spec, &product->base, NULL, book->arena);
    const char *number =
        product->number ? value_string(book->spec, &product->number->value, NULL, book->arena) : "";
    const char *revision =
        product->revision ? value_string(book->spec, &product->revision->value, NULL, book->arena)
                          : "";
    const char *shown = arena_printf(book->arena, "%s, %s rev. %s", title, number, revision);
    struct buffer text = {0};

    buffer_add_text(&text, "&L&8 ");
    for (; *shown; shown++) {
        if (text.length > HEADER_LETTERS && ((unsigned char)*shown & 0xc0) != 0x80)
            break;
        buffer_add_char(&text, *shown);
        if (*shown == '&')
            buffer_add_char(&text, '&');
    }
    buffer_add_text(&text, "&R&8&A");
    worksheet_set_header(sheet, text.text);
    worksheet_set_footer(sheet, "&L&8not for suppliers or customers&R&8&P / &N");
    buffer_free(&text);
}

void set_up_page(struct book *book, lxw_worksheet *sheet, lxw_row_t head_row, lxw_row_t last_row,
                 lxw_col_t last_column)
{
    enum { LETTER = 1, A4 = 9 };

    worksheet_freeze_panes(sheet, head_row + 1, 0);
    worksheet_repeat_rows(sheet, head_row, head_row);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, book->paper == PAPER_LETTER ? LETTER : A4);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.7, 0.6);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_print_area(sheet, 0, 0, last_row, last_column);
    set_head_and_foot(book, sheet);
}

/* ---- references ---- */

static void add_cell(struct buffer *out, lxw_row_t row, lxw_col_t column)
{
    char name[LXW_MAX_CELL_NAME_LENGTH + 8];

    lxw_rowcol_to_cell_abs(name, row, column, 1, 1);
    buffer_add_text(out, name);
}

const char *range_ref(struct book *book, const char *sheet, lxw_row_t first_row,
                      lxw_col_t first_column, lxw_row_t last_row, lxw_col_t last_column)
{
    struct buffer text = {0};

    if (sheet)
        buffer_addf(&text, strchr(sheet, ' ') ? "'%s'!" : "%s!", sheet);
    add_cell(&text, first_row, first_column);
    if (first_row != last_row || first_column != last_column) {
        buffer_add_char(&text, ':');
        add_cell(&text, last_row, last_column);
    }
    const char *ref = arena_copy_text(book->arena, text.text, text.length);
    buffer_free(&text);
    return ref;
}

const char *cell_ref(struct book *book, const char *sheet, lxw_row_t row, lxw_col_t column)
{
    return range_ref(book, sheet, row, column, row, column);
}
