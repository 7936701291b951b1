/* The same as a page for a tablet: one file that needs nothing else. */
#include "emit/common/characteristics.h"
#include "emit/common/paper.h"
#include "emit/instructions/instructions.h"

#include "base/sink.h"
#include "page/drawing.h"

#include <string.h>

static const char style[] =
    ":root{color-scheme:light}*{box-sizing:border-box}"
    "body{font:17px/1.45 system-ui,'DejaVu Sans',sans-serif;margin:0 "
    "auto;max-width:52rem;padding:1rem;color:#111;"
    "background:#fff}"
    "h1{font-size:1.8rem;margin:.2em 0}h2{font-size:1.35rem;border-bottom:2px solid "
    "#111;margin:2em 0 .6em;padding-bottom:.15em}"
    "h3{font-size:1.05rem;margin:1.2em 0 .4em}small,.remark{color:#444;font-size:.85rem}"
    "dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.2rem 1rem;margin:.5em "
    "0}"
    "dt{color:#444}dd{margin:0}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5em 0}"
    "th,td{border:1px solid #777;padding:.35em "
    ".5em;text-align:left;vertical-align:top}th{background:#e8e8e8;font-size:.85rem}"
    "td.n,th.n{text-align:right}td.n:nth-child(5){text-align:left}td.blank{min-width:5rem}"
    "ol.work{padding-left:0;list-style:none;counter-reset:line}"
    "ol.work li{counter-increment:line;display:grid;grid-template-columns:1.6rem 1.8rem "
    "1fr;margin:.55em 0}"
    "ol.work li::before{content:'';width:1.1rem;height:1.1rem;border:1.5px solid "
    "#111;margin-top:.2rem}"
    ".parts img{max-width:100%;max-height:20rem}ol.work li .parts{grid-column:3}"
    "ol.work li>b::before{content:counter(line) '.'}"
    ".caution{border:2px solid #111;padding:.5em .8em;margin:.6em 0;font-weight:600}"
    ".caution::before{content:'\\26A0';margin-right:.6em;font-size:1.2em}"
    "figure{margin:1em 0;text-align:center}figure svg{max-width:100%;height:auto}"
    ".parts{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-end;justify-content:center;"
    "margin:1em 0}"
    ".parts figure{margin:0}.parts "
    "figcaption{font-size:.85rem}td.picture{width:4rem;padding:.15em;text-align:center}"
    "nav a{display:inline-block;margin:0 .8em .4em 0}"
    "@media "
    "print{body{font-size:11pt;max-width:none;padding:0}section{break-inside:avoid-page}nav{"
    "display:none}a{color:inherit}}"
    "@media(max-width:480px){body{padding:.6rem}dl{grid-template-columns:1fr}dt{margin-top:.4em}"
    ".way{overflow-x:auto}.way svg{max-width:none;width:40rem}}";

static void element(struct buffer *out, const char *tag, const char *text)
{
    buffer_addf(out, "<%s>", tag);
    buffer_add_xml(out, text);
    const char *end = strchr(tag, ' ');
    buffer_addf(out, "</%.*s>\n", end ? (int)(end - tag) : (int)strlen(tag), tag);
}

static void pairs_html(struct buffer *out, const struct work_pair *pairs, int count)
{
    if (!count)
        return;
    buffer_add_text(out, "<dl>\n");
    for (int i = 0; i < count; i++) {
        element(out, "dt", pairs[i].name);
        element(out, "dd", pairs[i].text);
    }
    buffer_add_text(out, "</dl>\n");
}

static void row_html(struct buffer *out, const char *cell, const char *const *texts, int count)
{
    buffer_add_text(out, "<tr>");
    for (int i = 0; i < count; i++)
        element(out, texts[i] ? cell : "td class=\"blank\"", texts[i] ? texts[i] : "");
    buffer_add_text(out, "</tr>\n");
}

static void table_open(struct buffer *out, const char *const *heads, int count)
{
    buffer_add_text(out, "<div class=\"wide\"><table>\n<thead>");
    row_html(out, "th scope=\"col\"", heads, count);
    buffer_add_text(out, "</thead>\n<tbody>\n");
}

static void table_close(struct buffer *out)
{
    buffer_add_text(out, "</tbody></table></div>\n");
}

/* ---- parts ---- */

#define LARGEST_PT 190.0 /* of the parts side by side; a telephone is 270 wide */

/* The places of a picture in the order of pictures: its id, to show it again. */
static int number_of(const struct instructions *of, const struct picture *picture)
{
    int number = 0;
    while (&of->pictures.items[number].views[VIEW_ISO] != picture)
        number++;
    return number;
}

