/* The record as pages: the filled sibling of the blank batch record of `flowc build` (emit/forms). It is drawn by the part of
   flowd that is loaded when pages are asked for: see runtime/flowd/pages.c. */
#ifndef FLOW_TRACE_RECORD_PAGES_H
#define FLOW_TRACE_RECORD_PAGES_H

#include "emit/emit.h"
#include "trace/record.h"

/* Writes the PDF of a settled record. Same events, zone and paper: same bytes. False with a failure where it cannot be
   written. */
bool record_write_pages(struct record *record, enum paper paper, const char *path,
                        struct failure *failure);

#endif
