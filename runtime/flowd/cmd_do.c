/* flowd do: commands as the API takes them, for scripts: one from the command line, or a line each from standard input. */
#include "flowd/flowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int do_line(struct desk *desk, const char *text, size_t length, struct interner *names)
{
    struct message command;
    struct failure failure;
    if (message_read(text, length, false, names, &command, &failure))
        return desk_do(desk, &command);
    complain("%.*s\n%s", (int)(length < 200 ? length : 200), text, failure.message);
    return EXIT_USAGE;
}

/* Goes on after a refusal, as a script of what happened would; the worst status is the whole's. */
static int do_lines(struct desk *desk, struct interner *names)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    int worst = EXIT_CLEAN;

    while ((length = getline(&line, &capacity, stdin)) >= 0) {
        while (length && strchr("\r\n \t", line[length - 1]))
            length--;
        int status =
            length && line[0] != '#' ? do_line(desk, line, (size_t)length, names) : EXIT_CLEAN;
        worst = status > worst ? status : worst;
        if (status == EXIT_ENVIRONMENT)
            break;
    }
    free(line);
    return worst;
}

int cmd_do(int argc, char **argv)
{
    const struct verb *verb = verb_find("do");
    struct desk desk = {0};
    const struct option_row options[] = {DESK_OPTIONS(&desk)};
    struct arena arena = {0};
    struct interner names;
    bool done;
    int count = options_read(argc, argv, verb, options, DESK_OPTION_COUNT, &done);

    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, "which command? `-` reads one a line from standard input");
    interner_open(&names, &arena);
    int status = !desk_write(&desk)          ? EXIT_ENVIRONMENT
                 : strcmp(argv[1], "-") == 0 ? do_lines(&desk, &names)
                                             : do_line(&desk, argv[1], strlen(argv[1]), &names);
    desk_close(&desk);
    interner_close(&names);
    arena_free(&arena);
    return status;
}
