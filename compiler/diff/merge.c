/* The three-way merge. Every entry of the base is followed into both sides; what only one side changed is taken, what
   both changed in two ways is a conflict. Nothing is left out: each entry of a side comes from one of the base, or is
   new, and each of those is written once or stands in a conflict. */
#include "diff/merge.h"

#include "base/memory.h"
#include "diff/pieces.h"

#include <string.h>

struct merging {
    struct arena *arena;
    int conflicts;
};

/* ---- which entry of a side comes from which of the base ---- */

enum likeness { LIKE_ALL, LIKE_BODY, LIKE_KEY, LIKE_BLOCK, LIKE_HEAD, LIKENESS_COUNT };

static bool same_block(const struct piece *a, const struct piece *b)
{
    const struct piece *x = a->children, *y = b->children;

    while (x && y && piece_same(x, y))
        x = x->next, y = y->next;
    return !x && !y;
}

static bool alike(const struct piece *base, const struct piece *piece, enum likeness likeness)
{
    bool same_key = strcmp(base->key, piece->key) == 0;

    switch (likeness) {
    case LIKE_ALL:
        return same_key && piece_body_same(base, piece);
    case LIKE_BODY:
        return same_key && stretch_same(base->body, piece->body);
    case LIKE_KEY:
        return same_key && base->named;
    case LIKE_BLOCK: /* only its text was written anew */
        return strcmp(base->head, "do") == 0 && strcmp(piece->head, "do") == 0 && base->children &&
               same_block(base, piece);
    default: /* a line that was written anew: one more with a block is another thing */
        return strcmp(base->head, piece->head) == 0 &&
               (strcmp(base->head, "do") == 0 || (!base->has_block && !piece->has_block));
    }
}

static void set_partner(struct piece *base, struct piece *piece, bool theirs,
                        enum likeness likeness)
{
    *(theirs ? &base->theirs : &base->ours) = piece;
    piece->partner = base;
    piece->loose = likeness == LIKE_HEAD;
}

/* The first that is alike, looked for from where the last one was found: mostly it is the next. */
static struct piece *find_alike(const struct piece *old, struct piece *side, struct piece *from,
                                enum likeness likeness)
{
    for (struct piece *piece = from; piece; piece = piece->next)
        if (!piece->partner && alike(old, piece, likeness))
            return piece;
    for (struct piece *piece = side; piece != from; piece = piece->next)
        if (!piece->partner && alike(old, piece, likeness))
            return piece;
    return NULL;
}

static void pair(struct piece *base, struct piece *side, bool theirs)
{
    for (enum likeness likeness = LIKE_ALL; likeness < LIKENESS_COUNT; likeness++) {
        struct piece *from = side;
        for (struct piece *old = base; old && side; old = old->next) {
            if (theirs ? old->theirs : old->ours)
                continue;
            struct piece *found =
                find_alike(old, side, likeness == LIKE_HEAD ? side : from, likeness);
            if (!found)
                continue;
            set_partner(old, found, theirs, likeness);
            from = found->next;
        }
    }
}

/* ---- conflicts ---- */

static struct piece *copy_of(struct merging *merging, const struct piece *piece)
{
    if (!piece)
        return NULL;
    struct piece *copy = ARENA_NEW(merging->arena, struct piece);
    *copy = *piece;
    copy->next = NULL;
    return copy;
}

/* Ours becomes the conflict, or, where it is gone, a piece in its place. */
static struct piece *conflict(struct merging *merging, struct piece *ours,
                              const struct piece *theirs, enum conflict kind)
{
    struct piece *piece = ours ? ours : copy_of(merging, theirs);

    struct stretch none = {"", 0};

    piece->our_side = copy_of(merging, ours);
    piece->their_side = copy_of(merging, theirs);
    if (!ours)
        piece->children = NULL;
    if (!ours || !theirs || !stretch_same(ours->lead, theirs->lead))
        piece->lead = none;
    else /* what stands above in both stands above the markers */
        piece->our_side->lead = piece->their_side->lead = none;
    piece->conflict = kind;
    merging->conflicts++;
    return piece;
}

/* ---- one entry ---- */

static void merge_block(struct merging *merging, struct piece *base, struct piece *ours,
                        struct piece *theirs);

/* Takes what only theirs changed; false where both did, in two ways. Without a base it is empty. */
static bool take(const struct stretch *base, struct stretch *ours, const struct stretch *theirs)
{
    struct stretch none = {"", 0};
    struct stretch before = base ? *base : none;

    if (stretch_same(*ours, *theirs) || stretch_same(before, *theirs))
        return true;
    if (!stretch_same(before, *ours))
        return false;
    *ours = *theirs;
    return true;
}

