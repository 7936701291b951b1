/* Orders and their lines: what was asked for, mended, cancelled; and units of the stock that serve a line. */
#include "engine/deciding.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* What is said twice changes nothing; what is said otherwise changes, and the old stays in its own event. */
bool decide_describe_order(struct deciding *at)
{
    const struct describe_order *asked = &at->command->describe_order;
    const struct order *order = state_order(at->state, asked->order);

    if (!is_name(at, "an order", asked->order))
        return false;
    if (*asked->currency && strlen(asked->currency) != 3)
        return refuse(at, "`%s` is no currency; three letters, like USD", asked->currency);
    if (order && order->channel == asked->channel && order->customer == asked->customer &&
        order->address == asked->address && order->currency == asked->currency)
        return true;
    happens_as_asked(at, EVENT_order_described);
    return true;
}

/* ---- lines ---- */

/* "24.00 USD", or nothing. */
static bool is_price(const char *price)
{
    size_t whole = strspn(price, "0123456789"), at = whole;
    if (!*price)
        return true;
    if (price[at] == '.')
        at += 1 + strspn(price + at + 1, "0123456789");
    const char *currency = price + at + 1;
    return whole && price[at] == ' ' && strlen(currency) == 3 &&
           isupper((unsigned char)currency[0]) && isupper((unsigned char)currency[1]) &&
           isupper((unsigned char)currency[2]);
}

static bool is_made(struct deciding *at, const char *product, const char *code, char reason[300])
{
    const struct product_state *made = state_product(at->state, product);
    struct sku sku;

    if (!*product)
        snprintf(reason, 300, "no product has the SKU %.120s", code);
    else if (!made || !made->current)
        snprintf(reason, 300, "there is no product %.120s", product);
    else if (!state_sku(at->state, made->current, code, &sku))
        snprintf(reason, 300, "%.60s has no SKU %.120s", product, code);
    else
        return true;
    return false;
}

/* A line that no SKU fits is kept, held with what is wrong. */
bool decide_take_line(struct deciding *at)
{
    const struct take_line *asked = &at->command->take_line;
    const struct order_line *there = state_line(at->state, asked->order, asked->line);
    char reason[300];

    if (!is_name(at, "an order", asked->order) || !is_name(at, "a line", asked->line))
        return false;
    if (asked->count < 1 || asked->count > 1000000)
        return refuse(at, "a line asks for 1 to 1000000 pieces, and this for %lld",
                      (long long)asked->count);
    if (!is_price(asked->price))
        return refuse(at, "`%s` is no price of one; write it like 24.00 USD", asked->price);
    if (there && there->count == asked->count &&
        (there->sku == asked->sku || there->asked_sku == asked->sku))
        return true; /* the same file once more */
    if (there)
        return refuse(at, "line %s of order %s is there already, and asks for %lld x %s",
                      there->line, there->order, (long long)there->count, there->sku);
    if (is_made(at, asked->product, asked->sku, reason))
        happens_as_asked(at, EVENT_line_ordered);
    else
        happens_as_asked(at, EVENT_line_held)->line_held.reason = name_of(at, reason);
    return true;
}

static struct order_line *line_named(struct deciding *at, const char *order, const char *line)
{
    struct order_line *there = state_line(at->state, order, line);
    if (!there)
        refuse(at, "there is no line %s of order %s", line, order);
    return there;
}

bool decide_mend_line(struct deciding *at)
{
    const struct mend_line *asked = &at->command->mend_line;
    const struct order_line *line = line_named(at, asked->order, asked->line);
    char reason[300];

    if (!line)
        return false;
    if (!line->held && line->sku == asked->sku && line->product == asked->product)
        return true;
    if (!line->held)
        return refuse(at, "line %s of order %s is not held: it asks for %s", line->line,
                      line->order, line->sku);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (!is_made(at, asked->product, asked->sku, reason))
        return refuse(at, "%s; the line stays held", reason);
    happens_as_asked(at, EVENT_line_mended);
    return true;
}

