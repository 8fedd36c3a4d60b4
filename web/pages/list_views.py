"""A list of cases as its page shows it: the lines, their columns, the order, what comes after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from core.words import Told, say
from storage.queries import case_tables, referrals, selections
from storage.queries.boards import Card, Version
from storage.queries.case_tables import After, Order
from web import case_lines, filters, published
from web.case_lines import CaseLine
from web.filters import Filters
from web.members import Member

#: lines on a page, with many columns fewer; and from how many on a number is not counted out
LINES, FEWER, MANY = 50, 36, 10_000
#: the columns somebody can choose besides the reference, and what their heads say
COLUMNS: Mapping[str, str] = {
    "name": Told("Name"),
    "route": Told("Route"),
    "stage": Told("Stage"),
    "since": Told("In this stage"),
    "owner": Told("Owner"),
    "next": Told("Next step"),
    "way": Told("Way in"),
    "pilot": Told("Pilot"),
    "partner": Told("Partner"),
    "opened": Told("Opened on"),
}
#: what is shown to whoever chose nothing
USUAL = ("name", "stage", "since", "owner", "next")
#: what closed cases can be in the order of: there are too many of them for the others
_FOR_ALL = ("opened",)


class Names(NamedTuple):
    """Names by number, which the page knows already."""

    staff: Mapping[int, str]
    pilots: Mapping[int, str]


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    name: str
    title: str
    #: the address of the list in its order, behind the ``?``; empty: it has none
    query: str
    #: ``ascending`` or ``descending`` when the list is in its order
    sorted: str


@dataclass(frozen=True)
class ListLine:
    """A line: what every line of cases has, and what only this list shows."""

    case: CaseLine
    #: first and last name
    name: str
    route: str
    way: str
    pilot: str
    partner: str
    opened: str
    closed: bool


@dataclass(frozen=True)
class ListView:
    """What the page shows."""

    heads: Sequence[Head]
    lines: Sequence[ListLine]
    #: the marks of stages that its lines have
    levels: Sequence[str]
    #: how many there are; with `many`: more than that
    number: int
    many: bool
    #: the address of the next page, behind the ``?``; empty: this is the last
    further: str
    #: whether lines stand before these
    later: bool
    sort: str


def chosen_columns(member: Member) -> tuple[str, ...]:
    """The columns that somebody chose, or the usual ones."""
    held = member.choices.get("list_columns")
    if not isinstance(held, list):
        return USUAL
    return tuple(name for name in COLUMNS if name in held)


def order_of(sort: str, asked: Filters, stages: tuple[str, ...]) -> Order:
    """The order that an address asks for: ``since`` or, the other way round, ``-since``.

    `stages`: as they follow on each other.
    """
    by, down = sort.removeprefix("-"), sort.startswith("-")
    if by not in case_tables.ORDERS or (asked.state and by not in _FOR_ALL):
        return Order("opened", True) if asked.state else Order("since")
    return Order(by, down, stages if by == "stage" else ())


def view(
    session: Session,
    member: Member,
    asked: Filters,
    versions: Sequence[Version],
    sort: str,
    after: str,
    names: Names,
) -> ListView:
    """A page of the list; `after` is where the page before it ended."""
    cases = filters.wanted(asked, member, versions)
    stages = published.stage_titles(published.newest(session, versions), asked.route, "nl")
    order = order_of(sort, asked, tuple(name for name, _ in stages))
    last = read_after(order, after)
    columns = chosen_columns(member)
    most = LINES if len(columns) <= len(USUAL) + 2 else FEWER
    found = case_tables.lines(session, cases, order, most + 1, last)
    number = selections.count(session, cases, MANY + 1)
    here = [each.card for each in found[:most]]
    kept = f"{'-' if order.down else ''}{order.by}"
    further = ""
    if len(found) > most:
        further = asked.query(sort=sort, after=write_after(found[most - 1].value, here[-1].id))
    lines = _lines(session, member, here, columns, names)
    return ListView(
        heads=_heads(member, asked, order, columns),
        lines=lines,
        levels=sorted({line.case.mark for line in lines}),
        number=min(number, MANY),
        many=number > MANY,
        further=further,
        later=last is not None,
        sort=kept,
    )


def read_after(order: Order, text: str) -> After | None:
    """Where a page begins, as an address holds it; nothing for what means nothing."""
    number, _, value = text.partition(" ")
    if not (number.isascii() and number.isdecimal() and len(number) < 12):
        return None
    try:
        return After(case_tables.read(order, value) if value else None, int(number))
    except ValueError:
        return None


def write_after(value: object, number: int) -> str:
    """Where a page ends, for an address."""
    kept = value.isoformat() if isinstance(value, date) else value
    return f"{number} {'' if kept is None else kept}".rstrip()


def _heads(member: Member, asked: Filters, order: Order, columns: Sequence[str]) -> list[Head]:
    heads = []
    for name in columns:
        mine = order.by == name
        sortable = name in (_FOR_ALL if asked.state else case_tables.ORDERS)
        down = "-" if mine and not order.down else ""
        heads.append(
            Head(
                name,
                say(member.language, COLUMNS[name]),
                asked.query(sort=f"{down}{name}") if sortable else "",
                ("descending" if order.down else "ascending") if mine else "",
            )
        )
    return heads


def _lines(
    session: Session,
    member: Member,
    cards: Sequence[Card],
    columns: Sequence[str],
    names: Names,
) -> list[ListLine]:
    known = case_lines.know(session, member, cards, names=names.staff)
    language = member.language
    titles = {number: each.title[language] for number, each in known.definitions.items()}
    partners: Mapping[int, str] = {}
    if "partner" in columns:
        numbers = {card.partner_id for card in cards if card.partner_id}
        partners = referrals.partner_names(session, list(numbers)) if numbers else {}
    return [
        ListLine(
            case=case_lines.line(known, card),
            name=" ".join(part for part in (card.first_name, card.last_name) if part),
            route=titles[card.workflow_version_id],
            way=say(language, card.channel),
            pilot=names.pilots.get(card.pilot_id or 0, ""),
            partner=partners.get(card.partner_id or 0, ""),
            opened=case_lines.day_in_table(language, card.opened_on, known.today),
            closed=card.closed_at is not None,
        )
        for card in cards
    ]
