#include "emit/labels/zpl.h"

#include <stdint.h>

#include <string.h>

#define LEAST_SIZE 14 /* dots: what can still be read */
#define ROWS_AT_MOST 60

/* ---- data ---- */

/* The printer's font has no arrows, and no space at which a line is not broken. */
static const char *const replaced[][2] = {
    {"\342\206\222", ">"}, {"\342\210\222", "-"}, {"\302\240", " "}};

static void add_byte(struct buffer *out, unsigned char byte)
{
    if (byte < ' ' || byte > '~' || strchr("^~_", byte))
        buffer_addf(out, "_%02X", byte);
    else
        buffer_add_char(out, (char)byte);
}

void zpl_data(struct buffer *out, const char *text)
{
    while (*text) {
        bool found = false;
        for (size_t i = 0; i < sizeof replaced / sizeof *replaced && !found; i++) {
            size_t length = strlen(replaced[i][0]);
            if ((found = strncmp(text, replaced[i][0], length) == 0)) {
                buffer_add_text(out, replaced[i][1]);
                text += length;
            }
        }
        if (found)
            continue;
        add_byte(out, (unsigned char)*text++);
    }
}

/* ---- text ---- */

/* Widths of the scalable font in hundredths of its height, rather too wide: what is reckoned to fit does. */
static int letter_width(uint32_t letter)
{
    if (letter > 0x2e80) /* the scripts of East Asia */
        return 100;
    if (letter > '~')
        return letter == 0xa0 ? 34 : 68;
    if (strchr("MW@%mw", (int)letter))
        return 84;
    if (strchr("ijlI.,:;'|!() ", (int)letter))
        return 34;
    return letter >= 'A' && letter <= 'Z' ? 62 : 54;
}

/* The bytes of a letter, and its width. */
static int letter_at(const char *text, int *width)
{
    uint32_t letter = (unsigned char)*text;
    int length = letter < 0x80 ? 1 : letter < 0xe0 ? 2 : letter < 0xf0 ? 3 : 4;
    if (length > 1)
        letter &= 0x3fu >> (length - 1);
    for (int i = 1; i < length; i++)
        letter = letter << 6 | ((unsigned char)text[i] & 0x3fu);
    *width = letter_width(letter);
    return length;
}

struct rows {
    const char *begin[ROWS_AT_MOST];
    int length[ROWS_AT_MOST];
    int count;
    bool whole; /* all of the text is in them */
};

/* How much of the text goes into a line: to a space or "\n", or, of a word that is longer, what there is room for. */
static int line_length(const char *text, int width, int size)
{
    int at = 0, last_space = 0, used = 0;
    while (text[at] && text[at] != '\n') {
        int letter, length = letter_at(text + at, &letter);
        used += letter * size;
        if (used > width * 100)
            return last_space ? last_space : at ? at : length;
        at += length;
        if (text[at] == ' ')
            last_space = at;
    }
    return at;
}

static void break_lines(struct rows *rows, const char *text, int width, int size)
{
    rows->count = 0;
    while (*text && rows->count < ROWS_AT_MOST) {
        int length = line_length(text, width, size);
        rows->begin[rows->count] = text;
        rows->length[rows->count++] = length;
        text += length;
        text += *text == ' ' || *text == '\n';
    }
    rows->whole = !*text;
}

static int row_height(int size)
{
    return size + size / 8 + 1;
}

int zpl_text_height(int width, int size, const char *text, struct arena *arena)
{
    struct rows *rows = ARENA_ARRAY(arena, struct rows, 1);
    break_lines(rows, text, width, size);
    return rows->count * row_height(size);
}

static void write_row(struct buffer *out, int x, int y, int size, const char *text)
{
    buffer_addf(out, "^FO%d,%d^A0N,%d,%d^FH^FD", x, y, size, size);
    zpl_data(out, text);
    buffer_add_text(out, "^FS\n");
}

/* The row with dots at its end, shortened until they fit. */
static const char *cut_row(const char *text, int length, int width, int size, struct arena *arena)
{
    char *row = arena_printf(arena, "%.*s...", length, text);
    while (length > 0 && line_length(row, width, size) < (int)strlen(row)) {
        do
            length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80);
        row = arena_printf(arena, "%.*s...", length, text);
    }
    return row;
}

