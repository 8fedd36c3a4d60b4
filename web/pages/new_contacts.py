"""New contact: somebody at a stall or a desk, in half a minute, with one hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import NotFound, Refused
from core.references import number_of, reference
from core.words import Told, say
from referrals import newcomers, routes, withdrawing
from referrals.newcomers import Contact
from storage.queries import choices, search, tallies
from storage.queries import referrals as outside
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import people_forms, people_views
from web.pages.people import may_be
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: the way in → what it is called, and its icon
WAYS: Mapping[str, tuple[str, str]] = {
    "self": (Told("By themselves"), "person"),
    "digital_desk": (Told("Digital help desk"), "help"),
    "language_course": (Told("Language course"), "book"),
    "school": (Told("School"), "flag"),
    "employer": (Told("Employer"), "partner"),
    "campaign": (Told("Stall or campaign"), "star"),
    "partner": (Told("Another partner"), "link"),
    "acquaintance": (Told("Somebody they know"), "people"),
    "other": (Told("Otherwise"), "note"),
}
#: what people often want to learn
WISHES: Mapping[str, str] = {
    "read": Told("Reading and writing"),
    "speak": Told("Speaking Dutch"),
    "letters": Told("Letters and forms"),
    "phone": Told("Phone or computer"),
    "sums": Told("Doing sums"),
    "children": Told("Helping the children"),
}
_REMEMBERED = "way_in"


@router.api_route("/contacts/new", methods=["GET", "HEAD"])
def new_contact(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The form."""
    return _page(request, member, house, None, None, 200)


@router.post("/contacts/new")
def open_contact(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Register somebody and open a case, once the doubles that they may be were shown."""

    def act(session: Session) -> Outcome:
        contact = _read(session, member, sent)
        sent.check()
        if contact.participant_id is None:
            people_forms.look_first(session, member, sent, contact.person)
        opened = newcomers.welcome(
            session, member.organisation_id, contact, by=member.by, now=member.now,
            due_hour=house.site.due_hour,
        )  # fmt: skip
        choices.remember(session, member.staff_id, **{_REMEMBERED: contact.channel})
        return {"did": "contact.opened", "case": opened.case_id, "new": opened.new}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _page(request, member, house, form, refusal, status)

    return deeds.handle(
        request, member, house, sent, act, show,
        lambda did: f"/contacts/new?case={reference(did['case'])}",
    )  # fmt: skip


def _read(session: Session, member: Member, sent: Sent) -> Contact:
    """What is filled in; faults go to the form."""
    # in the order of the page, which is that of the list of what is wrong
    channel, library = sent.one_of("channel", WAYS), member.organisation_id
    values = people_forms.read(sent, member.today)
    return Contact(
        channel=channel,
        person=people_forms.person_of(values),
        wish=_wish(member, sent),
        note=_note(member, sent),
        route=_chosen(sent, "route", routes.names(session)),
        pilot_id=_number(sent, "pilot", tallies.pilots_of(session, library, member.today)),
        campaign_id=_number(sent, "campaign", tallies.campaigns_on(session, library, member.today)),
        partner_id=_number(sent, "partner", _partners(session, member)),
        participant_id=_known(session, member, sent),
    )


def _wish(member: Member, sent: Sent) -> str | None:
    """What was tapped and what was written, as one sentence."""
    tapped = [say(member.language, WISHES[each]) for each in sent.many("wishes") if each in WISHES]
    return ", ".join([*tapped, *filter(None, [sent.line("wish")])]) or None


def _note(member: Member, sent: Sent) -> str | None:
    via, note = sent.line("via"), sent.text("note")
    reached = say(member.language, "To be reached through: {who}", who=via) if via else ""
    return "\n".join(filter(None, [reached, note])) or None


def _chosen(sent: Sent, name: str, there: Sequence[str]) -> str | None:
    return sent.one_of(name, there) if sent[name] else None


def _number(sent: Sent, name: str, there: Sequence[tuple[int, str]]) -> int | None:
    numbers = {str(number): number for number, _ in there}
    return numbers.get(sent.one_of(name, numbers)) if sent[name] else None


def _known(session: Session, member: Member, sent: Sent) -> int | None:
    """Somebody known for whom the case is; 404 for nobody this member may see."""
    if not sent["known"]:
        return None
    try:
        number = number_of(sent["known"])
    except NotFound:
        raise HTTPException(404) from None
    seen = search.seen(session, member.organisation_id, number, sees=member.sees)
    if seen is None:
        raise HTTPException(404)
    return seen


def _partners(session: Session, member: Member) -> list[tuple[int, str]]:
    rows = outside.partners(session, member.organisation_id)
    return [(row.id or 0, row.name) for row in rows if row.active]


def _page(
    request: Request, member: Member, house: House, sent: Sent | None, refusal: Refused | None,
    status: int,
) -> Response:  # fmt: skip
    library, today = member.organisation_id, member.today
    found, known = [], ""
    with house.reading() as session:
        if sent is not None:
            found = may_be(session, member, people_forms.typed_so_far(sent, today))
        asked = request.query_params.get("known", "")
        if asked and sent is None:
            _known(session, member, Sent({"known": asked}))
            known = asked
        offered: dict[str, Any] = {
            "pilots": tallies.pilots_of(session, library, today),
            "campaigns": tallies.campaigns_on(session, library, today),
            "partners": _partners(session, member),
            "routes": [
                (name, routes.newest(session, name).definition.title[member.language])
                for name in routes.names(session)
            ],
        }
    stopped, refusal = people_forms.only_doubles(refusal)
    return desk.page(
        request, house, member, "contacts/new.html", nav="contacts", status=status, sent=sent,
        refusal=refusal, found=found, stopped=stopped, known=known, ways=WAYS, wishes=WISHES,
        way_in=member.choices.get(_REMEMBERED, ""), titles=people_views.TITLES,
        opened=_opened(request), **offered,
    )  # fmt: skip


def _opened(request: Request) -> str:
    """The reference of the case that was opened just now."""
    try:
        return reference(number_of(request.query_params.get("case", "")))
    except NotFound:
        return ""


def _told(_session: Session, member: Member, values: Values) -> Sequence[str]:
    case = reference(values["case"])
    told = [say(member.language, "{reference} is open", reference=case)]
    if not values["new"]:
        told.append(say(member.language, "It belongs to the participant who was known."))
    return told


def _undo(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    withdrawing.take_back(
        session, member.organisation_id, values["case"], with_person=values["new"],
        by=member.by, now=member.now,
    )  # fmt: skip
    return {"did": "undone"}


def _may_undo(session: Session, member: Member, values: Values) -> bool:
    return withdrawing.may_take_back(session, member.organisation_id, values["case"])


DEEDS: Mapping[str, Deed] = {"contact.opened": Deed(_told, _undo, _may_undo)}
