"""The humans at partners: added, changed, gone, and addresses that must be mended."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import NothingToUndo, Refused
from core.words import say
from referrals import partner_changes
from referrals.partner_changes import CONTACTS, ContactFacts
from storage.queries import contacts, doors, partner_pages, pointers
from storage.tables import ContactPerson
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, Sent
from web.members import Member
from web.pages import partner_forms, partner_views, partners
from web.pages.numbered import Numbered, row_number
from web.receipts import Outcome
from web.site import House

router = APIRouter()
_CHANGED = "Somebody changed this person since. Look at it again."
#: what a receipt may hold: everything but who it is and how to reach them
_PLAIN = ("language", "mails", "active")


@router.api_route("/partners/{number}/people/new", methods=["GET", "HEAD"])
def new_contact_person(
    request: Request, member: AtDesk, house: InHouse, number: Numbered
) -> Response:
    """The form for somebody at a partner."""
    return _form(request, member, house, number, None, None, None, 200)


@router.post("/partners/{number}/people/new")
def add_contact_person(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, sent: Filled
) -> Response:
    """Add somebody at a partner."""

    def act(session: Session) -> Outcome:
        at = doors.partner(session, member.organisation_id, number)
        if at is None:
            raise HTTPException(404)
        facts = partner_forms.contact(sent)
        row = partner_changes.add_contact(session, at, facts, by=member.by, now=member.now)
        return {"did": "contact.added", "person": row.id}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _form(request, member, house, number, None, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/partners/{number}")


@router.api_route("/partners/{number}/people/{person}", methods=["GET", "HEAD"])
def edit_contact_person(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, person: str
) -> Response:
    """The form with what is known of somebody at a partner."""
    return _form(request, member, house, number, row_number(person), None, None, 200)


@router.post("/partners/{number}/people/{person}")
def change_contact_person(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, person: str, sent: Filled
) -> Response:
    """Change somebody at a partner."""
    there = row_number(person)

    def act(session: Session) -> Outcome:
        row = _found(session, member, number, there)
        facts = partner_forms.contact(sent)
        before = partner_changes.change_contact(session, row, facts, by=member.by, now=member.now)
        same = [getattr(before, name) for name in ("name", "email", "phone")]
        undoable = same == [facts.name, facts.email, facts.phone]
        values = {"before": _plain(before), "after": _plain(facts)} if undoable else {}
        return {"did": "contact.changed", "person": there, **values}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _form(request, member, house, number, there, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/partners/{number}")


@router.post("/partners/{number}/people/{person}/mend")
def mend_address(
    request: Request, member: AtDesk, house: InHouse, number: Numbered, person: str, sent: Filled
) -> Response:
    """Give the right address for one that was refused, or say that it works after all."""
    there = row_number(person)

    def act(session: Session) -> Outcome:
        row = _found(session, member, number, there)
        right = partner_forms.email_of(sent, "right")
        if right is None:
            sent.refuse("right", "This has not been filled in.", "Fill it in.")
        sent.check()
        changed = partner_changes.mend_address(
            session, member.organisation_id, (row.email or "").lower(), right or "",
            by=member.by, now=member.now,
        )  # fmt: skip
        return {"did": "address.mended", "people": changed}

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _form(request, member, house, number, there, form, refusal, status)

    return deeds.handle(request, member, house, sent, act, show, f"/partners/{number}")


def _form(
    request: Request, member: Member, house: House, number: int, person: int | None,
    sent: Sent | None, refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    """The form for somebody new at a partner, or for somebody who is there."""
    with house.reading() as session:
        line = partners.found(session, member, number)
        row = _found(session, member, number, person) if person is not None else None
        refused = partner_pages.refused(session, member.organisation_id, number) if row else {}
    facts = partner_changes.facts_of_contact(row) if row else ContactFacts("")
    known = partner_forms.typed_contact(facts)
    [shown] = partner_views.contacts(member, [row], refused) if row else [None]
    return desk.page(
        request, house, member, "partners/person.html", nav="partners", status=status, sent=sent,
        refusal=refusal, line=line, person=shown,
        typed={**known, **sent.fields} if sent else known,
    )  # fmt: skip


def _found(session: Session, member: Member, number: int, person: int) -> ContactPerson:
    row = contacts.person(session, member.organisation_id, person)
    if row is None or row.partner_id != number:
        raise HTTPException(404)
    return row


def _plain(facts: ContactFacts) -> list[object]:
    return [getattr(facts, name) for name in _PLAIN]


def _tell_added(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The contact person is there")]


def _tell_changed(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    return [say(member.language, "The contact person was changed")]


def _tell_mended(_session: Session, member: Member, _values: Values) -> Sequence[str]:
    language = member.language
    return [say(language, "The address was mended"), say(language, "Mails go there again.")]


def _take_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = contacts.person(session, member.organisation_id, values["person"])
    if row is None:
        raise NothingToUndo(remedy=_CHANGED)
    partner_changes.take_back_contact(session, row, by=member.by, now=member.now)
    return {"did": "undone"}


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    row = contacts.person(session, member.organisation_id, values["person"])
    if row is None or not _is_as_left(session, member, values):
        raise NothingToUndo(remedy=_CHANGED)
    there = partner_changes.facts_of_contact(row)
    before = ContactFacts(there.name, there.email, there.phone, *values["before"])
    partner_changes.change_contact(session, row, before, by=member.by, now=member.now)
    return {"did": "undone"}


def _is_unused(session: Session, member: Member, values: Values) -> bool:
    row = contacts.person(session, member.organisation_id, values["person"])
    return row is not None and pointers.unused(session, CONTACTS, row.id or 0)


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    row = contacts.person(session, member.organisation_id, values["person"])
    after = values.get("after")
    return (
        row is not None
        and after is not None
        and _plain(partner_changes.facts_of_contact(row)) == list(after)
    )


DEEDS: Mapping[str, Deed] = {
    "contact.added": Deed(_tell_added, _take_back, _is_unused),
    # a receipt holds no names and addresses: what changed in those cannot be taken back
    "contact.changed": Deed(_tell_changed, _put_back, _is_as_left),
    "address.mended": Deed(_tell_mended),
}
