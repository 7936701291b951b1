/* Reading specs/sampling/<name>.csv: lines of cells between commas, a heading first, no quotes. */
#include "quality/tables.h"

#include "base/arena.h"
#include "base/file.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_AT_MOST = AQLS_AT_MOST + 2, FILE_AT_MOST = 1 << 20 };

static const char letter_names[] = "ABCDEFGHJKLMNPQRS";
static const char *const level_names[LEVEL_COUNT] = {"S1", "S2", "S3", "S4", "I", "II", "III"};

int letter_index(char letter)
{
    const char *found = letter ? strchr(letter_names, letter) : NULL;

    return found ? (int)(found - letter_names) : -1;
}

char letter_at(int index)
{
    return letter_names[index];
}

int aql_index(const struct rational *aqls, int count, struct rational aql)
{
    for (int i = 0; i < count; i++)
        if (rational_equal(aqls[i], aql))
            return i;
    return -1;
}

int lot_index(const struct lot_range *lots, int count, long lot)
{
    for (int i = 0; i < count; i++)
        if (lot >= lots[i].from && lot <= lots[i].to)
            return i;
    return -1;
}

/* ---- cells ---- */

/* One line's cells; a row function returns false for a line that makes no sense. */
struct cells {
    char *text[COLUMNS_AT_MOST];
    int count;
};

static void split(char *line, struct cells *cells)
{
    cells->count = 0;
    while (line && cells->count < COLUMNS_AT_MOST) {
        char *comma = strchr(line, ',');
        if (comma)
            *comma++ = '\0';
        cells->text[cells->count++] = line;
        line = comma;
    }
}

static bool whole(const char *text, long *number)
{
    char *end;

    *number = strtol(text, &end, 10);
    return end != text && *end == '\0' && *number >= 0;
}

static bool ratio(const char *text, struct rational *number)
{
    return rational_parse(text, strlen(text), number);
}

static bool range(const struct cells *cells, struct lot_range *lots)
{
    if (cells->count < 3 || !whole(cells->text[0], &lots->from))
        return false;
    lots->to = LONG_MAX;
    return cells->text[1][0] == '\0' || whole(cells->text[1], &lots->to);
}

/* ---- the three sorts of table; row 0 is the heading ---- */

static bool letter_row(void *table, int row, const struct cells *cells)
{
    struct letter_table *letters = table;

    if (cells->count != 2 + LEVEL_COUNT || row > RANGES_AT_MOST)
        return false;
    for (int i = 0; i < LEVEL_COUNT; i++) {
        const char *cell = cells->text[2 + i];
        if (row == 0 ? strcmp(cell, level_names[i]) != 0 : letter_index(cell[0]) < 0)
            return false;
        if (row > 0)
            letters->letters[row - 1][i] = cell[0];
    }
    letters->count = row;
    return row == 0 || range(cells, &letters->lots[row - 1]);
}

static void add_size(struct master_table *master, long size)
{
    int at = 0;

    while (at < master->size_count && master->sizes[at] != size)
        at++;
    if (at == master->size_count && size > 0 && at < LETTERS_AT_MOST)
        master->sizes[master->size_count++] = size;
}

static bool master_row(void *table, int row, const struct cells *cells)
{
    struct master_table *master = table;
    struct master_cell cell;
    struct rational aql;

    if (cells->count != 5)
        return false;
    if (row == 0)
        return strcmp(cells->text[0], "code_letter") == 0;
    int letter = letter_index(cells->text[0][0]);
    if (letter < 0 || !ratio(cells->text[1], &aql) || !whole(cells->text[2], &cell.n) ||
        !whole(cells->text[3], &cell.ac) || !whole(cells->text[4], &cell.re))
        return false;
    int column = aql_index(master->aqls, master->aql_count, aql);
    if (column < 0) {
        column = master->aql_count;
        if (column == AQLS_AT_MOST)
            return false;
        master->aqls[master->aql_count++] = aql;
    }
    master->cells[letter][column] = cell;
    add_size(master, cell.n);
    return true;
}

static bool zero_row(void *table, int row, const struct cells *cells)
{
    struct zero_table *zero = table;
    int columns = cells->count - 2;

    if (columns < 1 || columns > AQLS_AT_MOST || row > RANGES_AT_MOST)
        return false;
    if (row == 0)
        zero->aql_count = columns;
    if (columns != zero->aql_count)
        return false;
    for (int i = 0; i < columns; i++) {
        const char *cell = cells->text[2 + i];
        if (row == 0 ? !ratio(cell, &zero->aqls[i])
                     : strcmp(cell, "ALL") != 0 && !whole(cell, &zero->n[row - 1][i]))
            return false;
    }
    zero->count = row;
    return row == 0 || range(cells, &zero->lots[row - 1]);
}

/* ---- files ---- */

static bool read_lines(char *text,
                       bool (*read_row)(void *table, int row, const struct cells *cells),
                       void *table, const char *path, struct failure *failure)
{
    struct cells cells;
    int row = 0;

    for (char *line = text; line && *line; row++) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        line[strcspn(line, "\r")] = '\0';
        split(line, &cells);
        if (!read_row(table, row, &cells))
            return fail(failure, "%s: line %d is no line of this table; install specs/ anew", path,
                        row + 1);
        line = end;
    }
    return row > 1 || fail(failure, "%s: the table is empty; install specs/ anew", path);
}

static bool read_table(const char *folder, const char *name,
                       bool (*read_row)(void *table, int row, const struct cells *cells),
                       void *table, struct arena *arena, struct failure *failure)
{
    char *path = arena_printf(arena, "%s/sampling/%s.csv", folder, name);
    char *text = NULL;
    size_t length;
    bool good = file_read(path, FILE_AT_MOST, &text, &length, failure) == FILE_OK &&
                read_lines(text, read_row, table, path, failure);

    free(text);
    return good;
}

static bool read_tables(struct sampling_tables *tables, struct arena *arena,
                        struct failure *failure)
{
    static const char *const master_names[] = {"single_normal", "single_tightened",
                                               "single_reduced"};
    const char *folder = specs_folder(arena);

    memset(tables, 0, sizeof *tables);
    if (!folder || !folder_exists(path_join(arena, folder, "sampling")))
        return specs_found(failure)
                   ? fail(failure, "the sampling tables are missing; install specs/ anew")
                   : false;
    for (int i = 0; i < 3; i++)
        if (!read_table(folder, master_names[i], master_row, &tables->master[i], arena, failure))
            return false;
    return read_table(folder, "code_letters", letter_row, &tables->letters, arena, failure) &&
           read_table(folder, "accept_zero", zero_row, &tables->zero, arena, failure);
}

const struct sampling_tables *sampling_tables(struct failure *failure)
{
    static struct sampling_tables tables;
    static atomic_bool read;
    static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

    if (!read) { /* one thread reads them, the others wait for it */
        pthread_mutex_lock(&reading);
        struct arena arena = {0};
        if (!read)
            read = read_tables(&tables, &arena, failure);
        arena_free(&arena);
        pthread_mutex_unlock(&reading);
    }
    return read ? &tables : NULL;
}
