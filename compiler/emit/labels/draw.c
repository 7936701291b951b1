/* How one label looks: a band, a head with its QR code, the SKU in large letters, what is in it, lines to write on, bars. */
#include "emit/labels/labels.h"

#include "base/buffer.h"

#define BAND_MM 9.0
#define QR_MM 23.0
#define CODE_MM 7.5
#define BLANK_MM 8.5
#define BLANK_LEAST_MM 6.0
#define BLANK_MOST_MM 13.0
#define BARS_MM 12.5
#define GAP_MM 1.5

#define LIST_PT 8.0
#define DOT "  \302\267  "

/* The room each part takes on this label; what is left is for the list. In points. */
struct parts {
    double unit; /* a millimetre at the medium's scale */
    double band, head, code, list, blank, bars;
    int blank_rows;
};

int label_place_blanks(const struct medium *medium, const struct label *label, int *row_of,
                       int *column_of)
{
    int abreast = medium->blanks_abreast, row = 0, column = 0;
    for (int i = 0; i < label->blank_count; i++) {
        bool wide = label->blanks[i].wide;
        if (column && column > abreast - (wide ? 2 : 1))
            row++, column = 0;
        row_of[i] = row;
        column_of[i] = column;
        column = wide ? abreast : column + 1;
    }
    return label->blank_count ? row + 1 : 0;
}

