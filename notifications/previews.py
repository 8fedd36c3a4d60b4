"""A letter of every kind with invented people in it: to look at, and to compare after a change."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from core.words import say
from notifications import texts
from notifications.kinds import KINDS
from notifications.letter import Address, Appointment, Letter
from notifications.rendering import Mail, render
from notifications.views import (
    AboutCasesView,
    AnswerView,
    AppointmentView,
    ArrivedView,
    CaseGroup,
    CodeView,
    DigestView,
    IntroducedView,
    Item,
    KeyView,
    NewLinkView,
    PartnerDigestView,
    PartnerItem,
    ReceivedView,
    ReferralView,
    RollUpView,
    UndeliveredView,
)

LIBRARY = "Bibliotheek De Voorbeeld"
#: a Tuesday
MOMENT = datetime(2018, 4, 3, 6, 0, tzinfo=UTC)
SENDER = Address("Brug", "brug@voorbeeld.example")
_DAY = date(2018, 4, 3)
_PAGES = "https://brug.voorbeeld.example"
_EMPLOYER = "Schoonmaakbedrijf Denkbeeldig"
_THREE = ("7K3F-9Q", "M2XW-4T", "0B8N-RC")
_DESK = Address("Taalhuis De Voorbeeld", "taalhuis@voorbeeld.example")
_STAFF = Address("Ann Verzonnen", "ann@voorbeeld.example")
_PARTNER = Address("Wim Bedacht", "wim@aanbieder.example")
_HR = Address("Hanna Denkbeeldig", "hanna@bedrijf.example")
_PARTICIPANT = Address("Fatima", "fatima@post.example")
#: what people typed themselves is Dutch in both languages
_TYPED = {
    "note": "In mei begint een nieuwe groep.",
    "reason": "550 5.1.1 No such user here",
}


def letter(
    kind: str, language: str, written: Mapping[tuple[str, str], str] | None = None
) -> Letter:
    """The letter of a kind; `written` are the texts that the library keeps instead of ours."""
    to, values = _CONTENTS[kind](language)
    audience = KINDS[kind].audience
    return Letter(
        template=kind,
        language=language,
        to=to,
        values=values,
        library=LIBRARY,
        reply_to=_DESK,
        thread="7K3F-9Q" if kind in ("answer", "referral", "arrived") else None,
        preferences=f"{_PAGES}/m/voorbeeld" if KINDS[kind].choose else None,
        unsubscribe=f"{_PAGES}/m/voorbeeld/off" if kind in _REGULAR else None,
        appointment=_appointment() if audience == "participant" else None,
        texts=_texts(kind, values, language, written or {}),
    )


def mail(kind: str, language: str, written: Mapping[tuple[str, str], str] | None = None) -> Mail:
    """The letter of a kind, written out."""
    return render(
        letter(kind, language, written), key=f"preview:{kind}:{language}", sender=SENDER, now=MOMENT
    )


#: what routes and other letters say, in both languages
_OWN = {"nl": "Zelf gekomen", "en": "Open door"}
_PARENTS = {"nl": "Ouders", "en": "Parents"}
_REFERRED = {"nl": "Verwezen", "en": "Referred"}
_STARTED = {"nl": "Gestart", "en": "Started"}
_LATE = {
    "nl": "Staat hier 14 werkdagen; gewoon is 10.",
    "en": "Stands here for 14 workdays; usual is 10.",
}
_ANSWERED = {
    "nl": "Op 29 maart: op de wachtlijst.",
    "en": "On 29 March: on the waiting list.",
}
_ASK = {
    "nl": "Vraag of er contact is geweest met de aanbieder.",
    "en": "Ask whether there was contact with the provider.",
}
_TELL = {
    "nl": "Bel de deelnemer en vertel hoe het met de wachtlijst is.",
    "en": "Call the participant and tell how the waiting list stands.",
}
_CALL = {
    "nl": "Bel de deelnemer en spreek een eerste stap af.",
    "en": "Call the participant and agree on a first step.",
}
_LESSON = {
    "nl": "Vraag hoe de eerste les was en of de deelnemer blijft komen.",
    "en": "Ask how the first lesson was and whether the participant keeps coming.",
}
_AWAITED = {
    "nl": "Antwoord van Taalschool De Denkbeeldige.",
    "en": "An answer from Taalschool De Denkbeeldige.",
}
_STANDS = {
    "nl": "Laat weten hoe het met de verwijzing staat.",
    "en": "Tell how the referral stands.",
}
_COMPLETED = {
    "nl": "Laat weten of de deelnemer de cursus heeft afgerond.",
    "en": "Tell whether the participant has completed the course.",
}
_FEWER = {"nl": "minder dan 5", "en": "fewer than 5"}
_A_REFERRAL = {"nl": "een verwijzing", "en": "a referral"}
_REGULAR = ("digest", "partner_digest", "roll_up")


def _texts(
    kind: str, values: Mapping[str, object], language: str, written: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    found = {"signature": {"bibliotheek": LIBRARY}}
    match values.get(kind):
        case ReferralView() as view:
            found["referral"] = texts.values_for_referral(view, language)
        case AppointmentView() as view:
            found["appointment"] = texts.values_for_appointment(view, LIBRARY, language)
    return {
        name: texts.fill(name, texts.in_use(written, name, language), filling)
        for name, filling in found.items()
    }


def _link(number: int) -> str:
    return f"{_PAGES}/a/voorbeeld-{number}"


def _digest(language: str) -> tuple[Address, dict[str, object]]:
    view = DigestView(
        name="Ann",
        day=_DAY,
        overdue=_overdue(language),
        today=_today(language),
        waiting=_waiting(language),
        older=3,
        standing_in_for=("Bas",),
    )
    return _STAFF, {"digest": view}


def _overdue(language: str) -> tuple[CaseGroup, ...]:
    items = (
        Item(_ASK[language], date(2018, 3, 29), _link(1)),
        Item(_TELL[language], date(2018, 3, 30), _link(2), answered=_ANSWERED[language]),
    )
    return (
        CaseGroup("7K3F-9Q", "Fatima", _OWN[language], _REFERRED[language], _LATE[language], items),
    )


def _today(language: str) -> tuple[CaseGroup, ...]:
    lesson = Item(_LESSON[language], _DAY, _link(4), escalated_from="Bas")
    return (
        CaseGroup(
            "M2XW-4T", None, _OWN[language], "Contact", None,
            (Item(_CALL[language], _DAY, _link(3)),),
        ),
        CaseGroup(
            "0B8N-RC", "Josefien", _PARENTS[language], _STARTED[language], None, (lesson,)
        ),
    )  # fmt: skip


def _waiting(language: str) -> tuple[CaseGroup, ...]:
    item = Item(_AWAITED[language], date(2018, 4, 6), _link(5))
    return (CaseGroup("Q9A1-7D", "Mo", _OWN[language], _REFERRED[language], None, (item,)),)


def _partner_digest(language: str) -> tuple[Address, dict[str, object]]:
    items = (
        PartnerItem("7K3F-9Q", _STANDS[language], date(2018, 3, 29), _link(1)),
        PartnerItem("M2XW-4T", _COMPLETED[language], date(2018, 4, 4), _link(2)),
    )
    return _PARTNER, {"digest": PartnerDigestView("Wim Bedacht", _DAY, items)}


def _roll_up(language: str) -> tuple[Address, dict[str, object]]:
    view = RollUpView(
        name="Ann",
        first_day=date(2018, 3, 26),
        last_day=date(2018, 3, 30),
        overdue_by=(("Bas Verzonnen", 7), ("Ann Verzonnen", 2)),
        unowned=3,
        without_next_step=5,
        unanswered=4,
        undeliverable=(("wim@aanbieder.example", _TYPED["reason"]),),
        moved=1031,
    )
    return _STAFF, {"week": view}


def _introductions(language: str) -> tuple[Address, dict[str, object]]:
    return _STAFF, {"introduced": IntroducedView("Ann", _EMPLOYER, 3, _THREE, _link(1))}


def _about_cases(language: str) -> tuple[Address, dict[str, object]]:
    url = f"{_PAGES}/cases?owner=mine"
    return _STAFF, {"asked": AboutCasesView("Ann", "Bas", 12, _THREE, url)}


def _answer(language: str) -> tuple[Address, dict[str, object]]:
    view = AnswerView(
        "Ann", "7K3F-9Q", "Fatima", "Taalschool De Denkbeeldige",
        say(language, "on the waiting list"), _TYPED["note"], _TELL[language], _link(1),
    )  # fmt: skip
    return _STAFF, {"answer": view}


def _undelivered(language: str) -> tuple[Address, dict[str, object]]:
    view = UndeliveredView(
        "Ann",
        "wim@aanbieder.example",
        "Wim Bedacht",
        _TYPED["reason"],
        _A_REFERRAL[language],
        "7K3F-9Q",
    )
    return _STAFF, {"undelivered": view}


def _referral(language: str) -> tuple[Address, dict[str, object]]:
    view = ReferralView(
        "Wim Bedacht", LIBRARY, "7K3F-9Q", "Klik & Tik (verzonnen)", date(2018, 5, 7), _DAY,
        _link(1),
    )  # fmt: skip
    return _PARTNER, {"referral": view}


def _arrived(language: str) -> tuple[Address, dict[str, object]]:
    view = ArrivedView("Hanna Denkbeeldig", "7K3F-9Q", date(2018, 3, 20), date(2018, 4, 2))
    return _HR, {"arrived": view}


def _received(language: str) -> tuple[Address, dict[str, object]]:
    view = ReceivedView("Hanna Denkbeeldig", _EMPLOYER, _FEWER[language], _DAY)
    return _HR, {"received": view}


def _appointment_view(language: str) -> tuple[Address, dict[str, object]]:
    view = AppointmentView("Fatima", date(2018, 4, 10), _PLACE, "023 555 01 23")
    return _PARTICIPANT, {"appointment": view}


def _code(language: str) -> tuple[Address, dict[str, object]]:
    return _PARTNER, {"code": CodeView("428913", 10)}


def _new_link(language: str) -> tuple[Address, dict[str, object]]:
    return _PARTNER, {"link": NewLinkView("Wim Bedacht", _link(1))}


def _invitation(language: str) -> tuple[Address, dict[str, object]]:
    url = f"{_PAGES}/invitation/voorbeeld"
    return _STAFF, {"key": KeyView("Ann", url, date(2018, 4, 10))}


def _reset(language: str) -> tuple[Address, dict[str, object]]:
    return _STAFF, {"key": KeyView("Ann", f"{_PAGES}/reset/voorbeeld", _DAY)}


_PLACE = "De Voorbeeld, Verzonnenplein 1"


def _appointment() -> Appointment:
    return Appointment("7K3F-9Q@voorbeeld.example", date(2018, 4, 10), _PLACE)


_CONTENTS = {
    "digest": _digest,
    "partner_digest": _partner_digest,
    "roll_up": _roll_up,
    "introductions": _introductions,
    "about_cases": _about_cases,
    "answer": _answer,
    "undelivered": _undelivered,
    "referral": _referral,
    "arrived": _arrived,
    "received": _received,
    "appointment": _appointment_view,
    "code": _code,
    "new_link": _new_link,
    "invitation": _invitation,
    "reset": _reset,
}
