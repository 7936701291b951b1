/* flowd batch traveler, batch labels, parcel label: what is printed of the shop's things, and where. */
#ifndef FLOW_FLOWD_PAPER_H
#define FLOW_FLOWD_PAPER_H

#include "flowd/flowd.h"

enum { PAPER_OPTION_COUNT = 4 };
extern const struct option_row paper_options[PAPER_OPTION_COUNT];
extern const char paper_options_help[];
int print_traveler(struct desk *desk, int count, char **arguments);
int print_labels(struct desk *desk, int count, char **arguments);
int print_parcel_label(struct desk *desk, int count, char **arguments);
int list_label_printers(struct desk *desk, int count, char **arguments);

#endif
