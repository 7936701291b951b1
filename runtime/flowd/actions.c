#include "flowd/actions.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool read_units(const char *text, int64_t *first, int64_t *count)
{
    long long from, to;
    char rest;
    if (sscanf(text, "%9lld%c", &from, &rest) == 1)
        to = from;
    else if (sscanf(text, "%9lld-%9lld%c", &from, &to, &rest) != 2)
        return false;
    *first = from;
    *count = to - from + 1;
    return from >= 1 && to >= from;
}

/* ---- a row's arguments ---- */

struct word {
    char text[40];
};

/* Takes the next word of a row's arguments; false at the end. */
static bool next_word(const char **at, struct word *word)
{
    *at += strspn(*at, " ");
    size_t length = strcspn(*at, " ");
    snprintf(word->text, sizeof word->text, "%.*s", (int)length, *at);
    *at += length;
    return length > 0;
}

static bool is_units(const char *word)
{
    return strcmp(word, "units") == 0;
}

static int field_index(const struct message_row *row, const char *name)
{
    for (int i = 0; i < row->field_count; i++)
        if (strcmp(row->fields[i].name, name) == 0)
            return i;
    return -1;
}

/* Whether a field stands among the arguments, so that it is no option. */
static bool is_argument(const struct action *action, const char *field)
{
    struct word word;
    if (action->field && strcmp(action->field, field) == 0)
        return true;
    for (const char *at = action->arguments; next_word(&at, &word);) {
        bool of_units =
            is_units(word.text) && (strcmp(field, "first") == 0 || strcmp(field, "count") == 0);
        if (strcmp(word.text, field) == 0 || of_units)
            return true;
    }
    return false;
}

/* ---- help ---- */

static void add_upper(struct buffer *out, const char *word)
{
    for (; *word; word++)
        buffer_add_char(out, *word == '_' ? '-' : (char)toupper((unsigned char)*word));
}

static void add_usage(struct buffer *out, const struct action *action)
{
    struct word word;
    buffer_addf(out, "flowd %s%s%s", action->verb, *action->word ? " " : "", action->word);
    if (action->kind == MESSAGE_COUNT) {
        buffer_addf(out, "%s%s", *action->arguments ? " " : "", action->arguments);
        return;
    }
    for (const char *at = action->arguments; next_word(&at, &word);) {
        buffer_add_char(out, ' ');
        add_upper(out, word.text);
    }
    const struct message_row *row = &message_rows[action->kind];
    for (int i = 0; i < row->field_count; i++)
        if (!is_argument(action, row->fields[i].name)) {
            buffer_addf(out, " [--%s ", row->fields[i].name);
            add_upper(out, row->fields[i].whole ? "n" : "text");
            buffer_add_char(out, ']');
        }
}

void describe_actions(struct buffer *out, const struct verb *verb)
{
    bool writes = false, any = false;
    for (int i = 0; i < action_count; i++) {
        if (strcmp(action_rows[i].verb, verb->name) != 0)
            continue;
        writes |= action_rows[i].kind != MESSAGE_COUNT;
        buffer_add_text(out, any ? "  " : "\n  ");
        any = true;
        add_usage(out, &action_rows[i]);
        buffer_addf(out, "\n      %s\n", action_rows[i].summary);
        if (action_rows[i].options_help)
            buffer_add_text(out, action_rows[i].options_help);
    }
    if (any)
        buffer_add_text(out, writes ? "\n" DESK_WRITE_HELP : "\n" DESK_HELP);
}

/* ---- reading a command ---- */

enum { LOOK_OPTIONS_AT_MOST = 8 };
enum { OPTIONS_AT_MOST = DESK_OPTION_COUNT + MESSAGE_FIELDS_AT_MOST + LOOK_OPTIONS_AT_MOST };

