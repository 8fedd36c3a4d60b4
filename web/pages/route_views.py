"""What the pages about routes show, as ready sentences and numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlmodel import Session
from starlette.exceptions import HTTPException

from core.words import number_in, say
from referrals import routes, stays
from referrals.stays import Stay
from storage.queries import case_migrations, route_pages
from storage.queries.route_pages import There, Version
from storage.tables import RouteDraft
from web.members import Member
from web.pages import route_words
from workflows import drawing
from workflows.definition import Definition, Stage
from workflows.drawing import OnPage, Svg


@dataclass(frozen=True)
class Whose:
    """Whose cases a page counts: of all libraries, of one, or of one member of staff."""

    organisation_id: int | None
    sees: int | None

    @classmethod
    def of(cls, member: Member) -> "Whose":
        """What somebody may count; the national office counts over all libraries."""
        if member.role == "national_office":
            return cls(None, None)
        return cls(member.organisation_id, member.sees)


@dataclass(frozen=True)
class Shape:
    """A route among the others."""

    name: str
    title: str
    drawing: Svg
    cases: int
    #: of these, how many stand on an older version
    behind: int
    number: int
    published_at: datetime
    draft: bool


@dataclass(frozen=True)
class Row:
    """A stage of a route."""

    title: str
    level: int | None
    aside: bool
    final: bool
    cases: int
    #: where the list of these cases is; empty: whoever reads may not open it
    href: str
    norm: str
    #: how long people stay, in words; empty: nobody was seen there
    stay: str
    still: int
    #: (what a step is called, where it leads)
    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Rule:
    """Something that somebody must do."""

    when: str
    do: str
    to: str


@dataclass(frozen=True)
class Scene:
    """A route with everything on it."""

    name: str
    title: str
    newest: Version
    definition: Definition
    drawing: Svg
    rows: tuple[Row, ...]
    #: stages of older versions in which cases stand: (title, how many)
    elsewhere: tuple[tuple[str, int], ...]
    rules: tuple[Rule, ...]
    #: versions, newest first, each with its open cases
    versions: tuple[tuple[Version, int], ...]
    cases: int
    behind: int
    #: whether only the cases that were opened last are looked at for how long people stay
    bounded: bool


def shelf(session: Session, member: Member) -> tuple[Shape, ...]:
    """Every published route."""
    whose = Whose.of(member)
    versions = route_pages.versions(session)
    there = route_pages.open_cases(
        session, whose.organisation_id, [each.id for each in versions], whose.sees
    )
    drafts = {row.name for row in case_migrations.drafts_of(session, member.organisation_id)}
    newest = {each.name: each for each in reversed(versions)}
    return tuple(
        _shape(session, member, each, versions, there, each.name in drafts)
        for each in newest.values()
    )


def _shape(
    session: Session,
    member: Member,
    newest: Version,
    versions: Iterable[Version],
    there: Iterable[There],
    draft: bool,
) -> Shape:
    definition = routes.pinned(session, newest.id).definition
    mine = {each.id for each in versions if each.name == newest.name}
    rows = [row for row in there if row.version_id in mine]
    cases = sum(row.cases for row in rows)
    return Shape(
        newest.name, definition.title[member.language],
        drawing.thumbnail(definition, _per_stage(rows), member.language),
        cases, cases - sum(row.cases for row in rows if row.version_id == newest.id),
        newest.number, newest.published_at, draft,
    )  # fmt: skip


def scene(session: Session, member: Member, name: str, root: str) -> Scene:
    """One route; 404 for one that is not published."""
    versions = route_pages.versions(session, name)
    if not versions:
        raise HTTPException(404)
    newest, whose, numbers = versions[0], Whose.of(member), [each.id for each in versions]
    definition = routes.pinned(session, newest.id).definition
    there = route_pages.open_cases(session, whose.organisation_id, numbers, whose.sees)
    found = route_pages.stays(session, whose.organisation_id, numbers, member.today, whose.sees)
    counts, long = _per_stage(there), stays.per_stage(found)
    hrefs = _hrefs(member, definition, root) if member.may("case_list") else {}
    page = OnPage(hrefs, _notes(definition, long, member.language))
    by_version = Counter[int]()
    for row in there:
        by_version[row.version_id] += row.cases
    cases, language = sum(by_version.values()), member.language
    return Scene(
        name, definition.title[language], newest, definition,
        drawing.svg(definition, counts, language, page),
        tuple(
            _row(stage, definition, counts, long, hrefs, language)
            for stage in definition.stages.values()
        ),
        _elsewhere(session, there, definition, language),
        _rules(definition, language),
        tuple((each, by_version[each.id]) for each in versions),
        cases, cases - by_version[newest.id],
        sum(each.cases for each in found if not each.left) >= route_pages.NEWEST,
    )  # fmt: skip


def _per_stage(rows: Iterable[There]) -> dict[str, int]:
    counts = Counter[str]()
    for row in rows:
        counts[row.stage] += row.cases
    return dict(counts)


def _hrefs(member: Member, definition: Definition, root: str) -> dict[str, str]:
    """Where the list of the cases in each stage is."""
    return {
        stage.name: f"{root}/cases?route={quote(definition.name)}&stage={quote(stage.name)}"
        for stage in definition.stages.values()
        if not stage.final
    }


def _notes(definition: Definition, long: Mapping[str, Stay], language: str) -> dict[str, str]:
    """Beside the number in a box: how long people stay, in days."""
    return {
        name: say(language, "{number} d", number=number_in(language, stay.median))
        for name, stay in long.items()
        if stay.enough and stay.median is not None and name in definition.stages
    }


def _row(
    stage: Stage,
    definition: Definition,
    counts: Mapping[str, int],
    long: Mapping[str, Stay],
    hrefs: Mapping[str, str],
    language: str,
) -> Row:
    stay = None if stage.final else long.get(stage.name)
    moves = definition.moves_from[stage.name]
    return Row(
        stage.title[language], definition.level_numbers[stage.name], stage.aside, stage.final,
        counts.get(stage.name, 0), hrefs.get(stage.name, ""),
        route_words.length(language, stage.norm) if stage.norm else "",
        _stay(language, stay) if stay else "", stay.still if stay else 0,
        tuple(
            (move.title[language], definition.stages[move.to].title[language]) for move in moves
        ),
    )  # fmt: skip


def _stay(language: str, stay: Stay) -> str:
    if not stay.enough:
        return say(language, "too few to say")
    if stay.median is not None:
        return route_words.days(language, stay.median)
    return say(language, "not half of them went on")


def _elsewhere(
    session: Session, there: Iterable[There], definition: Definition, language: str
) -> tuple[tuple[str, int], ...]:
    counts = Counter[str]()
    for row in there:
        if row.stage not in definition.stages:
            old = routes.pinned(session, row.version_id).definition
            counts[old.stages[row.stage].title[language]] += row.cases
    return tuple(counts.items())


def _rules(definition: Definition, language: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            route_words.moment(language, rule.when, definition), rule.do[language],
            route_words.called(language, rule.to),
        )
        for rule in definition.follow_ups.values()
    )  # fmt: skip


def draft_of(session: Session, member: Member, name: str) -> RouteDraft | None:
    """The draft that the library of a member has of a route."""
    return case_migrations.draft(session, member.organisation_id, name)
