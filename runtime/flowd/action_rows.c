/* Every verb that is a command, action by action. */
#include "flowd/actions.h"

#include "flowd/records.h"
#include "flowd/views.h"

#define DOES(verb, word, command, arguments, summary)                                              \
    {                                                                                              \
        verb, word, COMMAND_##command, arguments, summary, NULL, NULL, NULL, NULL, 0, NULL         \
    }
#define DOES_WITH(verb, word, command, arguments, field, value, summary)                           \
    {                                                                                              \
        verb, word, COMMAND_##command, arguments, summary, field, value, NULL, NULL, 0, NULL       \
    }
#define LOOKS(verb, word, arguments, look, summary)                                                \
    {                                                                                              \
        verb, word, MESSAGE_COUNT, arguments, summary, NULL, NULL, look, NULL, 0, NULL             \
    }

const struct action action_rows[] = {
    LOOKS("product", "list", "", list_products, "the products, and whether they are released"),

    LOOKS("batch", "list", "", list_batches, "the batches, and where their units are"),
    LOOKS("batch", "show", "BATCH", show_batch, "a batch, step by step"),
    {"batch", "record", MESSAGE_COUNT, "BATCH [-o FILE.pdf]",
     "all that was said of it, and what it lacks", NULL, NULL, print_record, record_options,
     RECORD_OPTION_COUNT, record_options_help},
    DOES("batch", "open", open_batch, "batch product", "a batch begins to fill (--purpose sample)"),
    DOES("batch", "add", add_units, "batch sku count",
         "units for it, for an order's line or for stock"),
    LOOKS("batch", "fill", "BATCH", fill_batch,
          "what is ordered goes into it, first come first served, as its rules let it"),
    DOES("batch", "cancel", cancel_batch, "batch reason", "it is not made; its units go back"),
    DOES("batch", "start", start_batch, "batch",
         "it is full enough: its units stand at the first step"),

    LOOKS("step", "needs", "BATCH STEP", list_needs,
          "what is still wanted before units go on, as commands"),
    DOES("step", "begin", begin_step, "batch step", "somebody begins a step of a batch"),
    DOES("step", "use", use_lot, "batch step lot", "what the step consumes is taken from this lot"),
    DOES("step", "record", record_parameter, "batch step name value",
         "a process parameter that the step records"),
    DOES("step", "measure", measure, "batch step unit part dimension value",
         "a dimension of a unit, as the gauge shows it"),
    DOES("step", "check", judge_check, "batch step unit check good",
         "a check that is no dimension, of unit 7 or of 1-6: good or bad; unit 0 is the batch"),
    DOES_WITH("step", "pass", leave_step, "batch step units", "outcome", "pass",
              "units are done here and go on"),
    DOES("step", "leave", leave_step, "batch step units outcome",
         "units leave by this outcome: pass, rework, reject, quarantine"),
    DOES("step", "sign", sign_gate, "batch step outcome", "a signature at a gate"),
    DOES("step", "dispose", dispose_unit, "batch unit to reason",
         "what becomes of a unit in quarantine"),
    DOES("step", "resume", resume_sampling, "product step reason",
         "the cause of a discontinued inspection was found and removed"),

    LOOKS("lot", "list", "", list_lots, "the lots, and which are on hold"),
    DOES("lot", "receive", receive_lot, "lot what", "a lot of a material or an item comes in"),

    LOOKS("people", "list", "", list_people, "who may do what"),
    DOES("people", "admit", admit_person, "person roles",
         "somebody works here now, or has other roles (operator,quality,planner,admin, a spec's "
         "own)"),
    DOES("people", "dismiss", dismiss_person, "person reason",
         "somebody may do nothing any more; what they did stays"),

    DOES("parcel", "pack", pack_units, "parcel order line batch units",
         "finished units of an order's line go into a parcel"),
    DOES("parcel", "unpack", unpack_units, "parcel batch units reason", "and come out again"),
    DOES("parcel", "ship", ship_parcel, "parcel carrier", "it is handed over"),
    DOES("parcel", "assign", assign_units, "batch units order line",
         "finished units from stock are for an order's line"),

    {"issue", "list", MESSAGE_COUNT, "",
     "what went wrong, why, and what was done; the open ones first", NULL, NULL, list_issues,
     issue_options, ISSUE_OPTION_COUNT, issue_options_help},
    DOES("issue", "open", open_issue, "issue product what",
         "something went otherwise than it should"),
    DOES("issue", "answer", answer_issue, "issue cause action",
         "why it did, and what is done about it"),
    DOES("issue", "close", close_issue, "issue reason", "it is settled"),

    DOES("approve", "", approve_sample, "product name", "a signature under the sample"),
};
const int action_count = (int)(sizeof action_rows / sizeof *action_rows);
