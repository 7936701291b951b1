/* Labels of a product on sheets (A4 or letter), on a 62 mm roll and on 4 x 6 inch labels. */
#include "emit/labels/labels.h"

#include "base/sink.h"
#include "emit/common/paper.h"
#include "emit/common/worksheet.h"

#include <string.h>

#define ALL_KINDS (LABEL_BIT(LABEL_KIND_COUNT) - 1)

/* The sheets are the common ones of their countries, so that blank labels of that size need no cutting. */
static const struct medium sheets[] = {
    [PAPER_A4] = {"labels.pdf", NULL, "99.1 \303\227 67.7 mm, 8 to a sheet of A4 (as Avery L7165)",
                  210, 297, 2, 4, 4.65, 13.1, 101.6, 67.7, 99.1, 67.7, 3.5, 1, 3, ALL_KINDS},
    [PAPER_LETTER] = {"labels.pdf", NULL,
                      "4 \303\227 3 1/3 in, 6 to a sheet of letter (as Avery 5164)", 215.9, 279.4,
                      2, 3, 3.97, 12.7, 106.36, 84.67, 101.6, 84.67, 4.5, 1.15, 3, ALL_KINDS},
};
static const struct medium roll = {"labels_62mm.pdf",
                                   "labels_62mm.zpl",
                                   NULL,
                                   62,
                                   0,
                                   1,
                                   1,
                                   0,
                                   0,
                                   0,
                                   0,
                                   62,
                                   0,
                                   3,
                                   0.9,
                                   2,
                                   LABEL_BIT(LABEL_UNIT) | LABEL_BIT(LABEL_BIN) |
                                       LABEL_BIT(LABEL_LOT)};
static const struct medium large = {"labels_4x6.pdf",
                                    "labels_4x6.zpl",
                                    NULL,
                                    101.6,
                                    152.4,
                                    1,
                                    1,
                                    0,
                                    0,
                                    0,
                                    0,
                                    101.6,
                                    152.4,
                                    5,
                                    1.3,
                                    2,
                                    LABEL_BIT(LABEL_UNIT) | LABEL_BIT(LABEL_BIN) |
                                        LABEL_BIT(LABEL_PARCEL)};

struct printing {
    struct emit_context *context;
    const struct medium *medium;
    const struct labels *labels;
};

static int count_of(const struct labels *labels, enum label_kind kind)
{
    int count = 0;
    for (int i = 0; i < labels->count; i++)
        count += labels->rows[i].kind == kind;
    return count;
}

/* ---- one to a page ---- */

static void draw_singles(struct document *page, void *of)
{
    const struct printing *printing = of;
    const struct medium *medium = printing->medium;
    struct arena *arena = printing->context->arena;
    double pad = medium->pad * MM_PT, width = medium->width * MM_PT - 2 * pad;
    for (int i = 0; i < printing->labels->count; i++) {
        const struct label *label = &printing->labels->rows[i];
        if (!(medium->kinds & LABEL_BIT(label->kind)))
            continue;
        double height = medium->height > 0 ? medium->height * MM_PT - 2 * pad
                                           : label_height(page, medium, label, width, arena);
        page_place(page, height + 2 * pad);
        label_draw(page, medium, label, &(struct page_area){pad, pad, width, height}, arena);
    }
}

/* ---- on a sheet ---- */

#define MARK_MM 1.8

/* A cross at each corner, for who has plain paper and a knife. */
static void draw_marks(struct document *page, const struct page_area *place)
{
    double arm = MARK_MM * MM_PT;
    for (int corner = 0; corner < 4; corner++) {
        double x = place->x + (corner & 1 ? place->width : 0);
        double y = place->y + (corner & 2 ? place->height : 0);
        page_line_at(page, x - arm, y, x + arm, y);
        page_line_at(page, x, y - arm, x, y + arm);
    }
}

static void draw_edge(struct document *page, const struct printing *printing, enum label_kind kind,
                      int sheet)
{
    static const char *const kinds[LABEL_KIND_COUNT] = {[LABEL_UNIT] = "units",
                                                        [LABEL_BIN] = "bins",
                                                        [LABEL_LOT] = "lots",
                                                        [LABEL_PARCEL] = "parcels"};
    const char *name = kind < LABEL_KIND_COUNT ? kinds[kind] : "";
    const struct medium *medium = printing->medium;
    int abreast = medium->columns * medium->rows;
    int sheets_of_kind = (count_of(printing->labels, kind) + abreast - 1) / abreast;
    struct page_area place = {12 * MM_PT, 6 * MM_PT, (medium->page_width - 24) * MM_PT, 4 * MM_PT};
    page_text_fit_at(page, &place, 7.5, false,
                     arena_printf(printing->context->arena,
                                  "%s, %s: sheet %d of %d  \302\267  %s  \302\267  print at 100%%",
                                  title_of(printing->context, &printing->context->product->base),
                                  name, sheet + 1, sheets_of_kind, medium->name));
}

