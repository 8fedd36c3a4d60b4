"""Questions about the humans at partners who can be mailed."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import ContactPerson, Introduction


def mailable(session: Session, partners: Sequence[int]) -> dict[int, ContactPerson]:
    """Partner → the contact person there who wants mail and has an address, the first of them."""
    rows = session.exec(
        select(ContactPerson)
        .where(
            col(ContactPerson.partner_id).in_(list(partners)),
            col(ContactPerson.active).is_(True),
            col(ContactPerson.mails).is_(True),
            col(ContactPerson.email).is_not(None),
        )
        .order_by(col(ContactPerson.id).desc())
    )
    return {row.partner_id: row for row in rows}


def introducers(session: Session, cases: Sequence[int]) -> dict[int, ContactPerson]:
    """Case → the contact person who introduced the participant, when that one can be mailed."""
    rows = session.exec(
        select(Introduction.case_id, ContactPerson)
        .join(ContactPerson, col(ContactPerson.id) == Introduction.contact_person_id)
        .where(
            col(Introduction.case_id).in_(list(cases)),
            col(ContactPerson.active).is_(True),
            col(ContactPerson.mails).is_(True),
            col(ContactPerson.email).is_not(None),
        )
    )
    return {case: person for case, person in rows if case is not None}


def with_address(session: Session, organisation_id: int, address: str) -> list[ContactPerson]:
    """Everybody at partners of a library who has this address, in whatever letters."""
    rows = select(ContactPerson).where(
        ContactPerson.organisation_id == organisation_id,
        func.lower(ContactPerson.email) == address.lower(),
    )
    return list(session.exec(rows.order_by(col(ContactPerson.id))))


def person(session: Session, organisation_id: int, number: int) -> ContactPerson | None:
    """Somebody at a partner of a library, also who left."""
    rows = select(ContactPerson).where(
        ContactPerson.organisation_id == organisation_id, ContactPerson.id == number
    )
    return session.exec(rows.execution_options(populate_existing=True)).first()
