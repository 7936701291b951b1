/* flowc lsp: the language server, over standard input and output. */
#include "flowc/flowc.h"
#include "flowc/lsp/server.h"

#include <signal.h>
#include <unistd.h>

int cmd_lsp(int argc, char **argv)
{
    const struct verb *verb = verb_find("lsp");
    bool stdio = false, done; /* --stdio is what editors pass to any server */
    const struct option_row options[] = {{"--stdio", false, NULL, &stdio}};
    int count = options_read(argc, argv, verb, options, 1, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count)
        return usage_error(verb, "it takes no file: the editor says which");
    if (isatty(STDIN_FILENO))
        return usage_error(verb,
                           "an editor starts this, and speaks to it; docs/editors.md says how");
    struct server server = {.in = STDIN_FILENO, .out = STDOUT_FILENO};
    signal(SIGPIPE, SIG_IGN); /* an editor that is gone is the end, not a fault */
    int status = server_run(&server);
    server_close(&server);
    return status;
}
