/* The runs of a simulated farm as a workbook: figures side by side, and the days of each run with a chart. */
#include "sim/trial.h"

#include "base/sink.h"

#include <math.h>
#include <xlsxwriter.h>

/* No clock in it: the same seed gives the same bytes. 2026-01-05 */
enum { CREATED = 1767571200 };

struct book {
    const struct trial *trial;
    lxw_workbook *file;
    lxw_format *head, *text, *percent, *numbers[4];
};

static void make_formats(struct book *book)
{
    static const char *const forms[] = {"#,##0", "#,##0.0", "#,##0.00", "#,##0.000"};
    book->head = workbook_add_format(book->file);
    format_set_bold(book->head);
    format_set_font_color(book->head, 0xffffff);
    format_set_bg_color(book->head, 0x1f3b57);
    book->text = workbook_add_format(book->file);
    book->percent = workbook_add_format(book->file);
    format_set_num_format(book->percent, "0.0%");
    for (int i = 0; i < 4; i++) {
        book->numbers[i] = workbook_add_format(book->file);
        format_set_num_format(book->numbers[i], forms[i]);
    }
}

static void write_figures(struct book *book)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, "Figures");
    struct buffer name = {0};
    worksheet_set_column(sheet, 0, 0, 32, NULL);
    worksheet_set_column(sheet, 1, RUNS_AT_MOST, 18, NULL);
    worksheet_freeze_panes(sheet, 1, 1);
    worksheet_write_string(sheet, 0, 0, book->trial->title, book->head);
    for (int r = 0; r < book->trial->run_count; r++)
        worksheet_write_string(sheet, 0, (lxw_col_t)(r + 1), book->trial->runs[r].name, book->head);
    for (int f = 0; f < FIGURES; f++) {
        const struct trial_figure *figure = &trial_figures[f];
        buffer_clear(&name);
        trial_add_name(&name, book->trial, f);
        worksheet_write_string(sheet, (lxw_row_t)(f + 1), 0, buffer_text(&name), book->text);
        for (int r = 0; r < book->trial->run_count; r++) {
            double number = figure->of(&book->trial->runs[r].result);
            if (!isnan(number))
                worksheet_write_number(sheet, (lxw_row_t)(f + 1), (lxw_col_t)(r + 1), number,
                                       figure->unit[0] == '%' ? book->percent
                                                              : book->numbers[figure->decimals]);
        }
    }
    worksheet_write_string(sheet, FIGURES + 2, 0, book->trial->asked, book->text);
    buffer_free(&name);
}

/* A column of a run, of what happened on each day. */
static void write_days(struct book *book)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, "Days");
    lxw_chart *chart = workbook_add_chart(book->file, LXW_CHART_LINE);
    int days = book->trial->settings.days;
    worksheet_freeze_panes(sheet, 1, 1);
    worksheet_set_column(sheet, 1, 3 * RUNS_AT_MOST, 20, NULL);
    worksheet_write_string(sheet, 0, 0, "day", book->head);
    for (int d = 0; d < days; d++)
        worksheet_write_number(sheet, (lxw_row_t)(d + 1), 0, d + 1, book->numbers[0]);
    for (int r = 0; r < book->trial->run_count; r++) {
        const struct trial_run *run = &book->trial->runs[r];
        lxw_col_t column = (lxw_col_t)(3 * r + 1);
        const char *const heads[] = {"ordered", "done", "failed builds"};
        for (int k = 0; k < 3; k++) {
            struct buffer head = {0};
            buffer_addf(&head, "%s, %s", heads[k], run->name);
            worksheet_write_string(sheet, 0, (lxw_col_t)(column + k), buffer_text(&head),
                                   book->head);
            buffer_free(&head);
        }
        for (int d = 0; d < days; d++) {
            const struct farm_day *day = &run->result.days[d];
            const int numbers[] = {day->ordered, day->done, day->failed_plates};
            for (int k = 0; k < 3; k++)
                worksheet_write_number(sheet, (lxw_row_t)(d + 1), (lxw_col_t)(column + k),
                                       numbers[k], book->numbers[0]);
        }
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        chart_series_set_values(series, "Days", 1, (lxw_col_t)(column + 1), (lxw_row_t)days,
                                (lxw_col_t)(column + 1));
        chart_series_set_name(series, run->name);
    }
    chart_title_set_name(chart, "Units done, by day");
    worksheet_insert_chart(sheet, 2, (lxw_col_t)(3 * book->trial->run_count + 2), chart);
}

static void write_printers(struct book *book)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->file, "Printers");
    const struct farm_result *first = &book->trial->runs[0].result;
    worksheet_set_column(sheet, 0, RUNS_AT_MOST, 20, NULL);
    worksheet_write_string(sheet, 0, 0, "printing, of all hours", book->head);
    for (int r = 0; r < book->trial->run_count; r++)
        worksheet_write_string(sheet, 0, (lxw_col_t)(r + 1), book->trial->runs[r].name, book->head);
    for (int p = 0; p < first->machine_count; p++)
        worksheet_write_string(sheet, (lxw_row_t)(p + 1), 0, first->machines[p].name, book->text);
    for (int r = 0; r < book->trial->run_count; r++) {
        const struct farm_result *result = &book->trial->runs[r].result;
        for (int p = 0; p < result->machine_count; p++)
            worksheet_write_number(
                sheet, (lxw_row_t)(p + 1), (lxw_col_t)(r + 1),
                (double)result->machines[p].printing_s / (double)result->horizon_s, book->percent);
    }
}

bool trial_workbook(const char *path, const struct trial *trial, struct failure *failure)
{
    struct sink sink;
    char title[] = "Simulation";
    lxw_doc_properties properties = {.title = title, .created = CREATED};
    if (!sink_open(&sink, path, failure))
        return false;
    struct book book = {.trial = trial, .file = workbook_new(sink.temporary)};
    if (book.file) {
        workbook_set_properties(book.file, &properties);
        make_formats(&book);
        write_figures(&book);
        write_days(&book);
        write_printers(&book);
    }
    if (!book.file || workbook_close(book.file) != LXW_NO_ERROR) {
        sink_abandon(&sink);
        return fail(failure, "%s cannot be written", path);
    }
    return sink_commit(&sink, failure);
}