struct asking {
    const struct verb *verb;
    const struct action *action;
    const struct message_row *row;
    struct message command;
    int64_t units; /* the command is done for so many, from its `unit` on */
    struct desk desk;
    struct option_row options[OPTIONS_AT_MOST];
    char option_names[MESSAGE_FIELDS_AT_MOST][48];
    const char *option_values[MESSAGE_FIELDS_AT_MOST];
    int option_count;
};

static bool set_whole(struct asking *asking, int field, const char *text)
{
    static const struct {
        const char *word;
        int64_t value;
    } words[] = {{"good", 1}, {"bad", 0}, {"yes", 1}, {"no", 0}};
    char *end;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, text) == 0) {
            asking->command.cells[field].whole = words[i].value;
            return true;
        }
    errno = 0;
    asking->command.cells[field].whole = strtoll(text, &end, 10);
    if (errno == 0 && end != text && !*end)
        return true;
    const char *name = asking->row->fields[field].name;
    usage_error(asking->verb,
                strcmp(name, "good") == 0 ? "`%s` is said by `good` or `bad`, not `%s`"
                                          : "`%s` is a whole number, not `%s`",
                name, text);
    return false;
}

static bool set_field(struct asking *asking, const char *name, const char *text)
{
    int field = field_index(asking->row, name);
    if (asking->row->fields[field].whole)
        return set_whole(asking, field, text);
    asking->command.cells[field].text = text;
    return true;
}

static bool set_units(struct asking *asking, const char *text)
{
    int64_t first, count;
    if (!read_units(text, &first, &count)) {
        usage_error(asking->verb, "units are written `7` or `1-6`, not `%s`", text);
        return false;
    }
    asking->command.cells[field_index(asking->row, "first")].whole = first;
    asking->command.cells[field_index(asking->row, "count")].whole = count;
    return true;
}

/* "7", or "1-6" for a command each. */
static bool set_unit(struct asking *asking, const char *text)
{
    int64_t *unit = &asking->command.cells[field_index(asking->row, "unit")].whole;
    if (strcmp(text, "0") == 0) /* the batch */
        return true;
    if (!read_units(text, unit, &asking->units)) {
        usage_error(asking->verb, "a unit is written `7`, several `1-6`, not `%s`", text);
        return false;
    }
    if (asking->units == 1 || !asking->desk.id)
        return true;
    usage_error(asking->verb, "--id is of one command, and these are several");
    return false;
}

static bool set_argument(struct asking *asking, const struct word *word, const char *text)
{
    if (strcmp(word->text, "unit") == 0)
        return set_unit(asking, text);
    return is_units(word->text) ? set_units(asking, text) : set_field(asking, word->text, text);
}

static void usage_of(const struct asking *asking, const char *what)
{
    struct buffer text = {0};
    add_usage(&text, asking->action);
    complain("%s\nusage: %s", what, buffer_text(&text));
    buffer_free(&text);
}

static bool set_arguments(struct asking *asking, int count, char **arguments)
{
    struct word word;
    int taken = 0;
    for (const char *at = asking->action->arguments; next_word(&at, &word);) {
        if (taken == count) {
            usage_of(asking, "something is missing");
            return false;
        }
        if (!set_argument(asking, &word, arguments[taken++]))
            return false;
    }
    if (taken < count) {
        usage_of(asking, "that is too much");
        return false;
    }
    return !asking->action->field ||
           set_field(asking, asking->action->field, asking->action->value);
}

/* The fields that are no arguments, as options. */
static void offer_options(struct asking *asking)
{
    const struct option_row common[] = {DESK_OPTIONS(&asking->desk)};
    memcpy(asking->options, common, sizeof common);
    asking->option_count = DESK_OPTION_COUNT;
    for (int i = 0; i < asking->action->option_count; i++)
        asking->options[asking->option_count++] = asking->action->options[i];
    for (int i = 0; asking->row && i < asking->row->field_count; i++) {
        if (is_argument(asking->action, asking->row->fields[i].name))
            continue;
        snprintf(asking->option_names[i], sizeof asking->option_names[i], "--%s",
                 asking->row->fields[i].name);
        asking->options[asking->option_count++] =
            (struct option_row){asking->option_names[i], true, &asking->option_values[i], NULL};
    }
}

