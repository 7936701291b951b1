#include "printers/appkey.h"

#include "printers/answers.h"
#include "printers/protocol.h"

#include <stdio.h>
#include <string.h>

void appkey_ask(struct call *call)
{
    *call = (struct call){.method = "POST", .body = BODY_JSON};
    snprintf(call->path, sizeof call->path, "/plugin/appkeys/request");
    snprintf(call->text, sizeof call->text, "{\"app\":\"flowd\"}");
}

/* Whole, or not at all. */
static bool take_text(char *to, size_t size, const char *text)
{
    if (!*text || strlen(text) >= size || strpbrk(text, " \r\n\t"))
        return false;
    copy_text(to, size, text);
    return true;
}

enum appkey appkey_hear(const struct reply *reply, struct appkey_request *request)
{
    json_t *answer = reply->status == 201 ? reply_json(reply) : NULL;
    bool taken =
        take_text(request->token, sizeof request->token, json_text_at(answer, "app_token"));
    json_decref(answer);
    return taken ? APPKEY_WAITING : reply->status == 0 ? APPKEY_UNHEARD : APPKEY_REFUSED;
}

void appkey_ask_again(const struct appkey_request *request, struct call *call)
{
    *call = (struct call){.method = "GET"};
    snprintf(call->path, sizeof call->path, "/plugin/appkeys/request/");
    call_add_escaped(call, request->token);
}

enum appkey appkey_hear_again(const struct reply *reply, struct appkey_request *request)
{
    json_t *answer = reply->status == 200 ? reply_json(reply) : NULL;
    bool given = take_text(request->key, sizeof request->key, json_text_at(answer, "api_key"));
    json_decref(answer);
    return given                  ? APPKEY_GIVEN
           : reply->status == 202 ? APPKEY_WAITING
           : reply->status == 404 ? APPKEY_DENIED
                                  : APPKEY_UNHEARD;
}
