/* In which SKUs a mistake was seen. What is so in every SKU is said plainly; what is so in some names one of them. */
#include "check/family.h"

struct sighting {
    struct sighting *next;
    struct diagnostic *diagnostic;
    const struct sku *first;
    long visits, last;
};

void sightings_open(struct spec *spec, struct sightings *sightings)
{
    *sightings = (struct sightings){0};
    spec->sightings = sightings;
}

void sightings_visit(struct sightings *sightings, const struct sku *sku)
{
    sightings->visits++;
    sightings->sku = sku;
}

void sighted(struct spec *spec, struct diagnostic *diagnostic)
{
    struct sightings *sightings = spec->sightings;
    if (!sightings || !diagnostic)
        return;
    struct sighting *one = sightings->list;
    while (one && one->diagnostic != diagnostic)
        one = one->next;
    if (!one) {
        one = ARENA_NEW(spec->scratch, struct sighting);
        *one = (struct sighting){sightings->list, diagnostic, sightings->sku, 0, 0};
        sightings->list = one;
    }
    one->visits += one->last != sightings->visits;
    one->last = sightings->visits;
}

void sightings_close(struct spec *spec)
{
    const struct sightings *sightings = spec->sightings;
    spec->sightings = NULL;
    for (const struct sighting *one = sightings->list; one; one = one->next)
        if (one->visits < sightings->visits)
            check_note(spec, one->diagnostic, SPAN_NONE, "so it is in `%s`%s, not in every SKU",
                       sku_code(spec, one->first, spec->scratch),
                       one->visits > 1 ? " and others" : "");
}
