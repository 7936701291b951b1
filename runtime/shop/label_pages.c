#include "shop/label_pages.h"

bool label_pages(const struct spec *spec, const struct product *product,
                 const struct labelled *things, int count, const char *form, const char *path,
                 struct failure *failure)
{
    struct arena arena = {0};
    struct emit_context context = {
        .spec = spec, .product = product, .arena = &arena, .failure = failure};
    bool good = emit_labels_of(&context, things, count, form, path);
    arena_free(&arena);
    return good;
}

bool traveler_pages(const struct spec *spec, const struct product *product,
                    const struct labelled *batch, const char *path, struct failure *failure)
{
    struct arena arena = {0};
    struct emit_context context = {
        .spec = spec, .product = product, .arena = &arena, .failure = failure};
    bool good = emit_traveler_of(&context, batch, path);
    arena_free(&arena);
    return good;
}
