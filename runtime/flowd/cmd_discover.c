/* `flowd discover`: printers that announce themselves in the network, and what farm.yaml wants of them. */
#include "flowd/flowd.h"
#include "flowd/views.h"
#include "printers/discover.h"
#include "printers/protocol.h"

#include "base/memory.h"
#include "cost/grid.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS_UNSAID = 5, SECONDS_AT_MOST = 600 };

/* What a protocol needs in farm.yaml besides the address: a key, for a file's name, and what is in the file. */
static const struct {
    const char *protocol, *key, *file; /* NULL: one of the printer's own */
    const char *what;
} secrets[] = {
    {"octoprint", "key_file", NULL, "a user's key of OctoPrint"},
    {"prusalink", "password_file", NULL, "PrusaLink's password, from the printer's menu"},
    {"bambu", "access_code_file", NULL, "the access code, from the printer's menu"},
    {"bambu", "certificate_file", "bambu.pem", "the certificate of whoever signed the printer's"},
};

/* "http://192.168.1.20:5000/octoprint"; of a printer that has no web server its address alone. */
static const char *address_of(const struct found *found, struct arena *arena)
{
    if (*found->serial)
        return found->address;
    const char *port =
        found->port && found->port != 80 ? arena_printf(arena, ":%u", found->port) : "";
    return arena_printf(arena, "http://%s%s%s", found->address, port,
                        strcmp(found->path, "/") == 0 ? "" : found->path);
}

/* ---- names in farm.yaml: of the host, where there is one ---- */

static size_t name_length(const struct found *found)
{
    return *found->host ? strcspn(found->host, ".") : strlen(found->announced);
}

static const char *plain_name(const struct found *found, struct arena *arena)
{
    const char *from = *found->host ? found->host : found->announced;
    char *name = arena_copy_text(arena, from, name_length(found));
    size_t kept = 0;
    for (const char *at = name; *at; at++)
        if (isalnum((unsigned char)*at))
            name[kept++] = (char)tolower((unsigned char)*at);
        else if (kept && name[kept - 1] != '-')
            name[kept++] = '-';
    while (kept && name[kept - 1] == '-')
        kept--;
    name[kept] = '\0';
    return kept ? name : found->protocol;
}

static bool is_taken(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static const char **name_all(const struct discovery *discovery, struct arena *arena)
{
    const char **names = ARENA_ARRAY(arena, const char *, (size_t)discovery->count + 1);
    for (int i = 0; i < discovery->count; i++) {
        const char *plain = plain_name(&discovery->found[i], arena);
        names[i] = plain;
        for (int number = 2; is_taken(names, i, names[i]); number++)
            names[i] = arena_printf(arena, "%s-%d", plain, number);
    }
    return names;
}

/* ---- showing ---- */

static void add_table(struct buffer *out, const struct discovery *discovery,
                      const char *const *names, struct arena *arena)
{
    static const char *const heading[] = {"printer", "protocol", "address", "model",
                                          "announced as"};
    enum { COLUMNS = sizeof heading / sizeof *heading };
    struct grid grid = {.arena = arena, .left = ~0u};

    grid_row(&grid, false);
    for (int i = 0; i < COLUMNS; i++)
        grid_cell(&grid, heading[i]);
    for (int i = 0; i < discovery->count; i++) {
        const struct found *found = &discovery->found[i];
        const char *const cells[COLUMNS] = {names[i], found->protocol, address_of(found, arena),
                                            found->model, found->announced};
        grid_row(&grid, false);
        for (int k = 0; k < COLUMNS; k++)
            grid_cell(&grid, cells[k]);
    }
    grid_print(out, &grid, color_wanted(false));
}

static void add_farm_lines(struct buffer *out, const struct found *found, const char *name,
                           struct arena *arena)
{
    buffer_addf(out, "  %s:\n", name);
    buffer_addf(out, "    # machine: which machine of the specs it is\n");
    buffer_addf(out, "    protocol: %s\n    address: %s\n", found->protocol,
                address_of(found, arena));
    if (*found->serial)
        buffer_addf(out, "    serial: \"%s\"\n", found->serial);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strcmp(secrets[i].protocol, found->protocol) == 0)
            buffer_addf(out, "    %s: %s%s # %s\n", secrets[i].key,
                        secrets[i].file ? "" : "secrets/", secrets[i].file ? secrets[i].file : name,
                        secrets[i].what);
}

static bool is_spoken(const struct found *found)
{
    return protocol_find(found->protocol) != NULL;
}

static void add_farm(struct buffer *out, const struct discovery *discovery,
                     const char *const *names, struct arena *arena)
{
    int spoken = 0;
    for (int i = 0; i < discovery->count; i++)
        spoken += is_spoken(&discovery->found[i]);
    if (spoken)
        buffer_add_text(out, "\nfor farm.yaml, of those that are yours:\n\nprinters:\n");
    for (int i = 0; i < discovery->count; i++)
        if (is_spoken(&discovery->found[i]))
            add_farm_lines(out, &discovery->found[i], names[i], arena);
}

static int show(const struct discovery *discovery, const char *const *names, struct arena *arena)
{
    struct buffer out = {0};
    if (!discovery->count) {
        buffer_add_text(&out, "no printer announced itself; those in other networks, and those "
                              "that keep silent, are\nwritten into farm.yaml by their address "
                              "(docs/printers.md)\n");
    } else {
        add_table(&out, discovery, names, arena);
        add_farm(&out, discovery, names, arena);
    }
    bool good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int show_json(const struct discovery *discovery, const char *const *names,
                     struct arena *arena)
{
    json_t *rows = json_array();
    for (int i = 0; i < discovery->count; i++) {
        const struct found *found = &discovery->found[i];
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "printer",
                                              names[i], "protocol", found->protocol, "address",
                                              address_of(found, arena), "host", found->host,
                                              "model", found->model, "serial", found->serial,
                                              "announced", found->announced));
    }
    return print_json(rows);
}

/* ---- the verb ---- */

static int find_printers(int seconds, bool json)
{
    struct discovery *discovery = memory_zeroed(1, sizeof *discovery);
    struct arena arena = {0};
    struct failure failure;
    struct heard heard;
    int status = EXIT_ENVIRONMENT;

    if (!discover(discovery, seconds, &heard, &failure)) {
        complain("%s", failure.message);
    } else {
        if (heard.notes_missed)
            complain("another program listens for Bambu Lab printers: they are left out until it "
                     "is closed");
        const char **names = name_all(discovery, &arena);
        status = json ? show_json(discovery, names, &arena) : show(discovery, names, &arena);
    }
    arena_free(&arena);
    free(discovery);
    return status;
}

int cmd_discover(int argc, char **argv)
{
    const struct verb *verb = verb_find("discover");
    const char *said = NULL;
    bool json = false, done = false;
    const struct option_row options[] = {{"--seconds", true, &said, NULL},
                                         {"--json", false, NULL, &json}};
    int count = options_read(argc, argv, verb, options, 2, &done), seconds = SECONDS_UNSAID;

    if (done || count < 0)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count > 0)
        return usage_error(verb, "it takes no argument: %s", argv[1]);
    if (said) {
        size_t digits = strspn(said, "0123456789");
        seconds = digits && digits <= 3 && !said[digits] ? atoi(said) : 0;
        if (seconds < 1 || seconds > SECONDS_AT_MOST)
            return usage_error(verb, "--seconds is a whole number, 1 to 600");
    }
    return find_printers(seconds, json);
}