static double scale_of(const struct page_part *parts, int count)
{
    double most = 0;
    for (int i = 0; i < count; i++) {
        const struct picture *picture = parts[i].picture;
        most = picture->width_mm > most ? picture->width_mm : most;
        most = picture->height_mm > most ? picture->height_mm : most;
    }
    return most > 0 ? LARGEST_PT / most : 1;
}

static void caption_html(struct buffer *out, const char *title)
{
    const char *end = strchr(title, '\n');
    struct buffer first = {0};
    if (!*title)
        return;
    buffer_add(&first, title, end ? (size_t)(end - title) : strlen(title));
    buffer_add_text(out, "<figcaption>");
    buffer_add_xml(out, buffer_text(&first));
    if (end) {
        buffer_add_text(out, "<br>");
        buffer_add_xml(out, end + 1);
    }
    buffer_add_text(out, "</figcaption>");
    buffer_free(&first);
}

static void photos_html(struct buffer *out, const struct page_photo *photos, int count,
                        const char *what)
{
    if (count)
        buffer_add_text(out, "<div class=\"parts\">\n");
    for (int i = 0; i < count; i++) {
        buffer_addf(out, "<figure><img alt=\"");
        buffer_add_xml(out, what);
        buffer_addf(out, "\" src=\"data:%s;base64,", photos[i].type);
        buffer_add_base64(out, photos[i].bytes, photos[i].length);
        buffer_add_text(out, "\">");
        caption_html(out, photos[i].caption);
        buffer_add_text(out, "</figure>\n");
    }
    if (count)
        buffer_add_text(out, "</div>\n");
}

/* At one scale. */
static void assembly_html(struct buffer *out, const struct instructions *of)
{
    struct page_part *parts;
    int count = pictures_assembly(of->context, &of->pictures, &parts);
    double scale = scale_of(parts, count);
    if (count)
        buffer_add_text(out, "<div class=\"parts\">\n");
    for (int i = 0; i < count; i++) {
        const struct picture *picture = parts[i].picture;
        struct drawing drawing;
        int number = number_of(of, picture);
        drawing_of_one(&drawing, picture, picture->width_mm * scale + 3,
                       picture->height_mm * scale + 3);
        buffer_add_text(out, "<figure>");
        drawing_svg(&drawing, of->pictures.items[number].title,
                    arena_printf(of->context->arena, "picture-%d", number), out);
        caption_html(out, parts[i].title);
        buffer_add_text(out, "</figure>\n");
    }
    if (count)
        buffer_add_text(out, "</div>\n");
}

/* One that stands above, again and smaller. */
static void again_html(struct buffer *out, const struct instructions *of,
                       const struct picture *picture)
{
    struct drawing drawing;
    drawing_of_one(&drawing, picture, 120, 90);
    buffer_addf(out,
                "<svg width=\"%.0f\" height=\"%.0f\" aria-hidden=\"true\"><use "
                "href=\"#picture-%d\" width=\"%.0f\" height=\"%.0f\"/></svg>",
                drawing.width_pt, drawing.height_pt, number_of(of, picture), drawing.width_pt,
                drawing.height_pt);
}

/* In a row: so small that its lines must be heavier than those of the one above. */
static void icon_html(struct buffer *out, const struct part_picture *picture)
{
    struct drawing drawing;
    drawing_of_one(&drawing, &picture->views[VIEW_ISO], 42, 42);
    drawing_svg(&drawing, picture->title, NULL, out);
}

static void content_html(struct buffer *out, const struct instructions *of,
                         const struct work_content *row)
{
    const char *cells[] = {row->title, row->detail, row->count};
    const struct part_picture *picture = pictures_find(&of->pictures, row->what);
    buffer_add_text(out, "<tr>");
    if (of->pictures.count)
        buffer_add_text(out, "<td class=\"picture\">");
    if (picture)
        icon_html(out, picture);
    if (of->pictures.count)
        buffer_add_text(out, "</td>\n");
    for (int i = 0; i < 3; i++)
        element(out, "td", cells[i]);
    buffer_add_text(out, "</tr>\n");
}

static void contents_html(struct buffer *out, const struct instructions *of)
{
    static const char *const heads[] = {"", "Part or item", "Material or number", "Count"};
    struct work_content *rows;
    int count = worksheet_contents(of->context, &rows), from = of->pictures.count ? 0 : 1;
    element(out, "h2", "What it contains");
    table_open(out, heads + from, 4 - from);
    for (int i = 0; i < count; i++)
        content_html(out, of, &rows[i]);
    table_close(out);
}

