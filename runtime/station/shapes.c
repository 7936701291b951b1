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
    {"said", "[string]?",
     "The same to be said in another language: the sentence with {} for what stands in it, and "
     "that"},
    {"place", "string?", "The line of the spec that forbids it: FILE:LINE"},
    {"repeated", "boolean?", "It was asked before, and was answered this"},
};

FIELDS(Answer) = {
    {"accepted", "boolean", ""},
    {"first", "integer?", "The first event that it became; missing where it changed nothing"},
    {"last", "integer?", "The last"},
    {"refusal", "string?", "What forbids it, and what would allow it"},
    {"said", "[string]?",
     "The same to be said in another language: the sentence with {} for what stands in it, and "
     "that"},
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

FIELDS(Proof) = {
    {"batch", "string", ""},
    {"unit", "integer", "Of that batch, from 1"},
    {"parcel", "string", "In which it was shipped"},
    {"lane", "string", "By which it was made"},
    {"since", "time", "When the first made by it was shipped"},
    {"shipped", "time", "When this one was"},
};
FIELDS(Difference) = {
    {"what", "string", "\"dimension bore of part hook\""},
    {"was", "string", "As what was shipped has it"},
    {"is", "string", "As the spec says it now"},
};

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
    {"differs", "boolean", "It waits, for it would be made otherwise than what was shipped"},
    {"lane", "string?", "By which it would be made now: what `accept_lane` accepts"},
    {"wants_approval", "string?", "Of a sample, that is missing for how it would be made now"},
    {"proven", "Proof?", "A unit of the SKU that was shipped: by that lane, else the last"},
    {"differences", "[Difference]", "What differs from it (docs/reorders.md)"},
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

FIELDS(JobPart) = {
    {"batch", "string", ""},
    {"step", "string", ""},
    {"part", "string", ""},
    {"sku", "string", "Of the units that it is for"},
    {"count", "integer", "On the plate"},
};
FIELDS(OtherFile) = {
    {"product", "string", "For `accept_lane`"},
    {"step", "string", "That was printed from another file by the same lane"},
    {"was", "string", "SHA-256 of that file"},
    {"was_job", "string", "The job that named it"},
    {"is", "string", "SHA-256 of this job's: what `accept_lane` accepts"},
};
FIELDS(Job) = {
    {"job", "string", "Its name"},
    {"stage", "string",
     "\"waiting\", \"sending\", \"starting\", \"printing\", \"asked\" (a person says what became "
     "of "
     "it), \"aside\" (it does not work), \"done\" or \"cancelled\""},
    {"reason", "string?", "Of how its last attempt ended"},
    {"printer", "string?", "Of its last attempt"},
    {"attempt", "string?", "The name of the file on the printer"},
    {"file", "string?", "In the shop's folder; missing: what the spec's `gcode` says"},
    {"attempts", "integer", "That were begun"},
    {"failed", "integer", "Of those, prints that failed"},
    {"by_hand", "boolean", "A person began the last attempt, and says how it ends"},
    {"queued", "time", ""},
    {"changed", "time", "When it came to its stage"},
    {"parts", "[JobPart]", "What lies on the plate"},
    {"other_file", "OtherFile?", "It is set aside for this difference (docs/reorders.md)"},
};
FIELDS(JobPage) = {PAGE_FIELDS("Job")};

FIELDS(Slot) = {
    {"slot", "integer", "From 1"},
    {"material", "string", ""},
    {"lot", "string?", ""},
    {"left_mg", "integer?", "What is left of it"},
};
FIELDS(Printer) = {
    {"printer", "string", "Its name"},
    {"machine", "string", "The machine of the specs that it is"},
    {"protocol", "string", "How it is spoken to; \"manual\": not at all"},
    {"state", "string",
     "\"offline\", \"unknown\", \"idle\", \"starting\", \"printing\", \"paused\", \"finished\", "
     "\"cancelled\", \"error\" or \"attention\""},
    {"file", "string?", "What it has in hand"},
    {"percent", "integer?", "How far that is"},
    {"remaining_s", "integer?", ""},
    {"heating", "boolean?", ""},
    {"message", "string?", "What it complains of"},
    {"plate_empty", "boolean", "Somebody saw its plate empty, and nothing was started since"},
    {"since", "time", "It is in this state, as far as this server has seen"},
    {"plate", "string?", "What lies there, as far as is known"},
    {"plate_since", "time?", "Where that is a job that is over: when it was"},
    {"job", "string?", "That it has"},
    {"asks", "string?", "What it asks of a person, as its print stopped by itself"},
    {"out_of_use", "boolean", "It gets no job"},
    {"reason", "string?", "Of being out of use, or back"},
    {"loaded", "[Slot]", ""},
};
FIELDS(PrinterPage) = {
    {"last_event", "integer", "The state is the one after this event"},
    {"now", "time", "By the server's clock"},
    {"total", "integer", "How many there are"},
    {"items", "[Printer]", "As in farm.yaml"},
};

FIELDS(PlanPrinter) = {{"printer", "string", "Its name"},
                       {"machine", "string", "The machine of the specs that it is"},
                       {"is_down", "boolean", "It gets nothing"},
                       {"free_ms", "integer", "When what it does now is done"}};
FIELDS(PlanPiece) = {{"sku", "string", ""},
                     {"count", "integer", ""},
                     {"is_there", "boolean", "They are in the batch already"},
                     {"order", "string?", "Missing: for stock"},
                     {"line", "string?", "Of that order"}};
#define WISHED                                                                                     \
    {"held", "string?", "\"held by anna: the customer rings back\""},                              \
    {                                                                                              \
        "rank", "integer?", "1 is made first"                                                      \
    }
FIELDS(PlanBatch) = {
    {"index", "integer", "By which plates name it"},
    {"batch", "string?", "Its name; missing: nobody has opened it"},
    {"product", "string", ""},
    {"group", "string", "What its units have in common"},
    {"state", "string", "\"started\", \"opens\" (now) or \"waits\""},
    {"units", "integer", ""},
    {"opens_ms", "integer?", "Missing: nobody knows"},
    {"waits", "string?", "For what"},
    WISHED,
    {"pinned", "string?", "The printer that it is for"},
    {"pieces", "[PlanPiece]", "In the order in which they are made"},
};
FIELDS(PlateShare) = {{"batch", "integer", "The `index` of a batch"},
                      {"count", "integer", ""},
                      {"order", "string?", "Missing: for stock"},
                      {"line", "string?", "Of that order"}};
FIELDS(PlanPlate) = {
    {"of", "string", "What is printed: material, layer, settings"},
    {"printer", "string?", "Missing: none can"},
    {"print_s", "integer", ""},
    {"full", "number", "The share of the plate, 1 for all of it"},
    {"materials_changed", "integer", "Before it"},
    {"nozzle_changed", "boolean", ""},
    {"begin_ms", "integer?", "A person comes"},
    {"print_begin_ms", "integer?", ""},
    {"end_ms", "integer?", "It is printed"},
    {"cleared_ms", "integer?", "A person comes again"},
    {"out_ms", "integer?", "The work after it is done"},
    {"pieces", "[PlateShare]", "As they lie on it"},
};
FIELDS(PlanLine) = {
    {"order", "string", ""},
    {"line", "string", ""},
    {"sku", "string", ""},
    {"owed", "integer", "Still to be shipped"},
    {"due", "string", "As it was given"},
    {"is_late", "boolean", ""},
    {"promised_ms", "integer?", "Missing: not known"},
    {"waits", "string?", "For what"},
    WISHED,
};
FIELDS(PlanStock) = {{"batch", "string", "That has finished units that nobody ordered yet"},
                     {"first", "integer", "The first of them"},
                     {"count", "integer", ""},
                     {"order", "string", "For which they are"},
                     {"line", "string", ""}};
FIELDS(Plan) = {
    {"now_ms", "integer", "When it was made; times are of 1970, UTC"},
    {"makespan_s", "integer", "From now until the last plate is cleared"},
    {"changeovers", "integer", "Of materials and nozzles"},
    {"purge_g", "number", "Lost where materials change on a plate"},
    {"late_lines", "integer", ""},
    {"plates_on_no_printer", "integer", ""},
    {"printers", "[PlanPrinter]", ""},
    {"stock", "[PlanStock]", ""},
    {"batches", "[PlanBatch]", ""},
    {"plates", "[PlanPlate]", ""},
    {"lines", "[PlanLine]", ""},
};

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

FIELDS(Station) = {
    {"station", "string", "Its name in the specs"},
    {"title", "string", ""},
    {"standing", "integer", "Units that stand there"},
};
FIELDS(Wait) = {
    {"need", "string",
     "\"lot\", \"parameter\", \"count\", \"reading\", \"judgement\" or \"signature\""},
    {"name", "string", "Of the material or item, the parameter, the check, the role"},
    {"title", "string", "The same for people"},
    {"part", "string?", "Whose dimension is read"},
    {"count", "integer", "How often"},
};
#define STEP_HEAD                                                                                  \
    {"batch", "string", ""}, {"product", "string", ""}, {"title", "string", "Of the product"},     \
        {"purpose", "string", "\"production\" or \"sample\""}, {"step", "string", "Its name"},     \
        {"step_title", "string", ""}, {"kind", "string", "Of step: \"print\", \"inspect\", ..."},  \
        {"station", "string?", ""}, {"standing", "integer", "Units that stand there"},             \
        {"due", "string?", "The first day on which one of them is due"},                           \
        {"begun", "time?", "Last"},                                                                \
    {                                                                                              \
        "machine", "string?", "On which it was begun last"                                         \
    }
FIELDS(Task) = {STEP_HEAD, {"waits", "[Wait]", "What is wanted before units go on"}};
FIELDS(Bench) = {
    {"last_event", "integer", "The state is the one after this event"},
    {"stations", "[Station]", ""},
    {"quarantine", "integer", "Units that wait for a decision"},
    {"approvals", "integer", "Products whose sample waits for an approval"},
    {"queue", "[Task]", "Of one station, or of all"},
};

#include "station/shapes_desk.def"

FIELDS(Machine) = {{"name", "string", ""}, {"title", "string", ""}};
FIELDS(Record) = {
    {"name", "string", ""},
    {"title", "string", ""},
    {"unit", "string?", ""},
    {"value", "string?", "As recorded since the step was last begun"},
};
FIELDS(OfferedLot) = {
    {"lot", "string", ""},
    {"what", "string", "The material or item"},
    {"title", "string", "Of that"},
    {"held", "boolean", ""},
    {"used", "boolean", "In use at this step"},
};
FIELDS(Route) = {
    {"outcome", "string", ""},
    {"to", "string", "A step's name, \"done\", \"scrap\" or \"quarantine\""},
    {"title", "string?", "Of the step"},
    {"at_most", "string?", "How often a unit may go that way"},
};
FIELDS(StandingUnit) = {
    {"unit", "integer", "Its number in the batch"},
    {"sku", "string", ""},
    {"order", "string?", "For which it is made; missing: for stock"},
    {"customer", "string?", ""},
    {"asks", "[Ask]", "What the customer gave"},
    {"alone", "boolean?", "It came back: it is inspected by itself, whatever the sample says"},
    {"good", "[string]", "Checks that it stood"},
    {"bad", "[string]", "Checks that it did not stand"},
};
FIELDS(WorkLine) = {
    {"text", "string", ""},
    {"tools", "[string]", ""},
    {"uses", "[string]", "What goes in"},
    {"cautions", "[string]", ""},
    {"torque", "string?", ""},
    {"time", "string?", ""},
    {"photos", "[string]", "Addresses"},
    {"standard", "string?", "That the line is of"},
};
FIELDS(WorkPhoto) = {{"quality", "string?", "\"good\" or \"bad\""}, {"file", "string?", "Address"}};
FIELDS(WorkStandard) = {
    {"title", "string", ""},
    {"accept", "string?", "What is good"},
    {"reject", "string?", "What is not"},
    {"photos", "[WorkPhoto]", ""},
};
FIELDS(WorkPart) = {
    {"part", "string", ""},
    {"title", "string", ""},
    {"material", "string?", ""},
    {"drawn", "boolean", "It has a model: /batches/{batch}/parts/{part} draws it"},
};
FIELDS(WorkDefect) = {
    {"defect", "string", ""},
    {"title", "string", ""},
    {"class", "string?", ""},
    {"says", "string?", "How one knows it"},
    {"then", "string?", "What is done with what has it"},
    {"photos", "[string]", "Addresses"},
};
FIELDS(WorkCheck) = {
    {"form", "string", "\"count\", \"defects\", \"dimension\" or \"text\""},
    {"part", "string?", "Whose dimension it is"},
    {"name", "string", ""},
    {"title", "string", ""},
    {"text", "string?", "What is looked at"},
    {"limits", "string?", "As the spec writes them"},
    {"lower", "string?", "In the unit that is read"},
    {"upper", "string?", "Likewise"},
    {"unit", "string?", ""},
    {"gauge", "string?", ""},
    {"class", "string?", "critical, major, minor"},
    {"defects", "[WorkDefect]", ""},
};
FIELDS(Work) = {
    {"sku", "string", ""},
    {"lines", "[WorkLine]", "In their order"},
    {"uses", "[string]", "What goes in besides"},
    {"standards", "[WorkStandard]", ""},
    {"parts", "[WorkPart]", "That are made here, or go in"},
    {"checks", "[WorkCheck]", ""},
};
FIELDS(StepNeed) = {
    {"need", "string", "As in Wait"},           {"name", "string", ""},
    {"title", "string", "The same for people"}, {"part", "string?", ""},
    {"unit", "integer", "0: of the batch"},
};
FIELDS(Step) = {
    {"last_event", "integer", "The state is the one after this event"},
    STEP_HEAD,
    {"revision", "string?", "Of the spec that the batch keeps"},
    {"number", "integer", "In the workflow, from 1"},
    {"steps", "integer", "Of the workflow"},
    {"runs", "integer", "How often it was begun"},
    {"counted", "boolean", "What stands there was counted"},
    {"lot_accepted", "boolean?", "The sample is whole, and says so"},
    {"sample_left", "integer?",
     "Units to be inspected before the sample is whole; until then none that it stands for pass"},
    {"sample_bears", "integer?",
     "Of those, how many may be bad before each of the others is inspected"},
    {"role", "string?", "Who signs the gate"},
    {"role_title", "string?", ""},
    {"requires", "[string]", "What must be there to sign"},
    {"reaction", "string?", "What to do when a check fails"},
    {"machines", "[Machine]", "On which it is done"},
    {"records", "[Record]", "Process parameters"},
    {"lots", "[OfferedLot]", "In use, and those that may be"},
    {"routes", "[Route]", "The ways out"},
    {"units", "[StandingUnit]", "The first 500 that stand there"},
    {"work", "[Work]", "For each SKU that stands there"},
    {"needs", "[StepNeed]", "The first 1000 things that are wanted before units go on"},
};

FIELDS(Session) = {
    {"person", "string?", "Who is signed in"},
    {"roles", "string?", "Of that person, with commas between"},
    {"mark", "string?",
     "Of the session: a page that says it as `Flow-Page` means this one and no other"},
    {"tablet", "string?", "The trusted tablet that this is"},
    {"people", "[string]?", "Whose PIN may be typed here"},
    {"training", "boolean", "The shop is a copy for practice: nothing is kept"},
    {"version", "string", "Of the server"},
};
FIELDS(SignIn) = {
    {"person", "string", ""},
    {"pin", "string?", "At a trusted tablet"},
    {"password", "string?", "Elsewhere"},
};
FIELDS(TabletToken) = {{"token", "string", "That `flowd token issue` made for a tablet"}};
FIELDS(Nothing) = {{"sign_out", "boolean?", ""}};
FIELDS(Signature) = {
    {"person", "string", "Who signs"},
    {"pin", "string?", "At a trusted tablet"},
    {"password", "string?", "Elsewhere"},
    {"command", "Command", "sign_gate or approve_sample"},
};

#define SHAPE(name)                                                                                \
    {                                                                                              \
#name, name##_fields, sizeof name##_fields / sizeof *name##_fields                         \
    }
const struct shape shape_rows[] = {
    SHAPE(Health),       SHAPE(Problem),       SHAPE(Refusal),
    SHAPE(Answer),       SHAPE(Status),        SHAPE(JobPart),
    SHAPE(Job),          SHAPE(JobPage),       SHAPE(Slot),
    SHAPE(Printer),      SHAPE(PrinterPage),   SHAPE(OrderHead),
    SHAPE(OrderPage),    SHAPE(Ask),           SHAPE(Proof),
    SHAPE(Difference),   SHAPE(OrderLine),     SHAPE(Order),
    SHAPE(BatchHead),    SHAPE(BatchPage),     SHAPE(LotUse),
    SHAPE(Parameter),    SHAPE(BatchStep),     SHAPE(Batch),
    SHAPE(Unit),         SHAPE(UnitPage),      SHAPE(Lot),
    SHAPE(LotPage),      SHAPE(PlanPrinter),   SHAPE(PlanPiece),
    SHAPE(PlanBatch),    SHAPE(PlateShare),    SHAPE(PlanPlate),
    SHAPE(PlanLine),     SHAPE(PlanStock),     SHAPE(Plan),
    SHAPE(Product),      SHAPE(ProductPage),   SHAPE(Token),
    SHAPE(Person),       SHAPE(PersonPage),    SHAPE(EventPage),
    SHAPE(Import),       SHAPE(Session),       SHAPE(SignIn),
    SHAPE(TabletToken),  SHAPE(Nothing),       SHAPE(Signature),
    SHAPE(Station),      SHAPE(Wait),          SHAPE(Task),
    SHAPE(Bench),        SHAPE(Machine),       SHAPE(Record),
    SHAPE(OfferedLot),   SHAPE(Route),         SHAPE(StandingUnit),
    SHAPE(WorkLine),     SHAPE(WorkPhoto),     SHAPE(WorkStandard),
    SHAPE(WorkPart),     SHAPE(WorkDefect),    SHAPE(WorkCheck),
    SHAPE(Work),         SHAPE(StepNeed),      SHAPE(Step),
    SHAPE(BoardLine),    SHAPE(BoardBatch),    SHAPE(BoardParcel),
    SHAPE(HeldLot),      SHAPE(Board),         SHAPE(Today),
    SHAPE(Way),          SHAPE(WaitingUnit),   SHAPE(LotOnHold),
    SHAPE(Quarantine),   SHAPE(Approval),      SHAPE(SampleToApprove),
    SHAPE(Approvals),    SHAPE(FinishedUnit),  SHAPE(PackingLine),
    SHAPE(OpenParcel),   SHAPE(PackingOrder),  SHAPE(Packing),
    SHAPE(LabelPrinter), SHAPE(LabelPrinters), SHAPE(Labels),
    SHAPE(LabelsSent),   SHAPE(OtherFile),
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
    {"station", "string", "Only what is done there"},
    {"units", "string", "Only those: 1-6"},
    {"sku", "string", "For which the part is drawn"},
    {"open", "boolean", "true: only batches that are not closed, jobs that are not over"},
    {"batch", "string", "Only jobs that have parts of it"},
    {"day", "string", "Today, where it is asked: 2027-02-01"},
    {"since", "integer",
     "When that began, in ms since 1970; a quarter of an hour, within the last day"},
};
const int query_count = sizeof query_rows / sizeof *query_rows;
