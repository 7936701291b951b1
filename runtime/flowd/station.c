/* The server and the way to it stand on libraries that take long to load: a module beside the program. This is its door:
   each function calls the one of the same name there. */
#include "program/modules.h"
#include "station/client.h"
#include "station/secrets.h"
#include "station/server.h"
#include "station/tokens.h"

static struct module station = {"flow_station.so", "serves and asks", NULL};

struct server *server_open(struct workshop *shop, const struct server_options *options,
                           struct failure *failure)
{
    struct server *(*open)(struct workshop *, const struct server_options *, struct failure *);
    return module_find(&station, "server_open", &open, failure) ? open(shop, options, failure)
                                                                : NULL;
}

const char *server_address(const struct server *server)
{
    const char *(*address)(const struct server *);
    module_need(&station, "server_address", &address);
    return address(server);
}

void server_run(struct server *server)
{
    void (*run)(struct server *);
    module_need(&station, "server_run", &run);
    run(server);
}

void server_close(struct server *server)
{
    void (*close)(struct server *);
    module_need(&station, "server_close", &close);
    close(server);
}

struct client *client_open(const char *folder, const char *person, struct failure *failure)
{
    struct client *(*open)(const char *, const char *, struct failure *);
    return module_find(&station, "client_open", &open, failure) ? open(folder, person, failure)
                                                                : NULL;
}

void client_close(struct client *client)
{
    void (*close)(struct client *);
    if (!client)
        return;
    module_need(&station, "client_close", &close);
    close(client);
}

bool client_do(struct client *client, const char *id, const struct message *command,
               struct answer *answer, struct failure *failure)
{
    bool (*do_it)(struct client *, const char *, const struct message *, struct answer *,
                  struct failure *);
    module_need(&station, "client_do", &do_it);
    return do_it(client, id, command, answer, failure);
}

bool client_get(struct client *client, const char *path, struct buffer *body,
                struct failure *failure)
{
    bool (*get)(struct client *, const char *, struct buffer *, struct failure *);
    module_need(&station, "client_get", &get);
    return get(client, path, body, failure);
}

bool client_post(struct client *client, const char *path, const char *type, const char *bytes,
                 size_t length, struct buffer *body, struct answer *answer, struct failure *failure)
{
    bool (*post)(struct client *, const char *, const char *, const char *, size_t, struct buffer *,
                 struct answer *, struct failure *);
    module_need(&station, "client_post", &post);
    return post(client, path, type, bytes, length, body, answer, failure);
}

void client_add_escaped(struct buffer *path, const char *name)
{
    void (*add)(struct buffer *, const char *);
    module_need(&station, "client_add_escaped", &add);
    add(path, name);
}

void token_make(char text[TOKEN_LENGTH + 1])
{
    void (*make)(char *);
    module_need(&station, "token_make", &make);
    make(text);
}

void token_hash(const char *text, char hex[TOKEN_HASH_DIGITS + 1])
{
    void (*hash)(const char *, char *);
    module_need(&station, "token_hash", &hash);
    hash(text, hex);
}

bool secret_hash(enum secret_kind kind, const char *text, char hash[SECRET_HASH_SIZE],
                 struct failure *failure)
{
    bool (*make)(enum secret_kind, const char *, char *, struct failure *);
    return module_find(&station, "secret_hash", &make, failure) && make(kind, text, hash, failure);
}
