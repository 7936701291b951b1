#include "plan/first_come.h"

/* As many units as the batch takes: all, or where it is nearly full the largest number that is not refused. */
static bool add_line(const struct batch *batch, const struct order_line *line,
                     const struct first_come *how)
{
    struct answer answer = {0};
    int64_t unmade = line_unmade(line), count;

    for (count = unmade; count > 0; count--) {
        struct message command = {.kind = COMMAND_add_units};
        command.add_units =
            (struct add_units){batch->name, line->sku, count, line->order, line->line};
        if (!how->ask(&command, &answer, how->data))
            return false;
        if (answer.accepted)
            break;
    }
    if (how->told &&
        unmade) /* a refusal of a single unit says what is in its way whatever the number */
        how->told(line, count, count ? "" : answer.refusal, how->data);
    return true;
}

bool fill_first_come(const struct state *state, const struct batch *batch,
                     const struct first_come *how)
{
    for (int i = 0; i < state->lines.count; i++) { /* in the order in which they came */
        const struct order_line *line = state->lines.things[i];
        if (line->product == batch->product->name && !add_line(batch, line, how))
            return false;
    }
    return true;
}
