"""Drafts of routes: a text that a library works on, faulty or not, until it is published."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import Fault, FaultyRoute, FaultyValue, NotFound
from core.words import Told
from referrals import bsn, journal, routes
from referrals.journal import Line
from referrals.routes import Published
from storage.queries import case_migrations, staff, workflows
from storage.tables import Organisation, RouteDraft
from workflows import checking
from workflows.definition import Definition
from workflows.library import builtin, builtin_names
from workflows.reading import LARGEST, read_tree

#: control, invisible and direction characters; lone surrogates
_UNSEEN = ("Cc", "Cf", "Cs")


@dataclass(frozen=True)
class Checked:
    """What a draft says, and everything that is wrong with it, in the order of its lines."""

    definition: Definition | None
    faults: tuple[Fault, ...]


def beginning(session: Session, name: str) -> tuple[str, int | None]:
    """(the text to start from, its version): the newest version, or a built-in route.

    Raises `NotFound` for a name that is neither.
    """
    version = workflows.newest(session, name)
    if version is not None:
        return version.text, version.id
    if name not in builtin_names():
        raise NotFound(name)
    return builtin(name), None


def draft(session: Session, organisation_id: int, name: str) -> RouteDraft | None:
    """The draft that a library has of a route."""
    return case_migrations.draft(session, organisation_id, name)


def save(
    session: Session, organisation_id: int, name: str, text: str, *, by: int, now: datetime
) -> RouteDraft:
    """Keep a text as the draft of a route, with its faults; begins one when there is none.

    Raises `FaultyValue` for more than 4 MB, `BsnFound` and `NotFound`.
    """
    text = tidy(text)
    if len(text.encode()) > LARGEST:
        raise FaultyValue(name, remedy="A route file is a few kB of text.")
    bsn.refuse(text, "text")
    row = draft(session, organisation_id, name)
    if row is None:
        _, based_on = beginning(session, name)
        row = RouteDraft(
            organisation_id=organisation_id, name=name, text=text, based_on=based_on,
            by_staff_id=by, changed_at=now,
        )  # fmt: skip
    row.text, row.by_staff_id, row.changed_at = text, by, now
    session.add(row)
    session.flush()
    return row


def tidy(text: str) -> str:
    """A text as files have it: one kind of line end, no signs that nobody sees, an end of line."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in _UNSEEN
    )
    return seen.rstrip() + "\n"


def discard(session: Session, organisation_id: int, name: str) -> None:
    """Throw a draft away; what is published stays."""
    row = draft(session, organisation_id, name)
    if row is not None:
        session.delete(row)
        session.flush()


def check(session: Session, name: str, text: str) -> Checked:
    """What a text says as the next version of a route, and all that is wrong with it."""
    definition, faults = checking.check(text, routes.names(session))
    if definition is not None and definition.name != name:
        line = read_tree(text).line(("name",))
        remedy = Told("Write: name: {name}", name=name)
        fault = Fault("name", "A draft keeps the name of its route.", remedy, line)
        return Checked(None, (fault,))
    return Checked(definition, faults)


def publish(
    session: Session, organisation_id: int, name: str, *, seen: int | None, by: int, now: datetime
) -> Published:
    """Publish a draft as the next version of its route; the draft is done with.

    `seen`: the newest version when it was looked at what publishing changes. Raises `NotFound`
    without a draft, `FaultyRoute` with every fault, `FaultyValue` when a newer version was
    published meanwhile, and `AlreadyThere` when nothing was changed.
    """
    row = draft(session, organisation_id, name)
    if row is None:
        raise NotFound(name)
    newest = workflows.newest(session, name)
    if (newest.id if newest else None) != seen:
        raise FaultyValue(name, remedy="A newer version was published. Look again and decide.")
    faults = check(session, name, row.text).faults
    if faults:
        raise FaultyRoute(name, faults=faults)
    people = staff.names_of(session, organisation_id)
    published = routes.publish(session, row.text, by=people.get(by, ""), now=now)
    session.delete(row)
    session.flush()
    detail = {"version": published.number}
    line = Line(
        organisation_id, now, by, "route.published", "workflow_version", published.id, detail
    )
    journal.write(session, [line])
    return published


def may_publish(organisations: list[Organisation], role: str) -> bool:
    """Who publishes what all libraries of a database share: docs/decisions/0017."""
    libraries = [each for each in organisations if each.kind == "library"]
    real = [each for each in libraries if not each.invented] or libraries
    return role == "national_office" or (role == "administrator" and len(real) <= 1)
