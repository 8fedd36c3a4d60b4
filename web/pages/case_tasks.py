"""Follow-ups at the desk: done, later, handed over, not reached, planned by hand; and back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import MoveRefused, NothingToUndo, Refused
from core.references import reference as named
from core.words import Told, say
from referrals import case_changes, follow_ups, routes
from storage.queries import case_pages, doors
from storage.tables import FollowUp
from web import desk, paths
from web.access import AtDesk, InHouse
from web.deeds import CHANGED_SINCE, Deed, Values, handle
from web.forms import Filled, Sent
from web.members import Member
from web.pages import case_page, case_views
from web.pages.case_scene import Scene, numbered, scene
from web.pages.case_words import Words
from web.pages.follow_ups import later, mark
from web.pages.numbered import Row
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: signs of a remark; it is a sentence or two, not a report
LONGEST_REMARK = 1000


@router.post("/cases/{reference}/follow-ups")
def plan_follow_up(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str
) -> Response:
    """Plan something that somebody must do by a day."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        what = sent.line("what", longest=200, needed=True)
        day = sent.day("due", member.today, there.furthest)
        who = _colleague(session, member, sent, "who")
        sent.check()
        assert day is not None
        row = follow_ups.plan_by_hand(
            session, there.head.id, what, day, assignee_id=who, by=member.by, now=member.now,
            due_hour=house.site.due_hour,
        )  # fmt: skip
        return {
            "did": "task.planned",
            "case": there.head.id,
            "task": row.id,
            "day": day.isoformat(),
            "to": who,
        }

    return case_page.do(request, member, house, sent, act, reference)


def _colleague(session: Session, member: Member, sent: Sent, name: str) -> int | None:
    colleagues = case_pages.colleagues(session, member.organisation_id)
    there = {str(number): number for number, _ in case_page.active(colleagues.values())}
    return there.get(sent.one_of(name, there))


@router.api_route("/cases/{reference}/follow-ups/{task}", methods=["GET", "HEAD"])
def follow_up(
    request: Request, member: AtDesk, house: InHouse, reference: str, task: Row
) -> Response:
    """One follow-up, with everything that can be said about it."""
    return _task_page(request, member, house, numbered(reference), task)


