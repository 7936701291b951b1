/* A declaration's facts, gathered by the walk that spec.json and the fingerprint use. */
#include "diff/facts.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_SKUS_AT_MOST = 10000 };

struct gatherer {
    struct model_visitor visitor;
    struct arena *arena;
    const struct declaration *declaration;
    uint32_t own_end; /* where what it says itself ends; 0 where all of it is its own */
    const struct field_row *field; /* visited now, inside a line of work too */
    struct fact *at;               /* what is open */
};

static const char *kept(struct arena *arena, struct buffer *text)
{
    const char *copy = arena_copy_text(arena, buffer_text(text), text->length);
    buffer_free(text);
    return copy;
}

/* ---- one fact ---- */

static struct fact *add_fact(struct gatherer *gatherer, enum fact_form form, const char *key)
{
    struct fact *fact = ARENA_NEW(gatherer->arena, struct fact);
    struct fact *parent = gatherer->at;

    fact->form = form;
    fact->key = key ? arena_copy_text(gatherer->arena, key, strlen(key)) : NULL;
    fact->parent = parent;
    if (parent && parent->last)
        parent->last->next = fact;
    else if (parent)
        parent->children = fact;
    if (parent)
        parent->last = fact;
    return fact;
}

/* References by the name that stands in the spec, which is what its writer knows; all else as it is read. */
static void add_words(struct buffer *out, const struct spec *spec, const struct value *value)
{
    if (value_is(value, VALUE_REFERENCE))
        buffer_add_text(out, value->declaration->name);
    else if (value_is(value, VALUE_MEMBER))
        buffer_addf(out, "%s.%s", value->member->declaration->name, value->member->name);
    else if (value_is(value, VALUE_TEXT)) {
        buffer_add_char(out, '"');
        value_print(out, spec, value, NULL);
        buffer_add_char(out, '"');
    } else if (value_is(value, VALUE_CHOICE)) {
        for (int i = 0; i < value->choice->count; i++) {
            buffer_addf(out, "%s%s -> ", i ? ", " : "", value->choice->cases[i].key);
            add_words(out, spec, &value->choice->cases[i].value);
        }
    } else
        value_print(out, spec, value, NULL);
}

/* Blanks between words do not count, those inside a text do. */
static const char *written_text(const struct spec *spec, struct span span, struct arena *arena)
{
    if (!span.begin || span.end <= span.begin)
        return NULL;
    const char *text = span_text(spec->sources, span);
    size_t length = text ? span.end - span.begin : 0;
    struct buffer out = {0};
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
        if (quoted || !strchr(" \t\r\n", text[i]))
            buffer_add_char(&out, text[i]);
        else if (out.length && out.text[out.length - 1] != ' ')
            buffer_add_char(&out, ' ');
    }
    return kept(arena, &out);
}

/* Behind the `}` of a declaration, by its text: of a large file the trees of the workflows are gone by now. */
static uint32_t end_of(const struct declaration *declaration)
{
    const struct source *source = declaration->source;
    uint32_t at = declaration->span.end - source->base;
    int depth = 0;
    bool quoted = false;

    for (; at < source->length; at++) {
        char c = source->text[at];
        if (c == '"')
            quoted = !quoted;
        else if (quoted && c == '\\')
            at++;
        else if (!quoted && c == '#')
            while (at + 1 < source->length && source->text[at + 1] != '\n')
                at++;
        else if (!quoted && c == '\n' && depth == 0)
            break; /* it has no block */
        else if (!quoted && c == '{')
            depth++;
        else if (!quoted && c == '}' && --depth <= 0)
            break;
    }
    return source->base + at;
}

/* Where a declaration that is like another one ends; 0 where it is like none, so that all it says is its own. */
static uint32_t own_end(const struct declaration *declaration)
{
    bool is_step = kind_is_step(declaration->kind);
    const struct step *step = (const struct step *)(const void *)declaration;

    if (!declaration->source || (!declaration->like && !(is_step && step->workflow->base.like)))
        return 0;
    return is_step && step->inherited ? declaration->span.begin : end_of(declaration);
}

static bool is_inherited(const struct gatherer *gatherer, struct span span)
{
    return gatherer->own_end && span.begin &&
           (span.begin < gatherer->declaration->span.begin || span.begin >= gatherer->own_end);
}

/* ---- files: by their bytes ---- */

static bool is_file_slot(const struct gatherer *gatherer, const char *key)
{
    const struct field_row *field = gatherer->field;
    return field && strstr(field->phrase, "<file>") &&
           (!key || strcmp(key, field->name) == 0 || strcmp(key, "file") == 0);
}

