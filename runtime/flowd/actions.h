/* Verbs that are commands: "flowd step use BATCH STEP LOT --amount 3". A row says which command it is and what stands in
   which place; every other field of the command is an option of its name. To add one: its row in action_rows.c. */
#ifndef FLOW_FLOWD_ACTIONS_H
#define FLOW_FLOWD_ACTIONS_H

#include "flowd/flowd.h"

struct action {
    const char *verb;
    const char *word;       /* "use"; "" for a verb that is one command */
    enum message_kind kind; /* MESSAGE_COUNT for one that looks */
    const char
        *arguments; /* names of the command's fields; "units" is `first` and `count` ("7", "1-6") */
    const char *summary;       /* a line */
    const char *field, *value; /* a field that this action gives itself; NULL */
    int (*look)(struct desk *desk, int count, char **arguments); /* what is no command */
    const struct option_row *options; /* of a look, besides the desk's; NULL */
    int option_count;
    const char *options_help; /* a line each */
};

extern const struct action action_rows[];
extern const int action_count;

/* The whole of a verb that has rows there, and its help: each action with its arguments and options. */
int cmd_action(int argc, char **argv);
/* Whether a verb that does other things too has an action of that name. */
bool is_action(const char *verb, const char *word);
void describe_actions(struct buffer *out, const struct verb *verb);

/* Says which names in a command that was accepted nobody knows, and what may have been meant. */
void say_doubts(struct desk *desk, const struct message *command);

/* "7" or "1-6". */
bool read_units(const char *text, int64_t *first, int64_t *count);

#endif
