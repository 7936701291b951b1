#include "orders/import.h"

#include "orders/importing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_LINES_AT_MOST = 10000 };

struct message *import_command(struct importing *at, enum message_kind kind)
{
    struct import_result *result = at->result;
    if (result->command_count == result->command_capacity) {
        int capacity = result->command_capacity ? 2 * result->command_capacity : 64;
        struct message *list = ARENA_ARRAY(at->arena, struct message, capacity);
        if (result->command_count)
            memcpy(list, result->commands, sizeof *list * (size_t)result->command_count);
        result->commands = list;
        result->command_capacity = capacity;
    }
    struct message *command = &result->commands[result->command_count++];
    *command = (struct message){.kind = kind, .by = ""};
    for (int i = 0; i < message_rows[kind].field_count; i++)
        if (message_rows[kind].fields[i].whole)
            command->cells[i].whole = 0;
        else
            command->cells[i].text = "";
    return command;
}

/* ---- what stands in the shop ---- */

static const struct order *order_in_shop(const struct importing *at, const char *name)
{
    const char *known = intern_find(&at->state->names, name, strlen(name));
    return known ? state_order(at->state, known) : NULL;
}

static int64_t owed_of(const struct order *order)
{
    int64_t owed = 0;
    for (const struct order_line *line = order ? order->lines : NULL; line; line = line->next)
        owed += line_owed(line);
    return owed;
}

/* ---- orders that are not to be made ---- */

enum standing { STANDS, STANDS_UNPAID, PARTLY_REFUNDED, CANCELLED, SHIPPED, WAITS };

static const struct {
    const char *word;
    enum standing standing;
} standings[] = {{"cancelled", CANCELLED},
                 {"canceled", CANCELLED},
                 {"refunded", CANCELLED},
                 {"voided", CANCELLED},
                 {"shipped", SHIPPED},
                 {"fulfilled", SHIPPED},
                 {"awaiting payment", WAITS},
                 {"on hold", WAITS},
                 {"pending", STANDS_UNPAID},
                 {"unpaid", STANDS_UNPAID},
                 {"partially refunded", PARTLY_REFUNDED}};

static const char *const standing_words[] = {
    [CANCELLED] = "cancelled", [SHIPPED] = "shipped", [WAITS] = "on hold or not paid"};

static enum standing order_standing(const struct sheet_order *order)
{
    struct price_said refunded;
    enum standing standing = STANDS;

    for (size_t i = 0; i < sizeof standings / sizeof *standings; i++)
        if (same_words(order->cells[ROLE_STATUS].text, standings[i].word))
            standing = standings[i].standing;
    if (*order->cells[ROLE_CANCELLED].text)
        return CANCELLED;
    if (standing == STANDS &&
        price_read(order->cells[ROLE_REFUNDED].text, &refunded) == NUMBER_READ &&
        strpbrk(refunded.amount, "123456789"))
        return PARTLY_REFUNDED;
    return standing;
}

/* The order is not taken. Where it is here already and still owed, somebody must decide. */
static void pass_over(struct importing *at, const struct sheet_order *order, enum standing standing)
{
    const struct order *known = order_in_shop(at, order->name);
    long long owed = (long long)owed_of(known);

    at->result->passed_over++;
    if (!owed)
        return;
    finding_add(&at->result->findings, FINDING_WARNING,
                (struct about){.line = order->line, .order = order->name},
                standing == CANCELLED
                    ? arena_printf(at->arena, "flowd orders cancel %s --reason TEXT", order->name)
                    : "nothing was changed here",
                "it is %s there, and %lld %s still owed here", standing_words[standing], owed,
                owed == 1 ? "is" : "are");
}

static void say_passed_over(struct importing *at, const int counts[])
{
    if (at->shipped_lines)
        finding_add(&at->result->findings, FINDING_NOTE, (struct about){0}, NULL,
                    "%d %s shipped there and not taken", at->shipped_lines,
                    at->shipped_lines == 1 ? "line is" : "lines are");
    for (int i = CANCELLED; i <= WAITS; i++)
        if (counts[i])
            finding_add(&at->result->findings, FINDING_NOTE, (struct about){0}, NULL,
                        "%d %s %s there and not taken", counts[i],
                        counts[i] == 1 ? "order is" : "orders are", standing_words[i]);
}

/* ---- what is said of an order ---- */

