/* The runs of a simulated farm as a page to be printed and pinned to the wall: inline SVG, no script, nothing fetched. */
#include "sim/trial.h"

#include <stdio.h>
#include <string.h>

static const char style[] =
    "<style>\n"
    "@page{size:A4 landscape;margin:10mm}\n"
    ":root{--ink:#1d2a35;--soft:#5d6b78;--line:#d9dfe4;--paper:#fff;--wash:#f4f6f8}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--wash);color:var(--ink);"
    "font:15px/1.45 system-ui,'Segoe UI','DejaVu Sans',sans-serif}\n"
    "main{max-width:1180px;margin:0 auto;padding:28px 24px 40px}\n"
    "h1{font-size:30px;margin:0 0 2px}h2{font-size:16px;margin:0 0 10px}\n"
    "p{margin:0 0 20px;color:var(--soft)}\n"
    ".tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:12px;margin-bottom:14px}\n"
    ".tile,section{background:var(--paper);border:1px solid var(--line);border-radius:8px;"
    "padding:14px 16px}\n"
    ".tile b{display:block;font-size:27px;line-height:1.15}\n"
    ".tile span{color:var(--soft);font-size:13px}.tile em{display:block;font-style:normal;"
    "font-size:13px;margin-top:4px;color:#1f5f8b}\n"
    ".pair{display:grid;grid-template-columns:1fr 1fr;gap:14px}\n"
    "section{margin-bottom:14px;break-inside:avoid;overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\n"
    "th,td{text-align:right;padding:4px 10px;border-bottom:1px solid var(--line);"
    "white-space:nowrap}\n"
    "th:first-child,td:first-child{text-align:left}\n"
    "thead th{font-size:13px;border-bottom:2px solid var(--ink)}\n"
    "svg{display:block;width:100%;height:auto}svg text{font:12px system-ui,'DejaVu Sans',"
    "sans-serif;fill:var(--soft)}\n"
    ".key{display:inline-block;width:11px;height:11px;border-radius:2px;margin:0 5px 0 14px}\n"
    ".key:first-child{margin-left:0}.keys{font-size:13px;margin-bottom:6px}\n"
    "@media(max-width:900px){.tiles{grid-template-columns:repeat(2,1fr)}.pair{grid-template-"
    "columns:1fr}}\n"
    "@media print{body{background:#fff;font-size:12px}main{padding:0;max-width:none}}\n"
    "</style>\n";

/* Told apart by people who see few colors too (Okabe and Ito, 2008). */
static const char *const colors[RUNS_AT_MOST] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#e69f00", "#56b4e9", "#000000", "#8a8a8a"};

static void add_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            buffer_add_text(out, "&lt;");
            break;
        case '&':
            buffer_add_text(out, "&amp;");
            break;
        case '"':
            buffer_add_text(out, "&quot;");
            break;
        default:
            buffer_add_char(out, *text);
        }
    }
}

static int figure_named(const char *name, const char *unit)
{
    int f = 0;
    while (strcmp(trial_figures[f].name, name) != 0 || strcmp(trial_figures[f].unit, unit) != 0)
        f++;
    return f;
}

/* ---- the figures ---- */

static void add_tiles(struct buffer *out, const struct trial *trial)
{
    static const struct {
        const char *name, *unit, *said;
    } tiles[] = {{"units done", "a day", "units a day"},
                 {"printers printing", "%", "% of all hours, printers print"},
                 {"failed builds", "%", "% of builds fail"},
                 {"lead time, half within", "days", "days, for half of the orders"},
                 {"busiest station", "%", "% of its hours, the busiest station works"},
                 {"cost of a good unit", "money", "for a good unit"}};
    buffer_add_text(out, "<div class=\"tiles\">\n");
    for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++) {
        int f = figure_named(tiles[i].name, tiles[i].unit);
        buffer_add_text(out, "<div class=\"tile\"><b>");
        trial_add_figure(out, f, &trial->runs[0].result);
        buffer_add_text(out, "</b><span>");
        if (strcmp(tiles[i].unit, "money") == 0)
            buffer_addf(out, "%s ", trial->runs[0].result.currency);
        buffer_addf(out, "%s</span>", tiles[i].said);
        if (trial->run_count > 1 && trial->runs[1].changed != trial->runs[0].changed) {
            buffer_add_text(out, "<em>");
            add_text(out, trial->runs[1].name);
            buffer_add_text(out, ": ");
            trial_add_figure(out, f, &trial->runs[1].result);
            buffer_add_text(out, "</em>");
        }
        buffer_add_text(out, "</div>\n");
    }
    buffer_add_text(out, "</div>\n");
}

