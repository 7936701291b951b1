/* flowc verify PACKET.zip: where a packet came from, whether it is untouched, and whether a spec makes it again. */
#include "base/file.h"
#include "base/sink.h"
#include "emit/emit.h"
#include "flowc/flowc.h"
#include "flowc/history.h"
#include "flowc/packet_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
    const char *path, *spec, *tag;
    bool search; /* in git's history */
    enum paper paper;
    struct arena arena;
    struct buffer out;
    bool differs;
};

/* ---- what came with it ---- */

static void say_files(struct request *request, const struct packet_file *packet)
{
    int touched = 0;

    for (int i = 0; i < packet->count; i++) {
        const char *was = packet->said[i].sha256, *is = packet->found[i].sha256;
        bool same = strcmp(was, is) == 0 && was[0];
        touched += !same;
        if (!same)
            buffer_addf(&request->out, "%s %s\n", packet->said[i].name,
                        is[0] ? "is not what was packed" : "is missing");
    }
    if (packet->others > 0)
        buffer_addf(&request->out, "%d file%s that the manifest does not list\n", packet->others,
                    packet->others == 1 ? "" : "s");
    if (!touched && packet->others <= 0)
        buffer_addf(&request->out, "%d files, each untouched by its SHA-256\n", packet->count);
    request->differs |= touched || packet->others > 0;
}

static void say_origin(struct request *request, const struct packet_file *packet)
{
    buffer_addf(&request->out, "%s: %s %s%s%s, revision %s\nfingerprint %s\n", request->path,
                packet->product, packet->number, packet->packet[0] ? ", packet " : "",
                packet->packet, packet->revision, packet->fingerprint);
}

/* ---- made again ---- */

static const struct emit_row *packet_row(void)
{
    for (int i = 0; i < emit_row_count; i++)
        if (strcmp(emit_rows[i].name, "packet") == 0)
            return &emit_rows[i];
    return NULL;
}

static const char *digest_in(const struct packet_file *packet, const char *name)
{
    for (int i = 0; i < packet->count; i++)
        if (strcmp(packet->found[i].name, name) == 0)
            return packet->found[i].sha256;
    return "";
}

/* What of it is not the same, by name. */
static void say_differences(struct request *request, const struct packet_file *given,
                            const struct packet_file *made)
{
    for (int i = 0; i < made->count; i++) {
        const char *is = digest_in(given, made->found[i].name);
        if (strcmp(is, made->found[i].sha256) != 0)
            buffer_addf(&request->out, "  %s %s\n", made->found[i].name,
                        is[0] ? "differs" : "is not in the packet");
    }
    for (int i = 0; i < given->count; i++)
        if (!digest_in(made, given->said[i].name)[0])
            buffer_addf(&request->out, "  %s is not made by the spec\n", given->said[i].name);
    if (strcmp(given->manifest, made->manifest) != 0)
        buffer_add_text(&request->out, "  manifest.json differs\n");
    if (strcmp(given->fingerprint, made->fingerprint) != 0)
        buffer_addf(&request->out, "  the spec has the fingerprint %s\n", made->fingerprint);
}

static bool compare_made(struct request *request, const struct packet_file *given, const char *path,
                         const char *from, struct failure *failure)
{
    struct packet_file made;
    bool good = packet_file_open(&made, path, failure);

    if (good) {
        bool same =
            made.length == given->length && memcmp(made.bytes, given->bytes, made.length) == 0;
        buffer_addf(&request->out, "%s makes %s\n", from,
                    same ? "the same packet, byte for byte" : "another packet:");
        if (!same)
            say_differences(request, given, &made);
        request->differs |= !same;
    }
    packet_file_close(&made);
    return good;
}

/* A revision history is no part of the spec: it is taken as it went along. */
static bool keep_history(const struct packet_file *given, const char *path, struct failure *failure)
{
    return !path || file_write(path, given->history.text, given->history.length, failure);
}

static const struct product *product_of(const struct spec *spec, const struct packet_file *given)
{
    for (int i = 0; i < spec->product_count; i++)
        if (strcmp(spec->products[i]->base.name, given->product) == 0)
            return spec->products[i];
    return NULL;
}

static enum exit_status make_again(struct request *request, const struct packet_file *given,
                                   struct session *session, const char *folder, const char *from)
{
    const struct product *product = product_of(session->spec, given);
    struct failure *failure = &session->failure;

    if (!product) {
        complain("%s has no product %s", from, given->product);
        return EXIT_FINDINGS;
    }
    const char *history =
        given->history.length ? path_join(&request->arena, folder, PACKET_HISTORY) : NULL;
    struct emit_context context = {.spec = session->spec,
                                   .product = product,
                                   .folder = folder,
                                   .paper = request->paper,
                                   .history = history,
                                   .arena = &session->arena,
                                   .failure = failure};
    const char *name =
        given->packet[0] ? arena_printf(&request->arena, "%s/packet_%s.zip", folder, given->packet)
                         : arena_printf(&request->arena, "%s/packet.zip", folder);
    bool good = keep_history(given, history, failure) && packet_row()->emit(&context);
    if (good && !file_exists(name)) {
        buffer_addf(&request->out, "%s makes no such packet\n", from);
        request->differs = true;
        return EXIT_CLEAN;
    }
    good = good && compare_made(request, given, name, from, failure);
    if (!good)
        complain("%s", failure->message);
    return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
}

