"""What every page about a case starts from: the case as this member may see it, and its moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlmodel import Session
from starlette.exceptions import HTTPException

from core.references import number_of, reference
from referrals import facts, routes
from referrals.routes import Published
from storage.queries import case_pages
from storage.queries.case_pages import Agreed, Answer, Head, OtherCase, Sent
from storage.queries.facts import OpenReferral
from web.members import Member
from workflows import case_path
from workflows.case_path import Option
from workflows.definition import Definition
from workflows.guards import Facts
from workflows.lifecycles import REFERRAL
from workflows.workdays import Calendar, calendar, closed_days

#: how far ahead a day can be chosen
FURTHEST = timedelta(days=365)


@dataclass(frozen=True)
class Scene:
    """A case with all that its moves rest on."""

    member: Member
    head: Head
    others: Sequence[OtherCase]
    published: Published
    #: everything the participant ever agreed to
    agreed: Sequence[Agreed]
    #: the referrals, with what was answered
    sent: Mapping[Sent, Sequence[Answer]]

    @property
    def reference(self) -> str:
        """How people name the case."""
        return reference(self.head.id)

    @property
    def definition(self) -> Definition:
        """The route that the case is on, in its own version."""
        return self.published.definition

    @property
    def days(self) -> Calendar:
        """The days on which the library works."""
        library = self.member.library
        return calendar(library.zone, closed_days(library.closed_days))

    @property
    def furthest(self) -> date:
        """The last day that can be chosen for something."""
        return self.member.today + FURTHEST

    @property
    def holding(self) -> list[Agreed]:
        """The consents that hold today."""
        today = self.member.today
        return [
            each
            for each in self.agreed
            if each.withdrawn_at is None and (each.expires_on is None or each.expires_on >= today)
        ]

    @property
    def open_referral(self) -> Sent | None:
        """The newest referral that something can still come of."""
        found = [each for each in self.sent if each.state in REFERRAL.open_states]
        return found[-1] if found else None

    @cached_property
    def facts(self) -> Facts:
        """What guards look at."""
        row = self.open_referral
        referral = row and OpenReferral(
            self.head.id, row.id, row.state, row.course_id, row.starts_on, row.ends_on,
            row.seats_left,
        )  # fmt: skip
        return facts.together(
            [(each.purposes, each.expires_on) for each in self.holding],
            referral,
            reachable=self.head.reachable,
            appointment=self.head.appointment_on,
        )

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The moves from where the case stands, the next sensible one first."""
        return case_path.options(self.definition, self.head.stage, self.facts)

    def option(self, name: str) -> Option | None:
        """A move from where the case stands."""
        return next((each for each in self.options if each.move.name == name), None)


def scene(session: Session, member: Member, number: int) -> Scene:
    """A case as a member may see it; 404 for every other, the same as for one that is not there."""
    found = case_pages.head(session, member.organisation_id, number, member.sees)
    if found is None:
        raise HTTPException(404)
    head, others = found
    return Scene(
        member,
        head,
        others,
        routes.pinned(session, head.workflow_version_id),
        case_pages.agreed(session, head.participant_id),
        case_pages.sent(session, number),
    )


def numbered(text: str) -> int:
    """The row number behind a reference in an address or a form; 404 when it is none."""
    return number_of(text)