static void add_table(struct buffer *out, const struct trial *trial)
{
    buffer_add_text(out, "<section><h2>All figures</h2>\n<table><thead><tr><th></th>");
    for (int r = 0; r < trial->run_count; r++) {
        buffer_add_text(out, "<th>");
        add_text(out, trial->runs[r].name);
        buffer_add_text(out, "</th>");
    }
    buffer_add_text(out, "</tr></thead>\n<tbody>\n");
    for (int f = 0; f < FIGURES; f++) {
        buffer_add_text(out, "<tr><td>");
        trial_add_name(out, trial, f);
        buffer_add_text(out, "</td>");
        for (int r = 0; r < trial->run_count; r++) {
            buffer_add_text(out, "<td>");
            trial_add_figure(out, f, &trial->runs[r].result);
            buffer_add_text(out, "</td>");
        }
        buffer_add_text(out, "</tr>\n");
    }
    buffer_add_text(out, "</tbody></table></section>\n");
}

/* ---- units by day ---- */

enum { WIDE = 1130, HIGH = 250, LEFT = 44, BOTTOM = 24 };

/* The mean of a week, or of a day where there are few. */
static double done_at(const struct farm_result *result, int day, int step)
{
    int sum = 0, count = 0;
    for (int d = day; d < day + step && d < result->day_count; d++, count++)
        sum += result->days[d].done;
    return count ? (double)sum / count : 0;
}

/* 1, 2 or 5 and zeros, so that four lines and a bit reach as far. */
static double step_of_axis(double most)
{
    double step = 1;
    for (int i = 0; step * 5 < most; i++)
        step *= i % 3 == 1 ? 2.5 : 2;
    return step;
}

static void add_grid(struct buffer *out, double most, double step)
{
    for (double at = 0; at <= most; at += step) {
        double y = HIGH - BOTTOM - at / most * (HIGH - BOTTOM - 10);
        buffer_addf(out,
                    "<path d=\"M%d %.1fH%d\" stroke=\"#d9dfe4\"/><text x=\"%d\" y=\"%.1f\" "
                    "text-anchor=\"end\">%.0f</text>\n",
                    LEFT, y, WIDE, LEFT - 6, y + 4, at);
    }
}

