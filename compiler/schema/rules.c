#include "schema/rules.h"

#include "source/diagnostic.h"

#include <string.h>

const struct rule_row rule_rows[RULE_COUNT] = {
#define RULE(name, family, severity, allowable, summary)                                           \
    {#name, family, severity, allowable, summary},
#include "schema/rules.def"
#undef RULE
};

enum rule rule_find(const char *name)
{
    int i = 0;
    while (i < RULE_COUNT && strcmp(rule_rows[i].name, name))
        i++;
    return (enum rule)i;
}
