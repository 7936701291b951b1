/* Form 3: every characteristic with its number, its limits, room for the results, and the verdict as a formula. */
#include "emit/packet/article.h"

#include <string.h>

enum {
    COLUMN_NUMBER,
    COLUMN_PLACE,
    COLUMN_WHAT,
    COLUMN_CLASS,
    COLUMN_NOMINAL,
    COLUMN_LOWER,
    COLUMN_UPPER,
    COLUMN_UNIT,
    COLUMN_GAUGE,
    COLUMN_RESULT,
    COLUMN_LAST_RESULT = ARTICLE_VERDICT_COLUMN - 1,
    COLUMN_VERDICT,
    COLUMN_TOOL,
    COLUMN_REPORT,
    COLUMN_REMARK,
    COLUMN_COUNT
};

static const struct book_column columns[COLUMN_COUNT] = {{"5 No.", 6},
                                                         {"6 Sheet, zone", 10},
                                                         {"8 Characteristic", 28},
                                                         {"7 Class", 9},
                                                         {"8 Nominal", 9},
                                                         {"Lower limit", 9},
                                                         {"Upper limit", 9},
                                                         {"Unit", 6},
                                                         {"Gauge", 22},
                                                         {"9 Result, piece 1", 9},
                                                         {"9 Result, piece 2", 9},
                                                         {"9 Result, piece 3", 9},
                                                         {"9 Result, piece 4", 9},
                                                         {"Pass or fail", 9},
                                                         {"10 Gauge used, no.", 13},
                                                         {"11 Non\302\255conformance", 13},
                                                         {"12 Remarks", 18}};

struct sheet {
    struct packet_book *book;
    struct article *article;
    lxw_worksheet *sheet;
    lxw_row_t row;
};

/* What results a line takes: a number where limits judge it, or what a go gauge or an eye says. */
static void hold_results(struct sheet *to, bool judged)
{
    static const char *const words[] = {"pass", "fail", NULL};
    char title[] = "A result", message[] = "A number in the unit of the line, or pass or fail.";
    unsigned place = to->row + 1;
    if (!judged) {
        book_words(to->book, to->sheet, to->row, COLUMN_RESULT, COLUMN_LAST_RESULT, words);
        return;
    }
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
                                .value_formula =
                                    arena_printf(to->book->request->context->arena,
                                                 "=OR(ISNUMBER(J%u),J%u=\"pass\",J%u=\"fail\")",
                                                 place, place, place),
                                .error_title = title,
                                .error_message = message};
    worksheet_data_validation_range(to->sheet, to->row, COLUMN_RESULT, to->row, COLUMN_LAST_RESULT,
                                    &rule);
}

/* Fails where one result is outside or says so; passes where all that was written in is good; "?" where something can't be
   judged. */
static void write_verdict(struct sheet *to, const struct characteristic_case *one)
{
    struct arena *arena = to->book->request->context->arena;
    unsigned p = to->row + 1;
    const char *results = arena_printf(arena, "J%u:M%u", p, p);
    const char *below = one->has_lower ? arena_printf(arena, "(%s<F%u)", results, p) : "";
    const char *above = one->has_upper ? arena_printf(arena, "(%s>G%u)", results, p) : "";
    bool judged = one->has_lower || one->has_upper;
    const char *outside = judged ? arena_printf(arena, "SUMPRODUCT(ISNUMBER(%s)*(%s%s%s))+",
                                                results, below, *below && *above ? "+" : "", above)
                                 : "";
    const char *numbers = judged ? arena_printf(arena, "COUNT(%s)+", results) : "";
    worksheet_write_formula_str(
        to->sheet, to->row, COLUMN_VERDICT,
        arena_printf(arena,
                     "=IF(COUNTA(%s)=0,\"\",IF(%sCOUNTIF(%s,\"fail\")>0,\"fail\","
                     "IF(%sCOUNTIF(%s,\"pass\")=COUNTA(%s),\"pass\",\"?\")))",
                     results, outside, results, numbers, results, results),
        to->book->verdict, "");
}

static void write_limit(struct sheet *to, lxw_col_t column, bool has, struct rational number)
{
    if (has)
        worksheet_write_number(to->sheet, to->row, column, rational_to_double(number),
                               to->book->figure);
    else
        worksheet_write_blank(to->sheet, to->row, column, to->book->figure);
}

/* A cell that spans others does not grow by itself. */
static double height_of(const char *text, int letters)
{
    int lines = (int)strlen(text) / letters + 1;
    return 6 + 14 * lines;
}

