"""Partners: employers, schools, providers; who works there, and what came through them."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import AlreadyThere, NothingToUndo, Refused
from core.words import say
from referrals import partner_changes
from referrals import partners as partner_rows
from referrals.partner_changes import PARTNERS, PartnerFacts
from storage.queries import course_pages, doors, partner_pages, pointers
from storage.queries.partner_pages import Counts, PartnerLine
from storage.tables import Partner
from storage.tables.partner import PARTNER_KINDS
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import course_views, partner_forms, partner_views
from web.pages.numbered import Numbered
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: lines on a page
MOST = 60
_CHANGED = "Somebody changed the partner since. Look at it again."


@router.api_route("/partners", methods=["GET", "HEAD"])
def partners(request: Request, member: AtDesk, house: InHouse) -> Response:
    """All of them, by kind."""
    asked = request.query_params
    kind = asked.get("kind", "") if asked.get("kind") in PARTNER_KINDS else ""
    gone, after = bool(asked.get("gone")), asked.get("after", "")
    first = int(after) if after.isascii() and after.isdecimal() and len(after) < 6 else 0
    library = member.organisation_id
    with house.reading() as session:
        lines = partner_pages.partners(
            session, library, kind=kind, gone=gone, first=first, most=MOST + 1
        )
        counts = partner_pages.counts(session, library)
        per_kind = partner_pages.kinds(session, library)
    return desk.page(
        request, house, member, "partners/list.html", nav="partners",
        lines=[(line, counts.get(line.id, Counts())) for line in lines[:MOST]], kind=kind,
        gone=gone, kinds=partner_views.kinds(member), per_kind=per_kind,
        more=first + MOST if len(lines) > MOST else None,
    )  # fmt: skip


@router.api_route("/partners/new", methods=["GET", "HEAD"])
def new_partner(request: Request, member: AtDesk, house: InHouse) -> Response:
    """The form for a partner."""
    return _form(request, member, house, None, None, None, 200)


@router.post("/partners/new")
def add_partner(request: Request, member: AtDesk, house: InHouse, sent: Filled) -> Response:
    """Add a partner."""

    def act(session: Session) -> Outcome:
        facts = partner_forms.partner(sent)
        row = partner_rows.add_partner(
            session, member.organisation_id, facts.name, facts.kind, now=member.now
        )
        row.municipality_code = facts.municipality_code
        session.add(row)
        session.flush()
        partner_changes.note_added(session, row, by=member.by, now=member.now)
        return {"did": "partner.added", "partner": row.id}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _form(request, member, house, None, form, refusal, status)

    return deeds.handle(
        request, member, house, sent, act, show, lambda did: f"/partners/{did['partner']}"
    )


@router.api_route("/partners/{number}", methods=["GET", "HEAD"])
def partner(request: Request, member: AtDesk, house: InHouse, number: Numbered) -> Response:
    """A partner with the people there and what came through it."""
    library = member.organisation_id
    with house.reading() as session:
        line = found(session, member, number)
        people = partner_pages.contact_people(session, library, number)
        refused = partner_pages.refused(session, library, number)
        introductions, of_others = partner_views.introductions(
            session, member, partner_pages.introduced(session, library, number)
        )
        reached = partner_views.reached(session, member, number)
        gives = line.kind == "provider"
        offer = course_pages.of_provider(session, library, number) if gives else []
        waits = partner_pages.unanswered(session, library, number) if gives else []
    waiting, others_wait = partner_views.unanswered(member, waits)
    return desk.page(
        request, house, member, "partners/partner.html", nav="partners", line=line,
        municipality=partner_forms.typed_partner(_facts(line))["municipality"],
        kinds=partner_views.kinds(member),
        contacts=partner_views.contacts(member, people, refused), introductions=introductions,
        of_others=of_others, reached=reached, waiting=waiting, others_wait=others_wait,
        offer=[(course, course_views.seats_of(course)) for course in offer],
    )  # fmt: skip


@router.api_route("/partners/{number}/change", methods=["GET", "HEAD"])
def edit_partner(request: Request, member: AtDesk, house: InHouse, number: Numbered) -> Response:
    """The form with what is known of a partner."""
    return _form(request, member, house, number, None, None, 200)


@router.post("/partners/{number}/change")
def change_partner(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, sent: Filled
) -> Response:
    """Change a partner."""

    def act(session: Session) -> Outcome:
        row = _row(session, member, number)
        facts = partner_forms.partner(sent)
        before = partner_changes.change_partner(session, row, facts, by=member.by, now=member.now)
        return {
            "did": "partner.changed", "partner": number, "before": _kept(before),
            "after": _kept(facts),
        }  # fmt: skip

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _form(request, member, house, number, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/partners/{number}")


def _form(
    request: Request, member: Member, house: House, number: int | None, sent: Sent | None,
    refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    """The form for a new partner, or for one that is there."""
    line = None
    if number is not None:
        with house.reading() as session:
            line = found(session, member, number)
    if sent is not None and isinstance(refusal, AlreadyThere):
        why = "There is a partner with this name already."
        sent.refuse("name", why, "Choose the partner from the list.")
        refusal, status = None, 422
    asked = request.query_params.get("kind", "")
    facts = _facts(line) if line else PartnerFacts("", asked if asked in PARTNER_KINDS else "")
    return desk.page(
        request, house, member, "partners/form.html", nav="partners", status=status, sent=sent,
        refusal=refusal, line=line, kinds=partner_views.kinds(member),
        typed=sent.fields if sent else partner_forms.typed_partner(facts),
    )  # fmt: skip


def found(session: Session, member: Member, number: int) -> PartnerLine:
    """A partner of the library; 404 for another's and for none."""
    line = partner_pages.partner(session, member.organisation_id, number)
    if line is None:
        raise HTTPException(404)
    return line


def _row(session: Session, member: Member, number: int) -> Partner:
    row = doors.partner(session, member.organisation_id, number)
    if row is None:
        raise HTTPException(404)
    return row


def _facts(line: PartnerLine) -> PartnerFacts:
    return PartnerFacts(line.name, line.kind, line.municipality_code, bool(line.active))


def _kept(facts: PartnerFacts) -> list[object]:
    return [facts.name, facts.kind, facts.municipality_code, facts.active]


def _tell_added(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The partner is there")]


def _tell_changed(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The partner was changed")]


def _take_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = doors.partner(session, member.organisation_id, values["partner"])
    if row is None:
        raise NothingToUndo(remedy=_CHANGED)
    partner_changes.take_back_partner(session, row, by=member.by, now=member.now)
    return {"did": "undone"}


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    if not _is_as_left(session, member, values):
        raise NothingToUndo(remedy=_CHANGED)
    row = _row(session, member, values["partner"])
    before = PartnerFacts(*values["before"])
    partner_changes.change_partner(session, row, before, by=member.by, now=member.now)
    return {"did": "undone"}


def _is_unused(session: Session, member: Member, values: Values) -> bool:
    row = doors.partner(session, member.organisation_id, values["partner"])
    return row is not None and pointers.unused(session, PARTNERS, row.id or 0)


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    row = doors.partner(session, member.organisation_id, values["partner"])
    return row is not None and (
        _kept(partner_changes.facts_of_partner(row)) == list(values["after"])
    )


DEEDS: Mapping[str, Deed] = {
    "partner.added": Deed(_tell_added, _take_back, _is_unused),
    "partner.changed": Deed(_tell_changed, _put_back, _is_as_left),
}