static bool set_options(struct asking *asking)
{
    for (int i = 0; i < asking->row->field_count; i++)
        if (asking->option_values[i] &&
            !set_field(asking, asking->row->fields[i].name, asking->option_values[i]))
            return false;
    return true;
}

static int run_action(struct asking *asking, int argc, char **argv)
{
    bool done;
    offer_options(asking);
    int count =
        options_read(argc, argv, asking->verb, asking->options, asking->option_count, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (!asking->row)
        return asking->action->look(&asking->desk, count, argv + 1);
    asking->command.kind = asking->action->kind;
    if (!set_arguments(asking, count, argv + 1) || !set_options(asking))
        return EXIT_USAGE;
    if (!desk_write(&asking->desk))
        return EXIT_ENVIRONMENT;
    int status = desk_do(&asking->desk, &asking->command);
    int unit = field_index(asking->row, "unit");
    for (int64_t i = 1; i < asking->units && status == EXIT_CLEAN; i++) {
        asking->command.cells[unit].whole++;
        status = desk_do(&asking->desk, &asking->command);
    }
    if (status == EXIT_CLEAN)
        say_doubts(&asking->desk, &asking->command);
    return status;
}

/* "list, admit, dismiss": what a verb can do. */
static const char *actions_of(struct buffer *out, const struct verb *verb)
{
    for (int i = 0; i < action_count; i++)
        if (strcmp(action_rows[i].verb, verb->name) == 0)
            buffer_addf(out, "%s%s", out->length ? ", " : "", action_rows[i].word);
    return buffer_text(out);
}

static int unknown_action(const struct verb *verb, const char *word)
{
    struct buffer offered = {0};
    const char *best = NULL;
    int nearest = 1000;
    for (int i = 0; word && i < action_count; i++) {
        int distance = edit_distance(word, action_rows[i].word);
        if (strcmp(action_rows[i].verb, verb->name) == 0 && distance < nearest)
            nearest = distance, best = action_rows[i].word;
    }
    if (!word)
        usage_error(verb, "what shall be done? One of %s", actions_of(&offered, verb));
    else if (best && close_enough(word, nearest))
        usage_error(verb, "there is no `%s`; did you mean `%s`?", word, best);
    else
        usage_error(verb, "there is no `%s`; there are %s", word, actions_of(&offered, verb));
    buffer_free(&offered);
    return EXIT_USAGE;
}

/* The row of a word; one without a word serves where the verb has no other. NULL if there is none. */
static const struct action *find_action(const char *verb, const char *word)
{
    for (int i = 0; i < action_count; i++)
        if (strcmp(action_rows[i].verb, verb) == 0 &&
            (!*action_rows[i].word || (word && strcmp(action_rows[i].word, word) == 0)))
            return &action_rows[i];
    return NULL;
}

bool is_action(const char *verb, const char *word)
{
    return find_action(verb, word) != NULL;
}

int cmd_action(int argc, char **argv)
{
    const struct verb *verb = verb_find(argv[0]);
    const char *word = argc > 1 ? argv[1] : NULL;
    struct asking asking = {.verb = verb, .action = find_action(argv[0], word)};
    bool done;

    if (!asking.action && word && *word == '-') { /* --help, or an option before the action */
        int count = options_read(argc, argv, verb, NULL, 0, &done);
        return done ? EXIT_CLEAN : count < 0 ? EXIT_USAGE : unknown_action(verb, NULL);
    }
    if (!asking.action)
        return unknown_action(verb, word);
    if (asking.action->kind != MESSAGE_COUNT)
        asking.row = &message_rows[asking.action->kind];
    int skipped = *asking.action->word ? 1 : 0;
    int status = run_action(&asking, argc - skipped, argv + skipped);
    desk_close(&asking.desk);
    return status;
}
