/* A control chart as an SVG picture. Told apart without color: the centre is a thin line, control limits are dashed, the
   spec's limits heavy with teeth on the side that is not allowed, and a point that breaks a rule an open square with the
   rules' numbers. */
#include "trace/actuals_show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 960,
    HEIGHT = 616,
    LEFT = 70,
    RIGHT = WIDTH - 190,
    VALUES_TOP = 84,
    VALUES_BOTTOM = 356,
    RANGES_TOP = 396,
    RANGES_BOTTOM = 520,
    LABELS_AT_MOST = 12,
    LABEL_GAP = 15,
    SHOWN_AT_MOST = 1000 /* the last ones: of more, none could be told apart */
};

struct panel {
    struct buffer *out;
    const struct actuals_series *series;
    double top, bottom; /* in the picture */
    double least, most; /* what stands there */
    int first, count;   /* of the points side by side */
    int shift;          /* moving ranges stand at the later of their two readings */
    struct {
        double y;
        char text[64];
    } labels[LABELS_AT_MOST]; /* at the right edge */
    int label_count;
};

/* ---- places ---- */

static double y_of(const struct panel *panel, double value)
{
    return panel->bottom -
           (value - panel->least) / (panel->most - panel->least) * (panel->bottom - panel->top);
}

static double x_of(const struct panel *panel, int i)
{
    return panel->count < 2 ? (LEFT + RIGHT) / 2.0
                            : LEFT + 14 +
                                  (double)(RIGHT - LEFT - 28) * (i + panel->shift - panel->first) /
                                      (panel->count - 1);
}

/* The first point of a chart that is shown. */
static int begin_of(const struct panel *panel)
{
    return panel->first > panel->shift ? panel->first - panel->shift : 0;
}

static void take_in(struct panel *panel, double value)
{
    panel->least = fmin(panel->least, value);
    panel->most = fmax(panel->most, value);
}

static void take_in_chart(struct panel *panel, const struct control_chart *chart)
{
    for (int i = begin_of(panel); i < chart->count; i++) {
        take_in(panel, rational_to_double(chart->points[i].value));
        take_in(panel, rational_to_double(chart->points[i].upper));
        if (chart->has_lower)
            take_in(panel, rational_to_double(chart->points[i].lower));
    }
}

static void widen(struct panel *panel)
{
    double room = (panel->most - panel->least) * 0.08;
    if (room <= 0)
        room = fabs(panel->most) * 0.01 + 0.001;
    panel->least -= room;
    panel->most += room;
}

/* ---- labels ---- */

static void label_line(struct panel *panel, double value, const char *word, int places)
{
    if (panel->label_count == LABELS_AT_MOST)
        return;
    panel->labels[panel->label_count].y = y_of(panel, value);
    snprintf(panel->labels[panel->label_count++].text, sizeof panel->labels[0].text, "%s %.*f",
             word, places, value);
}