static const struct product *product_of(const struct spec *spec,
                                        const struct declaration *declaration)
{
    if (kind_is_step(declaration->kind))
        return ((const struct step *)(const void *)declaration)->workflow->product;
    if (declaration->kind == KIND_product)
        return (const struct product *)(const void *)declaration;
    const struct user *user = spec_users(spec, declaration);
    return user ? user->product : NULL;
}

/* Each file once, whatever the SKUs that share it. */
static const char *digest_of(const struct gatherer *gatherer, const struct value *value)
{
    const struct spec *spec = gatherer->visitor.spec;
    const struct product *product = product_of(spec, gatherer->declaration);
    long count = product ? product->sku_count : 1;
    struct buffer out = {0};
    struct arena arena = {0};
    struct interner seen;

    interner_open(&seen, &arena);
    for (long i = 0; i < count && i < FILE_SKUS_AT_MOST; i++) {
        struct sku sku;
        struct failure failure;
        char hex[65];
        if (product)
            sku_at(product, i, &sku);
        const char *path =
            file_path(spec, gatherer->declaration, value, product ? &sku : NULL, &arena);
        if (!path || intern_find(&seen, path, strlen(path)))
            continue;
        intern(&seen, path, strlen(path));
        bool there = file_exists(path) && file_sha256(path, hex, &failure);
        buffer_addf(&out, "%s;", there ? hex : "absent");
    }
    interner_close(&seen);
    arena_free(&arena);
    return kept(gatherer->arena, &out);
}

/* ---- the visitor ---- */

static bool note_field(struct model_visitor *visitor, const struct field_row *field)
{
    struct gatherer *gatherer = (struct gatherer *)visitor;
    gatherer->field = field;
    return true;
}

static void fill_value(struct gatherer *gatherer, struct fact *fact, const struct value *value)
{
    const struct spec *spec = gatherer->visitor.spec;
    struct buffer words = {0}, canonical = {0};

    add_words(&words, spec, value);
    value_canonical(&canonical, spec, value);
    fact->value = value;
    fact->words = kept(gatherer->arena, &words);
    fact->canonical = kept(gatherer->arena, &canonical);
    fact->span = value->span;
    fact->written = written_text(spec, value->span, gatherer->arena);
    if (gatherer->declaration)
        fact->inherited = is_inherited(gatherer, value->span);
}

static void gather_value(struct model_visitor *visitor, const char *key, const struct value *value)
{
    struct gatherer *gatherer = (struct gatherer *)visitor;
    struct fact *fact = add_fact(gatherer, FACT_VALUE, key);

    fill_value(gatherer, fact, value);
    fact->name = fact->canonical;
    if (is_file_slot(gatherer, key)) {
        fact->digest = digest_of(gatherer, value);
        fact->canonical = arena_printf(gatherer->arena, "%s#%s", fact->canonical, fact->digest);
    }
}

static void gather_word(struct model_visitor *visitor, const char *key, const char *word)
{
    struct gatherer *gatherer = (struct gatherer *)visitor;
    struct fact *fact = add_fact(gatherer, FACT_WORD, key);

    fact->words = fact->canonical = arena_copy_text(gatherer->arena, word, strlen(word));
    fact->name = fact->canonical;
}

static void gather_open(struct model_visitor *visitor, const char *key, bool list)
{
    struct gatherer *gatherer = (struct gatherer *)visitor;
    gatherer->at = add_fact(gatherer, list ? FACT_LIST : FACT_OBJECT, key);
}

/* What a row is known by while its other slots change. A line of work has nothing but its place. */
static const char *name_of_row(const struct fact *row)
{
    static const char *const keys[] = {"name",     "what",      "rule",  "currency",
                                       "quantity", "dimension", "basis", "file"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct fact *child = fact_child(row, keys[i]);
        if (child)
            return child->name;
    }
    const struct fact *cases = fact_child(row, "for");
    if (cases)
        return cases->canonical;
    return fact_child(row, "breaks") ? "" : NULL; /* a sell line without cases is for all */
}

