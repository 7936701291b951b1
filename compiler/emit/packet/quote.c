/* quote.xlsx: the supplier fills in the yellow cells; the totals are formulas, and nothing else can be changed. */
#include "emit/packet/packet.h"

#include "base/file.h"
#include "base/sink.h"
#include "emit/common/worksheet.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    CREATED = 315532800, /* 1980-01-01, as the files in the archive: no clock in the bytes */
    COLUMN_WHAT = 1,
    COLUMN_QUANTITY = 3,
    COLUMN_PRICE = 4,
    COLUMN_LEAD = 7,
    COLUMN_TOTAL = 8,
    COLUMN_EACH = 9,
    REMARK_ROWS = 6
};

static const struct {
    const char *head;
    double width;
} columns[] = {
    {"No.", 5},         {"What", 34},          {"Number", 20},        {"Quantity", 10},
    {"Unit price", 12}, {"Set-up, once", 13},  {"Tooling, once", 13}, {"Lead time, workdays", 12},
    {"Total", 14},      {"A unit, all in", 14}};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

struct quote_book {
    struct request *request;
    lxw_workbook *file;
    lxw_worksheet *sheet;
    lxw_format *title, *note, *name, *head, *text, *count, *input, *input_text, *money;
    lxw_row_t row;
};

static lxw_format *make_format(struct quote_book *book, double size, bool bold, bool border)
{
    lxw_format *format = workbook_add_format(book->file);
    format_set_font_name(format, "DejaVu Sans");
    format_set_font_size(format, size);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (bold)
        format_set_bold(format);
    if (border) {
        format_set_border(format, LXW_BORDER_THIN);
        format_set_border_color(format, 0xb0b0b0);
    }
    return format;
}

static void make_formats(struct quote_book *book)
{
    book->title = make_format(book, 15, true, false);
    book->note = make_format(book, 9, false, false);
    book->name = make_format(book, 9, false, false);
    format_set_font_color(book->name, 0x555555);
    book->head = make_format(book, 9, true, true);
    format_set_text_wrap(book->head);
    format_set_bg_color(book->head, 0xdde6ef);
    book->text = make_format(book, 10, false, true);
    format_set_text_wrap(book->text);
    book->count = make_format(book, 10, false, true);
    format_set_num_format(book->count, "#,##0");
    book->money = make_format(book, 10, true, true);
    format_set_num_format(book->money, "#,##0.00");
    book->input = make_format(book, 10, false, true);
    format_set_num_format(book->input, "#,##0.00##");
    book->input_text = make_format(book, 10, false, true);
    format_set_text_wrap(book->input_text);
    lxw_format *const inputs[] = {book->input, book->input_text};
    for (int i = 0; i < 2; i++) {
        format_set_bg_color(inputs[i], 0xfff9d6);
        format_set_unlocked(inputs[i]);
    }
}

/* ---- the head ---- */

static const char *row_text(struct request *request, const struct simple *row)
{
    struct emit_context *context = request->context;
    return row ? value_string(context->spec, &row->value, NULL, context->arena) : "";
}

static void write_known(struct quote_book *book)
{
    struct request *request = book->request;
    const struct product *product = request->context->product;
    const struct packet *packet = request->packet;
    const char *const facts[][2] = {
        {"Number", row_text(request, product->number)},
        {"Revision", row_text(request, product->revision)},
        {"Fingerprint", arena_printf(request->context->arena, "%.16s", request->fingerprint)},
        {"Reply by", row_text(request, packet->reply)},
        {"Contact", row_text(request, packet->contact)}};
    static const char *const blanks[] = {"Supplier", "Quoted by", "Date", "Valid until",
                                         "Currency"};
    for (lxw_row_t i = 0; i < 5; i++) {
        lxw_row_t row = book->row + i;
        worksheet_write_string(book->sheet, row, COLUMN_WHAT, facts[i][0], book->name);
        worksheet_write_string(book->sheet, row, COLUMN_WHAT + 1, facts[i][1], book->note);
        worksheet_write_string(book->sheet, row, COLUMN_LEAD - 1, blanks[i], book->name);
        worksheet_merge_range(book->sheet, row, COLUMN_LEAD, row, COLUMN_EACH, "",
                              book->input_text);
    }
    book->row += 6;
}

/* ---- the lines ---- */

static void hold_to_numbers(struct quote_book *book, lxw_row_t first, lxw_row_t last)
{
    char title[] = "A number", message[] = "Please give a number, without a currency.";
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_DECIMAL,
                                .criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
                                .value_number = 0,
                                .error_title = title,
                                .error_message = message};
    worksheet_data_validation_range(book->sheet, first, COLUMN_PRICE, last, COLUMN_LEAD, &rule);
}

static void write_line(struct quote_book *book, int number, const struct quote_line *line)
{
    struct arena *arena = book->request->context->arena;
    lxw_row_t row = book->row++;
    unsigned place = row + 1; /* as a formula counts */
    worksheet_write_number(book->sheet, row, 0, number, book->count);
    worksheet_write_string(book->sheet, row, COLUMN_WHAT, line->what, book->text);
    worksheet_write_string(book->sheet, row, COLUMN_WHAT + 1, line->number, book->text);
    worksheet_write_number(book->sheet, row, COLUMN_QUANTITY, (double)line->count, book->count);
    for (lxw_col_t column = COLUMN_PRICE; column <= COLUMN_LEAD; column++)
        worksheet_write_blank(book->sheet, row, column, book->input);
    worksheet_write_formula_str(book->sheet, row, COLUMN_TOTAL,
                                arena_printf(arena, "=IF(E%u=\"\",\"\",D%u*E%u+F%u+G%u)", place,
                                             place, place, place, place),
                                book->money, "");
    worksheet_write_formula_str(
        book->sheet, row, COLUMN_EACH,
        arena_printf(arena, "=IF(E%u=\"\",\"\",I%u/D%u)", place, place, place), book->money, "");
}

