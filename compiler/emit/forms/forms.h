/* Inside emit/forms: the blank forms of a product, each on pages of its own. A form that has nothing to ask draws nothing. */
#ifndef FLOW_EMIT_FORMS_FORMS_H
#define FLOW_EMIT_FORMS_FORMS_H

#include "emit/emit.h"
#include "page/page.h"

struct forms {
    struct emit_context *context;
    const char *about; /* title, number and revision */
    const char *code;  /* of the QR on each form */
};

#define FORM_ROW_PT 23.0 /* high enough for handwriting */

/* "3  Early screen" */
const char *step_title(struct forms *forms, const struct step *step);
/* The step's kind, station and plan: "inspect, Inspection, every unit". */
const char *step_about(struct forms *forms, const struct step *step);
/* Blank rows of the open table. */
void blank_rows(struct document *page, int count);

void draw_batch_record(struct document *page, struct forms *forms);
void draw_first_article(struct document *page, struct forms *forms);
void draw_inspection_records(struct document *page, struct forms *forms);
void draw_nonconformance(struct document *page, struct forms *forms);
void draw_clearance(struct document *page, struct forms *forms);
void draw_training(struct document *page, struct forms *forms);
void draw_approvals(struct document *page, struct forms *forms);

#endif
