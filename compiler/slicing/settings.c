#include "slicing/settings.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { SETTINGS_AT_MOST = 16 << 20 };

/* A nozzle an extruder, with commas between; of a thing that is said twice the last holds. */
static int extruders_in(const char *text)
{
    static const char key[] = "nozzle_diameter";
    int count = 1;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *at = line + strspn(line, " \t");
        if (strncmp(at, key, sizeof key - 1) != 0)
            continue;
        at += sizeof key - 1;
        at += strspn(at, " \t");
        if (*at != '=')
            continue;
        count = 1;
        for (; *at && *at != '\n'; at++)
            count += *at == ',';
    }
    return count;
}

int settings_extruders(const char *path, struct failure *failure)
{
    char *text;
    size_t length;
    if (file_read(path, SETTINGS_AT_MOST, &text, &length, failure) != FILE_OK)
        return 0;
    int count = extruders_in(text);
    free(text);
    return count;
}
