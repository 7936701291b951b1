/* flowd simulate --days. */
#ifndef FLOW_FLOWD_TRIAL_H
#define FLOW_FLOWD_TRIAL_H

#include "orders/import.h"

#include <stdbool.h>

/* As the options say it; NULL where they do not. */
struct trial_options {
    const char *folder, *orders, *demand, *seed, *days, *changes, *printers, *without, *defects,
        *hours, *week, *lead, *begins, *trouble, *protocols;
    bool compare, json;
};

/* What of a file of orders nobody here makes: its units would count as late, and nobody would know why. */
void say_what_is_not_made(const char *path, const struct import_result *result);

/* The exit status. */
int trial_of_farm(const struct trial_options *options, const char *const *specs, int count);

#endif
