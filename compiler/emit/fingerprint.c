/* The fingerprint of what an approval stands on. The canonical form is text: a line for each declaration, sorted by
   kind and name, with the fields that count; quantities in base units, texts with their quotes filled in, files by
   their bytes. docs/fingerprint.md describes it; a change here voids approvals, and raises FORM. */
#include "emit/emit.h"
#include "emit/model.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define FORM "flow fingerprint 1\n"

enum { FILE_SKUS_AT_MOST = 10000 };

struct canon {
    struct model_visitor visitor;
    const struct product *product;
    const struct simple *words_named; /* of void_on; NULL for the whole product */
    bool lane;                        /* what a print is made of and from counts besides */
    struct arena arena;
    struct buffer out;
    const struct declaration *declaration; /* whose fields are visited */
    bool whole_kind;                       /* the kind itself is named */
    const struct field_row *field;         /* visited now, in a line of work too */
    const struct field_row *outer;         /* of the declaration itself */
    int depth;                             /* inside a row that is wanted as a whole */
    struct fingerprint_fields *fields;     /* NULL: nobody asks for them */
    struct buffer words;                   /* of the row that is visited now, as people read it */
    const char *row;                       /* its own name, NULL if none */
    size_t row_begin;                      /* of its text in `out` */
    int level, base;                       /* how deep it is; where rows of this field begin */
    struct failure *failure;
    bool failed;
};

/* ---- what counts ---- */

static bool is_said(const struct canon *canon, const char *word)
{
    for (const struct simple *row = canon->words_named; row; row = row->next) {
        const char *named = value_word(&row->value, NULL);
        if (named && strcmp(named, word) == 0)
            return true;
    }
    return false;
}

/* Of parts, of print and cut steps, of machines. */
static const char *const lane_words[] = {"material", "with",  "model", "layer", "infill",
                                         "on",       "slice", "gcode", "nozzle"};

static bool is_named(const struct canon *canon, const char *word)
{
    bool named = is_said(canon, word);
    for (size_t i = 0; canon->lane && !named && i < sizeof lane_words / sizeof *lane_words; i++)
        named = strcmp(lane_words[i], word) == 0;
    return named;
}

/* What it sells for, who quotes it and how it is approved are no part of the thing. */
static bool is_terms(enum kind kind)
{
    return kind == KIND_price || kind == KIND_packet || kind == KIND_release || kind == KIND_shop;
}

static bool has_named_line(const struct canon *canon)
{
    for (int i = 0; i < kind_rows[KIND_do].field_count; i++)
        if (is_named(canon, kind_rows[KIND_do].fields[i].name))
            return true;
    return false;
}

static bool wants(struct model_visitor *visitor, const struct field_row *field)
{
    struct canon *canon = (struct canon *)visitor;
    const char *name = model_field_name(field, &canon->arena);
    bool public = !(field->flags & INTERNAL);

    bool wanted = canon->depth > 0 || is_named(canon, name) || (canon->whole_kind && public) ||
                  (!canon->words_named && public && !is_terms(canon->declaration->kind)) ||
                  (field->flags & HAS_BLOCK && has_named_line(canon));
    if (wanted)
        canon->field = field;
    if (wanted && field->kind != KIND_do)
        canon->outer = field;
    return wanted;
}

/* ---- the same, field by field, for people ---- */

static void note_field(struct canon *canon, const char *name, const char *words)
{
    struct fingerprint_fields *fields = canon->fields;
    size_t length = canon->out.length - canon->row_begin;

    if (!fields || !length)
        return;
    if (fields->count == fields->capacity) {
        int capacity = fields->capacity ? 2 * fields->capacity : 64;
        struct fingerprint_field *items =
            ARENA_ARRAY(fields->arena, struct fingerprint_field, capacity);
        if (fields->count)
            memcpy(items, fields->items, sizeof *items * (size_t)fields->count);
        fields->items = items;
        fields->capacity = capacity;
    }
    fields->items[fields->count++] = (struct fingerprint_field){
        name, arena_copy_text(fields->arena, words, strlen(words)),
        arena_copy_text(fields->arena, canon->out.text + canon->row_begin, length)};
}

