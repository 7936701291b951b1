#include "station/shapes.h"

#define FIELDS(name) static const struct shape_field name##_fields[]

FIELDS(Health) = {{"status", "string", "\"ok\""}};

FIELDS(Problem) = {
    {"title", "string", "The status in words"},
    {"status", "integer", "The HTTP status"},
    {"detail", "string", "A sentence: what is wrong, and what would help"},
};

FIELDS(Refusal) = {
    {"title", "string", "The status in words"},
    {"status", "integer", "409"},
    {"detail", "string", "What forbids it, and what would allow it"},
    {"accepted", "boolean", "false"},
    {"refusal", "string", "The same as `detail`"},
    {"place", "string?", "The line of the spec that forbids it: FILE:LINE"},
    {"repeated", "boolean?", "It was asked before, and was answered this"},
};

FIELDS(Answer) = {
    {"accepted", "boolean", ""},
    {"first", "integer?", "The first event that it became; missing where it changed nothing"},
    {"last", "integer?", "The last"},
    {"refusal", "string?", "What forbids it, and what would allow it"},
    {"place", "string?", "The line of the spec that forbids it: FILE:LINE"},
    {"repeated", "boolean?", "It was asked before, and was answered this"},
};

FIELDS(Status) = {
    {"version", "string", "Of the server"},
    {"begun", "time", "When the server was started"},
    {"last_event", "integer", "The number of the last event"},
    {"orders", "integer", ""},
    {"units_owed", "integer", "Ordered, neither cancelled nor shipped"},
    {"lines_held", "integer", "Lines of orders that cannot be made as they stand"},
    {"batches", "integer", ""},
    {"batches_running", "integer", ""},
    {"lots_held", "integer", ""},
    {"issues_open", "integer", ""},
};

#define PAGE_FIELDS(item)                                                                          \
    {"last_event", "integer", "The state is the one after this event"},                            \
        {"total", "integer", "How many there are"}, {"items", "[" item "]", ""},                   \
    {                                                                                              \
        "next", "integer?", "`from` for the page after this one; missing on the last"              \
    }

FIELDS(OrderHead) = {
    {"order", "string", "Its name"},
    {"channel", "string?", "Where it came from"},
    {"customer", "string?", ""},
    {"currency", "string?", ""},
    {"owed", "integer", "Units that are neither shipped nor cancelled"},
};
FIELDS(OrderPage) = {PAGE_FIELDS("OrderHead")};

FIELDS(Ask) = {{"name", "string", "What was asked"}, {"value", "string", "What was answered"}};

FIELDS(OrderLine) = {
    {"line", "string", "Its name in the order"},
    {"product", "string", ""},
    {"sku", "string", ""},
    {"due", "string?", "As it was given"},
    {"price", "string?", "Of one unit: \"24.00 USD\""},
    {"count", "integer", "Units ordered"},
    {"cancelled", "integer", "Of those, not owed any more"},
    {"in_batches", "integer", "Units made or being made for it"},
    {"packed", "integer", "Of those, in parcels that have not left"},
    {"shipped", "integer", ""},
    {"owed", "integer", "Still to be shipped"},
    {"held", "boolean", "It cannot be made as it stands"},
    {"reason", "string?", "Of being held"},
    {"asks", "[Ask]", "What the customer gave for the `asks` of the spec"},
};

FIELDS(Order) = {
    {"order", "string", "Its name"},
    {"channel", "string?", "Where it came from"},
    {"customer", "string?", ""},
    {"currency", "string?", ""},
    {"owed", "integer", "Units that are neither shipped nor cancelled"},
    {"address", "object?", "Where it goes"},
    {"lines", "[OrderLine]", ""},
};

#define BATCH_FIELDS                                                                               \
    {"batch", "string", "Its name"}, {"product", "string", ""},                                    \
        {"revision", "string?", "Of the spec that it keeps"},                                      \
        {"snapshot", "string", "The spec that it keeps"},                                          \
        {"purpose", "string", "\"production\" or \"sample\""},                                     \
        {"state", "string", "\"filling\", \"running\", \"closed\" or \"cancelled\""},              \
        {"units", "integer", "All of them"},                                                       \
    {                                                                                              \
        "under_way", "integer", "Units that are neither done nor scrap"                            \
    }

FIELDS(BatchHead) = {BATCH_FIELDS};
FIELDS(BatchPage) = {PAGE_FIELDS("BatchHead")};

FIELDS(LotUse) = {
    {"lot", "string", ""}, {"what", "string", "The material or item"}, {"amount", "string?", ""}};
FIELDS(Parameter) = {{"name", "string", ""}, {"value", "string", "As it was typed"}};

FIELDS(BatchStep) = {
    {"step", "string", "Its name in the spec"},
    {"standing", "integer", "Units that stand there"},
    {"runs", "integer", "How often it was begun"},
    {"begun", "time?", "Last"},
    {"station", "string?", ""},
    {"machine", "string?", ""},
    {"lots", "[LotUse]", "In use there"},
    {"parameters", "[Parameter]", "As recorded since it was last begun"},
};

