"""Words for what stands in a route: lengths of time, moments, who must do something."""

from core.words import Told, say
from workflows.definition import Definition
from workflows.periods import Moment, Period

_UNITS = {
    "workdays": (Told("{number} workday"), Told("{number} workdays")),
    "days": (Told("{number} day"), Told("{number} days")),
    "weeks": (Told("{number} week"), Told("{number} weeks")),
    "months": (Told("{number} month"), Told("{number} months")),
}
#: units as a choice
UNITS = {
    "workdays": Told("workdays"),
    "days": Told("days"),
    "weeks": Told("weeks"),
    "months": Told("months"),
}
_CALLED = {
    "owner": Told("owner"),
    "coordinator": Told("coordinator"),
    "referrer": Told("referrer"),
    "provider": Told("provider"),
    "course_start": Told("start of the course"),
    "course_end": Told("end of the course"),
    "appointment": Told("appointment"),
    "consent_expiry": Told("end of the consent"),
}


def called(language: str, code: str) -> str:
    """The word for a receiver or a date."""
    return say(language, _CALLED[code]) if code in _CALLED else code


def length(language: str, period: Period) -> str:
    """A length of time, such as "5 werkdagen"."""
    one, more = _UNITS[period.unit]
    return say(language, one if abs(period.number) == 1 else more, number=abs(period.number))


def days(language: str, number: int) -> str:
    """A number of days, such as "9 dagen"."""
    return length(language, Period(number, "days"))


def moment(language: str, when: Moment, definition: Definition) -> str:
    """When something is due, such as "Contact + 5 werkdagen"."""
    stage = definition.stages.get(when.anchor)
    anchor = stage.title[language] if stage else called(language, when.anchor)
    if not when.period.number:
        return anchor
    sign = "−" if when.period.number < 0 else "+"
    return f"{anchor} {sign} {length(language, when.period)}"
