/* The checker: every rule that needs the whole spec. spec_load reports the families reading, names, units and variants;
   check() all others, one file a family. */
#ifndef FLOW_CHECK_CHECK_H
#define FLOW_CHECK_CHECK_H

#include "spec/spec.h"

/* Runs every rule; a rule whose ground is missing stays silent. Then drops what `allow` allows and reports each
   `allow` that allowed nothing. */
void check(struct spec *spec);

/* From here on, in this thread, what a model was found to be is kept for the next spec that asks for the same file, for
   whoever checks the same ones again and again; until `remember` is false. */
void models_remember(bool remember);

/* ---- for the families, one file each ---- */

/* Reports unless an `allow` of this rule stands in one of the two owners (NULL for none): the step, part or product the
   rule speaks of, and the product around it. NULL where it was allowed; the add_* functions take NULL. */
struct diagnostic *check_report(struct spec *spec, enum rule rule, const struct declaration *owner,
                                const struct declaration *product, struct span span,
                                const char *format, ...) __attribute__((format(printf, 6, 7)));
void check_note(struct spec *spec, struct diagnostic *diagnostic, struct span span,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
void check_help(struct spec *spec, struct diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