/* "of part hook" */
static const char *named_after(const struct canon *canon, const char *field, const char *row)
{
    const struct declaration *of = canon->declaration;
    return arena_printf(canon->fields->arena, "%s%s%s of %s%s%s", field, row ? " " : "",
                        row ? row : "", kind_rows[of->kind].name, of->name ? " " : "",
                        of->name ? of->name : "");
}

static void begin_row(struct canon *canon)
{
    canon->row_begin = canon->out.length;
    buffer_clear(&canon->words);
    canon->row = NULL;
}

static void end_row(struct canon *canon)
{
    if (canon->fields && canon->outer)
        note_field(canon,
                   named_after(canon, model_field_name(canon->outer, &canon->arena), canon->row),
                   buffer_text(&canon->words));
}

/* What stands by itself, and not as the row of a field. */
static void note_extra(struct canon *canon, const char *field, const char *words)
{
    if (canon->fields)
        note_field(canon, named_after(canon, field, NULL), words);
}

static void add_words(struct canon *canon, const struct value *value)
{
    if (!canon->fields)
        return;
    if (canon->words.length)
        buffer_add_char(&canon->words, ' ');
    if (!value_is(value, VALUE_CHOICE)) {
        value_print(&canon->words, canon->visitor.spec, value, NULL);
        return;
    }
    for (int i = 0; i < value->choice->count; i++) {
        buffer_addf(&canon->words, "%s%s -> ", i ? ", " : "", value->choice->cases[i].key);
        value_print(&canon->words, canon->visitor.spec, &value->choice->cases[i].value, NULL);
    }
}

/* ---- files ---- */

static void add_file(struct canon *canon, const struct value *value)
{
    const struct product *product = canon->product;
    const char *before = "";
    char hex[65];

    for (long i = 0; i < product->sku_count && i < FILE_SKUS_AT_MOST && !canon->failed; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        const char *path =
            file_path(canon->visitor.spec, canon->declaration, value, &sku, &canon->arena);
        if (!path || strcmp(path, before) == 0)
            continue;
        before = path;
        if (!file_exists(path)) {
            buffer_add_text(&canon->out, "absent;");
            continue;
        }
        canon->failed = !file_sha256(path, hex, canon->failure);
        buffer_addf(&canon->out, "sha256:%s;", hex);
    }
}

static bool is_file_slot(const struct canon *canon, const char *key)
{
    return canon->field && strstr(canon->field->phrase, "<file>") &&
           (!key || strcmp(key, canon->field->name) == 0 || strcmp(key, "file") == 0);
}

/* ---- the visitor ---- */

/* Lines of work are passed through to the fields that are named in them. */
static bool passes_through(const struct canon *canon)
{
    return canon->outer && canon->outer->flags & HAS_BLOCK && has_named_line(canon);
}

static void open_any(struct model_visitor *visitor, const char *key, bool list)
{
    struct canon *canon = (struct canon *)visitor;

    if (list && canon->level == 0)
        canon->base = 1;
    else if (canon->level == canon->base)
        begin_row(canon);
    canon->level++;
    buffer_addf(&canon->out, " %s%s", key ? key : "", list ? "[" : "(");
    if (!passes_through(canon))
        canon->depth++;
}

static void close_any(struct model_visitor *visitor, bool list)
{
    struct canon *canon = (struct canon *)visitor;

    buffer_add_text(&canon->out, list ? " ]" : " )");
    if (canon->depth > 0)
        canon->depth--;
    canon->level--;
    if (canon->level == 0 && canon->base == 1)
        canon->base = 0; /* the list's end: no row's */
    else if (canon->level == canon->base)
        end_row(canon);
}

