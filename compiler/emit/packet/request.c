/* packet.pdf: the request for quotation. Everything a supplier would otherwise phone for, and nothing of our costs. */
#include "emit/packet/packet.h"

#include "emit/common/characteristics.h"
#include "emit/common/paper.h"
#include "emit/common/worksheet.h"
#include "emit/packet/sections.h"
#include "page/drawing.h"

#include <string.h>

static const char *row_text(struct emit_context *context, const struct simple *row)
{
    return row ? value_cases(context, &row->value) : "";
}

/* "50, 300": rows on one line. */
static const char *list_text(struct emit_context *context, const struct simple *rows)
{
    struct buffer text = {0};
    for (const struct simple *row = rows; row; row = row->next)
        buffer_addf(&text, "%s%s", row == rows ? "" : ", ", value_cases(context, &row->value));
    const char *kept = arena_copy_text(context->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

void draw_pair(struct document *page, const char *name, const char *text)
{
    const char *const pair[][2] = {{name, text}};
    if (*text)
        page_pairs(page, pair, 1);
}

/* ---- what is asked ---- */

static void draw_asked(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct packet *packet = request->packet;
    draw_pair(page, "Number", number_and_revision(context));
    draw_pair(page, "Fingerprint", request->fingerprint);
    draw_pair(page, "Asked for",
              packet->of ? list_text(context, packet->of) : "the whole product, packed");
    draw_pair(page, "Quantities", list_text(context, packet->quantity));
    draw_pair(page, "Reply by", row_text(context, packet->reply));
    draw_delivery(page, request);
    draw_pair(page, "We send along", list_text(context, packet->supplied));
    draw_pair(page, "Questions to",
              packet->contact || !context->spec->shop
                  ? row_text(context, packet->contact)
                  : row_text(context, context->spec->shop->contact));
    for (const struct simple *row = packet->note; row; row = row->next)
        page_paragraph(page, value_cases(context, &row->value));
}

static void draw_answer(struct document *page, struct request *request)
{
    static const struct column columns[] = {
        {"What", 6, false},        {"Number", 4.6, false},      {"Quantity", 2.5, true},
        {"Unit price", 2.2, true}, {"Set-up, once", 2.2, true}, {"Tooling, once", 2.2, true},
        {"Lead time", 2.2, true}};
    enum { LINES_ON_PAPER = 40 };
    struct quote_line *lines;
    int count = quote_lines(request, &lines);
    page_heading(page, 3, "Your prices");
    page_remark(page, count > LINES_ON_PAPER ? "quote.xlsx has a line for each SKU and quantity."
                                             : "Here, or in quote.xlsx, which reckons the totals.");
    page_table_begin(page, columns, 7);
    for (int i = 0; i < count && i < LINES_ON_PAPER; i++) {
        const char *cells[] = {lines[i].what, lines[i].number, lines[i].quantity, "", "", "", ""};
        page_table_row(page, cells);
    }
    page_table_end(page);
    static const char *const blanks[] = {"Supplier", "Name, signature", "Date, valid until",
                                         "Currency"};
    page_blanks(page, blanks, 4);
}

/* ---- the parts ---- */

static const char *count_in_product(struct request *request, const struct part *part)
{
    const struct product *product = request->context->product;
    for (const struct counted *row = product->contains; row; row = row->next)
        if (value_part(&row->what, NULL) == part)
            return arena_printf(request->context->arena, "%s in a product",
                                value_cases(request->context, &row->count));
    return "";
}

static void draw_material(struct document *page, struct emit_context *context,
                          const struct value *value, bool further)
{
    int cases = value->kind == VALUE_CHOICE ? value->choice->count : 1;
    for (int i = 0; i < cases; i++) {
        const struct value *one =
            value->kind == VALUE_CHOICE ? &value->choice->cases[i].value : value;
        const struct material *material = value_material(one, NULL);
        if (!material)
            continue;
        const char *facts[] = {row_text(context, material->family),
                               row_text(context, material->grade),
                               row_text(context, material->color)};
        struct buffer text = {0};
        buffer_add_text(&text, title_of(context, &material->base));
        for (int j = 0; j < 3; j++)
            if (*facts[j])
                buffer_addf(&text, "%s%s", j ? ", " : ": ", facts[j]);
        if (value->kind == VALUE_CHOICE)
            buffer_addf(&text, " (%s)", value->choice->cases[i].key);
        draw_pair(page,
                  i         ? " "
                  : further ? "with"
                            : "Material",
                  arena_copy_text(context->arena, text.text, text.length));
        buffer_free(&text);
    }
}

static void draw_materials(struct document *page, struct emit_context *context,
                           const struct part *part)
{
    if (part->material)
        draw_material(page, context, &part->material->value, false);
    for (const struct portion *with = part->with; with; with = with->next)
        draw_material(page, context, &with->material, true);
}

static void draw_cases(struct document *page, struct emit_context *context,
                       const struct characteristic *row)
{
    const struct characteristic_case *cases;
    int count = characteristic_cases(context, row, NULL, &cases);
    for (int i = 0; i < count; i++) {
        const char *name = *cases[i].which
                               ? arena_printf(context->arena, "%s (%s)", row->name, cases[i].which)
                               : row->name;
        const char *cells[] = {arena_printf(context->arena, "%d", row->number),
                               name,
                               cases[i].nominal,
                               cases[i].limits,
                               row->class,
                               row->gauge};
        page_table_row(page, cells);
    }
}

static int lines_of(struct emit_context *context, const struct characteristic *rows, int count,
                    const struct declaration *of)
{
    const struct characteristic_case *cases;
    int lines = 0;
    for (int i = 0; i < count; i++)
        if (rows[i].of == of)
            lines += characteristic_cases(context, &rows[i], NULL, &cases);
    return lines;
}

/* What is measured, of a part or of the product; one that varies has a line for each case. False where there is nothing. */
static bool draw_characteristics(struct document *page, struct emit_context *context,
                                 const struct declaration *of, const char *heading)
{
    static const struct column columns[] = {{"No.", 0.8, true},      {"Characteristic", 3, false},
                                            {"Nominal", 1.7, false}, {"Limits", 3.4, false},
                                            {"Class", 1.6, false},   {"Gauge", 3, false}};
    const struct characteristic *rows;
    int count = characteristics_of(context, &rows);
    bool begun = false;
    for (int i = 0; i < count; i++) {
        if (rows[i].of != of)
            continue;
        if (!begun)
            keep_rows(page, lines_of(context, rows, count, of), 21);
        if (!begun && heading)
            page_heading(page, 3, heading);
        if (!begun)
            page_table_begin(page, columns, 6);
        begun = true;
        draw_cases(page, context, &rows[i]);
    }
    if (begun)
        page_table_end(page);
    return begun;
}

/* By the names they have in the packet. */
static void draw_files_of(struct document *page, const struct request *request,
                          const struct part *part)
{
    for (int i = 0; i < request->enclosures.count; i++) {
        const struct enclosure *file = &request->enclosures.items[i];
        if (file->owner == &part->base)
            draw_pair(page, strcmp(file->what, "model") ? "Drawing" : "Model",
                      arena_printf(request->context->arena, "%s, %zu bytes (SHA-256 %.16s...)",
                                   file->name, file->length, file->sha256));
    }
}

#define ASIDE_WIDTH_PT 165.0
#define ASIDE_HEIGHT_PT 125.0
#define VIEWS_HEIGHT_PT 175.0
#define HEADING_PT 45.0

/* Beside its data, as one would hold it. */
static void draw_aside(struct document *page, const struct request *request,
                       const struct part *part)
{
    const struct part_picture *picture = pictures_find(&request->pictures, &part->base);
    struct drawing drawing;
    if (!picture)
        return;
    drawing_of_one(&drawing, &picture->views[VIEW_ISO], ASIDE_WIDTH_PT, ASIDE_HEIGHT_PT);
    page_drawing_aside(page, &drawing, picture->file);
}

/* The three views of up to two of its models, which stand abreast; `first` are passed over. Returns how many there are. */
static int views_abreast(struct document *page, const struct request *request,
                         const struct part *part, int first, struct drawing drawings[2],
                         const char *captions[2])
{
    const struct part_picture *of[2];
    int count = 0, seen = 0;
    for (int i = 0; i < request->pictures.count && count < 2; i++)
        if (request->pictures.items[i].part == part && seen++ >= first)
            of[count++] = &request->pictures.items[i];
    for (int i = 0; i < count; i++) {
        drawing_of_three(&drawings[i], of[i]->views, page_drawing_room(page, count),
                         VIEWS_HEIGHT_PT);
        captions[i] =
            arena_printf(request->context->arena, "%s, in mm, third-angle projection", of[i]->file);
    }
    return count;
}

static void draw_views(struct document *page, const struct request *request,
                       const struct part *part)
{
    struct drawing drawings[2];
    const char *captions[2];
    int first = 0, count;
    while ((count = views_abreast(page, request, part, first, drawings, captions)) > 0) {
        page_drawings(page, drawings, captions, count);
        first += count;
    }
}

/* What should stand on one page: the heading, the data beside the picture, the first views. */
static double part_room(struct document *page, const struct request *request,
                        const struct part *part)
{
    struct drawing drawings[2];
    const char *captions[2];
    double most = 0;
    int count = views_abreast(page, request, part, 0, drawings, captions);
    for (int i = 0; i < count; i++)
        most = drawings[i].height_pt > most ? drawings[i].height_pt : most;
    return count ? ASIDE_HEIGHT_PT + 80 + most : 0;
}

static void draw_part(struct document *page, struct request *request, const struct part *part)
{
    struct emit_context *context = request->context;
    const struct {
        const char *name;
        const struct simple *row;
    } facts[] = {{"Process", part->process},     {"Layer height", part->layer},
                 {"Infill", part->infill},       {"Mass", part->mass},
                 {"Roughness", part->roughness}, {"Not toleranced", part->general}};
    page_keep(page, part_room(page, request, part));
    page_heading(page, 3, title_of(context, &part->base));
    draw_aside(page, request, part);
    if (part->base.documentation)
        page_remark(page, part->base.documentation);
    draw_pair(page, "Count", count_in_product(request, part));
    draw_materials(page, context, part);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        draw_pair(page, facts[i].name, row_text(context, facts[i].row));
    draw_files_of(page, request, part);
    draw_views(page, request, part);
    draw_characteristics(page, context, &part->base, NULL);
}

/* What is asked for, at a glance. */
static void draw_parts(struct document *page, const struct request *request)
{
    struct page_part *parts;
    int count = pictures_assembly(request->context, &request->pictures, &parts);
    page_gap(page, 6);
    page_parts(page, parts, count, 120);
}

/* ---- all ---- */

static void draw(struct document *page, void *of)
{
    struct request *request = of;
    struct emit_context *context = request->context;
    const char *title = title_of(context, &context->product->base);
    const char *own =
        request->packet->packet_name
            ? declaration_title(context->spec, &request->packet->base, NULL, context->arena)
            : title;
    page_qr(page,
            arena_printf(context->arena, "%s;%.16s", number_and_revision(context),
                         request->fingerprint),
            84);
    page_heading(page, 1,
                 arena_printf(context->arena, "Request for quotation: %s",
                              request->packet->base.title.kind == VALUE_ABSENT ? title : own));
    draw_asked(page, request);
    draw_parts(page, request);
    draw_answer(page, request);
    if (request->part_count) {
        page_keep(page, part_room(page, request, request->parts[0]) + HEADING_PT);
        page_heading(page, 2, "Parts");
    }
    for (int i = 0; i < request->part_count; i++)
        draw_part(page, request, request->parts[i]);
    draw_contents(page, request);
    if (!request->packet->of &&
        draw_characteristics(page, context, &context->product->base, "Fits"))
        page_remark(page, "What the parts' limits leave between them at worst.");
    draw_finish(page, request);
    draw_work(page, request);
    draw_inspection(page, request);
    draw_defects(page, request);
    draw_packaging(page, request);
    draw_release(page, request);
    draw_allowed(page, request);
    draw_files(page, request);
}

bool write_request(struct request *request)
{
    struct emit_context *context = request->context;
    const char *name = arena_printf(context->arena, "%s.pdf", request->name);
    struct page_setup setup = paper_setup(context,
                                          arena_printf(context->arena, "%s: request for quotation",
                                                       title_of(context, &context->product->base)),
                                          request->fingerprint);
    if (!document_write(emit_path(context, name), &setup, draw, request, context->failure))
        return false;
    emit_wrote(context, name);
    return true;
}
