"""Finds the case that an earlier import opened for a row that was changed since.

A row that changed (a stage more, a day mended) is still about the same case. It is recognised by
the person and by what it has in common with a case that no unchanged row of the file speaks for.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlmodel import Session

from referrals.histories import PastStep
from storage.queries import cases, imports
from storage.queries.cases import Entry

#: first days that lie no further apart can be one day, mended; a second course starts later
_MENDED_WITHIN = timedelta(days=31)


class EarlierCases:
    """The cases of some people that rows can still turn out to be about, each at most once."""

    def __init__(
        self,
        session: Session,
        organisation_id: int,
        source: str,
        route: str,
        people: Sequence[int],
        spoken_for: Collection[int],
    ):
        found = imports.cases_of(session, organisation_id, source, people, route)
        self._of_person: dict[int, list[int]] = {}
        for person, case in found:
            if case not in spoken_for:
                self._of_person.setdefault(person, []).append(case)
        self.histories = cases.histories(session, [case for _, case in found])
        self._begun = {
            (person, self.histories[case][0].to_stage, self.histories[case][0].day): case
            for person, case in found
        }

    def take(self, person: int, path: Sequence[PastStep]) -> int | None:
        """The case that a path is about, which no other path can be about then; or none."""
        waiting = self._of_person.get(person, [])
        likeness = {case: _likeness(self.histories[case], path) for case in waiting}
        best = max(waiting, key=lambda case: likeness[case], default=None)
        if best is None or not likeness[best]:
            # several rows can be about one case that began on one day
            return self._begun.get((person, path[0].stage, path[0].day))
        waiting.remove(best)
        return best


def _likeness(history: Sequence[Entry], path: Sequence[PastStep]) -> int:
    """How many steps a path and a history have in common; a first day nearly equal is one."""
    days = {(entry.to_stage, entry.day) for entry in history}
    common = sum((step.stage, step.day) in days for step in path)
    near = abs(history[0].day - path[0].day) <= _MENDED_WITHIN
    return common * 2 + near


def changed_days(history: Sequence[Entry], path: Sequence[PastStep]) -> list[str]:
    """The stages that both have on a different day, known to the day in both."""
    days = {entry.to_stage: entry.day for entry in history if entry.precision == "day"}
    return [
        step.stage
        for step in path
        if step.precision == "day" and days.get(step.stage, step.day) != step.day
    ]
