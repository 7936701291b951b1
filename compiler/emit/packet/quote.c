/* quote.xlsx: the supplier fills in the yellow cells; the totals are formulas, and nothing else can be changed. */
#include "emit/packet/book.h"

#include "emit/common/worksheet.h"

enum {
    COLUMN_WHAT = 1,
    COLUMN_QUANTITY = 3,
    COLUMN_PRICE = 4,
    COLUMN_LEAD = 7,
    COLUMN_TOTAL = 8,
    COLUMN_EACH = 9,
    REMARK_ROWS = 6
};

static const struct book_column columns[] = {
    {"No.", 5},         {"What", 34},          {"Number", 20},        {"Quantity", 10},
    {"Unit price", 12}, {"Set-up, once", 13},  {"Tooling, once", 13}, {"Lead time, workdays", 12},
    {"Total", 14},      {"A unit, all in", 14}};
enum { COLUMN_COUNT = sizeof columns / sizeof *columns };

struct quote {
    struct packet_book *book;
    struct request *request;
    lxw_worksheet *sheet;
    lxw_row_t row;
};

/* ---- the head ---- */

static const char *row_text(struct request *request, const struct simple *row)
{
    struct emit_context *context = request->context;
    return row ? value_string(context->spec, &row->value, NULL, context->arena) : "";
}

static void write_known(struct quote *quote)
{
    struct request *request = quote->request;
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
        lxw_row_t row = quote->row + i;
        worksheet_write_string(quote->sheet, row, COLUMN_WHAT, facts[i][0], quote->book->name);
        worksheet_write_string(quote->sheet, row, COLUMN_WHAT + 1, facts[i][1], quote->book->note);
        book_fact(quote->book, quote->sheet, row, COLUMN_LEAD - 1, COLUMN_EACH, blanks[i], NULL);
    }
    quote->row += 6;
}

/* ---- the lines ---- */

static void hold_to_numbers(struct quote *quote, lxw_row_t first, lxw_row_t last)
{
    char title[] = "A number", message[] = "Please give a number, without a currency.";
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_DECIMAL,
                                .criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
                                .value_number = 0,
                                .error_title = title,
                                .error_message = message};
    worksheet_data_validation_range(quote->sheet, first, COLUMN_PRICE, last, COLUMN_LEAD, &rule);
}

static void write_line(struct quote *quote, int number, const struct quote_line *line)
{
    struct arena *arena = quote->request->context->arena;
    lxw_row_t row = quote->row++;
    unsigned place = row + 1; /* as a formula counts */
    worksheet_write_number(quote->sheet, row, 0, number, quote->book->count);
    worksheet_write_string(quote->sheet, row, COLUMN_WHAT, line->what, quote->book->text);
    worksheet_write_string(quote->sheet, row, COLUMN_WHAT + 1, line->number, quote->book->text);
    worksheet_write_number(quote->sheet, row, COLUMN_QUANTITY, (double)line->count,
                           quote->book->count);
    for (lxw_col_t column = COLUMN_PRICE; column <= COLUMN_LEAD; column++)
        worksheet_write_blank(quote->sheet, row, column, quote->book->input);
    worksheet_write_formula_str(quote->sheet, row, COLUMN_TOTAL,
                                arena_printf(arena, "=IF(E%u=\"\",\"\",D%u*E%u+F%u+G%u)", place,
                                             place, place, place, place),
                                quote->book->money, "");
    worksheet_write_formula_str(
        quote->sheet, row, COLUMN_EACH,
        arena_printf(arena, "=IF(E%u=\"\",\"\",I%u/D%u)", place, place, place), quote->book->money,
        "");
}

static void write_lines(struct quote *quote)
{
    struct quote_line *lines;
    int count = quote_lines(quote->request, &lines);
    book_heads(quote->book, quote->sheet, quote->row, columns, COLUMN_COUNT);
    lxw_row_t first = ++quote->row;
    for (int i = 0; i < count; i++)
        write_line(quote, i + 1, &lines[i]);
    if (count)
        hold_to_numbers(quote, first, quote->row - 1);
    quote->row++;
}

static void write_remarks(struct quote *quote)
{
    worksheet_write_string(quote->sheet, quote->row++, COLUMN_WHAT,
                           "Assumptions, exclusions, deviations from the drawing or the inspection "
                           "plan, minimum order, packing:",
                           quote->book->name);
    for (int i = 0; i < REMARK_ROWS; i++, quote->row++)
        worksheet_merge_range(quote->sheet, quote->row, COLUMN_WHAT, quote->row, COLUMN_EACH, "",
                              quote->book->input_text);
}

/* ---- the files ---- */

static void write_files(struct packet_book *book)
{
    static const struct book_column heads[] = {
        {"File", 34}, {"What", 12}, {"Of", 30}, {"Bytes", 12}, {"SHA-256", 74}};
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, "Files");
    const struct enclosures *files = &book->request->enclosures;
    book_heads(book, sheet, 0, heads, 5);
    for (int i = 0; i < files->count; i++) {
        const struct enclosure *file = &files->items[i];
        lxw_row_t row = (lxw_row_t)i + 1;
        worksheet_write_string(sheet, row, 0, file->name, book->text);
        worksheet_write_string(sheet, row, 1, file->what, book->text);
        worksheet_write_string(sheet, row, 2, file->of, book->text);
        worksheet_write_number(sheet, row, 3, (double)file->length, book->count);
        worksheet_write_string(sheet, row, 4, file->sha256, book->text);
    }
    book_finish_sheet(book, sheet, (lxw_row_t)files->count, 4);
}

/* ---- the workbook ---- */

static void write_sheets(struct packet_book *book)
{
    struct quote quote = {.book = book, .request = book->request, .row = 3};
    quote.sheet = workbook_add_worksheet(book->file, "Quote");
    worksheet_write_string(quote.sheet, 0, COLUMN_WHAT, book->title_text, book->title);
    worksheet_set_row(quote.sheet, 0, 24, NULL);
    worksheet_write_string(
        quote.sheet, 1, COLUMN_WHAT,
        "Please fill in the yellow cells; the totals are reckoned. packet.pdf says "
        "what is asked.",
        book->note);
    write_known(&quote);
    write_lines(&quote);
    write_remarks(&quote);
    book_finish_sheet(book, quote.sheet, quote.row, COLUMN_EACH);
    write_files(book);
}

bool write_quote(struct request *request, struct buffer *out)
{
    struct emit_context *context = request->context;
    char *title =
        arena_printf(context->arena, "Quote: %s", title_of(context, &context->product->base));
    return book_write(request, "quote.xlsx", title, write_sheets, NULL, out);
}
