"""Questions about what was added as an example."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Table, delete, or_, select, tuple_, update
from sqlmodel import Session

from storage.dialects import among, append
from storage.tables import Case, Participant, ParticipantMerge, Sample

SAMPLES: Table = Sample.__table__  # type: ignore[attr-defined]
_PEOPLE: Table = Participant.__table__  # type: ignore[attr-defined]
_CASES: Table = Case.__table__  # type: ignore[attr-defined]
_MERGES: Table = ParticipantMerge.__table__  # type: ignore[attr-defined]


def mark(session: Session, organisation_id: int, kind: str, numbers: Iterable[int]) -> None:
    """Note that these rows are examples."""
    rows = [(organisation_id, kind, number) for number in numbers]
    append(session, SAMPLES, ("organisation_id", "kind", "subject_id"), rows)


def marked(session: Session, organisation_id: int) -> dict[str, list[int]]:
    """Kind → the numbers of what a library has as examples."""
    rows = session.connection().execute(
        select(SAMPLES.c.kind, SAMPLES.c.subject_id)
        .where(SAMPLES.c.organisation_id == organisation_id)
        .order_by(SAMPLES.c.subject_id)
    )
    found: dict[str, list[int]] = {}
    for kind, number in rows:
        found.setdefault(kind, []).append(number)
    return found


def keep_from_counting(session: Session, people: Sequence[int]) -> None:
    """Give people a key below zero, by which counting passes them over."""
    session.connection().execute(
        update(_PEOPLE)
        .where(among(_PEOPLE.c.id, "ids"), _PEOPLE.c.person_key > 0)
        .values(person_key=-_PEOPLE.c.person_key),
        {"ids": people},
    )


def cases_of(session: Session, people: Sequence[int]) -> list[int]:
    """Every case of these people."""
    asked = select(_CASES.c.id).where(among(_CASES.c.participant_id, "ids")).order_by(_CASES.c.id)
    return list(session.connection().execute(asked, {"ids": people}).scalars())


def merged(session: Session, people: Sequence[int]) -> set[int]:
    """Those of these people who are one with somebody who is not among them."""
    asked = select(_MERGES.c.kept_id, _MERGES.c.gone_id).where(
        _MERGES.c.undone_at.is_(None),
        or_(among(_MERGES.c.kept_id, "ids"), among(_MERGES.c.gone_id, "ids")),
    )
    rows = session.connection().execute(asked, {"ids": people})
    outside = [set(row) for row in rows if not set(row) <= set(people)]
    return set().union(*outside) & set(people)


def unmark(session: Session, organisation_id: int, kind: str, numbers: Iterable[int]) -> None:
    """Forget that these rows were examples."""
    keys = [(organisation_id, kind, number) for number in numbers]
    key = tuple_(SAMPLES.c.organisation_id, SAMPLES.c.kind, SAMPLES.c.subject_id)
    session.connection().execute(delete(SAMPLES).where(key.in_(keys)))
