/* What a step asks of the bench, as texts in rows: the one place that instructions, packet and forms take it from. All
   in the arena. Values that vary by SKU are said for each case: "42 min (small), 52 min (large)". */
#ifndef FLOW_EMIT_COMMON_WORKSHEET_H
#define FLOW_EMIT_COMMON_WORKSHEET_H

#include "emit/emit.h"

struct work_line {
    const char *text;
    const char *detail; /* tools, what goes in, torque; "" for none */
    const char *time;   /* "25 s"; "" where it is unsaid */
    const char **cautions;
    int caution_count;
    const struct declaration *standard; /* that it comes from, NULL for the step's own */
    const struct simple *photos;        /* of the work, NULL for none */
};

struct work_check {
    const char *what, *limit, *gauge, *class;
    const struct declaration *part; /* whose dimension it is, NULL for other checks */
    const void *row;                /* of the spec: the dimension, the check, the defect named */
};

struct work_sample {
    const char *lot, *n, *accept, *reject;
    const char *
        accepts; /* how often lots of what quality pass; "" where no lot is judged by a part of it */
};

struct work_pair {
    const char *name, *text;
};

struct work_list {
    void *rows;
    int count;
};

/* The value for every SKU. */
const char *value_cases(struct emit_context *context, const struct value *value);
const char *title_of(struct emit_context *context, const struct declaration *declaration);

/* "finish", "inspect (all)", ... with the station: facts of the step as name and text. */
int worksheet_facts(struct emit_context *context, const struct step *step,
                    struct work_pair **pairs);
int worksheet_lines(struct emit_context *context, const struct step *step,
                    struct work_line **lines);
/* How long a person takes, as the route says it: the step's own time, else that of its lines; "" where that is unsaid or
   varies. */
const char *worksheet_time(struct emit_context *context, const struct step *step);
/* Its detail with its time, for our own people. */
const char *worksheet_line_detail(struct emit_context *context, const struct work_line *line);
/* The lines of one standard. */
int worksheet_standard_lines(struct emit_context *context, const struct standard *standard,
                             struct work_line **lines);
/* The values of a list field, as one line: "number, revision, batch". */
const char *worksheet_words(struct emit_context *context, const struct simple *rows);
/* Whether a check of the step looks for the defect. */
bool worksheet_looks_for(const struct step *step, const struct defect *defect);
/* Tools, items with their number, parts: what to bring. */
int worksheet_bring(struct emit_context *context, const struct step *step, const char ***things);
int worksheet_checks(struct emit_context *context, const struct step *step,
                     struct work_check **checks);
/* The plan for the lots in use; none for an inspection of all. */
int worksheet_samples(struct emit_context *context, const struct step *step,
                      struct work_sample **samples);
/* What holds for a lot that is not among them; of at least one. */
const char *worksheet_sample_note(const struct work_sample *samples, int count);
/* Where the results of an inspection's units are written, for which the instructions have one cell. */
const char *worksheet_result_note(struct emit_context *context, const struct step *step);
/* Whether any of them says what it accepts: then that is the fifth column. */
bool worksheet_samples_judge(const struct work_sample *samples, int count);
/* The plan for one lot. */
bool worksheet_sample_for(struct emit_context *context, const struct step *step, long lot,
                          struct work_sample *sample);
int worksheet_routes(struct emit_context *context, const struct step *step,
                     struct work_pair **routes);
int worksheet_records(struct emit_context *context, const struct step *step,
                      struct work_pair **records);
/* What a product contains: title, number or material, count. */
struct work_content {
    const char *title, *detail, *count;
    const struct declaration *what;
};
int worksheet_contents(struct emit_context *context, struct work_content **contents);
/* What stands in texts for what the customer chose: "{size} stands for what was ordered: small or large." Only the axes
   that texts of the work quote; "" for none. */
const char *worksheet_quoted_axes(struct emit_context *context);
/* The plan in words: "every unit", "AQL 1.0, level II". */
const char *sample_words(struct emit_context *context, const struct sample *sample);

#endif
