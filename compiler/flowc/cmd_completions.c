/* flowc completions SHELL: made from the tables of verbs and rules, so that they never lag behind. */
#include "flowc/flowc.h"

#include <ctype.h>
#include <string.h>

/* The options a verb's help names: words that begin with "-". */
static void add_options(struct buffer *out, const struct verb *verb, const char *before,
                        const char *after)
{
    for (const char *at = verb->help; *at;) {
        bool begins = *at == '-' && (at == verb->help || isspace((unsigned char)at[-1])) &&
                      (at[1] == '-' || isalpha((unsigned char)at[1]));
        size_t length = 1;
        if (begins) {
            while (at[length] == '-' || isalpha((unsigned char)at[length]))
                length++;
            buffer_addf(out, "%s%.*s%s", before, (int)length, at, after);
        }
        at += length;
    }
    buffer_addf(out, "%s--help%s%s--color%s", before, after, before, after);
}

static void add_rules(struct buffer *out)
{
    for (int i = 0; i < RULE_COUNT; i++)
        buffer_addf(out, "%s%s", i ? " " : "", rule_rows[i].name);
}

static void bash(struct buffer *out)
{
    buffer_add_text(out,
                    "# flowc completions for bash: source <(flowc completions bash)\n_flowc()\n{\n"
                    "    local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words=\n"
                    "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='");
    for (int i = 0; i < verb_count; i++)
        buffer_addf(out, "%s ", verbs[i].name);
    buffer_add_text(out, "--help --version'\n    else\n        case $verb in\n");
    for (int i = 0; i < verb_count; i++) {
        buffer_addf(out, "        %s) words='", verbs[i].name);
        add_options(out, &verbs[i], "", " ");
        if (strcmp(verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(verbs[i].name, "completions") == 0)
            buffer_add_text(out, "bash zsh fish");
        buffer_add_text(out, "' ;;\n");
    }
    buffer_add_text(
        out, "        esac\n    fi\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
             "    if [ \"$COMP_CWORD\" -gt 1 ] && [ \"${cur#-}\" = \"$cur\" ]; then\n"
             "        mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$cur\")\n"
             "    fi\n}\ncomplete -o filenames -F _flowc flowc\n");
}

static void zsh(struct buffer *out)
{
    buffer_add_text(out, "#compdef flowc\n# flowc completions for zsh: into a folder of $fpath, as "
                         "_flowc\n_flowc() {\n"
                         "  local -a verbs\n  verbs=(\n");
    for (int i = 0; i < verb_count; i++)
        buffer_addf(out, "    '%s:%s'\n", verbs[i].name, verbs[i].summary);
    buffer_add_text(
        out, "  )\n  if (( CURRENT == 2 )); then\n    _describe 'verb' verbs\n    return\n  fi\n"
             "  case $words[2] in\n");
    for (int i = 0; i < verb_count; i++) {
        buffer_addf(out, "    %s) compadd -- ", verbs[i].name);
        add_options(out, &verbs[i], "", " ");
        if (strcmp(verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(verbs[i].name, "completions") == 0)
            buffer_add_text(out, "bash zsh fish");
        buffer_add_text(out, ";;\n");
    }
    buffer_add_text(out, "  esac\n  _files\n}\n_flowc \"$@\"\n");
}

static void fish(struct buffer *out)
{
    buffer_add_text(out, "# flowc completions for fish: flowc completions fish > "
                         "~/.config/fish/completions/flowc.fish\n");
    for (int i = 0; i < verb_count; i++)
        buffer_addf(out, "complete -c flowc -n __fish_use_subcommand -f -a %s -d '%s'\n",
                    verbs[i].name, verbs[i].summary);
    for (int i = 0; i < verb_count; i++) {
        buffer_addf(out, "complete -c flowc -n '__fish_seen_subcommand_from %s' -a '",
                    verbs[i].name);
        add_options(out, &verbs[i], "", " ");
        if (strcmp(verbs[i].name, "explain") == 0)
            add_rules(out);
        if (strcmp(verbs[i].name, "completions") == 0)
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
