#include "station/api.h"

#define V1 "/api/v1"

const struct endpoint endpoint_rows[] = {
    {"GET", V1 "/health", "Whether the server is there", FOR_ANYBODY, "", "", "Health",
     answer_health},
    {"GET", V1 "/openapi.json", "This document", FOR_ANYBODY, "", "", "Document", answer_openapi},
    {"POST", V1 "/commands",
     "Do something: one command, or an array of them, each answered on its own. A command that "
     "comes again with its `id` is not done again: it is answered as it was",
     FOR_PERSONS, "", "Commands", "Answers", take_commands},
    {"GET", V1 "/status", "The shop at a glance", FOR_PERSONS, "", "", "Status", answer_status},
    {"GET", V1 "/orders", "Orders, as they came", FOR_PERSONS, "from limit owed", "", "OrderPage",
     answer_orders},
    {"GET", V1 "/orders/{order}", "An order, its lines, and what it still owes", FOR_PERSONS, "",
     "", "Order", answer_order},
    {"POST", V1 "/orders/import",
     "Take a file of orders: an export of ShipStation, Shopify or Etsy, or our own. The same file "
     "twice changes nothing; an order with a mistake in it is left out whole",
     FOR_PERSONS, "format dates prefix update dry_run", "text/csv", "Import", import_orders},
    {"GET", V1 "/trace/{thing}",
     "What went into a unit (BATCH/NUMBER), batch, lot, order, machine, operator, parcel, "
     "customer or product, and where it is now: both directions are one answer",
     FOR_PERSONS, "kind as", "", "Document", answer_trace},
    {"GET", V1 "/batches", "Batches, as they were opened", FOR_PERSONS, "from limit open", "",
     "BatchPage", answer_batches},
    {"GET", V1 "/batches/{batch}", "A batch: its steps, and what stands at each", FOR_PERSONS, "",
     "", "Batch", answer_batch},
    {"GET", V1 "/batches/{batch}/units", "The units of a batch, and where each is", FOR_PERSONS,
     "from limit", "", "UnitPage", answer_units},
    {"GET", V1 "/batches/{batch}/record", "The record of a batch (docs/records.md)", FOR_PERSONS,
     "", "", "Document", answer_record},
    {"GET", V1 "/batches/{batch}/record.pdf", "The same as pages", FOR_PERSONS, "", "",
     "application/pdf", answer_record_pages},
    {"GET", V1 "/lots", "Lots of materials and items", FOR_PERSONS, "from limit", "", "LotPage",
     answer_lots},
    {"GET", V1 "/products", "Products, and the spec that batches to come go by", FOR_PERSONS,
     "from limit", "", "ProductPage", answer_products},
    {"GET", V1 "/products/{product}/actuals",
     "What was measured, against what the spec says (docs/actuals.md)", FOR_PERSONS, "", "",
     "Document", answer_actuals},
    {"GET", V1 "/products/{product}/actuals.patch", "The changed lines of the spec, as a patch",
     FOR_PERSONS, "", "", "text/x-diff", answer_actuals_patch},
    {"GET", V1 "/people", "The people of the shop, and what they may do", FOR_PERSONS, "from limit",
     "", "PersonPage", answer_people},
    {"GET", V1 "/events", "What happened, from the journal", FOR_PERSONS, "after limit", "",
     "EventPage", answer_events},
    {"GET", V1 "/events/stream",
     "What happens, as it happens: server-sent events, each with its number as `id`, its name as "
     "`event` and itself as `data`. `Last-Event-ID` or `after` says where to go on; without "
     "either it begins with the next",
     FOR_PERSONS, "after", "", "text/event-stream", follow_events},
};
const int endpoint_count = sizeof endpoint_rows / sizeof *endpoint_rows;
