/* Private to check/: what the families share. */
#ifndef FLOW_CHECK_FAMILY_H
#define FLOW_CHECK_FAMILY_H

#include "check/check.h"
#include "spec/graph.h"

/* The families: what they ask of each product, and what they ask once of the whole spec. The rules of a product may use
   spec->scratch; it is emptied before the next product. */
void check_graph(struct spec *spec, const struct product *product);
void check_order(struct spec *spec, const struct product *product);
void check_content(struct spec *spec, const struct product *product);
void check_physics(struct spec *spec, const struct product *product);
void check_quality(struct spec *spec, const struct product *product);
void check_looseness(struct spec *spec, const struct product *product);
void check_sliced(struct spec *spec, const struct product *product);
void check_plate_room(struct spec *spec, const struct product *product);
void check_money(struct spec *spec, const struct product *product);
void check_packet(struct spec *spec, const struct product *product);
void check_names(struct spec *spec);
void check_files(struct spec *spec);
void check_parts_used(struct spec *spec);
void check_lone_parts(struct spec *spec);
void check_dimensions(struct spec *spec);
void check_standards(struct spec *spec);
void check_allowances(struct spec *spec);

/* The allowances of a step, part or product; NULL for others. */
const struct allowance *allowances_of(const struct declaration *owner);
/* Whether the owner allows the rule; the allowance then counts as used. */
bool is_allowed(enum rule rule, const struct declaration *owner);

/* The same, without counting as use: the step's own allowance or its product's. */
bool is_allowed_quietly(enum rule rule, const struct step *step);

/* A SKU and the way its units go. */
struct sku_graph {
    struct sku sku;
    struct graph *
        graph; /* shared by all SKUs that pass the same steps by; NULL where the workflow is not sound */
    bool first; /* of those with this graph */
};
struct sku_list {
    struct sku_graph *items;
    long count;
};
/* Whether every route could be read. Where not, a way that was found is one all the same; that there is no way is not
   sure. */
bool ways_are_known(const struct workflow *workflow);
/* The SKUs of a product that differ in anything a rule may ask, at least one; kept with the product while it is
   checked. */
const struct sku_list *distinct_skus(struct spec *spec, const struct product *product);

typedef void sku_visit(struct spec *spec, const struct product *product,
                       const struct sku_graph *of);
/* The product's graphs, once each, with the first SKU that has it; and its distinct SKUs. */
void for_each_graph(struct spec *spec, const struct product *product, sku_visit *visit);
void for_each_sku(struct spec *spec, const struct product *product, sku_visit *visit);

/* In which of the visited SKUs each mistake was seen; those that are not in all get a note that names one. */
struct sightings {
    struct sighting *list; /* in spec->scratch */
    const struct sku *sku;
    long visits;
};
void sightings_open(struct spec *spec, struct sightings *sightings);
void sightings_visit(struct sightings *sightings, const struct sku *sku);
void sighted(struct spec *spec, struct diagnostic *diagnostic);
void sightings_close(struct spec *spec);

/* A product that contains the part, NULL. */
const struct product *part_user(const struct spec *spec, const struct part *part);

/* The rules of `stack`, a file of their own beside the rest of physics. */
void check_stacks(struct spec *spec, const struct product *product);
/* "0.05 mm"; in the arena. */
const char *length_text(struct spec *spec, struct rational mm);

void check_leaks(struct spec *spec, const struct product *product, const struct packet *packet);

/* ---- ways ---- */

/* Breadth-first from the nodes marked in `from`; `stop` nodes are reached but not left. before[i] is the node i was
   reached from (-1: a start, -2: not reached). */
void ways_from(const struct graph *graph, const bool *from, const bool *stop, int *before);
/* "print -> touch_up -> cleanup": the shortest way that before[] found to a node. In the arena. */
const char *way_text(const struct graph *graph, const int *before, int to, struct arena *arena);
/* Keeps the way with the diagnostic; and also puts labels at the steps it passes, the last left out. */
void way_keep(struct spec *spec, struct diagnostic *diagnostic, const struct graph *graph,
              const int *before, int to);
void way_notes(struct spec *spec, struct diagnostic *diagnostic, const struct graph *graph,
               const int *before, int to);
/* The way leads back to where it begins. */
void way_close(struct spec *spec, struct diagnostic *diagnostic);

/* Whether the step's label names the batch. */
bool labels_batch(const struct step *step);

#endif
