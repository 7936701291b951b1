/* A fact by the name that people give it: hook.bore, hook.bore.gauge, screen.surface, desk_hook.margin, iron. */
#include "diff/private.h"

#include <string.h>

enum { COMPONENT_AT_MOST = 256 };

static bool is_called(const struct fact *row, const char *name)
{
    static const char *const keys[] = {"name", "what", "rule", "currency", "quantity", "outcome"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct fact *child = fact_child(row, keys[i]);
        if (child && strcmp(child->words, name) == 0)
            return true;
        const char *dot = child ? strrchr(child->words, '.') : NULL;
        if (dot && strcmp(dot + 1, name) == 0) /* check hook.bore */
            return true;
    }
    return row->form == FACT_VALUE && strcmp(row->words, name) == 0;
}

static const struct fact *find_part(const struct fact *fact, const char *name)
{
    const struct fact *child = fact_child(fact, name);

    for (const struct fact *list = fact->children; list && !child; list = list->next)
        for (const struct fact *row = list->form == FACT_LIST ? list->children : NULL;
             row && !child; row = row->next)
            child = is_called(row, name) ? row : NULL;
    for (const struct fact *row = fact->form == FACT_LIST ? fact->children : NULL; row && !child;
         row = row->next)
        child = is_called(row, name) ? row : NULL;
    return child;
}

static const struct fact *resolve(const struct fact *fact, const char *path)
{
    while (fact && *path) {
        char name[COMPONENT_AT_MOST];
        size_t length = strcspn(path, ".");
        if (length >= sizeof name)
            return NULL;
        memcpy(name, path, length);
        name[length] = '\0';
        fact = find_part(fact, name);
        path += length + (path[length] == '.');
    }
    return fact;
}

static bool finds(const struct spec *spec, const struct declaration *of, const char *path,
                  struct arena *arena, struct spec_fact *found)
{
    size_t length = strcspn(path, ".");

    if (!of->name || strlen(of->name) != length || strncmp(of->name, path, length) != 0)
        return false;
    const struct fact *fact =
        resolve(facts_of(spec, of, arena), path + length + (path[length] == '.'));
    if (!fact)
        return false;
    *found = (struct spec_fact){fact->canonical, fact->words, of, fact->span};
    if (!found->span.begin)
        found->span = of->span;
    return true;
}

bool spec_find_fact(const struct spec *spec, const char *path, struct arena *arena,
                    struct spec_fact *found)
{
    for (int i = 0; i < spec->declaration_count; i++)
        if (spec->declarations[i]->kind != KIND_none &&
            !kind_is_step(spec->declarations[i]->kind) &&
            finds(spec, spec->declarations[i], path, arena, found))
            return true;
    for (int i = 0; i < spec->product_count; i++) {
        const struct workflow *workflow = spec->products[i]->workflow;
        for (int k = 0; workflow && k < workflow->step_count; k++)
            if (finds(spec, &workflow->steps[k]->base, path, arena, found))
                return true;
    }
    return false;
}
