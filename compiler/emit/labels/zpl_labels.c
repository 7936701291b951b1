/* labels_62mm.zpl and labels_4x6.zpl: the labels of the PDFs of these names, said in the printer's own words. */
#include "emit/labels/labels.h"
#include "emit/labels/zpl.h"

#define BAND_MM 9.0
#define QR_MM 23.0
#define CODE_MM 8.0
#define BLANK_MM 8.5
#define BLANK_LEAST_MM 6.0
#define BLANK_MOST_MM 13.0
#define BARS_MM 13.0
#define GAP_MM 1.5
#define DOT "  \302\267  "

/* One label being written: its medium, and the room from top to bottom. In dots. */
struct printing {
    const struct medium *medium;
    const struct label *label;
    struct arena *arena;
    struct buffer *out;
    int x, y, width;
};

static int dots(const struct printing *to, double mm)
{
    return (int)(mm * to->medium->scale * ZPL_DOTS_PER_MM + 0.5);
}

/* A size of letters in points as dots. */
static int letters(const struct printing *to, double points)
{
    return (int)(points * 25.4 / 72 * to->medium->scale * ZPL_DOTS_PER_MM + 0.5);
}

/* ---- the head ---- */

/* Printers set a QR code some dots lower than they are told; below it there must be white. */
enum { QR_SHIFT = 10, QR_MARGIN = 12 };

struct head_line {
    const char *text;
    double points, most_mm;
};

/* Writes the head, or with no `out` only says how high it is: the QR code at least. */
static int head(struct printing *to, struct buffer *out)
{
    const struct label *label = to->label;
    const struct head_line lines[] = {{label->origin, 7, 3.4},
                                      {label->title, 13, 13},
                                      {label->number, 9.5, 6},
                                      {label->remark, 8, 6.5}};
    int qr = dots(to, QR_MM), width = to->width - qr - dots(to, 2), y = to->y;
    for (int i = 0; i < 4; i++) {
        int size = letters(to, lines[i].points), most = dots(to, lines[i].most_mm);
        if (to->medium->height <= 0)
            most = most * 5 / 2; /* a roll has room */
        int high = *lines[i].text ? zpl_text_height(width, size, lines[i].text, to->arena) : 0;
        struct zpl_place place = {to->x, y, width, high < most ? high : most};
        if (high && out)
            zpl_text(out, &place, size, lines[i].text, to->arena);
        y += place.height + (high ? dots(to, 0.7) : 0);
    }
    struct zpl_place corner = {to->x + to->width - qr, to->y, qr, qr};
    if (out)
        zpl_qr(out, &corner, label->qr);
    qr += QR_SHIFT + QR_MARGIN;
    return y - to->y > qr ? y - to->y : qr;
}

/* ---- the parts ---- */

/* The room each part takes; what is left is for the list. */
struct parts {
    int band, head, code, list, blank, blank_rows, bars;
};

static struct parts measure(struct printing *to)
{
    const struct label *label = to->label;
    int rows[LABEL_BLANKS_AT_MOST], columns[LABEL_BLANKS_AT_MOST], gap = dots(to, GAP_MM);
    struct parts parts = {.blank = dots(to, BLANK_MM)};
    struct zpl_place bars = {to->x, 0, to->width, dots(to, BARS_MM)};
    parts.band = label->band ? dots(to, BAND_MM) + gap : 0;
    parts.head = head(to, NULL) + gap;
    parts.code = label->kind == LABEL_UNIT && *label->code ? dots(to, CODE_MM) : 0;
    if (label->line_count)
        parts.list =
            gap + zpl_text_height(to->width, letters(to, 8),
                                  label_list(label, label->line_count, "\n", to->arena), to->arena);
    parts.blank_rows = label_place_blanks(to->medium, label, rows, columns);
    parts.bars = zpl_code128(NULL, &bars, label_bars(label)) ? bars.height + gap
                 : *label->code && !parts.code               ? letters(to, 7) * 5 / 4 + gap
                                                             : 0;
    return parts;
}

/* As on the PDF: lines to write on closer together, then no bars, until the list has a line's room at least. */
static void squeeze(const struct printing *to, struct parts *parts, int height)
{
    int fixed = parts->band + parts->head + parts->code, rows = parts->blank_rows;
    int list = parts->list ? dots(to, 4) : 0, left = height - fixed - list - parts->bars;
    if (rows && left < parts->blank * rows)
        parts->blank = left / rows;
    if (rows && parts->blank < dots(to, BLANK_LEAST_MM)) {
        parts->blank = (left + parts->bars) / rows;
        parts->bars = 0;
    }
    int spare = height - fixed - parts->bars - parts->blank * rows - parts->list;
    if (rows && spare > 0)
        parts->blank += spare / rows;
    if (parts->blank > dots(to, BLANK_MOST_MM))
        parts->blank = dots(to, BLANK_MOST_MM);
    parts->list = height - fixed - parts->bars - parts->blank * rows;
}

