/* The order of the work: nothing is worked on unseen, nothing leaves uncounted, unverified or unlabeled. Each rule is one
   search from the steps where the danger begins, stopped by the steps that end it; the way found is the witness. */
#include "check/family.h"

#include <string.h>

struct search {
    struct spec *spec;
    const struct product *product;
    const struct graph *graph;
    bool *from, *stop;
    bool *comes; /* a unit comes here at all; what it does not come to has been told of */
    int *before;
};

static struct search new_search(struct spec *spec, const struct product *product,
                                const struct graph *graph)
{
    struct search search = {.spec = spec, .product = product, .graph = graph};
    search.from = ARENA_ARRAY(spec->scratch, bool, graph->count);
    search.stop = ARENA_ARRAY(spec->scratch, bool, graph->count);
    search.comes = ARENA_ARRAY(spec->scratch, bool, graph->count);
    search.before = ARENA_ARRAY(spec->scratch, int, graph->count);
    graph_reachable(graph, search.comes, ARENA_ARRAY(spec->scratch, bool, graph->count),
                    spec->scratch);
    return search;
}

static void run(struct search *search)
{
    ways_from(search->graph, search->from, search->stop, search->before);
}

static enum kind kind_at(const struct graph *graph, int i)
{
    return graph->nodes[i].step->base.kind;
}

/* A step with checks that could not all be read may well count. */
static bool counts_pieces(const struct step *step)
{
    if (step->base.failed && (step->base.kind == KIND_inspect || step->base.kind == KIND_pack))
        return true;
    for (const struct check *check = step->check; check; check = check->next)
        if (check->form == CHECK_COUNT)
            return true;
    return false;
}

static struct diagnostic *witness(const struct search *search, enum rule rule, int at,
                                  const char *lacks)
{
    const struct step *step = search->graph->nodes[at].step;
    struct diagnostic *d = check_report(
        search->spec, rule, &step->base, &search->product->base, step->base.span, "%s: %s",
        way_text(search->graph, search->before, at, search->spec->scratch), lacks);
    way_notes(search->spec, d, search->graph, search->before, at);
    return d;
}

/* ---- late_screen ---- */

static void check_late_screen(struct spec *spec, const struct product *product,
                              const struct graph *graph)
{
    struct search search = new_search(spec, product, graph);
    for (int i = 0; i < graph->count; i++) {
        enum kind kind = kind_at(graph, i);
        bool work = kind == KIND_finish || kind == KIND_assemble || kind == KIND_pack;
        search.from[i] = search.comes[i] && (kind == KIND_print || kind == KIND_cut);
        /* what comes behind a step that is told of is told of with it; behind an allowed one it is looked on */
        search.stop[i] = kind == KIND_inspect ||
                         (work && !is_allowed_quietly(RULE_late_screen, graph->nodes[i].step));
    }
    run(&search);
    for (int i = 0; i < graph->count; i++) {
        enum kind kind = kind_at(graph, i);
        bool work = kind == KIND_finish || kind == KIND_assemble || kind == KIND_pack;
        if (!work || search.before[i] < 0)
            continue;
        struct diagnostic *d = witness(&search, RULE_late_screen, i, "no inspection between");
        check_help(spec, d, "put an inspect step in front of `%s`",
                   graph->nodes[i].step->base.name);
    }
}

/* ---- what must stand before ship ---- */

/* Reports each ship that a way reaches without passing a stop; a ship behind one that is told of is told of with it. */
static void check_ships(struct search *search, enum rule rule, const char *lacks, const char *help)
{
    for (int i = 0; i < search->graph->count; i++)
        if (kind_at(search->graph, i) == KIND_ship)
            search->stop[i] |= !is_allowed_quietly(rule, search->graph->nodes[i].step);
    run(search);
    for (int i = 0; i < search->graph->count; i++)
        if (kind_at(search->graph, i) == KIND_ship && search->before[i] != -2)
            check_help(search->spec, witness(search, rule, i, lacks), "%s", help);
}

