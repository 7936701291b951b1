#include "orders/sheet.h"

#include "base/intern.h"
#include "engine/table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_AT_MOST = 60 }; /* bytes: it stands on labels */

/* What a column of this file says. */
struct reading_column {
    enum order_role role;
    int rank; /* its place in the format: of one role the lowest that says something counts */
    const char *ask; /* of an `ask:NAME` column */
};

struct reading {
    struct sheet *sheet;
    struct csv csv;
    const struct sheet_options *options;
    struct arena *arena;
    struct findings *findings;
    struct reading_column *columns;
    int column_count;
    int quantity_at; /* its column, which every format has */
    struct interner names;
    struct table orders;
    struct sheet_order **tail;
    struct sheet_order *last;   /* whom a row without a number belongs to */
    struct sheet_order *before; /* whose the row above is */
    struct placed *row;         /* by role, of the row in hand */
    int *ranks;
    enum date_order dates;
};

/* ---- the header ---- */

static struct about at_cell(const struct csv_cell *cell)
{
    return (struct about){.line = cell->line, .column = cell->column};
}

static void list_header(struct buffer *out, const struct csv *csv)
{
    enum { SHOWN = 12 };
    for (int i = 0; i < csv->count && i < SHOWN; i++)
        buffer_addf(out, "%s\"%.40s\"", i ? ", " : "", csv->cells[i].text);
    if (csv->count > SHOWN)
        buffer_addf(out, " and %d more", csv->count - SHOWN);
}

static void say_missing(struct reading *at, const struct order_format *format)
{
    struct buffer missing = {0}, there = {0};
    struct about about = {.line = at->csv.row_line};
    missing_columns(&missing, format, &at->csv);
    list_header(&there, &at->csv);
    finding_add(at->findings, FINDING_ERROR, about,
                "the first row must name the columns; `flowd help orders` lists the formats",
                "this is no order file that is known here; nearest is %s, which also has %s; this "
                "one has %s",
                format->title, buffer_text(&missing), buffer_text(&there));
    buffer_free(&missing);
    buffer_free(&there);
}

static const struct order_format *find_format(struct reading *at)
{
    const struct order_format *nearest, *found = order_format_of(&at->csv, &nearest);
    struct buffer missing = {0};

    if (at->options->format) {
        found = order_format_named(at->options->format);
        if (!found) {
            finding_add(at->findings, FINDING_ERROR, (struct about){0},
                        "the formats are shipstation, shopify, etsy and own",
                        "there is no format %s", at->options->format);
            return NULL;
        }
        nearest = found;
        missing_columns(&missing, found, &at->csv);
        if (missing.length)
            found = NULL;
        buffer_free(&missing);
    }
    if (!found) {
        say_missing(at, nearest);
    } else if (found->instead) {
        finding_add(at->findings, FINDING_ERROR, (struct about){.line = at->csv.row_line},
                    found->instead, "this is %s", found->title);
        return NULL;
    }
    return found;
}

static const char *ask_named(struct reading *at, const struct csv_cell *cell)
{
    const char *title = cell->text + strspn(cell->text, " ");
    return strncasecmp(title, "ask:", 4) == 0 ? cell_text(title + 4, at->arena) : NULL;
}

static void say_unknown(struct reading *at, const struct csv_cell *cell)
{
    if (*cell->text)
        finding_add(at->findings, FINDING_NOTE, at_cell(cell), NULL,
                    "the column \"%.80s\" is not known in %s; it is not read", cell->text,
                    at->sheet->format->title);
}

static bool read_header(struct reading *at)
{
    const struct order_format *format = find_format(at);
    bool seen[64] = {false}, twice = false;

    if (!(at->sheet->format = format))
        return false;
    at->column_count = at->csv.count;
    at->columns = ARENA_ARRAY(at->arena, struct reading_column, at->csv.count + 1);
    for (int i = 0; i < at->csv.count; i++) {
        const struct csv_cell *cell = &at->csv.cells[i];
        const struct order_column *column = order_column_titled(format, cell->text);
        struct reading_column *here = &at->columns[i];
        *here = (struct reading_column){.role = ROLE_NOTHING};
        if (!column) {
            here->ask = ask_named(at, cell);
            if (here->ask)
                here->role = ROLE_ASK;
            else if (!order_column_is_known(format, cell->text))
                say_unknown(at, cell);
            continue;
        }
        here->role = column->role;
        here->rank = (int)(column - format->columns);
        if (column->role == ROLE_QUANTITY)
            at->quantity_at = i;
        if (seen[here->rank]) {
            twice = true;
            finding_add(at->findings, FINDING_ERROR, at_cell(cell), "take one of them out",
                        "the column \"%.80s\" is there twice", cell->text);
        }
        seen[here->rank] = true;
    }
    return !twice;
}