static void visit_value(struct model_visitor *visitor, const char *key, const struct value *value)
{
    struct canon *canon = (struct canon *)visitor;

    if (passes_through(canon) && key && strcmp(key, "text") == 0 && !canon->whole_kind &&
        !is_named(canon, "do"))
        return;
    if (canon->level == canon->base)
        begin_row(canon);
    buffer_addf(&canon->out, " %s=", key ? key : "");
    size_t begin = canon->out.length;
    bool file = is_file_slot(canon, key);
    if (file)
        add_file(canon, value);
    else
        value_canonical(&canon->out, canon->visitor.spec, value);
    if (canon->level == canon->base + 1 && key && strcmp(key, "name") == 0 &&
        value_is(value, VALUE_WORD))
        canon->row = value->word;
    else
        add_words(canon, value);
    const char *digest = file ? strstr(canon->out.text + begin, "sha256:") : NULL;
    if (digest && canon->fields) /* its name may stay while its bytes change */
        buffer_addf(&canon->words, " (%.19s)", digest);
    if (canon->level == canon->base)
        end_row(canon);
}

static void visit_word(struct model_visitor *visitor, const char *key, const char *word)
{
    struct canon *canon = (struct canon *)visitor;

    if (canon->level == canon->base)
        begin_row(canon);
    buffer_addf(&canon->out, " %s=%s", key ? key : "", word);
    if (canon->fields)
        buffer_addf(&canon->words, "%s%s", canon->words.length ? " " : "", word);
    if (canon->level == canon->base)
        end_row(canon);
}

/* ---- declarations ---- */

static void add_routes(struct canon *canon, const struct step *step)
{
    static const char *const targets[] = {
        [TARGET_STEP] = "step",
        [TARGET_SCRAP] = "scrap",
        [TARGET_QUARANTINE] = "quarantine",
        [TARGET_DONE] = "done",
    };

    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct route *route = step_route(step, i);
        if (!route->present || route->failed)
            continue;
        const char *to = route->target == TARGET_STEP && route->step ? route->step->base.name
                                                                     : targets[route->target];
        begin_row(canon);
        buffer_addf(&canon->out, " %s->%s", outcome_names[i], to);
        buffer_add_text(&canon->words, to);
        if (route->at_most) {
            value_canonical(&canon->out, canon->visitor.spec, route->at_most);
            buffer_add_text(&canon->words, " at most");
            add_words(canon, route->at_most);
        }
        note_extra(canon, outcome_names[i], buffer_text(&canon->words));
    }
}

/* The rows of an axis or of an `asks` that is named by its own name. */
static void add_named_axis(struct canon *canon, const struct axis *axis)
{
    if (!value_is(&axis->name, VALUE_WORD) || !is_said(canon, axis->name.word))
        return;
    begin_row(canon);
    buffer_addf(&canon->out, "axis %s:", axis->name.word);
    for (int i = 0; i < axis->count; i++) {
        buffer_add_char(&canon->out, ' ');
        value_canonical(&canon->out, canon->visitor.spec, &axis->cases[i]);
        add_words(canon, &axis->cases[i]);
    }
    note_extra(canon, axis->name.word, buffer_text(&canon->words));
    buffer_add_char(&canon->out, '\n');
}

static void add_named_ask(struct canon *canon, const struct ask *ask)
{
    if (!value_is(&ask->name, VALUE_WORD) || !is_said(canon, ask->name.word))
        return;
    begin_row(canon);
    buffer_addf(&canon->out, "asks %s: ", ask->name.word);
    value_canonical(&canon->out, canon->visitor.spec, &ask->title);
    buffer_add_char(&canon->out, ' ');
    value_canonical(&canon->out, canon->visitor.spec, &ask->limit);
    add_words(canon, &ask->title);
    if (!value_is(&ask->limit, VALUE_ABSENT))
        add_words(canon, &ask->limit);
    note_extra(canon, ask->name.word, buffer_text(&canon->words));
    buffer_add_char(&canon->out, '\n');
}

