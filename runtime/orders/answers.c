/* What customers give with an order for a product's `asks`: an engraving, a part number. It stands in a column of its own,
   or among the options of the line or the order as "Engraving: Ada, Side: left". A wrong one is cut into metal, so whatever
   is not plain is told of and left to somebody. */
#include "orders/importing.h"

#include <ctype.h>
#include <string.h>

/* "Name: value", as it was written. */
struct pair {
    struct pair *next;
    const char *name, *value;
    bool doubtful; /* what follows may belong to the value */
    const char *follows;
};

struct answering {
    struct importing *at;
    const struct sheet_order *order;
    const struct sheet_line *line;
    const struct catalogue_entry *entry;
    const struct order_line *known;
};

/* ---- options as pairs ---- */

static const char *ask_name(const struct ask *ask)
{
    return ask->name.kind == VALUE_WORD ? ask->name.word : "";
}

static bool is_ask(const struct catalogue_entry *entry, const struct ask *ask, const char *name,
                   struct arena *arena)
{
    return same_words(name, ask_name(ask)) ||
           (ask->title.kind == VALUE_TEXT &&
            same_words(name, value_string(entry->spec, &ask->title, NULL, arena)));
}

static bool names_something(const struct catalogue_entry *entry, const char *name,
                            struct arena *arena)
{
    for (const struct ask *ask = entry->made->asks; ask; ask = ask->next)
        if (is_ask(entry, ask, name, arena))
            return true;
    for (int i = 0; i < entry->made->axis_count; i++)
        if (entry->made->axes[i]->name.kind == VALUE_WORD &&
            same_words(name, entry->made->axes[i]->name.word))
            return true;
    return same_words(name, "personalization") || same_words(name, "personalisation");
}

/* Where a name and a colon begin: their length, 0 where they do not. */
static size_t name_length(const char *text)
{
    enum { NAME_AT_MOST = 40 };
    size_t length = strcspn(text, ":,\n");
    return text[length] == ':' && length && length <= NAME_AT_MOST && !isdigit((unsigned char)*text)
               ? length
               : 0;
}

/* The end of a value: a line end, or a comma behind which another name comes. */
static const char *value_end(const char *text)
{
    for (; *text && *text != '\n'; text++)
        if (*text == ',' && name_length(text + 1 + strspn(text + 1, " ")))
            return text;
    return text;
}

static struct pair *read_pairs(const struct answering *to, const char *text)
{
    struct arena *arena = to->at->arena;
    struct pair *first = NULL, **tail = &first;

    while (*text) {
        text += strspn(text, " ,\n");
        size_t length = name_length(text);
        if (!length) {
            text = value_end(text);
            continue;
        }
        struct pair *pair = ARENA_NEW(arena, struct pair);
        pair->name = cell_text(arena_copy_text(arena, text, length), arena);
        const char *value = text + length + 1, *end = value_end(value);
        pair->value = text_unescaped(
            cell_text(arena_copy_text(arena, value, (size_t)(end - value)), arena), arena);
        if (*end == ',') {
            const char *next = end + 1 + strspn(end + 1, " ");
            pair->follows = arena_copy_text(arena, next, name_length(next));
            pair->doubtful = !names_something(to->entry, pair->follows, arena);
        }
        *tail = pair;
        tail = &pair->next;
        text = end;
    }
    return first;
}

/* What shops write where nothing was given. */
static bool says_nothing(const char *value)
{
    return !*value || same_words(value, "not requested on this item");
}

/* ---- answers ---- */

static const char *answer_in_shop(const struct order_line *known, const char *name)
{
    for (const struct answered_ask *ask = known ? known->asks : NULL; ask; ask = ask->next)
        if (strcmp(ask->name, name) == 0)
            return ask->value;
    return "";
}

static const char *mend_help(const struct answering *to, const struct ask *ask)
{
    return arena_printf(to->at->arena, "flowd orders mend %s %s --ask %s=TEXT", to->order->name,
                        to->line->name, ask_name(ask));
}

static void warn(const struct answering *to, const struct placed *cell, const char *help,
                 const char *text)
{
    finding_add(&to->at->result->findings, FINDING_WARNING, about_line(to->order, to->line, cell),
                help, "%s", text);
}

/* Whether it is short enough; says so where not. */
static bool fits(const struct answering *to, const struct ask *ask, const struct placed *cell,
                 const char *value)
{
    if (ask->limit.kind != VALUE_NUMBER)
        return true;
    int64_t limit = rational_to_int(
        value_number(to->entry->spec, &ask->limit, &to->entry->cases, RATIONAL_ZERO));
    size_t length = text_characters(value);
    if (length <= (size_t)limit)
        return true;
    warn(to, cell, mend_help(to, ask),
         arena_printf(to->at->arena, "%s has %zu characters, and %s takes %lld: it is not answered",
                      ask_name(ask), length, to->entry->product, (long long)limit));
    return false;
}