static void write_lines(struct quote_book *book)
{
    struct quote_line *lines;
    int count = quote_lines(book->request, &lines);
    for (lxw_col_t i = 0; i < COLUMN_COUNT; i++) {
        worksheet_set_column(book->sheet, i, i, columns[i].width, NULL);
        worksheet_write_string(book->sheet, book->row, i, columns[i].head, book->head);
    }
    worksheet_set_row(book->sheet, book->row, 28, NULL);
    worksheet_freeze_panes(book->sheet, book->row + 1, 0);
    worksheet_repeat_rows(book->sheet, book->row, book->row);
    lxw_row_t first = ++book->row;
    for (int i = 0; i < count; i++)
        write_line(book, i + 1, &lines[i]);
    if (count)
        hold_to_numbers(book, first, book->row - 1);
    book->row++;
}

static void write_remarks(struct quote_book *book)
{
    worksheet_write_string(book->sheet, book->row++, COLUMN_WHAT,
                           "Assumptions, exclusions, deviations from the drawing or the inspection "
                           "plan, minimum order, packing:",
                           book->name);
    for (int i = 0; i < REMARK_ROWS; i++, book->row++)
        worksheet_merge_range(book->sheet, book->row, COLUMN_WHAT, book->row, COLUMN_EACH, "",
                              book->input_text);
}

/* ---- the files ---- */

static void write_files(struct quote_book *book)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, "Files");
    static const char *const heads[] = {"File", "What", "Of", "Bytes", "SHA-256"};
    static const double widths[] = {34, 12, 30, 12, 74};
    const struct enclosures *files = &book->request->enclosures;
    for (lxw_col_t i = 0; i < 5; i++) {
        worksheet_set_column(sheet, i, i, widths[i], NULL);
        worksheet_write_string(sheet, 0, i, heads[i], book->head);
    }
    for (int i = 0; i < files->count; i++) {
        const struct enclosure *file = &files->items[i];
        lxw_row_t row = (lxw_row_t)i + 1;
        worksheet_write_string(sheet, row, 0, file->name, book->text);
        worksheet_write_string(sheet, row, 1, file->what, book->text);
        worksheet_write_string(sheet, row, 2, file->of, book->text);
        worksheet_write_number(sheet, row, 3, (double)file->length, book->count);
        worksheet_write_string(sheet, row, 4, file->sha256, book->text);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_protect(sheet, NULL, NULL);
}

/* ---- the workbook ---- */

static void set_up_sheet(struct quote_book *book)
{
    enum { LETTER = 1, A4 = 9 };
    worksheet_gridlines(book->sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_landscape(book->sheet);
    worksheet_set_paper(book->sheet, book->request->context->paper == PAPER_LETTER ? LETTER : A4);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    worksheet_set_footer(book->sheet, "&L&8&A&R&8&P / &N");
    worksheet_print_area(book->sheet, 0, 0, book->row, COLUMN_EACH);
    lxw_protection protection = {.no_select_locked_cells = LXW_FALSE};
    worksheet_protect(book->sheet, NULL, &protection);
}

static void write_sheets(struct quote_book *book)
{
    struct emit_context *context = book->request->context;
    char *title =
        arena_printf(context->arena, "Quote: %s", title_of(context, &context->product->base));
    lxw_doc_properties properties = {.title = title, .created = CREATED};
    workbook_set_properties(book->file, &properties);
    make_formats(book);
    book->sheet = workbook_add_worksheet(book->file, "Quote");
    worksheet_write_string(book->sheet, 0, COLUMN_WHAT, title, book->title);
    worksheet_set_row(book->sheet, 0, 24, NULL);
    worksheet_write_string(
        book->sheet, 1, COLUMN_WHAT,
        "Please fill in the yellow cells; the totals are reckoned. packet.pdf says "
        "what is asked.",
        book->note);
    book->row = 3;
    write_known(book);
    write_lines(book);
    write_remarks(book);
    set_up_sheet(book);
    write_files(book);
}

/* The library writes files only: into a temporary one, that is read and goes. */
bool write_quote(struct request *request, struct buffer *out)
{
    struct emit_context *context = request->context;
    struct quote_book book = {.request = request};
    struct sink sink;
    char *content = NULL;
    size_t length = 0;
    if (!sink_open(&sink, emit_path(context, "quote.xlsx"), context->failure))
        return false;
    book.file = workbook_new(sink.temporary);
    if (book.file)
        write_sheets(&book);
    lxw_error error = book.file ? workbook_close(book.file) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    bool good =
        error == LXW_NO_ERROR
            ? file_read(sink.temporary, SIZE_MAX, &content, &length, context->failure) == FILE_OK
            : fail(context->failure, "quote.xlsx cannot be written: %s", lxw_strerror(error));
    if (good)
        *out = (struct buffer){content, length, length};
    sink_abandon(&sink);
    return good;
}
