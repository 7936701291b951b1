/* What flowc and flowd have in common as programs of a command line: verbs, options, help, colors, exit statuses, and a
   spec compiled from a file. Each program defines `program`. */
#ifndef FLOW_PROGRAM_PROGRAM_H
#define FLOW_PROGRAM_PROGRAM_H

#include "source/render.h"
#include "spec/spec.h"

enum exit_status {
    EXIT_CLEAN = 0,    /* warnings allowed */
    EXIT_FINDINGS = 1, /* findings, differences, a refusal */
    EXIT_USAGE = 2,
    EXIT_ENVIRONMENT = 3, /* files, memory, disk */
    EXIT_OUR_FAULT = 4
};

struct verb {
    const char *name;
    const char *arguments; /* for the help text: "PATH..." */
    const char *summary;   /* one line */
    const char *help;      /* the options, a line each, then prose; ends with a newline */
    const char *examples;  /* a line each; ends with a newline */
    int (*run)(int argc, char **argv); /* argv[0] is the verb */
};

struct program {
    const char *name;    /* "flowc" */
    const char *summary; /* what it does: the first sentence of --help */
    const char *version; /* what --version prints */
    const char *closing; /* of --help, below the verbs: first steps, environment */
    const char *exits;   /* what the exit statuses mean */
    const struct verb *verbs;
    int verb_count;
    /* Adds to a verb's help what tables know; may be NULL. */
    void (*describe)(struct buffer *out, const struct verb *verb);
};
extern const struct program program;

/* The whole of main: --help, --version, help VERB, or the verb that was asked for. */
int program_run(int argc, char **argv);

/* The verb of that name, NULL if there is none. */
const struct verb *verb_find(const char *name);

/* ---- options: `--name VALUE`, `--name=VALUE`, flags, and the arguments that are none ---- */

struct option_row {
    const char *name; /* "--format" */
    bool takes_value;
    const char **value; /* where the value goes (NULL for a flag) */
    bool *flag;         /* set to true */
};

/* Sorts argv into options and arguments; --help is answered here (*done is set, return the status), --color always,
   auto, never is understood everywhere. Arguments are moved to argv[1..]; returns their number, or -1 after a usage
   message on standard error. */
int options_read(int argc, char **argv, const struct verb *verb, const struct option_row *options,
                 int option_count, bool *done);

/* Whether standard output (or error) shall be colored: a terminal, NO_COLOR not set, --color. */
bool color_wanted(bool standard_error);

/* Writes all of it to standard output. False, after a message, if it cannot be written. */
bool print_out(const struct buffer *text);

/* A message on standard error: "flowc: ...\n". */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, returning EXIT_USAGE, with where to find help. */
int usage_error(const struct verb *verb, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Paths to .flow files: a folder stands for those in it, sorted, in sub-folders too. In the arena; -1 after a message. */
int expand_paths(struct arena *arena, int argc, char **argv, const char ***paths);
/* Paths to models, likewise: in a folder, those that end in .stl, .3mf or .obj. */
int expand_models(struct arena *arena, int argc, char **argv, const char ***paths);

/* From here on a fault of our own (an assertion, a bad address, an overflown stack) removes unfinished files, asks for
   a report and ends with EXIT_OUR_FAULT (fault.c). */
void answer_for_faults(void);

/* The verb `completions`: for bash, zsh and fish, made from the table of verbs. */
int cmd_completions(int argc, char **argv);

/* ---- a spec, compiled ---- */

/* One file, compiled: everything of it lives in the session until session_close. Of several that are open in a thread,
   the newest is closed first. */
struct session {
    struct arena arena;
    struct interner names;
    struct source_set sources;
    struct diagnostics diagnostics;
    struct failure failure;
    struct spec *spec;   /* NULL after a failure */
    const void *numbers; /* the thread's big numbers before it */
};

/* Loads and checks. False, with a message already on standard error, where the file cannot be read (the verb then
   returns EXIT_ENVIRONMENT). Diagnostics are sorted, not yet shown. Close it in both cases. */
bool session_open(struct session *session, const char *path);
/* The same, quietly: the failure is in the session, the diagnostics are not sorted. */
bool session_load(struct session *session, const char *path);
void session_close(struct session *session);

/* Draws the diagnostics for people on standard error, errors and warnings, or errors only. Returns whether there was an
   error: the verb then returns EXIT_FINDINGS. */
bool session_show(struct session *session, bool errors_only);

/* The product of that name (NULL: the only one, or the first with a workflow in the main file). NULL after saying on
   standard error which there are: the verb returns EXIT_USAGE. */
const struct product *session_product(struct session *session, const char *name);

#endif
