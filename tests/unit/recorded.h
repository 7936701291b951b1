/* Runs whose events go into a record: desk hooks with all that can happen to them, and 500 rings. Include it after cmocka.h
   and compiled.h. */
#ifndef FLOW_TEST_RECORDED_H
#define FLOW_TEST_RECORDED_H

#include "engine/decide.h"
#include "trace/record.h"

#include "compiled.h"

struct trial {
    struct compiled compiled;
    struct revision revision;
    struct state state;
    struct arena arena;
    struct record record;
    const char *by;
    int64_t sequence, time_ms;
};

static const struct revision *find_revision_of(const char *snapshot, const char *product,
                                               void *data)
{
    (void)product;
    struct trial *shop = data;
    return strcmp(snapshot, shop->revision.snapshot) == 0 ? &shop->revision : NULL;
}

static const char *name_in(struct trial *shop, const char *text)
{
    return intern_text(&shop->state.names, text);
}

static void open_shop(struct trial *shop, const char *path, const char *batch)
{
    *shop = (struct trial){.time_ms = 1795266000000}; /* 2026-11-21 13:00 UTC */
    compiled_open(&shop->compiled, path);
    state_open(&shop->state, find_revision_of, shop);
    const struct product *made = shop->compiled.spec->products[0];
    shop->revision = (struct revision){
        .snapshot = name_in(shop, "5ea1"),
        .product = name_in(shop, made->base.name),
        .number = name_in(shop, "C"),
        .fingerprint =
            name_in(shop, "df76971de55ebfdb4c3ae1b7a1d3a0cfd0a1f4a7a9b1c3d5e7f90123456789ab"),
        .spec = shop->compiled.spec,
        .made = made};
    shop->revision.graphs = ARENA_ARRAY(&shop->compiled.arena, struct graph *, made->sku_count);
    record_open(&shop->record, name_in(shop, batch), find_revision_of, shop);
    shop->by = "anna";
}

static void close_shop(struct trial *shop)
{
    record_close(&shop->record);
    state_close(&shop->state);
    arena_free(&shop->arena);
    compiled_close(&shop->compiled);
}

