/* What may stand in an entry: names of the right kind, fields and dimensions of them, cases, words, units, rules, files. */
#include "flowc/lsp/completion.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* ---- declared names ---- */

static const char *title_of(struct completion *completion, const struct declaration *declaration)
{
    const struct value *title = &declaration->title;
    return title->kind == VALUE_TEXT
               ? value_string(completion->spec, title, NULL, &completion->server->scratch)
               : NULL;
}

/* Names at the top, and those of the product at hand. */
static bool is_seen(const struct completion *completion, const struct declaration *declaration)
{
    if (!declaration->owner || declaration->owner->kind != KIND_product)
        return !kind_is_step(declaration->kind);
    return completion->product && declaration->owner == &completion->product->base;
}

static void complete_declaration(struct completion *completion,
                                 const struct declaration *declaration, int rank)
{
    const char *title = title_of(completion, declaration);
    const char *kind = kind_rows[declaration->kind].name;
    const char *detail =
        title ? arena_printf(&completion->server->scratch, "%s, %s", title, kind) : kind;
    enum item_kind shown = declaration->kind == KIND_let     ? ITEM_CONSTANT
                           : kind_is_step(declaration->kind) ? ITEM_METHOD
                                                             : ITEM_REFERENCE;
    offer(completion, (struct offer){declaration->name, shown, detail, declaration->documentation,
                                     .rank = rank});
}

static bool fits(enum kind asked, enum kind kind)
{
    return asked == kind || (asked == KIND_FIRST_STEP && kind_is_step(kind));
}

void complete_kind(struct completion *completion, enum kind kind)
{
    const struct spec *spec = completion->spec;
    for (int i = 0; spec && i < spec->declaration_count; i++) {
        const struct declaration *declaration = spec->declarations[i];
        if (fits(kind, declaration->kind) && is_seen(completion, declaration))
            complete_declaration(completion, declaration, 1);
    }
    const struct workflow *workflow = completion->product ? completion->product->workflow : NULL;
    for (int i = 0; kind_is_step(kind) && workflow && i < workflow->step_count; i++)
        if (kind == KIND_FIRST_STEP || workflow->steps[i]->base.kind == kind)
            complete_declaration(completion, &workflow->steps[i]->base, 1);
}

void complete_any_name(struct completion *completion)
{
    const struct spec *spec = completion->spec;
    complete_axes(completion, false);
    for (int i = 0; spec && i < spec->declaration_count; i++) {
        const struct declaration *declaration = spec->declarations[i];
        bool named = kind_rows[declaration->kind].named || declaration->kind == KIND_let;
        if (named && is_seen(completion, declaration))
            complete_declaration(completion, declaration, declaration->kind == KIND_let ? 1 : 2);
    }
}

/* ---- name.field, part.dimension ---- */

static const char *word_so_far(struct completion *completion)
{
    const struct context *context = &completion->context;
    return arena_copy_text(&completion->server->scratch, context->text + context->word_begin,
                           context->offset - context->word_begin);
}

static void complete_dimensions(struct completion *completion, const struct part *part)
{
    for (const struct dimension_row *row = part->dimension; row; row = row->next) {
        if (row->name.kind != VALUE_WORD)
            continue;
        const char *label =
            arena_printf(&completion->server->scratch, "%s.%s", part->base.name, row->name.word);
        const char *class = value_word(&row->class, NULL);
        offer(completion,
              (struct offer){label, ITEM_PROPERTY, class ? class : "dimension", .rank = 1});
    }
}

static void complete_fields_of(struct completion *completion, const struct declaration *declaration)
{
    const struct kind_row *row = &kind_rows[declaration->kind];
    for (int i = 0; i < row->field_count; i++)
        if (!row->fields[i].special)
            offer(completion,
                  (struct offer){arena_printf(&completion->server->scratch, "%s.%s",
                                              declaration->name, field_name(&row->fields[i])),
                                 ITEM_FIELD, field_phrase(&row->fields[i]),
                                 row->fields[i].documentation, .rank = 2});
}