static void add_days(struct buffer *out, const struct trial *trial)
{
    int days = trial->settings.days, step = days > 90 ? 7 : 1, points = (days + step - 1) / step;
    double most = 1;
    for (int r = 0; r < trial->run_count; r++)
        for (int i = 0; i < points; i++) {
            double done = done_at(&trial->runs[r].result, i * step, step);
            most = done > most ? done : most;
        }
    buffer_addf(out, "<section><h2>Units done a day%s</h2>\n<div class=\"keys\">",
                step > 1 ? ", by week" : "");
    for (int r = 0; r < trial->run_count; r++) {
        buffer_addf(out, "<span class=\"key\" style=\"background:%s\"></span>", colors[r]);
        add_text(out, trial->runs[r].name);
    }
    buffer_addf(out, "</div>\n<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDE, HIGH);
    add_grid(out, most, step_of_axis(most));
    for (int r = 0; r < trial->run_count; r++) {
        buffer_add_text(out, "<polyline fill=\"none\" stroke-width=\"2\" points=\"");
        for (int i = 0; i < points; i++) {
            double done = done_at(&trial->runs[r].result, i * step, step);
            buffer_addf(out, "%.1f,%.1f ",
                        LEFT + (points > 1 ? (double)i / (points - 1) : 0.5) * (WIDE - LEFT - 4),
                        HIGH - BOTTOM - done / most * (HIGH - BOTTOM - 10));
        }
        buffer_addf(out, "\" stroke=\"%s\"/>\n", colors[r]);
    }
    for (int i = 0; i<points; i += points> 12 ? points / 12 : 1)
        buffer_addf(out, "<text x=\"%.1f\" y=\"%d\">%s %d</text>\n",
                    LEFT + (points > 1 ? (double)i / (points - 1) : 0.5) * (WIDE - LEFT - 60),
                    HIGH - 6, step > 1 ? "week" : "day", i + 1);
    buffer_add_text(out, "</svg></section>\n");
}

/* ---- when printers print ---- */

static void add_week(struct buffer *out, const struct farm_result *result)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    enum { CELL = 20, TALL = 24 };
    buffer_add_text(out, "<section><h2>When printers print</h2>\n<svg viewBox=\"0 0 540 216\" "
                         "role=\"img\">\n");
    for (int h = 0; h < HOURS_OF_WEEK; h++) {
        double busy = result->busy[h] > 1 ? 1 : result->busy[h];
        buffer_addf(out,
                    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" fill=\"#0072b2\" "
                    "fill-opacity=\"%.2f\"><title>%s %d:00, %.0f %%</title></rect>\n",
                    40 + h % 24 * CELL, h / 24 * TALL + 4, CELL - 2, TALL - 2, 0.04 + 0.96 * busy,
                    names[h / 24], h % 24, 100 * busy);
    }
    for (int d = 0; d < 7; d++)
        buffer_addf(out, "<text x=\"2\" y=\"%d\">%s</text>\n", d * TALL + 20, names[d]);
    for (int h = 0; h < 24; h += 4)
        buffer_addf(out, "<text x=\"%d\" y=\"%d\">%d:00</text>\n", 40 + h * CELL, 7 * TALL + 20, h);
    buffer_add_text(out, "<text x=\"40\" y=\"212\">dark: all printers print; light: they stand "
                         "still</text></svg></section>\n");
}

/* ---- bars ---- */

static void add_bar(struct buffer *out, int row, const char *name, double share, double dark,
                    const char *color)
{
    int y = 22 * row + 2;
    share = share > 1 ? 1 : share < 0 ? 0 : share;
    buffer_addf(out, "<text x=\"0\" y=\"%d\">", y + 13);
    add_text(out, name);
    buffer_addf(out,
                "</text><rect x=\"130\" y=\"%d\" width=\"340\" height=\"16\" rx=\"3\" "
                "fill=\"#eef1f4\"/><rect x=\"130\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"3\" "
                "fill=\"%s\"/><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"16\" "
                "fill=\"#d55e00\"/><text x=\"478\" y=\"%d\">%.1f %%</text>\n",
                y, y, 340 * share, color, 130 + 340 * (share - dark), y, 340 * dark, y + 13,
                100 * share);
}

static void begin_bars(struct buffer *out, const char *title, int rows)
{
    buffer_addf(out, "<section><h2>%s</h2>\n<svg viewBox=\"0 0 540 %d\" role=\"img\">\n", title,
                22 * rows + 4);
}

static void add_printers(struct buffer *out, const struct farm_result *result)
{
    enum { SHOWN = 24 };
    int rows = result->machine_count < SHOWN ? result->machine_count : SHOWN;
    begin_bars(out, "Printers: printing, and lost in failed builds (red), of all hours", rows);
    for (int p = 0; p < rows; p++) {
        const struct farm_machine *it = &result->machines[p];
        double there = (double)result->horizon_s;
        add_bar(out, p, it->name, (double)it->printing_s / there, (double)it->lost_s / there,
                "#0072b2");
    }
    buffer_add_text(out, "</svg>");
    if (rows < result->machine_count)
        buffer_addf(out, "<p>The first %d of %d.</p>", rows, result->machine_count);
    buffer_add_text(out, "</section>\n");
}

