/* A line of an order file: a new one is taken, or held with what may have been meant; one that is here already is compared. */
#include "orders/importing.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SUGGESTIONS_AT_MOST = 500 }; /* different SKUs that nothing fits, of one file */

struct about about_line(const struct sheet_order *order, const struct sheet_line *line,
                        const struct placed *cell)
{
    if (!cell || !cell->line)
        return (struct about){line->line, 0, order->name, line->name};
    return (struct about){cell->line, cell->column, order->name, line->name};
}

/* What a line asks for as it is written: a line without a SKU has at least a name. */
static const char *written_sku(const struct sheet_line *line)
{
    const char *sku = sheet_cell(line, ROLE_SKU)->text;
    return *sku ? sku : sheet_cell(line, ROLE_NAME)->text;
}

const struct catalogue_entry *line_entry(struct importing *at, const struct sheet_line *line,
                                         bool *many)
{
    return catalogue_find(&at->catalogue, written_sku(line), many);
}

const struct order_line *line_in_shop(const struct importing *at, const char *order,
                                      const char *line)
{
    const struct interner *names = &at->state->names;
    const char *of = intern_find(names, order, strlen(order));
    const char *name = intern_find(names, line, strlen(line));
    return of && name ? state_line(at->state, of, name) : NULL;
}

/* ---- a count, a day, a price ---- */

static bool count_of(struct importing *at, const struct sheet_order *order,
                     const struct sheet_line *line, int64_t *count)
{
    static const char *const wrongs[] = {[NUMBER_WRONG] = "is no number",
                                         [NUMBER_NOT_WHOLE] = "is not whole",
                                         [NUMBER_NEGATIVE] = "is negative",
                                         [NUMBER_TOO_LARGE] = "is over 1,000,000",
                                         [NUMBER_AMBIGUOUS] = "may be a thousand or a fraction"};
    const struct placed *cell = sheet_cell(line, ROLE_QUANTITY);
    enum number_reading reading = count_read(cell->text, count);

    if (reading == NUMBER_READ || reading == NUMBER_ZERO)
        return true;
    if (reading == NUMBER_NONE)
        finding_add(&at->result->findings, FINDING_ERROR, about_line(order, line, cell),
                    "nothing of this order was taken", "it says no quantity");
    else
        finding_add(&at->result->findings, FINDING_ERROR, about_line(order, line, cell),
                    "nothing of this order was taken", "the quantity %.40s %s", cell->text,
                    wrongs[reading]);
    return false;
}

static bool due_of(struct importing *at, const struct sheet_order *order,
                   const struct sheet_line *line, char day[11])
{
    const struct placed *own = sheet_cell(line, ROLE_DUE), *cell = *own->text ? own : &order->due;
    enum date_reading reading = date_read(cell->text, at->dates, day);

    if (reading == DATE_AMBIGUOUS)
        finding_add(&at->result->findings, FINDING_ERROR, about_line(order, line, cell),
                    "say which comes first in this file: --dates mdy or --dates dmy",
                    "%.40s may be one of two days", cell->text);
    if (reading == DATE_WRONG)
        finding_add(&at->result->findings, FINDING_ERROR, about_line(order, line, cell),
                    "write it as 2027-02-15", "%.40s is no date", cell->text);
    return reading == DATE_READ || reading == DATE_NONE;
}

const char *order_currency(struct importing *at, const struct sheet_order *order)
{
    const char *said = order->cells[ROLE_CURRENCY].text;
    struct price_said price;
    char text[16];
    if (*said && strlen(said) == 3) { /* "usd" too */
        snprintf(text, sizeof text, "1 %s", said);
        if (price_read(text, &price) == NUMBER_READ && *price.currency)
            return arena_copy_text(at->arena, price.currency, 3);
    }
    return "";
}

/* "24.00 USD"; "" where it is not said, or cannot be understood: then it is told of. */
static const char *price_of(struct importing *at, const struct sheet_order *order,
                            const struct sheet_line *line, const struct catalogue_entry *entry)
{
    const struct placed *cell = sheet_cell(line, ROLE_PRICE);
    struct price_said price;
    enum number_reading reading = price_read(cell->text, &price);

    if (reading == NUMBER_NONE)
        return "";
    const char *currency = *price.currency ? price.currency : order_currency(at, order);
    if (!*currency && entry)
        currency = shop_currency(entry->spec);
    if (reading == NUMBER_READ && *currency)
        return arena_printf(at->arena, "%s %s", price.amount, currency);
    finding_add(&at->result->findings, FINDING_WARNING, about_line(order, line, cell),
                "the line is taken without its price",
                reading == NUMBER_READ ? "the price %.40s has no currency"
                                       : "the price %.40s cannot be understood",
                cell->text);
    return "";
}

