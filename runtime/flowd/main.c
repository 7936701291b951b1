/* flowd, the program that runs a shop. This version is only its door, and says so. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_CLEAN = 0, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static const char help[] =
    "flowd runs a shop by its .flow specs.\n"
    "\n"
    "usage: flowd --help | --version\n"
    "\n"
    "This version does not run shops yet: the engine that takes orders, starts printers and keeps\n"
    "the records is not part of it. What a shop can do today is check, cost and print its specs\n"
    "with flowc; see flowc(1).\n"
    "\n"
    "  -h, --help     this text\n"
    "  -V, --version  the version\n"
    "\n"
    "Exit status: 0 clean, 2 usage, 3 files or environment.\n";

/* Prints to standard output; a full disk or a closed pipe is the environment's fault. */
static int say(const char *text)
{
    if (fputs(text, stdout) < 0 || fflush(stdout) != 0) {
        perror("flowd: standard output");
        return EXIT_ENVIRONMENT;
    }
    return EXIT_CLEAN;
}

static int usage(const char *what, const char *argument)
{
    fprintf(stderr, "flowd: %s%s%s\nhelp: `flowd --help` says what there is\n", what,
            argument ? ": " : "", argument ? argument : "");
    return EXIT_USAGE;
}

int main(int count, char **arguments)
{
    if (count < 2)
        return usage("nothing to do", NULL);
    const char *first = arguments[1];
    bool wants_help = strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0;
    bool wants_version = strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0;
    if (!wants_help && !wants_version)
        return usage("unknown argument", first);
    if (count > 2)
        return usage("unexpected argument", arguments[2]);
    return say(wants_help ? help : "flowd " FLOW_VERSION "\n");
}