static const struct {
    const char *name;
    enum order_role role;
} address_fields[] = {{"name", ROLE_CUSTOMER},
                      {"company", ROLE_COMPANY},
                      {"street1", ROLE_STREET1},
                      {"street2", ROLE_STREET2},
                      {"city", ROLE_CITY},
                      {"state", ROLE_STATE},
                      {"postal_code", ROLE_POSTAL_CODE},
                      {"country", ROLE_COUNTRY},
                      {"phone", ROLE_PHONE},
                      {"email", ROLE_EMAIL}};

/* Spreadsheets and Shopify put an apostrophe before a postal code or a number of a telephone so that it stays text. */
static const char *address_text(const struct sheet_order *order, enum order_role role)
{
    const char *text = order->cells[role].text;
    bool digits = role == ROLE_POSTAL_CODE || role == ROLE_PHONE;
    return digits && *text == '\'' ? text + 1 : text;
}

/* One JSON object, "" where nothing is said. */
static const char *order_address(struct importing *at, const struct sheet_order *order)
{
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof address_fields / sizeof *address_fields; i++) {
        const char *text = address_text(order, address_fields[i].role);
        if (!*text)
            continue;
        buffer_addf(&out, "%c\"%s\":\"", out.length ? ',' : '{', address_fields[i].name);
        buffer_add_json(&out, text, strlen(text));
        buffer_add_char(&out, '"');
    }
    if (out.length)
        buffer_add_char(&out, '}');
    const char *address = arena_copy_text(at->arena, buffer_text(&out), out.length);
    buffer_free(&out);
    return address;
}

static const char *order_channel(const struct importing *at, const struct sheet_order *order)
{
    const char *said = order->cells[ROLE_CHANNEL].text;
    return *said ? said : at->sheet->format->name;
}

static const char *order_customer(const struct sheet_order *order)
{
    static const enum order_role roles[] = {ROLE_CUSTOMER, ROLE_COMPANY, ROLE_EMAIL};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (*order->cells[roles[i]].text)
            return order->cells[roles[i]].text;
    return "";
}

/* Another shop's order of the same number must not be mixed with it. */
static bool is_of_another_channel(struct importing *at, const struct sheet_order *order,
                                  const struct order *known)
{
    if (!known || !*known->channel || strcmp(known->channel, order_channel(at, order)) == 0)
        return false;
    finding_add(&at->result->findings, FINDING_ERROR,
                (struct about){.line = order->line, .order = order->name},
                "give this file's orders a sign of their own: --prefix TEXT",
                "there is one of this number already, and it came from %s", known->channel);
    return true;
}

static void describe(struct importing *at, const struct sheet_order *order,
                     const struct order *known)
{
    const char *address = order_address(at, order);
    bool described = known && *known->channel;

    if (described && strcmp(known->address, address) == 0)
        return;
    if (described && !*address)
        return;
    if (described && !at->options->update) {
        finding_add(&at->result->findings, FINDING_WARNING,
                    (struct about){.line = order->line, .order = order->name},
                    "to take the file's: --update", "its address is another one here");
        return;
    }
    struct message *command = import_command(at, COMMAND_describe_order);
    command->describe_order = (struct describe_order){.order = order->name,
                                                      .channel = order_channel(at, order),
                                                      .customer = order_customer(order),
                                                      .address = address,
                                                      .currency = order_currency(at, order)};
}

/* ---- orders ---- */

static bool has_too_many_lines(struct importing *at, const struct sheet_order *order)
{
    if (order->line_count <= ORDER_LINES_AT_MOST)
        return false;
    finding_add(&at->result->findings, FINDING_ERROR,
                (struct about){.line = order->line, .order = order->name},
                "give its parts numbers of their own", "it has %d lines, and %d are the most",
                order->line_count, ORDER_LINES_AT_MOST);
    return true;
}

/* Where lines are told apart by where they stand, rows elsewhere may be the same ones once more. */
static bool stands_apart(struct importing *at, const struct sheet_order *order)
{
    bool numbered = true;
    for (const struct sheet_line *line = order->lines; line; line = line->next)
        numbered &= *sheet_cell(line, ROLE_LINE)->text != '\0';
    if (!order->apart || numbered)
        return false;
    finding_add(&at->result->findings, FINDING_ERROR,
                (struct about){.line = order->line, .order = order->name},
                "sort the file by order, and take out what is there twice",
                "its rows do not stand together, so that a line may be there twice");
    return true;
}

