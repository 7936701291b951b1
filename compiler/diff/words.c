/* How things are called in a sentence. */
#include "diff/private.h"

#include <string.h>

/* Words that are only the place of a value: who reads them would learn nothing. */
static bool says_nothing(const char *key)
{
    static const char *const keys[] = {"amount", "value",    "size",    "count", "number", "terms",
                                       "money",  "currency", "defects", "cases", "breaks", "price",
                                       "length", "what",     "target",  "class", "basis",  "role",
                                       "reason", "file",     "limit",   "text",  "form",   "title"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

const char *label_words(const char *key, struct arena *arena)
{
    static const char *const labels[][2] = {{"at", "station"},       {"on", "machine"},
                                            {"by", "signature"},     {"using", "standard"},
                                            {"void_on", "void_on"},  {"of", "scope"},
                                            {"sell", "price"},       {"holds", "tolerance"},
                                            {"only", "restriction"}, {"documentation", "comment"},
                                            {"at_most", "limit"},    {"expect", "expected share"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i][0], key) == 0)
            return labels[i][1];
    char *words = arena_copy_text(arena, key, strlen(key));
    for (char *at = words; *at; at++)
        if (*at == '_')
            *at = ' ';
    return words;
}

static bool is_of_product(enum kind kind)
{
    return kind == KIND_workflow || kind == KIND_release || kind == KIND_price ||
           kind == KIND_packet;
}

const char *declaration_words(const struct spec *spec, const struct declaration *of,
                              struct arena *arena)
{
    const char *kind = kind_is_step(of->kind) ? "step" : kind_rows[of->kind].name;

    if (of->kind == KIND_let)
        kind = "let";
    if (of->kind == KIND_packet && ((const struct packet *)(const void *)of)->packet_name)
        return arena_printf(arena, "packet %s of %s",
                            ((const struct packet *)(const void *)of)->packet_name, of->name);
    if (is_of_product(of->kind))
        return arena_printf(arena, "%s of %s", kind, of->name);
    return arena_printf(arena, "%s %s", kind, owner_words(spec, of, arena));
}

const char *owner_words(const struct spec *spec, const struct declaration *of, struct arena *arena)
{
    if (!of->name)
        return kind_rows[of->kind].name;
    if (!kind_is_step(of->kind) || spec->product_count < 2)
        return of->name;
    const struct step *step = (const struct step *)(const void *)of;
    return arena_printf(arena, "%s (%s)", of->name, step->workflow->product->base.name);
}

const char *slot_subject(const struct comparing *at, const char *subject, const char *key)
{
    struct arena *arena = at->diff->arena;

    if (!key || says_nothing(key))
        return subject;
    return arena_printf(arena, "%s of %s", label_words(key, arena), subject);
}

/* The name of a row as it is written: "bore" of "->hook.bore" is "hook.bore". */
static const char *row_name(const struct fact *row, struct arena *arena)
{
    static const char *const keys[] = {"name",     "what",    "rule",      "currency",
                                       "quantity", "outcome", "dimension", "basis"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct fact *child = fact_child(row, keys[i]);
        if (child)
            return child->words;
    }
    const char *name = row->name ? row->name : row->words;
    return arena_copy_text(arena, name, strlen(name));
}

const char *row_subject(const struct comparing *at, const char *list, const char *subject,
                        const struct fact *row)
{
    static const struct {
        const char *list, *format; /* of the row's name and the owner */
    } forms[] = {
        {"dimension", "%s of %s"},
        {"contains", "count of %s in %s"},
        {"spare", "count of spare %s in %s"},
        {"consume", "count of %s in %s"},
        {"plate", "count of %s on a plate of %s"},
        {"check", "check %s of %s"},
        {"fee", "fee %s of %s"},
        {"route", "%s of %s"},
        {"variant", "%s of %s"},
        {"approve", "approval %s of %s"},
        {"stack", "stack %s of %s"},
        {"record", "record %s of %s"},
        {"asks", "question %s of %s"},
        {"allow", "exception %s of %s"},
        {"exchange", "exchange rate of %s in %s"},
        {"disclose", "disclosure of %s in %s"},
    };
    struct arena *arena = at->diff->arena;

    if (strcmp(list, "do") == 0)
        return arena_printf(arena, "line %d of %s", at->line, at->owner);
    if (strcmp(list, "breaks") == 0)
        return arena_printf(arena, "price of %s%s", row_name(row, arena), at->cases);
    if (strcmp(list, "sell") == 0)
        return arena_printf(arena, "price%s", at->cases);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].list, list) == 0) {
            const char *of = strcmp(list, "consume") == 0 ? subject : at->owner;
            struct buffer words = {0};
            const char *percent = strstr(forms[i].format, "%s");
            buffer_add(&words, forms[i].format, (size_t)(percent - forms[i].format));
            buffer_add_text(&words, row_name(row, arena));
            const char *second = strstr(percent + 2, "%s");
            buffer_add(&words, percent + 2, (size_t)(second - percent - 2));
            buffer_add_text(&words, of);
            const char *copy = arena_copy_text(arena, words.text, words.length);
            buffer_free(&words);
            return copy;
        }
    return subject;
}

/* "2 x cap" */
static const char *counted_words(const struct fact *row, struct arena *arena)
{
    const struct fact *what = fact_child(row, "what"), *count = fact_child(row, "count");
    const struct fact *units = fact_child(row, "per_units"), *basis = fact_child(row, "basis");

    if (!what || !count)
        return row->words;
    return arena_printf(arena, "%s x %s%s%s%s%s%s", what->words, count->words, units ? " per " : "",
                        units ? units->words : "", units ? " units" : "", basis ? " per " : "",
                        basis ? basis->words : "");
}

static const char *check_words(const struct fact *row, struct arena *arena)
{
    const struct fact *name = fact_child(row, "name"), *text = fact_child(row, "text");
    const struct fact *defects = fact_child(row, "defects"), *class = fact_child(row, "class");

    if (defects && name)
        return arena_printf(arena, "%s: none of %s", name->words, defects->words);
    if (!text)
        return name ? name->words : row->words;
    return arena_printf(arena, "%s: %s%s%s", name ? name->words : "count", text->words,
                        class ? " " : "", class ? class->words : "");
}

const char *row_words(struct comparing *at, const char *list, const struct fact *row)
{
    struct arena *arena = at->diff->arena;

    if (row->form != FACT_OBJECT)
        return row->words;
    if (strcmp(list, "check") == 0)
        return check_words(row, arena);
    if (strcmp(list, "route") == 0) {
        const struct fact *target = fact_child(row, "target"), *most = fact_child(row, "at_most"),
                          *expect = fact_child(row, "expect");
        return arena_printf(arena, "%s%s%s%s%s", target->words, most ? " at most " : "",
                            most ? most->words : "", expect ? " expect " : "",
                            expect ? expect->words : "");
    }
    if (fact_child(row, "what") && fact_child(row, "count"))
        return counted_words(row, arena);
    const struct fact *text = strcmp(list, "do") == 0 ? fact_child(row, "text") : NULL;
    return text ? text->words : row->words;
}
