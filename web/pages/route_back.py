"""Brings cases back that went over to a version, and tells what became of all such deeds."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Refused
from core.references import reference
from core.words import say
from referrals import bringing_back
from storage.queries import case_migrations, route_pages
from storage.tables import CaseMigration
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages.numbered import Numbered
from web.pages.route_forms import RouteName
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: cases that are named as having stayed
_MOST_NAMED = 12


@router.api_route("/routes/{name}/back/{number}", methods=["GET", "HEAD"])
def route_back(
    request: Request, member: AtDesk, house: InHouse, name: RouteName, number: Numbered
) -> Response:
    """Which cases would be brought back, and which moved on since."""
    return _back_page(request, member, house, name, number)


@router.post("/routes/{name}/back/{number}")
def bring_back_cases(
    request: Request,
    member: AtDesk,
    house: InHouse,
    sent: Filled,
    name: RouteName,
    number: Numbered,
) -> Response:
    """Bring the cases of a migration back."""

    def act(session: Session) -> Outcome:
        return {"did": "route.brought_back", **_bring_back(session, member, [number])}

    def show(sent: Sent, refusal: Refused | None, status: int) -> Response:
        return _back_page(request, member, house, name, number, refusal=refusal, status=status)

    return deeds.handle(request, member, house, sent, act, show, f"/routes/{name}")


def _migration(session: Session, member: Member, number: int) -> CaseMigration:
    row = case_migrations.migration(session, member.organisation_id, number)
    if row is None:
        raise HTTPException(404)
    return row


def _back_page(
    request: Request,
    member: Member,
    house: House,
    name: str,
    number: int,
    *,
    status: int = 200,
    refusal: Refused | None = None,
) -> Response:
    with house.reading() as session:
        row = _migration(session, member, number)
        gone = case_migrations.gone_over(session, row)
        versions = {each.id: each.number for each in route_pages.versions(session, name)}
        if row.to_version_id not in versions:
            raise HTTPException(404)
    stayed = [each.case_id for each in gone if not each.still]
    return desk.page(
        request, house, member, "routes/back.html", nav="routes", status=status, refusal=refusal,
        name=name, row=row, back=len(gone) - len(stayed), stayed=stayed[:_MOST_NAMED],
        more=max(len(stayed) - _MOST_NAMED, 0), before=versions[row.from_version_id],
        after=versions[row.to_version_id],
    )  # fmt: skip


def _bring_back(session: Session, member: Member, numbers: list[int]) -> Outcome:
    brought, stayed = 0, list[int]()
    for number in numbers:
        done = bringing_back.bring_back(
            session, member.organisation_id, number, by=member.by, now=member.now
        )
        brought += done.cases
        stayed += done.stayed
    return {"cases": brought, "remains": _remains(member.language, stayed)}


def _remains(language: str, stayed: list[int]) -> list[str]:
    if not stayed:
        return []
    names = ", ".join(reference(number) for number in stayed[:_MOST_NAMED])
    if len(stayed) > _MOST_NAMED:
        names += " …"
    told = "Something happened since with {number} cases; they stay on the new version: {names}."
    return [say(language, told, number=len(stayed), names=names)]


def _tell(_session: Session, member: Member, values: Values) -> tuple[str, ...]:
    language, number = member.language, values["number"]
    title = say(language, "Version {number} is published", number=number)
    return title, _went(language, values), say(language, "New cases start on it.")


def _tell_migrated(_session: Session, member: Member, values: Values) -> tuple[str, ...]:
    return (_went(member.language, values),)


def _went(language: str, values: Values) -> str:
    if not values["cases"]:
        return say(language, "No cases went over.")
    return say(language, "Cases that went over: {number}.", number=values["cases"])


def _tell_back(_session: Session, member: Member, values: Values) -> tuple[str, ...]:
    return (say(member.language, "Cases brought back: {number}.", number=values["cases"]),)


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    return _bring_back(session, member, list(values["migrations"]))


def _may_undo(session: Session, member: Member, values: Values) -> bool:
    rows = [
        case_migrations.migration(session, member.organisation_id, number)
        for number in values["migrations"]
    ]
    return bool(rows) and all(row is not None and row.brought_back_at is None for row in rows)


DEEDS: Mapping[str, Deed] = {
    "route.published": Deed(_tell, _undo, _may_undo),
    "route.migrated": Deed(_tell_migrated, _undo, _may_undo),
    "route.brought_back": Deed(_tell_back),
}
