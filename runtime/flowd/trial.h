/* flowd simulate --days. */
#ifndef FLOW_FLOWD_TRIAL_H
#define FLOW_FLOWD_TRIAL_H

#include <stdbool.h>

/* As the options say it; NULL where they do not. */
struct trial_options {
    const char *folder, *orders, *demand, *seed, *days, *changes, *printers, *without, *defects,
        *hours, *week, *lead, *begins, *trouble, *protocols;
    bool compare, json;
};

/* The exit status. */
int trial_of_farm(const struct trial_options *options, const char *const *specs, int count);

#endif
