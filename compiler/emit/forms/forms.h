/* Inside emit/forms: the blank forms of a product, each on pages of its own. A form that has nothing to ask draws nothing. */
#ifndef FLOW_EMIT_FORMS_FORMS_H
#define FLOW_EMIT_FORMS_FORMS_H

#include "emit/common/worksheet.h"
#include "emit/emit.h"
#include "page/page.h"

struct forms {
    struct emit_context *context;
    const char *about; /* title, number and revision */
    const char *number, *revision, *fingerprint;
};

#define FORM_ROW_PT 23.0 /* high enough for handwriting */

/* A form on a page of its own; kind is what its QR code calls it: "DH-100;C;form/batch_record;df76971de55ebfdb". */
void begin_form(struct document *page, struct forms *forms, const char *kind, const char *title,
                const char *about);
/* "3  Early screen" */
const char *step_title(struct forms *forms, const struct step *step);
/* The step's kind, station and plan: "inspect, Inspection, every unit". */
const char *step_about(struct forms *forms, const struct step *step);
/* A box to write in, whole, below its title. */
void draw_room(struct document *page, const char *title, double height);
/* Blank rows of the open table. */
void blank_rows(struct document *page, int count);
/* How high so many rows are to be so that they and what comes behind them fill this page: from 17 to most points; most
   where they go over it anyway. */
double row_room(const struct document *page, int rows, double behind, double most);
/* The plan for the lots in use; one row with the lot "any" where it is the same for all. */
int plans_of(struct forms *forms, const struct step *step, struct work_sample **samples);

void draw_batch_record(struct document *page, struct forms *forms);
void draw_first_article(struct document *page, struct forms *forms);
void draw_inspection_records(struct document *page, struct forms *forms);
void draw_nonconformance(struct document *page, struct forms *forms);
void draw_clearance(struct document *page, struct forms *forms);
void draw_training(struct document *page, struct forms *forms);
void draw_approvals(struct document *page, struct forms *forms);

#endif
