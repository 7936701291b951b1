#include "printers/http.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECT_MS = 5000,
    ASK_MS = 8000,
    DO_MS = 40000,     /* Klipper answers a start when it has done what comes before it */
    SEND_MS = 3600000, /* a file over a weak radio */
    SILENT_S = 60,     /* of a file: that long with nothing moving is the end of it */
    BODY_AT_MOST = 1 << 20,
    HEADERS_AT_MOST = 1 << 16,
    EVENTS_AT_MOST = 64,
    CONNECTIONS_KEPT = 2048
};

struct switchboard {
    CURLM *multi;
    int epoll;
    int64_t due_ms; /* when libcurl wants to be called; negative: not at all */
    int running;
};

struct line {
    struct switchboard *board;
    struct line_options options;
    char *address;
    CURL *easy;
    struct curl_slist *headers;
    curl_mime *form;
    FILE *file;
    struct buffer body;
    size_t header_bytes;
    line_heard *heard; /* NULL: nothing is on its way */
    void *data;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- one epoll under libcurl ---- */

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *known)
{
    struct switchboard *board = data;
    struct epoll_event event = {.data.fd = socket};
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(board->epoll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                   (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    if (epoll_ctl(board->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) != 0 &&
        errno == EEXIST)
        epoll_ctl(board->epoll, EPOLL_CTL_MOD, socket, &event);
    curl_multi_assign(board->multi, socket, board);
    return 0;
}

static int set_timer(CURLM *multi, long wait_ms, void *data)
{
    struct switchboard *board = data;
    (void)multi;
    board->due_ms = wait_ms < 0 ? -1 : clock_ms() + wait_ms;
    return 0;
}

struct switchboard *switchboard_open(struct failure *failure)
{
    struct switchboard *board = memory_zeroed(1, sizeof *board);
    board->due_ms = -1;
    board->epoll = epoll_create1(EPOLL_CLOEXEC);
    board->multi = curl_multi_init();
    if (board->epoll < 0 || !board->multi) {
        fail(failure, "libcurl cannot be used: %s", strerror(errno));
        switchboard_close(board);
        return NULL;
    }
    curl_multi_setopt(board->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(board->multi, CURLMOPT_SOCKETDATA, board);
    curl_multi_setopt(board->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(board->multi, CURLMOPT_TIMERDATA, board);
    curl_multi_setopt(board->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(board->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    return board;
}

void switchboard_close(struct switchboard *board)
{
    if (!board)
        return;
    curl_multi_cleanup(board->multi);
    if (board->epoll >= 0)
        close(board->epoll);
    free(board);
}

/* ---- what comes back ---- */

static size_t take_body(char *bytes, size_t one, size_t count, void *data)
{
    struct line *line = data;
    if (one * count > BODY_AT_MOST - line->body.length)
        return 0; /* a printer that never ends harms itself: its answer is none */
    buffer_add(&line->body, bytes, one * count);
    return one * count;
}

static size_t take_header(char *bytes, size_t one, size_t count, void *data)
{
    struct line *line = data;
    (void)bytes;
    line->header_bytes += one * count;
    return line->header_bytes > HEADERS_AT_MOST ? 0 : one * count;
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

static void forget_call(struct line *line)
{
    curl_slist_free_all(line->headers);
    curl_mime_free(line->form);
    if (line->file)
        fclose(line->file);
    line->headers = NULL;
    line->form = NULL;
    line->file = NULL;
}

/* The line is free again before it is heard, so that the hearer can ask the next. */
static void hear(struct line *line, CURLcode code)
{
    struct reply reply = {0};
    long status = 0;
    curl_off_t retry_after_s = 0;
    line_heard *heard = line->heard;

    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    reply.never_left = code != CURLE_OK && never_left(line->easy, code);
    reply.status = code == CURLE_OK ? (int)status : 0;
    reply.retry_after_s = retry_after_s < 3600 ? (long)retry_after_s : 3600;
    struct buffer body = line->body; /* the next call has its own */
    line->body = (struct buffer){0};
    reply.body = buffer_text(&body);
    reply.length = reply.status ? body.length : 0;
    curl_multi_remove_handle(line->board->multi, line->easy);
    forget_call(line);
    line->heard = NULL;
    heard(line->data, &reply);
    buffer_free(&body);
}

static void hear_all(struct switchboard *board)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(board->multi, &left))) {
        struct line *line = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&line);
        hear(line, code);
    }
}

void switchboard_turn(struct switchboard *board, int wait_ms)
{
    struct epoll_event events[EVENTS_AT_MOST];
    if (board->due_ms >= 0) {
        int64_t left_ms = board->due_ms - clock_ms();
        wait_ms = left_ms < wait_ms ? (left_ms < 0 ? 0 : (int)left_ms) : wait_ms;
    }
    int count = epoll_wait(board->epoll, events, EVENTS_AT_MOST, wait_ms);
    for (int i = 0; i < count; i++) {
        uint32_t is = events[i].events;
        int what = (is & EPOLLIN ? CURL_CSELECT_IN : 0) | (is & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (is & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(board->multi, events[i].data.fd, what, &board->running);
    }
    if (board->due_ms >= 0 && clock_ms() >= board->due_ms) {
        board->due_ms = -1;
        curl_multi_socket_action(board->multi, CURL_SOCKET_TIMEOUT, 0, &board->running);
    }
    hear_all(board);
}

/* ---- a line ---- */

static char *copied(const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    return text ? memcpy(memory_alloc(size), text, size) : NULL;
}

struct line *line_open(struct switchboard *board, const struct line_options *options)
{
    struct line *line = memory_zeroed(1, sizeof *line);
    line->board = board;
    line->options = *options;
    line->options.key = copied(options->key);
    line->options.user = copied(options->user);
    line->options.password = copied(options->password);
    line->address = copied(options->address);
    size_t length = strlen(line->address);
    if (length && line->address[length - 1] == '/')
        line->address[length - 1] = 0;
    line->easy = curl_easy_init();
    if (!line->easy)
        memory_exhausted();
    return line;
}

static void forget_secret(const char *secret)
{
    if (secret)
        explicit_bzero((char *)(uintptr_t)secret, strlen(secret));
    free((char *)(uintptr_t)secret);
}

void line_close(struct line *line)
{
    if (!line)
        return;
    if (line->heard)
        curl_multi_remove_handle(line->board->multi, line->easy);
    curl_easy_cleanup(line->easy);
    forget_call(line);
    buffer_free(&line->body);
    forget_secret(line->options.key);
    forget_secret(line->options.password);
    free((char *)(uintptr_t)line->options.user);
    free(line->address);
    free(line);
}

bool line_is_busy(const struct line *line)
{
    return line->heard != NULL;
}

static void add_header(struct line *line, const char *name, const char *value)
{
    struct buffer header = {0};
    buffer_addf(&header, *value ? "%s: %s" : "%s:", name, value);
    line->headers = curl_slist_append(line->headers, header.text);
    explicit_bzero(header.text, header.length);
    buffer_free(&header);
}

static void set_headers(struct line *line, const struct call *call)
{
    add_header(line, "Expect", ""); /* half of these servers do not know it */
    if (line->options.key)
        add_header(line, "X-Api-Key", line->options.key);
    for (int i = 0; i < CALL_PARTS_AT_MOST && call->headers[i].name; i++)
        add_header(line, call->headers[i].name, call->headers[i].value);
    if (call->body == BODY_JSON)
        add_header(line, "Content-Type", "application/json");
    if (call->body == BODY_FILE)
        add_header(line, "Content-Type", "application/octet-stream");
    curl_easy_setopt(line->easy, CURLOPT_HTTPHEADER, line->headers);
}

/* libcurl sends a call again by itself where a connection that it had kept turns out dead. A print would be started twice;
   so what changes something gets a connection of its own, which is not kept. */
static void set_connection(struct line *line, enum call_kind kind)
{
    bool own = kind != CALL_ASKS || line->options.hangs_up;
    curl_easy_setopt(line->easy, CURLOPT_FRESH_CONNECT, kind != CALL_ASKS ? 1L : 0L);
    curl_easy_setopt(line->easy, CURLOPT_FORBID_REUSE, own ? 1L : 0L);
    curl_easy_setopt(line->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(line->easy, CURLOPT_TIMEOUT_MS,
                     kind == CALL_ASKS   ? (long)ASK_MS
                     : kind == CALL_DOES ? (long)DO_MS
                                         : (long)SEND_MS);
    if (kind == CALL_SENDS) {
        curl_easy_setopt(line->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(line->easy, CURLOPT_LOW_SPEED_TIME, (long)SILENT_S);
    }
}

static void set_identity(struct line *line)
{
    curl_easy_setopt(line->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(line->easy, CURLOPT_FOLLOWLOCATION, 0L); /* nothing is told to another */
    curl_easy_setopt(line->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(line->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(line->easy, CURLOPT_TCP_NODELAY, 1L);
    if (line->options.user && line->options.password) {
        curl_easy_setopt(line->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
        curl_easy_setopt(line->easy, CURLOPT_USERNAME, line->options.user);
        curl_easy_setopt(line->easy, CURLOPT_PASSWORD, line->options.password);
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
static bool set_file(struct line *line, const struct call *call, const char *path, const char *name)
{
    struct stat facts;
    line->file = path ? fopen(path, "rbe") : NULL;
    if (!line->file || fstat(fileno(line->file), &facts) != 0)
        return false;
    if (call->body == BODY_FILE) {
        curl_easy_setopt(line->easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(line->easy, CURLOPT_READFUNCTION, read_file);
        curl_easy_setopt(line->easy, CURLOPT_READDATA, line->file);
        curl_easy_setopt(line->easy, CURLOPT_SEEKFUNCTION, seek_file);
        curl_easy_setopt(line->easy, CURLOPT_SEEKDATA, line->file);
        curl_easy_setopt(line->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)facts.st_size);
        return true;
    }
    line->form = curl_mime_init(line->easy);
    for (int i = 0; i < CALL_PARTS_AT_MOST && call->parts[i].name; i++) {
        curl_mimepart *part = curl_mime_addpart(line->form);
        curl_mime_name(part, call->parts[i].name);
        curl_mime_data(part, call->parts[i].value, CURL_ZERO_TERMINATED);
    }
    curl_mimepart *part = curl_mime_addpart(line->form);
    curl_mime_name(part, "file");
    curl_mime_filename(part, name);
    curl_mime_data_cb(part, (curl_off_t)facts.st_size, read_file, seek_file, NULL, line->file);
    curl_easy_setopt(line->easy, CURLOPT_MIMEPOST, line->form);
    return true;
}

static bool set_body(struct line *line, const struct call *call, const char *path, const char *name)
{
    bool good = true;
    if (call->body == BODY_JSON)
        curl_easy_setopt(line->easy, CURLOPT_COPYPOSTFIELDS, call->text);
    else if (call->body != BODY_NONE)
        good = set_file(line, call, path, name);
    else if (strcmp(call->method, "POST") == 0 || strcmp(call->method, "PUT") == 0)
        curl_easy_setopt(line->easy, CURLOPT_COPYPOSTFIELDS, "");
    curl_easy_setopt(line->easy, CURLOPT_CUSTOMREQUEST, call->method);
    return good;
}

void line_ask(struct line *line, const struct call *call, const char *file, const char *file_name,
              line_heard *heard, void *data)
{
    struct buffer url = {0};
    curl_easy_reset(line->easy);
    buffer_addf(&url, "%s%s", line->address, call->path);
    line->heard = heard;
    line->data = data;
    line->header_bytes = 0;
    set_identity(line);
    set_connection(line, call_kind(call));
    set_headers(line, call);
    if (!set_body(line, call, file, file_name)) /* unreadable: an address that leads nowhere */
        buffer_clear(&url);
    curl_easy_setopt(line->easy, CURLOPT_URL, buffer_text(&url));
    curl_easy_setopt(line->easy, CURLOPT_PRIVATE, line);
    curl_easy_setopt(line->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(line->easy, CURLOPT_WRITEDATA, line);
    curl_easy_setopt(line->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(line->easy, CURLOPT_HEADERDATA, line);
    curl_multi_add_handle(line->board->multi, line->easy);
    buffer_free(&url);
}
