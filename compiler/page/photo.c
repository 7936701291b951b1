/* Photos on a page. A JPEG goes into the PDF as it is; a camera that was held upright says so in it. */
#include "page/photo.h"
#include "page/private.h"

#include <math.h>
#include <string.h>

/* ---- what the bytes say ---- */

static unsigned byte_at(const struct page_photo *photo, size_t at)
{
    return at < photo->length ? (unsigned char)photo->bytes[at] : 0;
}

static unsigned big_endian(const struct page_photo *photo, size_t at, int bytes)
{
    unsigned value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | byte_at(photo, at + (size_t)i);
    return value;
}

static unsigned in_order(const struct page_photo *photo, size_t at, int bytes, bool little)
{
    unsigned value = 0;
    for (int i = 0; i < bytes; i++)
        value |= byte_at(photo, at + (size_t)i) << 8 * (little ? i : bytes - 1 - i);
    return value;
}

/* Exif's orientation, 1 to 8; 1 where it is unsaid. */
static int orientation_in(const struct page_photo *photo, size_t at, size_t length)
{
    enum { TAG_ORIENTATION = 0x112, ENTRY = 12 };
    if (length < 16 || memcmp(photo->bytes + at, "Exif\0\0", 6) != 0)
        return 1;
    size_t start = at + 6, end = at + length;
    bool little = byte_at(photo, start) == 'I';
    size_t table = start + in_order(photo, start + 4, 4, little);
    unsigned count = in_order(photo, table, 2, little);
    for (unsigned i = 0; i < count && table + 2 + (i + 1) * ENTRY <= end; i++)
        if (in_order(photo, table + 2 + i * ENTRY, 2, little) == TAG_ORIENTATION) {
            unsigned value = in_order(photo, table + 2 + i * ENTRY + 8, 2, little);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    return 1;
}

static bool is_frame(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* From segment to segment up to the frame, which has the size. */
static bool read_jpeg(struct page_photo *photo)
{
    size_t at = 2;
    photo->orientation = 1;
    while (at + 9 < photo->length && byte_at(photo, at) == 0xFF) {
        unsigned marker = byte_at(photo, at + 1), length = big_endian(photo, at + 2, 2);
        if (marker == 0xFF) { /* filling */
            at++;
            continue;
        }
        if (length < 2 || at + 2 + length > photo->length)
            return false;
        if (marker == 0xE1)
            photo->orientation = orientation_in(photo, at + 4, length - 2);
        if (is_frame(marker)) {
            photo->height = (int)big_endian(photo, at + 5, 2);
            photo->width = (int)big_endian(photo, at + 7, 2);
            return true;
        }
        at += 2 + length;
    }
    return false;
}

static bool read_png(struct page_photo *photo)
{
    if (photo->length < 33 || memcmp(photo->bytes + 12, "IHDR", 4) != 0)
        return false;
    photo->width = (int)big_endian(photo, 16, 4);
    photo->height = (int)big_endian(photo, 20, 4);
    photo->orientation = 1;
    return true;
}

/* Cairo takes no longer side; more pixels than that are no photo. */
enum { SIDE_AT_MOST = 32767 };
#define PIXELS_AT_MOST 60e6

bool page_photo_look(struct page_photo *photo)
{
    bool known = false;
    if (photo->length > 8 && memcmp(photo->bytes, "\x89PNG\r\n\x1A\n", 8) == 0)
        known = read_png(photo), photo->type = "image/png";
    else if (photo->length > 4 && memcmp(photo->bytes, "\xFF\xD8\xFF", 3) == 0)
        known = read_jpeg(photo), photo->type = "image/jpeg";
    return known && photo->width > 0 && photo->height > 0 && photo->width <= SIDE_AT_MOST &&
           photo->height <= SIDE_AT_MOST && (double)photo->width * photo->height <= PIXELS_AT_MOST;
}

/* ---- on the page ---- */

struct unread {
    const struct page_photo *photo;
    size_t at;
};

static cairo_status_t read_on(void *closure, unsigned char *to, unsigned length)
{
    struct unread *unread = closure;
    if (unread->photo->length - unread->at < length)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, unread->photo->bytes + unread->at, length);
    unread->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *surface_of(const struct page_photo *photo)
{
    if (strcmp(photo->type, "image/png") == 0) {
        struct unread unread = {photo, 0};
        return cairo_image_surface_create_from_png_stream(read_on, &unread);
    }
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, photo->width, photo->height);
    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)photo->bytes,
                                photo->length, NULL, NULL); /* outlives the document */
    return surface;
}