static void gather_close(struct model_visitor *visitor, bool list)
{
    struct gatherer *gatherer = (struct gatherer *)visitor;
    struct fact *fact = gatherer->at;
    struct buffer words = {0}, canonical = {0};

    for (const struct fact *child = fact->children; child; child = child->next) {
        bool silent = child->form == FACT_WORD && !list; /* a form is no word of the phrase */
        if (!silent && child->words[0])
            buffer_addf(&words, "%s%s", words.length ? (list ? ", " : " ") : "", child->words);
        buffer_addf(&canonical, "%s=%s;", child->key ? child->key : "", child->canonical);
        fact->span = span_join(fact->span, child->span);
        fact->inherited = fact->inherited || child->inherited;
    }
    fact->words = kept(gatherer->arena, &words);
    fact->canonical = kept(gatherer->arena, &canonical);
    if (!list)
        fact->name = name_of_row(fact);
    gatherer->at = (struct fact *)fact->parent;
}

const struct fact *fact_child(const struct fact *fact, const char *key)
{
    for (const struct fact *child = fact ? fact->children : NULL; child; child = child->next)
        if (child->key && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

/* ---- routes: where they say something that the rule without them does not ---- */

static bool goes_by_rule(const struct step *step, const struct route *route)
{
    bool plain = !route->at_most && !route->expect;
    bool last = step->index + 1 == step->workflow->step_count;

    if (!route->present || !route->written)
        return true;
    if (route->outcome == OUTCOME_FAILURE)
        return plain && route->target == TARGET_QUARANTINE;
    if (route->outcome != OUTCOME_PASS && route->outcome != OUTCOME_APPROVE)
        return false;
    return plain && (last ? route->target == TARGET_DONE
                          : route->target == TARGET_STEP && route->step &&
                                route->step == step->workflow->steps[step->index + 1]);
}

static const char *target_words(const struct route *route)
{
    static const char *const words[] = {[TARGET_STEP] = "nowhere",
                                        [TARGET_SCRAP] = "scrap",
                                        [TARGET_QUARANTINE] = "quarantine",
                                        [TARGET_DONE] = "done"};
    return route->target == TARGET_STEP && route->step ? route->step->base.name
                                                       : words[route->target];
}

static void gather_route(struct gatherer *gatherer, const struct step *step, int outcome)
{
    struct model_visitor *visitor = &gatherer->visitor;
    const struct route *route = step_route(step, outcome);

    if (route->failed || goes_by_rule(step, route))
        return;
    gather_open(visitor, NULL, false);
    gather_word(visitor, "outcome", outcome_names[outcome]);
    gather_word(visitor, "target", target_words(route));
    if (route->at_most)
        gather_value(visitor, "at_most", route->at_most);
    if (route->expect)
        gather_value(visitor, "expect", route->expect);
    struct fact *row = gatherer->at;
    gather_close(visitor, false);
    row->span = route->span;
    row->name = outcome_names[outcome];
    row->inherited = is_inherited(gatherer, route->span);
}

static void gather_routes(struct gatherer *gatherer, const struct step *step)
{
    gatherer->field = NULL;
    gather_open(&gatherer->visitor, "route", true);
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (kind_rows[step->base.kind].outcomes & 1u << outcome)
            gather_route(gatherer, step, outcome);
    gather_close(&gatherer->visitor, true);
}

/* ---- a declaration ---- */

struct fact *facts_of(const struct spec *spec, const struct declaration *declaration,
                      struct arena *arena)
{
    struct gatherer gatherer = {
        .visitor = {gather_open, gather_close, gather_value, gather_word, note_field, spec},
        .arena = arena,
        .declaration = declaration,
        .own_end = own_end(declaration),
    };
    struct fact *root;

    gather_open(&gatherer.visitor, declaration->name, false);
    root = gatherer.at;
    if (!value_is(&declaration->title, VALUE_ABSENT))
        gather_value(&gatherer.visitor, "title", &declaration->title);
    if (declaration->documentation)
        gather_word(&gatherer.visitor, "documentation", declaration->documentation);
    if (declaration->kind == KIND_let)
        gather_value(&gatherer.visitor, "value",
                     &((const struct let *)(const void *)declaration)->value);
    model_visit_fields(&gatherer.visitor, declaration, declaration->kind);
    if (kind_is_step(declaration->kind))
        gather_routes(&gatherer, (const struct step *)(const void *)declaration);
    gather_close(&gatherer.visitor, false);
    return root;
}

struct fact *fact_of_value(const struct spec *spec, const struct value *value, const char *key,
                           struct arena *arena)
{
    struct gatherer gatherer = {.visitor = {.spec = spec}, .arena = arena};
    struct fact *fact = add_fact(&gatherer, FACT_VALUE, key);

    fill_value(&gatherer, fact, value);
    fact->name = fact->canonical;
    return fact;
}