static void add_declaration(struct canon *canon, const struct declaration *declaration)
{
    const char *kind = kind_rows[declaration->kind].name;
    bool whole = !canon->words_named && !is_terms(declaration->kind);
    size_t begin = canon->out.length;

    canon->declaration = declaration;
    canon->whole_kind = is_named(canon, kind);
    canon->depth = 0;
    buffer_addf(&canon->out, "%s %s:", kind, declaration->name ? declaration->name : "");
    size_t head = canon->out.length;
    if ((whole || canon->whole_kind || is_named(canon, "title")) &&
        !value_is(&declaration->title, VALUE_ABSENT)) {
        begin_row(canon);
        buffer_add_text(&canon->out, " title=");
        value_canonical(&canon->out, canon->visitor.spec, &declaration->title);
        add_words(canon, &declaration->title);
        note_extra(canon, "title", buffer_text(&canon->words));
    }
    model_visit_fields(&canon->visitor, declaration, declaration->kind);
    if (kind_is_step(declaration->kind) && (whole || canon->whole_kind)) {
        const struct step *step = (const struct step *)(const void *)declaration;
        if (whole) {
            begin_row(canon);
            buffer_addf(&canon->out, " place=%d", step->index);
            buffer_addf(&canon->words, "%d", step->index + 1);
            note_extra(canon, "place", buffer_text(&canon->words));
        }
        add_routes(canon, step);
    }
    if (canon->out.length == head) {
        canon->out.length = begin; /* nothing of it counts */
        canon->out.text[begin] = '\0';
    } else {
        buffer_add_char(&canon->out, '\n');
    }
}

/* Where a declaration stands, and in which file, is layout. */
static int by_kind_and_name(const void *left, const void *right)
{
    const struct declaration *a = *(const struct declaration *const *)left;
    const struct declaration *b = *(const struct declaration *const *)right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int name = strcmp(a->name ? a->name : "", b->name ? b->name : "");
    return name ? name : (a->order > b->order) - (a->order < b->order);
}

/* Fills hex, and fields where they are asked for. */
static bool walk(const struct spec *spec, const struct product *product, bool lane, char hex[65],
                 struct fingerprint_fields *fields, struct failure *failure)
{
    struct canon canon = {
        .visitor = {open_any, close_any, visit_value, visit_word, wants, spec},
        .product = product,
        .words_named = product->release ? product->release->void_on : NULL,
        .lane = lane && product->release && product->release->void_on,
        .fields = fields,
        .declaration = &product->base,
        .failure = failure,
    };
    struct model_uses uses = model_uses_of(spec, product, &canon.arena);

    buffer_add_text(&canon.out, FORM);
    buffer_addf(&canon.out, "%s\n", product->base.name);
    qsort(uses.items, (size_t)uses.count, sizeof *uses.items, by_kind_and_name);
    for (const struct axis *axis = product->variant; axis; axis = axis->next)
        add_named_axis(&canon, axis);
    for (const struct ask *ask = product->asks; ask; ask = ask->next)
        add_named_ask(&canon, ask);
    for (int i = 0; i < uses.count; i++)
        add_declaration(&canon, uses.items[i]);
    sha256_hex(canon.out.text, canon.out.length, hex);
    buffer_free(&canon.out);
    buffer_free(&canon.words);
    arena_free(&canon.arena);
    return !canon.failed;
}

bool product_fingerprint(const struct spec *spec, const struct product *product, char hex[65],
                         struct failure *failure)
{
    return walk(spec, product, false, hex, NULL, failure);
}

bool product_fingerprint_fields(const struct spec *spec, const struct product *product,
                                struct arena *arena, struct fingerprint_fields *fields,
                                struct failure *failure)
{
    *fields = (struct fingerprint_fields){.arena = arena};
    return walk(spec, product, false, fields->hex, fields, failure);
}

bool product_lane_fields(const struct spec *spec, const struct product *product,
                         struct arena *arena, struct fingerprint_fields *fields,
                         struct failure *failure)
{
    *fields = (struct fingerprint_fields){.arena = arena};
    return walk(spec, product, true, fields->hex, fields, failure);
}
