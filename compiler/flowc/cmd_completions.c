/* flowc completions SHELL: what the verbs' table and their help texts say, as a script for the shell. */
#include "flowc/flowc.h"

#include <ctype.h>
#include <string.h>

/* An option as a verb's help text has it: "  --format human|json   how to say it". */
struct offered {
    char name[32];    /* "--format" */
    char values[128]; /* "human json"; "" where the value is anything */
    char summary[128];
    bool takes_value;
};

/* Copies text[0..length) cut to the size of the target. */
static void cut(char *target, size_t size, const char *text, size_t length)
{
    if (length >= size)
        length = size - 1;
    memcpy(target, text, length);
    target[length] = '\0';
}

/* Reads the option that the line begins with; false where it begins with none. A name in capitals is a value of the
   user's own. */
static bool read_option(const char *line, struct offered *option)
{
    memset(option, 0, sizeof *option);
    if (strncmp(line, "  -", 3) != 0)
        return false;
    const char *at = line + 2;
    size_t length = strcspn(at, " \n");
    cut(option->name, sizeof option->name, at, length);
    at += length;
    if (at[0] == ' ' && at[1] != ' ') { /* one blank: the value; more: what it is for */
        at++;
        length = strcspn(at, " \n");
        option->takes_value = true;
        if (!isupper((unsigned char)*at) && *at != '<')
            cut(option->values, sizeof option->values, at, length);
        at += length;
    }
    at += strspn(at, " ");
    cut(option->summary, sizeof option->summary, at, strcspn(at, "\n"));
    for (char *bar = option->values; (bar = strchr(bar, '|'));)
        *bar = ' ';
    return true;
}

/* Walks the options of a verb: the next one at or after *line, which moves on. --help and --color come last, being
   every verb's. */
static bool next_option(const char **line, struct offered *option)
{
    static const char common[] = "  --color auto|always|never   whether to color\n"
                                 "  --help   what the verb does and its options\n";
    while (*line) {
        const char *current = *line;
        const char *end = strchr(current, '\n');
        *line = end && end[1] ? end + 1 : NULL;
        bool last_of_table = !*line;
        if (last_of_table && (current < common || current >= common + sizeof common))
            *line = common;
        if (read_option(current, option))
            return true;
    }
    return false;
}

/* The first line of a verb's options. */
static const char *first_line(const struct verb *verb)
{
    return *verb->help ? verb->help : "\n";
}

/* The words a verb's argument is one of, "" where it is a path or the user's own. */
static void argument_words(const struct verb *verb, char *words, size_t size)
{
    cut(words, size, verb->arguments, strlen(verb->arguments));
    if (!strchr(words, '|'))
        words[0] = '\0';
    for (char *bar = words; (bar = strchr(bar, '|'));)
        *bar = ' ';
}

/* Adds text for a place between single quotes. */
static void add_quoted(struct buffer *out, const char *text)
{
    for (; *text; text++)
        if (*text == '\'')
            buffer_add_text(out, "'\\''");
        else
            buffer_add_char(out, *text);
}

static void add_verb_names(struct buffer *out)
{
    for (int i = 0; i < verb_count; i++)
        buffer_addf(out, "%s ", verbs[i].name);
    buffer_add_text(out, "--help --version");
}

static void add_option_names(struct buffer *out, const struct verb *verb)
{
    struct offered option;
    for (const char *line = first_line(verb); next_option(&line, &option);)
        buffer_addf(out, "%s ", option.name);
}

/* The cases of a shell's `case "$verb $before"`: the words that may follow an option. */
static void add_value_cases(struct buffer *out, const char *format_begin, const char *format_end)
{
    struct offered option;
    for (int i = 0; i < verb_count; i++)
        for (const char *line = first_line(&verbs[i]); next_option(&line, &option);)
            if (option.takes_value)
                buffer_addf(out, "    '%s %s') %s%s%s;;\n", verbs[i].name, option.name,
                            *option.values ? format_begin : "", option.values,
                            *option.values ? format_end : "");
}

static void add_verb_cases(struct buffer *out)
{
    for (int i = 0; i < verb_count; i++) {
        char words[64];
        argument_words(&verbs[i], words, sizeof words);
        buffer_addf(out, "    %s) options='", verbs[i].name);
        add_option_names(out, &verbs[i]);
        buffer_add_text(out, "'");
        if (strcmp(verbs[i].arguments, "RULE") == 0)
            buffer_add_text(out,
                            " words=$(flowc explain --color never 2>/dev/null | cut -d' ' -f1)");
        else if (*words)
            buffer_addf(out, " words='%s'", words);
        buffer_add_text(out, ";;\n");
    }
}