static void line_html(struct buffer *out, struct instructions *of, const struct step *step,
                      const struct work_line *line)
{
    struct page_photo *photos;
    const char *detail = worksheet_line_detail(of->context, line);
    buffer_add_text(out, "<li><b></b><span>");
    buffer_add_xml(out, line->text);
    if (*detail) {
        buffer_add_text(out, "<br><small>");
        buffer_add_xml(out, detail);
        buffer_add_text(out, "</small>");
    }
    int count = photos_of(of->context, &of->album, line->standard ? line->standard : &step->base,
                          line->photos, &photos);
    buffer_add_text(out, "</span>");
    photos_html(out, photos, count, line->text);
    buffer_add_text(out, "</li>\n");
}

static void lines_html(struct buffer *out, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct work_line *lines;
    int count = worksheet_lines(context, step, &lines);
    const struct declaration *standard = NULL;
    bool open = false;
    for (int i = 0; i < count; i++) {
        bool headed = lines[i].standard && lines[i].standard != standard;
        if (open && (headed || lines[i].caution_count)) {
            buffer_add_text(out, "</ol>\n");
            open = false;
        }
        if (headed)
            element(out, "h3", title_of(context, lines[i].standard));
        standard = lines[i].standard;
        for (int j = 0; j < lines[i].caution_count; j++)
            element(out, "p class=\"caution\"", lines[i].cautions[j]);
        if (!open)
            buffer_addf(out, "<ol class=\"work\" style=\"counter-reset:line %d\">\n", i);
        open = true;
        line_html(out, of, step, &lines[i]);
    }
    if (open)
        buffer_add_text(out, "</ol>\n");
}

static void checks_html(struct buffer *out, struct emit_context *context, const struct step *step)
{
    static const char *const heads[] = {"No.",   "Check", "Limit or criterion",
                                        "Gauge", "Class", "Result"};
    static const char *const sample_heads[] = {"Lot", "Inspect", "Accept up to", "Reject from",
                                               "That accepts"};
    struct work_check *checks;
    struct work_sample *samples;
    int count = worksheet_checks(context, step, &checks);
    if (count) {
        element(out, "h3", "What is checked");
        table_open(out, heads, 6);
        for (int i = 0; i < count; i++) {
            const char *cells[] = {characteristic_number(context, step, &checks[i]),
                                   checks[i].what,
                                   checks[i].limit,
                                   checks[i].gauge,
                                   checks[i].class,
                                   NULL};
            row_html(out, "td", cells, 6);
        }
        table_close(out);
        if (step->sample)
            element(out, "p", worksheet_result_note(context, step));
    }
    if (step->reaction)
        element(out, "p",
                arena_printf(context->arena, "When it fails: %s",
                             value_cases(context, &step->reaction->value)));
    count = worksheet_samples(context, step, &samples);
    if (!count)
        return;
    element(out, "h3", "How many");
    int columns = worksheet_samples_judge(samples, count) ? 5 : 4;
    table_open(out, sample_heads, columns);
    for (int i = 0; i < count; i++) {
        const char *cells[] = {samples[i].lot, samples[i].n, samples[i].accept, samples[i].reject,
                               samples[i].accepts};
        row_html(out, "td class=\"n\"", cells, columns);
    }
    table_close(out);
    element(out, "p", worksheet_sample_note(samples, count));
}

static void bring_parts_html(struct buffer *out, const struct instructions *of,
                             const struct step *step)
{
    struct page_part *parts;
    int count = pictures_of_step(of->context, &of->pictures, step, &parts);
    if (count)
        buffer_add_text(out, "<div class=\"parts\">\n");
    for (int i = 0; i < count; i++) {
        buffer_add_text(out, "<figure>");
        again_html(out, of, parts[i].picture);
        caption_html(out, parts[i].title);
        buffer_add_text(out, "</figure>\n");
    }
    if (count)
        buffer_add_text(out, "</div>\n");
}

static void bring_html(struct buffer *out, const struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    const char **things;
    int count = worksheet_bring(context, step, &things);
    if (!count)
        return;
    buffer_add_text(out, "<p>Bring: ");
    for (int i = 0; i < count; i++) {
        buffer_add_text(out, i ? " &middot; " : "");
        buffer_add_xml(out, things[i]);
    }
    buffer_add_text(out, "</p>\n");
    bring_parts_html(out, of, step);
}

