"""Finds participants by words and numbers, in an index however many there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Table, and_, delete, exists, or_, select, true
from sqlmodel import Session

from storage.dialects import among, append
from storage.queries.cases import CASES, PEOPLE
from storage.queries.staff import STAFF
from storage.queries.workflows import VERSIONS
from storage.tables import ParticipantWord

WORDS: Table = ParticipantWord.__table__  # type: ignore[attr-defined]
_COLUMNS = ("organisation_id", "word", "participant_id")
#: comes after every sign that a word can go on with
_LAST = "\U0010ffff"
#: words of one person that begin alike, such as "jan" and "jansen"
_WORDS_EACH = 3


def keep_words(session: Session, rows: Iterable[tuple[int, str, int]]) -> None:
    """Let people be found by words: (library, word, participant)."""
    # in the order of the index, which is several times as quick for many
    append(session, WORDS, _COLUMNS, sorted(rows))


def drop_words(session: Session, participants: Sequence[int]) -> None:
    """Let people be found by no word any more."""
    statement = delete(WORDS).where(among(WORDS.c.participant_id, "people"))
    session.connection().execute(statement, {"people": participants})


def with_words(
    session: Session, organisation_id: int, words: Sequence[str], *, sees: int | None, limit: int
) -> list[int]:
    """People of whom each of the words begins one of theirs, whole words first.

    `sees`: only those with a case of this member of staff or of nobody, or without a case.
    """
    if not words:
        return []
    first, *others = words
    statement = (
        select(WORDS.c.participant_id)
        .where(_begins(WORDS, organisation_id, first), *_visible(WORDS.c.participant_id, sees))
        .order_by(WORDS.c.word, WORDS.c.participant_id)
        .limit(limit * _WORDS_EACH)
    )
    for number, word in enumerate(others):
        other = WORDS.alias(f"word{number}")
        mine = other.c.participant_id == WORDS.c.participant_id
        begins = _begins(other, organisation_id, word)
        statement = statement.where(exists().where(mine, begins))
    return _distinct(session, statement, limit)


def with_phone(
    session: Session, organisation_id: int, beginning: str, *, sees: int | None, limit: int
) -> list[int]:
    """People whose number in E.164 begins so."""
    phone = PEOPLE.c.phone
    # signs beside digits are compared in many ways, so the digits alone say where it ends
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    statement = (
        select(PEOPLE.c.id)
        .where(
            PEOPLE.c.organisation_id == organisation_id,
            phone >= beginning,
            phone < after,
            *_known(),
            *_visible(PEOPLE.c.id, sees),
        )
        .order_by(phone, PEOPLE.c.id)
        .limit(limit)
    )
    return _distinct(session, statement, limit)


def with_email(
    session: Session, organisation_id: int, email: str, *, sees: int | None, limit: int
) -> list[int]:
    """People with this e-mail address, in lower case."""
    statement = (
        select(PEOPLE.c.id)
        .where(
            PEOPLE.c.organisation_id == organisation_id,
            PEOPLE.c.email == email,
            *_known(),
            *_visible(PEOPLE.c.id, sees),
        )
        .order_by(PEOPLE.c.id)
        .limit(limit)
    )
    return _distinct(session, statement, limit)


def seen(
    session: Session, organisation_id: int, participant_id: int, *, sees: int | None
) -> int | None:
    """The participant, if there is one with this number whom the member of staff may see.

    Of somebody who was merged into another row, that one.
    """
    number: int | None = participant_id
    while number is not None:
        statement = select(PEOPLE.c.id, PEOPLE.c.merged_into_id, PEOPLE.c.anonymised_at).where(
            PEOPLE.c.organisation_id == organisation_id,
            PEOPLE.c.id == number,
            or_(PEOPLE.c.merged_into_id.is_not(None), *_visible(PEOPLE.c.id, sees))
            if sees is not None
            else true(),
        )
        row = session.connection().execute(statement).first()
        if row is None or row.anonymised_at is not None:
            return None
        if row.merged_into_id is None:
            return number
        number = row.merged_into_id
    return None


def participant_of(
    session: Session, organisation_id: int, case_id: int, *, sees: int | None
) -> int | None:
    """Whose case it is, if there is one with this number that the member of staff may see."""
    statement = select(CASES.c.participant_id).where(
        CASES.c.organisation_id == organisation_id, CASES.c.id == case_id, *_mine(CASES, sees)
    )
    return session.connection().execute(statement).scalar()


class PersonLine(NamedTuple):
    """Somebody in a list."""

    id: int
    first_name: str | None
    last_name: str | None
    birth_year: int | None
    phone: str | None
    email: str | None
    postcode: str | None
    municipality_code: str | None


class CaseLine(NamedTuple):
    """A case of somebody in a list."""

    participant_id: int
    id: int
    version_id: int
    stage: str
    stage_day: date
    owner: str | None
    closed: bool


def people(session: Session, participants: Sequence[int]) -> list[PersonLine]:
    """These people, in this order."""
    statement = select(*(PEOPLE.c[name] for name in PersonLine._fields)).where(
        among(PEOPLE.c.id, "people")
    )
    rows = session.connection().execute(statement, {"people": participants})
    found = {row.id: PersonLine._make(row) for row in rows}
    return [found[number] for number in participants if number in found]


def cases_of(
    session: Session, participants: Sequence[int], *, sees: int | None
) -> dict[int, list[CaseLine]]:
    """The cases of each of these people that may be seen, open ones and newest first."""
    closed = CASES.c.closed_at.is_not(None)
    statement = (
        select(
            CASES.c.participant_id,
            CASES.c.id,
            CASES.c.workflow_version_id,
            CASES.c.stage,
            CASES.c.stage_day,
            STAFF.c.name,
            closed,
        )
        .join(VERSIONS, VERSIONS.c.id == CASES.c.workflow_version_id)
        .outerjoin(STAFF, STAFF.c.id == CASES.c.owner_id)
        .where(among(CASES.c.participant_id, "people"), *_mine(CASES, sees))
        .order_by(closed, CASES.c.id.desc())
    )
    found: dict[int, list[CaseLine]] = {}
    for row in session.connection().execute(statement, {"people": participants}):
        found.setdefault(row.participant_id, []).append(CaseLine._make(row))
    return found


def newest(session: Session, organisation_id: int, *, sees: int | None, limit: int) -> list[int]:
    """Whoever was registered last."""
    statement = (
        select(PEOPLE.c.id)
        .where(PEOPLE.c.organisation_id == organisation_id, *_known(), *_visible(PEOPLE.c.id, sees))
        .order_by(PEOPLE.c.id.desc())
        .limit(limit)
    )
    return _distinct(session, statement, limit)


def _known() -> tuple[ColumnElement[bool], ...]:
    return PEOPLE.c.merged_into_id.is_(None), PEOPLE.c.anonymised_at.is_(None)


def _begins(table: FromClause, organisation_id: int, word: str) -> ColumnElement[bool]:
    return and_(
        table.c.organisation_id == organisation_id,
        table.c.word >= word,
        table.c.word < word + _LAST,
    )


def _visible(participant: ColumnElement[Any], sees: int | None) -> tuple[ColumnElement[bool], ...]:
    """Whoever has a case that may be seen, or no case at all."""
    if sees is None:
        return ()
    theirs, any_case = CASES.alias("theirs"), CASES.alias("any_case")
    return (
        or_(
            exists().where(theirs.c.participant_id == participant, *_mine(theirs, sees)),
            ~exists().where(any_case.c.participant_id == participant),
        ),
    )


def _mine(cases: FromClause, sees: int | None) -> tuple[ColumnElement[bool], ...]:
    """Nobody's cases and those of this member of staff."""
    return () if sees is None else (or_(cases.c.owner_id.is_(None), cases.c.owner_id == sees),)


def _distinct(session: Session, statement: Any, limit: int) -> list[int]:
    found = session.connection().execute(statement).scalars()
    return list(dict.fromkeys(found))[:limit]
