/* The command line's way to a server that runs on the shop's folder: its API, over flowd.socket. Whoever may open that
   socket owns the folder, and is believed whom he acts for. */
#ifndef FLOW_STATION_CLIENT_H
#define FLOW_STATION_CLIENT_H

#include "base/buffer.h"
#include "shop/shop.h"

struct client;

/* Of the shop in a folder, for a person. NULL with a failure: no server runs there. */
struct client *client_open(const char *folder, const char *person, struct failure *failure);
void client_close(struct client *client); /* NULL is fine */

/* As shop_do: true where it was answered, accepted or refused. `id` NULL: one is made. */
bool client_do(struct client *client, const char *id, const struct message *command,
               struct answer *answer, struct failure *failure);

/* GET of a path below /api/v1 ("/batches/B-1"); adds what was answered to `body`. False with a failure, which for an answer
   that is no success has the server's own words. */
bool client_get(struct client *client, const char *path, struct buffer *body,
                struct failure *failure);
/* POST of bytes of a media type, likewise; what the rules refuse is no failure, but in `answer`, which else says `accepted`. */
bool client_post(struct client *client, const char *path, const char *type, const char *bytes,
                 size_t length, struct buffer *body, struct answer *answer,
                 struct failure *failure);

/* A UUID of version 7: time and chance. */
void client_new_id(char id[COMMAND_ID_LENGTH + 1]);

/* Adds a name as part of a path: what is special is escaped. */
void client_add_escaped(struct buffer *path, const char *name);

#endif
