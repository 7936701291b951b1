/* Talking to printers stands on libcurl: it is in the module of the server. This is the door to it, like station.c. */
#include "printers/driver.h"
#include "program/modules.h"

#include <stdio.h>
#include <stdlib.h>

static struct module station = {"flow_station.so", "talks to printers", NULL};

/* For what cannot fail: a driver is open, so the module was. */
static void find(const char *name, void *function)
{
    struct failure failure;
    if (module_find(&station, name, function, &failure))
        return;
    fprintf(stderr, "flowd: %s\n", failure.message);
    exit(3);
}

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
    find("driver_close", &close);
    close(driver);
}

void driver_turn(struct driver *driver, int wait_ms)
{
    static void (*turn)(struct driver *, int);
    if (!turn)
        find("driver_turn", &turn);
    turn(driver, wait_ms);
}

const struct printer_report *driver_report(const struct driver *driver, int printer)
{
    const struct printer_report *(*report)(const struct driver *, int);
    find("driver_report", &report);
    return report(driver, printer);
}

bool driver_has_heard(const struct driver *driver, int printer)
{
    bool (*has_heard)(const struct driver *, int);
    find("driver_has_heard", &has_heard);
    return has_heard(driver, printer);
}

int driver_status(const struct driver *driver, int printer)
{
    int (*status)(const struct driver *, int);
    find("driver_status", &status);
    return status(driver, printer);
}
