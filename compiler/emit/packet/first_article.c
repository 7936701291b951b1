/* first_article.xlsx: an overview, and three forms for each article: the product, each part, each case of a part. */
#include "emit/packet/article.h"

#include "emit/common/paper.h"

#include <string.h>

/* Beyond that a part has one set of forms, with a line for each case. */
#define CASES_AT_MOST 12

/* ---- which articles ---- */

struct collector {
    struct request *request;
    struct articles *to;
    const struct part *part;
    bool varies[AXES_AT_MOST]; /* its limits, by the axis */
};

static struct article *add_article(struct collector *of, const char *title, const char *number,
                                   const char *name)
{
    struct articles *to = of->to;
    struct arena *arena = of->request->context->arena;
    if (to->count == to->capacity) {
        int capacity = 2 * to->capacity + 8;
        struct article *rows = ARENA_ARRAY(arena, struct article, capacity);
        if (to->count)
            memcpy(rows, to->rows, sizeof *rows * (size_t)to->count);
        to->rows = rows;
        to->capacity = capacity;
    }
    struct article *article = &to->rows[to->count++];
    *article = (struct article){.part = of->part, .title = title, .number = number, .which = ""};
    for (int form = 1; form <= 3; form++) /* a sheet's name has 31 letters at most */
        article->sheets[form] = arena_printf(arena, "%d %.20s F%d", to->count, name, form);
    return article;
}

static void note_axes(struct collector *of, const struct value *value)
{
    const struct product *product = of->request->context->product;
    if (value->kind != VALUE_CHOICE)
        return;
    for (int i = 0; i < product->axis_count; i++)
        of->varies[i] |= strcmp(product->axes[i]->name.word, value->choice->axis) == 0;
    for (int i = 0; i < value->choice->count; i++)
        note_axes(of, &value->choice->cases[i].value);
}

/* How many cases the limits of the part have; 0 where it has no limits at all. */
static long count_cases(struct collector *of)
{
    struct emit_context *context = of->request->context;
    const struct product *product = context->product;
    const struct characteristic *rows;
    int count = characteristics_of(context, &rows);
    long cases = 0;
    memset(of->varies, 0, sizeof of->varies);
    for (int i = 0; i < count; i++)
        if (rows[i].of == &of->part->base) {
            note_axes(of, rows[i].limit);
            cases = 1;
        }
    for (int i = 0; i < product->axis_count; i++)
        if (of->varies[i] && cases <= CASES_AT_MOST)
            cases *= product->axes[i]->count;
    return cases;
}

/* The SKU that stands for the case: the first of those that have it. */
static const struct sku *sku_of_case(const struct collector *of, long at)
{
    const struct product *product = of->request->context->product;
    struct sku *sku = ARENA_ARRAY(of->request->context->arena, struct sku, 1);
    long index = 0, step = 1;
    for (int i = product->axis_count - 1; i >= 0; i--) { /* the last axis turns fastest */
        int cases = product->axes[i]->count;
        if (of->varies[i]) {
            index += step * (at % cases);
            at /= cases;
        }
        step *= cases;
    }
    sku_at(product, index, sku);
    return sku;
}

static const char *case_text(const struct collector *of, const struct sku *sku)
{
    struct arena *arena = of->request->context->arena;
    const struct product *product = of->request->context->product;
    const char *text = "";
    for (int i = 0; i < product->axis_count; i++)
        if (of->varies[i]) {
            const char *axis = product->axes[i]->name.word;
            text = arena_printf(arena, "%s%s%s %s", text, *text ? ", " : "", axis,
                                sku_case(sku, axis));
        }
    return text;
}

static void add_part(struct collector *of, const struct part *part, const char *number)
{
    struct emit_context *context = of->request->context;
    of->part = part;
    long cases = count_cases(of);
    const char *own = arena_printf(context->arena, "%s, %s", number, part->base.name);
    const char *title = title_of(context, &part->base);
    for (long i = 0; i < (cases > CASES_AT_MOST ? 1 : cases); i++) {
        struct article *article = add_article(of, title, own, part->base.name);
        article->checks = of->request->packet->of != NULL; /* no product to ask it of */
        if (cases == 1 || cases > CASES_AT_MOST)
            continue;
        article->sku = sku_of_case(of, i);
        article->which = case_text(of, article->sku);
    }
}

static void collect(struct request *request, struct articles *to)
{
    struct emit_context *context = request->context;
    const struct product *product = context->product;
    struct collector of = {.request = request, .to = to};
    const char *number =
        product->number ? value_cases(context, &product->number->value) : product->base.name;
    if (!request->packet->of)
        add_article(&of, title_of(context, &product->base), number, product->base.name)->checks =
            true;
    for (int i = 0; i < request->part_count; i++)
        add_part(&of, request->parts[i], number);
    if (to->count == 1 && !to->rows[0].part && !product->stack)
        to->count = 0; /* nothing has a dimension */
}

