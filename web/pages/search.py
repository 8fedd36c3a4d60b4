"""Search: whoever is meant by a name, a phone number or a reference; a single hit opens at once."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.references import reference
from referrals import bsn, finding
from referrals.finding import Found
from storage.queries import search as searching
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.members import Member
from web.pages import people_views

router = APIRouter()


@router.api_route("/search", methods=["GET", "HEAD"])
def search(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Everybody whom a text can mean, or the only one."""
    text = request.query_params.get("q", "")[: finding.LONGEST].strip()
    with house.reading() as session:
        found = finding.find(session, member.organisation_id, text, sees=member.sees)
        only = opens(session, member, found)
        why = {hit.participant_id: hit.why for hit in found.hits}
        people = [] if only else people_views.lines(session, member, list(why), why)
    if only:
        return deeds.go(house, only)
    return desk.page(
        request, house, member, "people/search.html", nav="people", searched=text, people=people,
        more=found.more, is_bsn=bsn.holds_bsn(text),
    )  # fmt: skip


def opens(session: Session, member: Member, found: Found) -> str:
    """The page of the only hit: of the case that was asked for, or of the one case there is."""
    if len(found.hits) != 1:
        return ""
    if found.case_id is not None:
        return f"/cases/{reference(found.case_id)}"
    who = found.hits[0].participant_id
    cases = searching.cases_of(session, [who], sees=member.sees).get(who, [])
    if len(cases) == 1:
        return f"/cases/{reference(cases[0].id)}"
    return f"/people/{reference(who)}"
