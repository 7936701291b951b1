#include "emit/packet/book.h"

#include "base/file.h"
#include "base/sink.h"

/* 1980-01-01, as the files in the archive: no clock in the bytes. */
enum { CREATED = 315532800 };

static lxw_format *make_format(struct packet_book *book, double size, bool bold, bool border)
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

static lxw_format *make_number(struct packet_book *book, bool bold, const char *digits)
{
    lxw_format *format = make_format(book, 10, bold, true);
    format_set_num_format(format, digits);
    return format;
}

/* Said in words too, for who prints in black or sees no red. */
static lxw_format *make_mark(struct packet_book *book, lxw_color_t ink, lxw_color_t paper)
{
    lxw_format *format = workbook_add_format(book->file);
    format_set_bold(format);
    format_set_font_color(format, ink);
    format_set_bg_color(format, paper);
    return format;
}

static void make_inputs(struct packet_book *book)
{
    book->input = make_number(book, false, "#,##0.00##");
    book->input_text = make_format(book, 10, false, true);
    format_set_text_wrap(book->input_text);
    book->input_result = make_format(book, 10, false, true);
    format_set_align(book->input_result, LXW_ALIGN_RIGHT);
    lxw_format *const inputs[] = {book->input, book->input_text, book->input_result};
    for (int i = 0; i < 3; i++) {
        format_set_bg_color(inputs[i], 0xfff9d6);
        format_set_unlocked(inputs[i]);
    }
}

static void make_formats(struct packet_book *book)
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
    format_set_indent(book->text, 1);
    book->count = make_number(book, false, "#,##0");
    format_set_align(book->count, LXW_ALIGN_CENTER);
    book->figure = make_format(book, 10, false, true);
    book->money = make_number(book, true, "#,##0.00");
    book->verdict = make_format(book, 10, true, true);
    format_set_align(book->verdict, LXW_ALIGN_CENTER);
    book->link = make_format(book, 10, false, true);
    format_set_font_color(book->link, 0x1a4f8b);
    format_set_underline(book->link, LXW_UNDERLINE_SINGLE);
    book->good = make_mark(book, 0x0b5d1e, 0xd8f0dc);
    book->bad = make_mark(book, 0x9c0006, 0xffd9d6);
    make_inputs(book);
}

void book_heads(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                const struct book_column *columns, int count)
{
    for (lxw_col_t i = 0; i < count; i++) {
        worksheet_set_column(sheet, i, i, columns[i].width, NULL);
        worksheet_write_string(sheet, row, i, columns[i].head, book->head);
    }
    worksheet_set_row(sheet, row, 28, NULL);
    worksheet_freeze_panes(sheet, row + 1, 0);
    worksheet_repeat_rows(sheet, row, row);
}

void book_finish_sheet(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t last_row,
                       lxw_col_t last_column)
{
    enum { LETTER = 1, A4 = 9 };
    lxw_protection protection = {.no_select_locked_cells = LXW_FALSE};
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, book->request->context->paper == PAPER_LETTER ? LETTER : A4);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_set_footer(sheet, "&L&8&A&R&8&P / &N");
    worksheet_print_area(sheet, 0, 0, last_row, last_column);
    worksheet_protect(sheet, NULL, &protection);
}

void book_fact(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
               lxw_col_t last_column, const char *name, const char *text)
{
    lxw_format *format = text ? book->text : book->input_text;
    worksheet_write_string(sheet, row, column, name, book->name);
    if (last_column > column + 1)
        worksheet_merge_range(sheet, row, column + 1, row, last_column, text ? text : "", format);
    else if (text)
        worksheet_write_string(sheet, row, column + 1, text, format);
    else
        worksheet_write_blank(sheet, row, column + 1, format);
}

void book_words(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                lxw_col_t last_column, const char *const *words)
{
    enum { WORDS_AT_MOST = 4 };
    char title[] = "A word", message[] = "Please choose from the list.";
    char *list[WORDS_AT_MOST + 1] = {NULL};
    for (int i = 0; i < WORDS_AT_MOST && words[i]; i++)
        list[i] = arena_printf(book->request->context->arena, "%s", words[i]);
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST,
                                .value_list = list,
                                .error_title = title,
                                .error_message = message};
    worksheet_data_validation_range(sheet, row, column, row, last_column, &rule);
}

/* The library writes files only: into a temporary one, that is read and goes. */
bool book_write(struct request *request, const char *name, char *title,
                void (*write)(struct packet_book *book), void *state, struct buffer *out)
{
    struct emit_context *context = request->context;
    struct packet_book book = {.request = request, .title_text = title, .state = state};
    struct sink sink;
    char *content = NULL;
    size_t length = 0;
    if (!sink_open(&sink, emit_path(context, name), context->failure))
        return false;
    book.file = workbook_new(sink.temporary);
    if (book.file) {
        lxw_doc_properties properties = {.title = title, .created = CREATED};
        workbook_set_properties(book.file, &properties);
        make_formats(&book);
        write(&book);
    }
    lxw_error error = book.file ? workbook_close(book.file) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    bool good =
        error == LXW_NO_ERROR
            ? file_read(sink.temporary, SIZE_MAX, &content, &length, context->failure) == FILE_OK
            : fail(context->failure, "%s cannot be written: %s", name, lxw_strerror(error));
    if (good)
        *out = (struct buffer){content, length, length};
    sink_abandon(&sink);
    return good;
}