static bool take_order(struct importing *at, const struct sheet_order *order)
{
    const struct order *known = order_in_shop(at, order->name);
    bool good = true;

    if (has_too_many_lines(at, order) || is_of_another_channel(at, order, known) ||
        stands_apart(at, order))
        return false;
    int begin = at->result->command_count;
    describe(at, order, known);
    int described = at->result->command_count;
    for (const struct sheet_line *line = order->lines; line; line = line->next)
        good &= import_line(at, order, line);
    if (!known && at->result->command_count == described) /* all of it was shipped there */
        at->result->command_count = begin;
    return good;
}

static void say_standing(struct importing *at, const struct sheet_order *order,
                         enum standing standing)
{
    struct about about = {.line = order->line, .order = order->name};
    if (standing == PARTLY_REFUNDED)
        finding_add(
            &at->result->findings, FINDING_WARNING, about,
            arena_printf(at->arena, "flowd orders cancel %s LINE --reason TEXT", order->name),
            "some of it was refunded, and the file does not say which lines: all are taken");
    if (standing == STANDS_UNPAID)
        finding_add(&at->result->findings, FINDING_NOTE, about, NULL, "it is not paid for yet");
}

/* With an error nothing of the order is taken: a line less in it would go unnoticed. */
static void import_order(struct importing *at, const struct sheet_order *order, int passed[])
{
    struct import_result *result = at->result;
    const struct import_result before = *result;
    enum standing standing = order_standing(order);

    if (standing >= CANCELLED) {
        passed[standing]++;
        pass_over(at, order, standing);
        return;
    }
    if (!take_order(at, order)) {
        result->command_count = before.command_count;
        result->taken = before.taken;
        result->held = before.held;
        result->known = before.known;
        result->left_out++;
    } else if (result->taken > before.taken) {
        say_standing(at, order, standing);
    }
}

void orders_import(const struct state *state, const char *text, size_t length,
                   const struct import_options *options, struct arena *arena,
                   struct import_result *result)
{
    struct sheet sheet;
    struct importing at = {
        .state = state, .options = options, .result = result, .sheet = &sheet, .arena = arena};
    int passed[WAITS + 1] = {0};

    *result = (struct import_result){.findings = {.arena = arena}};
    bool read = sheet_read(&sheet, text, length, &options->sheet, arena, &result->findings);
    result->format = sheet.format;
    if (!read)
        return;
    result->orders = sheet.order_count;
    result->lines = sheet.line_count;
    at.dates = options->dates != DATES_UNKNOWN ? options->dates : sheet.dates;
    interner_open(&at.names, arena);
    catalogue_open(&at.catalogue, state, arena);
    for (const struct sheet_order *order = sheet.orders; order; order = order->next)
        import_order(&at, order, passed);
    say_passed_over(&at, passed);
    table_free(&at.seen);
    table_free(&at.suggested);
    interner_close(&at.names);
}

/* ---- what is said of it ---- */

void import_write(struct buffer *out, const struct import_result *result)
{
    buffer_addf(out,
                "{\"format\":\"%s\",\"orders\":%d,\"lines\":%d,\"taken\":%d,\"held\":%d,"
                "\"known\":%d,\"passed_over\":%d,\"left_out\":%d,\"findings\":",
                result->format ? result->format->name : "", result->orders, result->lines,
                result->taken, result->held, result->known, result->passed_over, result->left_out);
    findings_write(out, &result->findings);
    buffer_add_char(out, '}');
}

static void count_word(struct buffer *out, int count, const char *one, const char *many)
{
    buffer_addf(out, "%d %s", count, count == 1 ? one : many);
}

void import_print(struct buffer *out, const struct import_result *result)
{
    if (!result->format)
        return;
    buffer_addf(out, "%s: ", result->format->name);
    count_word(out, result->orders, "order", "orders");
    buffer_add_text(out, ", ");
    count_word(out, result->lines, "line", "lines");
    buffer_addf(out, "; %d taken", result->taken);
    if (result->held)
        buffer_addf(out, " (%d held)", result->held);
    buffer_addf(out, ", %d there already", result->known);
    if (result->passed_over) {
        buffer_add_text(out, ", ");
        count_word(out, result->passed_over, "order", "orders");
        buffer_add_text(out, " passed over");
    }
    if (result->left_out) {
        buffer_add_text(out, ", ");
        count_word(out, result->left_out, "order", "orders");
        buffer_add_text(out, " left out for errors");
    }
    buffer_add_char(out, '\n');
}
