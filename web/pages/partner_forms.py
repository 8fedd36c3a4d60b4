"""What is filled in about a partner or a human there, read from its form."""

from core import municipalities
from core.errors import FaultyValue
from core.words import LANGUAGES, Told
from referrals import bsn
from referrals.names import LONGEST_NAME
from referrals.partner_changes import ContactFacts, PartnerFacts
from referrals.phones import read_email, read_phones
from storage.tables.partner import PARTNER_KINDS
from web.forms import Sent

YES_NO = ("yes", "no")


def partner(sent: Sent) -> PartnerFacts:
    """What was filled in about a partner; raises `NotFilledIn` with everything that is wrong."""
    name = sent.line("name", needed=True)
    kind = sent.one_of("kind", PARTNER_KINDS)
    place = sent.line("municipality")
    found = municipalities.find(place) if place else None
    if place and found is None:
        remedy = Told("Write the name of the municipality, or leave it empty.")
        sent.refuse("municipality", "This municipality is not known.", remedy)
    active = sent["active"] != "no"
    sent.check()
    return PartnerFacts(name, kind, found.code if found else None, active)


def typed_partner(facts: PartnerFacts) -> dict[str, str]:
    """The fields as a form shows them."""
    code = facts.municipality_code
    return {
        "name": facts.name,
        "kind": facts.kind,
        "municipality": municipalities.name_of(code) if code else "",
        "active": "yes" if facts.active else "no",
    }


def contact(sent: Sent) -> ContactFacts:
    """What was filled in about somebody; raises `NotFilledIn` with everything that is wrong."""
    name = sent.line("name", LONGEST_NAME, needed=True)
    email, phone = email_of(sent, "email"), _phone(sent)
    if not (sent["email"].strip() or sent["phone"].strip()):
        why = "There is no way to reach this person."
        sent.refuse("email", why, "Add an e-mail address or a phone number.")
    language = sent.one_of("language", LANGUAGES)
    mails = sent.one_of("mails", YES_NO) == "yes"
    active = sent["active"] != "no"
    sent.check()
    return ContactFacts(name, email, phone, language, mails, active)


def typed_contact(facts: ContactFacts) -> dict[str, str]:
    """The fields as a form shows them."""
    return {
        "name": facts.name,
        "email": facts.email or "",
        "phone": facts.phone or "",
        "language": facts.language,
        "mails": "yes" if facts.mails else "no",
        "active": "yes" if facts.active else "no",
    }


def email_of(sent: Sent, name: str) -> str | None:
    """An address that can be mailed, or none; anything else is a fault."""
    try:
        return read_email(sent[name]) or None
    except FaultyValue:
        remedy = "Write one address, such as naam@voorbeeld.nl."
        sent.refuse(name, "This is not an e-mail address.", remedy)
        return None


def _phone(sent: Sent) -> str | None:
    """The first number that somebody can be called at, or none."""
    try:
        bsn.refuse(sent["phone"], "phone", remedy=bsn.PHONE_REMEDY)
        found = read_phones(sent["phone"], "phone") if len(sent["phone"]) < 200 else ()
    except FaultyValue as error:
        sent.refused("phone", error)
        return None
    if not found and len(sent["phone"]) >= 200:
        sent.refuse("phone", "This text is too long to keep.", "Shorten it.")
    return found[0] if found else None