static void standards_html(struct buffer *out, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct page_photo *photos = NULL;
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard && standard->accept)
            element(out, "p",
                    arena_printf(context->arena, "Good: %s",
                                 value_cases(context, &standard->accept->value)));
        if (standard && standard->reject)
            element(out, "p",
                    arena_printf(context->arena, "Not good: %s",
                                 value_cases(context, &standard->reject->value)));
        int count = standard ? photos_of_standard(context, &of->album, standard, &photos) : 0;
        photos_html(out, photos, count, standard ? title_of(context, &standard->base) : "");
    }
}

static void step_html(struct buffer *out, struct instructions *of, const struct step *step)
{
    struct emit_context *context = of->context;
    struct work_pair *pairs;
    buffer_addf(out, "<section id=\"%s\">\n", step->base.name);
    element(
        out, "h2",
        arena_printf(context->arena, "%d  %s", step->index + 1, title_of(context, &step->base)));
    if (step->base.documentation)
        element(out, "p class=\"remark\"", step->base.documentation);
    int count = worksheet_facts(context, step, &pairs);
    pairs_html(out, pairs, count);
    bring_html(out, of, step);
    if (of->plates[step->index].length) {
        buffer_add_text(out, "<figure>\n");
        buffer_add_text(out, of->plates[step->index].text);
        buffer_add_text(out, "</figure>\n");
    }
    lines_html(out, of, step);
    standards_html(out, of, step);
    checks_html(out, context, step);
    for (const struct simple *row = step->requires; row; row = row->next)
        element(out, "p",
                arena_printf(context->arena, "\342\230\220 %s", value_cases(context, &row->value)));
    count = worksheet_records(context, step, &pairs);
    if (count) {
        element(out, "h3", "Write down");
        pairs_html(out, pairs, count);
    }
    element(out, "h3", "Then");
    count = worksheet_routes(context, step, &pairs);
    pairs_html(out, pairs, count);
    buffer_add_text(out, "</section>\n");
}

static void head_html(struct buffer *out, struct instructions *of)
{
    struct emit_context *context = of->context;
    const struct workflow *workflow = context->product->workflow;
    buffer_add_text(
        out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    buffer_add_xml(out, title_of(context, &context->product->base));
    buffer_addf(out, ": work instructions</title>\n<style>%s</style>\n</head>\n<body>\n<header>\n",
                style);
    element(out, "h1", title_of(context, &context->product->base));
    const struct work_pair pairs[] = {
        {"Number", number_and_revision(context)},
        {"Fingerprint", arena_printf(context->arena, "%.16s", of->fingerprint)}};
    pairs_html(out, pairs, 2);
    if (context->product->base.documentation)
        element(out, "p", context->product->base.documentation);
    const char *quoted = worksheet_quoted_axes(context);
    if (*quoted)
        element(out, "p", quoted);
    buffer_add_text(out, "<nav aria-label=\"Steps\">\n");
    for (int i = 0; i < workflow->step_count; i++) {
        buffer_addf(out, "<a href=\"#%s\">%d ", workflow->steps[i]->base.name, i + 1);
        buffer_add_xml(out, title_of(context, &workflow->steps[i]->base));
        buffer_add_text(out, "</a>\n");
    }
    buffer_add_text(out, "</nav>\n</header>\n<main>\n");
}

/* The SVG without what only a file of its own needs. */
static void diagram_html(struct buffer *out, const struct buffer *svg)
{
    const char *begin = strstr(buffer_text(svg), "<svg");
    if (!begin)
        return;
    buffer_add_text(
        out,
        "<figure class=\"way\" tabindex=\"0\" role=\"img\" aria-label=\"The way of a unit\">\n");
    buffer_add_text(out, begin);
    buffer_add_text(out, "</figure>\n");
}

bool write_html(struct instructions *of)
{
    struct emit_context *context = of->context;
    struct buffer out = {0};
    head_html(&out, of);
    struct page_photo *photos;
    const struct product *product = context->product;
    int count = photos_of(context, &of->album, &product->base, product->photo, &photos);
    photos_html(&out, photos, count, title_of(context, &product->base));
    assembly_html(&out, of);
    contents_html(&out, of);
    diagram_html(&out, &of->diagram);
    for (int i = 0; i < context->product->workflow->step_count; i++)
        step_html(&out, of, context->product->workflow->steps[i]);
    buffer_add_text(&out, "</main>\n</body>\n</html>\n");
    bool good =
        file_write(emit_path(context, "instructions.html"), out.text, out.length, context->failure);
    buffer_free(&out);
    return good;
}