bool decide_cancel_line(struct deciding *at)
{
    const struct cancel_line *asked = &at->command->cancel_line;
    const struct order_line *line = line_named(at, asked->order, asked->line);

    if (!line)
        return false;
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    int64_t open = line_owed(line) - line->packed;
    if (asked->count < 1 || asked->count > open)
        return refuse(at,
                      "of line %s of order %s %lld can be cancelled: %lld are shipped and %lld "
                      "in a parcel",
                      line->line, line->order, (long long)open, (long long)line->shipped,
                      (long long)line->packed);
    happens_as_asked(at, EVENT_line_cancelled);
    return true;
}

/* ---- asks ---- */

static int64_t characters_of(const char *text)
{
    int64_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80; /* the first byte of each */
    return count;
}

static const struct ask *ask_of(const struct product *made, const char *name)
{
    const struct ask *ask = made->asks;
    while (ask && !(ask->name.kind == VALUE_WORD && strcmp(ask->name.word, name) == 0))
        ask = ask->next;
    return ask;
}

bool decide_answer_ask(struct deciding *at)
{
    const struct answer_ask *asked = &at->command->answer_ask;
    const struct order_line *line = line_named(at, asked->order, asked->line);
    const struct product_state *product = line ? state_product(at->state, line->product) : NULL;

    if (!line)
        return false;
    if (!*asked->name || !*asked->value)
        return refuse(at, "an answer has a name and a value");
    for (const struct answered_ask *given = line->asks; given; given = given->next)
        if (given->name == asked->name) {
            if (given->value == asked->value)
                return true;
            break;
        }
    if (product && product->current) {
        const struct revision *revision = product->current;
        const struct ask *ask = ask_of(revision->made, asked->name);
        if (!ask)
            return refuse_by(at, revision, revision->made->base.span, "%s asks for no %s",
                             product->name, asked->name);
        struct rational most =
            value_number(revision->spec, &ask->limit, NULL, rational_integer(10000));
        int64_t length = characters_of(asked->value);
        if (rational_compare(rational_integer(length), most) > 0)
            return refuse_by(at, revision, ask->span,
                             "%s has at most %lld characters, and this %lld", asked->name,
                             (long long)rational_to_int(most), (long long)length);
    }
    happens_as_asked(at, EVENT_ask_answered);
    return true;
}

/* ---- stock ---- */

/* How many more were made for a line than it asks for. */
static int64_t surplus_of(const struct order_line *line)
{
    return line->in_batches - (line->count - line->cancelled);
}

static bool are_all_for(const struct batch *batch, int64_t first, int64_t count,
                        const struct order_line *line)
{
    for (int64_t i = first; i < first + count; i++)
        if (batch->units[i - 1].line != line)
            return false;
    return true;
}

bool decide_assign_units(struct deciding *at)
{
    const struct assign_units *asked = &at->command->assign_units;
    const struct order_line *line = line_named(at, asked->order, asked->line);
    const struct batch *batch =
        line ? batch_with(at, asked->batch, asked->first, asked->count) : NULL;

    if (!batch)
        return false;
    if (line->held)
        return refuse(at, "line %s of order %s is held: %s", line->line, line->order, line->reason);
    if (batch->product->name != line->product)
        return refuse(at, "batch %s is of %s, and the line asks for %s", batch->name,
                      batch->product->name, line->product);
    if (are_all_for(batch, asked->first, asked->count, line))
        return true;
    struct sku sku;
    bool known = state_sku(at->state, batch->revision, line->sku, &sku);
    for (int64_t i = asked->first; i < asked->first + asked->count; i++) {
        const struct piece *unit = &batch->units[i - 1];
        if (unit->at != PLACE_DONE)
            return refuse(at, "unit %lld of batch %s is not finished", (long long)i, batch->name);
        bool spare = !unit->line || surplus_of(unit->line) >= asked->count;
        if (unit->parcel || !spare || unit->line == line)
            return refuse(at, "unit %lld of batch %s is for line %s of order %s", (long long)i,
                          batch->name, unit->line->line, unit->line->order);
        if (!known || unit->sku != sku.index)
            return refuse(at, "unit %lld of batch %s is no %s", (long long)i, batch->name,
                          line->sku);
    }
    if (asked->count > line_unmade(line))
        return refuse(at, "line %s of order %s wants %lld more", line->line, line->order,
                      (long long)line_unmade(line));
    happens_as_asked(at, EVENT_units_assigned);
    return true;
}
