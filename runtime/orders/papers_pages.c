#include "orders/papers_pages.h"

#include "page/page.h"

#include <string.h>

struct drawn {
    const struct papers *papers;
    const char *title;
};

/* What a cell shows of a count; nothing to write in. */
static const char *whole(const struct papers *papers, int64_t number)
{
    return number ? arena_printf(papers->arena, "%lld", (long long)number) : "\342\200\223";
}

static const char *dashed(const char *text)
{
    return text && *text ? text : "\342\200\223";
}

/* From whom, to whom, and what it is of. */
static void draw_head(struct document *document, const struct papers *papers, const char *title)
{
    const char *lines[ADDRESS_LINES_AT_MOST], *to = "";
    int count = address_lines(&papers->to, lines, papers->arena);
    for (int i = 0; i < count; i++)
        to = arena_printf(papers->arena, "%s%s%s", to, *to ? "\n" : "", lines[i]);
    const char *about =
        arena_printf(papers->arena, "order %s%s%s", papers->order->name,
                     papers->parcel ? ", parcel " : "", papers->parcel ? papers->parcel->name : "");
    page_form(document, title, about, papers->order->name);
    const char *pairs[8][2];
    int pair_count = 0;
    const char *const all[][2] = {{"From", papers->shop},
                                  {"Contact", papers->contact},
                                  {"Ship to", to},
                                  {"Phone", papers->to.phone},
                                  {"Date", papers->customs.day},
                                  {"Terms", papers->customs.incoterm},
                                  {"Carrier", papers->parcel ? papers->parcel->carrier : ""},
                                  {"Tracking", papers->parcel ? papers->parcel->tracking : ""}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i][1] && *all[i][1]) {
            pairs[pair_count][0] = all[i][0];
            pairs[pair_count++][1] = all[i][1];
        }
    page_pairs(document, (const char *const(*)[2])pairs, pair_count);
}

/* ---- the packing list ---- */

static void draw_packing_list(struct document *document, void *context)
{
    static const struct column columns[] = {{"Line", 0.09, false}, {"SKU", 0.22, false},
                                            {"What", 0.27, false}, {"Ordered", 0.1, true},
                                            {"Here", 0.08, true},  {"To follow", 0.08, true},
                                            {"Units", 0.16, false}};
    const struct papers *papers = ((struct drawn *)context)->papers;

    draw_head(document, papers, "Packing list");
    page_table_begin(document, columns, sizeof columns / sizeof *columns);
    for (int i = 0; i < papers->line_count; i++) {
        const struct paper_line *line = &papers->lines[i];
        const char *what = *line->answers
                               ? arena_printf(papers->arena, "%s\n%s", line->title, line->answers)
                               : line->title;
        const char *const cells[] = {line->line->line,
                                     line->line->sku,
                                     what,
                                     whole(papers, line->line->count - line->line->cancelled),
                                     whole(papers, line->here),
                                     whole(papers, line->to_follow),
                                     dashed(line->units)};
        page_table_row(document, cells);
    }
    page_table_end(document);
    static const char *const names[] = {"Packed by", "Counted by", "Date"};
    page_keep(document, 60);
    page_blanks(document, names, 3);
}

/* ---- the invoice ---- */

static void draw_invoice(struct document *document, void *context)
{
    static const struct column columns[] = {
        {"Description", 0.24, false}, {"SKU", 0.22, false},     {"HS code", 0.1, false},
        {"Origin", 0.08, false},      {"Quantity", 0.11, true}, {"Unit value", 0.12, true},
        {"Value", 0.13, true}};
    const struct papers *papers = ((struct drawn *)context)->papers;

    draw_head(document, papers, "Commercial invoice");
    page_table_begin(document, columns, sizeof columns / sizeof *columns);
    for (int i = 0; i < papers->line_count; i++) {
        const struct paper_line *line = &papers->lines[i];
        const char *const cells[] = {line->title,
                                     line->line->sku,
                                     dashed(papers->customs.hs_code),
                                     dashed(papers->customs.origin),
                                     whole(papers, line->here),
                                     dashed(line->price),
                                     dashed(line->value)};
        page_table_row(document, cells);
    }
    page_table_end(document);
    const char *const sums[][2] = {
        {"Total", *papers->total
                      ? arena_printf(papers->arena, "%s %s", papers->total, papers->currency)
                      : "not known: a price is missing"},
        {"Net mass",
         *papers->mass ? arena_printf(papers->arena, "%s g", papers->mass) : "not known"}};
    page_pairs(document, sums, 2);
    if (*papers->missing)
        page_remark(document, arena_printf(papers->arena, "A customs declaration also wants: %s.",
                                           papers->missing));
    static const char *const names[] = {"Name", "Signature", "Date"};
    page_keep(document, 60);
    page_blanks(document, names, 3);
}

/* ---- writing ---- */

static bool write(const struct papers *papers, const char *title, bool letter, const char *path,
                  void (*draw)(struct document *, void *), struct failure *failure)
{
    struct drawn drawn = {papers, title};
    struct page_setup setup = {PAGE_A4, .margin_pt = 48, .title = title,
                               .head_right = papers->order->name, .foot_left = papers->shop};
    struct page_setup on_letter = {PAGE_LETTER, .margin_pt = 48, .title = title,
                                   .head_right = papers->order->name, .foot_left = papers->shop};
    return document_write(path, letter ? &on_letter : &setup, draw, &drawn, failure);
}

bool packing_list_pages(const struct papers *papers, bool letter, const char *path,
                        struct failure *failure)
{
    return write(papers, "Packing list", letter, path, draw_packing_list, failure);
}

bool invoice_pages(const struct papers *papers, bool letter, const char *path,
                   struct failure *failure)
{
    return write(papers, "Commercial invoice", letter, path, draw_invoice, failure);
}
