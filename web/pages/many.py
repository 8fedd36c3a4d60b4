"""Many cases at once: chosen in the list, seen beforehand, done once, and taken back as a whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Change, ChangedMeanwhile, MoveRefused, Refused
from core.references import reference
from core.words import Told, say
from referrals import bulk
from referrals.bulk import TakenBack
from storage.queries import selections
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values, handle
from web.forms import Filled, NotFilledIn, Sent
from web.members import Member
from web.pages import many_acts, many_views
from web.pages.many_views import Preview, Selection
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: cases that are named when they could not be taken along or back
_NAMED = 20


@router.api_route("/cases/many", methods=["GET", "HEAD"])
def many(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Nobody chose anything yet: back to the list."""
    return deeds.go(house, "/cases")


@router.post("/cases/many")
def look_at_many(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """What would become of the chosen cases."""
    return _page(request, member, house, sent)


@router.post("/cases/many/do")
def do_many(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Do what was seen, once."""

    def act(session: Session) -> Outcome:
        there = many_views.selected(session, member, sent)
        if there.seen != sent["seen"]:
            change = Change("", "", "", "")
            remedy = "Look once more at what would happen, and decide again."
            raise ChangedMeanwhile("", change, remedy=remedy)
        doing = many_acts.doing(session, member, house, sent, there)
        sent.check()
        if doing is None:
            raise NotFilledIn(sent)
        came = doing(session)
        if not came.done:
            raise MoveRefused("", remedy="Look at why not, and choose something else.")
        return {**came.outcome, "left": _names(came.refused)}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, sent, refusal, status)

    return handle(request, member, house, sent, act, show, to="/cases")


def _names(numbers: Mapping[int, object] | Sequence[int]) -> list[str]:
    return [reference(number) for number in sorted(numbers)[:_NAMED]]


def _page(
    request: Request,
    member: Member,
    house: House,
    sent: Sent,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The choice, what it asks and, once that is filled in, what would happen: it is done, and
    undone at once."""
    preview: Preview | None = None
    with house.rehearsing() as session:
        there = many_views.selected(session, member, sent)
        fields = _fields(session, member, sent, there)
        looked = sent["looked"] == "yes" and not _just_chosen(sent, fields)
        doing = (
            many_acts.doing(session, member, house, sent, there) if looked and there.cases else None
        )
        if doing is not None and not sent.faults:
            try:
                preview = many_views.preview(member, *many_views.counted(session, member, doing))
            except Refused as error:
                refusal = refusal or error
        people = many_acts.colleagues(session, member)
    return desk.page(
        request, house, member, "cases/many.html", nav="cases", sent=sent, refusal=refusal,
        status=422 if sent.faults and looked else status, there=there, fields=fields,
        preview=preview, last_day=member.today + many_views.FURTHEST,
        what=sent["what"] if sent["what"] in many_views.WHATS else "move",
        moves=[(n, f"{title} ({count})") for n, title, count in there.moves(member.language)],
        colleagues=[(each.id, each.name) for each in people],
    )  # fmt: skip


def _just_chosen(sent: Sent, fields: many_views.Asked | None) -> bool:
    """Whether a move was chosen that asks something which nobody saw yet."""
    return fields is not None and any(fields.asks.values()) and sent["shown"] != sent["step"]


def _fields(
    session: Session, member: Member, sent: Sent, there: Selection
) -> many_views.Asked | None:
    found = there.move(sent["step"]) if sent["what"] == "move" else None
    return many_views.asked(session, member, *found) if found else None


def _told(_session: Session, member: Member, values: Values) -> list[str]:
    language = member.language
    title = {
        "many.moved": lambda: Told(
            "{number} cases: {move}", number=len(values["cases"]), move=values["title"]
        ),
        "many.planned": lambda: Told("{number} cases got a follow-up", number=len(values["tasks"])),
        "many.mailed": lambda: Told("{number} owners get a mail", number=values["owners"]),
        "many.given": lambda: Told(
            "{number} cases got another owner", number=sum(len(ids) for _, ids in values["before"])
        ),
    }[_kind(values)]()
    said = [say(language, title)]
    if values.get("left"):
        left = Told("Left as they are: {names}", names=", ".join(values["left"]))
        said.append(say(language, left))
    return said


def _kind(values: Values) -> str:
    if "cases" in values:
        return "many.moved"
    if "owners" in values:
        return "many.mailed"
    return "many.planned" if "tasks" in values else "many.given"


def _undo_moves(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    at = datetime.fromisoformat(values["at"])
    theirs = _theirs(session, member, values["cases"])
    done = bulk.undo_moves(session, theirs, values["move"], at, by=member.by, now=member.now)
    gone = sorted({*values["cases"]} - {*theirs})
    return _back(member, TakenBack(done.undone, [*done.left, *gone]))


def _theirs(session: Session, member: Member, ids: Sequence[int]) -> list[int]:
    """Of these cases those that the member still sees."""
    wanted = selections.wanted(member.organisation_id, member.sees, "numbers", numbers=list(ids))
    return [each.id for each in selections.chosen(session, wanted, bulk.MOST)]


def _may_drop(session: Session, member: Member, values: Values) -> bool:
    there = values["planned_for"]
    return len(_theirs(session, member, there)) == len(there)


def _undo_plans(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    return _back(member, bulk.drop(session, values["tasks"], by=member.by, now=member.now))


def _undo_owners(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    before: dict[int | None, Any] = dict(values["before"])
    return _back(
        member, bulk.give_back(session, before, values["owner"], by=member.by, now=member.now)
    )


def _back(member: Member, done: TakenBack) -> Outcome:
    """Those that went on since stay as they are, and are named."""
    if not done.left:
        return {}
    told = Told("Went on since, and left as they are: {names}", names=", ".join(_names(done.left)))
    return {"remains": [say(member.language, told)]}


DEEDS = {
    "many.moved": Deed(_told, _undo_moves),
    "many.planned": Deed(_told, _undo_plans, _may_drop),
    "many.given": Deed(_told, _undo_owners),
    "many.mailed": Deed(_told),
}
