#include "printers/picture.h"

#include <stdio.h>
#include <string.h>

/* ---- where it is ---- */

/* "http://host:port/...": where its parts end. */
struct parts {
    size_t host, port, path; /* where each begins; the path is the rest */
};

/* False where it is no such address. */
static bool take_apart(const char *address, struct parts *parts)
{
    parts->host = strncmp(address, "http://", 7) == 0    ? 7
                  : strncmp(address, "https://", 8) == 0 ? 8
                                                         : 0;
    const char *host = address + parts->host;
    size_t name = *host == '[' ? strcspn(host, "]/?#") : 0; /* IPv6 has colons */
    parts->port = parts->host + name + strcspn(host + name, ":/?#");
    parts->path = parts->port + strcspn(address + parts->port, "/?#");
    return parts->host > 0;
}

static bool is_host(const char *address, const struct parts *parts, const char *name, size_t length)
{
    return parts->port - parts->host == length && strncmp(address + parts->host, name, length) == 0;
}

static bool is_loopback(const char *address, const struct parts *parts)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_host(address, parts, names[i], strlen(names[i])))
            return true;
    return false;
}

/* A part of an address, for "%.*s". */
#define PART(address, from, to) (int)((to) - (from)), (address) + (from)

bool picture_place(const struct farm_printer *printer, const char *camera,
                   struct picture_place *place, struct failure *failure)
{
    const char *own = printer->address;
    struct parts at, its;
    *place = (struct picture_place){.is_server = true};
    if (printer->camera)
        camera = printer->camera;
    bool has_server = take_apart(own, &its);
    if (!*camera || (!printer->camera && !has_server))
        return fail(failure,
                    "no camera is known of %s; if it has one, write `camera: ADDRESS` "
                    "below it in farm.yaml, of a single picture",
                    printer->name);
    if (*camera == '/') {
        /* Moonraker's own port has no pictures: its host's pages have them. */
        place->is_server = printer->protocol != &protocol_moonraker;
        snprintf(place->address, sizeof place->address, "%.*s",
                 PART(own, 0, place->is_server ? its.path : its.port));
        snprintf(place->path, sizeof place->path, "%s", camera);
        return true;
    }
    if (!take_apart(camera, &at))
        return fail(failure, "%s says that its camera is at %.100s, which is no address",
                    printer->name, camera);
    bool same = has_server && is_host(camera, &at, own + its.host, its.port - its.host);
    if (!printer->camera && !same && !is_loopback(camera, &at))
        return fail(failure,
                    "%s says that its camera is at %.*s, another machine; if that is so, write "
                    "`camera: %.200s` below it in farm.yaml",
                    printer->name, PART(camera, at.host, at.port), camera);
    bool its_own = !printer->camera && !same; /* as that machine calls itself */
    snprintf(
        place->address, sizeof place->address, "%.*s%.*s%.*s", PART(camera, 0, at.host),
        PART(its_own ? own : camera, its_own ? its.host : at.host, its_own ? its.port : at.port),
        PART(camera, at.port, at.path));
    snprintf(place->path, sizeof place->path, "%s%s", camera[at.path] == '/' ? "" : "/",
             camera + at.path);
    place->is_server = has_server && strlen(place->address) == its.path &&
                       strncmp(place->address, own, its.path) == 0;
    return true;
}

/* ---- what came ---- */

const char *picture_kind(const char *bytes, size_t length)
{
    static const struct {
        const char *kind, *begins;
        size_t length;
    } kinds[] = {{"jpg", "\xFF\xD8\xFF", 3}, {"png", "\x89PNG\r\n\x1A\n", 8}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (length > kinds[i].length && memcmp(bytes, kinds[i].begins, kinds[i].length) == 0)
            return kinds[i].kind;
    bool webp = length > 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
    return webp ? "webp" : NULL;
}
