#include "printers/ftps.h"

#include "printers/bambu.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CONNECT_MS = 8000,
    ANSWER_MS = 30000, /* the last word on a file may come so late */
    ASK_MS = 30000,
    SEND_MS = 3600000, /* 50 kB a second, and files of 100 MB */
    SILENT_S = 60,
    LINES_AT_MOST = 1 << 16
};

struct ftps {
    struct transfer transfer;
    struct switchboard *board;
    struct ftps_options options;
    ftps_heard *heard;
    void *data;
    bool busy;
    char what; /* the first letter of the method: PUT, HEAD, DELETE */
    struct curl_slist *places, *commands;
    FILE *file;
    char said[200]; /* the server's last line, but for its good-bye */
    int code;       /* of it */
    size_t said_bytes;
};

/* ---- what comes back ---- */

static size_t take_line(char *bytes, size_t one, size_t count, void *data)
{
    struct ftps *ftps = data;
    size_t length = one * count;
    char code[4] = "";
    ftps->said_bytes += length;
    memcpy(code, bytes, length < 3 ? length : 3);
    if (strspn(code, "0123456789") == 3 && strcmp(code, "221") != 0) {
        ftps->code = atoi(code);
        snprintf(ftps->said, sizeof ftps->said, "%.*s", (int)(length < 190 ? length : 190), bytes);
        ftps->said[strcspn(ftps->said, "\r\n")] = 0;
    }
    return ftps->said_bytes > LINES_AT_MOST ? 0 : length;
}

static size_t ignore(char *bytes, size_t one, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return one * count;
}

static void forget_call(struct ftps *ftps)
{
    curl_slist_free_all(ftps->places);
    curl_slist_free_all(ftps->commands);
    ftps->places = ftps->commands = NULL;
    if (ftps->file)
        fclose(ftps->file);
    ftps->file = NULL;
    ftps->busy = false;
}

static bool never_left(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
}

static void over(struct transfer *transfer, CURLcode code)
{
    struct ftps *ftps = (struct ftps *)((char *)transfer - offsetof(struct ftps, transfer));
    char body[64];
    curl_off_t size = -1;
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    /* Only a last word of the server's is an answer; one that was about something before the deed is none. */
    struct reply reply = {.status = is_other_peer(code)                     ? BAMBU_OTHER_PRINTER
                                    : code == CURLE_OK || ftps->code >= 400 ? ftps->code
                                                                            : 0,
                          .never_left = never_left(code),
                          .body = ftps->said,
                          .length = strlen(ftps->said)};
    if (code == CURLE_OK && ftps->what == 'D')
        reply.status = FTP_DELETED;
    if (code == CURLE_OK && ftps->what == 'H' && size >= 0) {
        reply.status = FTP_SIZE;
        reply.body = body;
        reply.length = (size_t)snprintf(body, sizeof body, "{\"size\":%lld}", (long long)size);
    }
    transfer_drop(switchboard_exchange(ftps->board), transfer);
    forget_call(ftps);
    ftps->heard(ftps->data, &reply);
}

/* ---- what is asked ---- */

static size_t read_file(char *bytes, size_t one, size_t count, void *data)
{
    size_t length = fread(bytes, one, count, data);
    return length || !ferror(data) ? length : CURL_READFUNC_ABORT;
}

static bool set_file(struct ftps *ftps, const char *path)
{
    CURL *easy = ftps->transfer.easy;
    struct stat facts;
    ftps->file = path ? fopen(path, "rbe") : NULL;
    if (!ftps->file || fstat(fileno(ftps->file), &facts) != 0)
        return false;
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_file);
    curl_easy_setopt(easy, CURLOPT_READDATA, ftps->file);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)facts.st_size);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)SEND_MS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SILENT_S);
    return true;
}

static void set_session(struct ftps *ftps)
{
    CURL *easy = ftps->transfer.easy;
    ftps->places = peer_set(&ftps->options.peer, ftps->options.port, easy);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "ftps");
    curl_easy_setopt(easy, CURLOPT_USERNAME, ftps->options.user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, ftps->options.password);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 1L); /* the files' channel continues it */
    curl_easy_setopt(easy, CURLOPT_FTP_USE_EPSV, 0L);        /* of which some know nothing */
    curl_easy_setopt(easy, CURLOPT_FTP_SKIP_PASV_IP, 1L);
    curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, (long)CURLFTPMETHOD_NOCWD);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)ANSWER_MS / 1000);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ASK_MS);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, ftps);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
}

void ftps_ask(struct ftps *ftps, const struct call *call, const char *file)
{
    CURL *easy = ftps->transfer.easy;
    struct buffer text = {0};
    bool good = true;
    curl_easy_reset(easy);
    *ftps->said = 0;
    ftps->code = 0;
    ftps->said_bytes = 0;
    ftps->busy = true;
    ftps->what = call->method[0];
    set_session(ftps);
    if (ftps->what == 'D') {
        buffer_addf(&text, "DELE %s", call->path + 1);
        ftps->commands = curl_slist_append(NULL, text.text);
        curl_easy_setopt(easy, CURLOPT_QUOTE, ftps->commands);
        buffer_clear(&text);
    }
    if (call->body == BODY_FILE)
        good = set_file(ftps, file);
    else
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (good) /* unreadable: an address that leads nowhere */
        buffer_addf(&text, "ftps://%s%s", ftps->options.peer.serial,
                    ftps->what == 'D' ? "/" : call->path);
    curl_easy_setopt(easy, CURLOPT_URL, buffer_text(&text));
    transfer_begin(switchboard_exchange(ftps->board), &ftps->transfer);
    buffer_free(&text);
}

struct ftps *ftps_open(struct switchboard *board, const struct ftps_options *options,
                       ftps_heard *heard, void *data)
{
    struct ftps *ftps = memory_zeroed(1, sizeof *ftps);
    ftps->board = board;
    ftps->options = *options;
    ftps->heard = heard;
    ftps->data = data;
    ftps->transfer = (struct transfer){curl_easy_init(), over};
    if (!ftps->transfer.easy)
        memory_exhausted();
    return ftps;
}

void ftps_close(struct ftps *ftps)
{
    if (!ftps)
        return;
    if (ftps->busy)
        transfer_drop(switchboard_exchange(ftps->board), &ftps->transfer);
    curl_easy_cleanup(ftps->transfer.easy);
    forget_call(ftps);
    free(ftps);
}