/* ---- what all forms have ---- */

/* Columns of names and values, left and right, by form. */
static const lxw_col_t places[4][4] = {{0}, {0, 3, 4, 7}, {0, 2, 4, 7}, {2, 6, 8, 13}};

/* The value as it stands on form 1. */
static void repeat(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                   const lxw_col_t *columns, const char *name, const struct article *article,
                   const char *cell)
{
    struct arena *arena = book->request->context->arena;
    const char *from = arena_printf(arena, "'%s'!%s", article->sheets[1], cell);
    book_fact(book, sheet, row, columns[0], columns[1], name, "");
    worksheet_write_formula_str(sheet, row, columns[0] + 1,
                                arena_printf(arena, "=IF(%s=\"\",\"\",%s)", from, from), book->text,
                                "");
}

lxw_worksheet *begin_form_sheet(struct packet_book *book, const struct article *article, int form,
                                const char *title)
{
    struct arena *arena = book->request->context->arena;
    lxw_worksheet *sheet = workbook_get_worksheet_by_name(book->file, article->sheets[form]);
    const lxw_col_t *left = places[form], *right = left + 2;
    const char *which = *article->which ? arena_printf(arena, " (%s)", article->which) : "";
    worksheet_write_string(sheet, 0, 0, title, book->title);
    worksheet_set_row(sheet, 0, 24, NULL);
    worksheet_write_string(sheet, 1, 0,
                           "Please fill in the yellow cells. The numbers of the fields are those "
                           "of AS9102, the numbers of the characteristics those of packet.pdf.",
                           book->note);
    book_fact(book, sheet, 3, left[0], left[1], "1 Part number", article->number);
    book_fact(book, sheet, 3, right[0], right[1], "2 Part name",
              arena_printf(arena, "%s%s", article->title, which));
    if (form == 1) {
        book_fact(book, sheet, 4, left[0], left[1], "3 Serial number", NULL);
        book_fact(book, sheet, 4, right[0], right[1], "4 Report number", NULL);
    } else {
        repeat(book, sheet, 4, left, "3 Serial number", article, "B5");
        repeat(book, sheet, 4, right, "4 Report number", article, "F5");
    }
    return sheet;
}

void mark_verdicts(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t first, lxw_row_t last,
                   lxw_col_t column)
{
    char pass[] = "pass", fail[] = "fail";
    lxw_conditional_format rules[] = {{.type = LXW_CONDITIONAL_TYPE_TEXT,
                                       .criteria = LXW_CONDITIONAL_CRITERIA_TEXT_CONTAINING,
                                       .value_string = pass,
                                       .format = book->good},
                                      {.type = LXW_CONDITIONAL_TYPE_TEXT,
                                       .criteria = LXW_CONDITIONAL_CRITERIA_TEXT_CONTAINING,
                                       .value_string = fail,
                                       .format = book->bad}};
    for (int i = 0; i < 2; i++)
        worksheet_conditional_format_range(sheet, first, column, last, column, &rules[i]);
}

/* ---- form 1 ---- */

/* The verdicts of form 3, as formulas read them. */
static const char *verdicts_of(struct packet_book *book, const struct article *article)
{
    return arena_printf(book->request->context->arena, "'%s'!$N$%u:$N$%u", article->sheets[3],
                        article->first_row + 1, article->last_row + 1);
}

static long lines_of(const struct article *article)
{
    return (long)article->last_row - (long)article->first_row + 1;
}

static void write_verdict(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                          lxw_col_t column, const struct article *article)
{
    const char *verdicts = verdicts_of(book, article);
    worksheet_write_formula_str(
        sheet, row, column,
        arena_printf(book->request->context->arena,
                     "=IF(COUNTIF(%s,\"fail\")>0,\"fail\",IF(COUNTIF(%s,\"pass\")=%ld,\"pass\","
                     "\"open\"))",
                     verdicts, verdicts, lines_of(article)),
        book->verdict, "open");
    mark_verdicts(book, sheet, row, row, column);
}

/* Whether the model or the drawing is this file for the article's case; of every case where it has none. */
static bool is_file_of(const struct request *request, const struct article *article,
                       const struct enclosure *file)
{
    const struct part *part = article->part;
    const struct simple *slot = strcmp(file->what, "model") ? part->drawing : part->model;
    if (file->owner != &part->base || !slot || !article->sku)
        return file->owner == &part->base;
    const char *path = file_path(request->context->spec, &part->base, &slot->value, article->sku,
                                 request->context->arena);
    return !path || strcmp(path, file->path) == 0;
}