static void add_bash(struct buffer *out)
{
    buffer_add_text(out,
                    "# bash completion of flowc, written by `flowc completions bash`\n"
                    "_flowc() {\n"
                    "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "  local verb=${COMP_WORDS[1]} options='' words=''\n"
                    "  COMPREPLY=()\n"
                    "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                    "    mapfile -t COMPREPLY < <(compgen -W '");
    add_verb_names(out);
    buffer_add_text(out, "' -- \"$word\")\n"
                         "    return\n"
                         "  fi\n"
                         "  case \"$verb $before\" in\n");
    add_value_cases(out, "words='", "'; ");
    buffer_add_text(out, "    *)\n"
                         "  case $verb in\n");
    add_verb_cases(out);
    buffer_add_text(
        out, "  esac\n"
             "    [[ $word == -* ]] && words=$options ;;\n"
             "  esac\n"
             "  [ -n \"$words\" ] && mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
             "  return 0\n"
             "}\n"
             "complete -o default -F _flowc flowc\n");
}

static void add_zsh(struct buffer *out)
{
    buffer_add_text(
        out,
        "#compdef flowc\n"
        "# zsh completion of flowc, written by `flowc completions zsh`\n"
        "_flowc() {\n"
        "  local verb=$words[2] before=$words[CURRENT-1] word=$words[CURRENT] options='' list=''\n"
        "  local -a names\n"
        "  if (( CURRENT == 2 )); then\n"
        "    names=(\n");
    for (int i = 0; i < verb_count; i++) {
        buffer_addf(out, "      '%s:", verbs[i].name);
        add_quoted(out, verbs[i].summary);
        buffer_add_text(out, "'\n");
    }
    buffer_add_text(out, "    )\n"
                         "    _describe verb names\n"
                         "    return\n"
                         "  fi\n"
                         "  case \"$verb $before\" in\n");
    add_value_cases(out, "list='", "'; ");
    buffer_add_text(out, "    *)\n"
                         "  local words=''\n"
                         "  case $verb in\n");
    add_verb_cases(out);
    buffer_add_text(out, "  esac\n"
                         "    list=$words\n"
                         "    [[ $word == -* ]] && list=$options ;;\n"
                         "  esac\n"
                         "  if [[ -n $list ]]; then compadd -- ${=list}; else _files; fi\n"
                         "}\n"
                         "compdef _flowc flowc\n");
}

static void add_fish_option(struct buffer *out, const struct verb *verb,
                            const struct offered *option)
{
    bool is_long = strncmp(option->name, "--", 2) == 0;
    buffer_addf(out, "complete -c flowc -n '__fish_seen_subcommand_from %s' -%c %s", verb->name,
                is_long ? 'l' : 's', option->name + (is_long ? 2 : 1));
    if (*option->values)
        buffer_addf(out, " -x -a '%s'", option->values);
    else if (option->takes_value)
        buffer_add_text(out, " -r");
    buffer_add_text(out, " -d '");
    add_quoted(out, option->summary);
    buffer_add_text(out, "'\n");
}

static void add_fish(struct buffer *out)
{
    buffer_add_text(out, "# fish completion of flowc, written by `flowc completions fish`\n");
    for (int i = 0; i < verb_count; i++) {
        const struct verb *verb = &verbs[i];
        char words[64];
        struct offered option;
        buffer_addf(out, "complete -c flowc -n __fish_use_subcommand -f -a %s -d '", verb->name);
        add_quoted(out, verb->summary);
        buffer_add_text(out, "'\n");
        argument_words(verb, words, sizeof words);
        if (strcmp(verb->arguments, "RULE") == 0)
            buffer_addf(
                out,
                "complete -c flowc -n '__fish_seen_subcommand_from %s' -f -a "
                "\"(flowc explain --color never 2>/dev/null | string replace -r ' .*' '')\"\n",
                verb->name);
        else if (*words)
            buffer_addf(out, "complete -c flowc -n '__fish_seen_subcommand_from %s' -f -a '%s'\n",
                        verb->name, words);
        for (const char *line = first_line(verb); next_option(&line, &option);)
            add_fish_option(out, verb, &option);
    }
}

static const struct {
    const char *name;
    void (*add)(struct buffer *out);
} shells[] = {{"bash", add_bash}, {"zsh", add_zsh}, {"fish", add_fish}};

int cmd_completions(int argc, char **argv)
{
    const struct verb *verb = verb_find("completions");
    bool done;
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    if (count != 1)
        return usage_error(verb, "which shell?");
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, argv[1]) == 0) {
            struct buffer out = {0};
            shells[i].add(&out);
            bool written = print_out(&out);
            buffer_free(&out);
            return written ? EXIT_CLEAN : EXIT_ENVIRONMENT;
        }
    return usage_error(verb, "there are completions for bash, zsh and fish, not for `%s`", argv[1]);
}
