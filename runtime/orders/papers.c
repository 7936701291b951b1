#include "orders/papers.h"

#include "orders/values.h"

#include <stdio.h>
#include <string.h>

/* ---- what a line says ---- */

/* "B-1/7-9, B-2/1": the units of a line in one parcel, or in all of the order. */
struct listing {
    struct buffer text;
    const struct batch *batch;
    int64_t first, last;
};

static void list_run(struct listing *listing)
{
    if (!listing->batch)
        return;
    buffer_addf(&listing->text, "%s%s/%lld", listing->text.length ? ", " : "", listing->batch->name,
                (long long)listing->first);
    if (listing->last > listing->first)
        buffer_addf(&listing->text, "-%lld", (long long)listing->last);
}

static void list_parcel(struct listing *listing, const struct parcel *parcel,
                        const struct order_line *line)
{
    for (int64_t i = 0; i < parcel->count; i++) {
        const struct packed_unit *unit = &parcel->units[i];
        if (unit->batch->units[unit->number - 1].line != line)
            continue;
        if (unit->batch == listing->batch && unit->number == listing->last + 1) {
            listing->last++;
            continue;
        }
        list_run(listing);
        listing->batch = unit->batch;
        listing->first = listing->last = unit->number;
    }
}

static const char *units_text(const struct papers *papers, const struct state *state,
                              const struct order_line *line)
{
    struct listing listing = {.batch = NULL};
    for (int i = 0; i < state->parcels.count; i++) {
        const struct parcel *parcel = state->parcels.things[i];
        if (parcel->order == papers->order && (!papers->parcel || papers->parcel == parcel))
            list_parcel(&listing, parcel, line);
    }
    list_run(&listing);
    const char *text =
        arena_copy_text(papers->arena, buffer_text(&listing.text), listing.text.length);
    buffer_free(&listing.text);
    return text;
}

static const char *answers_text(const struct papers *papers, const struct order_line *line)
{
    const char *text = "";
    for (const struct answered_ask *ask = line->asks; ask; ask = ask->next)
        if (is_latest_answer(line, ask))
            text = arena_printf(papers->arena, "%s: %s%s%s", ask->name, ask->value,
                                *text ? ", " : "", text);
    return text;
}

/* ---- the paper ---- */

/* The shop stands in the spec of the first line that is made. */
static void name_shop(struct papers *papers, const struct state *state)
{
    papers->shop = papers->contact = "";
    for (const struct order_line *line = papers->order->lines; line && !*papers->shop;
         line = line->next) {
        const struct product_state *product = state_product(state, line->product);
        const struct spec *spec = product && product->current ? product->current->spec : NULL;
        if (!spec || !spec->shop)
            continue;
        papers->shop = declaration_title(spec, &spec->shop->base, NULL, papers->arena);
        if (spec->shop->contact)
            papers->contact = value_string(spec, &spec->shop->contact->value, NULL, papers->arena);
    }
}

static void begin(struct papers *papers, const struct state *state, const struct order *order,
                  const struct parcel *parcel, struct arena *arena)
{
    int count = 0;
    *papers = (struct papers){.arena = arena,
                              .order = order,
                              .parcel = parcel,
                              .to = order_address_of(order, arena),
                              .currency = "",
                              .total = "",
                              .mass = "",
                              .missing = ""};
    if (!*papers->to.name)
        papers->to.name = order->customer;
    name_shop(papers, state);
    for (const struct order_line *line = order->lines; line; line = line->next)
        count++;
    papers->lines = ARENA_ARRAY(arena, struct paper_line, count + 1);
}

static struct paper_line *add_line(struct papers *papers, const struct catalogue *catalogue,
                                   const struct order_line *line, int64_t here)
{
    struct paper_line *paper = &papers->lines[papers->line_count++];
    *paper = (struct paper_line){.line = line,
                                 .title = line_title(catalogue, line),
                                 .answers = answers_text(papers, line),
                                 .here = here,
                                 .units = "",
                                 .to_follow = line_owed(line) - line->packed,
                                 .price = "",
                                 .value = "",
                                 .mass = ""};
    return paper;
}

void packing_list_make(struct papers *papers, const struct state *state, const struct order *order,
                       const struct parcel *parcel, struct arena *arena)
{
    struct catalogue catalogue;
    begin(papers, state, order, parcel, arena);
    catalogue_open(&catalogue, state, arena);
    for (const struct order_line *line = order->lines; line; line = line->next) {
        int64_t here = parcel ? parcel_count_of(parcel, line) : line->packed + line->shipped;
        if (!here && line_owed(line) == line->packed)
            continue;
        add_line(papers, &catalogue, line, here)->units = units_text(papers, state, line);
    }
}

/* ---- the invoice ---- */

