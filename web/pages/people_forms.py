"""The form of a person: what is read from it, and the doubles that are shown before it is kept."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from core.errors import AlreadyThere, FaultyValue, Refused
from referrals import newcomers, profiles
from referrals.doubles import Person
from referrals.profiles import FIELDS, Value
from web.forms import Sent
from web.members import Member


class MayBeKnown(AlreadyThere):
    """This may be somebody who is known already."""


def read(sent: Sent, today: date) -> dict[str, Value]:
    """What is filled in of somebody, by field; faults go to the form."""
    found: dict[str, Value] = dict.fromkeys(FIELDS)
    for name in FIELDS:
        try:
            found[name] = profiles.read(name, sent[name], today=today)
        except FaultyValue as error:
            sent.refused(name, error)
    return found


def typed_so_far(sent: Sent, today: date) -> Person:
    """What can be understood already of somebody who is being typed."""
    return person_of(read(Sent(sent.fields), today))


def person_of(values: Mapping[str, Value]) -> Person:
    """The person behind the fields."""
    year = values["birth_year"]

    def text(name: str) -> str | None:
        return str(values[name]) if values[name] else None

    return Person(
        text("first_name"), text("last_name"), year if isinstance(year, int) else None,
        text("phone"), text("email"), text("postcode"),
    )  # fmt: skip


def look_first(session: Session, member: Member, sent: Sent, person: Person) -> None:
    """Raises `MayBeKnown` unless whoever it may be was on the page when it was sent."""
    if sent["sure"] == "1":
        return
    if newcomers.may_be(session, member.organisation_id, person, sees=member.sees):
        raise MayBeKnown("")


def only_doubles(refusal: Refused | None) -> tuple[bool, Refused | None]:
    """Whether a form was stopped to show doubles, and why else it was."""
    return (True, None) if isinstance(refusal, MayBeKnown) else (False, refusal)
