/* Files: the main one, what it uses, and what those use. */
#include "spec/binder.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT ((size_t)95 << 20)

/* A file that is being read: to find circles. */
struct loading {
    const struct loading *outer;
    const char *path;
};

struct loader {
    struct binder *binder;
    struct map done; /* path -> its file: each is read once */
    bool specs_lost; /* it has been said that the shipped specs are not found */
    int capacity;
};

static void add_file(struct loader *loader, struct file_tree *file)
{
    struct spec *spec = &loader->binder->spec;
    if (spec->file_count == loader->capacity) {
        loader->capacity = loader->capacity ? loader->capacity * 2 : 16;
        struct file_tree **files = ARENA_ARRAY(spec->arena, struct file_tree *, loader->capacity);
        if (spec->file_count)
            memcpy(files, spec->files, sizeof *files * (size_t)spec->file_count);
        spec->files = files;
    }
    spec->files[spec->file_count++] = file;
}

/* ---- the edition ---- */

static void check_edition(struct binder *binder, const struct file_tree *file)
{
    const struct entry *first = file->entries;
    struct diagnostics *list = binder->spec.diagnostics;
    if (file->fatal)
        return;
    if (first && (first->kind == ENTRY_ERROR || first->failed))
        return;
    if (!first || !first->head || strcmp(first->head, "edition")) {
        struct span start = {file->source->base, file->source->base};
        struct span at = first ? entry_head_span(first) : start;
        struct diagnostic *d =
            report(list, RULE_edition_missing, at, "the first entry of a file is `edition 1`");
        if (first && first->head &&
            close_enough(first->head, edit_distance(first->head, "edition"))) {
            set_help(list, d, "did you mean `edition`?");
            add_fix(list, d, FIX_LIKELY, at, "edition", "write `edition`");
            take_as(binder, file->entries, "edition");
            return;
        }
        set_help(list, d, "write `edition 1` above it");
        add_fix(list, d, FIX_CERTAIN, (struct span){at.begin, at.begin}, "edition 1\n",
                "write `edition 1`");
        return;
    }
    const struct node *item = first->items;
    struct span digits = SPAN_NONE, unit;
    if (item && item->kind == NODE_NUMBER)
        quantity_texts(binder->spec.sources, item, &digits, &unit);
    bool one = item && !item->next && digits.end - digits.begin == 1 &&
               *span_text(binder->spec.sources, digits) == '1';
    if (!one) {
        struct diagnostic *d = report(list, RULE_edition_unknown, item ? item->span : first->span,
                                      "this tool knows edition 1 and no other");
        set_help(list, d, "write `edition 1`");
    }
}

/* ---- use ---- */

static bool is_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* std.machines -> "std/machines"; NULL if the node is no name. */
static const char *module_path(struct arena *arena, const struct node *node)
{
    int depth = 0;
    for (const struct node *at = node; at->kind == NODE_MEMBER; at = at->left)
        if (++depth > 16)
            return NULL;
    if (node->kind == NODE_NAME)
        return node->name;
    if (node->kind != NODE_MEMBER)
        return NULL;
    const char *left = module_path(arena, node->left);
    return left ? arena_printf(arena, "%s/%s", left, node->name) : NULL;
}

static const char *module_in(struct arena *arena, const char *folder, const char *name)
{
    const char *path = path_join(arena, folder, arena_printf(arena, "%s.flow", name));
    if (file_exists(path))
        return path;
    path = path_join(arena, folder, arena_printf(arena, "%s.yaml", name));
    return file_exists(path) ? path : NULL;
}

static _Thread_local const char *only_modules;

void spec_modules_from(const char *folder)
{
    only_modules = folder;
}

/* specs/ first, then each folder of FLOW_PATH. */
static const char *find_module(struct arena *arena, const char *name)
{
    if (only_modules)
        return module_in(arena, only_modules, name);
    const char *specs = specs_folder(arena);
    const char *path = specs ? module_in(arena, specs, name) : NULL;
    const char *rest = getenv("FLOW_PATH");
    while (!path && rest && *rest) {
        size_t length = strcspn(rest, ":");
        if (length)
            path = module_in(arena, arena_copy_text(arena, rest, length), name);
        rest += length + (rest[length] == ':');
    }
    return path;
}

static void report_missing(struct loader *loader, const struct entry *entry,
                           const struct node *item, const char *wanted, const char *folder)
{
    struct spec *spec = &loader->binder->spec;
    struct diagnostic *d = report(spec->diagnostics, RULE_import_missing,
                                  item ? item->span : entry->span, "there is no file `%s`", wanted);
    loader->binder->incomplete = true;
    int count, nearest = 1000;
    const char *best = NULL;
    char **names = folder_list(spec->arena, folder, &count);
    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(names[i], '.');
        if (!dot || (strcmp(dot, ".flow") && !is_yaml(names[i])))
            continue;
        int distance = edit_distance(path_base(wanted), names[i]);
        if (distance < nearest)
            nearest = distance, best = names[i];
    }
    if (best && close_enough(path_base(wanted), nearest))
        set_help(spec->diagnostics, d, "did you mean `%s`?", best);
}

