/* Pages stand on libraries that take long to load: a module beside the program, which itself asks for the documents' one.
   This is its door: each function calls the one of the same name there. */
#include "orders/papers_pages.h"
#include "program/modules.h"
#include "shop/label_pages.h"
#include "shop/part_pages.h"
#include "sim/trial.h"
#include "trace/record_pages.h"
#include "trace/trace_pages.h"

static struct module pages = {"flow_pages.so", "draws records, papers and traces", NULL};

bool record_write_pages(struct record *record, enum paper paper, const char *path,
                        struct failure *failure)
{
    bool (*write_pages)(struct record *, enum paper, const char *, struct failure *);
    return module_find(&pages, "record_write_pages", &write_pages, failure) &&
           write_pages(record, paper, path, failure);
}

bool packing_list_pages(const struct papers *papers, bool letter, const char *path,
                        struct failure *failure)
{
    bool (*write_pages)(const struct papers *, bool, const char *, struct failure *);
    return module_find(&pages, "packing_list_pages", &write_pages, failure) &&
           write_pages(papers, letter, path, failure);
}

bool invoice_pages(const struct papers *papers, bool letter, const char *path,
                   struct failure *failure)
{
    bool (*write_pages)(const struct papers *, bool, const char *, struct failure *);
    return module_find(&pages, "invoice_pages", &write_pages, failure) &&
           write_pages(papers, letter, path, failure);
}

bool trace_draw(const char *dot, struct buffer *out, struct failure *failure)
{
    bool (*draw)(const char *, struct buffer *, struct failure *);
    return module_find(&pages, "trace_draw", &draw, failure) && draw(dot, out, failure);
}

bool part_draw(const struct spec *spec, const struct part *part, const struct sku *sku,
               struct buffer *out, struct failure *failure)
{
    bool (*draw)(const struct spec *, const struct part *, const struct sku *, struct buffer *,
                 struct failure *);
    return module_find(&pages, "part_draw", &draw, failure) && draw(spec, part, sku, out, failure);
}

bool label_pages(const struct spec *spec, const struct product *product,
                 const struct labelled *things, int count, const char *form, const char *path,
                 struct failure *failure)
{
    bool (*write)(const struct spec *, const struct product *, const struct labelled *, int,
                  const char *, const char *, struct failure *);
    return module_find(&pages, "label_pages", &write, failure) &&
           write(spec, product, things, count, form, path, failure);
}

bool traveler_pages(const struct spec *spec, const struct product *product,
                    const struct labelled *batch, const char *path, struct failure *failure)
{
    bool (*write)(const struct spec *, const struct product *, const struct labelled *,
                  const char *, struct failure *);
    return module_find(&pages, "traveler_pages", &write, failure) &&
           write(spec, product, batch, path, failure);
}

bool trial_workbook(const char *path, const struct trial *trial, struct failure *failure)
{
    bool (*write)(const char *, const struct trial *, struct failure *);
    return module_find(&pages, "trial_workbook", &write, failure) && write(path, trial, failure);
}