/* Of what stands behind an entry only a comment says something. */
static bool take_trail(struct merging *merging, const struct piece *base, struct piece *ours,
                       const struct piece *theirs)
{
    struct stretch before = base ? trail_comment(base->trail) : (struct stretch){"", 0};
    struct stretch is = trail_comment(ours->trail), other = trail_comment(theirs->trail);

    if (!take(&before, &is, &other))
        return false;
    if (stretch_same(is, trail_comment(ours->trail)))
        return true;
    const char *text =
        is.length ? arena_printf(merging->arena, "  %.*s", (int)is.length, is.at) : "\n";
    ours->trail = (struct stretch){text, strlen(text)};
    return true;
}

/* All of an entry but what is in its block. */
static bool take_head(struct merging *merging, const struct piece *base, struct piece *ours,
                      const struct piece *theirs)
{
    bool clean = take(base ? &base->lead : NULL, &ours->lead, &theirs->lead);

    clean = take(base ? &base->body : NULL, &ours->body, &theirs->body) && clean;
    clean = take_trail(merging, base, ours, theirs) && clean;
    if (ours->has_block && !ours->on_one_line && !theirs->on_one_line)
        clean = take(base && !base->on_one_line ? &base->open : &ours->open, &ours->open,
                     &theirs->open) &&
                clean;
    return clean;
}

/* All of it or nothing: not the same thing on both sides, or not of the same form. */
static struct piece *merge_whole(struct merging *merging, const struct piece *base,
                                 struct piece *ours, struct piece *theirs)
{
    if (piece_same(ours, theirs) || (base && piece_same(base, theirs)))
        return ours;
    if (!base || !piece_same(base, ours))
        return conflict(merging, ours, theirs, CONFLICT_WHOLE);
    struct piece *taken = copy_of(merging, theirs);
    taken->partner = ours->partner;
    piece_own_line(taken, ours->indent, merging->arena);
    taken->fresh = true;
    return taken;
}

static struct piece *merge_piece(struct merging *merging, struct piece *base, struct piece *ours,
                                 struct piece *theirs)
{
    bool like =
        ours->has_block == theirs->has_block && (!base || base->has_block == ours->has_block);

    if (!like || ours->loose || theirs->loose)
        return merge_whole(merging, base, ours, theirs);
    if (base && piece_same(base, theirs))
        return ours;
    struct piece before = *ours;
    if (!take_head(merging, base, ours, theirs)) {
        *ours = before;
        conflict(merging, ours, theirs, ours->has_block ? CONFLICT_HEAD : CONFLICT_WHOLE);
    }
    if (ours->has_block)
        merge_block(merging, base, ours, theirs);
    return ours;
}

/* ---- the entries of a block ---- */

/* The order of the steps, or of the lines of work, that all three have: whether it is as in the base. */
static bool keeps_order(const struct piece *base, const struct piece *side)
{
    const struct piece *at = base;

    for (const struct piece *piece = side; piece; piece = piece->next) {
        if (!piece->in_order || !piece->partner || !piece->partner->ours || !piece->partner->theirs)
            continue;
        while (at && (!at->in_order || !at->ours || !at->theirs))
            at = at->next;
        if (at != piece->partner)
            return false;
        at = at->next;
    }
    return true;
}

static bool same_order(const struct piece *ours, const struct piece *theirs)
{
    const struct piece *a = ours, *b = theirs;

    for (;; a = a->next, b = b->next) {
        while (a && (!a->in_order || !a->partner || !a->partner->theirs))
            a = a->next;
        while (b && (!b->in_order || !b->partner || !b->partner->ours))
            b = b->next;
        if (!a || !b)
            return a == b;
        if (a->partner != b->partner)
            return false;
    }
}

struct output {
    struct piece *first, **end;
};

static void put(struct output *output, struct piece *piece)
{
    *output->end = piece;
    output->end = &piece->next;
    piece->next = NULL;
}

/* New on the other side too, and the same thing by its name, or in all it says. */
static struct piece *find_new(struct piece *list, const struct piece *piece)
{
    for (struct piece *other = list; other; other = other->next)
        if (!other->partner && strcmp(other->key, piece->key) == 0 &&
            (piece->named || piece_body_same(other, piece)))
            return other;
    return NULL;
}

/* What becomes of an entry that ours has; NULL where it goes. */
static struct piece *merge_ours(struct merging *merging, struct piece *ours,
                                struct piece *their_list)
{
    struct piece *base = ours->partner;

