"""The page of a referral, for the provider who answers it: neutral, with what can be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session
from starlette.exceptions import HTTPException

from core import clock
from core.errors import Change, ChangedMeanwhile, MoveRefused, NothingToUndo
from core.references import reference
from core.words import Told, say
from referrals import answering, referring, routes, undoing
from storage.queries import cases, doors, facts, referrals
from storage.queries.cases import Standing
from storage.tables import Referral
from web.access import Door
from web.deeds import CHANGED_SINCE
from web.forms import Sent
from web.receipts import Outcome, Receipt, Shown
from web.site import Site
from workflows.lifecycles import CALLED, REFERRAL

TEMPLATE = "answers/referral.html"
LONGEST_REMARK = 1000


@dataclass(frozen=True)
class Answer:
    """Something a provider can answer: what the button says, and what it means."""

    title: str
    means: str


#: in the order in which they are offered; a referral is withdrawn by the library, not by them
ANSWERS: Mapping[str, Answer] = {
    "accepted": Answer(
        Told("We accept"), Told("There is a place, and you invite the participant.")
    ),
    "waiting": Answer(
        Told("Waiting list"), Told("There is no place yet. We hear from you when there is.")
    ),
    "declined": Answer(Told("Not suitable"), Told("The library looks for something else.")),
    "started": Answer(Told("Started"), Told("The participant has begun.")),
    "no_show": Answer(
        Told("Did not come"), Told("The library gets in touch with the participant.")
    ),
    "finished": Answer(Told("Finished"), Told("The participant completed the course.")),
}
#: answers with which a reason helps the library on
WITH_REASON = ("declined",)
#: what a state is called on this page
STATES = {**CALLED, "sent": Told("waits for your answer")}


@dataclass(frozen=True)
class ReferralView:
    """What the page shows."""

    reference: str
    course: str | None
    starts_on: date | None
    sent_on: date | None
    warm: bool
    state: str
    state_title: str
    answered_at: datetime | None
    version: int
    #: what can be answered now
    answers: Mapping[str, Answer]
    with_reason: tuple[str, ...]
    #: code → title
    reasons: Mapping[str, str]
    may_read: bool


def scene(session: Session, door: Door) -> tuple[Referral, Standing]:
    """The referral of a link and its case; 404 when it is not for this provider."""
    row = doors.referral(session, door.organisation_id, door.link.subject_id)
    if row is None or door.partner_id is None or row.provider_id != door.partner_id:
        raise HTTPException(404)
    [case] = cases.standing(session, [row.case_id])
    return row, case


def template(_door: Door) -> str:
    """One page for all providers."""
    return TEMPLATE


def view(session: Session, door: Door) -> ReferralView:
    """What the page shows now."""
    row, case = scene(session, door)
    course = row.course_id and referrals.course(session, row.organisation_id, row.course_id)
    definition = routes.pinned(session, case.workflow_version_id).definition
    return ReferralView(
        reference=reference(case.id),
        course=course.title if course else None,
        starts_on=course.starts_on if course else None,
        sent_on=clock.local_day(row.sent_at, door.zone) if row.sent_at else None,
        warm=row.warm_handover,
        state=row.state,
        state_title=say(door.language, STATES[row.state]),
        answered_at=row.answered_at,
        version=row.version,
        answers={name: ANSWERS[name] for name in possible(row.state)},
        with_reason=WITH_REASON,
        reasons={code: title[door.language] for code, title in definition.reasons.items()},
        may_read=may_read(session, row, door),
    )


def possible(state: str) -> tuple[str, ...]:
    """What a provider can answer to a referral in a state."""
    return tuple(name for name in ANSWERS if state in REFERRAL.events[referring.EVENTS[name]][0])


def may_read(session: Session, row: Referral, door: Door) -> bool:
    """Whether the provider may read who it is about: it is open, and the consent still holds."""
    if row.state not in REFERRAL.open_states:
        return False
    held = facts.consents(session, [row.participant_id], door.today)
    return any("refer" in purposes for purposes, _ in held.get(row.participant_id, []))


def act(session: Session, door: Door, sent: Sent, site: Site) -> Outcome:
    """Note an answer, in the caller's transaction, as it was possible when the page was shown.

    Raises `NotFilledIn`, `MoveRefused` for what cannot be answered any more, and
    `ChangedMeanwhile` when somebody answered since.
    """
    _, case = scene(session, door)
    # the case first and then the referral: whoever answers takes them in this order
    [case] = cases.standing(session, [case.id], lock=True)
    row = referrals.locked(session, door.link.subject_id)
    assert row is not None and row.id is not None
    given = sent.one_of("do", ANSWERS)
    reasons = routes.pinned(session, case.workflow_version_id).definition.reasons
    chosen = given in WITH_REASON and sent["reason"]
    reason = sent.one_of("reason", reasons) if chosen else None
    note = sent.text("note", LONGEST_REMARK)
    sent.check()
    _check_unchanged(row, given, sent["seen"])
    outcome = answering.answer(
        session, case.id, given, by=None, now=door.now, referral_id=row.id, reason=reason,
        note=note or None, due_hour=site.due_hour,
    )  # fmt: skip
    session.refresh(row)
    return {
        "did": "answered", "answer": given, "moved": bool(outcome.moved),
        "seq": case.seq + len(outcome.moved), "version": row.version, "at": door.now.isoformat(),
    }  # fmt: skip


def _check_unchanged(row: Referral, given: str, seen: str) -> None:
    if given not in possible(row.state):
        raise MoveRefused(reference(row.case_id), remedy=CHANGED_SINCE)
    if seen != str(row.version):
        change = Change(reference(row.case_id), "", row.state, "", field="referral")
        raise ChangedMeanwhile(reference(row.case_id), change, remedy=CHANGED_SINCE)


def shown(session: Session, door: Door, receipt: Receipt) -> Shown:
    """What the page says after an answer."""
    row, case = scene(session, door)
    language = door.language
    about = say(language, "Referral {reference}", reference=reference(case.id))
    if receipt.did == "undone":
        title = say(language, "Taken back")
        return Shown(title, (say(language, "Your answer does not count any more."),), about)
    title = say(language, "Your answer has been noted")
    if receipt.undone:
        return Shown(title, (say(language, "You took this answer back."),), about)
    answer = ANSWERS[receipt.values["answer"]]
    called = say(language, STATES[receipt.values["answer"]])
    sentences = (
        say(language, "You answered: {answer}.", answer=called),
        say(language, answer.means),
    )
    remains = (say(language, "A mail that the library got about your answer stays where it is."),)
    undo = may_undo(row, case, receipt)
    return Shown(title, sentences, about, undo=undo, remains=remains if undo else ())


def may_undo(row: Referral, case: Standing, receipt: Receipt) -> bool:
    """Whether nothing happened since that would be undone instead."""
    if receipt.did != "answered" or row.version != receipt.values["version"]:
        return False
    return not receipt.values["moved"] or case.seq == receipt.values["seq"]


def undo(session: Session, door: Door, receipt: Receipt, _site: Site) -> Outcome:
    """Take an answer back, and the step that it caused; raises `NothingToUndo`."""
    row, case = scene(session, door)
    [case] = cases.standing(session, [case.id], lock=True)
    if receipt.undone or not may_undo(row, case, receipt):
        raise NothingToUndo(reference(case.id), remedy="The library has gone on. Mail or call it.")
    if receipt.values["moved"]:
        undoing.undo(session, case.id, by=None, now=door.now)
    else:
        at = datetime.fromisoformat(receipt.values["at"])
        if not referring.take_back(session, case.id, at, door.now):
            raise NothingToUndo(reference(case.id), remedy=CHANGED_SINCE)
    return {"did": "undone"}
