/* Runs of a simulated farm side by side, as a table, a page and a workbook. */
#ifndef FLOW_SIM_TRIAL_H
#define FLOW_SIM_TRIAL_H

#include "sim/farm.h"

enum { RUNS_AT_MOST = 8 };

struct trial_run {
    const char *name;
    bool changed; /* with what --set and --printers say */
    unsigned without;
    struct farm_result result;
};

struct trial {
    const char *title, *asked; /* the specs; the settings in a line */
    struct farm_settings settings;
    struct trial_run runs[RUNS_AT_MOST];
    int run_count;
};

/* The figures of a run, in the order in which they are shown. */
enum { FIGURES = 26 };
struct trial_figure {
    const char *name, *unit; /* "%": of one; "money": in the shop's currency */
    int decimals;
    double (*of)(const struct farm_result *result); /* NaN: there is none */
};
extern const struct trial_figure trial_figures[FIGURES];
/* "units done, a day" */
void trial_add_name(struct buffer *out, const struct trial *trial, int figure);
/* "1,234.5"; "–" where there is none. */
void trial_add_figure(struct buffer *out, int figure, const struct farm_result *result);

void trial_table(struct buffer *out, const struct trial *trial);
/* A page of HTML that needs nothing else. */
void trial_page(struct buffer *out, const struct trial *trial);
/* An Excel workbook; in the module of pages (the program opens it). */
bool trial_workbook(const char *path, const struct trial *trial, struct failure *failure);

#endif
