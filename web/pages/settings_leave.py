"""Days on which people are away, and who stands in for them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import NothingToUndo, Refused
from core.words import day_in_words, say
from referrals import colleagues
from storage.queries import doors, staff
from storage.tables import Leave, Staff
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages.numbered import Numbered
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: how far ahead somebody can be away
_AHEAD = timedelta(days=2 * 366)
_PAST = timedelta(days=31)


@router.api_route("/settings/leave", methods=["GET", "HEAD"])
def show_leave(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Who is away now or will be."""
    return _show(request, member, house, None, None, 200)


@router.post("/settings/leave")
def add_leave(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Note days away."""

    def act(session: Session) -> Outcome:
        people = {str(each.id): each for each in _people(session, member)}
        away = _read(sent, member, people)
        row = colleagues.leave(
            session, away[0], away[1], away[2], stand_in=away[3], by=member.by, now=member.now
        )
        return {
            "did": "leave.added", "leave": row.id, "staff": row.staff_id,
            "first": row.first_day.isoformat(), "last": row.last_day.isoformat(),
        }  # fmt: skip

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, "/settings/leave")


@router.post("/settings/leave/{number}/end")
def end_leave(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, sent: Filled
) -> Response:
    """Forget days away."""

    def act(session: Session) -> Outcome:
        row = _found(session, member, number)
        kept = {
            "staff": row.staff_id, "first": row.first_day.isoformat(),
            "last": row.last_day.isoformat(), "stand_in": row.stand_in_id,
        }  # fmt: skip
        colleagues.end_leave(session, row, by=member.by, now=member.now)
        return {"did": "leave.ended", **kept}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, "/settings/leave")


def _read(
    sent: Sent, member: Member, people: Mapping[str, Staff]
) -> tuple[Staff, date, date, Staff | None]:
    """Who is away from when to when, and who stands in."""
    mine = {number: each for number, each in people.items() if _may_note(member, each.id)}
    who = mine.get(sent.one_of("who", mine)) if member.leads else mine.get(str(member.staff_id))
    first = sent.day("first_day", member.today - _PAST, member.today + _AHEAD)
    last = sent.day("last_day", member.today, member.today + _AHEAD)
    if first and last and last < first:
        why = "The last day lies before the first."
        sent.refuse("last_day", why, "The last day must come after the first.")
    stand_in = people.get(sent["stand_in"]) if sent["stand_in"] else None
    if sent["stand_in"] and stand_in is None:
        sent.refuse("stand_in", "Nothing is chosen here.", "Choose one of the answers.")
    if who and stand_in and who.id == stand_in.id:
        why = "Nobody stands in for themselves."
        sent.refuse("stand_in", why, "Choose somebody else to stand in.")
    sent.check()
    if who is None or first is None or last is None:
        raise HTTPException(404)
    return who, first, last, stand_in


def _may_note(member: Member, staff_id: int | None) -> bool:
    """Whether a member notes days away of somebody: their own, or as coordinator anybody's."""
    return member.leads or staff_id == member.staff_id


def _people(session: Session, member: Member) -> list[Staff]:
    return doors.colleagues(session, member.organisation_id)


def _found(session: Session, member: Member, number: int) -> Leave:
    row = staff.leave(session, member.organisation_id, number)
    if row is None or not _may_note(member, row.staff_id):
        raise HTTPException(404)
    return row


def _show(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        people = _people(session, member)
        names = staff.names_of(session, member.organisation_id)
        leaves = staff.leaves(session, member.organisation_id, member.today)
    shown = [
        (each, names.get(each.staff_id, ""), names.get(each.stand_in_id or 0),
         _may_note(member, each.staff_id), each.first_day <= member.today)
        for each in leaves
    ]  # fmt: skip
    start = {"who": str(member.staff_id), "first_day": "", "last_day": "", "stand_in": ""}
    return desk.page(
        request, house, member, "settings/leave.html", nav="settings", status=status, sent=sent,
        refusal=refusal, leaves=shown, people=[(each.id, each.name) for each in people],
        earliest=member.today - _PAST, latest=member.today + _AHEAD,
        typed=sent.fields if sent else start,
    )  # fmt: skip


def _tell_added(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language = member.language
    last = day_in_words(language, date.fromisoformat(values["last"]))
    said = "The daily mails stop meanwhile. They begin again after {day}."
    return [say(language, "The days away were noted"), say(language, said, day=last)]


def _tell_ended(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The days away were taken off")]


def _take_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = staff.leave(session, member.organisation_id, values["leave"])
    if row is None:
        raise NothingToUndo(remedy="These days were taken off already.")
    colleagues.end_leave(session, row, by=member.by, now=member.now)
    return {"did": "undone"}


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    library = member.organisation_id
    who = doors.colleague(session, library, values["staff"])
    if who is None:
        raise NothingToUndo(remedy="This colleague does not work here any more.")
    number = values["stand_in"]
    colleagues.leave(
        session, who, date.fromisoformat(values["first"]), date.fromisoformat(values["last"]),
        stand_in=doors.colleague(session, library, number) if number else None,
        by=member.by, now=member.now,
    )  # fmt: skip
    return {"did": "undone"}


def _is_there(session: Session, member: Member, values: Values) -> bool:
    row = staff.leave(session, member.organisation_id, values["leave"])
    # the number of a row that went away is given out again
    return (
        row is not None
        and _may_note(member, row.staff_id)
        and row.staff_id == values["staff"]
        and row.first_day.isoformat() == values["first"]
        and row.last_day.isoformat() == values["last"]
    )


DEEDS: Mapping[str, Deed] = {
    "leave.added": Deed(_tell_added, _take_back, _is_there),
    "leave.ended": Deed(_tell_ended, _put_back),
}
