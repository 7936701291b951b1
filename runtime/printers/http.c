#include "printers/http.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CONNECT_MS = 5000,
    ASK_MS = 8000,
    DO_MS = 40000,     /* Klipper answers a start when it has done what comes before it */
    SEND_MS = 3600000, /* a file over a weak radio */
    SILENT_S = 60,     /* of a file: that long with nothing moving is the end of it */
    BODY_AT_MOST = 1 << 20,
    HEADERS_AT_MOST = 1 << 16
};

struct http {
    struct line line;
    struct transfer transfer;
    struct switchboard *board;
    struct http_line_options options;
    char *address;
    struct curl_slist *headers;
    curl_mime *form;
    FILE *file;
    struct buffer body;
    size_t header_bytes;
};

/* ---- what comes back ---- */

static size_t take_body(char *bytes, size_t one, size_t count, void *data)
{
    struct http *http = data;
    if (one * count > http->options.body_at_most - http->body.length)
        return 0; /* a printer that never ends harms itself: its answer is none */
    buffer_add(&http->body, bytes, one * count);
    return one * count;
}

static size_t take_header(char *bytes, size_t one, size_t count, void *data)
{
    struct http *http = data;
    (void)bytes;
    http->header_bytes += one * count;
    return http->header_bytes > HEADERS_AT_MOST ? 0 : one * count;
}

/* Whether it is certain that not a byte of the call left this machine. */
static bool never_left(CURL *easy, CURLcode code)
{
    long sent = 0;
    double connected = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME, &connected);
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
           code == CURLE_URL_MALFORMAT ||
           (code == CURLE_OPERATION_TIMEDOUT && sent == 0 && connected <= 0);
}

static void forget_call(struct http *http)
{
    curl_slist_free_all(http->headers);
    curl_mime_free(http->form);
    if (http->file)
        fclose(http->file);
    http->headers = NULL;
    http->form = NULL;
    http->file = NULL;
}

static void hear(struct transfer *transfer, CURLcode code)
{
    struct http *http = (struct http *)((char *)transfer - offsetof(struct http, transfer));
    struct reply reply = {0};
    long status = 0;
    curl_off_t retry_after_s = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    reply.never_left = code != CURLE_OK && never_left(transfer->easy, code);
    reply.status = code == CURLE_OK ? (int)status : 0;
    reply.retry_after_s = retry_after_s < 3600 ? (long)retry_after_s : 3600;
    struct buffer body = http->body; /* the next call has its own */
    http->body = (struct buffer){0};
    reply.body = buffer_text(&body);
    reply.length = reply.status ? body.length : 0;
    transfer_drop(switchboard_exchange(http->board), transfer);
    forget_call(http);
    line_answer(&http->line, &reply);
    buffer_free(&body);
}

/* ---- a line ---- */

static char *copied(const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    return text ? memcpy(memory_alloc(size), text, size) : NULL;
}

static void forget_secret(const char *secret)
{
    if (secret)
        explicit_bzero((char *)(uintptr_t)secret, strlen(secret));
    free((char *)(uintptr_t)secret);
}

static void close_http(struct line *line)
{
    struct http *http = (struct http *)line;
    if (line_is_busy(line))
        transfer_drop(switchboard_exchange(http->board), &http->transfer);
    curl_easy_cleanup(http->transfer.easy);
    forget_call(http);
    buffer_free(&http->body);
    forget_secret(http->options.key);
    forget_secret(http->options.password);
    free((char *)(uintptr_t)http->options.user);
    free(http->address);
    free(http);
}

static void add_header(struct http *http, const char *name, const char *value)
{
    struct buffer header = {0};
    buffer_addf(&header, *value ? "%s: %s" : "%s:", name, value);
    http->headers = curl_slist_append(http->headers, header.text);
    explicit_bzero(header.text, header.length);
    buffer_free(&header);
}

static void set_headers(struct http *http, const struct call *call)
{
    add_header(http, "Expect", ""); /* half of these servers do not know it */
    if (http->options.key)
        add_header(http, "X-Api-Key", http->options.key);
    for (int i = 0; i < CALL_PARTS_AT_MOST && call->headers[i].name; i++)
        add_header(http, call->headers[i].name, call->headers[i].value);
    if (call->body == BODY_JSON)
        add_header(http, "Content-Type", "application/json");
    if (call->body == BODY_FILE)
        add_header(http, "Content-Type", "application/octet-stream");
    curl_easy_setopt(http->transfer.easy, CURLOPT_HTTPHEADER, http->headers);
}

