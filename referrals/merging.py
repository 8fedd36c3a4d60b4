"""Two participants who turn out to be one: all goes over to the one who is kept, undoably."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.errors import Fault, MoveRefused, NotFound, NothingToUndo
from core.references import reference
from referrals import journal, profiles, replanning
from referrals.journal import Line
from storage.keys import new_key
from storage.queries import cases, facts, follow_ups, merges, reach_keys
from storage.tables import Participant, ParticipantMerge

#: what a merge remembers of the rows that went over; referrals follow their case
_REMEMBERED = ("cases", "consents", "introductions", "messages")


@dataclass(frozen=True)
class Unmerged:
    """What an undone merge left as it was."""

    #: sentences
    remains: tuple[str, ...] = ()


def obstacles(session: Session, kept: Participant, gone: Participant) -> tuple[Fault, ...]:
    """Why these two cannot become one; nothing when they can."""
    if kept.id == gone.id:
        return (Fault("", "This is the same participant.", "Choose somebody else."),)
    faults = []
    if (kept.person_key < 0) != (gone.person_key < 0):
        why = "One of the two is an example, and examples are counted nowhere."
        faults.append(Fault("", why, "Choose somebody else."))
    if merges.referred_twice(session, kept.id or 0, gone.id or 0):
        why = "Both are referred to the same course, and nobody can be referred to it twice."
        faults.append(Fault("", why, "Withdraw one of the referrals first."))
    for one, other in ((kept, gone), (gone, kept)):
        withdrawn = merges.last_withdrawal(session, one.id or 0)
        if withdrawn and merges.agreed_before(session, other.id or 0, withdrawn):
            why = "One of the two withdrew a consent; what the other agreed to is older than that."
            faults.append(Fault("", why, "Withdraw the older consent first."))
    return tuple(faults)


def merge(
    session: Session,
    organisation_id: int,
    kept_id: int,
    gone_id: int,
    values: Mapping[str, profiles.Value],
    *,
    by: int | None,
    now: datetime,
) -> ParticipantMerge:
    """Let one participant go over into the other, with these values for the fields that differ.

    Cases, consents, referrals, introductions and mails go along. Counting knows one person from
    `now` on; as known on an earlier day it still knows two. Raises `MoveRefused` with every
    obstacle, and `NotFound` for somebody who was merged or erased.
    """
    kept, gone = _both(session, organisation_id, kept_id, gone_id)
    faults = obstacles(session, kept, gone)
    if faults:
        raise MoveRefused(reference(gone_id), faults=faults)
    rows = merges.rows_of(session, gone_id)
    _give_consents(session, kept_id, gone_id, rows["consents"], now)
    for name in ("cases", "referrals", "introductions", "messages"):
        merges.give(session, name, rows[name], kept_id)
    _count_as_one(session, kept, gone, now)
    before = profiles.values_of(kept)
    gone.merged_into_id = kept_id
    profiles.put(session, gone, {})
    profiles.put(session, kept, values)
    _keep_secret(session, kept_id, now)
    row = ParticipantMerge(
        organisation_id=organisation_id, kept_id=kept_id, gone_id=gone_id,
        moved={name: rows[name] for name in _REMEMBERED},
        kept_before={n: [before[n], v] for n, v in values.items() if before[n] != v},
        by_staff_id=by, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _journal(session, row, "participant.merged", by, now)
    return row


def undo(
    session: Session, organisation_id: int, number: int, *, by: int | None, now: datetime
) -> Unmerged:
    """Let both be there again, each with their own; raises `NothingToUndo` when that cannot be.

    Cases that were opened meanwhile from a case that goes back, go along.
    """
    row = merges.merge(session, organisation_id, number)
    if row is None or row.undone_at is not None:
        raise NothingToUndo("", remedy="This was taken back before.")
    # in the order in which a merge locks them, so that the two never wait for each other
    cases.standing(session, merges.cases_of_both(session, row.kept_id, row.gone_id), lock=True)
    kept, gone = merges.locked(session, organisation_id, [row.kept_id, row.gone_id])
    _refuse_undo(session, row, kept, gone)
    back = _back(session, row)
    _take_consents(session, row, back, now)
    for name in ("referrals", "introductions", "messages", "cases"):
        merges.give(session, name, back[name], row.gone_id)
    _count_as_two(session, kept, gone, back["cases"], now)
    gone.merged_into_id = None
    profiles.put(session, gone, {})
    remains = _fields_back(session, row, kept)
    if merges.noted_since(session, row.kept_id, row.at):
        remains += ("A consent that was noted since stays with the participant who was kept.",)
    row.undone_at = now
    session.add(row)
    session.flush()
    _journal(session, row, "participant.unmerged", by, now)
    return Unmerged(remains)


def may_undo(session: Session, organisation_id: int, number: int) -> bool:
    """Whether a merge can be undone as things are now."""
    row = merges.merge(session, organisation_id, number)
    if row is None or row.undone_at is not None:
        return False
    kept, gone = (session.get_one(Participant, each) for each in (row.kept_id, row.gone_id))
    return not _why_not(session, row, kept, gone)


def _both(
    session: Session, organisation_id: int, kept_id: int, gone_id: int
) -> tuple[Participant, Participant]:
    """Both participants; nobody else changes them or their cases before this transaction ends."""
    cases.standing(session, merges.cases_of_both(session, kept_id, gone_id), lock=True)
    rows = merges.locked(session, organisation_id, [kept_id, gone_id])
    known = [row for row in rows if row.merged_into_id is None and row.anonymised_at is None]
    if len(known) != 2:
        raise NotFound(reference(gone_id))
    return known[0], known[1]


def _give_consents(
    session: Session, kept_id: int, gone_id: int, theirs: Sequence[int], now: datetime
) -> None:
    """Whatever both agreed to counts for the cases of both, and so do the days that it ends."""
    mine = merges.rows_of(session, kept_id)["consents"]
    with replanning.following(session, cases.open_of(session, [kept_id]), now=now):
        with replanning.following(session, cases.open_of(session, [gone_id]), now=now):
            merges.give(session, "consents", mine, gone_id)
        merges.give(session, "consents", [*mine, *theirs], kept_id)


def _take_consents(
    session: Session, row: ParticipantMerge, back: Mapping[str, list[int]], now: datetime
) -> None:
    """As `_give_consents`, the other way round: everything still points at who is kept."""
    theirs = back["consents"]
    mine = [n for n in merges.rows_of(session, row.kept_id)["consents"] if n not in set(theirs)]
    open_cases = cases.open_of(session, [row.kept_id])
    going = [number for number in open_cases if number in set(back["cases"])]
    staying = [number for number in open_cases if number not in set(back["cases"])]
    with replanning.following(session, staying, now=now):
        with replanning.following(session, going, now=now):
            merges.give(session, "consents", mine, row.gone_id)
        merges.give(session, "consents", theirs, row.gone_id)
        merges.give(session, "consents", mine, row.kept_id)


def _count_as_one(session: Session, kept: Participant, gone: Participant, now: datetime) -> None:
    theirs = reach_keys.counting(session, gone.person_key)
    if reach_keys.knows(session, kept.person_key, theirs):
        # they were one before, and what was voided then stands under this key for good
        mine = reach_keys.counting(session, kept.person_key)
        former, kept.person_key = kept.person_key, _fresh(kept.person_key, now)
        reach_keys.hand_over(session, former, mine, kept.person_key, now)
    reach_keys.hand_over(session, gone.person_key, theirs, kept.person_key, now)


def _count_as_two(
    session: Session, kept: Participant, gone: Participant, back: Sequence[int], now: datetime
) -> None:
    keys = [each.case_key for each in merges.keys_of(session, back)]
    # under the former key the voided entries stand, which tell what was known before the merge
    gone.person_key = _fresh(gone.person_key, now)
    reach_keys.hand_over(session, kept.person_key, keys, gone.person_key, now)


def _fresh(former: int, now: datetime) -> int:
    """Another key for the same person; that of an example stays below zero."""
    return new_key(now) if former > 0 else -new_key(now)


def _keep_secret(session: Session, kept_id: int, now: datetime) -> None:
    """Of somebody who withdrew, nobody at a partner is asked any more."""
    if facts.withdrawn(session, [kept_id]):
        follow_ups.end_for_partners(session, cases.open_of(session, [kept_id]), now)


def _refuse_undo(
    session: Session, row: ParticipantMerge, kept: Participant, gone: Participant
) -> None:
    why = _why_not(session, row, kept, gone)
    if why:
        raise NothingToUndo(reference(row.gone_id), faults=(why,))


def _why_not(
    session: Session, row: ParticipantMerge, kept: Participant, gone: Participant
) -> Fault | None:
    if kept.anonymised_at or gone.anonymised_at:
        return Fault("", "One of the two was erased since.", "")
    if kept.merged_into_id is not None:
        why = "The participant who was kept was merged into another one since."
        return Fault("", why, "Undo that first.")
    last = merges.last_into(session, row.kept_id)
    if last is not None and last.id != row.id:
        why = "Somebody else was merged into this participant since."
        return Fault("", why, "Undo that first.")
    return None


def _back(session: Session, row: ParticipantMerge) -> dict[str, list[int]]:
    """What goes back: what came over and is still there, and what came about in those cases."""
    here = merges.rows_of(session, row.kept_id)
    found = [number for number in row.moved["cases"] if number in set(here["cases"])]
    new = found
    while new := [n for n in merges.opened_from(session, new, row.at) if n in set(here["cases"])]:
        found = [*found, *(number for number in new if number not in set(found))]
    back: dict[str, list[int]] = {"cases": found}
    back["consents"] = [n for n in row.moved["consents"] if n in set(here["consents"])]
    for name in ("referrals", "introductions", "messages"):
        came = {*row.moved.get(name, ()), *merges.with_cases(session, name, found)}
        back[name] = [number for number in here[name] if number in came]
    return back


def _fields_back(session: Session, row: ParticipantMerge, kept: Participant) -> tuple[str, ...]:
    """The fields as they were, but for those that somebody changed since."""
    changes: dict[str, list[Any]] = row.kept_before
    same = {name: old for name, (old, new) in changes.items() if getattr(kept, name) == new}
    profiles.put(session, kept, same)
    if len(same) == len(changes):
        return ()
    return ("What was changed about the participant since stays as it is.",)


def _journal(
    session: Session, row: ParticipantMerge, what: str, by: int | None, now: datetime
) -> None:
    pairs = ((row.kept_id, row.gone_id), (row.gone_id, row.kept_id))
    lines = [
        Line(
            row.organisation_id, now, by, what, "participant", who,
            {"with": other, "fields": list(row.kept_before) if who == row.kept_id else []},
        )
        for who, other in pairs
    ]  # fmt: skip
    journal.write(session, lines)
