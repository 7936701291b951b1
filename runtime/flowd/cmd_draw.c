#include "flowd/draw.h"

#include "shop/part_pages.h"

#include <string.h>

static const char *part_name, *sku_name;

const struct option_row draw_options[DRAW_OPTION_COUNT] = {{"--part", true, &part_name, NULL},
                                                           {"--sku", true, &sku_name, NULL}};

static const struct part *find_part(const struct spec *spec, const char *name)
{
    for (int i = 0; i < spec->part_count; i++)
        if (strcmp(spec->parts[i]->base.name, name) == 0)
            return spec->parts[i];
    return NULL;
}

static int draw(const struct revision *revision)
{
    struct failure failure;
    struct buffer out = {0};
    struct sku sku;
    const struct part *part = find_part(revision->spec, part_name);
    bool known = sku_name && *sku_name && sku_find(revision->spec, revision->made, sku_name, &sku);

    if (!part) {
        complain("the spec has no part %s", part_name);
        return EXIT_FINDINGS;
    }
    if (!known)
        sku_at(revision->made, 0, &sku);
    if (!part_draw(revision->spec, part, &sku, &out, &failure)) {
        complain("%s", failure.message);
        return EXIT_FINDINGS;
    }
    bool good = print_out(&out);
    buffer_free(&out);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

int draw_part(struct desk *desk, int count, char **arguments)
{
    if (count != 1 || !part_name)
        return usage_error(verb_find("batch"), "say which batch, and which part: --part");
    if (!desk_read(desk))
        return EXIT_ENVIRONMENT;
    const struct batch *batch =
        state_batch(shop_state(desk->shop), shop_name(desk->shop, arguments[0]));
    if (batch)
        return draw(batch->revision);
    complain("there is no batch %s", arguments[0]);
    return EXIT_FINDINGS;
}
