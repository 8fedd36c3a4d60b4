"""What codes are called on a screen: guards, questions, fields, receivers, lengths of time.

Programs get the codes; people get these words, in the language of the command line.
"""

from functools import cache

from cli.language import LANGUAGE, t
from core.words import Told
from notifications import kinds, outcomes
from workflows import checking, lifecycles
from workflows.definition import Definition
from workflows.library import builtin
from workflows.periods import Moment, Period

_CALLED = {
    # guards
    "consent_to_refer": Told("consent to be referred"),
    "reachable": Told("reachable"),
    "referral_made": Told("a referral was made"),
    "referral_accepted": Told("the referral was accepted"),
    "seat_free": Told("a seat is free"),
    # who can be asked to follow up
    "owner": Told("owner"),
    "coordinator": Told("coordinator"),
    "referrer": Told("referrer"),
    "provider": Told("provider"),
    # what somebody is at a library
    "administrator": Told("administrator"),
    "staff": Told("staff member"),
    "national_office": Told("national office"),
    # what a step asks, and other texts that somebody fills in
    "note": Told("remark"),
    "reason": Told("reason"),
    "date": Told("day"),
    "course": Told("course"),
    "what": Told("what must be done"),
    "outcome": Told("outcome"),
    "phone": Told("phone number"),
    "email": Told("e-mail address"),
    # what a column of a workbook can hold
    "number": Told("number"),
    "first_name": Told("first name"),
    "last_name": Told("last name"),
    "full_name": Told("whole name"),
    "birth_year": Told("birth year"),
    "postcode": Told("postcode"),
    "municipality": Told("municipality"),
    "mother_tongue": Told("mother tongue"),
    "channel": Told("way in"),
    "referrer_name": Told("name of the referrer"),
    "notes": Told("remarks"),
    "department": Told("department"),
    "wish": Told("wish"),
    "best_moment": Told("best moment to call"),
    "organisation": Told("library"),
    "consent": Told("consent"),
    # dates of a case
    "course_start": Told("start of the course"),
    "course_end": Told("end of the course"),
    "appointment": Told("appointment"),
    "consent_expiry": Told("end of the consent"),
    # history
    "open": Told("Opened"),
    "undo": Told("Undone"),
    "history": Told("Imported"),
    "migrate": Told("Went over to another version"),
}
_UNITS = {
    "workdays": (Told("{number} workday"), Told("{number} workdays")),
    "days": (Told("{number} day"), Told("{number} days")),
    "weeks": (Told("{number} week"), Told("{number} weeks")),
    "months": (Told("{number} month"), Told("{number} months")),
}


def called(code: str) -> str:
    """The word for a code; a code without one stays as it is."""
    found = code if isinstance(code, Told) else _CALLED.get(code) or lifecycles.CALLED.get(code)
    return t(found) if found else code


def mail(kind: str) -> str:
    """What a mail of a kind is called, such as "het dagoverzicht"."""
    return t(kinds.CALLED[kind])


def fault(code: str) -> str:
    """What went wrong with a mail, in a sentence."""
    return t(outcomes.CALLED[code])


def length(period: Period) -> str:
    """A length of time in words, such as "5 werkdagen"."""
    one, more = _UNITS[period.unit]
    return t(one if abs(period.number) == 1 else more, number=abs(period.number))


def moment(when: Moment, definition: Definition) -> str:
    """When something is due, such as "Contact + 5 werkdagen"."""
    anchor = stage(definition, when.anchor)
    if not when.period.number:
        return anchor
    return f"{anchor} {'-' if when.period.number < 0 else '+'} {length(when.period)}"


def stage(definition: Definition, name: str) -> str:
    """The title of a stage of a route, or the word for what else stands in its place."""
    found = definition.stages.get(name)
    return found.title[LANGUAGE] if found else called(name)


def field(name: str) -> str:
    """What a column of a register was taken for: a stage or something about the person."""
    return stage(_usual(), name)


@cache
def _usual() -> Definition:
    """The route whose stages registers name."""
    return checking.parse(builtin("open-door"))
