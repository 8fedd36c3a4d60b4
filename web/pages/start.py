"""The page of today: everything that waits for somebody, handled from the line it stands on."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Refused
from core.references import reference
from core.words import say
from referrals import taking_up
from storage.queries import case_pages, doors
from web import desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values, handle
from web.forms import Filled, Sent
from web.members import Member
from web.pages import checklist, start_views
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def start(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What waits today; the national office has no people to see."""
    if member.role == "national_office":
        return desk.page(request, house, member, "start/national.html", nav="start")
    return _page(request, member, house)


def _page(
    request: Request,
    member: Member,
    house: House,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    with house.reading() as session:
        view, first = start_views.view(session, member), checklist.of(session, member)
    return desk.page(
        request, house, member, "start/today.html", nav="start", status=status, sent=sent,
        refusal=refusal, view=view, checklist=first,
    )  # fmt: skip


@router.post("/introductions/take-up")
def take_up(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Take up somebody who was introduced: from now on the member has the case."""

    def act(session: Session) -> Outcome:
        number = sent.number("introduction", 1, 10**9 - 1) or 0
        sent.check()
        row = doors.introduction(session, member.organisation_id, number)
        if row is None or not row.case_id:
            raise HTTPException(404)
        if not case_pages.head(session, member.organisation_id, row.case_id, member.sees):
            raise HTTPException(404)
        case, owned = taking_up.take_up(
            session, member.organisation_id, number, by=member.by, now=member.now
        )
        did = "introduction.taken_up"
        return {"did": did, "case": case, "introduction": number, "owned": owned}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, sent, refusal, status)

    return handle(request, member, house, sent, act, show, to="/")


def _told(_session: Session, member: Member, values: Values) -> tuple[str, ...]:
    said = say(member.language, "{reference} is taken up", reference=reference(values["case"]))
    return (said, say(member.language, "You have this case now.")) if values["owned"] else (said,)


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    taking_up.take_back(
        session, member.organisation_id, values["introduction"], owned=values["owned"],
        by=member.by, now=member.now,
    )  # fmt: skip
    return {}


def _may_undo(session: Session, member: Member, values: Values) -> bool:
    there = case_pages.head(session, member.organisation_id, values["case"], member.sees)
    return there is not None


DEEDS = {"introduction.taken_up": Deed(_told, _undo, _may_undo)}
