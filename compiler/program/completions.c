/* completions SHELL: made from the tables of verbs and rules, so that they never lag behind. */
#include "program/program.h"

#include <ctype.h>
#include <string.h>

/* The options a verb's help names: words that begin with "-". */
static void add_options(struct buffer *out, const struct verb *verb, const char *before,
                        const char *after)
{
    struct buffer help = {0};
    buffer_add_text(&help, verb->help);
    if (program.describe)
        program.describe(&help, verb);
    for (const char *at = buffer_text(&help); *at;) {
        bool begins = *at == '-' && (at == help.text || isspace((unsigned char)at[-1])) &&
                      (at[1] == '-' || isalpha((unsigned char)at[1]));
        size_t length = 1;
        if (begins) {
            while (at[length] == '-' || isalpha((unsigned char)at[length]))
                length++;
            buffer_addf(out, "%s%.*s%s", before, (int)length, at, after);
        }
        at += length;
    }
    buffer_free(&help);
    buffer_addf(out, "%s--help%s%s--color%s", before, after, before, after);
}

static void add_rules(struct buffer *out)
{
    for (int i = 0; i < RULE_COUNT; i++)
        buffer_addf(out, "%s%s", i ? " " : "", rule_rows[i].name);
}

static void bash(struct buffer *out)
{
    const char *name = program.name;
    buffer_addf(out,
                "# %s completions for bash: source <(%s completions bash)\n_%s()\n{\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words=\n"
                "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='",
                name, name, name);
    for (int i = 0; i < program.verb_count; i++)
        buffer_addf(out, "%s ", program.verbs[i].name);
    buffer_add_text(out, "--help --version'\n    else\n        case $verb in\n");
    for (int i = 0; i < program.verb_count; i++) {
        buffer_addf(out, "        %s) words='", program.verbs[i].name);
        add_options(out, &program.verbs[i], "", " ");
        if (strcmp(program.verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(program.verbs[i].name, "completions") == 0)
            buffer_add_text(out, "bash zsh fish");
        buffer_add_text(out, "' ;;\n");
    }
    buffer_add_text(
        out, "        esac\n    fi\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
             "    if [ \"$COMP_CWORD\" -gt 1 ] && [ \"${cur#-}\" = \"$cur\" ]; then\n"
             "        mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$cur\")\n"
             "    fi\n}\n");
    buffer_addf(out, "complete -o filenames -F _%s %s\n", name, name);
}

static void zsh(struct buffer *out)
{
    const char *name = program.name;
    buffer_addf(out,
                "#compdef %s\n# %s completions for zsh: into a folder of $fpath, as _%s\n"
                "_%s() {\n  local -a verbs\n  verbs=(\n",
                name, name, name, name);
    for (int i = 0; i < program.verb_count; i++)
        buffer_addf(out, "    '%s:%s'\n", program.verbs[i].name, program.verbs[i].summary);
    buffer_add_text(
        out, "  )\n  if (( CURRENT == 2 )); then\n    _describe 'verb' verbs\n    return\n  fi\n"
             "  case $words[2] in\n");
    for (int i = 0; i < program.verb_count; i++) {
        buffer_addf(out, "    %s) compadd -- ", program.verbs[i].name);
        add_options(out, &program.verbs[i], "", " ");
        if (strcmp(program.verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(program.verbs[i].name, "completions") == 0)
            buffer_add_text(out, "bash zsh fish");
        buffer_add_text(out, ";;\n");
    }
    buffer_addf(out, "  esac\n  _files\n}\n_%s \"$@\"\n", name);
}

static void fish(struct buffer *out)
{
    const char *name = program.name;
    buffer_addf(out,
                "# %s completions for fish: %s completions fish > "
                "~/.config/fish/completions/%s.fish\n",
                name, name, name);
    for (int i = 0; i < program.verb_count; i++)
        buffer_addf(out, "complete -c %s -n __fish_use_subcommand -f -a %s -d '%s'\n", name,
                    program.verbs[i].name, program.verbs[i].summary);
    for (int i = 0; i < program.verb_count; i++) {
        buffer_addf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a '", name,
                    program.verbs[i].name);
        add_options(out, &program.verbs[i], "", " ");
        if (strcmp(program.verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(program.verbs[i].name, "completions") == 0)
            buffer_add_text(out, "bash zsh fish");
        buffer_add_text(out, "'\n");
    }
}

static const struct {
    const char *name;
    void (*print)(struct buffer *out);
} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

int cmd_completions(int argc, char **argv)
{
    const struct verb *verb = verb_find("completions");
    bool done;
    int count = options_read(argc, argv, verb, NULL, 0, &done);
    if (count < 0 || done)
        return done ? EXIT_CLEAN : EXIT_USAGE;
    for (size_t i = 0; count == 1 && i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].name, argv[1]) == 0) {
            struct buffer out = {0};
            shells[i].print(&out);
            bool good = print_out(&out);
            buffer_free(&out);
            return good ? EXIT_CLEAN : EXIT_ENVIRONMENT;
        }
    return usage_error(verb,
                       count ? "there are completions for bash, zsh and fish" : "for which shell?");
}
