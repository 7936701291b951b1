/* Every verb that is a command, action by action. */
#include "flowd/actions.h"

#include "flowd/draw.h"
#include "flowd/paper.h"
#include "flowd/records.h"
#include "flowd/secrets.h"
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
    {"batch", "draw", MESSAGE_COUNT, "BATCH --part PART [--sku SKU]",
     "a part as its batch's spec has it, from its model: SVG", NULL, NULL, draw_part, draw_options,
     DRAW_OPTION_COUNT, NULL},
    {"batch", "traveler", MESSAGE_COUNT, "BATCH [-o FILE.pdf]", "the page that goes along with it",
     NULL, NULL, print_traveler, paper_options, 1, NULL},
    {"batch", "labels", MESSAGE_COUNT, "BATCH [--units 1-6] [--to PRINTER]",
     "a label of each unit: PDF, or ZPL to a label printer", NULL, NULL, print_labels,
     paper_options, PAPER_OPTION_COUNT, paper_options_help},
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

    LOOKS("reorder", "check", "ORDER [LINE]", check_reorder,
          "what of an order was shipped before, and what would be made otherwise"),
    DOES("reorder", "accept", accept_lane, "product lane reason",
         "what differs is wanted: repeats of the product go on"),

    LOOKS("job", "list", "", list_jobs, "plates that are to be printed, and how far each is"),
    LOOKS("job", "show", "JOB", show_job,
          "one of them; where it waits: for what, printer by printer"),
    DOES("job", "queue", queue_job, "job batch step",
         "a plate is to be printed (unsaid: the only SKU, the step's `plate` and `gcode`; --parts "
         "hook=12,cap=24)"),
    DOES("job", "add", add_to_job, "job batch step", "parts of another batch on the same plate"),
    DOES("job", "start", begin_attempt, "job printer machine",
         "somebody has begun it by hand, at a machine without a wire"),
    DOES("job", "end", end_attempt, "job outcome",
         "how it ended: finished, failed, not_started; what nobody else knows (--reason)"),
    DOES("job", "requeue", requeue_job, "job reason", "what was set aside is tried again"),
    DOES("job", "cancel", cancel_job, "job reason", "it is not printed"),

    DOES("plan", "hold", hold_work, "reason",
         "a batch (--batch B), or a line (--order O --line L), stays out of the plan"),
    DOES("plan", "free", free_work, "", "it is planned again"),
    DOES("plan", "rank", rank_work, "rank",
         "it is made before all that has a larger rank, or none (0), whatever is due"),
    DOES("plan", "pin", pin_batch, "batch printer", "all its plates are for this printer"),
    DOES_WITH("plan", "unpin", pin_batch, "batch", "printer", "", "they are for any again"),
    DOES("plan", "split", split_batch, "batch into count",
         "its last so many units, of which nothing has begun, become a batch of their own"),

    DOES("printers", "empty", empty_plate, "printer", "somebody has seen its plate empty"),
    DOES("printers", "load", load_slot, "printer slot material",
         "what is loaded there (--lot SP-1 --grams 740)"),
    DOES("printers", "out", take_out, "printer reason", "it gets no jobs any more"),
    DOES("printers", "back", put_back, "printer reason", "it gets jobs again"),
    DOES_WITH("printers", "pause", order_printer, "printer", "order", "pause",
              "what it prints for us is paused"),
    DOES_WITH("printers", "resume", order_printer, "printer", "order", "resume", "and goes on"),
    DOES_WITH("printers", "cancel", order_printer, "printer reason", "order", "cancel",
              "what it prints for us is cancelled"),

    LOOKS("people", "list", "", list_people, "who may do what"),
    DOES("people", "admit", admit_person, "person roles",
         "somebody works here now, or has other roles (operator,quality,planner,admin, a spec's "
         "own)"),
    LOOKS("people", "pin", "PERSON", set_pin,
          "the PIN for a trusted tablet: typed, or a line of standard input; an empty one takes it "
          "back"),
    LOOKS("people", "password", "PERSON", set_password,
          "the password by which somebody signs in elsewhere, typed like the PIN"),
    DOES("people", "dismiss", dismiss_person, "person reason",
         "somebody may do nothing any more; what they did stays"),

    {"parcel", "label", MESSAGE_COUNT, "PARCEL [--to PRINTER]",
     "its label: PDF, or ZPL to a label printer", NULL, NULL, print_parcel_label, paper_options,
     PAPER_OPTION_COUNT, NULL},
    LOOKS("parcel", "printers", "", list_label_printers, "the label printers of the shop"),
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
