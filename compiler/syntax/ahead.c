#include "syntax/ahead.h"

#include "base/memory.h"
#include "grammar/flow_parser.h"
#include "syntax/reader.h"

int flow_scan(FLOW_STYPE *value, struct reader *reader, void *scanner);

static enum ahead_kind kind_of(int token)
{
    static const struct {
        int token;
        enum ahead_kind kind;
    } kinds[] = {
        {TOK_NAME, AHEAD_NAME},       {TOK_LET, AHEAD_NAME},          {TOK_PATH, AHEAD_NAME},
        {TOK_NUMBER, AHEAD_NUMBER},   {TOK_QUANTITY, AHEAD_QUANTITY}, {TOK_DATE, AHEAD_DATE},
        {TOK_TEXT, AHEAD_TEXT},       {TOK_TEXT_HEAD, AHEAD_TEXT},    {TOK_TEXT_MID, AHEAD_TEXT},
        {TOK_TEXT_TAIL, AHEAD_TEXT},  {TOK_LBRACE, AHEAD_OPEN},       {TOK_RBRACE, AHEAD_CLOSE},
        {TOK_END, AHEAD_END},         {TOK_COMMA, AHEAD_COMMA},       {TOK_CASE_COMMA, AHEAD_COMMA},
        {TOK_FLOW_error, AHEAD_ERROR}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].token == token)
            return kinds[i].kind;
    return AHEAD_SIGN;
}

static void add_token(struct ahead *ahead, struct arena *arena, int token,
                      const struct reader *reader)
{
    if (ahead->count == ahead->capacity) {
        int capacity = ahead->capacity ? ahead->capacity * 2 : 256;
        struct ahead_token *tokens = ARENA_ARRAY(arena, struct ahead_token, capacity);
        if (ahead->count)
            memcpy(tokens, ahead->tokens, sizeof *tokens * (size_t)ahead->count);
        ahead->tokens = tokens;
        ahead->capacity = capacity;
    }
    ahead->tokens[ahead->count++] =
        (struct ahead_token){kind_of(token), reader->begin, reader->end};
}

static int next_token(struct reader *reader, void *scanner, FLOW_STYPE *value)
{
    if (reader->last != TOK_END)
        reader->previous_end = reader->end;
    reader->before = reader->last;
    int token = flow_scan(value, reader, scanner);
    reader->last = token;
    reader->place = token == TOK_END || token == TOK_LBRACE ? 0 : reader->place + 1;
    return token;
}

/* Whether the scanner is at what it makes of the end of the text: an END, braces that are closed for it, the end. */
static bool at_end(const struct reader *reader, int token)
{
    return token == TOK_FILE_END ||
           (reader->begin >= reader->limit && kind_of(token) != AHEAD_TEXT);
}

/* A text that reaches the place and was told of has no end before it. */
static bool is_open_text(const struct reader *reader, int token, int errors_before)
{
    return kind_of(token) == AHEAD_TEXT && after_blanks(reader, reader->end) >= reader->limit &&
           reader->diagnostics->errors > errors_before;
}

static bool in_value(const struct reader *reader)
{
    enum frame_kind kind = reader->depth ? reader->frames[reader->depth - 1].kind : FRAME_BLOCK;
    return kind == FRAME_TEXT || kind == FRAME_LONG_TEXT;
}

static void read_tokens(struct reader *reader, struct arena *arena, flow_pstate *parser,
                        struct ahead *ahead)
{
    void *scanner = scanner_open(reader, reader->begin);
    FLOW_STYPE value = {.op = OP_NONE};
    struct span span = reader_span(reader, reader->begin, reader->begin);
    bool lost = false;     /* after a mistake the parser hears nothing until the entry ends */
    bool unclosed = false; /* the token before is a text without an end */
    int token = TOK_START_FILE;
    flow_push_parse(parser, token, &value, &span, reader);
    for (;;) {
        int errors = reader->diagnostics->errors;
        ahead->in_value = in_value(reader); /* before the end of the text closes it */
        token = next_token(reader, scanner, &value);
        if (at_end(reader, token))
            break;
        if (unclosed &&
            token == TOK_LBRACE) { /* `"Set {`: the quote that ends it is still to come */
            ahead->in_value = true;
            lost = true;
            break;
        }
        unclosed = kind_of(token) == AHEAD_TEXT && reader->diagnostics->errors > errors;
        add_token(ahead, arena, token, reader);
        if (is_open_text(reader, token, errors)) {
            ahead->in_text = true;
            break;
        }
        lost = lost && token != TOK_END && token != TOK_LBRACE;
        if (lost)
            continue;
        span = reader_span(reader, reader->begin, reader->end);
        reader->refused = token == TOK_FLOW_error;
        int status = flow_push_parse(parser, token, &value, &span, reader);
        lost = reader->refused && token != TOK_END && token != TOK_LBRACE;
        if (status != YYPUSH_MORE)
            break;
    }
    scanner_close(reader, scanner);
    if (!lost && !ahead->in_text)
        ahead->expected_count = flow_expected(parser, ahead->expected, EXPECTED_AT_MOST);
}

static bool is_comment(const char *text, uint32_t begin, uint32_t end)
{
    const char *last = NULL;
    for (uint32_t at = begin; at < end; at++)
        if (text[at] == '\n')
            last = NULL;
        else if (text[at] == '#' && !last)
            last = text + at;
    return last != NULL;
}

void look_ahead(struct source *source, uint32_t offset, struct arena *arena, struct interner *names,
                struct ahead *ahead)
{
    struct diagnostics unheard = {.arena = arena};
    bool marked = offset >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0;
    /* a copy that ends there, for the scanner looks behind its tokens as far as the text goes */
    struct reader reader = {.text = arena_copy_text(arena, source->text, offset),
                            .limit = offset,
                            .base = source->base,
                            .arena = arena,
                            .workflows = arena,
                            .tree = arena,
                            .names = names,
                            .diagnostics = &unheard};
    *ahead = (struct ahead){0};
    if (memchr(source->text, 0, offset)) /* no text, and said by whoever reads all of it */
        return;
    reader.begin = reader.end = reader.line = marked ? 3 : 0;
    flow_pstate *parser = flow_pstate_new();
    if (!parser)
        memory_exhausted();
    read_tokens(&reader, arena, parser, ahead);
    flow_pstate_delete(parser);
    uint32_t behind = ahead->count ? ahead->tokens[ahead->count - 1].end : 0;
    ahead->in_comment =
        !ahead->in_text && behind <= offset && is_comment(source->text, behind, offset);
}