const char *label_list(const struct label *label, int shown, const char *between,
                       struct arena *arena)
{
    struct buffer text = {0};
    for (int i = 0; i < shown; i++)
        buffer_addf(&text, "%s%s", i ? between : "", label->lines[i]);
    if (shown < label->line_count)
        buffer_addf(&text, "%sand %d more", shown ? between : "", label->line_count - shown);
    const char *kept = arena_copy_text(arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

const char *label_bars(const struct label *label)
{
    return label->bars ? label->bars : label->code;
}

/* The bars' text stands below them; a label too narrow for it has none, and its QR code says the same. */
static bool has_bars(struct document *page, const struct label *label, double width)
{
    return page_code128_at(page, 0, 0, width, 0, label_bars(label));
}

/* What the texts beside the QR code take, one below the other. */
struct head {
    double width, origin, title, number, remark;
};

/* The height of a text as long as it is at most the given millimetres; below them it is made smaller. */
static double text_room(struct document *page, const struct medium *medium, double width,
                        double size_pt, bool bold, const char *text, double most_mm)
{
    double most = most_mm * MM_PT * medium->scale * (medium->height > 0 ? 1 : 2.5); /* a roll */
    if (!*text)
        return 0;
    double height = page_text_height(page, width, size_pt * medium->scale, bold, text);
    return height < most ? height : most;
}

static struct head measure_head(struct document *page, const struct medium *medium,
                                const struct label *label, double width)
{
    struct head head = {.width = width - (QR_MM + 2) * MM_PT * medium->scale};
    head.origin = text_room(page, medium, head.width, 7, false, label->origin, 3.4);
    head.title = text_room(page, medium, head.width, 13, true, label->title, 13);
    head.number = text_room(page, medium, head.width, 9.5, false, label->number, 6);
    head.remark = text_room(page, medium, head.width, 8, false, label->remark, 6.5);
    return head;
}

#define LINE_GAP_MM 0.7

static double head_height(const struct head *head, double unit)
{
    double height =
        head->origin + head->title + head->number + head->remark + 4 * LINE_GAP_MM * unit;
    return height < QR_MM * unit ? QR_MM * unit : height;
}

static struct parts measure(struct document *page, const struct medium *medium,
                            const struct label *label, double width, struct arena *arena)
{
    int rows[LABEL_BLANKS_AT_MOST], columns[LABEL_BLANKS_AT_MOST];
    struct parts parts = {.unit = MM_PT * medium->scale};
    parts.band = label->band ? (BAND_MM + GAP_MM) * parts.unit : 0;
    struct head head = measure_head(page, medium, label, width);
    parts.head = head_height(&head, parts.unit) + GAP_MM * parts.unit;
    parts.code = label->kind == LABEL_UNIT && *label->code ? CODE_MM * parts.unit : 0;
    if (label->line_count)
        parts.list = page_text_height(page, width, LIST_PT * medium->scale, false,
                                      label_list(label, label->line_count, "\n", arena)) +
                     GAP_MM * parts.unit;
    parts.blank = BLANK_MM * parts.unit;
    parts.blank_rows = label_place_blanks(medium, label, rows, columns);
    parts.bars = has_bars(page, label, width) ? BARS_MM * parts.unit : 0;
    return parts;
}

double label_height(struct document *page, const struct medium *medium, const struct label *label,
                    double width, struct arena *arena)
{
    struct parts parts = measure(page, medium, label, width, arena);
    return parts.band + parts.head + parts.code + parts.list + parts.blank * parts.blank_rows +
           parts.bars;
}

/* Lines to write on closer together, then no bars, until the list has a line's room at least. */
static void squeeze(struct parts *parts, double height)
{
    double fixed = parts->band + parts->head + parts->code;
    double list = parts->list > 0 ? 4 * parts->unit : 0;
    double left = height - fixed - list - parts->bars;
    if (parts->blank_rows && left < parts->blank * parts->blank_rows)
        parts->blank = left / parts->blank_rows;
    if (parts->blank_rows && parts->blank < BLANK_LEAST_MM * parts->unit) {
        parts->blank = (left + parts->bars) / parts->blank_rows;
        parts->bars = 0;
    }
    double spare = height - fixed - parts->bars - parts->blank * parts->blank_rows - parts->list;
    if (parts->blank_rows && spare > 0) { /* a hand writes better on lines further apart */
        parts->blank += spare / parts->blank_rows;
        if (parts->blank > BLANK_MOST_MM * parts->unit)
            parts->blank = BLANK_MOST_MM * parts->unit;
    }
    parts->list = height - fixed - parts->bars - parts->blank * parts->blank_rows;
}

static void draw_head_line(struct document *page, struct page_area *place, double height,
                           double size_pt, bool bold, const char *text, double gap)
{
    if (height <= 0)
        return;
    place->height = height;
    page_text_fit_at(page, place, size_pt, bold, text);
    place->y += height + gap;
}

static void draw_head(struct document *page, const struct medium *medium, const struct label *label,
                      const struct page_area *place)
{
    double unit = MM_PT * medium->scale, qr = QR_MM * unit, gap = LINE_GAP_MM * unit;
    struct head head = measure_head(page, medium, label, place->width);
    struct page_area line = {place->x, place->y, head.width, 0};
    page_qr_at(page, place->x + place->width - qr, place->y, qr, label->qr);
    draw_head_line(page, &line, head.origin, 7 * medium->scale, false, label->origin, gap);
    draw_head_line(page, &line, head.title, 13 * medium->scale, true, label->title, gap);
    draw_head_line(page, &line, head.number, 9.5 * medium->scale, false, label->number, gap);
    draw_head_line(page, &line, head.remark, 8 * medium->scale, false, label->remark, gap);
}

/* One thing a line where there is room for it, else in a row, else as many as there is room for. */
static void draw_list(struct document *page, const struct label *label,
                      const struct page_area *place, double scale, struct arena *arena)
{
    double least = 6 * scale;
    const char *text = label_list(label, label->line_count, "\n", arena);
    if (page_text_height(page, place->width, least, false, text) > place->height)
        text = label_list(label, label->line_count, DOT, arena);
    for (int shown = label->line_count - 1;
         shown > 0 && page_text_height(page, place->width, least, false, text) > place->height;
         shown--)
        text = label_list(label, shown, DOT, arena);
    page_text_fit_at(page, place, LIST_PT * scale, false, text);
}

static void draw_blanks(struct document *page, const struct medium *medium,
                        const struct label *label, const struct page_area *place,
                        const struct parts *parts)
{
    int rows[LABEL_BLANKS_AT_MOST], columns[LABEL_BLANKS_AT_MOST];
    double pitch = place->width / medium->blanks_abreast, unit = parts->unit;
    label_place_blanks(medium, label, rows, columns);
    for (int i = 0; i < label->blank_count; i++) {
        double x = place->x + pitch * columns[i], y = place->y + parts->blank * rows[i];
        bool last = label->blanks[i].wide || columns[i] == medium->blanks_abreast - 1;
        double width = last ? place->x + place->width - x : pitch - 2 * unit;
        struct page_area name = {x, y + 0.6 * unit, width, parts->blank * 0.55};
        page_text_fit_at(page, &name, 6.5 * medium->scale, false, label->blanks[i].name);
        struct page_area text = {x + 1.5 * unit, y + 2.6 * unit, width - 1.5 * unit,
                                 parts->blank - 3.4 * unit};
        if (label->blanks[i].text)
            page_text_fit_at(page, &text, 10 * medium->scale, true, label->blanks[i].text);
        page_line_at(page, x, y + parts->blank - 0.6 * unit, x + width,
                     y + parts->blank - 0.6 * unit);
    }
}

static void draw_bars(struct document *page, const struct label *label,
                      const struct page_area *place, const struct parts *parts, double scale)
{
    double unit = parts->unit;
    struct page_area below = {place->x + 2 * unit, place->y + 9.2 * unit, place->width - 4 * unit,
                              3.3 * unit};
    page_code128_at(page, place->x, place->y + 1.2 * unit, place->width, 7.8 * unit,
                    label_bars(label));
    page_text_fit_at(page, &below, 7 * scale, false, label_bars(label));
}

void label_draw(struct document *page, const struct medium *medium, const struct label *label,
                const struct page_area *place, struct arena *arena)
{
    struct parts parts = measure(page, medium, label, place->width, arena);
    struct page_area at = *place;
    squeeze(&parts, place->height);
    if (label->band) {
        at.height = parts.band - GAP_MM * parts.unit;
        page_band_at(page, &at, label->alarming, label->band);
        at.y += parts.band;
    }
    draw_head(page, medium, label, &at);
    at.y += parts.head;
    if (parts.code > 0) {
        at.height = parts.code - GAP_MM * parts.unit;
        page_text_fit_at(page, &at, 16 * medium->scale, true, label->code);
        at.y += parts.code;
    }
    if (label->line_count) {
        at.height = parts.list - GAP_MM * parts.unit;
        draw_list(page, label, &at, medium->scale, arena);
    }
    at.y = place->y + place->height - parts.bars - parts.blank * parts.blank_rows;
    draw_blanks(page, medium, label, &at, &parts);
    at.y = place->y + place->height - parts.bars;
    if (parts.bars > 0)
        draw_bars(page, label, &at, &parts, medium->scale);
}
