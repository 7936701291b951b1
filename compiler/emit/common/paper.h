/* How every PDF of a product is set up: its size, its running head and what its foot says. */
#ifndef FLOW_EMIT_COMMON_PAPER_H
#define FLOW_EMIT_COMMON_PAPER_H

#include "emit/emit.h"
#include "page/page.h"

/* fingerprint: 64 hex digits; the first 12 stand in the foot. */
struct page_setup paper_setup(struct emit_context *context, const char *title,
                              const char *fingerprint);
/* "DH-100 rev. C" */
const char *number_and_revision(struct emit_context *context);

#endif