/* Asks, and does what was decided; ten seconds pass. False with why not. */
static bool may(struct trial *shop, char why[1000], const char *format, va_list arguments)
{
    struct buffer text = {0};
    struct message command;
    struct failure failure;
    struct decision decision;
    buffer_add_text(&text, "{'command':");
    buffer_vaddf(&text, format, arguments);
    buffer_add_char(&text, '}');
    for (char *c = text.text; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (!message_read(text.text, text.length, false, &shop->state.names, &command, &failure))
        fail_msg("%s\n%s", text.text, failure.message);
    command.by = name_in(shop, shop->by);
    decide(&shop->state, &command, &shop->arena, &decision);
    snprintf(why, 1000, "%.300s\n%s (%s)", text.text, decision.refusal, decision.place);
    buffer_free(&text);
    shop->time_ms += 10000;
    for (int i = 0; decision.accepted && i < decision.count; i++) {
        apply(&shop->state, &decision.events[i], shop->time_ms);
        record_feed(&shop->record, ++shop->sequence, shop->time_ms, &decision.events[i]);
    }
    return decision.accepted;
}

/* The command must be accepted. */
static void ask(struct trial *shop, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void ask(struct trial *shop, const char *format, ...)
{
    char why[1000];
    va_list arguments;
    va_start(arguments, format);
    if (!may(shop, why, format, arguments))
        fail_msg("%s", why);
    va_end(arguments);
}

/* It may be refused. */
static void attempt(struct trial *shop, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void attempt(struct trial *shop, const char *format, ...)
{
    char why[1000];
    va_list arguments;
    va_start(arguments, format);
    may(shop, why, format, arguments);
    va_end(arguments);
}

static void begin(struct trial *shop, const char *batch, const char *step, const char *machine)
{
    ask(shop, "'begin_step','batch':'%s','step':'%s','machine':'%s'", batch, step, machine);
}

static void leave(struct trial *shop, const char *batch, const char *step, int first, int count)
{
    ask(shop,
        "'leave_step','batch':'%s','step':'%s','first':%d,'count':%d,'outcome':'pass','reason':''",
        batch, step, first, count);
}

static void leave_by(struct trial *shop, const char *batch, const char *step, int unit,
                     const char *outcome, const char *reason)
{
    ask(shop,
        "'leave_step','batch':'%s','step':'%s','first':%d,'count':1,'outcome':'%s','reason':'%s'",
        batch, step, unit, outcome, reason);
}

static void use(struct trial *shop, const char *batch, const char *step, const char *lot,
                const char *amount)
{
    ask(shop, "'use_lot','batch':'%s','step':'%s','lot':'%s','amount':'%s'", batch, step, lot,
        amount);
}

static void judge(struct trial *shop, const char *batch, const char *step, int unit,
                  const char *check)
{
    ask(shop, "'judge_check','batch':'%s','step':'%s','unit':%d,'check':'%s','good':1", batch, step,
        unit, check);
}

static void measure(struct trial *shop, const char *batch, const char *step, int unit,
                    const char *part, const char *dimension, const char *value)
{
    ask(shop,
        "'measure','batch':'%s','step':'%s','unit':%d,'part':'%s','dimension':'%s','value':'%s'",
        batch, step, unit, part, dimension, value);
}

static void admit_all(struct trial *shop)
{
    static const char *const people[][2] = {
        {"owner", "admin"}, {"anna", "planner,quality,operator"}, {"ben", "operator"}};
    shop->by = "owner";
    for (int i = 0; i < 3; i++)
        ask(shop, "'admit_person','person':'%s','roles':'%s'", people[i][0], people[i][1]);
    shop->by = "anna";
    ask(shop, "'adopt_spec','product':'%s','snapshot':'5ea1'", shop->revision.product);
}

/* ---- the desk hook ---- */

static void bring_in(struct trial *shop)
{
    static const char *const lots[][4] = {{"SP-1", "pla_black", "1000 g", "Spoolworks"},
                                          {"SP-2", "pla_black", "1000 g", "Spoolworks"},
                                          {"IN-1", "m3_insert", "100", "CNC Kitchen"},
                                          {"IN-2", "m3_insert", "100", ""},
                                          {"MA-1", "magnet_10x3", "200", "Magnetix"}};
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        ask(shop, "'receive_lot','lot':'%s','what':'%s','amount':'%s','supplier':'%s'", lots[i][0],
            lots[i][1], lots[i][2], lots[i][3]);
    ask(shop, "'take_line','order':'1001','line':'1','product':'desk_hook','sku':'DH-100-black-"
              "small','count':20,'customer':'Bench and Bed','due':'2026-12-01'");
    ask(shop, "'open_batch','batch':'S-1','product':'desk_hook','purpose':'sample'");
    ask(shop, "'add_units','batch':'S-1','sku':'DH-100-black-small','count':12");
    ask(shop, "'start_batch','batch':'S-1'");
}

static void print_and_count(struct trial *shop, const char *batch, int count, const char *machine)
{
    begin(shop, batch, "collect", "");
    leave(shop, batch, "collect", 1, count);
    if (machine)
        begin(shop, batch, "plate", machine);
    use(shop, batch, "plate", "SP-1", "260 g");
    leave(shop, batch, "plate", 1, count);
    begin(shop, batch, "screen", "");
    judge(shop, batch, "screen", 0, "count");
}

static void screen(struct trial *shop, const char *batch, int unit, const char *bore)
{
    judge(shop, batch, "screen", unit, "surface");
    measure(shop, batch, "screen", unit, "hook", "bore", bore);
}

static void check_final(struct trial *shop, const char *batch, int first, int last)
{
    begin(shop, batch, "final", "");
    for (int i = first; i <= last; i++) {
        measure(shop, batch, "final", i, "cap", "pocket", "10.1");
        measure(shop, batch, "final", i, "hook", "width", i % 2 ? "30.2" : "29.95");
        judge(shop, batch, "final", i, "pull");
    }
}

static void finish(struct trial *shop, const char *batch, int first, int count)
{
    leave(shop, batch, "final", first, count);
}

static void make_sample(struct trial *shop)
{
    print_and_count(shop, "S-1", 12, "mk4");
    for (int i = 1; i <= 12; i++)
        screen(shop, "S-1", i, "4.3");
    leave(shop, "S-1", "screen", 1, 12);
    leave(shop, "S-1", "cleanup", 1, 12);
    use(shop, "S-1", "inserts", "IN-1", "24");
    use(shop, "S-1", "inserts", "MA-1", "24");
    leave(shop, "S-1", "inserts", 1, 12);
    judge(shop, "S-1", "first_piece", 1, "fit");
    leave(shop, "S-1", "first_piece", 1, 12);
    check_final(shop, "S-1", 1, 12);
    finish(shop, "S-1", 1, 12);
    judge(shop, "S-1", "box", 0, "count");
    leave(shop, "S-1", "box", 1, 12);
    leave(shop, "S-1", "out", 1, 12);
    ask(shop, "'approve_sample','product':'desk_hook','name':'pp_sample','meaning':'reviewed "
              "against the drawing, released for production'");
}

/* The screen: 7 goes to rework and is good then, 9 is rejected, 3 was typed wrong. */
static void screen_all(struct trial *shop)
{
    for (int i = 1; i <= 24; i++)
        screen(shop, "B-1", i, i == 7 ? "4.52" : i == 9 ? "4.71" : i == 3 ? "4.02" : "4.2");
    ask(shop, "'measure','batch':'B-1','step':'screen','unit':3,'part':'hook','dimension':'bore',"
              "'value':'4.20','reason':'digits turned round'");
    leave_by(shop, "B-1", "screen", 7, "rework", "bore too wide");
    leave_by(shop, "B-1", "screen", 9, "reject", "bore far too wide");
    leave(shop, "B-1", "screen", 1, 6);
    leave(shop, "B-1", "screen", 8, 1);
    leave(shop, "B-1", "screen", 10, 15);
    shop->by = "ben";
    begin(shop, "B-1", "touch_up", "");
    leave(shop, "B-1", "touch_up", 7, 1);
    shop->by = "anna";
    judge(shop, "B-1", "screen", 0, "count"); /* it is another count when it comes back */
    screen(shop, "B-1", 7, "4.49");
    leave(shop, "B-1", "screen", 7, 1);
}

/* Inserts: the lot changes after unit 12, and 20 fails and is scrapped. */
static void assemble_all(struct trial *shop)
{
    shop->by = "ben";
    begin(shop, "B-1", "cleanup", "");
    leave(shop, "B-1", "cleanup", 1, 8);
    leave(shop, "B-1", "cleanup", 10, 15);
    begin(shop, "B-1", "inserts", "");
    use(shop, "B-1", "inserts", "IN-1", "24");
    use(shop, "B-1", "inserts", "MA-1", "46");
    leave(shop, "B-1", "inserts", 1, 8);
    leave(shop, "B-1", "inserts", 10, 3);
    use(shop, "B-1", "inserts", "IN-2", "");
    leave_by(shop, "B-1", "inserts", 20, "failure", "insert pulled out");
    leave(shop, "B-1", "inserts", 13, 7);
    leave(shop, "B-1", "inserts", 21, 4);
    shop->by = "anna";
    ask(shop, "'open_issue','issue':'I-1','product':'desk_hook','batch':'B-1','step':'inserts',"
              "'unit':20,'what':'the insert came out with the iron'");
    ask(shop, "'dispose_unit','batch':'B-1','unit':20,'to':'scrap','reason':'the bore is melted'");
    ask(shop, "'answer_issue','issue':'I-1','cause':'the iron was at 260 degC','action':'the iron "
              "is locked at 225 degC'");
}

static void ship_all(struct trial *shop)
{
    begin(shop, "B-1", "first_piece", "");
    judge(shop, "B-1", "first_piece", 1, "fit");
    leave(shop, "B-1", "first_piece", 1, 8);
    leave(shop, "B-1", "first_piece", 10, 10);
    leave(shop, "B-1", "first_piece", 21, 4);
    check_final(shop, "B-1", 1, 8);
    check_final(shop, "B-1", 10, 19);
    check_final(shop, "B-1", 21, 24);
    finish(shop, "B-1", 1, 8);
    finish(shop, "B-1", 10, 10);
    finish(shop, "B-1", 21, 4);
    judge(shop, "B-1", "box", 0, "count");
    static const int runs[][2] = {{1, 8}, {10, 10}, {21, 4}};
    for (int i = 0; i < 3; i++)
        leave(shop, "B-1", "box", runs[i][0], runs[i][1]);
    for (int i = 0; i < 3; i++)
        leave(shop, "B-1", "out", runs[i][0], runs[i][1]);
    ask(shop, "'pack_units','parcel':'P-1','order':'1001','line':'1','batch':'B-1','first':1,"
              "'count':8");
    ask(shop, "'pack_units','parcel':'P-1','order':'1001','line':'1','batch':'B-1','first':10,"
              "'count':10");
    ask(shop, "'ship_parcel','parcel':'P-1','carrier':'USPS','service':'Ground Advantage',"
              "'tracking':'9400100000000000000000'");
}

static void run_hooks(struct trial *shop)
{
    admit_all(shop);
    bring_in(shop);
    make_sample(shop);
    ask(shop, "'open_batch','batch':'B-1','product':'desk_hook','purpose':'production'");
    ask(shop, "'add_units','batch':'B-1','sku':'DH-100-black-small','count':20,'order':'1001','"
              "line':'1'");
    ask(shop, "'add_units','batch':'B-1','sku':'DH-100-black-small','count':4");
    ask(shop, "'start_batch','batch':'B-1'");
    shop->by = "ben";
    print_and_count(shop, "B-1", 24, NULL); /* nobody says on what */
    shop->by = "anna";
    screen_all(shop);
    assemble_all(shop);
    ship_all(shop);
    assert_true(record_settle(&shop->record));
}

/* ---- 500 rings, by people whose names run from right to left ---- */

static const char rings[] =
    "edition 1\n"
    "use std.processes\n"
    "shop yard \"Yard\" { currency EUR }\n"
    "station bench \"Bench\" { rate 20 EUR/h }\n"
    "role quality \"Quality\"\n"
    "machine mk4 \"Prusa MK4\" { process fdm; volume 250 x 210 x 220 mm; rate 2 EUR/h }\n"
    "material pla \"PLA\" { process fdm; family PLA; cost 20 EUR/kg; tracked lot }\n"
    "part ring \"Ring\" {\n"
    "  process fdm\n  material pla\n  layer 0.2 mm\n  print_time 3 min\n  mass 2 g\n"
    "  dimension bore 8 mm +/- 0.2 mm critical gauge \"Pin\"\n"
    "  dimension height by size: low -> 5 mm +/- 0.3 mm, high -> 9 mm +/- 0.3 mm major gauge "
    "\"Caliper\"\n"
    "}\n"
    "product rings \"Rings\" { number \"RG-1\"; revision A; variant size low, high\n"
    "  contains ring x 1 }\n"
    "workflow rings {\n"
    "  batch gather { size 1 .. 1000; time 1 min per batch; at bench }\n"
    "  print plate \"Print\" { makes ring; on mk4; plate ring x 50; at bench; yield 98%\n"
    "    record nozzle (degC); record humidity \"Humidity in the dry box\" }\n"
    "  inspect all \"Measure all\" { at bench; sample all; time 10 s\n"
    "    check ring.bore; check ring.height; reject -> scrap expect 1% }\n"
    "  gate sign \"Release\" { by quality; requires \"All are measured.\"; refuse -> quarantine }\n"
    "  pack box \"Pack\" { at bench; contains rings x 1; time 5 s; label batch }\n"
    "  ship out \"Ship\" { at bench; time 5 s }\n"
    "}\n";

#define LEFTWARD "\327\242\327\231\327\223\327\225 \327\233\327\224\327\237" /* a Hebrew name */

static void measure_all(struct trial *shop)
{
    char bore[16], height[16];
    for (int i = 1; i <= 500; i++) {
        snprintf(bore, sizeof bore, "%d.%02d", i % 97 ? 8 : 7, i % 97 ? i % 17 : 60 + i % 17);
        snprintf(height, sizeof height, "%d.%02d", i <= 300 ? 5 : 9, i % 23);
        measure(shop, "R-1", "all", i, "ring", "bore", bore);
        measure(shop, "R-1", "all", i, "ring", "height", height);
    }
    for (int i = 1; i <= 500; i++)
        if (i % 97)
            leave(shop, "R-1", "all", i, 1);
        else
            leave_by(shop, "R-1", "all", i, "reject", "bore too small");
}

static void run_rings(struct trial *shop)
{
    admit_all(shop);
    shop->by = "owner";
    ask(shop, "'admit_person','person':'" LEFTWARD "','roles':'operator,quality,admin'");
    shop->by = "anna";
    ask(shop, "'receive_lot','lot':'P-1','what':'pla','amount':'2 kg','supplier':'" LEFTWARD "'");
    ask(shop, "'receive_lot','lot':'P-2','what':'pla','amount':'2 kg'");
    ask(shop, "'open_batch','batch':'R-1','product':'rings','purpose':'sample'");
    ask(shop, "'add_units','batch':'R-1','sku':'RG-1-low','count':300");
    ask(shop, "'add_units','batch':'R-1','sku':'RG-1-high','count':200");
    ask(shop, "'start_batch','batch':'R-1'");
    shop->by = LEFTWARD;
    leave(shop, "R-1", "gather", 1, 500);
    begin(shop, "R-1", "plate", "mk4");
    ask(shop, "'record_parameter','batch':'R-1','step':'plate','name':'nozzle','value':'251'");
    ask(shop, "'record_parameter','batch':'R-1','step':'plate','name':'nozzle','value':'215',"
              "'reason':'digits turned round'");
    ask(shop, "'record_parameter','batch':'R-1','step':'plate','name':'humidity','value':'18 %%'");
    use(shop, "R-1", "plate", "P-1", "1.1 kg");
    leave(shop, "R-1", "plate", 1, 500);
    ask(shop, "'use_lot','batch':'R-1','step':'plate','lot':'P-2','amount':'1.2 kg','reason':'the "
              "other spool was on'");
    begin(shop, "R-1", "all", "");
    measure_all(shop);
    ask(shop, "'open_issue','issue':'I-1','product':'rings','batch':'R-1','step':'all','what':"
              "'every ninety-seventh ring is too narrow'");
    ask(shop, "'sign_gate','batch':'R-1','step':'sign','outcome':'approve','meaning':'reviewed: "
              "every ring that is left is within its limits'");
    assert_true(record_settle(&shop->record));
}

#endif
