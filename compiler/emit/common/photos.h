/* The photos that a spec names, read once for a document. What cannot be drawn (page/photo.h) is left out. */
#ifndef FLOW_EMIT_COMMON_PHOTOS_H
#define FLOW_EMIT_COMMON_PHOTOS_H

#include "emit/emit.h"
#include "page/page.h"
#include "page/photo.h"

struct photo_file;

/* Zero-initialise; photos_free() frees the files. */
struct photo_album {
    struct photo_file *files;
};

/* Those of a `photo` field, every case of each; captions name the cases. Returns how many; in the arena. */
int photos_of(struct emit_context *context, struct photo_album *album,
              const struct declaration *owner, const struct simple *rows,
              struct page_photo **photos);
/* Those of a standard: "Good" and "Not good" below them. */
int photos_of_standard(struct emit_context *context, struct photo_album *album,
                       const struct standard *standard, struct page_photo **photos);
void photos_free(struct photo_album *album);

#endif
