"""Consent noted and withdrawn from a page: read from a form, told afterwards, taken back."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.words import say
from referrals import consent, consent_corrections
from referrals.consent import Agreement
from storage.queries import consents, search
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled
from web.members import Member
from web.pages import case_page, consent_forms
from web.pages.case_scene import Scene, numbered, scene
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.post("/cases/{reference}/consent")
def note_consent(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Note what the participant of a case agreed to."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        agreement = consent_forms.read(sent, member)
        sent.check()
        assert agreement is not None
        return {"did": "consent.noted", **note(session, there, agreement, house)}

    return case_page.do(request, member, house, sent, act, reference)


def note(session: Session, there: Scene, agreement: Agreement, house: House) -> Outcome:
    """Note an agreement; returns its number and whose it is."""
    member, participant = there.member, there.head.participant_id
    consent.note_consent(
        session, member.organisation_id, [(participant, agreement)],
        now=member.now, due_hour=house.site.due_hour,
    )  # fmt: skip
    number = consents.newest(session, participant)
    return {"consent": number, "participant": participant}


@router.post("/cases/{reference}/consent/withdraw")
def withdraw_consent(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Withdraw everything that the participant of a case agreed to."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        participant = there.head.participant_id
        consent.withdraw_consent(session, participant, by=member.by, now=member.now)
        return {
            "did": "consent.withdrawn",
            "participant": participant,
            "at": member.now.isoformat(),
        }

    return case_page.do(request, member, house, sent, act, reference)


def _told_noted(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The consent is noted")]


def _told_withdrawn(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [
        say(member.language, "The consent is withdrawn"),
        say(member.language, "Nothing is shared any more from now on."),
    ]


def _take_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    consent_corrections.take_back(session, values["consent"], by=member.by, now=member.now)
    return {}


def _may_take_back(session: Session, member: Member, values: Values) -> bool:
    seen = search.seen(session, member.organisation_id, values["participant"], sees=member.sees)
    return seen is not None and bool(
        consents.newest(session, values["participant"]) == values["consent"]
    )


def _restore(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    at = datetime.fromisoformat(values["at"])
    consent_corrections.restore(session, values["participant"], at, by=member.by, now=member.now)
    return {}


def _may_restore(session: Session, member: Member, values: Values) -> bool:
    at = datetime.fromisoformat(values["at"])
    seen = search.seen(session, member.organisation_id, values["participant"], sees=member.sees)
    return seen is not None and consent_corrections.may_restore(session, values["participant"], at)


DEEDS = {
    "consent.noted": Deed(_told_noted, _take_back, _may_take_back),
    "consent.withdrawn": Deed(_told_withdrawn, _restore, _may_restore),
}
