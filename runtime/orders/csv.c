#include "orders/csv.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the file as a whole ---- */

static void wrong(struct csv *csv, int line, int column, const char *what)
{
    snprintf(csv->error, sizeof csv->error, "%s", what);
    csv->error_line = line;
    csv->error_column = column;
}

static bool begins_with(const struct csv *csv, const char *bytes, size_t length)
{
    return (size_t)(csv->end - csv->next) >= length && memcmp(csv->next, bytes, length) == 0;
}

/* What the first row has most of, outside quotes; a comma where there is nothing to go by. */
static char find_separator(const struct csv *csv)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0};
    bool quoted = false;
    for (const char *c = csv->next; c < csv->end; c++) {
        if (*c == '"')
            quoted = !quoted;
        else if (!quoted && (*c == '\n' || *c == '\r'))
            break;
        const char *found = quoted || !*c ? NULL : strchr(candidates, *c);
        if (found)
            counts[found - candidates]++;
    }
    int best = 0;
    for (int i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

static void end_line(struct csv *csv)
{
    csv->next += csv->next[0] == '\r' && csv->end - csv->next > 1 && csv->next[1] == '\n' ? 2 : 1;
    csv->line++;
    csv->column = 1;
}

/* Spreadsheets write a first line "sep=;" where the separator is none they would expect. */
static bool take_separator_line(struct csv *csv)
{
    if (!begins_with(csv, "sep=", 4) || csv->end - csv->next < 6 ||
        (csv->next[5] != '\n' && csv->next[5] != '\r') || !strchr(",;\t", csv->next[4]))
        return false;
    csv->separator = csv->next[4];
    csv->next += 5;
    end_line(csv);
    return true;
}

void csv_open(struct csv *csv, const char *text, size_t length)
{
    *csv = (struct csv){
        .text = text, .next = text, .end = text + length, .line = 1, .column = 1, .separator = ','};
    if (length > CSV_BYTES_AT_MOST)
        wrong(csv, 1, 1, "this is more than 256 MB: export a shorter span of time");
    else if (begins_with(csv, "\xff\xfe", 2) || begins_with(csv, "\xfe\xff", 2))
        wrong(csv, 1, 1, "this is UTF-16: save it as \"CSV UTF-8\"");
    else if (begins_with(csv, "PK\x03\x04", 4))
        wrong(csv, 1, 1, "this is a workbook or a zip: save it as \"CSV UTF-8\"");
    if (begins_with(csv, "\xef\xbb\xbf", 3))
        csv->next += 3;
    if (!take_separator_line(csv))
        csv->separator = find_separator(csv);
}

void csv_close(struct csv *csv)
{
    free(csv->cells);
    buffer_free(&csv->bytes);
}

/* ---- rows ---- */

/* The cell's text is an offset until the row is whole: the buffer may move. */
static bool begin_cell(struct csv *csv)
{
    if (csv->count == CSV_COLUMNS_AT_MOST) {
        wrong(csv, csv->line, csv->column, "the row has more than 2,000 columns");
        return false;
    }
    if (csv->count == csv->capacity) {
        csv->capacity = csv->capacity ? 2 * csv->capacity : 64;
        csv->cells = memory_resize(csv->cells, sizeof *csv->cells * (size_t)csv->capacity);
    }
    csv->cells[csv->count++] = (struct csv_cell){NULL, csv->bytes.length, csv->line, csv->column};
    return true;
}

static bool end_cell(struct csv *csv)
{
    struct csv_cell *cell = &csv->cells[csv->count - 1];
    cell->length = csv->bytes.length - cell->length;
    buffer_add_char(&csv->bytes, '\0');
    return true;
}

/* One character into the cell; a line end becomes LF. */
static bool take_character(struct csv *csv)
{
    size_t size = 1;
    unsigned char c = (unsigned char)*csv->next;
    const struct csv_cell *cell = &csv->cells[csv->count - 1];

    if (csv->bytes.length - cell->length >= CSV_CELL_AT_MOST) {
        wrong(csv, cell->line, cell->column,
              "the cell that begins here is over 100,000 bytes: is a quote not closed?");
        return false;
    }
    if (c == '\r' || c == '\n') {
        buffer_add_char(&csv->bytes, '\n');
        end_line(csv);
        return true;
    }
    if (!c) {
        wrong(csv, csv->line, csv->column, "there is a NUL here: this is no text");
        return false;
    }
    if (c >= 0x80 && utf8_read(csv->next, (size_t)(csv->end - csv->next), &size) == UTF8_NONE) {
        wrong(csv, csv->line, csv->column, "this is no UTF-8: save it as \"CSV UTF-8\"");
        return false;
    }
    buffer_add(&csv->bytes, csv->next, size);
    csv->next += size;
    csv->column++;
    return true;
}

static bool at_cell_end(const struct csv *csv)
{
    return csv->next == csv->end || *csv->next == csv->separator || *csv->next == '\n' ||
           *csv->next == '\r';
}

/* Behind the opening quote. */
static bool read_quoted(struct csv *csv)
{
    int line = csv->line, column = csv->column;

    csv->next++;
    csv->column++;
    for (;;) {
        if (csv->next == csv->end) {
            wrong(csv, line, column, "the quote that opens here is not closed");
            return false;
        }
        if (*csv->next != '"') {
            if (!take_character(csv))
                return false;
            continue;
        }
        csv->next++;
        csv->column++;
        if (csv->next == csv->end || *csv->next != '"')
            break;
        if (!take_character(csv)) /* two quotes stand for one */
            return false;
    }
    if (at_cell_end(csv))
        return true;
    wrong(csv, csv->line, csv->column,
          "text behind a closing quote: a quote inside quotes is written twice");
    return false;
}

/* A quote inside a cell that has none around it is a quote: 3" pin. */
static bool read_plain(struct csv *csv)
{
    while (!at_cell_end(csv))
        if (!take_character(csv))
            return false;
    return true;
}

static bool read_row(struct csv *csv)
{
    csv->row_line = csv->line;
    csv->count = 0;
    buffer_clear(&csv->bytes);
    for (;;) {
        if (!begin_cell(csv))
            return false;
        bool quoted = csv->next < csv->end && *csv->next == '"';
        if (!(quoted ? read_quoted(csv) : read_plain(csv)) || !end_cell(csv))
            return false;
        if (csv->next == csv->end)
            return true;
        if (*csv->next != csv->separator) {
            end_line(csv);
            return true;
        }
        csv->next++;
        csv->column++;
    }
}

/* Gives the cells their texts; false where all are empty. */
static bool place_texts(struct csv *csv)
{
    const char *text = csv->bytes.text;
    bool filled = false;
    for (int i = 0; i < csv->count; i++) {
        csv->cells[i].text = text;
        text += csv->cells[i].length + 1;
        filled |= csv->cells[i].length > 0;
    }
    return filled;
}

enum csv_status csv_next(struct csv *csv)
{
    while (!*csv->error && csv->next < csv->end)
        if (read_row(csv) && place_texts(csv))
            return CSV_ROW;
    csv->count = 0;
    return *csv->error ? CSV_WRONG : CSV_END;
}

/* ---- writing ---- */

static const char formula_signs[] = "=+-@\t\r";

const char *csv_unguarded(const char *text)
{
    const char *begin = text + strspn(text, "'");
    return *text == '\'' && *begin && strchr(formula_signs, *begin) ? text + 1 : text;
}

static void part(struct csv_writer *writer)
{
    if (writer->cells++)
        buffer_add_char(writer->out, ',');
}

void csv_write(struct csv_writer *writer, const char *text)
{
    const char *begin = text + strspn(text, "'");
    bool formula = *begin && strchr(formula_signs, *begin);
    /* a lone cell that is empty would read as an empty line */
    bool quoted = strpbrk(text, ",;\"\r\n\t") || *text == ' ' || (!*text && !writer->cells) ||
                  (*text && text[strlen(text) - 1] == ' ');

    part(writer);
    if (quoted)
        buffer_add_char(writer->out, '"');
    if (formula)
        buffer_add_char(writer->out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            buffer_add_char(writer->out, '"');
        buffer_add_char(writer->out, *c);
    }
    if (quoted)
        buffer_add_char(writer->out, '"');
}

void csv_write_whole(struct csv_writer *writer, int64_t number)
{
    part(writer);
    buffer_addf(writer->out, "%lld", (long long)number);
}

void csv_end_row(struct csv_writer *writer)
{
    buffer_add_text(writer->out, "\r\n");
    writer->cells = 0;
}
