"""The kinds of mail: for whom each is, why it comes, and how to get fewer of it."""

from dataclasses import dataclass
from typing import Literal

from core.words import Told

Audience = Literal["staff", "partner", "participant"]


@dataclass(frozen=True)
class Kind:
    """What every mail of a kind says of itself; sentences may name ``{library}``."""

    audience: Audience
    #: why the receiver gets it
    why: Told
    #: what the link to the page of preferences says; none: there is nothing to choose
    choose: Told | None
    #: how to get fewer without that page, by answering the mail
    by_reply: Told | None


_CHOOSE = Told("Choose how often you get mail")
_REPLY = Told("Do you want fewer mails? Just reply to this one.")
_CHOOSE_PARTNER = Told("Choose which mails you want")
_REPLY_PARTNER = Told("Would you like fewer of these mails? Just reply to this one.")


def _staff(why: str) -> Kind:
    return Kind("staff", Told(why), _CHOOSE, _REPLY)


def _partner(why: str) -> Kind:
    return Kind("partner", Told(why), _CHOOSE_PARTNER, _REPLY_PARTNER)


#: what a mail of a kind is called: in a mail about a mail, and in lists of mails
CALLED = {
    "digest": Told("the daily overview"),
    "partner_digest": Told("a question about what was agreed"),
    "roll_up": Told("the weekly overview"),
    "introductions": Told("new introductions"),
    "answer": Told("an answer to a referral"),
    "undelivered": Told("a mail that was not delivered"),
    "referral": Told("a referral"),
    "arrived": Told("news about somebody who was introduced"),
    "received": Told("a confirmation of introductions"),
    "appointment": Told("an appointment"),
    "code": Told("a code"),
    "new_link": Told("a new link"),
    "invitation": Told("an invitation to sign in"),
    "reset": Told("a link to choose a new password"),
    "about_cases": Told("a question about cases"),
}
#: kind → what it is; each has a folder in ``templates/``
KINDS = {
    "digest": _staff("You get this mail because you guide participants at {library}."),
    "roll_up": _staff("You get this mail every week because you coordinate at {library}."),
    "introductions": _staff(
        "You get this mail because somebody new was introduced at {library}. That cannot wait."
    ),
    "answer": _staff(
        "You get this mail because a provider answered about a case of yours at {library}."
    ),
    "undelivered": _staff("You get this mail because you coordinate at {library}."),
    "about_cases": _staff("You get this mail because you guide participants at {library}."),
    "partner_digest": _partner("You get this mail because {library} waits for your answer."),
    "referral": _partner("You get this mail because {library} refers somebody to you."),
    "arrived": _partner("You get this mail because you introduced somebody to {library}."),
    "received": _partner("You get this mail because you introduce people to {library}."),
    "code": Kind(
        "partner",
        Told("A code was asked for on a page of {library}. Mails like this only come on request."),
        None,
        None,
    ),
    "new_link": Kind(
        "partner",
        Told("A link was asked for on a page of {library}. Mails like this only come on request."),
        None,
        None,
    ),
    "invitation": Kind(
        "staff", Told("You get this mail because somebody at {library} added you."), None, None
    ),
    "reset": Kind(
        "staff",
        Told("A new password was asked for. Mails like this only come on request."),
        None,
        None,
    ),
    "appointment": Kind(
        "participant",
        Told("You asked for this mail."),
        None,
        Told("No more mail? Reply with: no mail."),
    ),
}