/* ---- lines that are here already ---- */

static void say_differs(struct importing *at, const struct sheet_order *order,
                        const struct sheet_line *line, enum order_role role, const char *what,
                        const char *here, const char *there)
{
    finding_add(&at->result->findings, FINDING_WARNING,
                about_line(order, line, sheet_cell(line, role)),
                role == ROLE_DUE ? "nothing was changed"
                                 : "nothing was changed; cancel what is not wanted any more with "
                                   "`flowd orders cancel`, and take what is new as a new line",
                "%s %s here, and the file says %.80s", what, here, there);
}

static bool is_same_sku(const struct order_line *known, const char *written,
                        const struct catalogue_entry *entry)
{
    const char *meant = entry ? entry->sku : written;
    return strcasecmp(known->sku, meant) == 0 || strcasecmp(known->asked_sku, meant) == 0 ||
           strcasecmp(known->asked_sku, written) == 0;
}

static void compare_line(struct importing *at, const struct sheet_order *order,
                         const struct sheet_line *line, const struct catalogue_entry *entry,
                         const struct order_line *known, int64_t count, const char *due)
{
    at->result->known++;
    if (known->count != count)
        say_differs(at, order, line, ROLE_QUANTITY, "it asks for",
                    arena_printf(at->arena, "%lld", (long long)known->count),
                    arena_printf(at->arena, "%lld", (long long)count));
    if (!is_same_sku(known, written_sku(line), entry))
        say_differs(at, order, line, ROLE_SKU, "it is", known->sku, written_sku(line));
    if (*due && strcmp(due, known->due) != 0)
        say_differs(at, order, line, ROLE_DUE, "it is due", *known->due ? known->due : "at no time",
                    due);
    bool many;
    if (!entry && !known->held) /* it was mended since */
        entry = catalogue_find(&at->catalogue, known->sku, &many);
    if (entry)
        import_answers(at, order, line, entry, known);
}

/* ---- lines that are new ---- */

static const struct catalogue_entry *suggestion(struct importing *at, const struct sheet_line *line)
{
    const char *written = intern_text(&at->names, written_sku(line));
    const struct catalogue_entry *entry = table_get(&at->suggested, written, NULL);
    if (entry || at->suggestion_count == SUGGESTIONS_AT_MOST)
        return entry;
    at->suggestion_count++;
    entry = catalogue_suggest(&at->catalogue, written, sheet_cell(line, ROLE_NAME)->text);
    if (entry)
        table_put(&at->suggested, written, NULL, (void *)(uintptr_t)entry);
    return entry;
}

/* Somebody has to say what is meant, so the line waits. */
static const char *say_held(struct importing *at, const struct sheet_order *order,
                            const struct sheet_line *line, bool many)
{
    const struct catalogue_entry *near = many ? NULL : suggestion(at, line);
    const char *help =
        near
            ? arena_printf(at->arena, "did you mean %s? flowd orders mend %s %s --sku %s",
                           near->sku, order->name, line->name, near->sku)
            : arena_printf(at->arena, "flowd orders mend %s %s --sku SKU", order->name, line->name);
    at->result->held++;
    if (!*written_sku(line))
        finding_add(&at->result->findings, FINDING_WARNING, about_line(order, line, NULL), help,
                    "it says no SKU: the line is held");
    else
        finding_add(&at->result->findings, FINDING_WARNING,
                    about_line(order, line, sheet_cell(line, ROLE_SKU)), help,
                    many ? "two products have the SKU %.80s: the line is held"
                         : "no product has the SKU %.80s: the line is held",
                    written_sku(line));
    return near ? near->product : "";
}

