#include "flowd/secrets.h"

#include "station/secrets.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A line without its end. On a terminal it is asked for and not shown. */
static bool read_line(const char *what, const char *person, char *line, int size)
{
    struct termios before, silent;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;

    if (terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
        fprintf(stderr, "The %s of %s: ", what, person);
    }
    bool read = fgets(line, size, stdin);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        fputc('\n', stderr);
    }
    if (read)
        line[strcspn(line, "\r\n")] = '\0';
    else
        complain("type the %s, or give it on standard input", what);
    return read;
}

static int set_secret(struct desk *desk, int count, char **arguments, enum secret_kind kind)
{
    char line[SECRET_AT_MOST + 3], hash[SECRET_HASH_SIZE] = "";
    struct failure failure;
    struct message command = {.kind = kind == SECRET_PIN ? COMMAND_set_pin : COMMAND_set_password};

    if (count != 1)
        return usage_error(verb_find("people"), "whose?");
    if (!read_line(SECRET_WORD(kind), arguments[0], line, sizeof line))
        return EXIT_USAGE;
    if (*line && !secret_hash(kind, line, hash, &failure)) {
        complain("%s", failure.message);
        return EXIT_USAGE;
    }
    if (!desk_write(desk))
        return EXIT_ENVIRONMENT;
    if (kind == SECRET_PIN)
        command.set_pin = (struct set_pin){arguments[0], hash};
    else
        command.set_password = (struct set_password){arguments[0], hash};
    return desk_do(desk, &command);
}

int set_pin(struct desk *desk, int count, char **arguments)
{
    return set_secret(desk, count, arguments, SECRET_PIN);
}

int set_password(struct desk *desk, int count, char **arguments)
{
    return set_secret(desk, count, arguments, SECRET_PASSWORD);
}
