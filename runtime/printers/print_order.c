#include "printers/print_order.h"

#include "printers/answers.h"

#include <stdio.h>

enum {
    LOOK_PAUSE_MS = 1000,
    AGAIN_AFTER_MS = 10000,  /* given, heard, and nothing shows it */
    UNHEARD_AFTER_MS = 3000, /* given, and whether it was heard is not known */
    REFUSALS_AT_MOST = 3,
    PATIENCE_MS = 10 * 60000 /* Klipper obeys when it has heated; that takes minutes */
};

static const char *const order_words[] = {
    [ORDER_PAUSE] = "paused", [ORDER_RESUME] = "resumed", [ORDER_CANCEL] = "cancelled"};

static void end(struct print_order *order, enum print_order_stage stage)
{
    order->stage = stage;
}

static void look_later(struct print_order *order, int64_t now_ms)
{
    order->stage = ORDER_LOOKS;
    order->report_call = 0;
    order->wake_ms = now_ms + LOOK_PAUSE_MS;
}

void print_order_begin(struct print_order *order, const struct protocol *protocol,
                       enum printer_order what, const char *name, int64_t now_ms)
{
    *order = (struct print_order){.protocol = protocol,
                                  .what = what,
                                  .name = name,
                                  .wake_ms = now_ms,
                                  .end_ms = now_ms + PATIENCE_MS};
}

bool print_order_next(struct print_order *order, int64_t now_ms, struct call *call)
{
    if (print_order_is_over(order) || order->called || now_ms < order->wake_ms)
        return false;
    *call = (struct call){.method = "GET"};
    order->called = true;
    if (order->stage == ORDER_GIVES) {
        order->given++;
        order->protocol->ask_order(order->what, &order->report, call);
        return true;
    }
    if (order->report_call == 0)
        order->collecting = unreported;
    order->protocol->ask_report(order->report_call, call);
    return true;
}

/* ---- what is heard ---- */

static bool shows_effect(const struct print_order *order)
{
    enum printer_state state = order->report.state;
    return order->what == ORDER_PAUSE    ? state == PRINTER_PAUSED
           : order->what == ORDER_RESUME ? state == PRINTER_PRINTING || state == PRINTER_STARTING
                                         : false; /* a cancelled print is not in hand any more */
}

static void not_in_hand(struct print_order *order)
{
    const struct printer_report *report = &order->report;
    if (order->given && order->what == ORDER_CANCEL) {
        end(order, ORDER_OBEYED);
        return;
    }
    snprintf(order->why, sizeof order->why, "%.100s is not in hand: the printer is %s%s%.60s",
             order->name, printer_state_words[report->state], *report->file ? " with " : "",
             report->file);
    end(order, ORDER_REFUSED);
}

static void out_of_patience(struct print_order *order)
{
    snprintf(order->why, sizeof order->why,
             "whether %.100s was %s is not known: the printer is %s; look at it", order->name,
             order_words[order->what], printer_state_words[order->report.state]);
    end(order, order->given ? ORDER_UNKNOWN : ORDER_REFUSED);
}

static void hear_report(struct print_order *order, int64_t now_ms)
{
    struct call call;
    const struct printer_report *report = &order->report;
    if (now_ms > order->end_ms)
        out_of_patience(order);
    else if (!printer_answers(report->state))
        look_later(order, now_ms);
    else if (!printer_works(report->state) || !report_has(report, order->name))
        not_in_hand(order);
    else if (shows_effect(order))
        end(order, ORDER_OBEYED);
    else if (order->refusals >= REFUSALS_AT_MOST)
        end(order, ORDER_REFUSED); /* why stands already */
    else if (now_ms >= order->again_ms && order->protocol->ask_order(order->what, report, &call))
        order->stage = ORDER_GIVES; /* at once: what was seen holds now */
    else
        look_later(order, now_ms);
}

static void hear_given(struct print_order *order, int64_t now_ms, const struct reply *reply)
{
    bool refused = reply->status >= 400 && reply->status < 500;
    look_later(order, now_ms);
    order->wake_ms = now_ms;
    order->again_ms = now_ms + (reply_is_good(reply) ? AGAIN_AFTER_MS : UNHEARD_AFTER_MS);
    order->refusals = refused ? order->refusals + 1 : 0;
    if (refused) {
        char words[120];
        reply_words(reply, words, sizeof words);
        snprintf(order->why, sizeof order->why, "the printer refuses it (%d%s%s)", reply->status,
                 *words ? ": " : "", words);
    }
}

void print_order_heard(struct print_order *order, int64_t now_ms, const struct reply *reply)
{
    struct call next;
    order->called = false;
    if (order->stage == ORDER_GIVES) {
        hear_given(order, now_ms, reply);
        return;
    }
    bool more = order->protocol->hear_report(order->report_call, reply, &order->collecting);
    if (more && order->protocol->ask_report(++order->report_call, &next))
        return;
    order->report = order->collecting;
    hear_report(order, now_ms);
}
