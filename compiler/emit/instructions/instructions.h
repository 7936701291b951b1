/* Private to instructions/. */
#ifndef FLOW_EMIT_INSTRUCTIONS_INSTRUCTIONS_H
#define FLOW_EMIT_INSTRUCTIONS_INSTRUCTIONS_H

#include "emit/common/photos.h"
#include "emit/common/pictures.h"
#include "emit/common/plates.h"
#include "emit/common/worksheet.h"

struct instructions {
    struct emit_context *context;
    const char *fingerprint;      /* 64 hex digits */
    const char *code;             /* what the QR code says */
    const struct labelled *batch; /* of which it is; NULL: a hand writes that */
    struct buffer diagram;        /* SVG */
    struct buffer *plates;        /* SVG, by step; empty where there is none */
    struct part_pictures pictures;
    struct photo_album album;
};

/* instructions.html: one file, no script, for a tablet and for paper. */
bool write_html(struct instructions *of);

#endif
