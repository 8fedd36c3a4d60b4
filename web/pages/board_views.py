"""A board as its page shows it: columns, their heads, and the cards that come first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.words import Told, say
from referrals import routes
from storage.queries import boards
from storage.queries.boards import Card, Filled, Part, Version
from storage.queries.selections import Wanted
from web import case_lines
from web.case_lines import CaseLine, Known
from web.filters import Filters
from web.members import Member
from workflows import ages
from workflows.definition import Definition, Stage

#: cards on a board at most, so that its page stays small; and in a column
MOST_CARDS = 64
MOST_IN_COLUMN, FEWEST_IN_COLUMN = 9, 4


@dataclass(frozen=True)
class Column:
    """A stage, and whoever stands there."""

    name: str
    title: str
    level: int | None
    aside: bool
    final: bool
    cases: int
    #: in words; empty: nobody is over the norm
    late: str
    cards: Sequence[CaseLine]
    #: what most of those can do: moves, each with the stage it leads to
    moves: str
    #: how many stand there besides those
    more: int
    #: the list of all of them, below the root
    path: str


@dataclass(frozen=True)
class BoardView:
    """What the page shows."""

    route: str
    title: str
    columns: Sequence[Column]
    cases: int
    late: int


def view(
    session: Session,
    member: Member,
    asked: Filters,
    cases: Wanted,
    versions: Sequence[Version],
) -> BoardView:
    """The board of a route; `versions`: those of this route, the oldest first."""
    pinned = {each.id: routes.pinned(session, each.id).definition for each in versions}
    newest = pinned[versions[-1].id]
    parts = _parts(member, pinned)
    filled = boards.filled(session, cases, parts)
    stages = _stages(newest, pinned, filled)
    full = len({each.stage for each in filled}) or 1
    most = max(FEWEST_IN_COLUMN, min(MOST_IN_COLUMN, MOST_CARDS // full))
    there = {(each.version, each.stage) for each in filled}
    some = [part for part in parts if (part.version, part.stage) in there]
    cards = boards.cards(session, cases, some, most)
    known = case_lines.know(session, member, cards)
    lines = _by_stage(cards, known, most)
    columns = [_column(member, asked, stage, filled, lines.get(stage.name, ())) for stage in stages]
    return BoardView(
        newest.name,
        newest.title[member.language],
        columns,
        sum(each.cases for each in filled),
        sum(each.late for each in filled),
    )


def _parts(member: Member, pinned: Mapping[int, Definition]) -> list[Part]:
    days, today = case_lines.days_of(member), member.today
    return [
        Part(number, stage.name, ages.late_until(days, today, stage.norm))
        for number, definition in pinned.items()
        for stage in definition.stages.values()
        if not stage.final
    ]


def _stages(
    newest: Definition, pinned: Mapping[int, Definition], filled: Sequence[Filled]
) -> list[Stage]:
    """The main path, and any other stage where somebody stands; also one of an older version."""
    there = {each.stage for each in filled}
    found = {stage.name: stage for stage in newest.stages.values()}
    for definition in reversed(list(pinned.values())):
        for stage in definition.stages.values():
            if stage.name in there:
                found.setdefault(stage.name, stage)
    kept = [stage for stage in found.values() if not stage.aside or stage.name in there]
    return [each for each in kept if not each.aside] + [each for each in kept if each.aside]


def _by_stage(cards: Sequence[Card], known: Known, most: int) -> dict[str, list[CaseLine]]:
    """The cards of each stage: over the norm first, then whoever stands there longest."""
    ordered = sorted(cards, key=lambda card: (card.stage_day, card.id))
    found: dict[str, list[CaseLine]] = {}
    for card in ordered:
        found.setdefault(card.stage, []).append(case_lines.line(known, card))
    return {
        stage: sorted(lines, key=lambda line: not line.late)[:most]
        for stage, lines in found.items()
    }


def _column(
    member: Member,
    asked: Filters,
    stage: Stage,
    filled: Sequence[Filled],
    cards: Sequence[CaseLine],
) -> Column:
    here = [each for each in filled if each.stage == stage.name]
    cases, late = sum(each.cases for each in here), sum(each.late for each in here)
    state = "closed" if stage.final else ""
    return Column(
        name=stage.name,
        title=stage.title[member.language],
        level=case_lines.level_of(stage),
        aside=stage.aside,
        final=stage.final,
        cases=cases,
        late=say(member.language, Told("{number} too long", number=late)) if late else "",
        cards=cards,
        moves=Counter(card.moves for card in cards).most_common(1)[0][0] if cards else "",
        more=cases - len(cards),
        path=f"/cases?{asked.query(stage=stage.name, state=state)}",
    )
