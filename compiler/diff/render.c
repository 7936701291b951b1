/* A comparison for people: in a terminal, and in Markdown for a pull request. */
#include "cost/figures.h"
#include "diff/private.h"

#include <string.h>

enum { COSTS_SHOWN = 24 };

static const char *const colors[CHANGE_CLASS_COUNT] = {"\033[2m", "", "\033[33m", "\033[31m"};

static void add_colored(struct buffer *out, bool color, const char *code, const char *text)
{
    bool colored = color && code[0];
    buffer_addf(out, "%s%s%s", colored ? code : "", text, colored ? "\033[0m" : "");
}

static int count_follows(const struct spec_diff *diff, bool follows)
{
    int count = 0;
    for (int i = 0; i < diff->count; i++)
        count += diff->changes[i].follows == follows;
    return count;
}

/* Where nothing is to be told. */
static const char *nothing_words(const struct spec_diff *diff)
{
    return diff->same_bytes ? "no difference"
                            : "comments, layout or ways of writing only: it says the same";
}

static void add_errors(struct buffer *out, const struct diff_side *side)
{
    if (side->errors)
        buffer_addf(out, "%s has %d error%s: what could be read of it was compared\n", side->name,
                    side->errors, side->errors == 1 ? "" : "s");
}

/* ---- cost ---- */

static const char *money(const struct spec_diff *diff, struct rational amount)
{
    return figure_text(diff->arena, amount, figure_places(diff->after.spec), "");
}

static const char *price(const struct spec_diff *diff, bool sold, struct rational amount)
{
    return sold ? figure_text(diff->arena, amount, figure_places(diff->after.spec) - 2, "")
                : "none";
}

static const char *moved(const struct spec_diff *diff, const char *before, const char *after)
{
    return strcmp(before, after) == 0 ? after
                                      : arena_printf(diff->arena, "%s -> %s", before, after);
}

/* The cells of a row: SKU, quantity, cost, price, margin. */
static void cost_cells(const struct spec_diff *diff, const struct cost_change *cost,
                       const char *cells[5])
{
    struct arena *arena = diff->arena;
    bool before = cost->sold_before, after = cost->sold_after;

    cells[0] = cost->sku;
    cells[1] = figure_text(arena, cost->quantity, 0, "");
    cells[2] = moved(diff, money(diff, cost->cost_before), money(diff, cost->cost_after));
    cells[3] =
        moved(diff, price(diff, before, cost->price_before), price(diff, after, cost->price_after));
    cells[4] = moved(diff, before ? figure_percent(arena, cost->margin_before) : "none",
                     after ? figure_percent(arena, cost->margin_after) : "none");
}

static const char *const cost_titles[5] = {"SKU", "quantity", "cost a unit", "price", "margin"};

static long shown_costs(const struct spec_diff *diff)
{
    return diff->cost_count < COSTS_SHOWN ? diff->cost_count : COSTS_SHOWN;
}

static void add_costs(struct buffer *out, const struct spec_diff *diff)
{
    size_t widths[5];
    const char *cells[5];

    for (int c = 0; c < 5; c++)
        widths[c] = strlen(cost_titles[c]);
    for (long i = 0; i < shown_costs(diff); i++) {
        cost_cells(diff, &diff->costs[i], cells);
        for (int c = 0; c < 5; c++)
            widths[c] = strlen(cells[c]) > widths[c] ? strlen(cells[c]) : widths[c];
    }
    buffer_addf(out, "\nWhat it costs, in %s\n", shop_currency(diff->after.spec));
    for (long i = -1; i < shown_costs(diff); i++) {
        if (i >= 0)
            cost_cells(diff, &diff->costs[i], cells);
        buffer_add_char(out, ' ');
        for (int c = 0; c < 4; c++)
            buffer_addf(out, " %-*s ", (int)widths[c], i < 0 ? cost_titles[c] : cells[c]);
        buffer_addf(out, " %s\n", i < 0 ? cost_titles[4] : cells[4]);
    }
}

static void add_more_costs(struct buffer *out, const struct spec_diff *diff)
{
    if (diff->cost_count > COSTS_SHOWN)
        buffer_addf(out, "and %ld more; --format json has them all\n",
                    diff->cost_count - COSTS_SHOWN);
}

/* ---- a terminal ---- */

static void add_sentences(struct buffer *out, const struct spec_diff *diff, bool follows,
                          bool color)
{
    for (int class = CHANGE_CLASS_COUNT - 1; class >= 0; class --)
        for (int i = 0; i < diff->count; i++) {
            const struct change *change = &diff->changes[i];
            if ((int)change->class != class || change->follows != follows)
                continue;
            const char *label =
                arena_printf(diff->arena, "  %-20s  ", change_class_names[change->class]);
            add_colored(out, color, colors[class], label);
            buffer_addf(out, "%s\n", change->sentence);
        }
}

