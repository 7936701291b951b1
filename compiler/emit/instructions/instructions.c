/* Work instructions: a traveler page, then a section a step; as PDF for the bench and as one HTML file. */
#include "emit/instructions/instructions.h"

#include "emit/common/characteristics.h"
#include "emit/common/paper.h"

#include <string.h>

/* The first column has pictures, and is left out where there are none. */
static void draw_contents(struct document *page, const struct instructions *of)
{
    static const struct column columns[] = {{"", 1.3, false},
                                            {"Part or item", 5, false},
                                            {"Material or number", 4, false},
                                            {"Count", 2, true},
                                            {"Lot", 3, false}};
    struct work_content *rows;
    int count = worksheet_contents(of->context, &rows), from = of->pictures.count ? 0 : 1;
    page_heading(page, 3, "What it contains");
    page_table_begin(page, columns + from, 5 - from);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {"", rows[i].title, rows[i].detail, rows[i].count, ""};
        const struct part_picture *picture = pictures_find(&of->pictures, rows[i].what);
        if (picture)
            page_table_picture(page, &picture->views[VIEW_ISO]);
        page_table_row(page, cells + from);
    }
    page_table_end(page);
}

static void draw_route(struct document *page, struct emit_context *context)
{
    static const struct column columns[] = {{"", 0.7, true},    {"Step", 4, false},
                                            {"Kind", 2, false}, {"Station", 3, false},
                                            {"Time", 3, false}, {"Done by, date", 3, false}};
    const struct workflow *workflow = context->product->workflow;
    page_heading(page, 3, "The route");
    page_table_begin(page, columns, 6);
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        const char *cells[] = {arena_printf(context->arena, "%d", i + 1),
                               title_of(context, &step->base),
                               kind_rows[step->base.kind].name,
                               worksheet_words(context, step->at),
                               worksheet_time(context, step),
                               ""};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

#define PARTS_PT 150.0

/* The product's own photos; else its parts. */
static void draw_product(struct document *page, struct instructions *of)
{
    const struct product *product = of->context->product;
    struct page_photo *photos;
    struct page_part *parts;
    int count = photos_of(of->context, &of->album, &product->base, product->photo, &photos);
    page_gap(page, 10);
    page_photos(page, photos, count, PARTS_PT);
    if (count)
        return;
    count = pictures_assembly(of->context, &of->pictures, &parts);
    page_parts(page, parts, count, PARTS_PT);
}

static void draw_traveler(struct document *page, struct instructions *of)
{
    struct emit_context *context = of->context;
    page_qr(page, of->code, 84);
    page_heading(page, 1, title_of(context, &context->product->base));
    const char *pairs[][2] = {
        {"Number", number_and_revision(context)},
        {"Fingerprint", arena_printf(context->arena, "%.16s", of->fingerprint)},
    };
    for (int i = 0; i < 2; i++)
        page_pairs(page, &pairs[i], 1);
    if (context->product->base.documentation)
        page_paragraph(page, context->product->base.documentation);
    const char *quoted = worksheet_quoted_axes(context);
    if (*quoted)
        page_paragraph(page, quoted);
    static const char *const blanks[] = {"Batch", "Quantity", "SKU", "Opened, date"};
    page_gap(page, 14);
    if (of->batch)
        page_pairs(page, (const char *const(*)[2])of->batch->fields, of->batch->field_count);
    else
        page_blanks(page, blanks, 4);
    draw_product(page, of);
    draw_contents(page, of);
    draw_route(page, context);
    if (of->diagram.length) {
        page_break(page);
        page_heading(page, 3, "The way of a unit");
        page_svg(page, &of->diagram, 620);
    }
}

/* ---- a step ---- */

static void draw_facts(struct document *page, struct emit_context *context, const struct step *step)
{
    struct work_pair *facts;
    int count = worksheet_facts(context, step, &facts);
    const char *(*pairs)[2] = arena_alloc(context->arena, sizeof *pairs * (size_t)(count + 1));
    for (int i = 0; i < count; i++) {
        pairs[i][0] = facts[i].name;
        pairs[i][1] = facts[i].text;
    }
    page_pairs(page, (const char *const(*)[2])pairs, count);
}

#define BRING_PT 80.0

static void draw_bring(struct document *page, const struct instructions *of,
                       const struct step *step)
{
    struct emit_context *context = of->context;
    struct page_part *parts;
    const char **things;
    struct buffer text = {0};
    int count = worksheet_bring(context, step, &things);
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "%s%s", i ? "  \302\267  " : "Bring: ", things[i]);
    if (count)
        page_paragraph(page, text.text);
    buffer_free(&text);
    count = pictures_of_step(context, &of->pictures, step, &parts);
    page_parts(page, parts, count, BRING_PT);
}