/* Returns whether something was said about it, so that it is not called missing. */
static bool answer(const struct answering *to, const struct ask *ask, const struct placed *cell,
                   const char *value)
{
    const char *here = answer_in_shop(to->known, ask_name(ask));

    if (says_nothing(value))
        return false;
    if (*here && strcmp(here, value) != 0)
        warn(to, cell, mend_help(to, ask),
             arena_printf(to->at->arena,
                          "%s is \"%s\" here, and the file says \"%s\"; nothing was changed",
                          ask_name(ask), here, value));
    if (*here || !fits(to, ask, cell, value))
        return true;
    struct message *command = import_command(to->at, COMMAND_answer_ask);
    command->answer_ask =
        (struct answer_ask){to->order->name, to->line->name, ask_name(ask), value};
    return true;
}

static bool answer_from_column(const struct answering *to, const struct ask *ask)
{
    for (const struct said_answer *said = to->line->answers; said; said = said->next)
        if (is_ask(to->entry, ask, said->name, to->at->arena))
            return answer(to, ask, &said->value, said->value.text);
    return false;
}

static const struct pair *pair_for(const struct answering *to, const struct ask *ask,
                                   const struct pair *pairs)
{
    bool only = ask == to->entry->made->asks && !ask->next;
    for (const struct pair *pair = pairs; pair; pair = pair->next)
        if (is_ask(to->entry, ask, pair->name, to->at->arena) ||
            (only && (same_words(pair->name, "personalization") ||
                      same_words(pair->name, "personalisation"))))
            return pair;
    return NULL;
}

static bool answer_from_pair(const struct answering *to, const struct ask *ask,
                             const struct placed *cell, const struct pair *pair)
{
    if (!pair || says_nothing(pair->value))
        return false;
    if (pair->doubtful) {
        warn(to, cell, mend_help(to, ask),
             arena_printf(to->at->arena,
                          "what is %s: \"%s\" alone, or with \"%s: ...\" that follows? it is not "
                          "answered",
                          ask_name(ask), pair->value, pair->follows));
        return true;
    }
    return answer(to, ask, cell, pair->value);
}

/* What the order says once is meant for one line. */
static bool one_line_asks(const struct answering *to, const char *name)
{
    int count = 0;
    bool many;
    for (const struct sheet_line *line = to->order->lines; line && count < 2; line = line->next) {
        const struct catalogue_entry *entry = line_entry(to->at, line, &many);
        for (const struct ask *ask = entry ? entry->made->asks : NULL; ask; ask = ask->next)
            count += strcmp(ask_name(ask), name) == 0;
    }
    return count == 1;
}

static bool answer_from_order(const struct answering *to, const struct ask *ask)
{
    const struct placed *cell = &to->order->cells[ROLE_ORDER_ANSWERS];
    if (!*cell->text)
        return false;
    const struct pair *pair = pair_for(to, ask, read_pairs(to, cell->text));
    if (!pair || says_nothing(pair->value))
        return false;
    if (one_line_asks(to, ask_name(ask)))
        return answer_from_pair(to, ask, cell, pair);
    warn(to, cell, mend_help(to, ask),
         arena_printf(
             to->at->arena,
             "the order says %s once, and more than one line asks for it: it is not answered",
             ask_name(ask)));
    return true;
}

/* What was given for nothing that the product asks. */
static void say_unasked(const struct answering *to, const struct pair *pairs)
{
    struct arena *arena = to->at->arena;
    for (const struct said_answer *said = to->line->answers; said; said = said->next) {
        bool asked = false;
        for (const struct ask *ask = to->entry->made->asks; ask && !asked; ask = ask->next)
            asked = is_ask(to->entry, ask, said->name, arena);
        if (!asked)
            warn(to, &said->value, NULL,
                 arena_printf(arena, "%s does not ask for %s", to->entry->product, said->name));
    }
    for (const struct pair *pair = pairs; pair; pair = pair->next) {
        bool personal =
            same_words(pair->name, "personalization") || same_words(pair->name, "personalisation");
        const struct ask *asks = to->entry->made->asks;
        if (personal && !says_nothing(pair->value) && (!asks || asks->next))
            warn(to, sheet_cell(to->line, ROLE_ANSWERS), NULL,
                 arena_printf(arena,
                              asks ? "%s asks for more than one thing, and the file says \"%s\""
                                   : "%s asks for nothing, and the file says \"%s\"",
                              to->entry->product, pair->value));
    }
}

void import_answers(struct importing *at, const struct sheet_order *order,
                    const struct sheet_line *line, const struct catalogue_entry *entry,
                    const struct order_line *known)
{
    const struct answering to = {at, order, line, entry, known};
    const struct placed *cell = sheet_cell(line, ROLE_ANSWERS);
    const struct pair *pairs = *cell->text ? read_pairs(&to, cell->text) : NULL;

    for (const struct ask *ask = entry->made->asks; ask; ask = ask->next) {
        if (answer_from_column(&to, ask) ||
            answer_from_pair(&to, ask, cell, pair_for(&to, ask, pairs)) ||
            answer_from_order(&to, ask))
            continue;
        if (!known)
            warn(&to, NULL, mend_help(&to, ask),
                 arena_printf(at->arena, "%s asks for %s, and the file does not say it",
                              entry->product, ask_name(ask)));
    }
    if (!known)
        say_unasked(&to, pairs);
}
