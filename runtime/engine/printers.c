/* Printers as people and the farm see them: what lies on the plate, what is loaded, whether they are in use. */
#include "engine/deciding.h"

#include <string.h>

bool decide_empty_plate(struct deciding *at)
{
    const struct empty_plate *asked = &at->command->empty_plate;
    const struct printer *printer = state_printer(at->state, asked->printer);

    if (!is_name(at, "a printer", asked->printer))
        return false;
    if (printer && printer->job)
        return refuse(at, "%s has job %s", printer->name, printer->job->name);
    if (printer && printer->plate_empty)
        return true;
    happens_as_asked(at, EVENT_plate_emptied);
    return true;
}

bool decide_fill_plate(struct deciding *at)
{
    const struct fill_plate *asked = &at->command->fill_plate;
    const struct printer *printer = state_printer(at->state, asked->printer);

    if (!is_name(at, "a printer", asked->printer))
        return false;
    if (!*asked->holds)
        return refuse(at, "say what lies there");
    if (!printer || printer->job || !printer->plate_empty)
        return true; /* it is no empty plate anyway */
    happens_as_asked(at, EVENT_plate_filled);
    return true;
}

bool decide_load_slot(struct deciding *at)
{
    const struct load_slot *asked = &at->command->load_slot;
    const struct lot *lot = *asked->lot ? state_lot(at->state, asked->lot) : NULL;

    if (!is_name(at, "a printer", asked->printer) || !is_name(at, "a material", asked->material))
        return false;
    if (asked->slot < 1 || asked->slot > 64)
        return refuse(at, "slots are numbered from 1 to 64");
    if (*asked->lot && !lot)
        return refuse(at, "there is no lot %s; receive it first", asked->lot);
    if (lot && strcmp(lot->what, asked->material) != 0)
        return refuse(at, "lot %s is of %s", lot->name, lot->what);
    if (lot && lot->held)
        return refuse(at, "lot %s is on hold", lot->name);
    if (*asked->grams && read_grams(asked->grams) < 0)
        return refuse(at, "grams are written 740 or 740.5, not %.40s", asked->grams);
    happens_as_asked(at, EVENT_slot_loaded);
    return true;
}

/* A printer that is there, and a reason; refuses and returns NULL where not. */
static const struct printer *known_printer(struct deciding *at, const char *name,
                                           const char *reason)
{
    const struct printer *printer = state_printer(at->state, name);
    if (!printer)
        refuse(at, "nothing is known of a printer %s yet; say that its plate is empty", name);
    else if (!*reason)
        refuse(at, "say why: the record keeps it");
    else
        return printer;
    return NULL;
}

bool decide_take_out(struct deciding *at)
{
    const struct take_out *asked = &at->command->take_out;
    const struct printer *printer = known_printer(at, asked->printer, asked->reason);

    if (!printer)
        return false;
    if (!printer->out)
        happens_as_asked(at, EVENT_printer_taken_out);
    return true;
}

bool decide_put_back(struct deciding *at)
{
    const struct put_back *asked = &at->command->put_back;
    const struct printer *printer = known_printer(at, asked->printer, asked->reason);

    if (!printer)
        return false;
    if (printer->out)
        happens_as_asked(at, EVENT_printer_put_back);
    return true;
}

bool decide_order_printer(struct deciding *at)
{
    static const char *const orders[] = {"pause", "resume", "cancel"};
    const struct order_printer *asked = &at->command->order_printer;
    const struct printer *printer = state_printer(at->state, asked->printer);
    size_t i = 0;

    while (i < sizeof orders / sizeof *orders && strcmp(orders[i], asked->order) != 0)
        i++;
    if (i == sizeof orders / sizeof *orders)
        return refuse(at, "a printer is ordered to pause, resume or cancel");
    if (!printer || !printer->job)
        return refuse(at, "%s has no job of ours", asked->printer);
    if (printer->job->by_hand)
        return refuse(at, "job %s was begun by hand: say how it ends", printer->job->name);
    if (strcmp(asked->order, "cancel") == 0 && !*asked->reason)
        return refuse(at, "say why: the record keeps it");
    happens_as_asked(at, EVENT_printer_ordered);
    return true;
}

bool decide_report_stop(struct deciding *at)
{
    const struct report_stop *asked = &at->command->report_stop;
    const struct printer *printer = state_printer(at->state, asked->printer);

    if (!printer || !printer->job || printer->job->stage != JOB_PRINTING)
        return refuse(at, "%s has no print of ours", asked->printer);
    if (printer->told_to_pause || printer->asks)
        return true; /* that is known */
    struct message *event = happens(at, EVENT_print_stopped);
    event->print_stopped.job = printer->job->name;
    event->print_stopped.printer = printer->name;
    event->print_stopped.percent = asked->percent;
    return true;
}
