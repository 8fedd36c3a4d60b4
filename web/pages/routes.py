"""The routes: every one at a glance, and one with everything on it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import FaultyRoute, Refused
from core.words import say
from referrals import route_drafts
from storage.queries import case_migrations, route_pages, staff
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import route_forms, route_views, route_words
from web.pages.route_forms import RouteName
from web.receipts import Outcome
from web.site import House
from workflows import checking
from workflows.rewriting import with_norms, with_reasons

router = APIRouter()


@router.api_route("/routes", methods=["GET", "HEAD"])
def routes(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Every published route, with its shape and its open cases."""
    with house.reading() as session:
        shelf = route_views.shelf(session, member)
    return desk.page(request, house, member, "routes/list.html", nav="routes", shelf=shelf)


@router.api_route("/routes/{name}", methods=["GET", "HEAD"])
def route(request: Request, member: AtDesk, house: InHouse, name: RouteName) -> Response:
    """One route: drawn, as a table, its versions, its rules and its reasons."""
    return _page(request, member, house, name)


@router.post("/routes/{name}/words")
def change_route_words(
    request: Request, member: AtDesk, house: InHouse, sent: Filled, name: RouteName
) -> Response:
    """Norms and titles of reasons, put into the draft; then what that would change."""

    def act(session: Session) -> Outcome:
        row = route_views.draft_of(session, member, name)
        text = row.text if row else route_drafts.beginning(session, name)[0]
        faults = checking.check(text, routes=None)[1]
        if faults:
            raise FaultyRoute(name, remedy="There is a draft with faults. Mend that first.")
        definition = checking.parse(text, routes=None)
        norms = route_forms.norms(sent, definition)
        reasons = route_forms.reasons(sent, definition)
        sent.check()
        changed = with_reasons(with_norms(text, norms), reasons)
        route_drafts.save(
            session, member.organisation_id, name, changed, by=member.by, now=member.now
        )
        return {"did": "route.draft_saved", "faults": 0}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, name, status=status, sent=sent, refusal=refusal)

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}/draft/preview")


@dataclass(frozen=True)
class Went:
    """Cases that went over together and can be brought back."""

    id: int
    at: datetime
    number: int
    cases: int


def _page(
    request: Request,
    member: Member,
    house: House,
    name: str,
    *,
    status: int = 200,
    sent: Sent | None = None,
    refusal: Refused | None = None,
) -> Response:
    with house.reading() as session:
        scene = route_views.scene(session, member, name, house.site.prefix)
        draft = route_views.draft_of(session, member, name)
        may_publish = route_drafts.may_publish(staff.organisations(session), member.role)
        went = _went(session, member, name) if member.may("bring_back_cases") else ()
    return desk.page(
        request, house, member, "routes/route.html", nav="routes", status=status, sent=sent,
        refusal=refusal, view=scene, draft=draft, may_publish=may_publish, went=went,
        norms=route_forms.shown_norms(scene.definition, member.language, sent),
        reasons=route_forms.shown_reasons(scene.definition, sent),
        units=[(unit, say(member.language, words)) for unit, words in route_words.UNITS.items()],
    )  # fmt: skip


def _went(session: Session, member: Member, name: str) -> tuple[Went, ...]:
    numbers = {each.id: each.number for each in route_pages.versions(session, name)}
    rows = case_migrations.migrations(session, member.organisation_id, name)[:20]
    sizes = case_migrations.sizes(session, [row.id or 0 for row in rows])
    return tuple(
        Went(row.id or 0, row.at, numbers[row.to_version_id], sizes.get(row.id or 0, 0))
        for row in rows
    )


def _tell_saved(_session: Session, member: Member, values: Values) -> tuple[str, ...]:
    faults = int(values["faults"])
    if not faults:
        return (say(member.language, "The draft is kept"),)
    title = say(member.language, "The draft is kept, with its faults")
    return title, say(
        member.language, "Faults to mend before it can be published: {number}.", number=faults
    )


DEEDS = {"route.draft_saved": Deed(_tell_saved)}