static void write_must(struct sheet *to, const struct characteristic_case *one)
{
    struct packet_book *book = to->book;
    if (!one->has_nominal && !one->has_lower && !one->has_upper) {
        worksheet_merge_range(to->sheet, to->row, COLUMN_NOMINAL, to->row, COLUMN_UNIT,
                              one->requirement, book->text);
        return;
    }
    write_limit(to, COLUMN_NOMINAL, one->has_nominal, one->nominal_in_unit);
    if (one->has_nominal && !one->has_lower && !one->has_upper) {
        worksheet_merge_range(to->sheet, to->row, COLUMN_LOWER, to->row, COLUMN_UPPER, one->limits,
                              book->text);
    } else {
        write_limit(to, COLUMN_LOWER, one->has_lower, one->lower_in_unit);
        write_limit(to, COLUMN_UPPER, one->has_upper, one->upper_in_unit);
    }
    worksheet_write_string(to->sheet, to->row, COLUMN_UNIT, one->unit, book->text);
}

static void write_case(struct sheet *to, const struct characteristic *row,
                       const struct characteristic_case *one)
{
    struct packet_book *book = to->book;
    const char *name =
        *one->which && !to->article->sku
            ? arena_printf(book->request->context->arena, "%s (%s)", row->name, one->which)
            : row->name;
    double high = row->limit ? 20 : height_of(one->requirement, 36);
    double other = height_of(row->gauge, 22), third = height_of(name, 30);
    high = high > other ? high : other;
    worksheet_set_row(to->sheet, to->row, high > third ? high : third, NULL);
    worksheet_write_number(to->sheet, to->row, COLUMN_NUMBER, row->number, book->count);
    worksheet_write_blank(to->sheet, to->row, COLUMN_PLACE, book->input_text);
    worksheet_write_string(to->sheet, to->row, COLUMN_WHAT, name, book->text);
    worksheet_write_string(to->sheet, to->row, COLUMN_CLASS, row->class, book->text);
    write_must(to, one);
    worksheet_write_string(to->sheet, to->row, COLUMN_GAUGE, row->gauge, book->text);
    for (lxw_col_t i = COLUMN_RESULT; i <= COLUMN_LAST_RESULT; i++)
        worksheet_write_blank(to->sheet, to->row, i, book->input_result);
    write_verdict(to, one);
    for (lxw_col_t i = COLUMN_TOOL; i <= COLUMN_REMARK; i++)
        worksheet_write_blank(to->sheet, to->row, i, book->input_text);
    hold_results(to, one->has_lower || one->has_upper);
    to->row++;
}

/* A part answers for its own, the product for its fits; what inspections look for is asked once where there is a product. */
static bool belongs(const struct sheet *to, const struct characteristic *row)
{
    const struct article *article = to->article;
    const struct request *request = to->book->request;
    if (row->of->kind == KIND_part)
        return article->part && row->of == &article->part->base;
    if (row->of->kind == KIND_product)
        return !article->part;
    return article->checks && is_accepted_by(request->packet, (const struct step *)row->of);
}

void write_form_3(struct packet_book *book, struct article *article)
{
    struct sheet to = {.book = book, .article = article, .row = ARTICLE_HEAD_ROWS};
    struct emit_context *context = book->request->context;
    const struct characteristic *rows;
    int count = characteristics_of(context, &rows);
    to.sheet = begin_form_sheet(book, article, 3, "Form 3: characteristic accountability");
    book_heads(book, to.sheet, to.row++, columns, COLUMN_COUNT);
    article->first_row = to.row;
    for (int i = 0; i < count; i++) {
        const struct characteristic_case *cases;
        if (!belongs(&to, &rows[i]))
            continue;
        int many = characteristic_cases(context, &rows[i], article->sku, &cases);
        for (int j = 0; j < many; j++)
            write_case(&to, &rows[i], &cases[j]);
    }
    article->last_row = to.row - 1;
    if (article->last_row >= article->first_row)
        mark_verdicts(book, to.sheet, article->first_row, article->last_row, COLUMN_VERDICT);
    worksheet_set_row(to.sheet, ++to.row, 22, NULL);
    book_fact(book, to.sheet, to.row, COLUMN_WHAT, COLUMN_UPPER, "Inspected by", NULL);
    book_fact(book, to.sheet, to.row, COLUMN_GAUGE, COLUMN_VERDICT, "Date", NULL);
    book_finish_sheet(book, to.sheet, to.row, COLUMN_REMARK);
}