static void check_count(struct spec *spec, const struct product *product, const struct graph *graph)
{
    struct search search = new_search(spec, product, graph);
    for (int i = 0; i < graph->count; i++)
        search.stop[i] = counts_pieces(graph->nodes[i].step);
    search.from[0] = true;
    check_ships(&search, RULE_no_count, "nobody counts",
                "add to an inspection or to the pack step: check count \"...\"");
}

static bool is_work(enum kind kind)
{
    return kind == KIND_print || kind == KIND_cut || kind == KIND_treat || kind == KIND_finish ||
           kind == KIND_assemble || kind == KIND_outsource;
}

static void check_verified(struct spec *spec, const struct product *product,
                           const struct graph *graph)
{
    struct search search = new_search(spec, product, graph);
    for (int i = 0; i < graph->count; i++) {
        search.from[i] = search.comes[i] && is_work(kind_at(graph, i));
        search.stop[i] = kind_at(graph, i) == KIND_inspect;
    }
    check_ships(&search, RULE_unverified_shipment, "no inspection after the last work",
                "put an inspect step behind the last work");
}

static void check_labeled(struct spec *spec, const struct product *product,
                          const struct graph *graph)
{
    struct search search = new_search(spec, product, graph);
    for (int i = 0; i < graph->count; i++)
        search.stop[i] = labels_batch(graph->nodes[i].step);
    search.from[0] = true;
    check_ships(&search, RULE_unlabeled_shipment, "no label names the batch",
                "add to the pack step: label ..., batch");
}

/* ---- no_first_article ---- */

static bool lists_part(const struct simple *rows, const struct part *part, const struct sku *sku)
{
    for (; rows; rows = rows->next)
        if (value_part(&rows->value, sku) == part)
            return true;
    return false;
}

static bool handles(const struct step *step, const struct part *part, const struct sku *sku)
{
    return lists_part(step->makes, part, sku) || lists_part(step->works, part, sku);
}

/* Whether two steps make or work a part that is the same. */
static bool share_part(const struct step *a, const struct step *b, const struct sku *sku)
{
    const struct simple *lists[] = {a->makes, a->works};
    for (int i = 0; i < 2; i++)
        for (const struct simple *row = lists[i]; row; row = row->next) {
            const struct part *part = value_part(&row->value, sku);
            if (part && handles(b, part, sku))
                return true;
        }
    return false;
}

/* An inspection that measures only other parts does not see the first piece of this step. */
static bool sees_first(const struct step *inspection, const struct step *of, const struct sku *sku)
{
    const struct sample *sample = inspection->sample;
    bool first = sample && (sample->form == SAMPLE_FIRST || sample->form == SAMPLE_FIRST_PER_BATCH);
    if (inspection->base.kind != KIND_inspect || !first)
        return false;
    for (const struct check *check = inspection->check; check; check = check->next)
        if (check->form != CHECK_DIMENSION || check->name.kind != VALUE_MEMBER ||
            handles(of, (const struct part *)check->name.member->declaration, sku))
            return true;
    return !inspection->check;
}

/* The ways from a cut or print on, up to the part's next one. */
static void follow_part(struct search *search, int at, bool prints, const struct sku *sku)
{
    const struct graph *graph = search->graph;
    const struct step *step = graph->nodes[at].step;
    for (int i = 0; i < graph->count; i++) {
        enum kind kind = kind_at(graph, i);
        search->from[i] = i == at;
        search->stop[i] = i != at && (kind == KIND_cut || (kind == KIND_print && prints)) &&
                          share_part(step, graph->nodes[i].step, sku);
    }
    run(search);
}

/* Whether some way comes to a first piece inspected. */
static bool first_is_seen(const struct search *search, const struct step *step,
                          const struct sku *sku)
{
    for (int i = 0; i < search->graph->count; i++)
        if (search->before[i] >= 0 && sees_first(search->graph->nodes[i].step, step, sku))
            return true;
    return false;
}

