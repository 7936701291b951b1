/* Who is of the shop, and the tokens by which programs act for them. */
#include "engine/deciding.h"

#include <ctype.h>
#include <string.h>

/* Words of letters, digits and underscores with commas between; roles of specs may come later. */
static bool are_roles(const char *roles)
{
    bool word = false;
    for (; *roles; roles++) {
        if (*roles == ',' ? !word : !(isalnum((unsigned char)*roles) || *roles == '_'))
            return false;
        word = *roles != ',';
    }
    return word;
}

/* Whether somebody besides this person is admin. */
static bool another_admin(const struct state *state, const struct person *but)
{
    for (int i = 0; i < state->persons.count; i++) {
        const struct person *person = state->persons.things[i];
        if (person != but && person->administrates && !person->dismissed)
            return true;
    }
    return false;
}

bool decide_admit_person(struct deciding *at)
{
    const struct admit_person *asked = &at->command->admit_person;
    const struct person *there = state_person(at->state, asked->person);
    bool admin = words_have(asked->roles, "admin", strlen("admin"));

    if (!is_name(at, "a person", asked->person))
        return false;
    if (strcmp(asked->person, THE_FARM) == 0)
        return refuse(at, "%s is who speaks to the printers, and nobody", THE_FARM);
    if (!are_roles(asked->roles))
        return refuse(at,
                      "`%s` are no roles; they are words with commas between, like "
                      "`operator,quality`",
                      asked->roles);
    if (!admin && !another_admin(at->state, there))
        return refuse(at, "nobody would be admin then; make somebody else one first");
    if (!there || there->dismissed || there->roles != asked->roles)
        happens_as_asked(at, EVENT_person_admitted);
    return true;
}

bool decide_dismiss_person(struct deciding *at)
{
    const struct dismiss_person *asked = &at->command->dismiss_person;
    const struct person *person = state_person(at->state, asked->person);

    if (!person)
        return refuse(at, "%s is nobody of this shop", asked->person);
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (!another_admin(at->state, person))
        return refuse(at, "nobody would be admin then; make somebody else one first");
    if (!person->dismissed)
        happens_as_asked(at, EVENT_person_dismissed);
    return true;
}

/* For oneself, or by an admin. `what` is "a token", "the PIN". */
static bool may_for(struct deciding *at, const char *what, const struct person *person)
{
    return at->person == person || has_role(at, "admin") ||
           refuse(at, "%s of %s is for %s and an admin to give and take", what, person->name,
                  person->name);
}

/* ---- tokens ---- */

bool decide_issue_token(struct deciding *at)
{
    const struct issue_token *asked = &at->command->issue_token;
    const struct person *person = state_person(at->state, asked->person);

    if (!person || person->dismissed)
        return refuse(at, "%s is nobody of this shop", asked->person);
    if (strlen(asked->hash) != 64 || strspn(asked->hash, "0123456789abcdef") != 64)
        return refuse(at, "the hash of a token has 64 digits from 0 to f");
    if (!may_for(at, "a token", person))
        return false;
    const struct token *token = state_token(at->state, asked->hash);
    if (token && (token->person != person || token->revoked))
        return refuse(at, "this token is another one's, or was revoked; make a new one");
    if (!token)
        happens_as_asked(at, EVENT_token_issued);
    return true;
}

bool decide_revoke_token(struct deciding *at)
{
    const struct revoke_token *asked = &at->command->revoke_token;
    const struct token *token = state_token(at->state, asked->hash);

    if (!token)
        return refuse(at, "there is no token of this hash");
    if (!may_for(at, "a token", token->person))
        return false;
    if (!*asked->reason)
        return refuse(at, "say why: the record keeps it");
    if (!token->revoked)
        happens_as_asked(at, EVENT_token_revoked);
    return true;
}

/* ---- PINs and passwords ---- */

/* Happens where the person has another one so far. */
static bool set_secret(struct deciding *at, const char *what, const char *name, const char *hash,
                       bool is_pin)
{
    const struct person *person = state_person(at->state, name);

    if (!person || person->dismissed)
        return refuse(at, "%s is nobody of this shop", name);
    if (!may_for(at, what, person))
        return false;
    if (*hash && strncmp(hash, SECRET_HASH_BEGIN, strlen(SECRET_HASH_BEGIN)) != 0)
        return refuse(at,
                      "the hash of a PIN or a password begins with %s; `flowd people pin` and "
                      "`flowd people password` make it",
                      SECRET_HASH_BEGIN);
    if (strcmp(is_pin ? person->pin : person->password, hash) != 0)
        happens_as_asked(at, is_pin ? EVENT_pin_set : EVENT_password_set);
    return true;
}

bool decide_set_pin(struct deciding *at)
{
    const struct set_pin *asked = &at->command->set_pin;
    return set_secret(at, "the PIN", asked->person, asked->hash, true);
}

bool decide_set_password(struct deciding *at)
{
    const struct set_password *asked = &at->command->set_password;
    return set_secret(at, "the password", asked->person, asked->hash, false);
}