/* Grams of one, from what it contains; false where a part or an item does not say what it weighs. */
static bool mass_of(const struct catalogue_entry *entry, struct rational *mass_g)
{
    const struct spec *spec = entry->spec;
    *mass_g = RATIONAL_ZERO;
    for (const struct counted *row = entry->made->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, &entry->cases);
        const struct item *item = value_item(&row->what, &entry->cases);
        const struct simple *mass = part ? part->mass : item ? item->mass : NULL;
        if (!mass)
            return false;
        struct rational one = value_number(spec, &mass->value, &entry->cases, RATIONAL_ZERO);
        struct rational count = value_number(spec, &row->count, &entry->cases, RATIONAL_ONE);
        *mass_g = rational_add(*mass_g, rational_multiply(one, count));
    }
    return entry->made->contains != NULL;
}

static const char *printed(const struct papers *papers, struct rational number, int places)
{
    struct buffer text = {0};
    rational_print_fixed(&text, number, places);
    const char *copy = arena_copy_text(papers->arena, buffer_text(&text), text.length);
    buffer_free(&text);
    return copy;
}

static void lack(struct papers *papers, const char *what)
{
    papers->missing =
        arena_printf(papers->arena, "%s%s%s", papers->missing, *papers->missing ? ", " : "", what);
}

struct sums {
    struct rational value, mass;
    bool valued, weighed;
};

/* Each line's value is rounded as the currency is, so that the lines add up to the total. */
static void price_line(struct papers *papers, struct paper_line *paper, struct sums *sums)
{
    struct price_said price;
    struct rational one, value;
    int places = -1;

    if (price_read(paper->line->price, &price) == NUMBER_READ &&
        rational_parse(price.amount, strlen(price.amount), &one))
        places = currency_decimals(price.currency);
    if (places < 0) {
        sums->valued = false;
        lack(papers, arena_printf(papers->arena, "the price of line %s", paper->line->line));
        return;
    }
    if (*papers->currency && strcmp(papers->currency, price.currency) != 0) {
        sums->valued = false;
        lack(papers, "one currency for all lines");
    }
    papers->currency = arena_copy_text(papers->arena, price.currency, strlen(price.currency));
    paper->price = arena_copy_text(papers->arena, price.amount, strlen(price.amount));
    paper->value = printed(papers, rational_multiply(one, rational_integer(paper->here)), places);
    rational_parse(paper->value, strlen(paper->value), &value);
    sums->value = rational_add(sums->value, value);
}

static void weigh_line(struct papers *papers, struct paper_line *paper,
                       const struct catalogue *catalogue, struct sums *sums)
{
    bool many;
    struct rational mass_g;
    const struct catalogue_entry *entry = catalogue_find(catalogue, paper->line->sku, &many);
    if (!entry || !mass_of(entry, &mass_g)) {
        sums->weighed = false;
        return;
    }
    paper->mass = printed(papers, mass_g, 1);
    sums->mass = rational_add(sums->mass, rational_multiply(mass_g, rational_integer(paper->here)));
}

static void say_missing(struct papers *papers, const struct sums *sums)
{
    if (!papers->customs.hs_code)
        lack(papers, "the HS code (--hs-code)");
    if (!papers->customs.origin)
        lack(papers, "the country of origin (--origin)");
    if (!papers->customs.incoterm)
        lack(papers, "the incoterm (--incoterm)");
    if (!*papers->to.street1 || !*papers->to.country)
        lack(papers, "the address");
    if (!sums->weighed)
        lack(papers, "what every part weighs (`mass` in the spec)");
}

void invoice_make(struct papers *papers, const struct state *state, const struct order *order,
                  const struct parcel *parcel, const struct customs *customs, struct arena *arena)
{
    struct catalogue catalogue;
    struct sums sums = {RATIONAL_ZERO, RATIONAL_ZERO, true, true};

    begin(papers, state, order, parcel, arena);
    papers->customs = *customs;
    catalogue_open(&catalogue, state, arena);
    for (const struct order_line *line = order->lines; line; line = line->next) {
        int64_t here = parcel ? parcel_count_of(parcel, line) : line->count - line->cancelled;
        if (!here)
            continue;
        struct paper_line *paper = add_line(papers, &catalogue, line, here);
        price_line(papers, paper, &sums);
        weigh_line(papers, paper, &catalogue, &sums);
    }
    if (sums.valued && papers->line_count)
        papers->total = printed(papers, sums.value, currency_decimals(papers->currency));
    if (sums.weighed && papers->line_count)
        papers->mass = printed(papers, sums.mass, 1);
    say_missing(papers, &sums);
}

int address_lines(const struct postal_address *address, const char *lines[ADDRESS_LINES_AT_MOST],
                  struct arena *arena)
{
    int count = 0;
    const char *city = arena_printf(
        arena, "%s%s%s%s%s", address->city, *address->city && *address->state ? ", " : "",
        address->state, *address->postal_code && (*address->city || *address->state) ? " " : "",
        address->postal_code);
    const char *const all[] = {address->name, address->company, address->street1, address->street2,
                               city,          address->country};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (*all[i])
            lines[count++] = all[i];
    return count;
}