/* ---- rows ---- */

static const struct placed nothing = {"", 0, 0};

/* Whether a text on several lines means the same on one: no name does, and what customers give need not. */
static bool may_fold(enum order_role role)
{
    return role != ROLE_ORDER && role != ROLE_LINE && role != ROLE_ASK && role != ROLE_ANSWERS &&
           role != ROLE_ORDER_ANSWERS;
}

/* The row by roles; its answers of `ask:` columns. */
static const struct said_answer *sort_cells(struct reading *at)
{
    const struct said_answer *answers = NULL;

    for (int role = 0; role < ROLE_COUNT; role++) {
        at->row[role] = nothing;
        at->ranks[role] = 1000;
    }
    for (int i = 0; i < at->csv.count && i < at->column_count; i++) {
        const struct csv_cell *cell = &at->csv.cells[i];
        const struct reading_column *column = &at->columns[i];
        if (column->role == ROLE_NOTHING || !cell->length)
            continue;
        struct placed placed = {cell_text(cell->text, at->arena), cell->line, cell->column};
        if (!*placed.text)
            continue;
        if (may_fold(column->role))
            placed.text = line_text(placed.text, at->arena);
        if (column->role == ROLE_ASK) {
            struct said_answer *answer = ARENA_NEW(at->arena, struct said_answer);
            *answer = (struct said_answer){answers, column->ask, placed};
            answers = answer;
        } else if (column->rank < at->ranks[column->role]) {
            at->row[column->role] = placed;
            at->ranks[column->role] = column->rank;
        }
    }
    return answers;
}

/* Cells behind the last column say that a comma is not quoted: then no cell can be trusted, not even the order's number,
   and a line less in some order would go unnoticed. */
static bool row_is_too_long(struct reading *at)
{
    for (int i = at->column_count; i < at->csv.count; i++)
        if (at->csv.cells[i].length) {
            finding_add(at->findings, FINDING_ERROR, at_cell(&at->csv.cells[i]),
                        "a text with a comma in it needs quotes around it; nothing of the file was "
                        "taken",
                        "the row has %d cells, and the header names %d columns", at->csv.count,
                        at->column_count);
            return true;
        }
    return false;
}

bool sheet_is_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return false;
    return *name && strlen(name) <= NAME_AT_MOST;
}

static struct sheet_order *order_named(struct reading *at, const char *name)
{
    const char *known = intern_text(&at->names, name);
    struct sheet_order *order = table_get(&at->orders, known, NULL);
    if (order) {
        order->apart |= order != at->before;
        return order;
    }
    order = ARENA_NEW(at->arena, struct sheet_order);
    order->name = known;
    order->line = at->csv.row_line;
    order->tail = &order->lines;
    order->due = nothing;
    for (int role = 0; role < ORDER_ROLES; role++)
        order->cells[role] = nothing;
    table_put(&at->orders, known, NULL, order);
    *at->tail = order;
    at->tail = &order->next;
    at->sheet->order_count++;
    return order;
}

/* Whose row it is: a row without an order's number goes on with the order above. */
static struct sheet_order *order_of_row(struct reading *at)
{
    const struct placed *cell = &at->row[ROLE_ORDER];
    const char *name = cell->text + (*cell->text == '#');

    if (!*name && at->last)
        return at->last;
    if (*name && at->options->prefix)
        name = arena_printf(at->arena, "%s%s", at->options->prefix, name);
    at->last = NULL; /* rows below one that is wrong must not go to the order above it */
    if (sheet_is_name(name))
        return at->last = order_named(at, name);
    struct about about = {cell->line ? cell->line : at->csv.row_line, cell->column, NULL, NULL};
    if (!*name)
        finding_add(at->findings, FINDING_ERROR, about, NULL,
                    "the row has no order number, and no order is above it");
    else
        finding_add(at->findings, FINDING_ERROR, about, NULL,
                    "an order number is one line of at most 60 bytes, and \"%.60s\" is not", name);
    return NULL;
}

