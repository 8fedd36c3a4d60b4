"""Examples to try Brug with: added, looked at, and taken away again without a trace in counts."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.words import say
from referrals import samples
from storage.queries import staff
from web import deeds, desk, errors
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.receipts import Outcome
from web.site import House

router = APIRouter()


@router.api_route("/settings/examples", methods=["GET", "HEAD"])
def show_samples(request: Request, member: AtDesk, house: InHouse) -> Response:
    """What there is, and what would go."""
    return _show(request, member, house, None, 200)


@router.post("/settings/examples")
def change_samples(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Add examples, or take them away."""

    def act(session: Session) -> Outcome:
        wanted = sent.one_of("do", ("add", "remove"))
        sent.check()
        if wanted == "add":
            library = staff.organisation_by_number(session, member.organisation_id)
            cases = samples.add(
                session, library, by=member.by, now=member.now, due_hour=house.site.due_hour,
                language=member.language,
            )  # fmt: skip
            return {"did": "samples.added", "cases": len(cases)}
        gone = samples.remove(session, member.organisation_id, by=member.by, now=member.now)
        return {"did": "samples.removed", "cases": gone.cases, "people": gone.people}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        if form.faults:
            return errors.page(request, 400)
        return _show(request, member, house, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, "/settings/examples")


def _show(
    request: Request, member: Member, house: House, refusal: Refused | None, status: int
) -> Response:
    with house.reading() as session:
        there = samples.there(session, member.organisation_id)
        goes = samples.what_goes(session, member.organisation_id) if there else None
    return desk.page(
        request, house, member, "settings/examples.html", nav="settings", status=status,
        refusal=refusal, goes=goes, many=len(samples.EXAMPLES),
    )  # fmt: skip


def _tell_added(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language, number = member.language, values["cases"]
    return [
        say(language, "The examples are there"),
        say(language, "{number} invented cases are on your board. Nothing counts them.",
            number=number),
    ]  # fmt: skip


def _tell_removed(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language, number = member.language, values["cases"]
    return [
        say(language, "The examples are gone"),
        say(language, "{number} invented cases are gone. The counts never knew them.",
            number=number),
    ]  # fmt: skip


def _take_back(session: Session, member: Member, _values: Values, _house: House) -> Outcome:
    samples.remove(session, member.organisation_id, by=member.by, now=member.now)
    return {"did": "undone"}


def _are_there(session: Session, member: Member, _values: Values) -> bool:
    return samples.there(session, member.organisation_id)


DEEDS: Mapping[str, Deed] = {
    "samples.added": Deed(_tell_added, _take_back, _are_there),
    "samples.removed": Deed(_tell_removed),
}
