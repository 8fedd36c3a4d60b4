"""Moves cases: load, decide, write. The same path for one case and for ten thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from sqlmodel import Session

from core import clock
from core.errors import Change, ChangedMeanwhile, Fault, MoveRefused, NotFound, Refused
from core.references import reference
from referrals import bsn, entering, facts, linking, referring, routes, telling
from referrals.entering import Entering
from referrals.facts import Needs
from referrals.moves import Answers, Moved, Outcome
from referrals.routes import Published
from storage.queries import cases, follow_ups, staff
from storage.queries.cases import Standing
from workflows import guards
from workflows.definition import Move
from workflows.guards import Facts
from workflows.planning import ended_by
from workflows.workdays import moment

__all__ = ["Answers", "Moved", "Outcome", "move_cases"]

NO_ANSWERS = Answers()
TOO_EARLY = "This day lies before the step that was made last."
_NOON = 12


def move_cases(
    session: Session,
    wanted: Mapping[int, int | None] | Iterable[int],
    move: str,
    *,
    by: int | None,
    now: datetime,
    answers: Answers = NO_ANSWERS,
    due_hour: int = 8,
) -> Outcome:
    """Move the cases that may move, and say of the others why not; commits nothing.

    `wanted`: numbers of cases, each with the version that the mover saw (none: whichever it is).
    `by`: a member of staff, or nobody for the program itself. `now` is aware; days follow each
    library's zone. Raises `BsnFound` for a note with a BSN in it.
    """
    seen = dict(wanted) if isinstance(wanted, Mapping) else dict.fromkeys(wanted)
    bsn.refuse(answers.note, "note")
    rows = cases.standing(session, list(seen), lock=True)
    batch = _Batch(session, rows, move, by, now, answers, due_hour)
    for number in seen.keys() - {row.id for row in rows}:
        batch.outcome.refused[number] = NotFound(reference(number))
    batch.decide(seen)
    batch.refuse_second_referrals()
    if batch.decided:
        batch.write()
    return batch.outcome


@dataclass
class _Batch:
    """One move of any number of cases."""

    session: Session
    rows: Sequence[Standing]
    move: str
    by: int | None
    now: datetime
    answers: Answers
    due_hour: int
    outcome: Outcome = field(default_factory=Outcome)
    #: the cases that will move, with the stage they get to
    decided: list[tuple[Standing, str]] = field(default_factory=list)

    @cached_property
    def versions(self) -> dict[int, Published]:
        numbers = {row.workflow_version_id for row in self.rows}
        return {number: routes.pinned(self.session, number) for number in numbers}

    @cached_property
    def moves(self) -> dict[int, Move]:
        """The move as each version knows it, where it does."""
        return {
            number: version.definition.moves[self.move]
            for number, version in self.versions.items()
            if self.move in version.definition.moves
        }

    @cached_property
    def facts(self) -> dict[int, Facts]:
        dates = {
            rule.when.anchor
            for number, move in self.moves.items()
            for rule in self.versions[number].definition.rules_at[move.to]
            if rule.when.from_date
        }
        needs = facts.needs_of(self.moves.values(), dates)
        today = max(self.day(row) for row in self.rows)
        return facts.of_cases(self.session, self.rows, needs, today)

    @cached_property
    def todays(self) -> dict[str, date]:
        """The local day in each zone that the cases are in."""
        return {zone: clock.local_day(self.now, zone) for zone in {row.zone for row in self.rows}}

    def day(self, row: Standing) -> date:
        """The local day of the move: today, or the day in the past that was filled in."""
        today = self.todays[row.zone]
        return min(self.answers.date or today, today)

    def at(self, row: Standing) -> datetime:
        """The moment of the move; of a day in the past its noon."""
        day = self.day(row)
        return self.now if day == self.todays[row.zone] else moment(day, _NOON, row.zone)

    @property
    def appointment(self) -> date | None:
        """The day that was filled in when it is still to come (or today)."""
        given = self.answers.date
        return given if given and given >= max(self.todays.values()) else None

    def decide(self, seen: Mapping[int, int | None]) -> None:
        """Purely: which cases move where; refusals go to the outcome."""
        known: dict[tuple[int, str, Facts], str | Refused] = {}
        for row in self.rows:
            expected = seen[row.id]
            if expected is not None and expected != row.version:
                self.outcome.refused[row.id] = self._changed(row)
                continue
            if self.day(row) < row.stage_day:
                fault = Fault("date", TOO_EARLY, "Fill in the day of that step or a later one.")
                self.outcome.refused[row.id] = self._refusal(row, (fault,))
                continue
            question = (row.workflow_version_id, row.stage, self.facts[row.id])
            if question not in known:
                known[question] = self._answer(*question)
            answer = known[question]
            if isinstance(answer, str):
                self.decided.append((row, answer))
            else:
                self.outcome.refused[row.id] = self._refusal(row, answer.faults)

    def _refusal(self, row: Standing, faults: tuple[Fault, ...]) -> MoveRefused:
        return MoveRefused(f"{reference(row.id)} {self.move}", faults=faults)

    def _answer(self, version: int, stage: str, known: Facts) -> str | Refused:
        definition = self.versions[version].definition
        faults: list[Fault] = []
        to_stage = ""
        try:
            to_stage = self.versions[version].route.decide(stage, self.move, known)
        except MoveRefused as refusal:
            faults.extend(refusal.faults)
        if version in self.moves:
            given = vars(self.answers)
            faults += guards.unanswered(self.moves[version], given, definition.reasons)
        return MoveRefused(self.move, faults=tuple(faults)) if faults else to_stage

    def refuse_second_referrals(self) -> None:
        """Nobody is referred twice to the same course while the first referral is open."""
        if self._refers and self.answers.course:
            rows = [row for row, _ in self.decided]
            twice = referring.second_referrals(self.session, rows, self.answers.course)
            self.outcome.refused.update(twice)
            self.decided = [pair for pair in self.decided if pair[0].id not in twice]

    @property
    def _refers(self) -> bool:
        """Whether this move makes referrals."""
        asks = any("provider" in move.questions for move in self.moves.values())
        return asks and bool(self.answers.provider)

    def _changed(self, row: Standing) -> ChangedMeanwhile:
        last = cases.history(self.session, row.id)[-1]
        names = staff.names_of(self.session, row.organisation_id)
        by = names.get(last.by_staff_id or 0, "Brug")
        change = Change(
            reference=reference(row.id),
            expected_stage=last.from_stage or "",
            stage=row.stage,
            by=by,
            at=last.at.isoformat(),
        )
        remedy = "Look at what changed and decide again."
        return ChangedMeanwhile(reference(row.id), change, remedy=remedy)

    def write(self) -> None:
        """All rows of the moves, set by set."""
        self._put()
        entries = [
            Entering(
                row, row.seq + 1, "move", self.move, row.stage, to_stage, self.at(row),
                self.day(row), by=self.by, reason=self.answers.reason, note=self.answers.note,
            )
            for row, to_stage in self.decided
        ]  # fmt: skip
        entering.write_entries(self.session, entries, self.versions, self.now)
        self._end_follow_ups()
        self._follow_with_referrals(entries)
        planned = entering.plan(
            self.session,
            entries,
            self.versions,
            self._dates(),
            now=self.now,
            due_hour=self.due_hour,
        )
        entering.write_journal(self.session, "case.moved", entries, self.now)
        telling.of_arrivals(self.session, entries, self.versions, self.now)
        if self.appointment:
            telling.of_appointments(
                self.session, entries, self.versions, self.appointment, self.now
            )
        opened = linking.open_linked(
            self.session, entries, self.moves, by=self.by, now=self.now, due_hour=self.due_hour
        )
        self.outcome.moved = [
            Moved(
                each.case.id,
                each.case.stage,
                each.to_stage,
                planned.get(each.case.id, ()),
                opened.get(each.case.id),
            )
            for each in entries
        ]

    def _put(self) -> None:
        def target(pair: tuple[Standing, str]) -> tuple[int, str, date]:
            return (pair[0].workflow_version_id, pair[1], self.day(pair[0]))

        for (version, stage, day), pairs in groupby(sorted(self.decided, key=target), key=target):
            rows = [row for row, _ in pairs]
            final = self.versions[version].definition.stages[stage].final
            put = cases.put_at(
                self.session,
                rows,
                stage,
                day=day,
                closed_at=self.now if final else None,
                appointment=self.appointment,
            )
            if put != len(rows):
                raise self._changed(rows[0])

    def _follow_with_referrals(self, entries: Sequence[Entering]) -> None:
        """Make the referral that a move asks for, or let the open one follow the move."""
        if self._refers and self.answers.provider:
            referring.refer(
                self.session,
                [each.case for each in entries],
                provider_id=self.answers.provider,
                course_id=self.answers.course,
                warm_handover=self.answers.warm_handover,
                by=self.by,
                now=self.now,
            )
            self.facts = facts.of_cases(self.session, self.rows, Needs(), self.day(self.rows[0]))
        elif self.answers.answered is None:
            referring.follow(self.session, entries, self.versions, by=self.by, now=self.now)

    def _dates(self) -> dict[int, dict[str, date | None]]:
        """The dates that follow-ups can be counted from, with what was answered just now."""
        dates = {number: facts.dates_of(known) for number, known in self.facts.items()}
        if self.appointment:
            for known in dates.values():
                known["appointment"] = self.appointment
        return dates

    def _end_follow_ups(self) -> None:
        for number, version in self.versions.items():
            numbers = [row.id for row, _ in self.decided if row.workflow_version_id == number]
            keep = ended_by(version.definition, self.move)
            follow_ups.end_planned(self.session, numbers, self.now, keep)