/* Behind a point what its name has; else the dimensions of all parts. */
void complete_members(struct completion *completion)
{
    const struct spec *spec = completion->spec;
    const char *word = word_so_far(completion), *point = strchr(word, '.');
    for (int i = 0; spec && i < spec->declaration_count; i++) {
        const struct declaration *declaration = spec->declarations[i];
        bool named = point && declaration->name &&
                     strlen(declaration->name) == (size_t)(point - word) &&
                     strncmp(declaration->name, word, (size_t)(point - word)) == 0;
        if (!is_seen(completion, declaration) || (point && !named))
            continue;
        if (declaration->kind == KIND_part)
            complete_dimensions(completion, (const struct part *)declaration);
        if (named && kind_rows[declaration->kind].named)
            complete_fields_of(completion, declaration);
    }
}

/* ---- variants ---- */

static void each_axis(struct completion *completion,
                      void (*found)(struct completion *completion, const struct axis *axis,
                                    const void *context),
                      const void *context)
{
    const struct spec *spec = completion->spec;
    for (int i = 0; spec && i < spec->product_count; i++) {
        const struct product *product = spec->products[i];
        for (int k = 0; k < product->axis_count; k++)
            if (!completion->product || completion->product == product)
                found(completion, product->axes[k], context);
    }
}

static void complete_cases_of(struct completion *completion, const struct axis *axis,
                              const void *name)
{
    for (int i = 0; i < axis->count; i++)
        if (axis->cases[i].kind == VALUE_WORD && (!name || strcmp(axis->name.word, name) == 0))
            offer(completion, (struct offer){axis->cases[i].word, ITEM_ENUM_MEMBER, axis->name.word,
                                             .rank = 1});
}

void complete_cases(struct completion *completion, const char *axis)
{
    each_axis(completion, complete_cases_of, axis);
}

/* `by size: small -> ..., large -> ...` */
static const char *choice_snippet(struct completion *completion, const struct axis *axis)
{
    struct buffer text = {0};
    buffer_addf(&text, "by %s: ", axis->name.word);
    for (int i = 0; i < axis->count; i++)
        buffer_addf(&text, "%s%s -> $%d", i ? ", " : "", axis->cases[i].word, i + 1);
    const char *copy = arena_copy_text(&completion->server->scratch, text.text, text.length);
    buffer_free(&text);
    return copy;
}

static void complete_axis(struct completion *completion, const struct axis *axis,
                          const void *with_by)
{
    struct arena *arena = &completion->server->scratch;
    bool snippet = completion->server->snippets && with_by;
    const char *label = with_by ? arena_printf(arena, "by %s", axis->name.word) : axis->name.word;
    const char *text = snippet   ? choice_snippet(completion, axis)
                       : with_by ? arena_printf(arena, "%s: ", label)
                                 : NULL;
    offer(completion, (struct offer){label, ITEM_VARIABLE, "axis", NULL, text, snippet, 3});
}

void complete_axes(struct completion *completion, bool with_by)
{
    each_axis(completion, complete_axis, with_by ? completion : NULL);
}

/* ---- words, rules ---- */

void complete_words(struct completion *completion)
{
    complete_axes(completion, false);
    for (const char *word = "qr\0title\0order\0customer\0due\0date\0quantity\0serial\0batch\0";
         *word; word += strlen(word) + 1)
        offer(completion, (struct offer){word, ITEM_VALUE, "word", .rank = 1});
    static const enum kind kinds[] = {KIND_product, KIND_part, KIND_material};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int i = 0; i < kind_rows[kinds[k]].field_count; i++)
            offer(completion,
                  (struct offer){kind_rows[kinds[k]].fields[i].name, ITEM_FIELD,
                                 kind_rows[kinds[k]].name,
                                 kind_rows[kinds[k]].fields[i].documentation, .rank = 2});
}

void complete_rules(struct completion *completion)
{
    for (int i = 0; i < RULE_COUNT; i++)
        if (rule_rows[i].allowable)
            offer(completion, (struct offer){rule_rows[i].name, ITEM_VALUE, rule_rows[i].family,
                                             rule_rows[i].summary, .rank = 1});
}

/* ---- units ---- */

