/* Talking to printers stands on libcurl: it is in the module of the server. This is the door to it, like station.c. */
#include "printers/driver.h"
#include "printers/inquiry.h"
#include "program/modules.h"

static struct module station = {"flow_station.so", "talks to printers", NULL};

struct driver *driver_open(const struct farm *farm, const struct listener *listener, int poll_ms,
                           struct failure *failure)
{
    struct driver *(*open)(const struct farm *, const struct listener *, int, struct failure *);
    return module_find(&station, "driver_open", &open, failure)
               ? open(farm, listener, poll_ms, failure)
               : NULL;
}

void driver_close(struct driver *driver)
{
    void (*close)(struct driver *);
    if (!driver)
        return;
    module_need(&station, "driver_close", &close);
    close(driver);
}

int driver_turn(struct driver *driver, int wait_ms)
{
    static int (*turn)(struct driver *, int);
    if (!turn)
        module_need(&station, "driver_turn", &turn);
    return turn(driver, wait_ms);
}

const struct printer_report *driver_report(const struct driver *driver, int printer)
{
    const struct printer_report *(*report)(const struct driver *, int);
    module_need(&station, "driver_report", &report);
    return report(driver, printer);
}

bool driver_has_heard(const struct driver *driver, int printer)
{
    bool (*has_heard)(const struct driver *, int);
    module_need(&station, "driver_has_heard", &has_heard);
    return has_heard(driver, printer);
}

int driver_status(const struct driver *driver, int printer)
{
    int (*status)(const struct driver *, int);
    module_need(&station, "driver_status", &status);
    return status(driver, printer);
}

/* ---- single questions ---- */

struct inquiry *inquiry_open(const struct farm_printer *printer, struct failure *failure)
{
    struct inquiry *(*open)(const struct farm_printer *, struct failure *);
    return module_find(&station, "inquiry_open", &open, failure) ? open(printer, failure) : NULL;
}

void inquiry_close(struct inquiry *inquiry)
{
    void (*close)(struct inquiry *);
    if (!inquiry)
        return;
    module_need(&station, "inquiry_close", &close);
    close(inquiry);
}

const struct reply *inquiry_ask(struct inquiry *inquiry, const char *address,
                                const struct call *call)
{
    const struct reply *(*ask)(struct inquiry *, const char *, const struct call *);
    module_need(&station, "inquiry_ask", &ask);
    return ask(inquiry, address, call);
}
