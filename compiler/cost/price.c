/* What it sells for: the sell line, its break, fees and margin; and the quantities that documents reckon at. */
#include "cost/reckon.h"

#include <stdlib.h>
#include <string.h>

/* Whether a case of a sell line is the SKU's. */
static bool is_case(const struct sell_case *named, const struct sku *sku)
{
    const char *mine = named->axis ? sku_case(sku, named->axis->name.word) : NULL;
    const char *word = value_word(&named->value, sku);

    return mine && word && strcmp(mine, word) == 0;
}

/* How many of the SKU's cases a line names; -1 where it is for others. Cases of one axis are alternatives. */
static int cases_named(const struct sell *sell, const struct sku *sku)
{
    int named = 0;

    for (const struct sell_case *one = sell->cases; one; one = one->next) {
        bool axis_met = false;
        for (const struct sell_case *other = sell->cases; other; other = other->next)
            axis_met |= other->axis == one->axis && is_case(other, sku);
        if (!axis_met)
            return -1;
        named += is_case(one, sku);
    }
    return named;
}

static int most_named(const struct price *price, const struct sku *sku)
{
    int most = -1;

    for (const struct sell *sell = price ? price->sell : NULL; sell; sell = sell->next) {
        int named = cases_named(sell, sku);
        if (named > most)
            most = named;
    }
    return most;
}

/* The line and break with the largest count that the quantity reaches, of the lines that name most. */
static const struct sell_break *find_break(const struct spec *spec, const struct sku *sku,
                                           struct rational quantity, const struct sell **line)
{
    const struct price *price = sku->product->price;
    int most = most_named(price, sku);
    const struct sell_break *best = NULL;
    struct rational best_count = RATIONAL_ZERO;

    *line = NULL;
    for (const struct sell *sell = most >= 0 ? price->sell : NULL; sell; sell = sell->next) {
        if (cases_named(sell, sku) != most)
            continue;
        for (const struct sell_break *one = sell->breaks; one; one = one->next) {
            struct rational count = value_number(spec, &one->quantity, sku, RATIONAL_ZERO);
            if (rational_compare(count, quantity) > 0 ||
                (best && rational_compare(count, best_count) <= 0))
                continue;
            best = one;
            best_count = count;
            *line = sell;
        }
    }
    return best;
}

const struct sell *cost_sell_line(const struct sku *sku, const struct sell *after)
{
    const struct price *price = sku->product->price;
    int most = most_named(price, sku);
    const struct sell *from = after ? after->next : price ? price->sell : NULL;

    for (const struct sell *sell = most >= 0 ? from : NULL; sell; sell = sell->next)
        if (cases_named(sell, sku) == most)
            return sell;
    return NULL;
}

const struct sell_break *cost_break(const struct spec *spec, const struct sku *sku,
                                    struct rational quantity)
{
    const struct sell *line;

    return find_break(spec, sku, quantity, &line);
}

static struct rational fees_of(const struct spec *spec, const struct cost_sheet *sheet)
{
    struct rational orders = rational_divide(sheet->orders, sheet->made);
    struct rational sum = RATIONAL_ZERO;

    for (const struct fee *fee = sheet->product->price->fee; fee; fee = fee->next) {
        struct rational ratio = value_number(spec, &fee->ratio, &sheet->sku, RATIONAL_ZERO);
        struct rational fixed = value_number(spec, &fee->fixed, &sheet->sku, RATIONAL_ZERO);
        sum = rational_add(sum, rational_add(rational_multiply(ratio, sheet->price),
                                             rational_multiply(fixed, orders)));
    }
    return sum;
}

void reckon_price(const struct spec *spec, struct cost_sheet *sheet)
{
    sheet->price_break = find_break(spec, &sheet->sku, sheet->quantity, &sheet->sell);
    if (!sheet->price_break)
        return;
    sheet->price = value_number(spec, &sheet->price_break->price, &sheet->sku, RATIONAL_ZERO);
    sheet->has_price = rational_sign(sheet->price) > 0;
    if (!sheet->has_price)
        return;
    sheet->fees = fees_of(spec, sheet);
    struct rational left =
        rational_subtract(rational_subtract(sheet->price, sheet->unit_cost), sheet->fees);
    sheet->margin = rational_divide(left, sheet->price);
}

/* ---- quantities ---- */

struct quantity_list {
    struct rational *items;
    int count;
};

static void add_quantity(const struct spec *spec, struct quantity_list *list,
                         const struct value *value)
{
    struct rational quantity = value_number(spec, value, NULL, RATIONAL_ZERO);

    if (rational_sign(quantity) > 0)
        list->items[list->count++] = quantity;
}

static int by_size(const void *a, const void *b)
{
    return rational_compare(*(const struct rational *)a, *(const struct rational *)b);
}

int cost_quantities(const struct spec *spec, const struct product *product,
                    struct rational **quantities, struct arena *arena)
{
    const struct price *price = product->price;
    struct quantity_list list = {NULL, 0};
    int room = 1;

    for (const struct sell *sell = price ? price->sell : NULL; sell; sell = sell->next)
        for (const struct sell_break *one = sell->breaks; one; one = one->next)
            room++;
    for (int i = 0; i < product->packet_count; i++)
        for (const struct simple *row = product->packets[i]->quantity; row; row = row->next)
            room++;
    list.items = ARENA_ARRAY(arena, struct rational, room);

    if (price && price->order_size)
        add_quantity(spec, &list, &price->order_size->value);
    for (const struct sell *sell = price ? price->sell : NULL; sell; sell = sell->next)
        for (const struct sell_break *one = sell->breaks; one; one = one->next)
            add_quantity(spec, &list, &one->quantity);
    for (int i = 0; i < product->packet_count; i++)
        for (const struct simple *row = product->packets[i]->quantity; row; row = row->next)
            add_quantity(spec, &list, &row->value);

    int kept = 0;
    if (list.count > 0)
        qsort(list.items, (size_t)list.count, sizeof *list.items, by_size);
    for (int i = 0; i < list.count; i++)
        if (kept == 0 || !rational_equal(list.items[kept - 1], list.items[i]))
            list.items[kept++] = list.items[i];
    *quantities = list.items;
    return kept;
}
