/* The packet for an outside supplier: one archive with the request, the workbook to fill in, the files and a manifest;
   the request beside it, to be read without unpacking. */
#include "emit/packet/packet.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sink.h"
#include "emit/common/worksheet.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is asked ---- */

static void find_parts(struct request *request)
{
    const struct product *product = request->context->product;
    int room = 0;
    for (const struct counted *row = product->contains; row; row = row->next)
        room++;
    request->parts = ARENA_ARRAY(request->context->arena, const struct part *, room + 1);
    for (const struct counted *row = product->contains; row; row = row->next) {
        const struct part *part = value_part(&row->what, NULL);
        bool known = !part || !packet_asks_for_part(request->packet, product, part);
        for (int i = 0; i < request->part_count; i++)
            known |= request->parts[i] == part;
        if (!known)
            request->parts[request->part_count++] = part;
    }
}

static void find_quantities(struct request *request)
{
    struct emit_context *context = request->context;
    int room = 0;
    for (const struct simple *row = request->packet->quantity; row; row = row->next)
        room++;
    request->quantities = ARENA_ARRAY(context->arena, struct quantity_asked, room + 1);
    for (const struct simple *row = request->packet->quantity; row; row = row->next) {
        struct rational count = value_number(context->spec, &row->value, NULL, RATIONAL_ZERO);
        request->quantities[request->quantity_count++] =
            (struct quantity_asked){value_string(context->spec, &row->value, NULL, context->arena),
                                    (long)rational_to_int(count)};
    }
}

static int add_lines(struct request *request, struct quote_line *lines, int count, const char *what,
                     const char *number)
{
    for (int i = 0; i < request->quantity_count && count < QUOTE_LINES_AT_MOST; i++)
        lines[count++] = (struct quote_line){what, number, request->quantities[i].text,
                                             request->quantities[i].count};
    return count;
}

bool is_accepted_by(const struct packet *packet, const struct step *step)
{
    for (const struct simple *row = packet->inspection; row; row = row->next)
        if (value_step(&row->value, NULL) == step)
            return true;
    return false;
}

bool is_asked_work(const struct packet *packet, const struct step *step)
{
    switch (step->base.kind) {
    case KIND_print:
    case KIND_cut:
    case KIND_treat:
    case KIND_finish:
    case KIND_assemble:
    case KIND_outsource:
        return packet_asks_for(packet, &step->base);
    default:
        return false;
    }
}

int quote_lines(struct request *request, struct quote_line **to)
{
    struct emit_context *context = request->context;
    const struct product *product = context->product;
    struct quote_line *lines = ARENA_ARRAY(context->arena, struct quote_line, QUOTE_LINES_AT_MOST);
    int count = 0;
    *to = lines;
    for (const struct simple *row = request->packet->of; row; row = row->next) {
        const struct declaration *what = value_declaration(&row->value, NULL);
        if (what)
            count = add_lines(request, lines, count, title_of(context, what), what->name);
    }
    if (request->packet->of)
        return count;
    for (long i = 0; i < product->sku_count && count < QUOTE_LINES_AT_MOST; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        count = add_lines(request, lines, count,
                          declaration_title(context->spec, &product->base, &sku, context->arena),
                          sku_code(context->spec, &sku, context->arena));
    }
    return count;
}

/* ---- all together ---- */

static void add_file(struct enclosures *files, const char *name, const char *what, const char *of,
                     char *content, size_t length)
{
    struct enclosure *file = &files->items[files->count++];
    *file = (struct enclosure){
        .name = name, .what = what, .of = of, .content = content, .length = length};
    sha256_hex(content, length, file->sha256);
}

enum { OWN_FILES = 4 }; /* packet.pdf, quote.xlsx, first_article.xlsx, manifest.json */

/* What is made for a packet, as bytes. */
struct made {
    struct buffer pdf, quote, first_article, manifest;
};

/* The request (as it was written), the workbooks, the enclosures, and the manifest that names them all. `files` borrows
   the contents. */
static bool gather(struct request *request, struct enclosures *files, struct made *made)
{
    struct emit_context *context = request->context;
    const char *title = title_of(context, &context->product->base);
    char *content;
    size_t length;
    const char *path = emit_path(context, arena_printf(context->arena, "%s.pdf", request->name));
    if (file_read(path, SIZE_MAX, &content, &length, context->failure) != FILE_OK)
        return false;
    made->pdf = (struct buffer){content, length, length};
    if (!write_quote(request, &made->quote) || !write_first_article(request, &made->first_article))
        return false;
    files->items =
        memory_zeroed((size_t)request->enclosures.count + OWN_FILES, sizeof *files->items);
    add_file(files, "packet.pdf", "request for quotation", title, made->pdf.text, made->pdf.length);
    add_file(files, "quote.xlsx", "quote to fill in", title, made->quote.text, made->quote.length);
    if (made->first_article.length)
        add_file(files, "first_article.xlsx", "first article's forms to fill in", title,
                 made->first_article.text, made->first_article.length);
    for (int i = 0; i < request->enclosures.count; i++)
        files->items[files->count++] = request->enclosures.items[i];
    write_manifest(request, files, &made->manifest);
    add_file(files, "manifest.json", "manifest", title, made->manifest.text, made->manifest.length);
    return true;
}

/* Beside the archive too: it is what our own inspection fills in when the sample comes back. */
static bool write_beside(struct request *request, const struct buffer *first_article)
{
    struct emit_context *context = request->context;
    const char *own = request->packet->packet_name;
    const char *name =
        own ? arena_printf(context->arena, "first_article_%s.xlsx", own) : "first_article.xlsx";
    if (!first_article->length)
        return true;
    if (!file_write(emit_path(context, name), first_article->text, first_article->length,
                    context->failure))
        return false;
    emit_wrote(context, name);
    return true;
}

static bool emit_one(struct emit_context *context, const struct packet *packet)
{
    struct request request = {.context = context, .packet = packet};
    struct enclosures files = {0};
    struct made made = {0};
    request.name = packet->packet_name
                       ? arena_printf(context->arena, "packet_%s", packet->packet_name)
                       : "packet";
    find_parts(&request);
    find_quantities(&request);
    pictures_collect(context, request.parts, request.part_count, PICTURES_ALL_VIEWS,
                     &request.pictures);
    bool good = product_fingerprint(context->spec, context->product, request.fingerprint,
                                    context->failure) &&
                enclosures_collect(&request) && write_request(&request) &&
                gather(&request, &files, &made) && write_archive(&request, &files) &&
                write_beside(&request, &made.first_article);
    free(files.items);
    buffer_free(&made.pdf);
    buffer_free(&made.quote);
    buffer_free(&made.first_article);
    buffer_free(&made.manifest);
    enclosures_free(&request.enclosures);
    pictures_free(&request.pictures);
    photos_free(&request.album);
    return good;
}

bool emit_packet(struct emit_context *context)
{
    for (int i = 0; i < context->product->packet_count; i++)
        if (!emit_one(context, context->product->packets[i]))
            return false;
    return true;
}
