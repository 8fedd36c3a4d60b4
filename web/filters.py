"""Which cases somebody asked to see: filters as an address holds them, for board, list and bulk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from core.words import Told
from storage.queries import selections
from storage.queries.boards import Version
from storage.queries.selections import Wanted
from storage.tables.partner import CHANNELS
from web.members import Member

#: the longest name of a route or stage that is looked for
_LONGEST = 120
MINE, NOBODY = "mine", "nobody"
LATE, TODAY, WITHOUT, ASKED, NEW = "late", "today", "none", "asked", "new"
#: what cases can be, and what that is called
STATES = {"": Told("open"), "closed": Told("closed"), "all": Told("open and closed")}
DUE = {
    LATE: Told("late"),
    TODAY: Told("due today"),
    WITHOUT: Told("without a next step"),
    ASKED: Told("waiting for an answer"),
    NEW: Told("newly introduced"),
}
#: what is due → the condition
_DUE = {
    LATE: "overdue", TODAY: "due_today", WITHOUT: "without_step", ASKED: "unanswered",
    NEW: "introduced",
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What was asked; an empty word leaves everything."""

    route: str = ""
    stage: str = ""
    #: ``mine``, ``nobody``, or the number of a member of staff
    owner: str = ""
    pilot: str = ""
    way: str = ""
    partner: str = ""
    #: a word of `DUE`
    due: str = ""
    #: open ones, unless it says ``closed`` or ``all``
    state: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()

    @property
    def narrowed(self) -> bool:
        """Whether more is filtered than whose cases, and which are late."""
        chips = {"owner": ("", MINE, NOBODY), "due": ("", LATE)}
        return any(value not in chips.get(name, ("",)) for name, value in vars(self).items())

    def query(self, **others: str) -> str:
        """As it stands in an address, behind the ``?``; others are put in or taken out."""
        held = {**vars(self), **others}
        return urlencode({name: value for name, value in held.items() if value})

    def but(self, **others: str) -> "Filters":
        """The same with other words."""
        return replace(self, **others)


def read(query: Mapping[str, str]) -> Filters:
    """The filters in an address; what means nothing is left out."""
    held = {name: query.get(name, "")[:_LONGEST] for name in Filters.__dataclass_fields__}
    for name in ("pilot", "partner"):
        held[name] = held[name] if _number(held[name]) else ""
    if held["owner"] not in (MINE, NOBODY) and not _number(held["owner"]):
        held["owner"] = ""
    held["way"] = held["way"] if held["way"] in CHANNELS else ""
    held["due"] = held["due"] if held["due"] in DUE else ""
    held["state"] = held["state"] if held["state"] in STATES else ""
    return Filters(**held)


def parsed(text: str) -> Filters:
    """The filters in the part of an address behind the ``?``."""
    return read(dict(parse_qsl(text[:2000])))


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12


def wanted(asked: Filters, member: Member, versions: Iterable[Version]) -> Wanted:
    """The cases of the library that these filters leave, as this member may see them."""
    names: list[str] = []
    values: dict[str, Any] = {"today": member.today}
    if asked.route:
        values["versions"] = [each.id for each in versions if each.name == asked.route]
        names.append("versions")
    if asked.stage:
        values["stage"] = asked.stage
        names.append("stage")
    if asked.owner == NOBODY:
        names.append(NOBODY)
    elif asked.owner:
        values["owner"] = member.staff_id if asked.owner == MINE else int(asked.owner)
        names.append("owner")
    for field, name in (("pilot", "pilot"), ("partner", "partner")):
        if getattr(asked, field):
            values[name] = int(getattr(asked, field))
            names.append(name)
    if asked.way:
        values["channel"] = asked.way
        names.append("channel")
    if asked.due:
        names.append(_DUE[asked.due])
    names += {"": ["open"], "closed": ["closed"]}.get(asked.state, [])
    return selections.wanted(member.organisation_id, member.sees, *names, **values)
