/* The figures of a simulated farm, as rows: the table, the page and the workbook show the same. */
#include "sim/trial.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct farm_result *of;

static double days(of result)
{
    return (double)result->horizon_s / DAY_S;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double throughput(of result)
{
    return share((double)result->done, days(result));
}
static double ordered(of result)
{
    return share((double)result->ordered, days(result));
}
static double done(of result)
{
    return (double)result->done;
}
static double open_units(of result)
{
    return (double)result->open;
}
static double lead_median(of result)
{
    return result->lines_done ? (double)result->lead_median_s / DAY_S : NAN;
}
static double lead_p95(of result)
{
    return result->lines_done ? (double)result->lead_p95_s / DAY_S : NAN;
}
static double late(of result)
{
    return (double)result->late;
}
static double printing(of result)
{
    return farm_utilization(result);
}
static double productive(of result)
{
    double there = (double)result->horizon_s * result->machine_count;
    return share((double)(result->printing_s - result->lost_s), there);
}
static double plates(of result)
{
    return share((double)result->plates, days(result));
}
static double failed(of result)
{
    return share((double)result->failed, (double)result->plates);
}
static double caught(of result)
{
    return (double)result->caught;
}
static double not_started(of result)
{
    return (double)result->not_started;
}
static double asked(of result)
{
    return (double)result->asked;
}
static double calls(of result)
{
    return (double)result->calls;
}
static double scrapped(of result)
{
    return share((double)result->scrapped, (double)(result->scrapped + result->done));
}
static double escaped(of result)
{
    return (double)result->escaped;
}
static double changeovers(of result)
{
    return share((double)result->changeovers, days(result));
}
static double bench_hours(of result)
{
    int64_t sum_s = 0;
    for (int i = 0; i < result->bench_count; i++)
        sum_s += result->benches[i].worked_s;
    return share((double)sum_s / 3600, days(result));
}
static double bench_busiest(of result)
{
    double most = 0;
    for (int i = 0; i < result->bench_count; i++) {
        const struct farm_bench *bench = &result->benches[i];
        most = fmax(most, bench->there_s ? (double)bench->worked_s / (double)bench->there_s : 0);
    }
    return most;
}
static double filament(of result)
{
    return result->printed_g / 1000;
}
static double waste(of result)
{
    return share(result->wasted_g, result->printed_g);
}
static double cost(of result)
{
    return share(farm_cost(result), (double)result->done);
}
static double revenue(of result)
{
    return result->revenue;
}
static double margin(of result)
{
    return share(result->revenue - result->fees - farm_cost(result), result->revenue);
}

static double events(of result)
{
    return (double)result->events;
}

const struct trial_figure trial_figures[FIGURES] = {
    {"units done", "a day", 1, throughput},
    {"units ordered", "a day", 1, ordered},
    {"units done", "in all", 0, done},
    {"still open at the end", "units", 0, open_units},
    {"lead time, half within", "days", 1, lead_median},
    {"lead time, 95 % within", "days", 1, lead_p95},
    {"late order lines", "", 0, late},
    {"printers printing", "%", 1, printing},
    {"printing what was good", "%", 1, productive},
    {"builds", "a day", 1, plates},
    {"failed builds", "%", 1, failed},
    {"found by validation", "builds", 0, caught},
    {"not begun, tried again", "builds", 0, not_started},
    {"a person had to look", "builds", 0, asked},
    {"units scrapped", "%", 1, scrapped},
    {"bad units delivered", "", 0, escaped},
    {"changes of material", "a day", 1, changeovers},
    {"work at stations", "h a day", 1, bench_hours},
    {"busiest station", "%", 1, bench_busiest},
    {"material printed", "kg", 1, filament},
    {"of it wasted", "%", 1, waste},
    {"cost of a good unit", "money", 2, cost},
    {"revenue", "money", 0, revenue},
    {"margin", "%", 1, margin},
    {"calls to printers", "", 0, calls},
    {"events", "", 0, events},
};

static void add_number(struct buffer *out, double number, int decimals)
{
    char digits[64];
    if (isnan(number)) {
        buffer_add_text(out, "–");
        return;
    }
    int length = snprintf(digits, sizeof digits, "%.*f", decimals, fabs(number));
    int whole = decimals ? length - decimals - 1 : length;
    if (number < 0)
        buffer_add_text(out, "-");
    for (int i = 0; i < length; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, digits[i]);
    }
}

void trial_add_figure(struct buffer *out, int figure, const struct farm_result *result)
{
    const struct trial_figure *it = &trial_figures[figure];
    double number = it->of(result);
    add_number(out, it->unit[0] == '%' ? 100 * number : number, it->decimals);
}

void trial_add_name(struct buffer *out, const struct trial *trial, int figure)
{
    const struct trial_figure *it = &trial_figures[figure];
    const char *unit = strcmp(it->unit, "money") == 0 ? trial->runs[0].result.currency : it->unit;
    buffer_addf(out, "%s%s%s", it->name, *unit ? ", " : "", unit);
}

/* ---- the table ---- */

static void add_right(struct buffer *out, const char *text, int width)
{
    for (int i = utf8_width(text); i < width; i++)
        buffer_add_char(out, ' ');
    buffer_add_text(out, text);
}

void trial_table(struct buffer *out, const struct trial *trial)
{
    enum { NAME_WIDTH = 32, WIDTH = 20 };
    struct buffer cell = {0};
    buffer_addf(out, "%-*s", NAME_WIDTH, "");
    for (int r = 0; r < trial->run_count; r++)
        add_right(out, trial->runs[r].name, WIDTH);
    buffer_add_char(out, '\n');
    for (int f = 0; f < FIGURES; f++) {
        buffer_clear(&cell);
        trial_add_name(&cell, trial, f);
        buffer_addf(out, "%-*s", NAME_WIDTH, buffer_text(&cell));
        for (int r = 0; r < trial->run_count; r++) {
            buffer_clear(&cell);
            trial_add_figure(&cell, f, &trial->runs[r].result);
            add_right(out, buffer_text(&cell), WIDTH);
        }
        buffer_add_char(out, '\n');
    }
    buffer_free(&cell);
}
