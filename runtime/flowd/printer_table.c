#include "flowd/printer_table.h"

#include "flowd/flowd.h"

#include "cost/grid.h"

#include <string.h>

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static void add_grams(struct buffer *out, int64_t mg)
{
    buffer_addf(out, "%lld", (long long)(mg / 1000));
    int rest = (int)(mg % 1000), places = 3;
    for (; rest && rest % 10 == 0; rest /= 10)
        places--;
    if (rest)
        buffer_addf(out, ".%0*d", places, rest);
}

/* "pla_black SP-1 740 g, ..." */
static const char *loaded_in(const json_t *printer, struct arena *arena)
{
    struct buffer out = {0};
    size_t i;
    const json_t *slot;
    json_array_foreach(json_object_get(printer, "loaded"), i, slot)
    {
        const char *lot = text_of(slot, "lot");
        const json_t *left_mg = json_object_get(slot, "left_mg");
        buffer_addf(&out, "%s%s%s%s", i ? ", " : "", text_of(slot, "material"), *lot ? " " : "",
                    lot);
        if (!left_mg)
            continue;
        buffer_add_char(&out, ' ');
        add_grams(&out, json_integer_value(left_mg));
        buffer_add_text(&out, " g");
    }
    const char *text = arena_printf(arena, "%s", buffer_text(&out));
    buffer_free(&out);
    return text;
}

static bool is_one_of(const char *word, const char *const words[])
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static const char *progress_of(const json_t *printer, struct arena *arena)
{
    static const char *const works[] = {"printing", "paused", "starting", "attention", NULL};
    const json_t *percent = json_object_get(printer, "percent");
    const json_t *remaining_s = json_object_get(printer, "remaining_s");
    if (!percent || !is_one_of(text_of(printer, "state"), works))
        return "";
    int done = (int)json_integer_value(percent);
    return remaining_s ? arena_printf(arena, "%d %%, %lld min left", done,
                                      (long long)((json_integer_value(remaining_s) + 59) / 60))
                       : arena_printf(arena, "%d %%", done);
}

/* Only the server of a shop knows of its plates. */
static const char *plate_of(const json_t *printer)
{
    const json_t *empty = json_object_get(printer, "plate_empty");
    const char *plate = text_of(printer, "plate");
    return !empty ? "" : json_is_true(empty) ? "empty" : *plate ? plate : "not seen empty yet";
}

/* Our names for files are long: what lies there is named after the job. */
static const char *file_of(const json_t *printer)
{
    const char *job = text_of(printer, "job"), *plate = text_of(printer, "plate"),
               *file = text_of(printer, "file");
    return *job ? job : *plate && strncmp(file, "flow-", 5) == 0 ? plate : file;
}

static const char *says(const json_t *printer, struct arena *arena)
{
    static const char *const trouble[] = {"error", "unknown", "offline", "attention", NULL};
    if (json_is_true(json_object_get(printer, "out_of_use")))
        return arena_printf(arena, "out of use: %s", text_of(printer, "reason"));
    return is_one_of(text_of(printer, "state"), trouble) ? text_of(printer, "message") : "";
}

static void add_row(struct grid *grid, int count, const char *const cells[])
{
    grid_row(grid, false);
    for (int i = 0; i < count; i++)
        grid_cell(grid, cells[i]);
}

static void add_questions(struct buffer *out, const json_t *rows, struct arena *arena)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *asks = text_of(row, "asks"), *printer = text_of(row, "printer");
        if (*asks)
            buffer_add_text(
                out,
                arena_printf(
                    arena,
                    "\n%s: %s:\n  flowd printers load %s SLOT MATERIAL --lot LOT --grams GRAMS\n"
                    "  flowd printers resume %s\n",
                    printer, asks, printer, printer));
    }
}

void add_printer_table(struct buffer *out, const json_t *rows)
{
    static const char *const heading[] = {"printer",  "machine", "state",  "file",
                                          "progress", "plate",   "loaded", "says"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    size_t i;
    const json_t *row;
    add_row(&grid, COLUMNS, heading);
    json_array_foreach(rows, i, row)
    {
        const char *const cells[COLUMNS] = {text_of(row, "printer"),  text_of(row, "machine"),
                                            text_of(row, "state"),    file_of(row),
                                            progress_of(row, &arena), plate_of(row),
                                            loaded_in(row, &arena),   says(row, &arena)};
        add_row(&grid, COLUMNS, cells);
    }
    grid_print(out, &grid, color_wanted(false));
    add_questions(out, rows, &arena);
    arena_free(&arena);
}