/* Where the shipped specs are not found at all, the first module that is looked for says so, and what they would have
   declared is not missed again and again. */
static void report_missing_module(struct loader *loader, const struct node *item,
                                  const char *module)
{
    struct spec *spec = &loader->binder->spec;
    struct failure failure;
    bool lost = !only_modules && !specs_found(&failure);
    loader->binder->incomplete = true;
    if (lost && loader->specs_lost)
        return;
    struct diagnostic *d = report(spec->diagnostics, RULE_import_missing, item->span,
                                  "there is no file `%s.flow`", module);
    set_help(spec->diagnostics, d, "%s",
             lost ? failure.message
                  : "modules are looked for in specs/ and in the folders of FLOW_PATH");
    loader->specs_lost = lost;
}

/* Whether an entry uses a file; a misspelt `use` is said, and does. */
static bool is_use(struct binder *binder, struct entry *entry)
{
    const struct node *item = entry->items;
    if (!entry->head || entry->kind != ENTRY_FIELD)
        return false;
    if (strcmp(entry->head, "use") == 0)
        return true;
    bool names_file = item && (item->kind == NODE_TEXT || item->kind == NODE_MEMBER);
    if (entry->has_block || !names_file || kind_find(entry->head) != KIND_none ||
        edit_distance(entry->head, "use") > 1)
        return false;
    struct diagnostics *list = binder->spec.diagnostics;
    struct diagnostic *d = report(list, RULE_unknown_kind, entry_head_span(entry),
                                  "there is no kind `%s`", entry->head);
    set_help(list, d, "did you mean `use`?");
    add_fix(list, d, FIX_LIKELY, entry_head_span(entry), "use", "write `use`");
    take_as(binder, entry, "use");
    return true;
}

static void load_source(struct loader *loader, struct source *source, const struct loading *outer);

static struct source *read_source(struct loader *loader, const char *path, const struct node *item,
                                  bool shared)
{
    struct spec *spec = &loader->binder->spec;
    struct failure failure;
    char *text;
    size_t length;
    enum file_status status = file_read(path, FILE_LIMIT, &text, &length, &failure);
    if (status != FILE_OK) {
        struct diagnostic *d =
            report(spec->diagnostics, RULE_import_missing, item->span, "`%s` cannot be read", path);
        add_note(spec->diagnostics, d, SPAN_NONE, "%s", failure.message);
        loader->binder->incomplete = true;
        return NULL;
    }
    struct source *source =
        source_add(spec->sources, path, path_folder(spec->arena, path), text, length);
    if (!source) {
        free(text);
        report(spec->diagnostics, RULE_import_missing, item->span,
               "all files together are over 4 GB");
        return NULL;
    }
    source->shared = shared;
    return source;
}

static void report_cycle(struct loader *loader, const struct node *item, const char *path,
                         const struct loading *outer)
{
    struct spec *spec = &loader->binder->spec;
    struct buffer way = {0};
    int hops = 0;
    for (const struct loading *at = outer; at; at = at->outer) {
        if (++hops <= 8)
            buffer_addf(&way, "%s%s", way.length ? " <- " : "", path_base(at->path));
        if (strcmp(at->path, path) == 0)
            break;
    }
    struct diagnostic *d = report(spec->diagnostics, RULE_import_cycle, item->span,
                                  "`%s` uses itself in a circle", path_base(path));
    add_note(spec->diagnostics, d, SPAN_NONE, "the way round: %s <- %s%s", path_base(path),
             buffer_text(&way), hops > 8 ? " ..." : "");
    buffer_free(&way);
}

#define USES_AT_MOST 200

static void use_file(struct loader *loader, const char *path, const struct node *item, bool shared,
                     const struct loading *outer)
{
    struct spec *spec = &loader->binder->spec;
    const char *key = intern_text(spec->names, path);
    int depth = 0;
    for (const struct loading *at = outer; at; at = at->outer, depth++)
        if (strcmp(at->path, path) == 0) {
            report_cycle(loader, item, path, outer);
            return;
        }
    if (map_get(&loader->done, NULL, key))
        return;
    if (depth > USES_AT_MOST) {
        report(spec->diagnostics, RULE_import_cycle, item->span,
               "files use each other more than %d deep", USES_AT_MOST);
        loader->binder->incomplete = true;
        return;
    }
    map_put(&loader->done, NULL, key, (void *)(uintptr_t)key);
    struct source *source = read_source(loader, path, item, shared);
    if (source)
        load_source(loader, source, outer);
}

