"""Writes invented people: participants, their cases with history, consents and referrals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cli.demo.courses import Courses, referral_row, write_referrals
from cli.demo.drafts import Draft, Drafted, Drafting, moment_of
from cli.demo.libraries import Library
from referrals import consent, histories, participants
from referrals.consent import Agreement
from referrals.histories import PastCase
from referrals.opening import NewCase
from referrals.participants import Registered
from referrals.reach import settling
from referrals.reach.cells import Summary
from referrals.reach.ways import Way

#: what people agree to, the usual first
_PURPOSES = (
    ("refer", "follow_up"),
    ("refer", "follow_up"),
    ("refer", "follow_up", "tell_referrer"),
    ("refer",),
    ("refer", "follow_up", "message"),
)


#: people with two cases that are counted in one go: fewer goes are quicker
_SETTLED_TOGETHER = 5_000


@dataclass(frozen=True)
class Share:
    """Some of the people of a library."""

    library: Library
    courses: Courses
    people: int


@dataclass
class Written:
    """How much was written."""

    people: int = 0
    cases: int = 0
    #: steps in the histories of cases
    steps: int = 0
    open_cases: int = 0
    consents: int = 0
    referrals: int = 0


@dataclass(slots=True)
class _Item:
    """A draft with the person it is about and, once written, its number."""

    draft: Draft
    who: Registered
    reachable: bool
    alone: bool
    #: the case from which it was opened
    before: "_Item | None" = None
    number: int = 0


class Writing:
    """Writes portions of people, each in a transaction of its caller."""

    def __init__(self, drafting: Drafting, now: datetime):
        self.drafting = drafting
        self.written = Written()
        self._now = now
        self._ways: dict[Way, int] = {}
        #: people with two cases since the last time that reach was settled
        self._unsettled = 0

    def write(self, session: Session, portion: Iterable[Share]) -> None:
        """Make up the people of a portion and write all there is to them."""
        summary = Summary({})
        for share in portion:
            self._write_share(session, share, summary)
        settling.write(session, summary)
        if self._unsettled >= _SETTLED_TOGETHER:
            self.settle(session)

    def settle(self, session: Session) -> None:
        """Let the people with two cases count too."""
        settling.settle(session)
        self._unsettled = 0

    def _write_share(self, session: Session, share: Share, summary: Summary) -> None:
        library, count = share.library, share.people
        drafted = [self.drafting.person(session, library, share.courses) for _ in range(count)]
        newcomers = [each.newcomer for each in drafted]
        people = participants.register(session, library.id, newcomers, now=self._now)
        items = [_first(each, who) for each, who in zip(drafted, people, strict=True)]
        self._write_cases(session, library, items, summary)
        further = [
            _Item(each.second, item.who, item.reachable, False, item)
            for each, item in zip(drafted, items, strict=True)
            if each.second is not None
        ]
        self._write_cases(session, library, further, summary)
        self._write_consents(session, library, zip(drafted, people, strict=True))
        self._write_referrals(session, library, [*items, *further])
        self.written.people += count
        self._unsettled += len(further)

    def _write_cases(
        self, session: Session, library: Library, items: Sequence[_Item], summary: Summary
    ) -> None:
        for name, published in self.drafting.routes.items():
            taken = [item for item in items if item.draft.route == name]
            if not taken:
                continue
            numbers = histories.write_cases(
                session, library.id, published, [_past(item) for item in taken], by=None,
                now=self._now, known_ways=self._ways, summary=summary,
                recorded_at_once=True,
            )  # fmt: skip
            for item, number in zip(taken, numbers, strict=True):
                item.number = number
        self.written.cases += len(items)
        self.written.steps += sum(len(item.draft.steps) for item in items)
        self.written.open_cases += sum(item.draft.plan_from is not None for item in items)

    def _write_consents(
        self, session: Session, library: Library, people: Iterable[tuple[Drafted, Registered]]
    ) -> None:
        agreements = [
            (who.id, Agreement(
                given_on=each.agreed_on, purposes=_PURPOSES[who.id % len(_PURPOSES)],
                form="written" if who.id % 7 == 0 else "spoken",
                receivers=("provider",), explained_by=each.first.owner,
            ))
            for each, who in people
            if each.agreed_on is not None
        ]  # fmt: skip
        consent.note_consent(session, library.id, agreements, now=self._now)
        self.written.consents += len(agreements)

    def _write_referrals(self, session: Session, library: Library, items: Iterable[_Item]) -> None:
        rows = [_referral(library, item.draft, item) for item in items if item.draft.referral]
        write_referrals(session, rows)
        self.written.referrals += len(rows)


def _first(drafted: Drafted, who: Registered) -> _Item:
    person = drafted.newcomer.person
    reachable = bool(person.phone or person.email or drafted.first.partner)
    return _Item(drafted.first, who, reachable, drafted.second is None)


def _past(item: _Item) -> PastCase:
    draft = item.draft
    new = NewCase(
        item.who, channel=draft.channel, owner_id=draft.owner, pilot_id=draft.pilot,
        campaign_id=draft.campaign, partner_id=draft.partner, municipality_code=draft.home,
        linked_case_id=item.before.number if item.before else None, reachable=item.reachable,
    )  # fmt: skip
    return PastCase(new, draft.steps, draft.plan_from, draft.dates, item.alone)


def _referral(library: Library, draft: Draft, item: _Item) -> tuple[object, ...]:
    sent_at = moment_of(draft, "referred") or moment_of(draft, "started") or draft.steps[-1].at
    return referral_row(
        library, draft.route, draft.referral or "", case=item.number, participant=item.who.id,
        course=draft.seat.course_id if draft.seat else None, by=draft.owner,
        warm=item.number % 3 == 0, sent_at=sent_at, answered_at=draft.steps[-1].at,
    )  # fmt: skip
