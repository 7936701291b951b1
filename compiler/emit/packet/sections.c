/* The sections of the request after the parts: how it is finished, put together, checked, packed and released. */
#include "emit/packet/sections.h"

#include "emit/common/characteristics.h"
#include "emit/common/worksheet.h"

#include <string.h>

#define PHOTO_PT 120.0

/* Lines of work, of a step or a standard. */
struct work {
    const struct declaration *of;
    const struct declaration *but; /* a standard whose lines stand elsewhere, NULL for none */
    const struct work_line *lines;
    int count;
};

static void draw_lines(struct document *page, struct request *request, const struct work *work)
{
    const struct work_line *lines = work->lines;
    struct page_photo *photos;
    int number = 0;
    for (int i = 0; i < work->count; i++) {
        const struct declaration *standard = lines[i].standard;
        if (work->but && standard == work->but)
            continue;
        for (int j = 0; j < lines[i].caution_count; j++)
            page_caution(page, lines[i].cautions[j]);
        page_step(page, ++number, lines[i].text, lines[i].detail);
        int shots = photos_of(request->context, &request->album, standard ? standard : work->of,
                              lines[i].photos, &photos);
        page_photos(page, photos, shots, PHOTO_PT);
    }
}

void keep_rows(struct document *page, int count, double row_pt)
{
    enum { SHORT = 14 };
    page_keep(page, count <= SHORT ? 70 + row_pt * count : 0);
}

/* ---- what is in it, how it is finished ---- */

void draw_contents(struct document *page, struct request *request)
{
    static const struct column columns[] = {{"", 1.3, false},
                                            {"Part or item", 5, false},
                                            {"Material or number", 5, false},
                                            {"In a product", 3, true}};
    struct work_content *rows;
    if (request->packet->of)
        return;
    int count = worksheet_contents(request->context, &rows), from = request->pictures.count ? 0 : 1;
    keep_rows(page, count, WORDY_ROW_PT);
    page_heading(page, 2, "What a product contains");
    page_table_begin(page, columns + from, 4 - from);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {"", rows[i].title, rows[i].detail, rows[i].count};
        const struct part_picture *picture = pictures_find(&request->pictures, rows[i].what);
        if (picture)
            page_table_picture(page, &picture->views[VIEW_ISO]);
        page_table_row(page, cells + from);
    }
    page_table_end(page);
}

static const struct standard *finish_of(const struct packet *packet)
{
    return packet->finish ? value_standard(&packet->finish->value, NULL) : NULL;
}

void draw_finish(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct standard *standard = finish_of(request->packet);
    struct work_line *lines;
    if (!standard)
        return;
    int count = worksheet_standard_lines(context, standard, &lines);
    page_heading(page, 2,
                 arena_printf(context->arena, "Finish: %s", title_of(context, &standard->base)));
    if (standard->base.documentation)
        page_remark(page, standard->base.documentation);
    draw_lines(page, request, &(struct work){&standard->base, NULL, lines, count});
    if (standard->accept)
        draw_pair(page, "Good", value_cases(context, &standard->accept->value));
    if (standard->reject)
        draw_pair(page, "Not good", value_cases(context, &standard->reject->value));
    struct page_photo *photos;
    count = photos_of_standard(context, &request->album, standard, &photos);
    page_photos(page, photos, count, PHOTO_PT);
}

/* ---- the work that is asked for ---- */

