/* The grammar of .flow files: entries, blocks and expressions. It knows no kind and no field (schema/).

   - Lists are left-recursive, so that a million siblings need no stack.
   - Every level of entries has its `error` rules: a line that cannot be taken becomes an ENTRY_ERROR that
     keeps its head, what was read of it, and its block. Behind an error the driver (syntax/parse.c)
     hands in nothing but the END or the `{` of that entry.
   - What needs more than one token of lookahead is settled by the scanner (flow.l): BY, CASE_COMMA,
     FUNCTION, LET, quantities, and where a newline is an END. */
%require "3.8"
%define api.pure full
%define api.push-pull push
%define api.prefix {flow_}
%define api.token.prefix {TOK_}
%define api.token.raw
%define api.location.type {struct span}
%define parse.lac full
%define parse.error custom
%locations
%expect 0
%parse-param {struct reader *reader}

%code requires {
#include "syntax/reader.h"
}

%code provides {
/* What the parser would take next, as messages say it; returns their number, at most `most`. */
int flow_expected(flow_pstate *parser, const char *names[], int most);
}

%code {
#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
    ((current) = (n) ? (struct span){YYRHSLOC(rhs, 1).begin, YYRHSLOC(rhs, n).end}                 \
                     : (struct span){YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end})
#define YYMAXDEPTH 10000 /* far above what MAX_NESTING lets through */
#define BINARY(op, span, left, right) binary_node(reader, op, span, left, right)

#define NO_NODES ((struct node_list){NULL, NULL})
#define NO_WORD ((struct word){NULL, NULL})

static struct word documented(struct word name, struct word let)
{
    return (struct word){name.name, let.documentation};
}

static void flow_error(const struct span *span, struct reader *reader, const char *message);
}

%union {
    struct word word;
    struct node *node;
    struct node_list nodes;
    struct entry *entry;
    struct entry_list entries;
    struct block block;
    enum node_op op;
}

%token FILE_END 0 "the end of the file"
%token START_FILE START_PHRASE
%token END "';' or a new line"
%token LBRACE "'{'" RBRACE "'}'" LPAREN "'('" RPAREN "')'"
%token COMMA "','" COLON "':'" EQUALS "'='"
%token CASE_COMMA "another case"
%token ARROW "'->'" RANGE "'..'" PLUS_MINUS "'+/-'" WITHIN "'within'" TIMES "'x'"
%token PLUS "'+'" MINUS "'-'" STAR "'*'" SLASH "'/'"
%token <op> BOUND "'at least' or 'at most'" FUNCTION "a function"
%token BY "'by'"
%token <word> NAME "a name" LET "'let'"
%token <node> PATH "a name with dots" NUMBER "a number" QUANTITY "a quantity" DATE "a date"
%token <node> TEXT "a text" TEXT_HEAD "a text with values" TEXT_MID "'}' of the text"
%token <node> TEXT_TAIL "'}' and the end of the text"

%type <node> expr chain text case_label case
%type <nodes> items arguments cases
%type <entry> entry
%type <entries> entries
%type <block> block

/* From loose to tight. ITEM: an expression ends where nothing continues it. */
%precedence ITEM
%precedence error
%precedence CASES
%precedence CASE_COMMA
%nonassoc ARROW
%precedence CASE
%precedence BOUND
%nonassoc WITHIN
%nonassoc PLUS_MINUS
%nonassoc RANGE
%left TIMES
%left PLUS MINUS
%left STAR SLASH
%precedence NEGATE
%precedence QUANTITY

%%

start:
  START_FILE entries        { reader->entries = $entries.first; }
| START_PHRASE items END    { reader->items = $items.first; }
;

entries:
  %empty                    { $$ = (struct entry_list){NULL, NULL}; yyerrok; }
| entries END
| entries[list] entry END   { $$ = add_entry($list, $entry); }
| entries[list] entry error END { $$ = add_entry($list, $entry); yyerrok; }
| entries[list] entry error block END { $$ = add_entry($list, $entry); yyerrok; }
;

entry:
  NAME              %prec ITEM  { $$ = new_entry(reader, ENTRY_FIELD, $1, @1, NO_NODES); }
| NAME block                    { $$ = with_block(new_entry(reader, ENTRY_FIELD, $1, @1, NO_NODES), $2); }
| NAME items        %prec ITEM  { $$ = new_entry(reader, ENTRY_FIELD, $1, @1, $2); }
| NAME items block              { $$ = with_block(new_entry(reader, ENTRY_FIELD, $1, @1, $2), $3); }
| NAME ARROW items              { $$ = new_entry(reader, ENTRY_ROUTE, $1, @1, $3); }
| LET NAME EQUALS expr          { $$ = new_let(reader, documented($2, $1), @2, $4); }
| error                         { $$ = broken_entry(reader, NO_WORD, @1, NO_NODES, @1); yyerrok; }
| error block                   { $$ = with_block(broken_entry(reader, NO_WORD, @1, NO_NODES, @1), $2); }
| NAME error                    { $$ = broken_entry(reader, $1, @1, NO_NODES, @2); yyerrok; }
| NAME error block              { $$ = with_block(broken_entry(reader, $1, @1, NO_NODES, @2), $3); }
| NAME NAME error               { $$ = broken_entry(reader, $1, @1, one_name(reader, $2, @2), @3); yyerrok; }
| NAME NAME error block         { $$ = with_block(broken_entry(reader, $1, @1, one_name(reader, $2, @2), @3), $4); }
| NAME items error              { $$ = broken_entry(reader, $1, @1, $2, @3); yyerrok; }
| NAME items error block        { $$ = with_block(broken_entry(reader, $1, @1, $2, @3), $4); }
| LET NAME error                { $$ = new_let(reader, documented($2, $1), @2, NULL); yyerrok; }
| LET NAME error block          { $$ = new_let(reader, documented($2, $1), @2, NULL); }
;