int zpl_text(struct buffer *out, const struct zpl_place *place, int size, const char *text,
             struct arena *arena)
{
    struct rows *rows = ARENA_ARRAY(arena, struct rows, 1);
    for (; size > LEAST_SIZE; size--) {
        break_lines(rows, text, place->width, size);
        if (rows->whole && rows->count * row_height(size) <= place->height)
            break;
    }
    break_lines(rows, text, place->width, size);
    int room = place->height / row_height(size);
    if (room < 1)
        room = place->height >= size;
    bool cut = rows->count > room || !rows->whole;
    int count = rows->count < room ? rows->count : room;
    for (int i = 0; i < count; i++)
        write_row(out, place->x, place->y + i * row_height(size), size,
                  cut && i == count - 1
                      ? cut_row(rows->begin[i], rows->length[i], place->width, size, arena)
                      : arena_printf(arena, "%.*s", rows->length[i], rows->begin[i]));
    return count * row_height(size);
}

/* One line in the middle of the place, of that height or as much smaller as it takes. */
static void zpl_middle(struct buffer *out, const struct zpl_place *place, int size,
                       const char *text)
{
    int width = 0;
    for (const char *at = text; *at;) {
        int letter;
        at += letter_at(at, &letter);
        width += letter;
    }
    if (width * size > place->width * 100)
        size = place->width * 100 / width;
    buffer_addf(out, "^FO%d,%d^A0N,%d,%d^FB%d,1,0,C^FH^FD", place->x,
                place->y + (place->height - size) / 2, size, size, place->width);
    zpl_data(out, text);
    buffer_add_text(out, "^FS\n");
}

/* ---- lines ---- */

void zpl_line(struct buffer *out, int x, int y, int width)
{
    buffer_addf(out, "^FO%d,%d^GB%d,2,2^FS\n", x, y, width);
}

void zpl_band(struct buffer *out, const struct zpl_place *place, bool filled, const char *text)
{
    int pad = place->height / 5;
    buffer_addf(out, "^FO%d,%d^GB%d,%d,%d^FS\n", place->x, place->y, place->width, place->height,
                filled ? place->height : 3);
    struct zpl_place inside = {place->x + pad, place->y, place->width - 2 * pad, place->height};
    if (filled) /* white where black is */
        buffer_add_text(out, "^LRY\n");
    zpl_middle(out, &inside, place->height - 2 * pad, text);
    if (filled)
        buffer_add_text(out, "^LRN\n");
}

/* ---- codes ---- */

/* Bytes that a QR code of each version holds at level M, from version 1. */
static const int qr_holds[] = {14,  26,  42,  62,  84,  106, 122, 152, 180, 213,
                               251, 287, 331, 362, 412, 450, 504, 560, 624, 666};
enum { QR_VERSIONS = sizeof qr_holds / sizeof *qr_holds };

void zpl_qr(struct buffer *out, const struct zpl_place *place, const char *text)
{
    int version = 1, length = (int)strlen(text);
    while (version <= QR_VERSIONS && qr_holds[version - 1] < length)
        version++;
    int squares = 17 + 4 * version, scale = place->width / squares;
    if (version > QR_VERSIONS || scale < 2) /* finer than a scanner reads from a label */
        return;
    if (scale > 10)
        scale = 10;
    buffer_addf(out, "^FO%d,%d^BQN,2,%d^FH^FDMA,", place->x + place->width - scale * squares,
                place->y, scale);
    zpl_data(out, text);
    buffer_add_text(out, "^FS\n");
}

enum { QUIET = 10 }; /* bars' widths of white that a reader needs beside them */

bool zpl_code128(struct buffer *out, const struct zpl_place *place, const char *text)
{
    int length = 0, below = place->height / 4;
    for (const char *at = text; *at; at++, length++)
        if (*at < ' ' || *at > '~')
            return false;
    int bars = 11 * (length + 2) + 13; /* begin, letters, sum; end */
    int scale = place->width / bars;
    scale = scale > 4 ? 4 : scale;
    while (scale > 1 && place->x + (place->width - scale * bars) / 2 < QUIET * scale)
        scale--;
    if (!length || scale < 2)
        return false;
    if (!out)
        return true;
    buffer_addf(out, "^BY%d^FO%d,%d^BCN,%d,N,N,N,N^FH^FD>:", scale,
                place->x + (place->width - scale * bars) / 2, place->y, place->height - below);
    for (const char *at = text; *at; at++)
        if (*at == '>')
            buffer_add_text(out, ">0"); /* begins a code of its own else */
        else
            add_byte(out, (unsigned char)*at);
    buffer_add_text(out, "^FS\n");
    struct zpl_place text_place = {place->x, place->y + place->height - below + 4, place->width,
                                   below - 4};
    zpl_middle(out, &text_place, below - 4, text);
    return true;
}
