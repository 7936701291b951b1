/* Names: what is declared, and who sees what. */
#include "spec/binder.h"

#include "base/memory.h"

#include <ctype.h>
#include <string.h>

/* Sizes of the structs, by kind. */
static size_t size_of(enum kind kind)
{
    if (kind_is_step(kind))
        return sizeof(struct step);
    switch (kind) {
#define K(name, named, documentation)                                                              \
    case KIND_##name:                                                                              \
        return sizeof(struct name);
        TOP_KINDS(K)
#undef K
    case KIND_let:
        return sizeof(struct let);
    default:
        return sizeof(struct declaration);
    }
}

static void remember(struct binder *binder, struct declaration *declaration)
{
    if (binder->all_count == binder->all_capacity) {
        int capacity = binder->all_capacity ? binder->all_capacity * 2 : 64;
        struct declaration **all = ARENA_ARRAY(binder->spec.arena, struct declaration *, capacity);
        if (binder->all_count)
            memcpy(all, binder->all, sizeof *all * (size_t)binder->all_count);
        binder->all = all;
        binder->all_capacity = capacity;
    }
    declaration->order = binder->all_count;
    binder->all[binder->all_count++] = declaration;
}

struct declaration *declare(struct binder *binder, enum kind kind, struct entry *entry,
                            struct source *source, struct declaration *owner)
{
    struct declaration *declaration = arena_alloc(binder->spec.arena, size_of(kind));
    declaration->kind = kind;
    declaration->entry = entry;
    declaration->span = entry->span;
    declaration->name_span = entry_head_span(entry);
    declaration->source = source;
    declaration->owner = owner;
    declaration->documentation = entry->documentation;
    declaration->failed = entry->failed;
    remember(binder, declaration);
    return declaration;
}

static void report_duplicate(struct binder *binder, const struct declaration *declaration,
                             const struct declaration *first, const char *what)
{
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d = report(list, RULE_duplicate_name, declaration->name_span,
                                  "%s `%s` is declared twice", what, declaration->name);
    if (first)
        add_label(list, d, first->name_span, "first declared here");
}

/* Puts the name into its scope; the second of a name is reported and left out. What is there comes before what a line
   that could not be read may have declared. */
static bool enter(struct binder *binder, const void *scope, struct declaration *declaration)
{
    struct declaration *first = map_get(&binder->names, scope, declaration->name);
    if (first && (first->kind != KIND_none || declaration->kind == KIND_none)) {
        if (declaration->kind != KIND_none)
            report_duplicate(binder, declaration, first, kind_rows[declaration->kind].name);
        return false;
    }
    map_put(&binder->names, scope, declaration->name, declaration);
    return true;
}

/* The head's items: NAME and, where the kind has one, a title. */
static bool take_name(struct binder *binder, struct declaration *declaration, bool titled)
{
    const struct node *item = declaration->entry->items;
    struct diagnostics *list = binder->spec.diagnostics;
    const char *kind = kind_rows[declaration->kind].name;
    if (!item || item->kind != NODE_NAME) {
        if (!declaration->entry->failed && !(item && item->failed)) {
            struct diagnostic *d = report(list, RULE_bad_phrase,
                                          item ? item->span : entry_head_span(declaration->entry),
                                          "a %s has a name", kind);
            set_help(list, d, "write: %s NAME%s", kind, titled ? " [\"title\"]" : "");
        }
        declaration->failed = true;
        return false;
    }
    declaration->name = item->name;
    declaration->name_span = item->span;
    return true;
}

static void check_title(struct binder *binder, struct declaration *declaration,
                        const struct node *rest)
{
    if (rest && rest->kind == NODE_TEXT)
        rest = rest->next;
    if (!rest || declaration->entry->failed)
        return;
    struct diagnostics *list = binder->spec.diagnostics;
    const char *kind = kind_rows[declaration->kind].name;
    struct diagnostic *d =
        report(list, RULE_bad_phrase, rest->span, "this does not belong to the head of a %s", kind);
    set_help(list, d, "write: %s %s [\"title\"] { ... }", kind, declaration->name);
}

/* ---- what could not be read ---- */

