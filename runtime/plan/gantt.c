#include "plan/gantt.h"

#include "base/paint.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    LEFT = 150,
    TOP = 74,
    ROW = 30,
    BAR = 22,
    WIDTH = 1240, /* of the time */
    MARGIN = 20,
    LETTER = 6 /* about, of a label */
};

struct chart {
    const struct plan *plan;
    const char *const *colors;
    struct buffer *out;
    int64_t from_s, to_s;
    int rows;
};

/* ---- colors ---- */

static const struct paint *paint_of(const struct chart *chart, int material)
{
    return paint_of_color(material >= 0 ? chart->colors[material] : "", material + 1);
}

static int first_material(const struct chart *chart, const struct plan_plate *plate)
{
    const struct plan_family *family = &chart->plan->problem.families[plate->family];
    return family->material_count ? family->materials[0] : -1;
}

/* ---- places ---- */

/* In tenths of a pixel, so that the same plan gives the same bytes. */
static long long at_x(const struct chart *chart, int64_t time_s)
{
    if (time_s < chart->from_s)
        time_s = chart->from_s;
    return 10 * LEFT + (time_s - chart->from_s) * 10 * WIDTH / (chart->to_s - chart->from_s);
}

static void add_tenths(struct buffer *out, const char *name, long long tenths)
{
    buffer_addf(out, " %s=\"%lld.%lld\"", name, tenths / 10, tenths % 10);
}

static void rectangle(const struct chart *chart, int64_t from_s, int64_t to_s, int y, int height,
                      const char *style)
{
    long long left = at_x(chart, from_s), right = at_x(chart, to_s);
    buffer_add_text(chart->out, "<rect");
    add_tenths(chart->out, "x", left);
    add_tenths(chart->out, "width", right - left);
    buffer_addf(chart->out, " y=\"%d\" height=\"%d\" %s/>\n", y, height, style);
}

static void find_span(struct chart *chart)
{
    chart->from_s = chart->plan->problem.now_s;
    chart->to_s = chart->from_s + 4 * 3600;
    for (int p = 0; p < chart->plan->problem.printer_count; p++) {
        const struct plan_queue *queue = &chart->plan->queues[p];
        if (!queue->count)
            continue;
        const struct plan_plate *first = &chart->plan->plates[queue->items[0]],
                                *last = &chart->plan->plates[queue->items[queue->count - 1]];
        chart->rows++;
        if (first->begin_s < chart->from_s)
            chart->from_s = first->begin_s;
        if (last->end_s > chart->to_s)
            chart->to_s = last->end_s;
    }
    int64_t step_s = 3600;
    chart->from_s -= chart->from_s % step_s;
    chart->to_s += step_s - chart->to_s % step_s;
}

/* ---- behind the bars ---- */

static void draw_nights(const struct chart *chart, int height)
{
    const struct calendar *calendar = &chart->plan->problem.calendar;
    int64_t at_s = chart->from_s;
    if (calendar->length_s >= DAY_S && calendar->days == 7)
        return;
    while (at_s < chart->to_s) {
        int64_t there_s = calendar_next(calendar, at_s);
        if (there_s > at_s)
            rectangle(chart, at_s, there_s < chart->to_s ? there_s : chart->to_s, TOP, height,
                      "class=\"night\"");
        at_s = calendar_morning(calendar, calendar_day(there_s)) + calendar->length_s + 1;
    }
}

/* The times on the axis: as many as are easily read. */
static void draw_axis(const struct chart *chart, int height)
{
    static const int64_t steps_s[] = {3600, 2 * 3600, 4 * 3600, 6 * 3600, 12 * 3600, DAY_S};
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    int64_t span_s = chart->to_s - chart->from_s, step_s = steps_s[0];
    for (size_t i = 0; i < sizeof steps_s / sizeof *steps_s && span_s / step_s > 24; i++)
        step_s = steps_s[i];
    while (span_s / step_s > 24)
        step_s += DAY_S;
    int64_t first_s = (chart->from_s + step_s - 1) / step_s * step_s;
    for (int64_t at_s = first_s; at_s <= chart->to_s; at_s += step_s) {
        struct tm day;
        time_t time = at_s;
        gmtime_r(&time, &day);
        long long x = at_x(chart, at_s);
        bool midnight = at_s % DAY_S == 0;
        buffer_addf(chart->out,
                    "<path class=\"%s\" d=\"M%lld.%lld %dv%d\"/>\n<text x=\"%lld.%lld\" y=\"%d\" "
                    "class=\"tick\">",
                    midnight ? "day" : "hour", x / 10, x % 10, TOP, height, x / 10, x % 10,
                    TOP - 8);
        if (midnight)
            buffer_addf(chart->out, "%s %d.%d.", days[day.tm_wday], day.tm_mday, day.tm_mon + 1);
        else
            buffer_addf(chart->out, "%d:%02d", day.tm_hour, day.tm_min);
        buffer_add_text(chart->out, "</text>\n");
    }
}