/* The rule is about a part: it may be allowed there as well as at the step. */
static bool is_allowed_by_part(enum rule rule, const struct step *step, const struct sku *sku)
{
    const struct simple *lists[] = {step->makes, step->works};
    bool any = false, all = true;
    for (int i = 0; i < 2; i++)
        for (const struct simple *row = lists[i]; row; row = row->next) {
            const struct part *part = value_part(&row->value, sku);
            any = true;
            all &= part && is_allowed(rule, &part->base);
        }
    return any && all;
}

static bool leads_to_done(const struct graph_node *node)
{
    for (int e = 0; e < node->edge_count; e++)
        if (node->edges[e].to == GRAPH_DONE)
            return true;
    return false;
}

/* Where a way ends that nobody inspected: the part's next cut or print, else the last step of the workflow's order. */
static int unseen_end(const struct search *search, int at)
{
    int end = at;
    for (int i = 0; i < search->graph->count; i++)
        if (search->before[i] >= 0 && search->stop[i])
            return i;
        else if (search->before[i] >= 0 && leads_to_done(&search->graph->nodes[i]))
            end = i;
    return end;
}

static void check_first_article(struct spec *spec, const struct product *product,
                                const struct sku_graph *of)
{
    struct search search = new_search(spec, product, of->graph);
    for (int i = 0; i < of->graph->count; i++) {
        const struct step *step = of->graph->nodes[i].step;
        bool cut = step->base.kind == KIND_cut,
             print = step->base.kind == KIND_print && product->release;
        if ((!cut && !print) || !search.comes[i] || step->base.failed)
            continue;
        follow_part(&search, i, print, &of->sku);
        if (first_is_seen(&search, step, &of->sku) ||
            is_allowed_by_part(RULE_no_first_article, step, &of->sku))
            continue;
        int end = unseen_end(&search, i);
        struct diagnostic *d = check_report(
            spec, RULE_no_first_article, &step->base, &product->base, step->base.span,
            "%s%snobody inspects the first piece of `%s` before the run goes on",
            search.stop[end] ? way_text(of->graph, search.before, end, spec->scratch) : "",
            search.stop[end] ? ": " : "", step->base.name);
        (search.stop[end] ? way_notes : way_keep)(spec, d, of->graph, search.before, end);
        check_help(spec, d, "add an inspect step behind it: sample first 1 per batch");
    }
}

/* ---- ungated_production ---- */

/* A release of nobody, and told of: it may be anybody's. */
static bool release_is_lost(const struct spec *spec)
{
    for (int i = 0; spec->diagnostics->errors && i < spec->declaration_count; i++)
        if (spec->declarations[i]->kind == KIND_release && !spec->declarations[i]->owner)
            return true;
    return false;
}

static void check_gated(struct spec *spec, const struct product *product)
{
    const struct release *release = product->release;
    if ((!release && release_is_lost(spec)) ||
        (release && (release->base.failed || (release->sample && release->approve))) ||
        (!product->packet_count && !(release && release->production)))
        return;
    struct span place = release ? release->base.span : product->packets[0]->base.span;
    struct diagnostic *d = check_report(
        spec, RULE_ungated_production, &product->base, NULL, place,
        product->packet_count ? "a packet goes out, and no approved sample stands before production"
                              : "production is allowed, and no approved sample stands before it");
    if (release)
        check_help(spec, d, "add to the release: %s",
                   release->sample ? "approve NAME by ROLE" : "sample COUNT");
    else
        check_help(spec, d, "add: release %s { sample COUNT; approve NAME by ROLE }",
                   product->base.name);
}

static void visit_order(struct spec *spec, const struct product *product,
                        const struct sku_graph *of)
{
    check_late_screen(spec, product, of->graph);
    check_count(spec, product, of->graph);
    check_verified(spec, product, of->graph);
    check_labeled(spec, product, of->graph);
    if (ways_are_known(product->workflow))
        check_first_article(spec, product, of);
}

void check_order(struct spec *spec, const struct product *product)
{
    for_each_graph(spec, product, visit_order);
    check_gated(spec, product);
}
