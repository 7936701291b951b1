#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>

const char *const printer_state_words[PRINTER_STATE_COUNT] = {
    "offline", "unknown",  "idle",      "starting", "printing",
    "paused",  "finished", "cancelled", "error",    "attention"};

const struct protocol *protocol_find(const char *name)
{
    static const struct protocol *const rows[] = {&protocol_octoprint, &protocol_moonraker,
                                                  &protocol_prusalink};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
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
