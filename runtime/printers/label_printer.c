#include "printers/label_printer.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILE_AT_MOST = 1 << 16 };

/* ---- the file ---- */

static bool read_line(char *line, int number, const char *path, struct label_printer *printer,
                      struct failure *failure)
{
    char *rest = NULL;
    char *name = strtok_r(line, " \t\r", &rest), *host = strtok_r(NULL, " \t\r", &rest);
    char *size = strtok_r(NULL, " \t\r", &rest);
    if (!host || !size || strtok_r(NULL, " \t\r", &rest) ||
        (strcmp(size, "62mm") != 0 && strcmp(size, "4x6") != 0))
        return fail(failure,
                    "%s:%d: a label printer is NAME HOST[:PORT] SIZE, the size 62mm or 4x6: "
                    "packing 192.168.1.40:9100 62mm",
                    path, number);
    char *port = strrchr(host, ':');
    if (port)
        *port++ = '\0';
    if (port && (!*port || strspn(port, "0123456789") != strlen(port) || strlen(port) > 5))
        return fail(failure, "%s:%d: the port is a number, 9100 mostly", path, number);
    *printer = (struct label_printer){name, host, port ? port : "9100", size};
    return true;
}

int label_printers_read(const char *folder, struct label_printer **printers, struct arena *arena,
                        struct failure *failure)
{
    const char *path = path_join(arena, folder, "label-printers");
    char *content = NULL, *rest = NULL;
    size_t length = 0;
    int count = 0, number = 0;

    *printers = ARENA_ARRAY(arena, struct label_printer, LABEL_PRINTERS_AT_MOST);
    if (!file_exists(path))
        return 0;
    if (file_read(path, FILE_AT_MOST, &content, &length, failure) != FILE_OK)
        return -1;
    char *text = arena_copy_text(arena, content, length);
    free(content);
    for (char *line = text; line && count >= 0; line = rest) {
        number++;
        rest = strchr(line, '\n');
        if (rest)
            *rest++ = '\0';
        line += strspn(line, " \t\r");
        if (!*line || *line == '#')
            continue;
        if (count == LABEL_PRINTERS_AT_MOST) {
            fail(failure, "%s:%d: at most %d label printers", path, number, LABEL_PRINTERS_AT_MOST);
            return -1;
        }
        count = read_line(line, number, path, &(*printers)[count], failure) ? count + 1 : -1;
    }
    return count;
}

/* ---- the wire ---- */

static bool is_ready(int line, short what, int within_ms)
{
    struct pollfd wait = {line, what, 0};
    int ready;
    do
        ready = poll(&wait, 1, within_ms);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

static bool is_connected(int line, const struct addrinfo *address, int within_ms)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(line, address->ai_addr, address->ai_addrlen) == 0)
        return true;
    return errno == EINPROGRESS && is_ready(line, POLLOUT, within_ms) &&
           getsockopt(line, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && !error;
}

/* The first of its addresses that answers; -1 where none does. */
static int open_line(const struct label_printer *printer, int within_ms)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses = NULL;
    int line = -1;
    if (getaddrinfo(printer->host, printer->port, &hints, &addresses) != 0)
        return -1;
    for (const struct addrinfo *at = addresses; at && line < 0; at = at->ai_next) {
        line = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (line >= 0 && !is_connected(line, at, within_ms)) {
            close(line);
            line = -1;
        }
    }
    freeaddrinfo(addresses);
    return line;
}

static bool send_all(int line, const struct buffer *zpl, int within_ms)
{
    size_t sent = 0;
    while (sent < zpl->length) {
        ssize_t some = send(line, zpl->text + sent, zpl->length - sent, MSG_NOSIGNAL);
        if (some > 0)
            sent += (size_t)some;
        else if (some < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        else if (!is_ready(line, POLLOUT, within_ms))
            return false;
    }
    return shutdown(line, SHUT_WR) == 0;
}

bool label_printer_send(const struct label_printer *printer, const struct buffer *zpl,
                        int within_ms, struct failure *failure)
{
    int line = open_line(printer, within_ms);
    if (line < 0)
        return fail(failure,
                    "the label printer %s (%s:%s) does not answer; is it on, and in the network?",
                    printer->name, printer->host, printer->port);
    bool sent = send_all(line, zpl, within_ms);
    close(line);
    return sent || fail(failure,
                        "the label printer %s takes nothing more; is there paper, is it "
                        "closed? Some of it may be printed",
                        printer->name);
}