/* The first row that says something counts; another that says otherwise is told of once. */
static void take_order_cells(struct reading *at, struct sheet_order *order)
{
    for (int role = ROLE_NOTHING + 1; role < ORDER_ROLES; role++) {
        const struct placed *said = &at->row[role];
        struct placed *known = &order->cells[role];
        if (!*said->text)
            continue;
        if (!*known->text) {
            *known = *said;
        } else if (strcmp(known->text, said->text) && !order->told) {
            order->told = true;
            finding_add(at->findings, FINDING_WARNING,
                        (struct about){said->line, said->column, order->name, NULL},
                        "the first one is taken", "this row says \"%.60s\", and line %d \"%.60s\"",
                        said->text, known->line, known->text);
        }
    }
}

/* A row that only adds to the order, as Shopify writes them for a second payment, is no line. */
static bool has_line(const struct reading *at)
{
    return *at->row[ROLE_SKU].text || *at->row[ROLE_NAME].text || *at->row[ROLE_QUANTITY].text;
}

static void take_line(struct reading *at, struct sheet_order *order,
                      const struct said_answer *answers)
{
    struct sheet_line *line = ARENA_NEW(at->arena, struct sheet_line);
    memcpy(line->cells, at->row + ORDER_ROLES, sizeof line->cells);
    line->answers = answers;
    line->line = at->csv.row_line;
    order->line_count++;
    line->name = *sheet_cell(line, ROLE_LINE)->text
                     ? sheet_cell(line, ROLE_LINE)->text
                     : arena_printf(at->arena, "%d", order->line_count);
    if (!*order->due.text)
        order->due = *sheet_cell(line, ROLE_DUE);
    *order->tail = line;
    order->tail = &line->next;
    at->sheet->line_count++;
}

/* Two files, one behind the other: orders that both have would be there twice. */
static bool is_header_again(struct reading *at)
{
    if (at->quantity_at >= at->csv.count)
        return false;
    const struct csv_cell *cell = &at->csv.cells[at->quantity_at];
    const struct order_column *column = order_column_titled(at->sheet->format, cell->text);
    if (!column || column->role != ROLE_QUANTITY)
        return false;
    finding_add(at->findings, FINDING_ERROR, at_cell(cell),
                "import the files one by one; nothing of this one was taken",
                "the header is here once more");
    return true;
}

static bool take_row(struct reading *at)
{
    if (row_is_too_long(at) || is_header_again(at))
        return false;
    const struct said_answer *answers = sort_cells(at);
    at->dates = dates_together(at->dates, date_tells(at->row[ROLE_DUE].text));
    at->dates = dates_together(at->dates, date_tells(at->row[ROLE_DATE].text));
    struct sheet_order *order = order_of_row(at);
    at->before = order;
    if (order) {
        take_order_cells(at, order);
        if (has_line(at))
            take_line(at, order, answers);
    }
    return true;
}

static bool read_rows(struct reading *at)
{
    enum csv_status status = csv_next(&at->csv);

    if (status == CSV_END)
        finding_add(at->findings, FINDING_ERROR, (struct about){0}, NULL, "the file is empty");
    if (status != CSV_ROW || !read_header(at))
        return false;
    while ((status = csv_next(&at->csv)) == CSV_ROW)
        if (!take_row(at))
            return false;
    return status == CSV_END;
}

bool sheet_read(struct sheet *sheet, const char *text, size_t length,
                const struct sheet_options *options, struct arena *arena, struct findings *findings)
{
    struct placed row[ROLE_COUNT];
    int ranks[ROLE_COUNT];
    struct reading at = {.sheet = sheet,
                         .options = options,
                         .arena = arena,
                         .findings = findings,
                         .tail = &sheet->orders,
                         .row = row,
                         .ranks = ranks};
    *sheet = (struct sheet){0};
    interner_open(&at.names, arena);
    csv_open(&at.csv, text, length);
    bool read = read_rows(&at);
    if (*at.csv.error)
        finding_add(findings, FINDING_ERROR,
                    (struct about){.line = at.csv.error_line, .column = at.csv.error_column},
                    "nothing of the file was taken", "%s", at.csv.error);
    sheet->dates = at.dates != DATES_UNKNOWN                     ? at.dates
                   : sheet->format && sheet->format->month_first ? DATES_MONTH_FIRST
                                                                 : DATES_UNKNOWN;
    csv_close(&at.csv);
    table_free(&at.orders);
    interner_close(&at.names);
    return read;
}