/* By the names they have in the packet. */
static const char *drawing_of(struct request *request, const struct article *article)
{
    struct arena *arena = request->context->arena;
    const char *text = "";
    for (int i = 0; article->part && i < request->enclosures.count; i++) {
        const struct enclosure *file = &request->enclosures.items[i];
        if (is_file_of(request, article, file))
            text = arena_printf(arena, "%s%s%s (SHA-256 %.12s)", text, *text ? "\n" : "",
                                file->name, file->sha256);
    }
    return text;
}

static lxw_row_t write_facts(struct packet_book *book, lxw_worksheet *sheet,
                             const struct article *article)
{
    struct request *request = book->request;
    struct emit_context *context = request->context;
    const struct product *product = context->product;
    const char *drawing = drawing_of(request, article);
    int lines = 1;
    for (const char *at = drawing; *at; at++)
        lines += *at == '\n';
    const char *const facts[][2] = {
        {"5 Revision", product->revision ? value_cases(context, &product->revision->value) : ""},
        {"6 Drawing, model", *drawing ? drawing : NULL},
        {"7 Drawing revision", NULL},
        {"8 Further changes", NULL},
        {"9 Process reference",
         arena_printf(context->arena, "Fingerprint %.16s", request->fingerprint)},
        {"10 Organization", NULL},
        {"11 Supplier code", NULL},
        {"12 Order number", NULL},
        {"13 Detail, assembly", article->part ? "detail" : "assembly"},
        {"14 Full or partial", NULL},
        {"Baseline, if partial", NULL},
        {"Reason, if partial", NULL}};
    static const char *const words[] = {"full", "partial", NULL};
    enum { COUNT = sizeof facts / sizeof *facts };
    for (lxw_row_t i = 0; i < COUNT; i++) {
        const lxw_col_t *place = places[1] + (i % 2 ? 2 : 0);
        book_fact(book, sheet, 5 + i / 2, place[0], place[1], facts[i][0], facts[i][1]);
    }
    worksheet_set_row(sheet, 5, 6 + 14 * lines, NULL);
    book_words(book, sheet, 9, 5, 5, words);
    return 5 + COUNT / 2;
}

static const char *type_of(const struct declaration *what)
{
    return what->kind == KIND_part ? "part" : "standard hardware";
}

static lxw_row_t write_index(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row)
{
    static const char *const heads[] = {"15 Number", "16 Name",          "In a product",
                                        "17 Type",   "18 Report number", "19 Nonconformance"};
    static const lxw_col_t from[] = {0, 1, 3, 4, 5, 6}, to[] = {0, 2, 3, 4, 5, 7};
    struct work_content *contents;
    int count = worksheet_contents(book->request->context, &contents);
    for (int i = 0; i < 6; i++) {
        if (to[i] > from[i])
            worksheet_merge_range(sheet, row, from[i], row, to[i], heads[i], book->head);
        else
            worksheet_write_string(sheet, row, from[i], heads[i], book->head);
    }
    for (int i = 0; i < count; i++) {
        const struct declaration *what = contents[i].what;
        const char *number =
            what->kind == KIND_item && *contents[i].detail ? contents[i].detail : what->name;
        row++;
        worksheet_write_string(sheet, row, 0, number, book->text);
        worksheet_merge_range(sheet, row, 1, row, 2, contents[i].title, book->text);
        worksheet_write_string(sheet, row, 3, contents[i].count, book->text);
        worksheet_write_string(sheet, row, 4, type_of(what), book->text);
        worksheet_write_blank(sheet, row, 5, book->input_text);
        worksheet_merge_range(sheet, row, 6, row, 7, "", book->input_text);
    }
    return row + 2;
}

static void write_form_1(struct packet_book *book, const struct article *article)
{
    static const double widths[] = {22, 22, 12, 12, 22, 22, 12, 18};
    static const char *const names[][2] = {{"20 Verified by", "21 Date"},
                                           {"22 Reviewed, approved by", "23 Date"},
                                           {"24 Customer approval", "25 Date"}};
    lxw_worksheet *sheet = begin_form_sheet(book, article, 1, "Form 1: part number accountability");
    for (lxw_col_t i = 0; i < 8; i++)
        worksheet_set_column(sheet, i, i, widths[i], NULL);
    lxw_row_t row = write_facts(book, sheet, article) + 1;
    if (!article->part)
        row = write_index(book, sheet, row);
    worksheet_write_string(sheet, row, 0, "Verdict of form 3", book->name);
    if (lines_of(article) > 0)
        write_verdict(book, sheet, row, 1, article);
    else
        worksheet_write_string(sheet, row, 1, "nothing to measure", book->text);
    row += 2;
    for (int i = 0; i < 3; i++, row++) {
        worksheet_set_row(sheet, row, 22, NULL);
        book_fact(book, sheet, row, 0, 3, names[i][0], NULL);
        book_fact(book, sheet, row, 4, 7, names[i][1], NULL);
    }
    worksheet_set_row(sheet, row, 48, NULL);
    book_fact(book, sheet, row, 0, 7, "26 Comments", NULL);
    worksheet_freeze_panes(sheet, 2, 0);
    book_finish_sheet(book, sheet, row, 7);
}