/* libcurl sends a call again by itself where a connection that it had kept turns out dead. A print would be started twice;
   so what changes something gets a connection of its own, which is not kept. */
static void set_connection(struct http *http, enum call_kind kind)
{
    CURL *easy = http->transfer.easy;
    bool own = kind != CALL_ASKS || http->options.hangs_up;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, kind != CALL_ASKS ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, own ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     kind == CALL_ASKS   ? (long)ASK_MS
                     : kind == CALL_DOES ? (long)DO_MS
                                         : (long)SEND_MS);
    if (kind == CALL_SENDS) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SILENT_S);
    }
}

static void set_identity(struct http *http)
{
    CURL *easy = http->transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* nothing is told to another */
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    if (http->options.user && http->options.password) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
        curl_easy_setopt(easy, CURLOPT_USERNAME, http->options.user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, http->options.password);
    }
}

static size_t read_file(char *bytes, size_t one, size_t count, void *data)
{
    size_t length = fread(bytes, one, count, data);
    return length || !ferror(data) ? length : CURL_READFUNC_ABORT;
}

static int seek_file(void *data, curl_off_t offset, int origin)
{
    return fseeko(data, offset, origin) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/* The file's bytes as the body, or as a part of a form; false where it cannot be read. */
static bool set_file(struct http *http, const struct call *call, const char *path, const char *name)
{
    CURL *easy = http->transfer.easy;
    struct stat facts;
    http->file = path ? fopen(path, "rbe") : NULL;
    if (!http->file || fstat(fileno(http->file), &facts) != 0)
        return false;
    if (call->body == BODY_FILE) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_file);
        curl_easy_setopt(easy, CURLOPT_READDATA, http->file);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_file);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, http->file);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)facts.st_size);
        return true;
    }
    http->form = curl_mime_init(easy);
    for (int i = 0; i < CALL_PARTS_AT_MOST && call->parts[i].name; i++) {
        curl_mimepart *part = curl_mime_addpart(http->form);
        curl_mime_name(part, call->parts[i].name);
        curl_mime_data(part, call->parts[i].value, CURL_ZERO_TERMINATED);
    }
    curl_mimepart *part = curl_mime_addpart(http->form);
    curl_mime_name(part, "file");
    curl_mime_filename(part, name);
    curl_mime_data_cb(part, (curl_off_t)facts.st_size, read_file, seek_file, NULL, http->file);
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, http->form);
    return true;
}

static bool set_body(struct http *http, const struct call *call, const char *path, const char *name)
{
    CURL *easy = http->transfer.easy;
    bool good = true;
    if (call->body == BODY_JSON)
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, call->text);
    else if (call->body != BODY_NONE)
        good = set_file(http, call, path, name);
    else if (strcmp(call->method, "POST") == 0 || strcmp(call->method, "PUT") == 0)
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, "");
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call->method);
    return good;
}

static void ask(struct line *line, const struct call *call, const char *file, const char *file_name)
{
    struct http *http = (struct http *)line;
    CURL *easy = http->transfer.easy;
    struct buffer url = {0};
    curl_easy_reset(easy);
    buffer_addf(&url, "%s%s", http->address, call->path);
    http->header_bytes = 0;
    set_identity(http);
    set_connection(http, call_kind(call));
    set_headers(http, call);
    if (!set_body(http, call, file, file_name)) /* unreadable: an address that leads nowhere */
        buffer_clear(&url);
    curl_easy_setopt(easy, CURLOPT_URL, buffer_text(&url));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, http);
    transfer_begin(switchboard_exchange(http->board), &http->transfer);
    buffer_free(&url);
}

static const struct line_kind kind = {ask, close_http};

struct line *http_line_open(struct switchboard *board, const struct http_line_options *options)
{
    struct http *http = memory_zeroed(1, sizeof *http);
    http->line.kind = &kind;
    http->board = board;
    http->options = *options;
    if (!http->options.body_at_most)
        http->options.body_at_most = BODY_AT_MOST;
    http->options.key = copied(options->key);
    http->options.user = copied(options->user);
    http->options.password = copied(options->password);
    http->address = copied(options->address);
    size_t length = strlen(http->address);
    if (length && http->address[length - 1] == '/')
        http->address[length - 1] = 0;
    http->transfer = (struct transfer){curl_easy_init(), hear};
    if (!http->transfer.easy)
        memory_exhausted();
    return &http->line;
}
