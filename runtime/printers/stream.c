#include "printers/stream.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct stream {
    struct switchboard *board;
    struct exchange *exchange; /* its own: libcurl ends what others left unused for two minutes */
    struct transfer transfer;
    struct watch watch;
    struct peer peer;
    int port;
    const char *server; /* an address instead; NULL: none */
    struct stream_listener listener;
    struct curl_slist *places;
    bool busy, open;
};

/* ---- whom we speak to ---- */

/* The certificate has the serial number for a name, and no address: so that is the name that we ask for. */
struct curl_slist *peer_set(const struct peer *peer, int port, CURL *easy)
{
    struct buffer place = {0};
    bool six = strchr(peer->host, ':') != NULL;
    buffer_addf(&place, six ? "::[%s]:%d" : "::%s:%d", peer->host, port);
    struct curl_slist *places = curl_slist_append(NULL, buffer_text(&place));
    buffer_free(&place);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, places);
    curl_easy_setopt(easy, CURLOPT_PORT, (long)port);
    curl_easy_setopt(easy, CURLOPT_CAINFO, peer->authorities);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    /* Some models speak no newer one, and a session is found again with more certainty. */
    curl_easy_setopt(easy, CURLOPT_SSLVERSION,
                     (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    return places;
}

static struct curl_slist *server_set(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    return NULL;
}

bool is_other_peer(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR ||
           code == CURLE_SSL_CACERT_BADFILE;
}

/* ---- the connection ---- */

static void socket_is_ready(struct watch *watch, uint32_t events)
{
    struct stream *stream = (struct stream *)((char *)watch - offsetof(struct stream, watch));
    (void)events;
    stream->listener.ready(stream->listener.data);
}

static void opened(struct transfer *transfer, CURLcode code)
{
    struct stream *stream = (struct stream *)((char *)transfer - offsetof(struct stream, transfer));
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (code == CURLE_OK)
        curl_easy_getinfo(transfer->easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) {
        stream_hang_up(stream);
        stream->listener.opened(stream->listener.data, code ? code : CURLE_COULDNT_CONNECT);
        return;
    }
    stream->open = true;
    stream->watch.socket = socket;
    switchboard_watch(stream->board, &stream->watch, EPOLLIN);
    stream->listener.opened(stream->listener.data, CURLE_OK);
}

void stream_connect(struct stream *stream, int connect_ms)
{
    CURL *easy = stream->transfer.easy;
    struct buffer address = {0};
    curl_easy_reset(easy);
    curl_slist_free_all(stream->places);
    stream->places =
        stream->server ? server_set(easy) : peer_set(&stream->peer, stream->port, easy);
    if (stream->server)
        buffer_add_text(&address, stream->server);
    else
        buffer_addf(&address, "https://%s/", stream->peer.serial);
    curl_easy_setopt(easy, CURLOPT_URL, buffer_text(&address));
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    stream->busy = true;
    transfer_begin(stream->exchange, &stream->transfer);
    buffer_free(&address);
}

void stream_hang_up(struct stream *stream)
{
    struct linger at_once = {.l_onoff = 1};
    if (stream->open) {
        switchboard_unwatch(stream->board, &stream->watch);
        setsockopt(stream->watch.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (stream->busy) /* which ends the connection as well */
        transfer_drop(stream->exchange, &stream->transfer);
    stream->busy = stream->open = false;
}

long stream_send(struct stream *stream, const char *bytes, size_t length)
{
    size_t sent = 0;
    CURLcode code = stream->open ? curl_easy_send(stream->transfer.easy, bytes, length, &sent)
                                 : CURLE_SEND_ERROR;
    return code == CURLE_OK ? (long)sent : code == CURLE_AGAIN ? 0 : -1;
}

long stream_receive(struct stream *stream, char *bytes, size_t size)
{
    size_t came = 0;
    CURLcode code =
        stream->open ? curl_easy_recv(stream->transfer.easy, bytes, size, &came) : CURLE_RECV_ERROR;
    return code == CURLE_AGAIN ? 0 : code == CURLE_OK && came ? (long)came : -1;
}

void stream_want_room(struct stream *stream, bool wanted)
{
    if (stream->open)
        switchboard_watch(stream->board, &stream->watch,
                          EPOLLIN | (wanted ? (uint32_t)EPOLLOUT : 0));
}

static struct stream *make(struct switchboard *board, const struct stream_listener *listener)
{
    struct stream *stream = memory_zeroed(1, sizeof *stream);
    stream->board = board;
    stream->listener = *listener;
    stream->exchange = exchange_open(board);
    stream->transfer = (struct transfer){curl_easy_init(), opened};
    stream->watch = (struct watch){-1, socket_is_ready};
    if (!stream->transfer.easy)
        memory_exhausted();
    return stream;
}

struct stream *stream_open(struct switchboard *board, const struct peer *peer, int port,
                           const struct stream_listener *listener)
{
    struct stream *stream = make(board, listener);
    stream->peer = *peer;
    stream->port = port;
    return stream;
}

struct stream *stream_open_server(struct switchboard *board, const char *address,
                                  const struct stream_listener *listener)
{
    struct stream *stream = make(board, listener);
    stream->server = address;
    return stream;
}

void stream_close(struct stream *stream)
{
    if (!stream)
        return;
    stream_hang_up(stream);
    curl_easy_cleanup(stream->transfer.easy);
    curl_slist_free_all(stream->places);
    exchange_close(stream->exchange);
    free(stream);
}
