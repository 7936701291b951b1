#include "trace/record_zone.h"

#include "base/file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo/"

static char current[80] = "UTC";

/* "+05:30" as TZ writes it: with its sign turned round, for there it is what UTC is ahead of. */
static bool is_offset(const char *name, char tz[64])
{
    bool digits = (*name == '+' || *name == '-') && isdigit((unsigned char)name[1]) &&
                  isdigit((unsigned char)name[2]);
    bool minutes = digits && name[3] == ':' && isdigit((unsigned char)name[4]) &&
                   isdigit((unsigned char)name[5]) && !name[6];
    if (!digits || (!minutes && name[3]))
        return false;
    snprintf(tz, 64, "<zone>%c%.5s", *name == '+' ? '-' : '+', name + 1);
    return true;
}

/* A zone's name is a path below the machine's zones, and nothing else. */
static bool is_zone(const char *name)
{
    char path[160];
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("/_+-", *c))
            return false;
    if (!*name || *name == '/' || strlen(name) > 64)
        return false;
    snprintf(path, sizeof path, ZONES "%s", name);
    return strcmp(name, "UTC") == 0 || file_exists(path);
}

/* What the machine goes by: a link into its zones; "UTC" where there is none. */
static const char *machine_zone(char link[160])
{
    ssize_t length = readlink("/etc/localtime", link, 159);
    if (length <= 0)
        return "UTC";
    link[length] = '\0';
    const char *name = strstr(link, "zoneinfo/");
    bool plain = !name || strcmp(name, "zoneinfo/Etc/UTC") == 0;
    return plain ? "UTC" : name + strlen("zoneinfo/");
}

bool zone_set(const char *name, struct failure *failure)
{
    char tz[64], link[160];
    bool said = name != NULL;
    if (!name) {
        name = getenv("TZ");
        name = name ? name + (*name == ':') : machine_zone(link);
        name = *name ? name : "UTC";
    }
    bool offset = is_offset(name, tz);
    if (!offset && !is_zone(name)) {
        if (said)
            return fail(failure,
                        "there is no time zone %s; say one as Europe/Berlin, UTC or +01:00", name);
        name = "UTC"; /* as the C library reads a TZ it does not know */
    }
    snprintf(current, sizeof current, "%s", name);
    setenv("TZ", offset ? tz : name, 1);
    tzset();
    return true;
}

const char *zone_name(void)
{
    return current;
}

static void add_offset(struct buffer *out, long offset_s, bool whole)
{
    long minutes = labs(offset_s) / 60;
    buffer_addf(out, "%c%02ld", offset_s < 0 ? '-' : '+', minutes / 60);
    if (whole || minutes % 60)
        buffer_addf(out, ":%02ld", minutes % 60);
}

void zone_print(struct buffer *out, int64_t time_ms, enum zone_form form)
{
    int64_t ms = ((time_ms % 1000) + 1000) % 1000;
    time_t seconds = (time_t)((time_ms - ms) / 1000);
    struct tm at;
    if (!localtime_r(&seconds, &at)) { /* a year beyond an int */
        buffer_addf(out, "%lld ms", (long long)time_ms);
        return;
    }
    buffer_addf(out, "%04d-%02d-%02d", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday);
    if (form != ZONE_DAY)
        buffer_addf(out, "%c%02d:%02d", form == ZONE_EXACT ? 'T' : ' ', at.tm_hour, at.tm_min);
    if (form == ZONE_EXACT || form == ZONE_SECONDS)
        buffer_addf(out, ":%02d", at.tm_sec);
    if (form == ZONE_EXACT)
        buffer_addf(out, ".%03d", (int)ms);
    if (form == ZONE_SECONDS || form == ZONE_MINUTES)
        buffer_add_char(out, ' ');
    if (form != ZONE_DAY)
        add_offset(out, at.tm_gmtoff, form == ZONE_EXACT);
}