    if (!base) {
        struct piece *twin = find_new(their_list, ours);
        if (!twin)
            return ours;
        twin->partner = ours; /* it is done with */
        return merge_piece(merging, NULL, ours, twin);
    }
    if (base->theirs)
        return merge_piece(merging, base, ours, base->theirs);
    if (piece_same(base, ours))
        return NULL; /* theirs took it out */
    return conflict(merging, ours, NULL, CONFLICT_WHOLE);
}

/* What becomes of an entry that only theirs has; NULL where ours took it out. */
static struct piece *merge_theirs(struct merging *merging, struct piece *theirs,
                                  struct stretch indent, bool own_line)
{
    struct piece *piece = copy_of(merging, theirs);

    if (theirs->partner && piece_same(theirs->partner, theirs))
        return NULL;
    bool ends = piece->trail.length && memchr(piece->trail.at, '\n', piece->trail.length);
    if (own_line || !ends) /* it may have been the last of a file */
        piece_own_line(piece, own_line ? indent : piece->indent, merging->arena);
    piece->fresh = true;
    if (theirs->partner)
        return conflict(merging, NULL, piece, CONFLICT_WHOLE);
    return piece;
}

/* Where a piece of theirs goes: behind what it stands behind there. */
static struct piece *place_of(const struct piece *their_list, const struct piece *theirs,
                              struct piece *const *placed)
{
    struct piece *last = NULL;
    int i = 0;

    for (const struct piece *piece = their_list; piece != theirs; piece = piece->next, i++)
        if (placed[i])
            last = placed[i];
    return last;
}

/* Steps that both put in at one place: which comes first is not ours to say. */
static bool meets_new_step(struct merging *merging, struct piece *after, struct piece *first,
                           struct piece *piece)
{
    struct piece *next = after ? after->next : first;

    if (!piece->in_order || piece->conflict || !next || next->fresh || next->conflict ||
        next->partner || !next->in_order)
        return false;
    next->our_side = copy_of(merging, next);
    next->their_side = piece;
    next->conflict = CONFLICT_WHOLE;
    merging->conflicts++;
    return true;
}

static void insert(struct piece **first, struct piece *after, struct piece *piece)
{
    struct piece **link = after ? &after->next : first;

    while (*link && !piece->in_order && !(*link)->partner && !(*link)->conflict)
        link = &(*link)->next; /* behind what ours put in there */
    piece->next = *link;
    *link = piece;
}

static int count_of(const struct piece *list)
{
    int count = 0;
    for (; list; list = list->next)
        count++;
    return count;
}

/* The entries of theirs that ours lacks, each behind its neighbour. */
static bool put_theirs(struct merging *merging, struct piece *ours, struct piece *their_list,
                       struct piece **placed, bool own_line)
{
    struct stretch indent =
        ours->children ? ours->children->indent : deeper_indent(ours->indent, merging->arena);
    bool any = false;
    int i = 0;

    for (struct piece *theirs = their_list; theirs; theirs = theirs->next, i++) {
        if (placed[i] || (theirs->partner && theirs->partner->ours) ||
            (theirs->partner && !theirs->partner->theirs))
            continue; /* has its place */
        struct piece *piece = merge_theirs(merging, theirs, indent, own_line);
        if (!piece)
            continue;
        struct piece *after = place_of(their_list, theirs, placed);
        if (!meets_new_step(merging, after, ours->children, piece))
            insert(&ours->children, after, piece);
        placed[i] = piece;
        any = true;
    }
    return any;
}

/* Notes where the entries of theirs went that ours has too. */
static void note_places(struct piece *their_list, struct piece **placed, const struct piece *twin,
                        struct piece *piece)
{
    int i = 0;
    for (struct piece *theirs = their_list; theirs; theirs = theirs->next, i++)
        if (theirs == twin)
            placed[i] = piece;
}

static struct piece *their_twin(const struct piece *ours, struct piece *their_list)
{
    if (ours->partner)
        return ours->partner->theirs;
    for (struct piece *theirs = their_list; theirs; theirs = theirs->next)
        if (theirs->partner == ours)
            return theirs;
    return NULL;
}

/* Ours in its order, each entry merged; what theirs took out is gone. Whether any went or became a conflict. */
static bool merge_entries(struct merging *merging, struct piece *ours, struct piece *their_list,
                          struct piece **placed)
{
    struct output output = {NULL, &output.first};
    bool changed = false;

    for (struct piece *piece = ours->children, *next; piece; piece = next) {
        next = piece->next;
        struct piece *merged = merge_ours(merging, piece, their_list);
        struct piece *twin = their_twin(piece, their_list);
        changed |= !merged || merged->conflict;
        if (!merged)
            continue;
        put(&output, merged);
        if (twin)
            note_places(their_list, placed, twin, merged);
    }
    ours->children = output.first;
    return changed;
}