const char *units_of_type(const char *type)
{
    static const struct {
        const char *type, *units;
    } rows[] = {{"duration", "s min h day workday week"},
                {"length", "mm um cm m in ft"},
                {"roughness", "um mm"},
                {"mass", "g kg mg oz lb"},
                {"temp", "degC degF K"},
                {"angle", "deg"},
                {"power", "W kW"},
                {"torque", "N*m N*cm N*mm"},
                {"money", "$"},
                {"money/time", "$/h $/min"},
                {"money/mass", "$/kg $/g"},
                {"money/energy", "$/kWh"},
                {"mass/volume", "g/cm^3 kg/m^3"},
                {"ratio", "%"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].type, type) == 0)
            return rows[i].units;
    return NULL;
}

void complete_units(struct completion *completion, const struct slot_type *type)
{
    struct arena *arena = &completion->server->scratch;
    const char *units = type ? units_of_type(type->name) : NULL;
    const char *currency = completion->spec ? shop_currency(completion->spec) : "";
    for (int i = 0; !type && unit_name_at(i); i++)
        offer(completion, (struct offer){unit_name_at(i), ITEM_UNIT, .rank = 1});
    while (units && *units) {
        size_t length = strcspn(units, " ");
        bool money = *units == '$';
        const char *unit =
            arena_printf(arena, "%s%.*s", money ? (*currency ? currency : "USD") : "",
                         (int)length - money, units + money);
        offer(completion, (struct offer){unit, ITEM_UNIT, type->name, .rank = 1});
        units += length + (units[length] == ' ');
    }
}

/* ---- files ---- */

/* The text so far, from its quote. */
static const char *text_so_far(struct completion *completion)
{
    const struct context *context = &completion->context;
    const struct ahead *ahead = &context->ahead;
    uint32_t begin = ahead->tokens[ahead->count - 1].begin + 1;
    return begin > context->offset
               ? ""
               : arena_copy_text(&completion->server->scratch, context->text + begin,
                                 context->offset - begin);
}

void complete_files(struct completion *completion)
{
    struct arena *arena = &completion->server->scratch;
    const char *so_far = text_so_far(completion), *slash = strrchr(so_far, '/');
    const char *folder = path_folder(arena, completion->document->path);
    if (slash)
        folder = path_join(arena, folder, arena_copy_text(arena, so_far, (size_t)(slash - so_far)));
    uint32_t length = (uint32_t)strlen(slash ? slash + 1 : so_far);
    json_decref(completion->range); /* a file's name has points and more */
    completion->range = lined_range(
        completion->server, document_lines((struct document *)(uintptr_t)completion->document),
        completion->context.offset - length, completion->context.offset);
    int count;
    char **names = folder_list(arena, folder, &count);
    for (int i = 0; i < count; i++) {
        if (names[i][0] == '.')
            continue;
        bool is_folder = folder_exists(path_join(arena, folder, names[i]));
        const char *text = is_folder ? arena_printf(arena, "%s/", names[i]) : names[i];
        offer(completion, (struct offer){text, is_folder ? ITEM_FOLDER : ITEM_FILE, .rank = 1});
    }
}

static void complete_modules_in(struct completion *completion, const char *folder,
                                const char *prefix)
{
    struct arena *arena = &completion->server->scratch;
    int count;
    char **names = folder_list(arena, folder, &count);
    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(names[i], '.');
        if (names[i][0] == '.')
            continue;
        if (!dot && !*prefix)
            complete_modules_in(completion, path_join(arena, folder, names[i]),
                                arena_printf(arena, "%s.", names[i]));
        else if (dot && (strcmp(dot, ".flow") == 0 || strcmp(dot, ".yaml") == 0) && *prefix)
            offer(completion, (struct offer){arena_printf(arena, "%s%.*s", prefix,
                                                          (int)(dot - names[i]), names[i]),
                                             ITEM_FILE, "module", .rank = 1});
    }
}

/* Behind `use`: what ships with the tool, or a file in quotes. */
void complete_modules(struct completion *completion)
{
    const char *specs = specs_folder(&completion->server->scratch);
    if (specs)
        complete_modules_in(completion, specs, "");
    if (completion->server->snippets)
        offer(completion, (struct offer){"\"file.flow\"", ITEM_FILE, "a file beside this one", NULL,
                                         "\"$1\"", true, 0});
}
