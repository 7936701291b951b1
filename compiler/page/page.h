/* A small layout kit over cairo and pango: what every PDF of the outputs is made of. Content flows down the page; headings
   stay with what follows, rows are not torn, the foot knows how many pages there are. Same calls, same bytes. */
#ifndef FLOW_PAGE_PAGE_H
#define FLOW_PAGE_PAGE_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

struct document;
struct drawing;
struct picture;

struct page_setup {
    double width_pt, height_pt; /* PAGE_A4, PAGE_LETTER or a label's own size; 72 points an inch */
    double margin_pt;
    bool bare;              /* no running head and foot: labels */
    const char *title;      /* of the file, and on the left of the running head */
    const char *head_right; /* on its right: number and revision */
    const char *foot_left;  /* what the reader should know of each sheet */
};
#define PAGE_A4 595.28, 841.89
#define PAGE_LETTER 612.0, 792.0
#define MM_PT (72.0 / 25.4)

/* Draws the document twice, to count its pages and to write them, and puts the PDF at path (base/sink.h). False with a
   failure where it cannot be written. */
bool document_write(const char *path, const struct page_setup *setup,
                    void (*draw)(struct document *document, void *context), void *context,
                    struct failure *failure);

/* ---- what flows ---- */
void page_break(struct document *document);
void page_gap(struct document *document, double points);
/* Begins a page where less than that is left: for what should stand together. */
void page_keep(struct document *document, double points);
/* Until it is said anew (NULL: no more), each page that is begun says in small print what goes on there. */
void page_continued(struct document *document, const char *text);
/* What is left of this page, in points: for forms that fill it. */
double page_left(const struct document *document);
/* What a page has when it is begun. */
double page_full(const struct document *document);
/* Level 1 begins a document, 2 a section, 3 a part of it. Goes to the next page with what follows where little is left. */
void page_heading(struct document *document, int level, const char *text);
/* Begins a form, on a page of its own: its name, what it is of, and a QR code on the right, which takes no room from what
   follows. */
void page_form(struct document *document, const char *title, const char *about, const char *code);
void page_paragraph(struct document *document, const char *text);
/* Small print, grey. */
void page_remark(struct document *document, const char *text);
/* A numbered line of work with a box to tick; detail (NULL) below it in small print. */
void page_step(struct document *document, int number, const char *text, const char *detail);
/* A caution: set apart, with the triangle. */
void page_caution(struct document *document, const char *text);
/* Pairs of name and value, two to a row where they fit. */
void page_pairs(struct document *document, const char *const (*pairs)[2], int count);
/* Lines to write on, each with its name below it, side by side. */
void page_blanks(struct document *document, const char *const *names, int count);

struct column {
    const char *title;
    double share; /* of the width */
    bool right;   /* figures stand on the right */
};
/* A table: its head is repeated on each page; no row is torn, one taller than a page is in smaller letters; the last row
   does not go to the next page alone. Cells NULL or "" are blank, to write in. */
void page_table_begin(struct document *document, const struct column *columns, int count);
/* How high the rows of the open table are at least: 18 points if unsaid, for handwriting more. */
void page_table_room(struct document *document, double points);
void page_table_row(struct document *document, const char *const *cells);
/* The next row's first cell shows that, small. */
void page_table_picture(struct document *document, const struct picture *picture);
void page_table_end(struct document *document);
/* Where lines to sign follow: they do not go to the next page without a row. */
void page_table_end_signed(struct document *document);

/* An SVG, as wide as the text at most, no higher than that. */
void page_svg(struct document *document, const struct buffer *svg, double height_pt);
/* A QR code of the text on the right; what comes next stands on its left. */
void page_qr(struct document *document, const char *text, double size_pt);

/* ---- parts (page/drawing.h, geometry/picture.h) ---- */
struct page_part {
    const struct picture *picture;
    const char *title; /* below it */
};
/* Parts side by side, all at one scale, in as many rows as they take; no higher than that together, never torn. */
void page_parts(struct document *document, const struct page_part *parts, int count,
                double height_pt);
/* A drawing on the right: what comes next stands on its left. The caption, in small print, below it. */
void page_drawing_aside(struct document *document, const struct drawing *drawing,
                        const char *caption);
/* Drawings side by side, each with its caption below it; never torn. They share the width. */
void page_drawings(struct document *document, const struct drawing *drawings,
                   const char *const *captions, int count);
/* How wide each of so many may be. */
double page_drawing_room(const struct document *document, int count);

/* ---- what stands at a place, from the top left: labels ---- */
/* A page for what follows: the one in hand while it is empty. Of its own height, 0 for the setup's: a label on an endless
   roll is as long as it needs. */
void page_place(struct document *document, double height_pt);
struct page_area {
    double x, y, width, height;
};
double page_text_at(struct document *document, double x, double y, double width, double size_pt,
                    bool bold, const char *text); /* returns its height */
double page_text_height(struct document *document, double width, double size_pt, bool bold,
                        const char *text);
/* Within the place: of that size, or as much smaller as it takes, and where even small print is too long, with dots at
   its end. Returns its height. */
double page_text_fit_at(struct document *document, const struct page_area *place, double size_pt,
                        bool bold, const char *text);
/* One line in a frame, or white on black where it is filled. */
void page_band_at(struct document *document, const struct page_area *place, bool filled,
                  const char *text);
void page_line_at(struct document *document, double x, double y, double to_x, double to_y);
void page_qr_at(struct document *document, double x, double y, double size_pt, const char *text);
/* As wide as the place at most. False, with nothing drawn, where the text is not plain ASCII or the bars would be too
   fine for a label printer; a height of 0 only asks. */
bool page_code128_at(struct document *document, double x, double y, double width, double height,
                     const char *text);
void page_box_at(struct document *document, double x, double y, double width, double height);

#endif
