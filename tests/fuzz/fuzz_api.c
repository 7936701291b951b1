/* Any request to the API: "METHOD TARGET\nTYPE\nBODY". It is taken apart, routed, read and staged as the server does it; what
   is answered is sound JSON in every case. */
#include "base/utf8.h"
#include "harness.h"
#include "program/program.h"
#include "station/api.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct program program = {.name = "fuzz_api"};

enum { STAGED_AT_MOST = 500 };

static struct workshop *shop;
static struct api api;
static int staged;

static void open_all(void)
{
    struct failure failure;
    require((shop = shop_open("api-shop", JOURNAL_WRITE, &failure)) != NULL);
    require((api.view = view_open(shop, &failure)) != NULL);
}

static void do_it(const char *text)
{
    struct arena arena = {0};
    struct interner names;
    struct message command;
    struct answer answer;
    struct failure failure;
    interner_open(&names, &arena);
    require(message_read(text, strlen(text), false, &names, &command, &failure));
    require(shop_do(shop, NULL, "anna", &command, &answer, &failure) && answer.accepted);
    interner_close(&names);
    arena_free(&arena);
}

static void make_shop(void)
{
    struct failure failure;
    const char *folder = getenv("FUZZ_FOLDER");
    require(folder && chdir(folder) == 0);
    require(system("rm -rf api-shop") == 0 && shop_create("api-shop", "anna", 0, &failure));
    require((shop = shop_open("api-shop", JOURNAL_WRITE, &failure)) != NULL);
    do_it("{\"command\":\"receive_lot\",\"lot\":\"L-1\",\"what\":\"pla\"}");
    do_it("{\"command\":\"take_line\",\"order\":\"1001\",\"line\":\"1\",\"product\":\"x\",\"sku\":"
          "\"X\",\"count\":3}");
    do_it("{\"command\":\"describe_order\",\"order\":\"1001\",\"address\":\"{}\"}");
    shop_close(shop);
    open_all();
}

/* What was staged is dropped: the shop is as it was. */
static void begin_anew(void)
{
    view_publish(api.view);
    view_close(api.view);
    shop_close(shop);
    open_all();
    staged = 0;
}

static void stage(struct inquiry *inquiry)
{
    struct failure failure;
    for (int i = 0; i < inquiry->command_count; i++) {
        struct asked_command *asked = &inquiry->commands[i];
        require(shop_stage(shop, *asked->id ? asked->id : NULL, inquiry->request.person,
                           &asked->message, &asked->answer, &failure));
        require(asked->answer.accepted || *asked->answer.refusal);
    }
    inquiry->done_count = inquiry->command_count;
    staged += inquiry->command_count;
    inquiry->finish(inquiry);
}

static void look_at(const struct reply *reply)
{
    size_t size;
    require(reply->status >= 200 && reply->status < 600);
    if (reply->status == 204)
        return;
    require(reply->body.length > 0 && reply->type);
    for (size_t i = 0; i < reply->body.length; i += size)
        require(utf8_read(reply->body.text + i, reply->body.length - i, &size) != UTF8_NONE);
    if (!strstr(reply->type, "json"))
        return;
    json_t *json = json_loadb(reply->body.text, reply->body.length, JSON_REJECT_DUPLICATES, NULL);
    require(json != NULL);
    if (reply->status >= 400)
        require(json_string_length(json_object_get(json, "detail")) > 0);
    json_decref(json);
}

/* A line of the input, NUL-terminated as headers are. */
static char *take_line(const uint8_t **at, const uint8_t *end, struct arena *arena)
{
    const uint8_t *line = *at;
    const uint8_t *stop = *at < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    *at = stop ? stop + 1 : end;
    return arena_copy_text(arena, (const char *)line, (size_t)((stop ? stop : end) - line));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct inquiry inquiry = {.request = {.person = "anna", .last_event = -1}};
    const uint8_t *at = bytes, *end = bytes + length;

    if (!shop)
        make_shop();
    char *method = take_line(&at, end, &inquiry.arena), *target = strchr(method, ' ');
    inquiry.request.method = method;
    if (target)
        *target++ = '\0';
    inquiry.request.type = take_line(&at, end, &inquiry.arena);
    inquiry.request.body = (const char *)at;
    inquiry.request.body_length = (size_t)(end - at);
    if (request_read_target(&inquiry.request, target ? target : "/", &inquiry.arena,
                            &inquiry.reply))
        api_answer(&api, &inquiry);
    if (inquiry.reply.kind == REPLY_COMMANDS)
        stage(&inquiry);
    if (inquiry.reply.kind != REPLY_FOLLOW)
        look_at(&inquiry.reply);
    inquiry_free(&inquiry);
    if (staged > STAGED_AT_MOST)
        begin_anew();
    return 0;
}
