/* What the records' files give to the tables of verbs: looks, with options of their own. */
#ifndef FLOW_FLOWD_RECORDS_H
#define FLOW_FLOWD_RECORDS_H

#include "flowd/flowd.h"

/* ---- cmd_record.c ---- */
int print_record(struct desk *desk, int count, char **arguments);
enum { RECORD_OPTION_COUNT = 3 };
extern const struct option_row record_options[RECORD_OPTION_COUNT];
extern const char record_options_help[];

/* ---- cmd_issue.c ---- */
int list_issues(struct desk *desk, int count, char **arguments);
enum { ISSUE_OPTION_COUNT = 3 };
extern const struct option_row issue_options[ISSUE_OPTION_COUNT];
extern const char issue_options_help[];

/* What is known to go wrong with a product: shown when a batch of it opens. The desk's shop is open, or is opened to read.
   Adds nothing where there are no issues; as JSON a list. */
void add_issues_of(struct buffer *out, struct desk *desk, const char *product, bool json);

#endif
