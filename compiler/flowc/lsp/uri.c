#include "flowc/lsp/uri.h"

#include "base/buffer.h"
#include "base/file.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

static char *decoded(struct arena *arena, const char *text)
{
    char *copy = arena_copy_text(arena, text, strlen(text)), *to = copy;
    for (const char *at = text; *at; at++) {
        int high = *at == '%' ? hex_value(at[1]) : -1;
        int low = high >= 0 ? hex_value(at[2]) : -1;
        bool byte = low >= 0 && (high || low); /* a NUL ends no path */
        *to++ = (char)(byte ? high << 4 | low : *at);
        at += byte ? 2 : 0;
    }
    *to = 0;
    return copy;
}

char *uri_path(struct arena *arena, const char *uri)
{
    if (!uri || !*uri)
        return NULL;
    if (strncasecmp(uri, "file://", 7) != 0)
        return arena_printf(arena, "/%s", uri);
    const char *path = strchr(uri + 7, '/'); /* behind the name of a host, which is ours */
    return path ? path_join(arena, "/", decoded(arena, path)) : NULL;
}

char *path_uri(struct arena *arena, const char *path)
{
    struct buffer text = {0};
    buffer_add_text(&text, "file://");
    for (const char *at = path; *at; at++)
        if (isalnum((unsigned char)*at) || strchr("-._~/", *at))
            buffer_add_char(&text, *at);
        else
            buffer_addf(&text, "%%%02X", (unsigned char)*at);
    char *uri = arena_copy_text(arena, text.text, text.length);
    buffer_free(&text);
    return uri;
}
