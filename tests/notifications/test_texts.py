"""Texts that a library writes itself: checked when saved, filled in and never run."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import FaultyValue, NotFound
from notifications import previews, texts
from notifications.views import AppointmentView, ReferralView
from storage.queries import mail_texts
from tests.builders import a_library
from tests.looking import refused_by_the_database

NOW = datetime(2018, 4, 3, 9, 0, tzinfo=UTC)


def whys(name: str, text: str) -> list[tuple[int | None, str, str]]:
    return [(fault.line, fault.why, str(fault.remedy)) for fault in texts.check(name, text)]


@pytest.mark.parametrize("name", texts.NAMES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_our_own_texts_have_no_fault(name: str, language: str) -> None:
    assert texts.check(name, texts.default(name, language)) == ()


def test_the_dutch_text_is_dutch() -> None:
    assert texts.default("signature", "nl") == "Met vriendelijke groet,\n{{bibliotheek}}"


def test_an_unknown_placeholder_is_named_with_its_line_and_what_was_meant() -> None:
    assert whys("referral", "Beste {{naam}},\nkomt u bij {{biblotheek}}?") == [
        (2, "This placeholder is not known.", "Did you mean bibliotheek?")
    ]
    [(line, _, remedy)] = whys("signature", "{{plaats}}")
    assert (line, remedy) == (1, "Choose one of: bibliotheek.")


@pytest.mark.parametrize(
    "text",
    ["Beste {{naam", "Beste naam}}", "Beste {naam}", "{% for x in y %}", "{{naam}}}", "{{ 7*7 }}",
     "{{naam.upper()}}", "{{naam|upper}}", "{# weg #}", "{{}}"],
)  # fmt: skip
def test_braces_that_belong_to_no_placeholder_are_refused(text: str) -> None:
    [(line, why, _)] = whys("referral", f"Goed.\n{text}")
    assert (line, why) == (2, "This brace belongs to no placeholder.")


def test_a_text_has_a_longest_length() -> None:
    assert [why for _, why, _ in whys("signature", "a" * 301)] == ["This is too long."]
    assert whys("signature", "a" * 300) == []


def test_participants_never_read_the_word_that_hurts() -> None:
    hurting = "Voor laaggeletterden."
    for name in ("appointment", "signature"):
        assert [why for _, why, _ in whys(name, hurting)] == [
            "Participants read this, and this word hurts."
        ]


def test_a_text_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(NotFound) as refusal:
        texts.check("referal", "x")
    assert refusal.value.remedy == "Did you mean referral?"


def test_a_placeholder_is_filled_in_once() -> None:
    values = {"naam": "{{bibliotheek}}{% x %}", "bibliotheek": "De Voorbeeld"}
    assert texts.fill("referral", "Dag {{naam}} van {{ bibliotheek }}.", values) == (
        "Dag {{bibliotheek}}{% x %} van De Voorbeeld."
    )


def test_a_placeholder_without_a_value_leaves_no_gap() -> None:
    assert texts.fill("referral", "Dag {{naam}}, kom.", {"naam": ""}) == "Dag, kom."
    assert texts.fill("referral", "Dag {{naam}}, kom.", {}) == "Dag, kom."


def test_a_value_stays_on_its_line() -> None:
    assert texts.fill("referral", "Dag {{naam}}", {"naam": "A\nBcc: b"}) == "Dag A Bcc: b"


@given(st.text(max_size=60), st.sampled_from(["Beste {{naam}} uit {{cursus}}", "{{naam}}"]))
def test_whatever_a_value_holds_it_is_shown_and_not_read(value: str, text: str) -> None:
    filled = texts.fill("referral", text, {"naam": value, "cursus": "x"})
    assert "{{cursus}}" not in filled or "{{cursus}}" in value


@given(st.text())
def test_checking_never_fails(text: str) -> None:
    for name in texts.NAMES:
        texts.check(name, texts.clean(text))


def test_values_are_those_of_the_letter() -> None:
    referral = ReferralView(
        "Wim", "De Voorbeeld", "7K3F-9Q", None, date(2018, 5, 7), date(2018, 4, 3), "https://x"
    )
    values = texts.values_for_referral(referral, "nl")
    assert values.keys() == texts.TEXTS["referral"].placeholders.keys()
    assert (values["datum"], values["cursus"]) == ("maandag 7 mei 2018", "")
    appointment = AppointmentView(None, date(2018, 4, 10), "Plein 1", None)
    values = texts.values_for_appointment(appointment, "De Voorbeeld", "en")
    assert values.keys() == texts.TEXTS["appointment"].placeholders.keys()
    assert (values["naam"], values["datum"]) == ("", "Tuesday 10 April 2018")


def test_a_text_is_kept_for_one_library_and_language(session: Session) -> None:
    mine, other = a_library(session), a_library(session, "de-ander")
    assert texts.save(session, mine, "signature", "nl", " Groet,\r\n{{bibliotheek}} ", now=NOW) == (
        "Groet,\n{{bibliotheek}}"
    )
    texts.save(session, mine, "signature", "nl", "Dag!", now=NOW)
    kept = mail_texts.of_library(session, mine)
    assert kept == {("signature", "nl"): "Dag!"}
    assert mail_texts.of_library(session, other) == {}
    assert texts.in_use(kept, "signature", "nl") == "Dag!"
    assert texts.in_use(kept, "signature", "en") == "Kind regards,\n{{bibliotheek}}"


def test_an_empty_text_brings_back_ours(session: Session) -> None:
    library = a_library(session)
    texts.save(session, library, "signature", "nl", "Dag!", now=NOW)
    back = texts.save(session, library, "signature", "nl", " \n", now=NOW)
    assert back == texts.default("signature", "nl")
    assert mail_texts.of_library(session, library) == {}


def test_a_faulty_text_is_not_kept(session: Session) -> None:
    library = a_library(session)
    texts.save(session, library, "referral", "nl", "Goed.", now=NOW)
    with pytest.raises(FaultyValue) as refusal:
        texts.save(session, library, "referral", "nl", "Dag {{nam}}\n{", now=NOW)
    assert [fault.line for fault in refusal.value.faults] == [1, 2]
    assert mail_texts.of_library(session, library) == {("referral", "nl"): "Goed."}


def test_the_database_knows_two_languages(session: Session) -> None:
    library = a_library(session)
    with refused_by_the_database(session):
        mail_texts.keep(session, library, "signature", "fr", "Salut", NOW)


def test_a_text_of_the_library_stands_in_its_mails() -> None:
    own = {("referral", "nl"): "Beste {{naam}},\n\nDit gaat over {{cursus}}.\nBelt u?"}
    mail = previews.mail("referral", "nl", own)
    assert "Beste Wim Bedacht,\n\nDit gaat over Klik & Tik (verzonnen).\nBelt u?" in mail.text
    assert "Dit gaat over Klik &amp; Tik (verzonnen)." in mail.html
    signed = previews.mail("received", "nl", {("signature", "nl"): "Tot ziens!"})
    assert "Tot ziens!" in signed.text and "Tot ziens!" in signed.html
    assert (
        "Tot ziens!" not in previews.mail("digest", "nl", {("signature", "nl"): "Tot ziens!"}).text
    )