#define PLATE_PT 330.0

static void draw_plate(struct document *page, const struct instructions *of,
                       const struct step *step)
{
    const struct buffer *plate = &of->plates[step->index];
    if (plate->length)
        page_svg(page, plate, PLATE_PT);
}

#define PHOTO_PT 130.0

static void draw_lines(struct document *page, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct work_line *lines;
    struct page_photo *photos;
    int count = worksheet_lines(context, step, &lines);
    const struct declaration *standard = NULL;
    for (int i = 0; i < count; i++) {
        if (lines[i].standard && lines[i].standard != standard)
            page_heading(page, 3, title_of(context, lines[i].standard));
        standard = lines[i].standard;
        if (lines[i].caution_count) /* on the page of what they warn of */
            page_keep(page, 40.0 * lines[i].caution_count + 50);
        for (int j = 0; j < lines[i].caution_count; j++)
            page_caution(page, lines[i].cautions[j]);
        page_step(page, i + 1, lines[i].text, worksheet_line_detail(context, &lines[i]));
        int shots = photos_of(context, &of->album, standard ? standard : &step->base,
                              lines[i].photos, &photos);
        page_photos(page, photos, shots, PHOTO_PT);
    }
}

static void draw_standards(struct document *page, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct page_photo *photos = NULL;
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard && standard->accept)
            page_paragraph(page, arena_printf(context->arena, "Good: %s",
                                              value_cases(context, &standard->accept->value)));
        if (standard && standard->reject)
            page_paragraph(page, arena_printf(context->arena, "Not good: %s",
                                              value_cases(context, &standard->reject->value)));
        int count = standard ? photos_of_standard(context, &of->album, standard, &photos) : 0;
        page_photos(page, photos, count, PHOTO_PT);
    }
}

static void draw_checks(struct document *page, struct emit_context *context,
                        const struct step *step)
{
    static const struct column columns[] = {
        {"No.", 0.8, true},    {"Check", 3, false},   {"Limit or criterion", 5, false},
        {"Gauge", 2.4, false}, {"Class", 1.6, false}, {"Result", 2.4, false}};
    struct work_check *checks;
    int count = worksheet_checks(context, step, &checks);
    if (!count)
        return;
    page_heading(page, 3, "What is checked");
    page_table_begin(page, columns, 6);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {characteristic_number(context, step, &checks[i]),
                               checks[i].what,
                               checks[i].limit,
                               checks[i].gauge,
                               checks[i].class,
                               ""};
        page_table_row(page, cells);
    }
    page_table_end(page);
    if (step->sample)
        page_remark(page, worksheet_result_note(context, step));
    if (step->reaction)
        page_paragraph(page, arena_printf(context->arena, "When it fails: %s",
                                          value_cases(context, &step->reaction->value)));
}

static void draw_samples(struct document *page, struct emit_context *context,
                         const struct step *step)
{
    static const struct column columns[] = {{"Lot", 2, true},
                                            {"Inspect", 2, true},
                                            {"Accept up to", 2.4, true},
                                            {"Reject from", 2, true},
                                            {"That accepts", 7, false}};
    struct work_sample *samples;
    int count = worksheet_samples(context, step, &samples);
    if (!count)
        return;
    page_heading(page, 3, "How many");
    page_table_begin(page, columns, worksheet_samples_judge(samples, count) ? 5 : 4);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {samples[i].lot, samples[i].n, samples[i].accept, samples[i].reject,
                               samples[i].accepts};
        page_table_row(page, cells);
    }
    page_table_end(page);
    page_remark(page, worksheet_sample_note(samples, count));
}

