"""What is filled in about a course, read from its form."""

from collections.abc import Collection
from datetime import date, timedelta

from referrals.courses import KINDS, SUBJECTS, CourseFacts
from web.forms import Sent

#: no course that anybody still goes to began before this day
EARLIEST = date(2000, 1, 1)
#: how far ahead a course can begin or end
LATEST = timedelta(days=5 * 366)
MOST_SEATS = 9999


def read(sent: Sent, today: date) -> CourseFacts:
    """What was filled in; raises `NotFilledIn` with everything that is wrong."""
    title = sent.line("title", needed=True)
    subject, kind = sent.one_of("subject", SUBJECTS), sent.one_of("kind", KINDS)
    place = sent.line("place")
    starts_on = _day(sent, "starts_on", today)
    ends_on = _day(sent, "ends_on", today)
    if starts_on and ends_on and ends_on < starts_on:
        why = "The last day lies before the first."
        sent.refuse("ends_on", why, "The last day must come after the first.")
    seats = sent.number("seats", 0, MOST_SEATS)
    # a new course is open without being asked
    active = sent["active"] != "no"
    sent.check()
    return CourseFacts(title, subject, kind, place, starts_on, ends_on, seats, active)


def provider(sent: Sent, there_are: Collection[int]) -> int:
    """The provider that was chosen; nothing, or another library's, is a fault."""
    chosen = sent.one_of("provider", [str(number) for number in there_are])
    return int(chosen or 0)


def typed(facts: CourseFacts) -> dict[str, str]:
    """The fields as a form shows them."""
    shown = {name: "" if value is None else str(value) for name, value in facts.kept().items()}
    return {**shown, "active": "yes" if facts.active else "no"}


def _day(sent: Sent, name: str, today: date) -> date | None:
    """A day, or none when it is not known yet."""
    return sent.day(name, EARLIEST, today + LATEST) if sent[name].strip() else None
