/* Private to record_pages*.c: a record while it is drawn. */
#ifndef FLOW_TRACE_RECORD_PAGES_PRIVATE_H
#define FLOW_TRACE_RECORD_PAGES_PRIVATE_H

#include "emit/forms/forms.h"
#include "trace/record_pages.h"

struct paged {
    struct record *record;
    struct forms forms; /* with the context */
    struct arena *arena;
    RECORD_LIST(const char *) notes; /* texts too long for a cell: they stand at the end */
};

#define DASH "\342\200\223"

/* ---- record_pages_text.c: what stands in the cells, all in the arena ---- */
const char *text_of_number(struct paged *paged, int64_t number); /* "" for 0 */
/* "2026-11-21 15:01:02 +01"; "" where it never was. */
const char *text_of_time(struct paged *paged, const struct record_mark *mark);
/* The first and the last, a line each, to the minute. */
const char *text_of_span(struct paged *paged, const struct record_mark *first,
                         const struct record_mark *last);
/* The name, and below it the time. */
const char *text_of_mark(struct paged *paged, const struct record_mark *mark);
/* "anna, 2026-11-21 15:01:02 +01" */
const char *text_of_said(struct paged *paged, const struct record_mark *mark);
/* "1-6, 8-24", with dashes. */
const char *text_of_ranges(struct paged *paged, struct record_ranges *units); /* sorts them */
const char *text_of_units(struct paged *paged, int64_t first, int64_t count);
/* "operator, quality" */
const char *text_of_roles(struct paged *paged, const char *roles);
/* "91.7" */
const char *text_of_percent(struct paged *paged, struct rational ratio);
/* "1 h 5 min" */
const char *text_of_duration(struct paged *paged, int64_t ms);
/* A name or a reason: set apart where it runs from right to left, so that nothing around it changes places. Of a long one its
   beginning, and the number of the note that has all of it. */
const char *text_apart(struct paged *paged, const char *text);
/* The title of a step or place by its name; the name where it is none. */
const char *text_of_place(struct paged *paged, const char *name);

void draw_record_notes(struct document *page, struct paged *paged);

/* ---- record_pages_step.c ---- */
void draw_record_step(struct document *page, struct paged *paged, struct record_step *step);
/* ---- record_pages_results.c ---- */
void draw_record_results(struct document *page, struct paged *paged, struct record_step *step);
/* ---- record_pages_closing.c: what came out, and what was decided ---- */
void draw_record_closing(struct document *page, struct paged *paged);

#endif
