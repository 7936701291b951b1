/* Parts on a page: side by side at one scale, and drawings with their captions. */
#include "page/drawing_private.h"
#include "page/private.h"

/* How often this page shows it already. */
static int note_use(struct document *document, const struct picture *picture)
{
    int uses = 0;
    uint64_t shows = picture_hash(picture);
    if (document->shown_count == PICTURES_A_PAGE)
        return NEVER_SHARED;
    for (int i = 0; i < document->shown_count; i++)
        uses += document->shown[i] == shows;
    document->shown[document->shown_count++] = shows;
    return uses;
}

void page_drawing_at(struct document *document, double x, double y, const struct drawing *drawing)
{
    if (!document->pages)
        return;
    int uses[DRAWING_PICTURES] = {0};
    for (int i = 0; i < drawing->picture_count; i++)
        uses[i] = note_use(document, drawing->pictures[i].picture);
    cairo_save(document->cairo);
    cairo_translate(document->cairo, x, y);
    drawing_draw(drawing, document->cairo, uses);
    cairo_restore(document->cairo);
}

/* ---- one drawing ---- */

static const struct text_style style_caption = {8, false, 0.25, ALIGN_MIDDLE};

#define CAPTION_GAP 3.0

/* The drawing on the ground of its place, the caption under it. Returns the caption's height. */
static double draw_with_caption(struct document *document, const struct page_area *place,
                                const struct drawing *drawing, const char *caption)
{
    double foot = place->y + place->height;
    page_drawing_at(document, place->x + (place->width - drawing->width_pt) / 2,
                    foot - drawing->height_pt, drawing);
    text_draw(document, place->x, foot + CAPTION_GAP, caption, place->width, style_caption);
    return CAPTION_GAP + text_measure(document, caption, place->width, style_caption);
}

void page_drawing_aside(struct document *document, const struct drawing *drawing,
                        const char *caption)
{
    double width = drawing->width_pt > 90 ? drawing->width_pt : 90;
    double x = document->left + document->width - width;
    struct page_area place = {x, document->y, width, drawing->height_pt};
    double below = draw_with_caption(document, &place, drawing, caption);
    document->aside_width = width + 12;
    document->aside_bottom = document->y + drawing->height_pt + below;
}

#define BESIDE_GAP 12.0

double page_drawing_room(const struct document *document, int count)
{
    return (document->width - BESIDE_GAP * (count - 1)) / count;
}

void page_drawings(struct document *document, const struct drawing *drawings,
                   const char *const *captions, int count)
{
    struct page_area place = {document->left, 0, page_drawing_room(document, count), 0};
    double captions_height = 0;
    page_clear_aside(document);
    for (int i = 0; i < count; i++) {
        double caption = text_measure(document, captions[i], place.width, style_caption);
        captions_height = caption > captions_height ? caption : captions_height;
        place.height = drawings[i].height_pt > place.height ? drawings[i].height_pt : place.height;
    }
    page_need(document, place.height + CAPTION_GAP + captions_height);
    place.y = document->y;
    for (int i = 0; i < count; i++) {
        draw_with_caption(document, &place, &drawings[i], captions[i]);
        place.x += place.width + BESIDE_GAP;
    }
    document->y += place.height + CAPTION_GAP + captions_height + 8;
}

/* ---- parts side by side ---- */

#define PART_GAP 14.0
#define PART_LEAST 74.0 /* for its title */
#define ROW_GAP 8.0

static const struct text_style style_part = {8.6, false, 0, ALIGN_MIDDLE};

struct part_rows {
    struct document *document;
    const struct page_part *parts;
    int count;
    double title_height; /* of the tallest */
};

struct part_row {
    int first, count;
    double width, picture_height; /* with the gaps between them */
};

static double part_width(const struct page_part *part, double scale)
{
    double width = part->picture->width_mm * scale;
    return width > PART_LEAST ? width : PART_LEAST;
}

/* As many as go beside one another, from the first on. */
static struct part_row next_row(const struct part_rows *rows, int first, double scale)
{
    struct part_row row = {first, 0, 0, 0};
    for (int i = first; i < rows->count; i++) {
        double width = part_width(&rows->parts[i], scale);
        if (row.count && row.width + PART_GAP + width > rows->document->width)
            break;
        row.width += (row.count ? PART_GAP : 0) + width;
        row.count++;
        double height = rows->parts[i].picture->height_mm * scale;
        row.picture_height = height > row.picture_height ? height : row.picture_height;
    }
    return row;
}

static double row_height(const struct part_rows *rows, const struct part_row *row)
{
    return row->picture_height + CAPTION_GAP + rows->title_height + ROW_GAP;
}

static double rows_height(const struct part_rows *rows, double scale)
{
    double height = 0;
    for (int i = 0; i < rows->count;) {
        struct part_row row = next_row(rows, i, scale);
        height += row_height(rows, &row);
        i += row.count;
    }
    return height;
}

/* The largest at which they take no more room, found by halving. */
static double common_scale(const struct part_rows *rows, double height_pt)
{
    double least = 0, most = 1e9;
    for (int i = 0; i < rows->count; i++) { /* alone, each would be no larger than this */
        const struct picture *picture = rows->parts[i].picture;
        double high = height_pt / (picture->height_mm + 1e-9);
        double wide = (rows->document->width - 4) / (picture->width_mm + 1e-9);
        most = high < most ? high : most;
        most = wide < most ? wide : most;
    }
    for (int step = 0; step < 24; step++) {
        double scale = (least + most) / 2;
        if (rows_height(rows, scale) <= height_pt)
            least = scale;
        else
            most = scale;
    }
    return least;
}

/* All stand on one ground. */
static void draw_part_row(const struct part_rows *rows, const struct part_row *row, double scale)
{
    struct document *document = rows->document;
    double x = document->left + (document->width - row->width) / 2;
    for (int i = row->first; i < row->first + row->count; i++) {
        const struct picture *picture = rows->parts[i].picture;
        double width = part_width(&rows->parts[i], scale);
        struct drawing drawing;
        drawing_of_one(&drawing, picture, picture->width_mm * scale + 3,
                       picture->height_mm * scale + 3);
        page_drawing_at(document, x + (width - drawing.width_pt) / 2,
                        document->y + row->picture_height - drawing.height_pt, &drawing);
        text_draw(document, x, document->y + row->picture_height + CAPTION_GAP,
                  rows->parts[i].title, width, style_part);
        x += width + PART_GAP;
    }
    document->y += row_height(rows, row);
}

void page_parts(struct document *document, const struct page_part *parts, int count,
                double height_pt)
{
    struct part_rows rows = {document, parts, count, 0};
    if (!count)
        return;
    for (int i = 0; i < count; i++) {
        double height = text_measure(document, parts[i].title, PART_LEAST, style_part);
        rows.title_height = height > rows.title_height ? height : rows.title_height;
    }
    page_clear_aside(document);
    double scale = common_scale(&rows, height_pt);
    page_need(document, rows_height(&rows, scale));
    for (int i = 0; i < count;) {
        struct part_row row = next_row(&rows, i, scale);
        draw_part_row(&rows, &row, scale);
        i += row.count;
    }
}
