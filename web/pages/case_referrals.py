"""What a provider answered, noted on their behalf by the library, and taken back."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Change, ChangedMeanwhile, MoveRefused, NothingToUndo
from core.references import reference as named
from core.words import say
from referrals import answering, referring, undoing
from storage.queries import case_pages, cases, referrals
from web.access import AtDesk, InHouse
from web.deeds import CHANGED_SINCE, Deed, Values
from web.forms import Filled
from web.members import Member
from web.pages import case_page, case_views
from web.pages.case_scene import numbered, scene
from web.pages.numbered import Row
from web.receipts import Outcome
from web.site import House
from workflows.lifecycles import CALLED

router = APIRouter()


@router.post("/cases/{reference}/referrals/{referral}")
def note_answer(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str, referral: Row
) -> Response:
    """Note what a provider answered, on their behalf."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        # the case first and then the referral: whoever answers takes them in this order
        cases.standing(session, [there.head.id], lock=True)
        row = referrals.locked(session, referral)
        if row is None or row.case_id != there.head.id:
            raise HTTPException(404)
        possible = case_views.possible(row.state)
        if not possible:
            raise MoveRefused(there.reference, remedy="Nothing more can be done with it.")
        given = sent.one_of("answer", possible)
        reason = sent["reason"] and sent.one_of("reason", there.definition.reasons)
        note = sent.text("answer_note")
        sent.check()
        if sent["seen"] != str(row.version):
            change = Change(there.reference, "", row.state, "", field="referral")
            raise ChangedMeanwhile(there.reference, change, remedy=CHANGED_SINCE)
        outcome = answering.answer(
            session, there.head.id, given, by=member.by, now=member.now, referral_id=referral,
            reason=reason or None, note=note or None, due_hour=house.site.due_hour,
        )  # fmt: skip
        session.refresh(row)
        return {
            "did": "referral.answered", "case": there.head.id, "referral": referral,
            "answer": given, "moved": bool(outcome.moved), "at": member.now.isoformat(),
            "seq": there.head.seq + len(outcome.moved), "version": row.version,
            "stays": bool(outcome.refused),
        }  # fmt: skip

    return case_page.do(request, member, house, sent, act, reference)


def _told(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language = member.language
    said = [
        say(language, "The answer is noted: {answer}", answer=CALLED[values["answer"]]),
    ]
    if values["moved"]:
        said.append(say(language, "The case made the step that goes with it."))
    elif values["stays"]:
        said.append(say(language, "The case stays where it is: this step is not possible now."))
    return said


def _may_undo(session: Session, _member: Member, values: Values) -> bool:
    found = case_pages.referral_mark(session, values["referral"])
    return found is not None and _as_left(*found, values)


def _as_left(seq: int, version: int, values: Values) -> bool:
    """Whether nothing happened since that would be undone instead."""
    same = version == values["version"]
    return bool(same and (not values["moved"] or seq == values["seq"]))


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    there = scene(session, member, values["case"])
    cases.standing(session, [there.head.id], lock=True)
    if not _may_undo(session, member, values):
        raise NothingToUndo(named(there.head.id), remedy=CHANGED_SINCE)
    if values["moved"]:
        undone = undoing.undo(session, there.head.id, by=member.by, now=member.now)
        return {"remains": list(undone.remains)}
    at = datetime.fromisoformat(values["at"])
    if not referring.take_back(session, there.head.id, at, member.now):
        raise NothingToUndo(named(there.head.id), remedy=CHANGED_SINCE)
    return {}


DEEDS = {"referral.answered": Deed(_told, _undo, _may_undo)}