static void add_benches(struct buffer *out, const struct farm_result *result)
{
    begin_bars(out, "People: at work, of the hours they are there", result->bench_count);
    for (int s = 0; s < result->bench_count; s++) {
        const struct farm_bench *it = &result->benches[s];
        char name[80];
        snprintf(name, sizeof name, "%.60s (%lld)", it->name, (long long)it->seats);
        add_bar(out, s, name, it->there_s ? (double)it->worked_s / (double)it->there_s : 0, 0,
                "#009e73");
    }
    buffer_add_text(out, "</svg></section>\n");
}

static void add_costs(struct buffer *out, const struct farm_result *result)
{
    const struct {
        const char *name;
        double amount;
    } rows[] = {{"labor", result->labour},
                {"machines", result->machine},
                {"material", result->material},
                {"other", result->other}};
    double whole = farm_cost(result);
    begin_bars(out, "Where the money goes", 4);
    for (int i = 0; i < 4 && whole > 0; i++)
        add_bar(out, i, rows[i].name, rows[i].amount / whole, 0, "#e69f00");
    buffer_add_text(out, "</svg></section>\n");
}

static void add_leads(struct buffer *out, const struct farm_result *result)
{
    enum { BARS = 32 };
    int most = 1;
    for (int i = 0; i < BARS; i++)
        most = result->lead_days[i] > most ? result->lead_days[i] : most;
    buffer_add_text(out, "<section><h2>Days from order to done</h2>\n<svg viewBox=\"0 0 540 150\" "
                         "role=\"img\">\n");
    for (int i = 0; i < BARS; i++) {
        double height = 112.0 * result->lead_days[i] / most;
        buffer_addf(out,
                    "<rect x=\"%d\" y=\"%.1f\" width=\"14\" height=\"%.1f\" rx=\"2\" "
                    "fill=\"#0072b2\"><title>%d order lines</title></rect>\n",
                    4 + 16 * i, 120 - height, height, result->lead_days[i]);
        if (i % 4 == 0)
            buffer_addf(out, "<text x=\"%d\" y=\"138\">%d</text>\n", 6 + 16 * i, i);
    }
    buffer_add_text(out, "<text x=\"488\" y=\"138\">31 +</text></svg></section>\n");
}

/* ---- the page ---- */

/* What the rules of the shop kept back. */
static void add_waits(struct buffer *out, const struct trial *trial)
{
    for (int r = 0; r < trial->run_count; r++) {
        const struct trial_run *run = &trial->runs[r];
        if (!*run->result.waits)
            continue;
        buffer_add_text(out, "<p>");
        add_text(out, run->name);
        buffer_add_text(out, ", not all could be made: ");
        add_text(out, run->result.waits);
        buffer_add_text(out, "</p>\n");
    }
}

void trial_page(struct buffer *out, const struct trial *trial)
{
    const struct farm_result *first = &trial->runs[0].result;
    buffer_add_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    add_text(out, trial->title);
    buffer_add_text(out, "</title>\n");
    buffer_add_text(out, style);
    buffer_add_text(out, "</head>\n<body>\n<main>\n<h1>");
    add_text(out, trial->title);
    buffer_add_text(out, "</h1>\n<p>");
    add_text(out, trial->asked);
    buffer_add_text(out, "</p>\n");
    add_waits(out, trial);
    add_tiles(out, trial);
    add_days(out, trial);
    buffer_add_text(out, "<div class=\"pair\">\n<div>\n");
    add_week(out, first);
    add_leads(out, first);
    add_benches(out, first);
    buffer_add_text(out, "</div>\n<div>\n");
    add_printers(out, first);
    add_costs(out, first);
    buffer_add_text(out, "</div>\n</div>\n");
    add_table(out, trial);
    buffer_add_text(out, "</main>\n</body>\n</html>\n");
}