static bool is_on_its_side(const struct page_photo *photo)
{
    return photo->orientation >= 5;
}

static double upright_width(const struct page_photo *photo)
{
    return is_on_its_side(photo) ? photo->height : photo->width;
}

static double upright_height(const struct page_photo *photo)
{
    return is_on_its_side(photo) ? photo->width : photo->height;
}

/* From the pixels as they are stored to the upright photo, for each of Exif's eight ways to hold a camera. */
static void turn(cairo_t *cairo, const struct page_photo *photo)
{
    double w = photo->width, h = photo->height;
    const cairo_matrix_t turns[9] = {
        {1, 0, 0, 1, 0, 0},   {1, 0, 0, 1, 0, 0},   {-1, 0, 0, 1, w, 0},
        {-1, 0, 0, -1, w, h}, {1, 0, 0, -1, 0, h},  {0, 1, 1, 0, 0, 0},
        {0, 1, -1, 0, h, 0},  {0, -1, -1, 0, h, w}, {0, -1, 1, 0, 0, w},
    };
    cairo_transform(cairo, &turns[photo->orientation]);
}

static void draw_photo(struct document *document, double x, double y, double scale,
                       const struct page_photo *photo)
{
    if (!document->pages)
        return;
    cairo_t *cairo = document->cairo;
    cairo_surface_t *surface = surface_of(photo);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        cairo_save(cairo);
        cairo_translate(cairo, x, y);
        cairo_scale(cairo, scale, scale);
        turn(cairo, photo);
        cairo_set_source_surface(cairo, surface, 0, 0);
        cairo_paint(cairo);
        cairo_restore(cairo);
    }
    cairo_surface_destroy(surface);
}

static const struct text_style style_caption = {8.6, false, 0, ALIGN_MIDDLE};

#define PHOTO_GAP 12.0
#define CAPTION_GAP 3.0

/* So many beside one another, at one height. */
static void draw_row(struct document *document, const struct page_photo *photos, int count,
                     double height_pt)
{
    double room = document->width - PHOTO_GAP * (count - 1), across = 0, captions = 0;
    for (int i = 0; i < count; i++)
        across += upright_width(&photos[i]) / upright_height(&photos[i]);
    double height = fmin(height_pt, room / across);
    for (int i = 0; i < count; i++) {
        double width = upright_width(&photos[i]) / upright_height(&photos[i]) * height;
        double caption = text_measure(document, photos[i].caption, width, style_caption);
        captions = *photos[i].caption && caption > captions ? caption : captions;
    }
    page_need(document, height + CAPTION_GAP + captions);
    double x = document->left + (room - across * height) / 2;
    for (int i = 0; i < count; i++) {
        double scale = height / upright_height(&photos[i]);
        double width = upright_width(&photos[i]) * scale;
        draw_photo(document, x, document->y, scale, &photos[i]);
        text_draw(document, x, document->y + height + CAPTION_GAP, photos[i].caption, width,
                  style_caption);
        x += width + PHOTO_GAP;
    }
    document->y += height + CAPTION_GAP + captions + 8;
}

void page_photos(struct document *document, const struct page_photo *photos, int count,
                 double height_pt)
{
    enum { ABREAST = 3 };
    page_clear_aside(document);
    for (int i = 0; i < count; i += ABREAST)
        draw_row(document, photos + i, count - i < ABREAST ? count - i : ABREAST, height_pt);
}
