"""Who takes whose work on a day: owners, coordinators, leave and who stands in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from storage.queries import staff
from storage.tables import Leave, Staff


@dataclass(frozen=True)
class Team:
    """The staff of a library on one day; pure."""

    #: everybody who is active and may know participants
    people: Sequence[Staff]
    #: who is on leave that day
    leaves: Sequence[Leave]

    @classmethod
    def on(cls, session: Session, organisation_id: int, day: date) -> "Team":
        """The team of a library on a local day."""
        people = staff.active(session, organisation_id)
        knowing = [person for person in people if person.role != "national_office"]
        return cls(knowing, staff.away(session, organisation_id, day))

    @property
    def numbers(self) -> frozenset[int]:
        """Everybody who is active."""
        return frozenset(person.id or 0 for person in self.people)

    @property
    def present(self) -> frozenset[int]:
        """Everybody who is active and not on leave."""
        return self.numbers - {leave.staff_id for leave in self.leaves}

    @property
    def coordinators(self) -> frozenset[int]:
        """Who takes what is nobody's: coordinators, else administrators, else everybody.

        Those who are present, or who stand in for them. When nobody of a role is, the next role
        takes it, so that nothing waits until a holiday ends; when nobody at all is, those who
        come first take it although they are away.
        """
        groups = [self._with_role("coordinator"), self._with_role("administrator"), self.numbers]
        for group in groups:
            there = {number for each in group for number in self._instead_of(each)}
            if there:
                return frozenset(there)
        return next((group for group in groups if group), frozenset())

    def _with_role(self, role: str) -> frozenset[int]:
        return frozenset(person.id or 0 for person in self.people if person.role == role)

    def takers(self, assignee: int | None) -> frozenset[int]:
        """Who hears of what this member of staff must do: they, a stand-in, or the coordinators."""
        if assignee is None:
            return self.coordinators
        return frozenset(self._instead_of(assignee)) or self.coordinators

    def covered_by(self, taker: int, assignees: Iterable[int]) -> set[int]:
        """Those of the assignees whose work somebody takes today, themselves among them."""
        return {each for each in assignees if taker in self.takers(each)}

    def _instead_of(self, number: int) -> set[int]:
        if number not in self.numbers:
            return set()
        if number in self.present:
            return {number}
        stand_ins = {leave.stand_in_id for leave in self.leaves if leave.staff_id == number}
        return {each for each in stand_ins if each in self.present}
