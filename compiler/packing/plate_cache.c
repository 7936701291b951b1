/* Written beside its place and renamed, so that whoever reads sees all of it or nothing. Not read by base/file.h: what is kept
   here is no input of a compilation, which comes to the same without it. */
#include "packing/plate_cache.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_AT_MOST = 1 << 20 };

static bool folder_of(char folder[4096])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (cache && cache[0] == '/')
        length = snprintf(folder, 4096, "%s/flowc/plates", cache);
    else if (home && home[0] == '/')
        length = snprintf(folder, 4096, "%s/.cache/flowc/plates", home);
    return length > 0 && length < 4096;
}

/* "3 12 24 end\n": the last word says that it is whole. */
static bool read_numbers(const char *text, uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char *end;
        unsigned long number = strtoul(text, &end, 10);
        if (end == text || number > UINT32_MAX)
            return false;
        numbers[i] = (uint32_t)number;
        text = end;
    }
    return strcmp(text, " end\n") == 0;
}

bool plate_cache_get(const char *key, uint32_t *numbers, uint32_t count)
{
    static const size_t at_most = FILE_AT_MOST;
    char folder[4096], path[4200];
    if (!folder_of(folder))
        return false;
    snprintf(path, sizeof path, "%s/%s", folder, key);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char *text = memory_alloc(at_most + 1);
    size_t length = fread(text, 1, at_most, file);
    text[length] = '\0';
    bool whole = !ferror(file) && read_numbers(text, numbers, count);
    fclose(file);
    free(text);
    return whole;
}

void plate_cache_put(const char *key, const uint32_t *numbers, uint32_t count)
{
    char folder[4096], temporary[4224], path[4200];
    struct failure failure;
    struct buffer text = {0};
    if (!folder_of(folder) || !folder_create(folder, &failure))
        return;
    for (uint32_t i = 0; i < count; i++)
        buffer_addf(&text, i ? " %u" : "%u", numbers[i]);
    buffer_add_text(&text, " end\n");
    snprintf(path, sizeof path, "%s/%s", folder, key);
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int descriptor = mkstemp(temporary);
    if (descriptor >= 0) {
        bool whole = write(descriptor, text.text, text.length) == (ssize_t)text.length;
        whole &= close(descriptor) == 0;
        if (!whole || rename(temporary, path) != 0)
            unlink(temporary);
    }
    buffer_free(&text);
}
