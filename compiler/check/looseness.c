/* Weak habits: what the spec leaves to whoever happens to stand at the bench. */
#include "check/family.h"
#include "check/models.h"

#include <ctype.h>
#include <string.h>

/* ---- vague words ---- */

static const char *const vague_words[] = {
    "properly",    "carefully",     "as needed",      "if needed",    "when needed",
    "as required", "if required",   "as necessary",   "if necessary", "where necessary",
    "appropriate", "appropriately", "as appropriate", "sufficient",   "sufficiently",
    "adequate",    "adequately",    "correctly",      "thoroughly",   "gently",
    "suitable",    "suitably",      "reasonable",     "reasonably",   "good enough",
    "well enough", "nicely",        "neatly",         "as usual",     "with care",
    "normally",    "satisfactory",  "acceptable",     "not too",      "a little",
    "a bit",       "some time",     "until it looks", "etc",
};

static bool word_at(const char *text, const char *begin, const char *word)
{
    size_t length = strlen(word);
    bool starts = begin == text || !isalnum((unsigned char)begin[-1]);
    return starts && strncasecmp(begin, word, length) == 0 &&
           !isalnum((unsigned char)begin[length]);
}

static const char *vague_word(const char *text)
{
    for (const char *at = text; *at; at++)
        for (size_t i = 0; i < sizeof vague_words / sizeof *vague_words; i++)
            if (tolower((unsigned char)*at) == vague_words[i][0] &&
                word_at(text, at, vague_words[i]))
                return vague_words[i];
    return NULL;
}

/* A number or a quoted value beside it is a measure. */
static bool has_measure(const struct text *text)
{
    return text->quotes || !text->plain || strpbrk(text->plain, "0123456789") != NULL;
}

static void check_vague(struct spec *spec, const struct declaration *owner,
                        const struct value *value)
{
    if (value->kind != VALUE_TEXT || has_measure(value->text))
        return;
    const char *word = vague_word(value->text->plain);
    if (!word)
        return;
    struct diagnostic *d =
        check_report(spec, RULE_vague_instruction, owner, owner ? owner->owner : NULL, value->span,
                     "\"%s\" leaves the measure to the reader", word);
    check_help(spec, d, "say a number, a gauge, or what one sees when it is right");
}

static void check_vague_lines(struct spec *spec, const struct declaration *owner,
                              const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        check_vague(spec, owner, &rows->text);
}

/* ---- steps ---- */

static bool instructions_timed(const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        if (rows->time)
            return true;
    return false;
}

static bool is_timed(const struct step *step)
{
    if (step->time || instructions_timed(step->do_))
        return true;
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (!standard || instructions_timed(standard->do_))
            return true;
    }
    return false;
}

static void check_step(struct spec *spec, const struct step *step)
{
    enum kind kind = step->base.kind;
    const struct declaration *product = step->base.owner;
    struct diagnostic *d;
    for (const struct check *check = step->check; check; check = check->next)
        check_vague(spec, &step->base, &check->text);
    check_vague_lines(spec, &step->base, step->do_);
    if (step->base.failed)
        return;
    if (kind == KIND_finish && !step->using && !step->do_) {
        d = check_report(spec, RULE_unstandardized_finish, &step->base, product, step->base.span,
                         "`%s` says neither a standard nor how it is done", step->base.name);
        check_help(spec, d, "add: using <standard>, or do \"...\"");
    }
    if (kind == KIND_assemble && !step->do_ && !step->using) {
        d = check_report(spec, RULE_undocumented_assembly, &step->base, product, step->base.span,
                         "`%s` does not say how it is put together", step->base.name);
        check_help(spec, d, "add: do \"...\" { ... }");
    }
    bool bench =
        kind == KIND_finish || kind == KIND_assemble || kind == KIND_inspect || kind == KIND_pack;
    if (bench && !is_timed(step)) {
        d = check_report(spec, RULE_untimed_step, &step->base, product, step->base.span,
                         "`%s` takes no time, so its labour is costed as nothing", step->base.name);
        check_help(spec, d, "add: time <duration> [per <basis>]");
    }
    bool somewhere = bench || kind == KIND_print || kind == KIND_cut || kind == KIND_treat ||
                     kind == KIND_ship || step->time || step->setup;
    if (somewhere && kind != KIND_outsource && kind != KIND_gate && !step->at) {
        d = check_report(spec, RULE_no_station, &step->base, product, step->base.span,
                         "`%s` is done at no station", step->base.name);
        check_help(spec, d, "add: at <station>");
    }
}

/* ---- models of a packet ---- */

/* The SHA-256 of the part's one model, as physics has read it; NULL where it has several or could not be read. */
static const char *model_sha256(struct spec *spec, const struct part *part)
{
    if (part->model->value.kind != VALUE_TEXT || part->model->value.text->quotes)
        return NULL;
    const char *path = file_path(spec, &part->base, &part->model->value, NULL, spec->scratch);
    const struct model *model = spec->models;
    while (model && !(path && strcmp(model->path, path) == 0))
        model = model->next;
    return model && *model->sha256 ? model->sha256 : NULL;
}

static void check_pins(struct spec *spec, const struct product *product)
{
    if (!product->packet_count)
        return;
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        if (!part || !part->model || part->pinned || part->base.failed)
            continue;
        struct diagnostic *d = check_report(
            spec, RULE_unpinned_model, &part->base, &product->base, part->base.span,
            "the model of `%s` goes into a packet and may still change", part->base.name);
        const char *sha256 = model_sha256(spec, part);
        if (sha256)
            check_help(spec, d, "as it is now: pinned \"%s\"", sha256);
        else
            check_help(spec, d, "`sha256sum` of the file gives the text for: pinned \"...\"");
    }
}

void check_looseness(struct spec *spec, const struct product *product)
{
    check_pins(spec, product);
    for (int i = 0; product->workflow && i < product->workflow->step_count; i++)
        check_step(spec, product->workflow->steps[i]);
}

void check_standards(struct spec *spec)
{
    for (int i = 0; i < spec->declaration_count; i++)
        if (spec->declarations[i]->kind == KIND_standard && !spec->declarations[i]->source->shared)
            check_vague_lines(spec, spec->declarations[i],
                              ((struct standard *)spec->declarations[i])->do_);
}
