/* Inside emit/labels: what a label says, apart from how large it is. All texts in the arena. */
#ifndef FLOW_EMIT_LABELS_LABELS_H
#define FLOW_EMIT_LABELS_LABELS_H

#include "emit/emit.h"
#include "page/page.h"

enum label_kind { LABEL_UNIT, LABEL_BIN, LABEL_LOT, LABEL_PARCEL, LABEL_KIND_COUNT };

/* Something to write in: its name, whether it takes a whole line, and what is known of it already; NULL: a hand writes it. */
struct label_blank {
    const char *name;
    bool wide;
    const char *text;
};

#define LABEL_BLANKS_AT_MOST 16

struct label {
    enum label_kind kind;
    const char *band;   /* in large letters on top, NULL for none */
    bool alarming;      /* the band is black: this does not go on */
    const char *origin; /* the shop, in small print */
    const char *title;
    const char *number; /* number and revision, or what stands for it; "" for none */
    const char *code;   /* large, on its own line, and as Code 128: the SKU; "" for none */
    const char *bars;   /* what the bars say instead; NULL */
    const char *remark; /* the variant, the station; "" for none */
    const char **lines; /* what is in it, one a line */
    int line_count;
    const char *qr;
    struct label_blank blanks[LABEL_BLANKS_AT_MOST];
    int blank_count;
};

struct labels {
    struct label *rows;
    int count, capacity;
};

#define LABEL_BIT(kind) (1u << (kind))

/* What labels are printed on. Lengths in mm; a roll and a single label have one to a page. */
struct medium {
    const char *file;
    const char *zpl_file;           /* NULL for a sheet */
    const char *name;               /* on the sheet's edge, NULL for a roll */
    double page_width, page_height; /* height 0: as long as the label needs */
    int columns, rows;
    double left, top, pitch_x, pitch_y, width, height, pad;
    double scale; /* of letters and bars; 1 on a sheet */
    int blanks_abreast;
    unsigned kinds; /* LABEL_BIT of those that are printed on it */
};

/* Every label of the product in the order of the kinds. fingerprint: 64 hex digits. */
void labels_collect(struct emit_context *context, const char *fingerprint, struct labels *labels);

/* A label of a unit of the SKU, or with none of a parcel; where the product has no ship step there is none of it. */
void labels_collect_one(struct emit_context *context, const char *fingerprint,
                        const struct sku *sku, struct labels *labels);
/* What the bars say: the code, or what stands for it. */
const char *label_bars(const struct label *label);

/* Lines of blanks, as many abreast as the medium has; a wide one takes what is left of its line, a whole one if less than two
   are left. Where each stands; returns the lines. */
int label_place_blanks(const struct medium *medium, const struct label *label, int *row_of,
                       int *column_of);
/* What is in it as one text: the first `shown` things, and how many more there are. */
const char *label_list(const struct label *label, int shown, const char *between,
                       struct arena *arena);
/* The labels of one medium for a printer that speaks ZPL, at 203 dots to the inch. */
void labels_add_zpl(struct buffer *out, struct emit_context *context, const struct labels *labels,
                    const struct medium *medium);

/* Draws a label into a place; and how high it would like to be on that width, in points. */
void label_draw(struct document *page, const struct medium *medium, const struct label *label,
                const struct page_area *place, struct arena *arena);
double label_height(struct document *page, const struct medium *medium, const struct label *label,
                    double width, struct arena *arena);

#endif