FIELDS(Batch) = {
    BATCH_FIELDS,
    {"waiting", "integer", "Units that wait for the batch to start"},
    {"done", "integer", "Units that are finished"},
    {"scrap", "integer", ""},
    {"quarantine", "integer", ""},
    {"steps", "[BatchStep]", "In the order of the spec"},
};

FIELDS(Unit) = {
    {"unit", "string", "Its name: BATCH/NUMBER"},
    {"number", "integer", "In the batch, from 1"},
    {"sku", "string", ""},
    {"at", "string", "A step's name, \"waiting\", \"done\", \"scrap\" or \"quarantine\""},
    {"order", "string?", "For which it is made; missing: for stock"},
    {"line", "string?", "Of that order"},
    {"parcel", "string?", "In which it is"},
    {"shipped", "boolean?", "The parcel has left"},
};
FIELDS(UnitPage) = {PAGE_FIELDS("Unit")};

FIELDS(Lot) = {
    {"lot", "string", "Its name"},
    {"what", "string", "The material or item"},
    {"held", "boolean", "On hold: nothing is made of it"},
    {"reason", "string?", "Of being held, or freed"},
};
FIELDS(LotPage) = {PAGE_FIELDS("Lot")};

FIELDS(Product) = {
    {"product", "string", "Its name in the spec"},
    {"revision", "string?", ""},
    {"fingerprint", "string?", "Of what voids an approval when it changes"},
    {"snapshot", "string?", "The spec that batches to come go by"},
    {"skus", "integer?", "How many"},
    {"samples", "integer?", "Finished sample pieces behind this fingerprint"},
    {"approved", "boolean?", "Somebody signed the sample of this fingerprint"},
};
FIELDS(ProductPage) = {PAGE_FIELDS("Product")};

FIELDS(Token) = {{"hash", "string", "BLAKE2b-256 of the token, in hex"},
                 {"label", "string", "What it is for"},
                 {"revoked", "boolean", ""}};
FIELDS(Person) = {
    {"person", "string", ""},
    {"roles", "string", "With commas between"},
    {"dismissed", "boolean", "May do nothing any more"},
    {"tokens", "[Token]", ""},
};
FIELDS(PersonPage) = {PAGE_FIELDS("Person")};

FIELDS(EventPage) = {
    {"last_event", "integer", "The number of the last event there is"},
    {"items", "[Event]", ""},
    {"next", "integer?", "`after` for the page after this one; missing on the last"},
};

FIELDS(Import) = {
    {"import", "object", "What the file says, and what was wrong with it (docs/orders.md)"},
    {"dry_run", "boolean", "Nothing was done"},
    {"done", "integer", "Commands that were accepted"},
    {"refusals", "[string]", "Why others were not"},
};

#define SHAPE(name)                                                                                \
    {                                                                                              \
#name, name##_fields, sizeof name##_fields / sizeof *name##_fields                         \
    }
const struct shape shape_rows[] = {
    SHAPE(Health),    SHAPE(Problem),     SHAPE(Refusal),  SHAPE(Answer),    SHAPE(Status),
    SHAPE(OrderHead), SHAPE(OrderPage),   SHAPE(Ask),      SHAPE(OrderLine), SHAPE(Order),
    SHAPE(BatchHead), SHAPE(BatchPage),   SHAPE(LotUse),   SHAPE(Parameter), SHAPE(BatchStep),
    SHAPE(Batch),     SHAPE(Unit),        SHAPE(UnitPage), SHAPE(Lot),       SHAPE(LotPage),
    SHAPE(Product),   SHAPE(ProductPage), SHAPE(Token),    SHAPE(Person),    SHAPE(PersonPage),
    SHAPE(EventPage), SHAPE(Import),
};
const int shape_count = sizeof shape_rows / sizeof *shape_rows;

const struct query_row query_rows[] = {
    {"from", "integer", "Where the page begins, from 0"},
    {"limit", "integer", "How many at most: 100 where it is not said, never over 1000"},
    {"after", "integer", "Only events after this one"},
    {"format", "string", "shipstation, shopify, etsy or own, where the header does not tell"},
    {"dates", "string", "What 03/04/2027 means: mdy or dmy"},
    {"prefix", "string", "Before each order's number"},
    {"update", "boolean", "true: changed addresses are taken"},
    {"dry_run", "boolean", "true: only say what would be done"},
    {"kind", "string", "unit, batch, lot, order, ... where a name means several"},
    {"as", "string", "json (where it is not said), text, csv, dot or epcis"},
    {"owed", "boolean", "true: only orders that still owe something"},
    {"open", "boolean", "true: only batches that are not closed"},
};
const int query_count = sizeof query_rows / sizeof *query_rows;
