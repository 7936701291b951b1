/* What a packet is about: the one answer for the checker, which proves that it gives nothing away, and for the document. */
#include "spec/spec.h"

static bool lists(const struct simple *rows, const struct declaration *what)
{
    for (; rows; rows = rows->next)
        if (value_declaration(&rows->value, NULL) == what)
            return true;
    return false;
}

bool packet_asks_for(const struct packet *packet, const struct declaration *what)
{
    return !packet->of || lists(packet->of, what);
}

bool packet_asks_for_part(const struct packet *packet, const struct product *product,
                          const struct part *part)
{
    const struct workflow *workflow = product->workflow;
    if (packet_asks_for(packet, &part->base))
        return true;
    for (int i = 0; workflow && i < workflow->step_count; i++) {
        const struct step *step = workflow->steps[i];
        if (packet_asks_for(packet, &step->base) &&
            (lists(step->makes, &part->base) || lists(step->works, &part->base)))
            return true;
    }
    return false;
}

bool packet_prints_step(const struct packet *packet, const struct step *step)
{
    return packet_asks_for(packet, &step->base) || lists(packet->inspection, &step->base) ||
           lists(packet->packaging, &step->base);
}