static int height_of(const struct parts *parts)
{
    return parts->band + parts->head + parts->code + parts->list +
           parts->blank * parts->blank_rows + parts->bars;
}

/* ---- writing ---- */

static void write_list(struct printing *to, int height)
{
    const struct label *label = to->label;
    struct zpl_place place = {to->x, to->y, to->width, height};
    int size = letters(to, 8), least = letters(to, 6);
    const char *text = label_list(label, label->line_count, "\n", to->arena);
    if (zpl_text_height(to->width, least, text, to->arena) > height)
        text = label_list(label, label->line_count, DOT, to->arena);
    for (int shown = label->line_count - 1;
         shown > 0 && zpl_text_height(to->width, least, text, to->arena) > height; shown--)
        text = label_list(label, shown, DOT, to->arena);
    zpl_text(to->out, &place, size, text, to->arena);
}

static void write_blanks(struct printing *to, int y, const struct parts *parts)
{
    int rows[LABEL_BLANKS_AT_MOST], columns[LABEL_BLANKS_AT_MOST];
    const struct label *label = to->label;
    int abreast = to->medium->blanks_abreast, pitch = to->width / abreast;
    label_place_blanks(to->medium, label, rows, columns);
    for (int i = 0; i < label->blank_count; i++) {
        int x = to->x + pitch * columns[i], top = y + parts->blank * rows[i];
        bool last = label->blanks[i].wide || columns[i] == abreast - 1;
        int width = last ? to->x + to->width - x : pitch - dots(to, 2);
        struct zpl_place name = {x, top + dots(to, 0.6), width, parts->blank * 55 / 100};
        if (*label->blanks[i].name)
            zpl_text(to->out, &name, letters(to, 6.5), label->blanks[i].name, to->arena);
        struct zpl_place text = {x + dots(to, 1.5), top + dots(to, 2.8), width - dots(to, 1.5),
                                 parts->blank - dots(to, 3.4)};
        if (label->blanks[i].text)
            zpl_text(to->out, &text, letters(to, 10), label->blanks[i].text, to->arena);
        zpl_line(to->out, x, top + parts->blank - dots(to, 0.6), width);
    }
}

static void write_parts(struct printing *to, const struct parts *parts, int bottom)
{
    const struct label *label = to->label;
    int gap = dots(to, GAP_MM);
    if (label->band) {
        struct zpl_place band = {to->x, to->y, to->width, parts->band - gap};
        zpl_band(to->out, &band, label->alarming, label->band);
        to->y += parts->band;
    }
    head(to, to->out);
    to->y += parts->head;
    if (parts->code) {
        struct zpl_place code = {to->x, to->y, to->width, parts->code - gap};
        zpl_text(to->out, &code, code.height * 8 / 9, label->code, to->arena);
        to->y += parts->code;
    }
    if (label->line_count)
        write_list(to, parts->list - gap);
    write_blanks(to, bottom - parts->bars - parts->blank * parts->blank_rows, parts);
    struct zpl_place bars = {to->x, bottom - parts->bars + gap, to->width, parts->bars - gap};
    if (parts->bars && !zpl_code128(to->out, &bars, label_bars(label))) /* for people, then */
        zpl_text(to->out, &bars, letters(to, 7), label_bars(label), to->arena);
}

/* UTF-8; the page's size; on an endless roll no gap is looked for. */
static void write_label(struct buffer *out, const struct medium *medium, const struct label *label,
                        struct arena *arena)
{
    int pad = (int)(medium->pad * ZPL_DOTS_PER_MM), page = (int)(medium->width * ZPL_DOTS_PER_MM);
    struct printing to = {medium, label, arena, out, pad, pad, page - 2 * pad};
    struct parts parts = measure(&to);
    bool endless = medium->height <= 0;
    int height = endless ? height_of(&parts) : (int)(medium->height * ZPL_DOTS_PER_MM) - 2 * pad;
    squeeze(&to, &parts, height);
    buffer_addf(out, "^XA\n^CI28^PW%d^LL%d^LH0,0%s\n", page, height + 2 * pad,
                endless ? "^MNN" : "");
    write_parts(&to, &parts, pad + height);
    buffer_add_text(out, "^PQ1\n^XZ\n");
}

void labels_add_zpl(struct buffer *out, struct emit_context *context, const struct labels *labels,
                    const struct medium *medium)
{
    for (int i = 0; i < labels->count; i++)
        if (medium->kinds & LABEL_BIT(labels->rows[i].kind))
            write_label(out, medium, &labels->rows[i], context->arena);
}
