"""What is changed about a case beside its moves: remarks, owner, appointment."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import MoveRefused, NothingToUndo
from core.references import reference as named
from core.words import say
from referrals import case_changes
from storage.queries import case_pages, cases
from web.access import AtDesk, InHouse
from web.deeds import CHANGED_SINCE, Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import case_page
from web.pages.case_scene import Scene, numbered, scene
from web.pages.case_words import Words
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.post("/cases/{reference}/notes")
def add_note(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Keep a remark with a case."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        text = sent.text("note")
        if not text:
            sent.refuse("note", "This has not been filled in.", "Write something, or leave it.")
        sent.check()
        note = case_changes.add_note(session, there.head.id, text, by=member.by, now=member.now)
        return {"did": "case.noted", "case": there.head.id, "note": note.id}

    return case_page.do(request, member, house, sent, act, reference)


@router.post("/cases/{reference}/owner")
def change_owner(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Give a case to somebody, or to nobody."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        colleagues = case_pages.colleagues(session, member.organisation_id)
        choices = {str(number): number for number, _ in case_page.active(colleagues.values())}
        sent.one_of("owner", {*choices, "nobody"})
        sent.check()
        owner = choices.get(sent["owner"])
        case_changes.change_owner(
            session, there.head.id, owner, by=member.by, now=member.now,
            expected_version=seen(sent, there),
        )  # fmt: skip
        return {
            "did": "case.owner", "case": there.head.id, "from": there.head.owner_id,
            "to": owner, "version": there.head.version + 1,
        }  # fmt: skip

    def to(outcome: Outcome) -> str:
        gone = member.sees is not None and outcome["to"] not in (None, member.sees)
        return "/cases" if gone else f"/cases/{reference}"

    return case_page.do(request, member, house, sent, act, reference, to=to)


def seen(sent: Sent, there: Scene) -> int:
    """The version of the case that the form was made for."""
    typed = sent["seen"]
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


@router.post("/cases/{reference}/appointment")
def change_appointment(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Give a case another appointment, or none."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        if there.head.closed_at:
            raise MoveRefused(there.reference, remedy="This case is closed.")
        day = None
        if sent["appointment"].strip():
            day = sent.day("appointment", member.today, there.furthest)
        sent.check()
        case_changes.change_appointment(
            session, there.head.id, day, by=member.by, now=member.now,
            expected_version=seen(sent, there), due_hour=house.site.due_hour,
        )  # fmt: skip
        before = there.head.appointment_on
        return {
            "did": "case.appointment", "case": there.head.id,
            "from": before.isoformat() if before else None,
            "to": day.isoformat() if day else None, "version": there.head.version + 1,
        }  # fmt: skip

    return case_page.do(request, member, house, sent, act, reference)


def _told_note(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The remark is kept")]


def _remove_note(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    there = scene(session, member, values["case"])
    case_changes.remove_note(session, there.head.id, values["note"], by=member.by, now=member.now)
    return {}


def _told_owner(session: Session, member: Member, values: Values) -> Sequence[str]:
    words = Words(member, case_pages.colleagues(session, member.organisation_id))
    name, number = words.name(values["to"]), named(values["case"])
    if not name:
        return [words.say("{reference} is nobody's now", reference=number)]
    return [words.say("{name} has {reference} now", name=name, reference=number)]


def _told_appointment(_session: Session, member: Member, values: Values) -> Sequence[str]:
    words = Words(member, {})
    if values["to"] is None:
        return [words.say("The appointment is taken away")]
    day = words.long_day(date.fromisoformat(values["to"]))
    return [
        words.say("The appointment is on {day}", day=day),
        words.say("What counts from it is planned anew."),
    ]


def _unchanged(session: Session, _member: Member, values: Values) -> bool:
    rows = cases.standing(session, [values["case"]])
    return bool(rows and rows[0].version == values["version"])


def _owner_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    _check_unchanged(session, values)
    case_changes.change_owner(session, values["case"], values["from"], by=member.by, now=member.now)
    return {}


def _appointment_back(session: Session, member: Member, values: Values, house: House) -> Outcome:
    _check_unchanged(session, values)
    before = values["from"] and date.fromisoformat(values["from"])
    case_changes.put_appointment(
        session, values["case"], before or None, by=member.by, now=member.now,
        due_hour=house.site.due_hour,
    )  # fmt: skip
    return {}


def _check_unchanged(session: Session, values: Values) -> None:
    [case] = cases.standing(session, [values["case"]], lock=True)
    if case.version != values["version"]:
        raise NothingToUndo(named(case.id), remedy=CHANGED_SINCE)


DEEDS = {
    "case.noted": Deed(_told_note, _remove_note),
    "case.owner": Deed(_told_owner, _owner_back, _unchanged),
    "case.appointment": Deed(_told_appointment, _appointment_back, _unchanged),
}