/* One label at its place on the sheet, a new sheet where this one is full. */
static void draw_on_sheet(struct document *page, const struct printing *printing,
                          const struct label *label, int at)
{
    const struct medium *medium = printing->medium;
    int places = medium->columns * medium->rows;
    double pad = medium->pad * MM_PT;
    if (at % places == 0) {
        page_place(page, 0);
        draw_edge(page, printing, label->kind, at / places);
    }
    int column = at % places % medium->columns, row = at % places / medium->columns;
    struct page_area cell = {(medium->left + medium->pitch_x * column) * MM_PT,
                             (medium->top + medium->pitch_y * row) * MM_PT, medium->width * MM_PT,
                             medium->height * MM_PT};
    struct page_area inside = {cell.x + pad, cell.y + pad, cell.width - 2 * pad,
                               cell.height - 2 * pad};
    draw_marks(page, &cell);
    label_draw(page, medium, label, &inside, printing->context->arena);
}

static void draw_sheets(struct document *page, void *of)
{
    const struct printing *printing = of;
    int places = printing->medium->columns * printing->medium->rows, at = 0, kind = -1;
    for (int i = 0; i < printing->labels->count; i++) {
        const struct label *label = &printing->labels->rows[i];
        int copies = places / count_of(printing->labels, label->kind);
        if (label->kind != LABEL_UNIT || copies < 1) /* few SKUs fill a sheet of units */
            copies = 1;
        if ((int)label->kind != kind) /* each kind on its own sheets */
            at = 0;
        kind = (int)label->kind;
        for (int copy = 0; copy < copies; copy++)
            draw_on_sheet(page, printing, label, at++);
    }
}

static bool write_pages(struct emit_context *context, const struct labels *labels,
                        const struct medium *medium, const char *path)
{
    struct printing printing = {context, medium, labels};
    struct page_setup setup = {
        .width_pt = medium->page_width * MM_PT,
        .height_pt = (medium->page_height > 0 ? medium->page_height : medium->page_width) * MM_PT,
        .bare = true,
        .title =
            arena_printf(context->arena, "%s: labels", title_of(context, &context->product->base)),
    };
    return document_write(path, &setup, medium->name ? draw_sheets : draw_singles, &printing,
                          context->failure);
}

static bool write_zpl(struct emit_context *context, const struct labels *labels,
                      const struct medium *medium, const char *path)
{
    struct buffer out = {0};
    labels_add_zpl(&out, context, labels, medium);
    bool good = file_write(path, buffer_text(&out), out.length, context->failure);
    buffer_free(&out);
    return good;
}

static bool write_medium(struct emit_context *context, const struct labels *labels,
                         const struct medium *medium)
{
    if (!write_pages(context, labels, medium, emit_path(context, medium->file)))
        return false;
    emit_wrote(context, medium->file);
    return true;
}

static bool write_words(struct emit_context *context, const struct labels *labels,
                        const struct medium *medium)
{
    if (!write_zpl(context, labels, medium, emit_path(context, medium->zpl_file)))
        return false;
    emit_wrote(context, medium->zpl_file);
    return true;
}

bool emit_labels(struct emit_context *context)
{
    char fingerprint[65];
    struct labels labels = {0};
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure))
        return false;
    labels_collect(context, fingerprint, &labels);
    return write_medium(context, &labels, &sheets[context->paper]) &&
           write_medium(context, &labels, &roll) && write_medium(context, &labels, &large) &&
           write_words(context, &labels, &roll) && write_words(context, &labels, &large);
}

/* ---- of what the shop has made ---- */

/* What is known goes onto the line that is there for it; a text of several lines onto those below it too. */
static void fill_in(struct label *label, const char *name, const char *text, struct arena *arena)
{
    int at = 0;
    while (at < label->blank_count && strcmp(label->blanks[at].name, name) != 0)
        at++;
    for (bool first = true; *text && at < label->blank_count; at++, first = false) {
        size_t length = strcspn(text, "\n");
        if (!first && *label->blanks[at].name)
            return;
        label->blanks[at].text = arena_copy_text(arena, text, length);
        text += length + (text[length] == '\n');
    }
}

static bool collect_things(struct emit_context *context, const struct labelled *things, int count,
                           struct labels *labels)
{
    char fingerprint[65];
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure))
        return false;
    for (int i = 0; i < count; i++) {
        int before = labels->count;
        labels_collect_one(context, fingerprint, things[i].sku, labels);
        if (labels->count == before)
            return fail(context->failure, "the workflow ships nothing: it has no parcel's label");
        struct label *label = &labels->rows[before];
        label->qr = label->bars = things[i].name;
        for (int k = 0; k < things[i].field_count; k++)
            fill_in(label, things[i].fields[k][0], things[i].fields[k][1], context->arena);
    }
    return true;
}

bool emit_labels_of(struct emit_context *context, const struct labelled *things, int count,
                    const char *form, const char *path)
{
    static const struct {
        const char *form;
        const struct medium *medium;
        bool zpl;
    } forms[] = {{"62mm.pdf", &roll, false},
                 {"62mm.zpl", &roll, true},
                 {"4x6.pdf", &large, false},
                 {"4x6.zpl", &large, true}};
    struct labels labels = {0};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].form, form) == 0) {
            struct medium medium = *forms[i].medium;
            medium.kinds = ALL_KINDS; /* a parcel's fits on a roll too */
            return collect_things(context, things, count, &labels) &&
                   (forms[i].zpl ? write_zpl : write_pages)(context, &labels, &medium, path);
        }
    return fail(context->failure, "labels are 62mm.pdf, 62mm.zpl, 4x6.pdf or 4x6.zpl, not %s",
                form);
}