/* ---- bars ---- */

static bool is_late(const struct plan_plate *plate)
{
    return plate->out_s > plate->due_s;
}

static void add_tip(const struct chart *chart, int index)
{
    const struct plan_plate *plate = &chart->plan->plates[index];
    struct buffer text = {0};
    plan_add_content(chart->plan, index, &text);
    buffer_addf(&text, "\n%s\nprints ", chart->plan->problem.families[plate->family].name);
    plan_add_moment(&text, plate->print_begin_s);
    buffer_add_text(&text, " to ");
    plan_add_moment(&text, plate->end_s);
    if (is_late(plate)) {
        buffer_add_text(&text, "\nlate: due ");
        plan_add_moment(&text, plate->due_s);
        buffer_add_text(&text, ", out ");
        plan_add_moment(&text, plate->out_s);
    }
    buffer_add_text(chart->out, "<title>");
    buffer_add_xml(chart->out, buffer_text(&text));
    buffer_add_text(chart->out, "</title>");
    buffer_free(&text);
}

/* As much of the content as the bar has room for. */
static void draw_label(const struct chart *chart, int index, int y, const struct paint *paint)
{
    const struct plan_plate *plate = &chart->plan->plates[index];
    long long left = at_x(chart, plate->print_begin_s), right = at_x(chart, plate->end_s);
    size_t room = right - left > 100 ? (size_t)(right - left - 80) / (10 * LETTER) : 0;
    struct buffer text = {0};
    plan_add_content(chart->plan, index, &text);
    if (text.length > room) { /* then how many, at least */
        size_t digits = strcspn(text.text, " ");
        text.length = digits <= room ? digits : 0;
        text.text[text.length] = '\0';
    }
    if (text.length) {
        buffer_addf(chart->out, "<text x=\"%lld.%lld\" y=\"%d\" style=\"fill:%s\" class=\"label\">",
                    (left + 40) / 10, (left + 40) % 10, y + 15, paint->text);
        buffer_add_xml(chart->out, text.text);
        buffer_add_text(chart->out, "</text>");
    }
    buffer_free(&text);
}

static void draw_plate(const struct chart *chart, int index, int y)
{
    const struct plan_plate *plate = &chart->plan->plates[index];
    const struct paint *paint = paint_of(chart, first_material(chart, plate));
    char style[120];
    buffer_add_text(chart->out, "<g>");
    add_tip(chart, index);
    rectangle(chart, plate->begin_s, plate->print_begin_s, y, BAR,
              plate->swaps || plate->nozzle_swapped ? "class=\"change\"" : "class=\"setup\"");
    snprintf(style, sizeof style, "rx=\"3\" fill=\"%s\" class=\"%s\"", paint->fill,
             is_late(plate) ? "late" : "bar");
    rectangle(chart, plate->print_begin_s, plate->end_s, y, BAR, style);
    draw_label(chart, index, y, paint);
    if (is_late(plate)) {
        long long x = at_x(chart, plate->end_s);
        buffer_addf(chart->out, "<path d=\"M%lld.%lld %dl-7 0l7 7z\" fill=\"#c1121f\"/>", x / 10,
                    x % 10, y + 1);
    }
    buffer_add_text(chart->out, "</g>\n");
}

static void draw_printer(const struct chart *chart, int printer, int y)
{
    const struct plan_queue *queue = &chart->plan->queues[printer];
    buffer_addf(chart->out,
                "<path class=\"hour\" d=\"M%d %dh%d\"/>\n<text x=\"%d\" y=\"%d\" class=\"name\">",
                MARGIN, y + BAR + (ROW - BAR) / 2, LEFT + WIDTH - MARGIN, LEFT - 10, y + 15);
    buffer_add_xml(chart->out, chart->plan->printers[printer].name);
    buffer_add_text(chart->out, "</text>\n");
    for (int i = 0; i < queue->count; i++)
        draw_plate(chart, queue->items[i], y);
}

/* ---- below ---- */