static void draw_rest(struct document *page, struct emit_context *context, const struct step *step)
{
    struct work_pair *pairs;
    struct buffer text = {0};
    int count = worksheet_records(context, step, &pairs), number = 0;
    for (const struct simple *row = step->requires; row; row = row->next)
        page_step(page, ++number, value_cases(context, &row->value), NULL);
    if (count) {
        const char **names = arena_alloc(context->arena, sizeof *names * (size_t)count);
        for (int i = 0; i < count; i++)
            names[i] = *pairs[i].text
                           ? arena_printf(context->arena, "%s, %s", pairs[i].name, pairs[i].text)
                           : pairs[i].name;
        page_heading(page, 3, "Write down");
        for (int i = 0; i < count; i += 4)
            page_blanks(page, names + i, count - i < 4 ? count - i : 4);
    }
    count = worksheet_routes(context, step, &pairs);
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "%s%s \342\206\222 %s", i ? "    " : "", pairs[i].name, pairs[i].text);
    page_paragraph(page, buffer_text(&text));
    buffer_free(&text);
    if (step->base.kind == KIND_gate) {
        static const char *const sign[] = {"Signature", "Name", "Date"};
        page_blanks(page, sign, 3);
    }
}

static void draw_step(struct document *page, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct work_check *checks;
    page_keep(page, worksheet_checks(context, step, &checks) ? 210 : 120);
    const char *title =
        arena_printf(context->arena, "%d  %s", step->index + 1, title_of(context, &step->base));
    page_heading(page, 2, title);
    page_continued(page, arena_printf(context->arena, "%s, continued", title));
    if (step->base.documentation)
        page_remark(page, step->base.documentation);
    draw_facts(page, context, step);
    draw_bring(page, of, step);
    draw_plate(page, of, step);
    draw_lines(page, of, step);
    draw_standards(page, of, step);
    draw_checks(page, context, step);
    draw_samples(page, context, step);
    draw_rest(page, context, step);
    page_continued(page, NULL);
}

static void draw(struct document *page, void *of)
{
    struct instructions *instructions = of;
    struct emit_context *context = instructions->context;
    draw_traveler(page, instructions);
    page_break(page);
    for (int i = 0; i < context->product->workflow->step_count; i++)
        draw_step(page, instructions, context->product->workflow->steps[i]);
}

bool emit_instructions(struct emit_context *context)
{
    struct instructions of = {.context = context};
    char fingerprint[65];
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure) ||
        !diagram_render(context->spec, context->product, "svg", &of.diagram, context->failure)) {
        buffer_free(&of.diagram);
        return false;
    }
    const struct part **parts;
    int count = product_parts(context, &parts);
    pictures_collect(context, parts, count, PICTURES_ISO, &of.pictures);
    const struct workflow *workflow = context->product->workflow;
    of.plates = ARENA_ARRAY(context->arena, struct buffer, workflow->step_count + 1);
    for (int i = 0; i < workflow->step_count; i++)
        step_plate_picture(context, workflow->steps[i], &of.plates[workflow->steps[i]->index]);
    of.fingerprint = fingerprint;
    of.code = arena_printf(context->arena, "%s;%.16s", number_and_revision(context), fingerprint);
    struct page_setup setup = paper_setup(context,
                                          arena_printf(context->arena, "%s: work instructions",
                                                       title_of(context, &context->product->base)),
                                          fingerprint);
    bool good = document_write(emit_path(context, "instructions.pdf"), &setup, draw, &of,
                               context->failure) &&
                write_html(&of);
    buffer_free(&of.diagram);
    for (int i = 0; i < workflow->step_count; i++)
        buffer_free(&of.plates[i]);
    pictures_free(&of.pictures);
    photos_free(&of.album);
    if (good) {
        emit_wrote(context, "instructions.html");
        emit_wrote(context, "instructions.pdf");
    }
    return good;
}

static void draw_traveler_of(struct document *page, void *of)
{
    draw_traveler(page, of);
}

bool emit_traveler_of(struct emit_context *context, const struct labelled *batch, const char *path)
{
    struct instructions of = {.context = context, .batch = batch, .code = batch->name};
    char fingerprint[65];
    const struct part **parts;
    if (!product_fingerprint(context->spec, context->product, fingerprint, context->failure))
        return false;
    int count = product_parts(context, &parts);
    pictures_collect(context, parts, count, PICTURES_ISO, &of.pictures);
    of.fingerprint = fingerprint;
    struct page_setup setup =
        paper_setup(context,
                    arena_printf(context->arena, "%s: %s",
                                 title_of(context, &context->product->base), batch->name),
                    fingerprint);
    bool good = document_write(path, &setup, draw_traveler_of, &of, context->failure);
    pictures_free(&of.pictures);
    photos_free(&of.album);
    return good;
}