def _task_page(
    request: Request,
    member: Member,
    house: House,
    number: int,
    task: int,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        there = scene(session, member, number)
        rows = [row for row in case_pages.tasks(session, number) if row.id == task]
        if not rows:
            raise HTTPException(404)
        words = Words(member, case_pages.colleagues(session, member.organisation_id))
    item = case_views.task_item(words, there, rows[0])
    asked = sent["back"] if sent else request.query_params.get("back", "")
    others = case_page.active(words.colleagues.values())
    return desk.page(
        request, house, member, "case/task.html", nav="cases", status=status, sent=sent,
        refusal=refusal, task=item, reference=there.reference, name=case_views.name_of(there),
        stage=there.definition.stages[there.head.stage].title[member.language],
        others=[each for each in others if each[0] != item.assignee_id],
        lead_back=paths.local(asked) or f"/cases/{there.reference}",
    )  # fmt: skip


@router.post("/cases/{reference}/follow-ups/{task}")
def do_follow_up(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, reference: str, task: Row
) -> Response:
    """Say what became of a follow-up, put it off, or hand it over."""

    def act(session: Session) -> Outcome:
        there = scene(session, member, numbered(reference))
        row = doors.follow_up(session, member.organisation_id, task)
        if row is None or row.case_id != there.head.id:
            raise HTTPException(404)
        if row.state != "open":
            raise MoveRefused(there.reference, remedy="Nothing needs to be done for it any more.")
        said = sent.one_of("do", _ACTS)
        sent.check()
        outcome = _ACTS[said](session, there, row, sent, house)
        session.flush()
        return {**outcome, "task": task, "case": there.head.id, "mark": mark(row)}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        number = numbered(reference)
        return _task_page(request, member, house, number, task, sent, refusal, status)

    return handle(request, member, house, sent, act, show, to=f"/cases/{reference}")


def _done(session: Session, there: Scene, row: FollowUp, sent: Sent, house: House) -> Outcome:
    outcome = sent.text("outcome", LONGEST_REMARK)
    sent.check()
    member = there.member
    again_on = follow_ups.do(
        session, row.id or 0, by=member.by, now=member.now, outcome=outcome,
        due_hour=house.site.due_hour,
    )  # fmt: skip
    return {"did": "task.done", "next": again_on.isoformat() if again_on else None}


def _later(session: Session, there: Scene, row: FollowUp, sent: Sent, house: House) -> Outcome:
    member = there.member
    choice = later(there.days, row.due_on, member.today)
    until = {"tomorrow": choice.tomorrow, "week": choice.week}.get(sent["until"])
    until = until or sent.day("day", choice.first, choice.last)
    sent.check()
    assert until is not None
    follow_ups.put_off(
        session, row.id or 0, until, by=member.by, now=member.now, due_hour=house.site.due_hour
    )
    return {"did": "task.put_off", "next": until.isoformat()}


def _hand_over(session: Session, there: Scene, row: FollowUp, sent: Sent, _h: House) -> Outcome:
    to = _colleague(session, there.member, sent, "to")
    sent.check()
    assert to is not None
    follow_ups.hand_over(session, row.id or 0, to, by=there.member.by, now=there.member.now)
    return {"did": "task.handed_over", "to": to}


def _missed(session: Session, there: Scene, row: FollowUp, _sent: Sent, house: House) -> Outcome:
    member = there.member
    tried = follow_ups.try_in_vain(
        session, row.id or 0, by=member.by, now=member.now, due_hour=house.site.due_hour
    )
    then = there.definition.moves.get(tried.offers or "")
    return {
        "did": "task.missed",
        "next": tried.next_on.isoformat() if tried.next_on else None,
        "offers": then.name if then else None,
        "version": there.head.workflow_version_id,
    }


Act = Callable[[Session, Scene, FollowUp, Sent, House], Outcome]
_ACTS: Mapping[str, Act] = {
    "done": _done,
    "later": _later,
    "hand_over": _hand_over,
    "not_reached": _missed,
}


def _told_done(_session: Session, member: Member, values: Values) -> Sequence[str]:
    said = [say(member.language, "Done")]
    if values["next"]:
        said.append(_on(member, Told("It comes again on {day}."), values["next"]))
    return said


def _told_later(_session: Session, member: Member, values: Values) -> Sequence[str]:
    title = say(member.language, "Put off")
    return [title, _on(member, Told("It comes back on {day}."), values["next"])]


def _told_handed_over(session: Session, member: Member, values: Values) -> Sequence[str]:
    words = Words(member, case_pages.colleagues(session, member.organisation_id))
    name = words.name(values["to"])
    return [words.say("Handed over"), words.say("{name} has it now.", name=name)]


def _told_missed(session: Session, member: Member, values: Values) -> Sequence[str]:
    title = say(member.language, "Not reached")
    if values["next"]:
        return [title, _on(member, Told("The next attempt is on {day}."), values["next"])]
    if values["offers"]:
        definition = routes.pinned(session, values["version"]).definition
        move = definition.moves[values["offers"]].title[member.language]
        last = say(
            member.language, "This was the last attempt. The route now offers: {move}.", move=move
        )
        return [title, last]
    return [title, say(member.language, "No further attempt is planned.")]


def _told_planned(_session: Session, member: Member, values: Values) -> Sequence[str]:
    return [_on(member, Told("Planned for {day}"), values["day"])]


def _on(member: Member, sentence: str, day: str) -> str:
    words = Words(member, {})
    return words.say(sentence, day=words.day(date.fromisoformat(day)))


def _may_undo(session: Session, member: Member, values: Values) -> bool:
    row = doors.follow_up(session, member.organisation_id, values["task"])
    return row is not None and mark(row) == values["mark"]


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    there = scene(session, member, values["case"])
    if not _may_undo(session, member, values):
        raise NothingToUndo(named(there.head.id), remedy=CHANGED_SINCE)
    follow_ups.undo(session, values["task"], by=member.by, now=member.now)
    return {}


def _may_drop(session: Session, member: Member, values: Values) -> bool:
    row = doors.follow_up(session, member.organisation_id, values["task"])
    if row is None or row.state != "open" or row.former is not None:
        return False
    there = case_pages.head(session, member.organisation_id, row.case_id, member.sees)
    return there is not None and row.case_id == values["case"]


def _drop(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    case_changes.drop_plan(session, values["task"], by=member.by, now=member.now)
    return {}


DEEDS = {
    "task.done": Deed(_told_done, _undo, _may_undo),
    "task.put_off": Deed(_told_later, _undo, _may_undo),
    "task.handed_over": Deed(_told_handed_over, _undo, _may_undo),
    "task.missed": Deed(_told_missed, _undo, _may_undo),
    "task.planned": Deed(_told_planned, _drop, _may_drop),
}
