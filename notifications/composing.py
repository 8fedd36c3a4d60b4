"""Writes the letter of a message just before it goes out, from what is true at that moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.errors import NoAddress
from notifications import envelopes, texts
from notifications.desk import Desk
from notifications.letter import Address, Appointment, Letter
from notifications.links import Maker
from notifications.once import once
from storage.queries import mail_texts, staff
from storage.queries.outbox import Outgoing
from storage.tables import ContactPerson, Organisation, Participant, Staff

#: mails that the receiver asked for a moment ago, also when they want no others
ASKED_FOR = ("code", "new_link")
#: kind of message → what writes its letter
Writer = Callable[["Writing"], Letter | None]


@dataclass(frozen=True)
class Writing:
    """What a letter is written from: the message, its receiver, the library, and the moment."""

    session: Session
    message: Outgoing
    receiver: Staff | ContactPerson | Participant
    library: Organisation
    desk: Desk
    links: Maker
    now: datetime

    @property
    def name(self) -> str:
        """How the receiver is addressed: by first name, or not by name."""
        if isinstance(self.receiver, Participant):
            return self.receiver.first_name or ""
        return self.receiver.name

    @property
    def staff(self) -> Staff:
        """The receiver, who is a member of staff."""
        assert isinstance(self.receiver, Staff)
        return self.receiver

    @property
    def contact(self) -> ContactPerson:
        """The receiver, who works at a partner."""
        assert isinstance(self.receiver, ContactPerson)
        return self.receiver

    @property
    def language(self) -> str:
        """The language of the receiver; participants are written to in Dutch."""
        return getattr(self.receiver, "language", "nl")

    def letter(
        self,
        template: str,
        values: dict[str, object],
        *,
        thread: str | None = None,
        regular: bool = False,
        own: dict[str, str] | None = None,
        appointment: Appointment | None = None,
    ) -> Letter:
        """The letter to the receiver; `regular`: one that comes again and can be ended."""
        preferences = None
        if not isinstance(self.receiver, Participant):
            preferences = self.links.preferences(self.receiver)
        return Letter(
            template=template,
            language=self.language,
            to=Address(self.name, self.receiver.email or ""),
            values=values,
            library=self.library.name,
            reply_to=self._answers_go_to(),
            thread=thread,
            preferences=preferences,
            unsubscribe=f"{preferences}/off" if preferences and regular else None,
            appointment=appointment,
            texts={**self._signature(), **(own or {})},
        )

    def own_text(self, name: str, values: Mapping[str, str]) -> dict[str, str]:
        """A text as this library has it, filled in, under its name (`notifications.texts`)."""
        kept = once(self.session, mail_texts.of_library, self.message.organisation_id)
        text = texts.in_use(kept, name, self.language)
        return {name: texts.fill(name, text, values)}

    def _signature(self) -> dict[str, str]:
        if isinstance(self.receiver, Staff):
            return {}
        return self.own_text("signature", {"bibliotheek": self.library.name})

    def _answers_go_to(self) -> Address | None:
        """The address of the library, or for others than staff the coordinator: a real person."""
        address = self.library.mail_address
        if address:
            return Address(self.library.name, address)
        if isinstance(self.receiver, Staff):
            return None
        leading = once(self.session, staff.coordinators, self.message.organisation_id)
        person = once(self.session, _colleague, leading[0]) if leading else None
        return Address(person.name, person.email) if person else None


def _colleague(session: Session, number: int) -> Staff | None:
    return session.get(Staff, number)


def compose(session: Session, message: Outgoing, now: datetime, desk: Desk) -> Letter | None:
    """The letter of a message, or nothing when it is not needed any more.

    Keeps the links that stand in it, so it belongs in the transaction that claims the message.
    Raises `NoAddress` when the receiver has none, `FaultyValue` for one that cannot be mailed.
    """
    from notifications.letters import WRITERS

    receiver = _receiver(session, message)
    if receiver is None:
        return None
    library = staff.organisation_by_number(session, message.organisation_id)
    links = Maker(desk.base_url, now)
    writing = Writing(session, message, receiver, library, desk, links, now)
    letter = WRITERS[message.kind](writing)
    if letter is None:
        return None
    # asked last: of what is not needed nobody has to mend the address
    if not receiver.email:
        raise NoAddress(message.kind, remedy="Fill in an e-mail address.")
    envelopes.mailable(receiver.email)
    links.save(session)
    return letter


def _receiver(session: Session, message: Outgoing) -> Staff | ContactPerson | Participant | None:
    """Who it is for, unless that person left or wants no mail."""
    if message.staff_id is not None:
        person = session.get(Staff, message.staff_id)
        return person if person and person.active else None
    if message.contact_person_id is not None:
        contact = session.get(ContactPerson, message.contact_person_id)
        wanted = contact and (contact.mails or message.kind in ASKED_FOR)
        return contact if contact and contact.active and wanted else None
    return session.get(Participant, message.participant_id)
