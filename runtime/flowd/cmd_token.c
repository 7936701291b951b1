/* `flowd token`: tokens by which programs and tablets ask the server in a person's name. */

#include "flowd/flowd.h"

#include "cost/grid.h"
#include "flowd/views.h"
#include "station/tokens.h"

#include <stdio.h>
#include <string.h>

enum { SHORT_HASH = 12 };

struct asking {
    struct desk desk;
    const char *reason;
};

/* ---- issue ---- */

/* The token is said once, here; the shop keeps its hash only. */
static int say_token(const struct desk *desk, const char *token, const char *hash)
{
    struct buffer out = {0};
    if (desk->json)
        buffer_addf(&out, "{\"token\":\"%s\",\"hash\":\"%s\"}\n", token, hash);
    else
        buffer_addf(&out, "%s\n", token);
    bool good = print_out(&out);
    buffer_free(&out);
    if (!desk->json)
        fprintf(stderr,
                "Keep it safe: it is not kept here. To take it back: flowd token revoke "
                "%.12s --reason WHY\n",
                hash);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static int issue(struct asking *asking, int count, char **arguments)
{
    char token[TOKEN_LENGTH + 1], hash[TOKEN_HASH_DIGITS + 1];
    struct message command = {.kind = COMMAND_issue_token};
    struct answer answer;

    if (!desk_write(&asking->desk))
        return EXIT_ENVIRONMENT;
    token_make(token);
    token_hash(token, hash);
    command.issue_token.person = arguments[0];
    command.issue_token.hash = hash;
    command.issue_token.label = count > 1 ? arguments[1] : "";
    if (!desk_ask(&asking->desk, &command, &answer))
        return EXIT_ENVIRONMENT;
    return answer.accepted ? say_token(&asking->desk, token, hash)
                           : desk_refused(&asking->desk, &answer);
}

/* ---- revoke ---- */

/* The token whose hash begins so; NULL after a message. */
static const struct token *find_token(const struct state *state, const char *begin)
{
    const struct token *found = NULL;
    for (int i = 0; i < state->tokens.count; i++) {
        const struct token *token = state->tokens.things[i];
        if (strncmp(token->hash, begin, strlen(begin)) != 0)
            continue;
        if (found) {
            complain("more than one token's hash begins with %s", begin);
            return NULL;
        }
        found = token;
    }
    if (!found)
        complain("no token's hash begins with %s; `flowd token list` shows them", begin);
    return found;
}

static int revoke(struct asking *asking, int count, char **arguments)
{
    struct message command = {.kind = COMMAND_revoke_token};
    (void)count;
    if (!desk_write(&asking->desk) || !desk_read(&asking->desk))
        return EXIT_ENVIRONMENT;
    const struct token *token = find_token(shop_state(asking->desk.shop), arguments[0]);
    if (!token)
        return EXIT_FINDINGS;
    command.revoke_token.hash = token->hash;
    command.revoke_token.reason = asking->reason;
    return desk_do(&asking->desk, &command);
}

/* ---- list ---- */

static json_t *list_as_json(const struct state *state)
{
    json_t *list = json_array();
    for (int i = 0; i < state->tokens.count; i++) {
        const struct token *token = state->tokens.things[i];
        json_array_append_new(list, json_pack("{sssssssb}", "hash", token->hash, "person",
                                              token->person->name, "label", token->label, "revoked",
                                              token->revoked));
    }
    return list;
}

static void list_for_people(struct grid *grid, const struct state *state)
{
    static const char *const words[] = {"hash", "person", "what for", ""};
    grid_row(grid, false);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        grid_cell(grid, words[i]);
    for (int i = 0; i < state->tokens.count; i++) {
        const struct token *token = state->tokens.things[i];
        grid_row(grid, false);
        grid_cell(grid, arena_copy_text(grid->arena, token->hash, SHORT_HASH));
        grid_cell(grid, token->person->name);
        grid_cell(grid, token->label);
        grid_cell(grid, token->revoked ? "revoked" : token->person->dismissed ? "dismissed" : "");
    }
}

static int list(struct asking *asking, int count, char **arguments)
{
    struct arena arena = {0};
    struct grid grid = {.arena = &arena, .left = ~0u};
    struct buffer out = {0};
    (void)count, (void)arguments;
    if (!desk_read(&asking->desk))
        return EXIT_ENVIRONMENT;
    const struct state *state = shop_state(asking->desk.shop);
    if (asking->desk.json)
        return print_json(list_as_json(state));
    list_for_people(&grid, state);
    grid_print(&out, &grid, color_wanted(false));
    bool good = print_out(&out);
    buffer_free(&out);
    arena_free(&arena);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

/* ---- which ---- */

static const struct deed {
    const char *word, *arguments;
    int least, most;
    int (*run)(struct asking *asking, int count, char **arguments);
} deeds[] = {
    {"issue", "PERSON [WHAT_FOR]", 1, 2, issue},
    {"revoke", "HASH --reason WHY", 1, 1, revoke},
    {"list", "", 0, 0, list},
};

static const struct deed *find_deed(const char *word)
{
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(deeds[i].word, word) == 0)
            return &deeds[i];
    return NULL;
}

int cmd_token(int argc, char **argv)
{
    struct asking asking = {0};
    const struct verb *verb = verb_find("token");
    const struct option_row options[] = {DESK_OPTIONS(&asking.desk),
                                         {"--reason", true, &asking.reason, NULL}};
    bool done = false;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT + 1, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    const struct deed *deed = count ? find_deed(argv[1]) : NULL;
    if (!deed)
        return usage_error(verb, "say issue, revoke or list");
    if (count - 1 < deed->least || count - 1 > deed->most)
        return usage_error(verb, "it is: flowd token %s %s", deed->word, deed->arguments);
    int status = deed->run(&asking, count - 1, argv + 2);
    desk_close(&asking.desk);
    return status;
}