/* ---- the overview ---- */

static void write_tally(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                        const struct article *article)
{
    struct arena *arena = book->request->context->arena;
    const char *verdicts = verdicts_of(book, article);
    const char *failed = arena_printf(arena, "=COUNTIF(%s,\"fail\")", verdicts);
    const char *done =
        arena_printf(arena, "=COUNTIF(%s,\"pass\")+COUNTIF(%s,\"fail\")", verdicts, verdicts);
    worksheet_write_number(sheet, row, 4, (double)lines_of(article), book->count);
    worksheet_write_formula_num(sheet, row, 5, done, book->count, 0);
    worksheet_write_formula_num(sheet, row, 6, failed, book->count, 0);
    write_verdict(book, sheet, row, 7, article);
}

static void write_article_line(struct packet_book *book, lxw_worksheet *sheet, lxw_row_t row,
                               int number, const struct article *article)
{
    struct arena *arena = book->request->context->arena;
    const char *const texts[] = {article->title, article->number, article->which};
    worksheet_write_number(sheet, row, 0, number, book->count);
    for (lxw_col_t i = 0; i < 3; i++)
        worksheet_write_string(sheet, row, i + 1, texts[i], book->text);
    if (lines_of(article) > 0)
        write_tally(book, sheet, row, article);
    else
        for (lxw_col_t i = 4; i < 8; i++)
            worksheet_write_blank(sheet, row, i, book->text);
    for (lxw_col_t form = 1; form <= 3; form++)
        worksheet_write_url_opt(sheet, row, 7 + form,
                                arena_printf(arena, "internal:'%s'!A1", article->sheets[form]),
                                book->link, arena_printf(arena, "form %d", form), NULL);
}

static void write_overview(struct packet_book *book, const struct articles *articles)
{
    static const struct book_column columns[] = {
        {"No.", 6},    {"Article", 34}, {"Number", 26}, {"Case", 20},  {"Lines", 9}, {"Judged", 9},
        {"Failed", 9}, {"Verdict", 10}, {"Form 1", 9},  {"Form 2", 9}, {"Form 3", 9}};
    struct request *request = book->request;
    struct emit_context *context = request->context;
    const struct release *release = context->product->release;
    lxw_worksheet *sheet = workbook_get_worksheet_by_name(book->file, "Overview");
    worksheet_write_string(sheet, 0, 1, book->title_text, book->title);
    worksheet_set_row(sheet, 0, 24, NULL);
    worksheet_write_string(
        sheet, 1, 1,
        arena_printf(context->arena, "%s, fingerprint %.16s%s%s%s", number_and_revision(context),
                     request->fingerprint, release && release->sample ? "; " : "",
                     release && release->sample ? value_cases(context, &release->sample->value)
                                                : "",
                     release && release->sample ? " sample pieces before production" : ""),
        book->note);
    worksheet_write_string(sheet, 2, 1,
                           "Measure at least one piece of each article and write down what was "
                           "read, in the unit of the line. A line passes where every result is "
                           "within its limits, the limits included.",
                           book->note);
    book_heads(book, sheet, 4, columns, 11);
    lxw_row_t row = 5;
    for (int i = 0; i < articles->count; i++)
        write_article_line(book, sheet, row++, i + 1, &articles->rows[i]);
    book_finish_sheet(book, sheet, row, 10);
}

static void write_sheets(struct packet_book *book)
{
    struct articles *articles = book->state;
    workbook_add_worksheet(book->file, "Overview");
    for (int i = 0; i < articles->count; i++)
        for (int form = 1; form <= 3; form++)
            workbook_add_worksheet(book->file, articles->rows[i].sheets[form]);
    for (int i = 0; i < articles->count; i++) {
        write_form_3(book, &articles->rows[i]); /* the others count its lines */
        write_form_2(book, &articles->rows[i]);
        write_form_1(book, &articles->rows[i]);
    }
    write_overview(book, articles);
}

bool asks_first_article(struct request *request)
{
    struct articles articles = {0};
    collect(request, &articles);
    return articles.count > 0;
}

bool write_first_article(struct request *request, struct buffer *out)
{
    struct emit_context *context = request->context;
    struct articles articles = {0};
    collect(request, &articles);
    if (!articles.count)
        return true;
    return book_write(request, "first_article.xlsx",
                      arena_printf(context->arena, "First article: %s",
                                   title_of(context, &context->product->base)),
                      write_sheets, &articles, out);
}
