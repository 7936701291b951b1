#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>

const char *const printer_state_words[PRINTER_STATE_COUNT] = {
    "offline", "unknown",  "idle",      "starting", "printing",
    "paused",  "finished", "cancelled", "error",    "attention"};

const struct printer_report unreported = {
    .state = PRINTER_UNKNOWN, .progress = -1, .remaining_s = -1};

bool report_has(const struct printer_report *report, const char *name)
{
    const char *slash = strrchr(report->file, '/');
    return strcmp(slash ? slash + 1 : report->file, name) == 0;
}

bool printer_works(enum printer_state state)
{
    return state == PRINTER_STARTING || state == PRINTER_PRINTING || state == PRINTER_PAUSED ||
           state == PRINTER_ATTENTION;
}

bool printer_answers(enum printer_state state)
{
    return state != PRINTER_OFFLINE && state != PRINTER_UNKNOWN;
}
const struct protocol protocol_manual = {.name = "manual"};

const struct protocol *const protocols[PROTOCOLS] = {&protocol_octoprint, &protocol_moonraker,
                                                     &protocol_prusalink, &protocol_bambu,
                                                     &protocol_manual};

const struct protocol *protocol_find(const char *name)
{
    for (int i = 0; i < PROTOCOLS; i++)
        if (strcmp(protocols[i]->name, name) == 0)
            return protocols[i];
    return NULL;
}

void call_add_escaped(struct call *call, const char *name)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t at = strlen(call->path);
    for (; *name && at + 4 < sizeof call->path; name++)
        at += (size_t)snprintf(call->path + at, sizeof call->path - at,
                               strchr(plain, *name) ? "%c" : "%%%02X", (unsigned char)*name);
}

void call_part(struct call_part *parts, const char *name, const char *value)
{
    int at = 0;
    while (parts[at].name)
        at++;
    parts[at].name = name;
    snprintf(parts[at].value, sizeof parts[at].value, "%s", value);
}