static void use_entry(struct loader *loader, const struct source *source, const struct entry *entry,
                      const struct loading *outer)
{
    struct spec *spec = &loader->binder->spec;
    const struct node *item = entry->items;
    const char *text =
        item && item->kind == NODE_TEXT ? canonical_case(loader->binder, item) : NULL;
    const char *module = item && !text ? module_path(spec->arena, item) : NULL;
    if (entry->failed) {
        loader->binder->incomplete = true;
        return;
    }
    if (!item || item->next || entry->has_block || (!text && !module)) {
        struct diagnostic *d = report(spec->diagnostics, RULE_bad_phrase, entry->span,
                                      "this does not fit the phrase of `use`");
        set_help(spec->diagnostics, d, "write: use \"file.flow\", or use std.processes");
        loader->binder->incomplete = true;
        return;
    }
    if (text) {
        const char *path = path_join(spec->arena, source->folder, text);
        if (!file_exists(path))
            report_missing(loader, entry, item, text, path_folder(spec->arena, path));
        else
            use_file(loader, path, item, source->shared, outer);
        return;
    }
    const char *path = find_module(spec->arena, module);
    if (!path)
        report_missing_module(loader, item, module);
    else
        use_file(loader, path, item, true, outer);
}

/* What a file uses is declared before its own names, so that a second declaration is the user's. */
static void load_source(struct loader *loader, struct source *source, const struct loading *outer)
{
    struct binder *binder = loader->binder;
    struct spec *spec = &binder->spec;
    struct loading here = {outer, source->path};
    bool yaml = is_yaml(source->path);
    struct file_tree *file = yaml ? yaml_parse(binder, source)
                             : source == spec->main
                                 ? parse_apart(source, spec->arena, &binder->workflow_trees,
                                               spec->names, spec->diagnostics)
                                 : parse(source, spec->arena, spec->names, spec->diagnostics);
    binder->incomplete |= file->fatal;
    const char *begins = file->entries ? file->entries->head : NULL;
    if (!yaml || (begins && strcmp(begins, "edition") == 0)) /* a YAML file need not say it */
        check_edition(binder, file);
    for (struct entry *entry = file->entries; entry; entry = entry->next)
        if (!yaml && entry->kind == ENTRY_ERROR && entry->head && strcmp(entry->head, "use") == 0)
            binder->incomplete = true;
        else if (!yaml && is_use(binder, entry))
            use_entry(loader, source, entry, &here);
    declare_file(binder, file);
    add_file(loader, file);
}

void load_files(struct binder *binder, struct source *main_source)
{
    struct loader loader = {.binder = binder};
    map_put(&loader.done, NULL, intern_text(binder->spec.names, main_source->path), binder);
    load_source(&loader, main_source, NULL);
    map_free(&loader.done);
}

/* ---- the whole ---- */

struct spec *spec_load(const char *path, struct arena *arena, struct interner *names,
                       struct source_set *sources, struct diagnostics *diagnostics,
                       struct failure *failure)
{
    char *text;
    size_t length;
    bool standard_input = strcmp(path, "-") == 0;
    enum file_status status = file_read(path, FILE_LIMIT, &text, &length, failure);
    if (status ==
        FILE_TOO_LARGE) { /* said at its place, like everything that is wrong with what is in a file */
        text = memory_zeroed(2, 1);
        length = 0;
    } else if (status != FILE_OK) {
        return NULL;
    }
    const char *shown = standard_input ? "<stdin>" : path_join(arena, ".", path);
    struct source *source =
        source_add(sources, shown, standard_input ? "." : path_folder(arena, shown), text, length);
    if (!source) {
        free(text);
        fail(failure, "%s is too large", path);
        return NULL;
    }
    struct binder *binder = ARENA_NEW(arena, struct binder);
    binder->spec = (struct spec){.arena = arena,
                                 .names = names,
                                 .sources = sources,
                                 .diagnostics = diagnostics,
                                 .main = source,
                                 .workday_s = rational_integer(8 * 3600),
                                 .binder = binder};
    if (status == FILE_TOO_LARGE)
        report(diagnostics, RULE_syntax, (struct span){source->base, source->base}, "%s",
               failure->message);
    else
        load_files(binder, source);
    bind_all(binder);
    unmute(diagnostics);
    struct map *maps[] = {&binder->fields, &binder->rows, &binder->units, &binder->axes};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_free(maps[i]);
    return &binder->spec;
}

void spec_close(struct spec *spec)
{
    struct binder *binder = spec ? binder_of(spec) : NULL;
    if (!binder)
        return;
    map_free(&binder->names);
    map_free(&binder->parts);
    map_free(&binder->users);
}
