/* Photos: PNG or JPEG, as a camera or a telephone writes them. */
#ifndef FLOW_PAGE_PHOTO_H
#define FLOW_PAGE_PHOTO_H

#include <stdbool.h>
#include <stddef.h>

struct document;

struct page_photo {
    const char *bytes; /* borrowed, as long as a document is drawn */
    size_t length;
    const char *caption; /* "" for none */
    /* what page_photo_look() finds */
    const char *type;  /* "image/jpeg" */
    int width, height; /* in pixels, as they are stored */
    int orientation;   /* Exif's 1 to 8: how the camera was held */
};

/* Finds out what the bytes are. False where they are no PNG or JPEG, or too large to print: draw it nowhere. */
bool page_photo_look(struct page_photo *photo);

/* Three abreast at most, each row at one height, that high at most. */
void page_photos(struct document *document, const struct page_photo *photos, int count,
                 double height_pt);

#endif
