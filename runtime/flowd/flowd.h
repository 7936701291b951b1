/* The program: one file a verb (cmd_NAME.c) and one row in main.c. */
#ifndef FLOW_FLOWD_FLOWD_H
#define FLOW_FLOWD_FLOWD_H

#include "program/program.h"
#include "shop/shop.h"
#include "station/client.h"

/* How a verb gets at the shop. Zero-initialise; DESK_OPTIONS fills it; close it in the end. */
struct desk {
    const char *folder; /* of the shop: --shop, else FLOW_SHOP, else this folder */
    const char *by;     /* who does it: --as, else FLOW_PERSON, else the login name */
    const char *id;     /* the command's UUID, so that it can be given twice; NULL: none */
    bool json;          /* answers and tables as JSON */
    struct workshop *shop;
    struct client *client; /* where a server has the journal, and commands go to it */
};

enum { DESK_OPTION_COUNT = 4 };
#define DESK_OPTIONS(desk)                                                                         \
    {"--shop", true, &(desk)->folder, NULL}, {"--as", true, &(desk)->by, NULL},                    \
        {"--id", true, &(desk)->id, NULL},                                                         \
    {                                                                                              \
        "--json", false, NULL, &(desk)->json                                                       \
    }
/* What they do, for a verb's help. */
#define DESK_HELP                                                                                  \
    "  --shop DIR      the shop (FLOW_SHOP, else this folder)\n"                                   \
    "  --json          for programs\n"
#define DESK_WRITE_HELP                                                                            \
    DESK_HELP "  --as NAME       who does it (FLOW_PERSON, else the login name)\n"                 \
              "  --id UUID       the command's own: given twice, it is done once\n"

/* What was left unsaid, from the environment. */
void desk_settle(struct desk *desk);
/* Opens the shop to look at it, beside a server too. False after a message: the verb returns EXIT_ENVIRONMENT. */
bool desk_read(struct desk *desk);
/* Opens it to do something: its journal, or the server that has it; then desk->shop is NULL until desk_read. */
bool desk_write(struct desk *desk);
void desk_close(struct desk *desk);

/* Does a command and says what it became, or by what it was refused. Returns the verb's exit status: a refusal is
   EXIT_FINDINGS. The texts of the command may be NULL, which is "". */
int desk_do(struct desk *desk, struct message *command);
/* The same without saying anything; false, after a message, where the machine was in the way. */
bool desk_ask(struct desk *desk, struct message *command, struct answer *answer);

/* Prints a refusal, for people or as JSON; returns EXIT_FINDINGS. */
int desk_refused(const struct desk *desk, const struct answer *answer);

/* Writes it to a file, or where that is NULL to standard output; returns the exit status. */
int desk_put(const char *path, const struct buffer *out);

/* Copies the desk's shop into a new folder; it may be in use. */
bool back_up(const struct desk *desk, const char *to, struct arena *arena, struct failure *failure);

/* A time as people write it, UTC: "2026-11-21 14:05". */
void add_time(struct buffer *out, int64_t time_ms);

int cmd_init(int argc, char **argv);
int cmd_adopt(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_step(int argc, char **argv);
int cmd_lot(int argc, char **argv);
int cmd_people(int argc, char **argv);
int cmd_approve(int argc, char **argv);
int cmd_parcel(int argc, char **argv);
int cmd_do(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_orders(int argc, char **argv);
int cmd_printers(int argc, char **argv);
int cmd_discover(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_actuals(int argc, char **argv);
int cmd_simulate(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_hold(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_backup(int argc, char **argv);

#endif