static const char *made_text(struct emit_context *context, const struct step *step)
{
    struct buffer text = {0};
    const struct simple *lists[] = {step->makes, step->works};
    for (int i = 0; i < 2; i++)
        for (const struct simple *row = lists[i]; row; row = row->next)
            buffer_addf(&text, "%s%s", text.length ? ", " : "", value_cases(context, &row->value));
    const char *kept = arena_copy_text(context->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

static const char *joined(struct emit_context *context, const char *const *things, int count)
{
    struct buffer text = {0};
    for (int i = 0; i < count; i++)
        buffer_addf(&text, "%s%s", i ? "  \302\267  " : "", things[i]);
    const char *kept = arena_copy_text(context->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return kept;
}

static void draw_consumed(struct document *page, const struct request *request,
                          const struct step *step)
{
    struct emit_context *context = request->context;
    const char **things = NULL;
    int count = step->base.kind == KIND_assemble ? worksheet_bring(context, step, &things) : 0;
    draw_pair(page, "Needs", joined(context, things, count));
    struct page_part *parts;
    count = step->base.kind == KIND_assemble
                ? pictures_of_step(context, &request->pictures, step, &parts)
                : 0;
    if (count)
        page_parts(page, parts, count, 80);
}

static void draw_step(struct document *page, struct request *request, const struct step *step)
{
    struct emit_context *context = request->context;
    struct work_line *lines;
    int count = worksheet_lines(context, step, &lines);
    page_heading(page, 3,
                 arena_printf(context->arena, "%s (%s)", title_of(context, &step->base),
                              kind_rows[step->base.kind].name));
    if (step->base.documentation)
        page_remark(page, step->base.documentation);
    draw_pair(page, "Parts", made_text(context, step));
    if (step->only)
        draw_pair(page, "Only for", worksheet_words(context, step->only));
    if (step->certificate)
        draw_pair(page, "Certificate", value_cases(context, &step->certificate->value));
    draw_consumed(page, request, step);
    const struct standard *finish = finish_of(request->packet);
    for (const struct simple *row = finish ? step->using : NULL; row; row = row->next)
        if (value_standard(&row->value, NULL) == finish)
            draw_pair(page, "Finish", title_of(context, &finish->base));
    draw_lines(page, request,
               &(struct work){&step->base, finish ? &finish->base : NULL, lines, count});
}

void draw_work(struct document *page, struct request *request)
{
    const struct workflow *workflow = request->context->product->workflow;
    bool begun = false;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!is_asked_work(request->packet, step))
            continue;
        if (!begun)
            page_heading(page, 2, "How it is made");
        begun = true;
        draw_step(page, request, step);
    }
}

/* ---- acceptance ---- */

/* A dimension of a part that the supplier does not make is not theirs to hold. */
static bool is_theirs(const struct request *request, const struct work_check *check)
{
    const struct part *part = (const struct part *)check->part;
    return !part || packet_asks_for_part(request->packet, request->context->product, part);
}

static void draw_checks(struct document *page, struct request *request, const struct step *step)
{
    static const struct column columns[] = {{"No.", 0.8, true},
                                            {"What", 4, false},
                                            {"Good is", 6, false},
                                            {"Gauge", 2.6, false},
                                            {"Class", 1.6, false}};
    struct work_check *checks;
    int count = worksheet_checks(request->context, step, &checks);
    if (!count)
        return;
    page_table_begin(page, columns, 5);
    for (int i = 0; i < count; i++) {
        if (!is_theirs(request, &checks[i]))
            continue;
        const char *cells[] = {characteristic_number(request->context, step, &checks[i]),
                               checks[i].what, checks[i].limit, checks[i].gauge, checks[i].class};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

/* The plan for each quantity asked for, with what it accepts. */
static void draw_samples(struct document *page, struct request *request, const struct step *step)
{
    static const struct column columns[] = {{"Quantity", 1.5, true},
                                            {"Sample", 1.5, true},
                                            {"Accept up to (Ac)", 2, true},
                                            {"Reject from (Re)", 2, true},
                                            {"That accepts", 7, false}};
    struct emit_context *context = request->context;
    if (!step->sample)
        return;
    draw_pair(page, "Sample", sample_words(context, step->sample));
    if (step->sample->form == SAMPLE_ALL || !request->quantity_count)
        return;
    struct work_sample *samples =
        ARENA_ARRAY(context->arena, struct work_sample, request->quantity_count);
    int count = 0;
    for (int i = 0; i < request->quantity_count; i++)
        count += worksheet_sample_for(context, step, request->quantities[i].count, &samples[count]);
    page_table_begin(page, columns, worksheet_samples_judge(samples, count) ? 5 : 4);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {samples[i].lot, samples[i].n, samples[i].accept, samples[i].reject,
                               samples[i].accepts};
        page_table_row(page, cells);
    }
    page_table_end(page);
}

void draw_inspection(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct workflow *workflow = context->product->workflow;
    bool begun = false;
    for (int i = 0; i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (!is_accepted_by(request->packet, step))
            continue;
        struct work_check *checks;
        keep_rows(page, worksheet_checks(context, step, &checks), begun ? 24 : 27);
        if (!begun)
            page_heading(page, 2, "Acceptance");
        begun = true;
        page_heading(page, 3, title_of(context, &step->base));
        draw_checks(page, request, step);
        draw_samples(page, request, step);
        if (step->reaction)
            draw_pair(page, "When it fails", value_cases(context, &step->reaction->value));
    }
}

/* The defects that the inspections look for, each once. */
void draw_defects(struct document *page, struct request *request)
{
    static const struct column columns[] = {
        {"Defect", 3, false}, {"Class", 1.6, false}, {"How one knows it", 7, false}};
    struct emit_context *context = request->context;
    const struct spec *spec = context->spec;
    bool begun = false;
    for (int i = 0; i < spec->declaration_count; i++) {
        const struct declaration *what = spec->declarations[i];
        bool looked_for = false;
        for (int j = 0; what->kind == KIND_defect && j < context->product->workflow->step_count;
             j++)
            looked_for |= is_accepted_by(request->packet, context->product->workflow->steps[j]) &&
                          worksheet_looks_for(context->product->workflow->steps[j],
                                              (const struct defect *)what);
        if (!looked_for)
            continue;
        if (!begun) {
            page_heading(page, 3, "Defects");
            page_remark(page, "Critical: unsafe, or of no use. Major: of less use, or would come "
                              "back. Minor: departs from what is asked, and serves all the same. "
                              "A piece with several counts once, in the worst class.");
            page_table_begin(page, columns, 3);
        }
        begun = true;
        const struct defect *defect = (const struct defect *)what;
        const char *cells[] = {title_of(context, what),
                               defect->class ? value_cases(context, &defect->class->value) : "",
                               defect->says ? value_cases(context, &defect->says->value) : ""};
        page_table_row(page, cells);
    }
    if (begun)
        page_table_end(page);
}

/* ---- packaging, marking ---- */

void draw_packaging(struct document *page, struct request *request)
{
    struct emit_context *context = request->context;
    const struct packet *packet = request->packet;
    const struct step *step =
        packet->packaging ? value_step(&packet->packaging->value, NULL) : NULL;
    struct work_line *lines;
    const char **things;
    if (!step && !packet->marking)
        return;
    page_heading(page, 2, "Packaging and marking");
    if (packet->marking)
        draw_pair(page, "Marking", value_cases(context, &packet->marking->value));
    if (!step)
        return;
    draw_pair(page, "Packed as", title_of(context, &step->base));
    if (step->label)
        draw_pair(page, "On the label", worksheet_words(context, step->label));
    int count = worksheet_bring(context, step, &things);
    int line_count = worksheet_lines(context, step, &lines);
    draw_pair(page, "Packed", joined(context, things, count));
    draw_lines(page, request, &(struct work){&step->base, NULL, lines, line_count});
    draw_checks(page, request, step);
}
