/* Form 2: what the article is made of, by which processes, and the functional tests it has to stand. */
#include "emit/packet/article.h"

enum { LAST_COLUMN = 7, SPARE_ROWS = 4 };

static const struct book_column columns[LAST_COLUMN + 1] = {
    {"What", 16},
    {"5 Material, process or test", 34},
    {"6 Specification", 44},
    {"7 Code", 10},
    {"8 Supplier", 22},
    {"9 Customer approval", 12},
    {"10 Certificate or 12 report, no.", 20},
    {"13 Remarks", 26}};

struct sheet {
    struct packet_book *book;
    const struct article *article;
    lxw_worksheet *sheet;
    lxw_row_t row;
};

static void write_row(struct sheet *to, const char *kind, const char *name,
                      const char *specification)
{
    struct packet_book *book = to->book;
    static const char *const words[] = {"yes", "no", "not applicable", NULL};
    const char *texts[] = {kind, name, specification};
    for (lxw_col_t i = 0; i < 3; i++)
        if (texts[i])
            worksheet_write_string(to->sheet, to->row, i, texts[i], book->text);
        else
            worksheet_write_blank(to->sheet, to->row, i, book->input_text);
    for (lxw_col_t i = 3; i <= LAST_COLUMN; i++)
        worksheet_write_blank(to->sheet, to->row, i, book->input_text);
    book_words(book, to->sheet, to->row, 5, 5, words);
    to->row++;
}

/* ---- materials ---- */

static const char *text_of(struct emit_context *context, const struct simple *row)
{
    return row ? value_cases(context, &row->value) : "";
}

static void write_material(struct sheet *to, const struct value *value, const char *which)
{
    struct emit_context *context = to->book->request->context;
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            write_material(to, &value->choice->cases[i].value, value->choice->cases[i].key);
        return;
    }
    const struct material *material = value_material(value, NULL);
    if (!material)
        return;
    const char *title = title_of(context, &material->base);
    const char *family = text_of(context, material->family),
               *grade = text_of(context, material->grade);
    write_row(to, "Material",
              *which ? arena_printf(context->arena, "%s (%s)", title, which) : title,
              arena_printf(context->arena, "%s%s%s", family, *family && *grade ? ", " : "", grade));
}

/* What goes into the product as bought, and whether it is sent along. */
static void write_items(struct sheet *to)
{
    struct emit_context *context = to->book->request->context;
    struct work_content *rows;
    int count = worksheet_contents(context, &rows);
    for (int i = 0; i < count; i++) {
        bool supplied = false;
        if (rows[i].what->kind != KIND_item)
            continue;
        for (const struct simple *one = to->book->request->packet->supplied; one; one = one->next)
            supplied |= value_declaration(&one->value, NULL) == rows[i].what;
        write_row(to, supplied ? "Supplied by us" : "Hardware", rows[i].title, rows[i].detail);
    }
}

/* ---- processes ---- */

static bool lists(const struct simple *rows, const struct declaration *what)
{
    for (; rows; rows = rows->next)
        if (value_declaration(&rows->value, NULL) == what)
            return true;
    return false;
}

/* A step that makes or works no part in particular is the product's; where the product is not asked for, every part's. */
static bool concerns(const struct sheet *to, const struct step *step)
{
    const struct part *part = to->article->part;
    if (!is_asked_work(to->book->request->packet, step))
        return false;
    if (step->makes || step->works)
        return part && (lists(step->makes, &part->base) || lists(step->works, &part->base));
    return to->article->checks;
}

static void write_processes(struct sheet *to)
{
    struct emit_context *context = to->book->request->context;
    const struct workflow *workflow = context->product->workflow;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!concerns(to, step))
            continue;
        const char *standards = step->using ? worksheet_words(context, step->using) : "";
        const char *certificate = text_of(context, step->certificate);
        write_row(to, "Process", title_of(context, &step->base),
                  arena_printf(context->arena, "%s%s%s", standards,
                               *standards && *certificate ? "; " : "", certificate));
    }
}

/* ---- tests ---- */

/* What a step of acceptance looks for with a criterion of its own: a pull, a fit. */
static void write_tests_of(struct sheet *to, const struct step *step)
{
    struct emit_context *context = to->book->request->context;
    for (const struct check *check = step->check; check; check = check->next) {
        const struct characteristic *row = characteristic_find(context, &step->base, check);
        if (row && check->form == CHECK_TEXT)
            write_row(to, "Functional test",
                      arena_printf(context->arena, "No. %d, %s: %s", row->number,
                                   title_of(context, &step->base), row->name),
                      row->criterion);
    }
}

static void write_tests(struct sheet *to)
{
    const struct workflow *workflow = to->book->request->context->product->workflow;
    for (int i = 0; to->article->checks && i < workflow->step_count; i++)
        if (is_accepted_by(to->book->request->packet, workflow->steps[i]))
            write_tests_of(to, workflow->steps[i]);
}

void write_form_2(struct packet_book *book, const struct article *article)
{
    struct sheet to = {.book = book, .article = article, .row = ARTICLE_HEAD_ROWS};
    struct emit_context *context = book->request->context;
    to.sheet = begin_form_sheet(book, article, 2, "Form 2: product accountability");
    book_heads(book, to.sheet, to.row++, columns, LAST_COLUMN + 1);
    if (article->part) {
        if (article->part->material)
            write_material(&to, &article->part->material->value, "");
        for (const struct portion *with = article->part->with; with; with = with->next)
            write_material(&to, &with->material, "");
        if (article->part->process)
            write_row(&to, "Process", value_cases(context, &article->part->process->value),
                      text_of(context, article->part->general));
    } else {
        write_items(&to);
    }
    write_processes(&to);
    write_tests(&to);
    for (int i = 0; i < SPARE_ROWS; i++)
        write_row(&to, NULL, NULL, NULL);
    book_finish_sheet(book, to.sheet, to.row, LAST_COLUMN);
}