block:
  LBRACE entries RBRACE     { $$ = (struct block){$entries.first, @RBRACE.begin, @RBRACE.begin == @RBRACE.end}; }
;

items:
  expr          %prec ITEM  { $$ = (struct node_list){$1, $1}; }
| comma                     { struct node *comma = new_node(reader, NODE_COMMA, @1); $$ = (struct node_list){comma, comma}; }
| items expr    %prec ITEM  { $$ = add_node($1, $2); }
| items comma               { $$ = add_node($1, new_node(reader, NODE_COMMA, @2)); }
;

comma: COMMA | CASE_COMMA ;

expr:
  NAME          %prec ITEM  { $$ = name_node(reader, $1.name, @$); }
| PATH
| NUMBER
| DATE
| TEXT
| QUANTITY      %prec ITEM
| chain         %prec ITEM  { $$ = $1; $$->left = NULL; }
| text TEXT_TAIL            { $$ = end_text(reader, $1, $2, @$); }
| LPAREN expr RPAREN        { $$ = prefix_node(reader, NODE_GROUP, OP_NONE, @$, $2); }
| FUNCTION LPAREN arguments RPAREN { $$ = prefix_node(reader, NODE_CALL, $1, @$, $3.first); }
| expr PLUS expr            { $$ = BINARY(OP_ADD, @$, $1, $3); }
| expr MINUS expr           { $$ = BINARY(OP_SUBTRACT, @$, $1, $3); }
| expr STAR expr            { $$ = BINARY(OP_MULTIPLY, @$, $1, $3); }
| expr SLASH expr           { $$ = BINARY(OP_DIVIDE, @$, $1, $3); }
| expr TIMES expr           { $$ = BINARY(OP_TIMES, @$, $1, $3); }
| expr RANGE expr           { $$ = BINARY(OP_RANGE, @$, $1, $3); }
| expr PLUS_MINUS expr      { $$ = BINARY(OP_PLUS_MINUS, @$, $1, $3); }
| expr WITHIN expr          { $$ = BINARY(OP_WITHIN, @$, $1, $3); }
| expr ARROW expr           { $$ = BINARY(OP_ARROW, @$, $1, $3); }
| MINUS expr   %prec NEGATE { $$ = prefix_node(reader, NODE_NEGATE, OP_NONE, @$, $2); }
| BOUND expr                { $$ = prefix_node(reader, NODE_BOUND, $1, @$, $2); }
| BY NAME COLON cases %prec CASES { $$ = by_node(reader, $2.name, @$, $4.first); }
;

/* 1 h 5 min */
chain:
  QUANTITY QUANTITY         { $$ = chain_quantities($1, $2); }
| chain QUANTITY            { $$ = chain_quantities($1, $2); }
;

arguments:
  expr                      { $$ = (struct node_list){$1, $1}; }
| arguments COMMA expr      { $$ = add_node($1, $3); }
;

cases:
  case                      { $$ = (struct node_list){$1, $1}; }
| cases CASE_COMMA case     { $$ = add_node($1, $3); }
;

case:
  case_label ARROW expr %prec CASE { $$ = BINARY(OP_ARROW, @$, $1, $3); $$->kind = NODE_CASE; }
;

case_label:
  NAME                      { $$ = name_node(reader, $1.name, @$); }
| NUMBER
| TEXT
;

text:
  TEXT_HEAD expr            { $$ = add_expression(reader, $1, $2); }
| text TEXT_MID expr        { $$ = add_expression(reader, add_piece($1, $2), $3); }
;

%%

static const char *token_name(int token)
{
    return yysymbol_name((yysymbol_kind_t)token);
}

int flow_expected(flow_pstate *parser, const char *names[], int most)
{
    yysymbol_kind_t expected[YYNTOKENS];
    int count = yypstate_expected_tokens(parser, expected, YYNTOKENS);
    count = count < most ? count : most;
    for (int i = 0; i < count; i++)
        names[i] = yysymbol_name(expected[i]);
    return count;
}

/* With api.token.raw a token's kind is its symbol's. */
static int yyreport_syntax_error(const yypcontext_t *context, struct reader *reader)
{
    yysymbol_kind_t expected[YYNTOKENS];
    int kinds[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, expected, YYNTOKENS);
    for (int i = 0; i < count; i++)
        kinds[i] = (int)expected[i];
    reader->refused = true;
    report_unexpected(reader, (int)yypcontext_token(context), *yypcontext_location(context), kinds,
                      count, token_name);
    return 0;
}

/* Called for want of stack only; the scanner's own limit comes first. */
static void flow_error(const struct span *span, struct reader *reader, const char *message)
{
    (void)message;
    report_nesting(reader, span->begin - reader->base, span->end - reader->base);
}

