/* The type scale and the papers that all documents share. */
#ifndef FLOW_PAGE_STYLE_H
#define FLOW_PAGE_STYLE_H

enum text_style {
    TEXT_BODY,
    TEXT_STRONG,
    TEXT_SMALL, /* notes, captions, what stands in the foot */
    TEXT_LABEL, /* heads of columns, names of facts */
    TEXT_TITLE,
    TEXT_HEADING, /* of a section */
    TEXT_SUBHEADING,
    TEXT_CODE, /* fingerprints, file names, numbers to copy */
    TEXT_STYLE_COUNT
};

enum alignment { ALIGN_START, ALIGN_CENTER, ALIGN_END };

/* Papers; those beyond the letter are for label printers. */
enum page_size { PAGE_A4, PAGE_LETTER, PAGE_ROLL_62, PAGE_4X6, PAGE_SIZE_COUNT };

struct page_format {
    double width, height; /* points */
    double margin;        /* left and right */
    double head, foot;    /* above and below what is written; the running lines stand in there */
};

extern const struct page_format page_formats[PAGE_SIZE_COUNT];

#define POINTS_PER_MM (72.0 / 25.4)

#endif