static void take_line(struct importing *at, const struct sheet_order *order,
                      const struct sheet_line *line, const struct catalogue_entry *entry, bool many,
                      int64_t count, const char *due)
{
    const char *product = entry ? entry->product : say_held(at, order, line, many);
    const char *customer = order->cells[ROLE_CUSTOMER].text;

    at->result->taken++;
    if (same_words(sheet_cell(line, ROLE_LINE_STATUS)->text, "partial"))
        finding_add(
            &at->result->findings, FINDING_WARNING,
            about_line(order, line, sheet_cell(line, ROLE_LINE_STATUS)),
            arena_printf(at->arena, "flowd orders cancel %s %s --count N --reason TEXT",
                         order->name, line->name),
            "some of it is shipped there, and the file does not say how many: all are taken");
    struct message *command = import_command(at, COMMAND_take_line);
    command->take_line =
        (struct take_line){.order = order->name,
                           .line = line->name,
                           .product = product,
                           .sku = entry ? entry->sku : written_sku(line),
                           .count = count,
                           .customer = *customer ? customer : order->cells[ROLE_COMPANY].text,
                           .due = arena_copy_text(at->arena, due, strlen(due)),
                           .price = price_of(at, order, line, entry)};
    if (entry)
        import_answers(at, order, line, entry, NULL);
}

/* ---- either ---- */

/* A line of that name came before. The same once more is nothing. */
static bool came_before(struct importing *at, const struct sheet_order *order,
                        const struct sheet_line *line, bool *good)
{
    const char *of = intern_text(&at->names, order->name);
    const char *name = intern_text(&at->names, line->name);
    const struct sheet_line *first = table_get(&at->seen, of, name);

    *good = true;
    if (!first) {
        table_put(&at->seen, of, name, (void *)(uintptr_t)line);
        return false;
    }
    *good =
        strcmp(written_sku(first), written_sku(line)) == 0 &&
        strcmp(sheet_cell(first, ROLE_QUANTITY)->text, sheet_cell(line, ROLE_QUANTITY)->text) == 0;
    if (!*good)
        finding_add(&at->result->findings, FINDING_ERROR,
                    about_line(order, line, sheet_cell(line, ROLE_LINE)),
                    "nothing of this order was taken",
                    "there is another line of that number, in line %d of the file", first->line);
    return true;
}

static bool is_shipped(const struct sheet_line *line)
{
    return *sheet_cell(line, ROLE_LINE_SHIPPED)->text ||
           same_words(sheet_cell(line, ROLE_LINE_STATUS)->text, "fulfilled");
}

/* A line of which nothing is to be made. */
static bool is_nothing_to_make(struct importing *at, const struct sheet_order *order,
                               const struct sheet_line *line, const struct order_line *known,
                               int64_t count)
{
    bool shipped = is_shipped(line);
    long long owed = known ? (long long)line_owed(known) : 0;

    if (!shipped && (count || known))
        return false;
    if (shipped && owed)
        finding_add(&at->result->findings, FINDING_WARNING, about_line(order, line, NULL),
                    "nothing was changed here", "it is shipped there, and %lld %s still owed here",
                    owed, owed == 1 ? "is" : "are");
    else if (!shipped)
        finding_add(&at->result->findings, FINDING_NOTE,
                    about_line(order, line, sheet_cell(line, ROLE_QUANTITY)), NULL,
                    "the quantity is 0: there is nothing to make");
    else
        at->shipped_lines++;
    return true;
}

bool import_line(struct importing *at, const struct sheet_order *order,
                 const struct sheet_line *line)
{
    char due[11];
    int64_t count;
    bool many, good;

    if (!sheet_is_name(line->name)) {
        finding_add(&at->result->findings, FINDING_ERROR,
                    (struct about){.line = line->line, .order = order->name},
                    "nothing of this order was taken",
                    "a line's number is one line of at most 60 bytes, and \"%.60s\" is not",
                    line->name);
        return false;
    }
    if (came_before(at, order, line, &good))
        return good;
    if (!count_of(at, order, line, &count))
        return false;
    const struct order_line *known = line_in_shop(at, order->name, line->name);
    if (is_nothing_to_make(at, order, line, known, count))
        return true;
    if (!due_of(at, order, line, due))
        return false;
    const struct catalogue_entry *entry = line_entry(at, line, &many);
    if (known)
        compare_line(at, order, line, entry, known, count, due);
    else
        take_line(at, order, line, entry, many, count, due);
    return true;
}
