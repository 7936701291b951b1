/* What libxlsxwriter takes for as many cells as a workbook has, and as long ones, with nothing reckoned.
   usage: bench_cells FORMULAS NUMBERS TEXTS OUT.xlsx: writes them and prints CPU seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <xlsxwriter.h>

enum { COLUMNS = 20, KINDS = 3 };

static double seconds_used(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void write_cell(lxw_worksheet *sheet, int kind, long index, lxw_format *format)
{
    lxw_row_t row = (lxw_row_t)(index / COLUMNS);
    lxw_col_t column = (lxw_col_t)(index % COLUMNS);

    if (kind == 0)
        worksheet_write_formula_num(sheet, row, column, "=$M1234/60*printing_rate", format,
                                    (double)index / 7);
    else if (kind == 1)
        worksheet_write_number(sheet, row, column, (double)index, format);
    else
        worksheet_write_string(sheet, row, column, "Inserts and magnets", format);
}

int main(int argc, char **argv)
{
    if (argc != KINDS + 2) {
        fputs("usage: bench_cells FORMULAS NUMBERS TEXTS OUT.xlsx\n", stderr);
        return 2;
    }
    double began = seconds_used();
    lxw_workbook *book = workbook_new(argv[KINDS + 1]);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *format = workbook_add_format(book);
    long index = 0;

    format_set_num_format(format, "#,##0.0000");
    for (int kind = 0; kind < KINDS; kind++)
        for (long count = strtol(argv[kind + 1], NULL, 10); count > 0; count--)
            write_cell(sheet, kind, index++, format);
    lxw_error error = workbook_close(book);
    if (error != LXW_NO_ERROR) {
        fprintf(stderr, "bench_cells: %s\n", lxw_strerror(error));
        return 3;
    }
    printf("%.6f\n", seconds_used() - began);
    return 0;
}
