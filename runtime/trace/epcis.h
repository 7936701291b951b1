/* A trace as EPCIS 2.0 (GS1, ISO/IEC 19987): what a business partner's system takes in. One JSON-LD document.

   A shop has no GS1 prefix, so names are URIs of its own: BASE and kind and name, "urn:flow:unit:B-1/7", or with a base that is
   an address, "https://id.example.com/unit/B-1/7". docs/trace.md says which events become which. */
#ifndef FLOW_TRACE_EPCIS_H
#define FLOW_TRACE_EPCIS_H

#include "base/buffer.h"
#include "trace/trace.h"

#define EPCIS_BASE "urn:flow:"

/* Adds the document. The base is a URN that ends in ':' or an http(s) address that ends in '/': false with a failure else. Same
   journal, same bytes: the document's date is that of the last event, each event's identifier the hash of the event. */
bool epcis_add(const struct trace *trace, const char *base, struct buffer *out,
               struct failure *failure);

#endif