/* Their order of the steps that both have, in the places where such steps stand in ours. */
static void take_order(struct piece *ours, const struct piece *theirs, struct arena *arena)
{
    int count = count_of(ours->children), taken = 0, i = 0;
    struct piece **items = ARENA_ARRAY(arena, struct piece *, count + 1);
    struct piece **order = ARENA_ARRAY(arena, struct piece *, count + 1);

    for (const struct piece *piece = theirs->children; piece; piece = piece->next)
        if (piece->in_order && piece->partner && piece->partner->ours)
            order[taken++] = piece->partner->ours;
    taken = 0;
    for (struct piece *piece = ours->children; piece; piece = piece->next) {
        bool common = piece->in_order && piece->partner && piece->partner->theirs;
        items[i++] = common ? order[taken++] : piece;
    }
    ours->children = count ? items[0] : NULL;
    for (i = 0; i < count; i++)
        items[i]->next = i + 1 < count ? items[i + 1] : NULL;
}

static void merge_tail(struct merging *merging, const struct piece *base, struct piece *ours,
                       const struct piece *theirs)
{
    if (take(base ? &base->tail : NULL, &ours->tail, &theirs->tail))
        return;
    const char *both = arena_printf(merging->arena, "%.*s%.*s", (int)theirs->tail.length,
                                    theirs->tail.at, (int)ours->tail.length, ours->tail.at);
    ours->tail = (struct stretch){both, strlen(both)}; /* comments: both stay */
}

static bool has_comment(struct stretch text)
{
    return text.length && memchr(text.at, '#', text.length);
}

static bool breaks_its_line(const struct piece *block)
{
    for (const struct piece *piece = block->children; piece; piece = piece->next)
        if (piece->lead.length || piece->fresh || (piece->has_block && !piece->on_one_line) ||
            (piece->trail.length && memchr(piece->trail.at, '\n', piece->trail.length)))
            return true;
    return false;
}

static void merge_block(struct merging *merging, struct piece *base, struct piece *ours,
                        struct piece *theirs)
{
    struct piece *their_list = theirs->children;
    int count = count_of(their_list);
    struct piece **placed = ARENA_ARRAY(merging->arena, struct piece *, count + 1);

    pair(base ? base->children : NULL, ours->children, false);
    pair(base ? base->children : NULL, their_list, true);
    if (base && !keeps_order(base->children, their_list) &&
        !same_order(ours->children, their_list)) {
        if (!keeps_order(base->children, ours->children)) {
            ours->conflict = CONFLICT_NONE;
            conflict(merging, ours, theirs, CONFLICT_WHOLE);
            return;
        }
        take_order(ours, theirs, merging->arena);
    }
    bool changed = merge_entries(merging, ours, their_list, placed);
    bool own_line = ours->on_one_line || (theirs->has_block && theirs->on_one_line);
    changed |= put_theirs(merging, ours, their_list, placed, own_line);
    if (ours->on_one_line && (changed || breaks_its_line(ours) || has_comment(theirs->tail) ||
                              has_comment(theirs->open))) {
        piece_unfold(ours, merging->arena);
        if (has_comment(theirs->open))
            ours->open = theirs->open;
    }
    if (!ours->on_one_line)
        merge_tail(merging, base, ours, theirs);
}

/* ---- all of it ---- */

static bool is_readable(const struct buffer *out, struct arena *arena)
{
    struct buffer copy = {0};
    buffer_add(&copy, buffer_text(out), out->length);
    struct merge_side side = {"merged", buffer_text(&copy), copy.length};
    bool good = pieces_of(&side, arena) != NULL;
    buffer_free(&copy);
    return good;
}

int merge_files(const struct merge_side *base, const struct merge_side *ours,
                const struct merge_side *theirs, int marker, struct buffer *out)
{
    struct arena arena = {0};
    struct merging merging = {&arena, 0};
    struct buffer merged = {0};
    struct piece *old = pieces_of(base, &arena), *our = pieces_of(ours, &arena),
                 *their = pieces_of(theirs, &arena);
    bool good = old && our && their;

    if (good) {
        merge_block(&merging, old, our, their);
        /* The order of top-level entries is no conflict, so the file itself never is one. */
        pieces_write(&merged, our, (const char *const[]){ours->name, theirs->name}, marker);
        good = merging.conflicts || is_readable(&merged, &arena);
    }
    if (good)
        buffer_add(out, buffer_text(&merged), merged.length);
    buffer_free(&merged);
    arena_free(&arena);
    return good ? merging.conflicts : -1;
}