void diff_print_human(struct buffer *out, const struct spec_diff *diff, bool color)
{
    int own = count_follows(diff, false), follow = count_follows(diff, true);

    buffer_addf(out, "%s -> %s: ", diff->before.name, diff->after.name);
    if (diff->count)
        buffer_addf(out, "%d change%s, %s\n", own, own == 1 ? "" : "s",
                    change_class_names[diff_class(diff)]);
    else
        buffer_addf(out, "%s\n", nothing_words(diff));
    add_errors(out, &diff->before);
    add_errors(out, &diff->after);
    add_sentences(out, diff, false, color);
    if (follow)
        buffer_addf(out, "\nWhat follows from %s\n", own == 1 ? "it" : "them");
    add_sentences(out, diff, true, color);
    for (int i = 0; i < diff->voided_count; i++)
        buffer_addf(out, "\nVoids %s of %s: %s\n", diff->voided[i].approvals,
                    diff->voided[i].product->base.name, diff->voided[i].fields);
    if (diff->cost_count) {
        add_costs(out, diff);
        add_more_costs(out, diff);
    }
    if (!diff->costs_hold)
        buffer_add_text(out, "\nCosts are not compared: they cannot be reckoned on both sides\n");
}

/* ---- Markdown ---- */

/* A text as Markdown prints it: none of its signs means anything. */
static void add_plain(struct buffer *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        if (strchr("\\`*_{}[]<#|~", *at))
            buffer_add_char(out, '\\');
        buffer_add_char(out, *at == '\n' ? ' ' : *at);
    }
}

static void add_items(struct buffer *out, const struct spec_diff *diff, int class, bool follows)
{
    bool first = true;

    for (int i = 0; i < diff->count; i++) {
        const struct change *change = &diff->changes[i];
        if ((int)change->class != class || change->follows != follows)
            continue;
        if (first && !follows)
            buffer_addf(out, "\n**%c%s**\n\n", change_class_names[class][0] - 'a' + 'A',
                        change_class_names[class] + 1);
        first = false;
        buffer_add_text(out, "- ");
        add_plain(out, change->sentence);
        buffer_add_char(out, '\n');
    }
}

static void add_cost_table(struct buffer *out, const struct spec_diff *diff)
{
    const char *cells[5];

    buffer_addf(out, "\n**What it costs**, in %s\n\n|", shop_currency(diff->after.spec));
    for (int c = 0; c < 5; c++)
        buffer_addf(out, " %s |", cost_titles[c]);
    buffer_add_text(out, "\n|---|---:|---:|---:|---:|\n");
    for (long i = 0; i < shown_costs(diff); i++) {
        cost_cells(diff, &diff->costs[i], cells);
        buffer_add_char(out, '|');
        for (int c = 0; c < 5; c++) {
            buffer_add_char(out, ' ');
            add_plain(out, cells[c]);
            buffer_add_text(out, " |");
        }
        buffer_add_char(out, '\n');
    }
    if (diff->cost_count > COSTS_SHOWN)
        buffer_add_char(out, '\n');
    add_more_costs(out, diff);
}

void diff_print_markdown(struct buffer *out, const struct spec_diff *diff)
{
    buffer_add_text(out, "### ");
    add_plain(out, diff->after.name);
    buffer_addf(out, ": %s\n",
                diff->count ? change_class_names[diff_class(diff)] : nothing_words(diff));
    for (int side = 0; side < 2; side++)
        if ((side ? &diff->after : &diff->before)->errors) {
            buffer_add_char(out, '\n');
            add_errors(out, side ? &diff->after : &diff->before);
        }
    for (int class = CHANGE_CLASS_COUNT - 1; class >= 0; class --)
        add_items(out, diff, class, false);
    if (count_follows(diff, true))
        buffer_add_text(out, "\n**What follows**\n\n");
    for (int class = CHANGE_CLASS_COUNT - 1; class >= 0; class --)
        add_items(out, diff, class, true);
    for (int i = 0; i < diff->voided_count; i++) {
        buffer_add_text(out, "\n**Voids** ");
        add_plain(out, diff->voided[i].approvals);
        buffer_add_text(out, " of ");
        add_plain(out, diff->voided[i].product->base.name);
        buffer_add_text(out, ": ");
        add_plain(out, diff->voided[i].fields);
        buffer_add_char(out, '\n');
    }
    if (diff->cost_count)
        add_cost_table(out, diff);
}