static void declare_nothing(struct binder *binder, const void *scope, struct entry *entry,
                            struct source *source, const char *name)
{
    struct declaration *nothing = declare(binder, KIND_none, entry, source, NULL);
    nothing->name = name;
    nothing->failed = true;
    enter(binder, scope, nothing);
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A line that could not be taken may have declared a name: whoever uses it stays silent. Where the reader kept no name,
   the line's own words are taken: `station = saw` declares no one knows what, but nothing that it does not mention. */
void declare_unknown(struct binder *binder, const void *scope, struct entry *entry,
                     struct source *source)
{
    const struct node *item = entry->items;
    if (item && item->kind == NODE_NAME) {
        declare_nothing(binder, scope, entry, source, item->name);
        return;
    }
    uint32_t at = entry->span.begin - source->base, words = 0;
    while (at < source->length && source->text[at] != '\n' && words < 16) {
        uint32_t begin = at;
        while (at < source->length && is_word_byte(source->text[at]))
            at++;
        if (at > begin && !isdigit((unsigned char)source->text[begin]) && words++)
            declare_nothing(binder, scope, entry, source,
                            intern(binder->spec.names, source->text + begin, at - begin));
        at += at == begin;
    }
}

/* ---- products and what belongs to them ---- */

static void declare_axes(struct binder *binder, struct product *product)
{
    struct entry *entries = product->base.entry->block;
    for (struct entry *entry = entries; entry; entry = entry->next) {
        if (!entry->head || !entry->items || entry->items->kind != NODE_NAME)
            continue;
        const char *near = entry->kind == ENTRY_FIELD && !field_find(KIND_product, entry->head)
                               ? field_suggest(KIND_product, entry->head)
                               : NULL;
        if (near && (strcmp(near, "variant") == 0 || strcmp(near, "asks") == 0))
            field_meant(binder, KIND_product, entries, entry); /* parts ask for it before */
        bool axis = strcmp(entry->head, "variant") == 0;
        if (!axis && strcmp(entry->head, "asks"))
            continue;
        /* an axis is told from what the customer gives by the mark */
        void *mark = axis ? (void *)&binder->axes : (void *)&binder->names;
        map_put(&binder->axes, product, entry->items->name, mark);
        if (!map_get(&binder->axes, NULL, entry->items->name))
            map_put(&binder->axes, NULL, entry->items->name, mark);
    }
}

static struct workflow *new_workflow(struct binder *binder, struct product *product,
                                     struct entry *entry, struct source *source)
{
    struct workflow *workflow =
        (struct workflow *)declare(binder, KIND_workflow, entry, source, &product->base);
    workflow->base.name = product->base.name;
    workflow->product = product;
    product->workflow = workflow;
    return workflow;
}

static void declare_inside(struct binder *binder, struct product *product)
{
    bool steps = false;
    for (struct entry *entry = product->base.entry->block; entry; entry = entry->next) {
        if (!entry->head || entry->kind == ENTRY_ROUTE)
            continue;
        enum kind kind = kind_inside(binder, entry, true);
        if (kind == KIND_part && entry->kind == ENTRY_FIELD) {
            struct declaration *part =
                declare(binder, KIND_part, entry, product->base.source, &product->base);
            if (take_name(binder, part, true) && enter(binder, product, part))
                check_title(binder, part, entry->items->next);
        }
        steps |= kind_is_step(kind);
    }
    if (steps && !product->workflow)
        new_workflow(binder, product, product->base.entry, product->base.source);
}

static void declare_product(struct binder *binder, struct product *product)
{
    declare_axes(binder, product);
    declare_inside(binder, product);
}

/* ---- the top level ---- */

static void declare_entry(struct binder *binder, struct entry *entry, struct source *source);

static void report_unknown_kind(struct binder *binder, struct entry *entry, struct source *source)
{
    struct diagnostics *list = binder->spec.diagnostics;
    enum kind kind = kind_find(entry->head);
    struct diagnostic *d;
    if (kind_is_step(kind) || kind == KIND_do) {
        d = report(list, RULE_unknown_kind, entry_head_span(entry),
                   "`%s` cannot stand outside a workflow", entry->head);
        set_help(list, d, "put it into `workflow PRODUCT { ... }`");
    } else if (entry->kind == ENTRY_ROUTE) {
        d = report(list, RULE_unknown_kind, entry_head_span(entry),
                   "a route cannot stand outside a step");
        set_help(list, d, "put it into the step it leaves");
    } else {
        report_misspelt(binder, entry, "kind", kind_suggest(entry->head, false));
        if (kind_rows[kind_find(entry->head)].top) {
            declare_entry(binder, entry, source);
            return;
        }
        /* without a name and a block it may have been a `use` */
        binder->incomplete |=
            !entry->has_block && !(entry->items && entry->items->kind == NODE_NAME);
    }
    declare_unknown(binder, NULL, entry, source);
}

static void declare_entry(struct binder *binder, struct entry *entry, struct source *source)
{
    if (entry->kind == ENTRY_ERROR || !entry->head) {
        declare_unknown(binder, NULL, entry, source);
        return;
    }
    enum kind kind = entry->kind == ENTRY_LET     ? KIND_let
                     : entry->kind == ENTRY_ROUTE ? KIND_none
                                                  : kind_find(entry->head);
    if (entry->kind == ENTRY_LET) {
        struct declaration *let = declare(binder, KIND_let, entry, source, NULL);
        let->name = entry->head;
        enter(binder, NULL, let);
        return;
    }
    if (!kind_rows[kind].top) {
        report_unknown_kind(binder, entry, source);
        return;
    }
    struct declaration *declaration = declare(binder, kind, entry, source, NULL);
    declaration->failed |= is_muted(binder->spec.diagnostics, entry->span);
    if (!take_name(binder, declaration, kind_rows[kind].named))
        return;
    if (!kind_rows[kind].named)
        return; /* whose it is is looked up when all products are known */
    if (!enter(binder, NULL, declaration))
        declaration->failed = true;
    check_title(binder, declaration, entry->items->next);
    if (kind == KIND_shop) {
        if (!binder->spec.shop)
            binder->spec.shop = (struct shop *)declaration;
        else if (binder->spec.shop->base.name != declaration->name)
            report_duplicate(binder, declaration, &binder->spec.shop->base, "a second shop");
    }
    if (kind == KIND_product)
        declare_product(binder, (struct product *)declaration);
}

void declare_file(struct binder *binder, struct file_tree *file)
{
    for (struct entry *entry = file->entries; entry; entry = entry->next)
        if (!entry->head || entry->kind != ENTRY_FIELD ||
            (strcmp(entry->head, "use") && strcmp(entry->head, "edition")))
            declare_entry(binder, entry, file->source);
}

/* ---- whose workflow, release, price, packet ---- */

static struct product *product_named(struct binder *binder, struct declaration *declaration)
{
    struct declaration *found = map_get(&binder->names, NULL, declaration->name);
    struct scope scope = {declaration, NULL, NULL};
    if (!found) {
        report_unknown(binder, &scope, declaration->name_span, declaration->name, KIND_product);
        return NULL;
    }
    mention(found, declaration->name_span);
    if (found->kind == KIND_product)
        return (struct product *)found;
    if (found->kind != KIND_none) {
        struct diagnostic *d =
            report(binder->spec.diagnostics, RULE_wrong_kind, declaration->name_span,
                   "`%s` is a %s, not a product", found->name, kind_rows[found->kind].name);
        add_label(binder->spec.diagnostics, d, found->name_span, "declared here");
    }
    return NULL;
}

static bool take_packet_name(struct binder *binder, struct packet *packet, struct product *product)
{
    const struct node *rest = packet->base.entry->items->next;
    if (rest && rest->kind == NODE_NAME) {
        packet->packet_name = rest->name;
        rest = rest->next;
    }
    check_title(binder, &packet->base, rest);
    for (int i = 0; i < product->packet_count; i++)
        if (product->packets[i]->packet_name == packet->packet_name) {
            report_duplicate(binder, &packet->base, &product->packets[i]->base, "the packet of");
            return false;
        }
    return true;
}

static void add_packet(struct binder *binder, struct product *product, struct packet *packet)
{
    struct packet **packets =
        ARENA_ARRAY(binder->spec.arena, struct packet *, product->packet_count + 1);
    for (int i = 0; i < product->packet_count; i++)
        packets[i] = product->packets[i];
    packets[product->packet_count++] = packet;
    product->packets = packets;
}

static void attach(struct binder *binder, struct declaration *declaration)
{
    struct product *product = product_named(binder, declaration);
    if (!product) {
        declaration->failed = true;
        return;
    }
    declaration->owner = &product->base;
    if (declaration->kind == KIND_packet) {
        if (take_packet_name(binder, (struct packet *)declaration, product))
            add_packet(binder, product, (struct packet *)declaration);
        return;
    }
    check_title(binder, declaration, declaration->entry->items->next);
    struct declaration *first =
        declaration->kind == KIND_workflow  ? (struct declaration *)product->workflow
        : declaration->kind == KIND_release ? (struct declaration *)product->release
                                            : (struct declaration *)product->price;
    if (first) {
        report_duplicate(binder, declaration, first,
                         declaration->kind == KIND_workflow  ? "the workflow of"
                         : declaration->kind == KIND_release ? "the release of"
                                                             : "the price of");
        declaration->failed = true;
        declaration->owner = NULL;
    } else if (declaration->kind == KIND_workflow) {
        product->workflow = (struct workflow *)declaration;
        product->workflow->product = product;
    } else if (declaration->kind == KIND_release) {
        product->release = (struct release *)declaration;
    } else {
        product->price = (struct price *)declaration;
    }
}

void attach_all(struct binder *binder)
{
    int count = binder->all_count; /* steps are declared on the way */
    for (int i = 0; i < count; i++) {
        struct declaration *declaration = binder->all[i];
        enum kind kind = declaration->kind;
        if ((kind == KIND_workflow || kind == KIND_release || kind == KIND_price ||
             kind == KIND_packet) &&
            !declaration->owner && declaration->name)
            attach(binder, declaration);
    }
}

/* A step's name is seen in its workflow. */
void declare_step_name(struct binder *binder, struct step *step)
{
    if (take_name(binder, &step->base, true) && enter(binder, step->workflow, &step->base))
        check_title(binder, &step->base, step->base.entry->items->next);
}

/* ---- looking up ---- */

static _Thread_local struct {
    void (*noted)(void *context, const struct mention *mention);
    void *context;
} listener;

void spec_mentions_listen(void (*noted)(void *context, const struct mention *mention),
                          void *context)
{
    listener.noted = noted;
    listener.context = context;
}

void mention(struct declaration *what, struct span span)
{
    what->used = true;
    if (listener.noted)
        listener.noted(listener.context, &(struct mention){span, what, NULL, SPAN_NONE});
}

void mention_member(const struct declaration *what, const struct node *node)
{
    uint32_t length = (uint32_t)strlen(node->name);
    struct span span = {node->span.end - length, node->span.end};
    if (listener.noted)
        listener.noted(listener.context, &(struct mention){span, what, node->name, SPAN_NONE});
}

void mention_own(const struct product *product, struct span span, struct span own)
{
    if (listener.noted)
        listener.noted(listener.context, &(struct mention){span, &product->base, NULL, own});
}

struct declaration *lookup(struct binder *binder, const struct scope *scope, const char *name)
{
    struct declaration *found = NULL;
    if (scope->product)
        found = map_get(&binder->names, scope->product, name);
    if (!found)
        found = map_get(&binder->names, NULL, name);
    return found;
}

/* Ten thousand misspellings need no ten thousand searches. */
#define COMPARISONS_AT_MOST 1000000

void report_unknown(struct binder *binder, const struct scope *scope, struct span span,
                    const char *name, enum kind kind)
{
    if (binder->incomplete)
        return;
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d = report(list, RULE_unknown_name, span, "nothing is called `%s`", name);
    const char *best = NULL;
    int nearest = 1000;
    size_t length = strlen(name);
    for (int i = 0; i < binder->all_count && binder->suggestions < COMPARISONS_AT_MOST; i++) {
        const struct declaration *other = binder->all[i];
        bool seen = !other->owner || (scope->product && other->owner == &scope->product->base);
        if (!other->name || other->kind == KIND_none || !seen)
            continue;
        if (kind_is_step(other->kind) ? !scope->workflow : !kind_rows[other->kind].named)
            continue;
        size_t other_length = strlen(other->name),
               gap = length > other_length ? length - other_length : other_length - length;
        if (gap > 1 && gap > length / 3)
            continue; /* too far away to be meant */
        binder->suggestions++;
        int distance =
            edit_distance(name, other->name) * 2 + (kind != KIND_none && other->kind != kind);
        if (distance < nearest)
            nearest = distance, best = other->name;
    }
    if (best && close_enough(name, nearest / 2)) {
        set_help(list, d, "did you mean `%s`?", best);
        add_fix(list, d, FIX_LIKELY, span, best, "write `%s`", best);
    }
}