static enum exit_status load_and_make(struct request *request, const struct packet_file *given,
                                      const char *path, const char *from)
{
    char folder[] = "/tmp/flowc-verify-XXXXXX";
    struct session session;
    enum exit_status status = EXIT_ENVIRONMENT;

    if (!mkdtemp(folder)) {
        complain("%s cannot be made: %s", folder, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    if (session_open(&session, path))
        status = session_show(&session, true) ? EXIT_FINDINGS
                                              : make_again(request, given, &session, folder, from);
    session_close(&session);
    folder_remove(folder);
    return status;
}

/* The spec as it was at the tag, with all it names. */
static enum exit_status make_from_tag(struct request *request, const struct packet_file *given,
                                      const char *path)
{
    struct history history;
    struct failure failure = {""};
    enum exit_status status = EXIT_ENVIRONMENT;
    bool good = history_open(&history, path, 1, &failure);
    const char *place =
        good ? history_place(&history, &history.before, request->tag, &failure) : NULL;

    if (place)
        status = load_and_make(request, given, place,
                               arena_printf(&request->arena, "%s as of %s", path, request->tag));
    else if (failure.message[0])
        complain("%s", failure.message);
    else
        complain("%s has no %s", request->tag, path);
    history_close(&history);
    return status;
}

/* Whether the spec of a commit has the packet's fingerprint: only then is it worth being made. */
static bool may_make(struct history *history, const struct commit *commit,
                     const struct packet_file *given, struct failure *failure)
{
    struct session session;
    char fingerprint[65];

    if (!history_load(history, &history->before, commit->hash, &session, failure))
        return false;
    const struct product *product = product_of(session.spec, given);
    bool same = product && product_fingerprint(session.spec, product, fingerprint, failure) &&
                strcmp(fingerprint, given->fingerprint) == 0;
    session_close(&session);
    return same;
}

/* The newest commit that makes the packet. A commit that cannot be read makes none. */
static enum exit_status search_history(struct request *request, const struct packet_file *given,
                                       const char *path)
{
    struct history history;
    struct failure failure = {""};
    bool found = false;

    if (!history_open(&history, path, 0, &failure)) {
        complain("%s", failure.message);
        history_close(&history);
        return EXIT_ENVIRONMENT;
    }
    for (int i = 0; i < history.count && !found; i++) {
        const struct commit *commit = &history.commits[i];
        struct request one = {.paper = request->paper};
        const char *place = may_make(&history, commit, given, &failure)
                                ? history_place(&history, &history.before, commit->hash, &failure)
                                : NULL;
        if (place) {
            const char *from =
                arena_printf(&one.arena, "%s as of %.10s, %s", path, commit->hash, commit->date);
            found = load_and_make(&one, given, place, from) == EXIT_CLEAN && !one.differs;
        }
        if (found)
            buffer_add(&request->out, buffer_text(&one.out), one.out.length);
        buffer_free(&one.out);
        arena_free(&one.arena);
    }
    if (!found)
        buffer_addf(&request->out, "no commit of %s makes this packet\n", path);
    request->differs |= !found;
    history_close(&history);
    return EXIT_CLEAN;
}

static enum exit_status rebuild(struct request *request, const struct packet_file *given)
{
    const char *path = request->spec, *product = NULL;

    if (!path)
        path = product_file(&request->arena, given->product, &product);
    if (!path)
        return EXIT_USAGE;
    return request->search ? search_history(request, given, path)
           : request->tag  ? make_from_tag(request, given, path)
                           : load_and_make(request, given, path, path);
}

static enum exit_status verify(struct request *request)
{
    struct packet_file packet;
    struct failure failure;
    enum exit_status status = EXIT_ENVIRONMENT;

    if (packet_file_open(&packet, request->path, &failure)) {
        say_origin(request, &packet);
        say_files(request, &packet);
        bool again = request->spec || request->tag || request->search;
        status = again ? rebuild(request, &packet) : EXIT_CLEAN;
    } else
        complain("%s", failure.message);
    if (!print_out(&request->out))
        status = EXIT_ENVIRONMENT;
    packet_file_close(&packet);
    return status == EXIT_CLEAN && request->differs ? EXIT_FINDINGS : status;
}

int cmd_verify(int argc, char **argv)
{
    const struct verb *verb = verb_find("verify");
    struct request request = {.paper = PAPER_A4};
    const char *paper = "a4";
    const struct option_row options[] = {{"--spec", true, &request.spec, NULL},
                                         {"--tag", true, &request.tag, NULL},
                                         {"--search", false, NULL, &request.search},
                                         {"--paper", true, &paper, NULL}};
    bool done;
    int count = options_read(argc, argv, verb, options, sizeof options / sizeof *options, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, count ? "one packet at a time" : "which packet?");
    if (request.search && request.tag)
        return usage_error(verb, "--search looks through all commits; --tag is one");
    if (strcmp(paper, "a4") != 0 && strcmp(paper, "letter") != 0)
        return usage_error(verb, "there is no paper `%s`; it is a4 or letter", paper);
    request.paper = strcmp(paper, "letter") == 0 ? PAPER_LETTER : PAPER_A4;
    request.path = argv[1];
    enum exit_status status = verify(&request);
    buffer_free(&request.out);
    arena_free(&request.arena);
    return status;
}