static int by_height(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

/* From above down, each at its line or as near below as the one before leaves room. */
static void draw_labels(struct panel *panel)
{
    double free_from = panel->top - LABEL_GAP;

    qsort(panel->labels, (size_t)panel->label_count, sizeof panel->labels[0], by_height);
    for (int i = 0; i < panel->label_count; i++) {
        double y = fmax(panel->labels[i].y, free_from);
        free_from = y + LABEL_GAP;
        buffer_addf(panel->out,
                    "<path class=\"lead\" d=\"M%d %.1fL%d %.1f\"/><text x=\"%d\" y=\"%.1f\">",
                    RIGHT, panel->labels[i].y, RIGHT + 10, y, RIGHT + 13, y + 4);
        buffer_add_xml(panel->out, panel->labels[i].text);
        buffer_add_text(panel->out, "</text>\n");
    }
}

/* ---- lines ---- */

static void draw_level(const struct panel *panel, const char *kind, double value)
{
    buffer_addf(panel->out, "<path class=\"%s\" d=\"M%d %.1fH%d\"/>\n", kind, LEFT,
                y_of(panel, value), RIGHT);
}

/* A line of limits, in steps where groups differ in size. */
static void draw_limit(const struct panel *panel, const struct control_chart *chart,
                       const char *kind, size_t field)
{
    double before = LEFT;

    buffer_addf(panel->out, "<path class=\"%s\" d=\"", kind);
    for (int i = begin_of(panel); i < chart->count; i++) {
        struct rational level;
        memcpy(&level, (const char *)&chart->points[i] + field, sizeof level);
        double after = i + 1 < chart->count ? (x_of(panel, i) + x_of(panel, i + 1)) / 2 : RIGHT;
        double y = y_of(panel, rational_to_double(level));
        buffer_addf(panel->out, "%c%.1f %.1fH%.1f", i > begin_of(panel) ? 'L' : 'M', before, y,
                    after);
        before = after;
    }
    buffer_add_text(panel->out, "\"/>\n");
}

/* A limit of the spec: heavy, with teeth on its far side. */
static void draw_spec_limit(struct panel *panel, double value, int toward, const char *word)
{
    double y = y_of(panel, value);

    draw_level(panel, "spec", value);
    buffer_add_text(panel->out, "<path class=\"teeth\" d=\"");
    for (int x = LEFT + 6; x < RIGHT; x += 16)
        buffer_addf(panel->out, "M%d %.1fl5 %d", x, y, 6 * toward);
    buffer_add_text(panel->out, "\"/>\n");
    label_line(panel, value, word, panel->series->places);
}

/* ---- points ---- */

static void draw_rules(const struct panel *panel, const struct control_point *point, double x,
                       double y)
{
    const char *separator = "";

    buffer_addf(panel->out, "<text class=\"rule\" x=\"%.1f\" y=\"%.1f\">", x, y);
    for (int r = 0; r < CONTROL_RULE_COUNT; r++)
        if (point->broken & control_rules[r].rule) {
            buffer_addf(panel->out, "%s%d", separator, r + 1);
            separator = ",";
        }
    buffer_add_text(panel->out, "</text>\n");
}

enum { RULE_WIDTH = 14, RULE_HEIGHT = 12 };

/* Squares, and the rules' numbers at those that are not too close to the one before. */
static void draw_broken(const struct panel *panel, const struct control_chart *chart)
{
    double last_x = -WIDTH, last_y = 0;

    for (int i = begin_of(panel); i < chart->count; i++) {
        const struct control_point *point = &chart->points[i];
        double x = x_of(panel, i), y = y_of(panel, rational_to_double(point->value));
        double at = point->side < 0 ? y + 17 : y - 9;
        if (!point->broken)
            continue;
        buffer_addf(panel->out,
                    "<rect class=\"broken\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\"/>\n",
                    x - 5, y - 5);
        if (x - last_x < RULE_WIDTH && fabs(at - last_y) < RULE_HEIGHT)
            continue;
        draw_rules(panel, point, x, at);
        last_x = x;
        last_y = at;
    }
}

static void draw_points(const struct panel *panel, const struct control_chart *chart)
{
    double radius = panel->count > 150 ? 1.5 : 3;

    buffer_add_text(panel->out, "<path class=\"run\" d=\"");
    for (int i = begin_of(panel); i < chart->count; i++)
        buffer_addf(panel->out, "%c%.1f %.1f", i > begin_of(panel) ? 'L' : 'M', x_of(panel, i),
                    y_of(panel, rational_to_double(chart->points[i].value)));
    buffer_add_text(panel->out, "\"/>\n");
    for (int i = begin_of(panel); i < chart->count; i++)
        if (!chart->points[i].broken)
            buffer_addf(panel->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>\n",
                        x_of(panel, i), y_of(panel, rational_to_double(chart->points[i].value)),
                        radius);
    draw_broken(panel, chart);
}

/* Where another batch begins: a tick, and its name where there is room. */
static void draw_batches(const struct panel *panel)
{
    const struct actuals_series *series = panel->series;
    double free_from = 0;

    for (int i = panel->first; i < panel->first + panel->count; i++) {
        int at = i;
        if (series->group_of_point)
            for (at = 0; series->readings[at].group != series->group_of_point[i];)
                at++;
        else if (i > panel->first && series->readings[i].batch == series->readings[i - 1].batch)
            continue;
        const char *name = series->readings[at].batch;
        double x = x_of(panel, i);
        buffer_addf(panel->out, "<path class=\"tick\" d=\"M%.1f %dv6\"/>", x, RANGES_BOTTOM);
        if (x < free_from)
            continue;
        buffer_addf(panel->out, "<text x=\"%.1f\" y=\"%d\">", x - 4, RANGES_BOTTOM + 19);
        buffer_add_xml(panel->out, name);
        buffer_add_text(panel->out, "</text>\n");
        free_from = x + 14 + 7.5 * (double)strlen(name);
    }
}

/* The points' numbers, at most twenty of them. */
static void draw_numbers(const struct panel *panel)
{
    static const int steps[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
    size_t at = 0;

    while (panel->count / steps[at] > 20 && at + 1 < sizeof steps / sizeof *steps)
        at++;
    for (int i = panel->first; i < panel->first + panel->count; i++)
        if (i == panel->first || (i + 1) % steps[at] == 0)
            buffer_addf(panel->out, "<text class=\"number small\" x=\"%.1f\" y=\"%d\">%d</text>\n",
                        x_of(panel, i), VALUES_BOTTOM + 16, i + 1);
}

static void draw_frame(const struct panel *panel, const char *title)
{
    buffer_addf(panel->out,
                "<rect class=\"frame\" x=\"%d\" y=\"%.0f\" width=\"%d\" height=\"%.0f\"/>\n"
                "<text class=\"axis\" transform=\"translate(20 %.0f) rotate(-90)\">",
                LEFT, panel->top, RIGHT - LEFT, panel->bottom - panel->top,
                (panel->top + panel->bottom) / 2);
    buffer_add_xml(panel->out, title);
    buffer_add_text(panel->out, "</text>\n");
}

/* ---- the panels ---- */

/* One, two and three deviations, where all points have the same. */
static void draw_zones(const struct panel *panel, const struct control_chart *chart)
{
    const struct control_point *first = &chart->points[0];
    double centre = rational_to_double(first->centre);
    double deviation = rational_to_double(first->deviation);

    for (int i = 1; i < chart->count; i++)
        if (!rational_equal(chart->points[i].deviation, first->deviation))
            return;
    for (int zone = -2; zone <= 2; zone++)
        if (zone)
            draw_level(panel, "zone", centre + zone * deviation);
}

static void draw_chart(struct panel *panel, const struct control_chart *chart, bool zones,
                       int places)
{
    const struct control_point *last = &chart->points[chart->count - 1];

    if (zones)
        draw_zones(panel, chart);
    draw_limit(panel, chart, "centre", offsetof(struct control_point, centre));
    draw_limit(panel, chart, "control", offsetof(struct control_point, upper));
    label_line(panel, rational_to_double(last->centre), "mean", places);
    label_line(panel, rational_to_double(last->upper), "upper control", places);
    if (chart->has_lower) {
        draw_limit(panel, chart, "control", offsetof(struct control_point, lower));
        label_line(panel, rational_to_double(last->lower), "lower control", places);
    }
    draw_points(panel, chart);
    draw_labels(panel);
}

/* A limit of the spec is drawn unless it lies so far off that the points would become a line. */
static bool is_near(const struct panel *panel, double limit)
{
    double span = panel->most - panel->least;
    return limit > panel->least - 1.5 * span && limit < panel->most + 1.5 * span;
}

/* For the last of so many points. */
static struct panel open_panel(struct buffer *out, const struct actuals_series *series, int top,
                               int bottom, int count)
{
    int first = count > SHOWN_AT_MOST ? count - SHOWN_AT_MOST : 0;
    return (struct panel){.out = out,
                          .series = series,
                          .top = top,
                          .bottom = bottom,
                          .least = INFINITY,
                          .most = -INFINITY,
                          .first = first,
                          .count = count - first};
}

static void draw_values(struct buffer *out, const struct actuals_series *series)
{
    const struct control_chart *chart = &series->control.values;
    struct panel panel = open_panel(out, series, VALUES_TOP, VALUES_BOTTOM, chart->count);
    double lower = rational_to_double(series->lower), upper = rational_to_double(series->upper);

    take_in_chart(&panel, chart);
    bool low = series->has_lower && is_near(&panel, lower);
    bool high = series->has_upper && is_near(&panel, upper);
    if (low)
        take_in(&panel, lower);
    if (high)
        take_in(&panel, upper);
    widen(&panel);
    draw_frame(&panel, series->control.grouped ? "mean of the batch" : series->unit);
    if (low)
        draw_spec_limit(&panel, lower, 1, "spec, at least");
    if (high)
        draw_spec_limit(&panel, upper, -1, "spec, at most");
    draw_chart(&panel, chart, true, series->places + 2);
    draw_numbers(&panel);
    if ((series->has_lower && !low) || (series->has_upper && !high))
        buffer_addf(out, "<text x=\"%d\" y=\"%d\">limits of the spec beyond the picture</text>\n",
                    LEFT + 6, VALUES_TOP + 16);
}

static void draw_ranges(struct buffer *out, const struct actuals_series *series)
{
    const struct control_chart *chart = &series->control.ranges;
    struct panel panel =
        open_panel(out, series, RANGES_TOP, RANGES_BOTTOM, series->control.values.count);

    take_in(&panel, 0);
    take_in_chart(&panel, chart);
    widen(&panel);
    panel.least = fmax(panel.least, 0);
    draw_frame(&panel, "range");
    draw_batches(&panel);
    panel.shift = !series->control.grouped;
    draw_chart(&panel, chart, false, series->places + 2);
}

static void add_number(struct buffer *out, const char *before, bool there, struct rational number,
                       const struct actuals_series *series)
{
    if (!there)
        return;
    buffer_add_text(out, before);
    rational_print_short(out, number, 6);
    if (*series->unit) {
        buffer_add_char(out, ' ');
        buffer_add_xml(out, series->unit);
    }
}

static void draw_heading(struct buffer *out, const struct actuals_series *series, const char *what)
{
    struct buffer words = {0};

    buffer_addf(out, "<text class=\"title\" x=\"%d\" y=\"28\">", LEFT);
    buffer_add_xml(out, what);
    buffer_add_text(out, ", ");
    buffer_add_xml(out, series->title);
    add_number(out, ", at least ", series->has_lower, series->lower, series);
    add_number(out, series->has_lower ? " and at most " : ", at most ", series->has_upper,
               series->upper, series);
    buffer_addf(out, "</text>\n<text x=\"%d\" y=\"48\">", LEFT);
    capability_words(&words, &series->capability);
    buffer_add_xml(out, buffer_text(&words));
    buffer_addf(out, "</text>\n<text x=\"%d\" y=\"66\">", LEFT);
    if (!series->control.reckoned)
        buffer_add_text(out, "No control limits: too few readings, or none that differ.");
    else if (!series->control.broken)
        buffer_add_text(out, "Steady: no rule is broken.");
    else
        buffer_addf(out, "Not steady: %d point%s a rule.", series->control.broken,
                    series->control.broken == 1 ? " breaks" : "s break");
    if (series->control.reckoned && series->control.indicative)
        buffer_addf(out, " The control limits are a first guess, from under %d points.",
                    CONTROL_POINTS_NEEDED);
    if (series->control.values.count > SHOWN_AT_MOST)
        buffer_addf(out, " Drawn are the last %d.", SHOWN_AT_MOST);
    buffer_add_text(out, "</text>\n");
    buffer_free(&words);
}

/* The rules' numbers, two to a line, and what the lines are. */
static void draw_legend(struct buffer *out)
{
    for (int r = 0; r < CONTROL_RULE_COUNT; r++) {
        if (r % 2 == 0)
            buffer_addf(out, "<text class=\"small\" x=\"%d\" y=\"%d\">", LEFT, HEIGHT - 46 + 8 * r);
        buffer_addf(out, "Rule %d: %s%s", r + 1, control_rules[r].words,
                    r % 2 == 0 ? ". " : ".</text>\n");
    }
    buffer_addf(out,
                "<text class=\"small\" x=\"%d\" y=\"%d\">Dashed: control limits, three "
                "deviations from the mean. Dotted: one and two deviations. Heavy, with teeth: "
                "limits of the spec.</text>\n",
                LEFT, HEIGHT - 14);
}

static const char style[] =
    "<style>text{font:12px sans-serif}.title{font:bold 16px sans-serif}.small{font-size:11px}"
    ".axis,.rule,.number{text-anchor:middle}"
    ".rule{font-weight:bold;paint-order:stroke;stroke:#fff;stroke-width:4px}"
    ".frame,.centre,.control,.zone,.spec,.teeth,.run,.lead,.tick,.broken{fill:none;stroke:#000}"
    ".frame{stroke:#888}.control{stroke-width:1.5;stroke-dasharray:8 5}"
    ".zone{stroke:#777;stroke-dasharray:1 5}.spec{stroke-width:3}.run{stroke:#555}"
    ".lead{stroke:#888}.broken{stroke-width:2;fill:#fff}</style>\n";

void actuals_draw(struct buffer *out, const struct actuals_series *series, const char *what)
{
    buffer_addf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                "height=\"%d\">\n%s<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n",
                WIDTH, HEIGHT, WIDTH, HEIGHT, style, WIDTH, HEIGHT);
    draw_heading(out, series, what);
    if (series->control.reckoned) {
        draw_values(out, series);
        draw_ranges(out, series);
        draw_legend(out);
    }
    buffer_add_text(out, "</svg>\n");
}