static void draw_legend(const struct chart *chart, int y)
{
    static const struct {
        const char *style, *text;
    } signs[] = {{"class=\"change\"", "change of material or nozzle"},
                 {"class=\"setup\"", "setup"},
                 {"class=\"late\" fill=\"#ffffff\"", "late"},
                 {"class=\"night\"", "nobody is there"}};
    int x = LEFT;
    for (int m = 0; m < chart->plan->problem.material_count; m++) {
        bool used = false;
        for (int i = 0; i < chart->plan->plate_count && !used; i++)
            used = chart->plan->plates[i].live && chart->plan->plates[i].printer >= 0 &&
                   first_material(chart, &chart->plan->plates[i]) == m;
        if (!used)
            continue;
        buffer_addf(chart->out,
                    "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" rx=\"3\" fill=\"%s\" "
                    "class=\"bar\"/><text x=\"%d\" y=\"%d\" class=\"legend\">",
                    x, y, paint_of(chart, m)->fill, x + 20, y + 12);
        buffer_add_xml(chart->out, chart->plan->problem.materials[m]);
        buffer_add_text(chart->out, "</text>\n");
        x += 40 + LETTER * (int)strlen(chart->plan->problem.materials[m]);
        if (x > WIDTH) {
            x = LEFT;
            y += 22;
        }
    }
    x = LEFT;
    y += 22;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        buffer_addf(chart->out,
                    "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" %s/><text x=\"%d\" "
                    "y=\"%d\" class=\"legend\">%s</text>\n",
                    x, y, signs[i].style, x + 20, y + 12, signs[i].text);
        x += 46 + LETTER * (int)strlen(signs[i].text);
    }
}

static int legend_height(const struct chart *chart)
{
    int letters = 0;
    for (int m = 0; m < chart->plan->problem.material_count; m++)
        letters += 40 + LETTER * (int)strlen(chart->plan->problem.materials[m]);
    return 66 + 22 * (letters / (WIDTH - LEFT));
}

static void draw_title(const struct chart *chart)
{
    struct plan_figures figures;
    plan_figures(chart->plan, &figures);
    buffer_addf(chart->out, "<text x=\"%d\" y=\"30\" class=\"title\">Plan of ", MARGIN);
    plan_add_moment(chart->out, chart->plan->problem.now_s);
    buffer_addf(chart->out,
                "</text>\n<text x=\"%d\" y=\"30\" class=\"figures\">%d plates, %d changes, %d "
                "order lines late</text>\n",
                LEFT + WIDTH, figures.plates - figures.unplaced, figures.changeovers,
                figures.late_lines);
}

static const char style[] =
    "text{font-family:'DejaVu Sans',Arial,sans-serif;font-size:11px;fill:#22272b}"
    ".title{font-size:17px;font-weight:bold}.figures{font-size:12px;text-anchor:end}"
    ".tick{text-anchor:middle;fill:#5b646c;font-size:10px}.name{text-anchor:end}"
    ".label{font-size:10px;pointer-events:none}"
    ".night{fill:#eef1f4}.day{stroke:#9aa4ad;fill:none}.hour{stroke:#dde2e6;fill:none}"
    ".bar{stroke:#6c757d;stroke-width:.8}.late{stroke:#c1121f;stroke-width:2}"
    ".change{fill:#f4a261;stroke:#b5651d;stroke-width:.5}.setup{fill:#ced4da}"
    ".now{stroke:#c1121f;stroke-dasharray:3 3}";

void plan_gantt(const struct plan *plan, const char *const *colors, struct buffer *out)
{
    struct chart chart = {.plan = plan, .colors = colors, .out = out};
    find_span(&chart);
    int height = chart.rows * ROW + ROW - BAR;
    buffer_addf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 "
                "0 %d %d\">\n<style>%s</style>\n<rect width=\"100%%\" height=\"100%%\" "
                "fill=\"#ffffff\"/>\n",
                LEFT + WIDTH + MARGIN, TOP + height + legend_height(&chart), LEFT + WIDTH + MARGIN,
                TOP + height + legend_height(&chart), style);
    draw_title(&chart);
    draw_nights(&chart, height);
    draw_axis(&chart, height);
    for (int p = 0, y = TOP + ROW - BAR; p < plan->problem.printer_count; p++)
        if (plan->queues[p].count) {
            draw_printer(&chart, p, y);
            y += ROW;
        }
    long long now = at_x(&chart, plan->problem.now_s);
    buffer_addf(out, "<path class=\"now\" d=\"M%lld.%lld %dv%d\"/>\n", now / 10, now % 10, TOP,
                height);
    draw_legend(&chart, TOP + height + 16);
    buffer_add_text(out, "</svg>\n");
}
