"""The list of cases: a table in any order, with filters in its address and columns to choose."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from storage.queries import boards, choices, doors, pilots, staff
from storage.queries.boards import Version
from storage.queries.staff import Person
from storage.tables.partner import CHANNELS
from web import desk, filters, published
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values, handle
from web.filters import DUE, STATES, Filters
from web.forms import Filled, Sent
from web.members import Member
from web.pages import list_views
from web.pages import saved_views as view_pages
from web.pages.list_views import COLUMNS, Names
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/cases", methods=["GET", "HEAD"])
def case_list(
    request: Request, member: AtDesk, house: InHouse, sort: str = "", after: str = ""
) -> Response:
    """The cases that the filters leave."""
    return page(request, member, house, sort=sort, after=after)


def page(
    request: Request,
    member: Member,
    house: House,
    *,
    sort: str = "",
    after: str = "",
    query: str | None = None,
    sent: Sent | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The list; `query`: its filters, for another page that shows it again."""
    asked = filters.read(request.query_params) if query is None else filters.parsed(query)
    with house.reading() as session:
        versions = boards.versions(session)
        people = staff.everybody(session, member.organisation_id)
        projects = pilots.of_library(session, member.organisation_id)
        names = Names({each.id: each.name for each in people}, dict(projects))
        view = list_views.view(session, member, asked, versions, sort[:20], after[:200], names)
        views = view_pages.shown(session, member, "cases")
        narrowing = _choices(session, member, asked, versions)
    own = asked.but(owner="")
    return desk.page(
        request, house, member, "cases/list.html", nav="cases", status=status, sent=sent,
        refusal=refusal, view=view, asked=asked, views=views,
        who={word: own.query(owner=word) for word in ("", filters.MINE, filters.NOBODY)},
        columns=[(name, say(member.language, title)) for name, title in COLUMNS.items()],
        chosen=list_views.chosen_columns(member), pilots=projects,
        colleagues=[(each.id, each.name) for each in people if _works_here(each)],
        **narrowing,
    )  # fmt: skip


def _choices(
    session: Session, member: Member, asked: Filters, versions: Sequence[Version]
) -> dict[str, Any]:
    """What can be filtered by, with the words for it."""
    language, definitions = member.language, published.newest(session, versions)
    partner = int(asked.partner) if asked.partner else 0
    found = doors.partner(session, member.organisation_id, partner) if partner else None
    return {
        "routes": published.route_titles(definitions, language),
        "stages": published.stage_titles(definitions, asked.route, language),
        "ways": [(name, say(language, name)) for name in CHANNELS],
        "states": [(name, say(language, title)) for name, title in STATES.items()],
        "dues": [(name, say(language, title)) for name, title in DUE.items()],
        "partner": found.name if found else "",
    }


def _works_here(person: Person) -> bool:
    return person.active and person.role != "national_office"


@router.post("/cases/columns")
def choose_columns(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Remember which columns somebody wants."""

    def act(session: Session) -> Outcome:
        chosen = [name for name in COLUMNS if name in sent.many("columns")]
        choices.remember(session, member.staff_id, list_columns=chosen)
        return {"did": "columns.chosen", "before": member.choices.get("list_columns")}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return page(request, member, house, sent=sent, refusal=refusal, status=status)

    return handle(request, member, house, sent, act, show, to="/cases")


def _told(_session: Session, member: Member, _values: Values) -> tuple[str, ...]:
    return (say(member.language, "These columns are remembered"),)


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    choices.remember(session, member.staff_id, list_columns=values["before"])
    return {}


DEEDS = {"columns.chosen": Deed(_told, _undo)}
