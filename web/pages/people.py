"""Participants: found, or added with the doubles that they may be."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from core.errors import Refused
from core.references import reference
from core.words import say
from referrals import finding, newcomers, participants
from referrals.doubles import Person
from referrals.participants import Newcomer
from storage.queries import search, withdrawals
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import people_forms, people_views
from web.pages.search import opens
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: people in the list of who was added last
_NEWEST = 15


@router.api_route("/people", methods=["GET", "HEAD"])
def people(request: Request, member: AtDesk, house: InHouse) -> Response:
    """Find somebody, or see who was added last."""
    text = request.query_params.get("q", "")[: finding.LONGEST].strip()
    library, why = member.organisation_id, {}
    more, only = False, ""
    with house.reading() as session:
        if text:
            found = finding.find(session, library, text, sees=member.sees)
            why, more = {hit.participant_id: hit.why for hit in found.hits}, found.more
            only = opens(session, member, found)
            numbers = list(why)
        else:
            numbers = search.newest(session, library, sees=member.sees, limit=_NEWEST)
        lines = people_views.lines(session, member, numbers, why)
    if only:
        return deeds.go(house, only)
    return desk.page(
        request, house, member, "people/list.html", nav="people", asked=text, people=lines,
        more=more,
    )  # fmt: skip


@router.api_route("/people/new", methods=["GET", "HEAD"])
def new_person(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The form for somebody new."""
    return _new(request, member, house, None, None, 200)


@router.post("/people/new")
def add_person(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Add somebody, once the doubles that they may be were shown."""

    def act(session: Session) -> Outcome:
        values = people_forms.read(sent, member.today)
        sent.check()
        person = people_forms.person_of(values)
        people_forms.look_first(session, member, sent, person)
        code, tongue = values["municipality_code"], values["mother_tongue"]
        wish, moment = values["wish"], values["best_moment"]
        newcomer = Newcomer(
            person,
            str(code) if code else member.library.municipality_code,
            str(tongue) if tongue else None,
            str(wish) if wish else None,
            str(moment) if moment else None,
        )
        [who] = participants.register(session, member.organisation_id, [newcomer], now=member.now)
        return {"did": "participant.added", "participant": who.id}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _new(request, member, house, form, refusal, status)

    return deeds.handle(
        request, member, house, sent, act, show,
        lambda did: f"/people/{reference(did['participant'])}",
    )  # fmt: skip


@router.post("/people/doubles")
def doubles(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Whoever may be meant by what is typed so far; a part of the page of a form."""
    person = people_forms.typed_so_far(sent, member.today)
    with house.reading() as session:
        found = may_be(session, member, person)
    template = "people/doubles_part.html"
    adds = sent["adds_case"] == "1"
    return desk.page(request, house, member, template, nav="people", found=found, adds_case=adds)


def may_be(session: Session, member: Member, person: Person) -> list[people_views.PersonView]:
    """Whoever may be meant."""
    rows = newcomers.may_be(session, member.organisation_id, person, sees=member.sees)
    return people_views.of_rows(session, member, rows)


def _new(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    found = []
    if sent is not None:
        with house.reading() as session:
            found = may_be(session, member, people_forms.typed_so_far(sent, member.today))
    shown, refusal = people_forms.only_doubles(refusal)
    return desk.page(
        request, house, member, "people/new.html", nav="people", status=status, sent=sent,
        refusal=refusal, found=found, stopped=shown, titles=people_views.TITLES,
        tongues=people_views.tongues(member),
    )  # fmt: skip


def _told(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The participant is added")]


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    participants.take_back(
        session, member.organisation_id, values["participant"], by=member.by, now=member.now
    )
    return {"did": "undone"}


def _may_undo(session: Session, _member: Member, values: Values) -> bool:
    return withdrawals.unknown_since(session, values["participant"])


DEEDS: Mapping[str, Deed] = {"participant.added": Deed(_told, _undo, _may_undo)}
