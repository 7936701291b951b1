/* The rules: one row each in rules.def. */
#ifndef FLOW_SCHEMA_RULES_H
#define FLOW_SCHEMA_RULES_H

#include <stdbool.h>

enum rule {
#define RULE(name, family, severity, allowable, summary) RULE_##name,
#include "schema/rules.def"
#undef RULE
    RULE_COUNT
};

struct rule_row {
    const char *name;
    const char *family;
    int severity;        /* enum severity */
    bool allowable;      /* whether `allow` may turn it off */
    const char *summary; /* one sentence */
};

extern const struct rule_row rule_rows[RULE_COUNT];

/* The rule of that name, or RULE_COUNT. */
enum rule rule_find(const char *name);

#endif
