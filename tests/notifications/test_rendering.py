"""A letter becomes a mail: headers, twins of text and HTML, and nothing smuggled in."""

from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import compat32, default
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from core.errors import FaultyValue
from core.words import Told
from notifications import envelopes, previews
from notifications.kinds import KINDS
from notifications.letter import Address, Letter
from notifications.rendering import TEMPLATES, Mail, render
from notifications.views import DigestView, NewLinkView
from storage.tables.message import MESSAGE_KINDS

EVERY = [(kind, language) for kind in KINDS for language in ("nl", "en")]
#: signs with which people or programs have broken headers before
CUNNING = st.text(
    st.sampled_from(list('a "\\<>,;:@=?\r\n\0\t\x0b\x85\u2028\u202e\u200dé漢=?utf-8?q?_'))
)
NAMES = st.one_of(st.text(max_size=120), CUNNING)


def written(letter: Letter) -> Mail:
    key = "digest:12:2018-04-03"
    return render(letter, key=key, sender=previews.SENDER, now=previews.MOMENT)


def parsed(mail: Mail) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(mail.source)
    assert isinstance(message, EmailMessage)
    return message


def new_link(name: str = "Wim", url: str = "https://brug.example/a/1") -> Letter:
    return replace(previews.letter("new_link", "nl"), values={"link": NewLinkView(name, url)})


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def test_there_is_a_folder_for_every_kind_of_message() -> None:
    assert set(KINDS) == set(MESSAGE_KINDS)
    folders = {path.name for path in TEMPLATES.iterdir()} - {"layout"}
    assert folders == set(KINDS)
    for kind in KINDS:
        files = {path.name for path in (TEMPLATES / kind).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_text_and_html_arrive_as_they_were_written(kind: str, language: str) -> None:
    mail = previews.mail(kind, language)
    message = parsed(mail)
    assert body(message, "plain") == mail.text
    assert body(message, "html").encode("ascii", "xmlcharrefreplace").decode() == (
        mail.html.encode("ascii", "xmlcharrefreplace").decode()
    )
    assert f'<html lang="{language}"' in mail.html
    for part in message.walk():
        assert not part.defects


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_mail_is_short_lines_of_ascii(kind: str, language: str) -> None:
    source = previews.mail(kind, language).source
    assert source.isascii()
    assert b"\n" not in source.replace(b"\r\n", b"")
    assert b"\r" not in source.replace(b"\r\n", b"")
    assert max(map(len, source.split(b"\r\n"))) <= envelopes.LONGEST_LINE


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_headers_say_what_a_mail_program_needs(kind: str, language: str) -> None:
    letter = previews.letter(kind, language)
    message = parsed(written(letter))
    assert message["From"] == "Bibliotheek De Voorbeeld <brug@voorbeeld.example>"
    assert [each.addr_spec for each in message["To"].addresses] == [letter.to.email]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    assert message["Reply-To"].addresses[0].addr_spec == "taalhuis@voorbeeld.example"
    assert parsedate_to_datetime(message["Date"]) == previews.MOMENT
    assert message["X-Brug-Key"] == "digest:12:2018-04-03"
    assert message["Message-ID"].startswith("<") and message["Message-ID"].endswith(
        "@voorbeeld.example>"
    )


def test_the_same_key_gives_the_same_message_id() -> None:
    letter = new_link()
    first, second = written(letter), written(letter)
    assert first == second
    other = render(letter, key="digest:13:2018-04-03", sender=previews.SENDER, now=previews.MOMENT)
    assert other.message_id != first.message_id


def test_mails_about_one_case_stand_together() -> None:
    about = [parsed(previews.mail(kind, "nl")) for kind in ("referral", "answer", "arrived")]
    assert {message["References"] for message in about} == {"<case-7K3F-9Q@voorbeeld.example>"}
    assert {message["In-Reply-To"] for message in about} == {"<case-7K3F-9Q@voorbeeld.example>"}
    assert parsed(previews.mail("digest", "nl"))["References"] is None


def test_what_comes_regularly_can_be_ended_with_one_click() -> None:
    message = parsed(previews.mail("digest", "nl"))
    assert message["List-Unsubscribe"] == "<https://brug.voorbeeld.example/m/voorbeeld/off>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed(previews.mail("referral", "nl"))["List-Unsubscribe"] is None


@settings(max_examples=600)
@given(receiver=NAMES, desk=NAMES, library=NAMES)
def test_no_name_adds_a_header_or_a_receiver(receiver: str, desk: str, library: str) -> None:
    plain = new_link()
    letter = replace(
        plain,
        to=Address(receiver, "wim@aanbieder.example"),
        reply_to=Address(desk, "taalhuis@voorbeeld.example"),
        library=library,
    )
    mail = written(letter)
    message = parsed(mail)
    assert message.keys() == parsed(written(plain)).keys()
    for header, name, email in (
        ("To", receiver, "wim@aanbieder.example"),
        ("From", library or "Brug", "brug@voorbeeld.example"),
        ("Reply-To", desk, "taalhuis@voorbeeld.example"),
    ):
        [address] = message[header].addresses
        assert address.addr_spec == email
        assert _name_in(mail, header) == envelopes.one_line(name)[:100].strip()
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert mail.source.isascii()
    assert max(map(len, mail.source.split(b"\r\n"))) <= envelopes.LONGEST_LINE


def _name_in(mail: Mail, header: str) -> str:
    """As mail programs read it; the newer parser puts spaces between encoded words (gh-128110)."""
    raw = BytesParser(policy=compat32).parsebytes(mail.source)[header]
    name, _ = parseaddr(raw.replace("\r\n", "").replace("\n", ""))
    return str(make_header(decode_header(name)))


@settings(max_examples=300)
@given(reference=NAMES)
def test_a_subject_is_one_line_whatever_stands_in_it(reference: str) -> None:
    letter = previews.letter("referral", "nl")
    view = replace(letter.values["referral"], reference=reference)  # type: ignore[type-var]
    mail = written(replace(letter, values={"referral": view}))
    message = parsed(mail)
    assert mail.subject == envelopes.one_line(mail.subject)
    assert mail.subject.isprintable() or not mail.subject.isascii()
    assert message["Subject"] == mail.subject[:150].rstrip()
    assert len(message.keys()) == len(parsed(written(letter)).keys())


@pytest.mark.parametrize(
    "address",
    [
        "", "wim", "wim@", "@x.nl", "wim@x..nl", "wim@-x.nl", ".wim@x.nl", "wim@x.nl, iemand@y.nl",
        "wim@x.nl\r\nBcc: iemand@y.nl", "<wim@x.nl>", "wim bedacht@x.nl", "wim@x.nl>", "wïm@x.nl",
        f"{'w' * 65}@x.nl", f"wim@{'x' * 64}.nl", "wim@[127.0.0.1]",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_mailed_is_refused(address: str) -> None:
    with pytest.raises(FaultyValue, match="cannot be used"):
        written(replace(new_link(), to=Address("Wim", address)))


@pytest.mark.parametrize(
    ("address", "mailed"),
    [
        ("wim@x.nl", "wim@x.nl"), (" wim.b+taal@x.nl ", "wim.b+taal@x.nl"),
        ("brug@localhost", "brug@localhost"), ("wim@café.nl", "wim@xn--caf-dma.nl"),
        ("o'wim@x.nl", "o'wim@x.nl"),
    ],
)  # fmt: skip
def test_an_address_is_mailed_as_servers_take_it(address: str, mailed: str) -> None:
    assert written(replace(new_link(), to=Address("Wim", address))).to_email == mailed


def test_what_people_wrote_is_neither_markup_nor_a_template() -> None:
    name = "{{ 7 * 7 }}{% set x = 1 %}<script>alert(1)</script>&amp;"
    mail = written(new_link(name))
    assert name in mail.text
    assert "<script>" not in mail.html and "49" not in mail.html
    assert "{{ 7 * 7 }}{% set x = 1 %}&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in mail.html
    assert (
        'href="https://brug.example/a/1&#34;&gt;'
        in written(new_link(url='https://brug.example/a/1">')).html
    )


def test_signs_that_hide_or_turn_text_are_left_out() -> None:
    mail = written(new_link("Wim\u202e\u2066\0\x07 B"))
    assert "Wim B" in mail.text and "Wim B" in mail.html


def test_a_text_cannot_end_its_own_part() -> None:
    mark = f"--=_{envelopes.fingerprint('digest:12:2018-04-03')[:24]}"
    smuggled = f"x\n{mark}--\n{mark}\nContent-Type: text/html\n\n<b>x</b>"
    letter = replace(new_link(), texts={"signature": smuggled})
    message = parsed(written(letter))
    assert len(list(message.walk())) == 3
    assert mark in body(message, "plain")


def test_a_long_line_is_folded_and_arrives_whole() -> None:
    mail = written(new_link("a" * 3000))
    assert "a" * 3000 in body(parsed(mail), "plain")
    assert "a" * 3000 in body(parsed(mail), "html")


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        written(replace(new_link(), values={}))


def test_a_told_value_is_put_into_the_language_of_the_letter() -> None:
    letter = previews.letter("undelivered", "nl")
    view = replace(letter.values["undelivered"], what=Told("on the waiting list"))  # type: ignore[type-var]
    assert "op de wachtlijst" in written(replace(letter, values={"undelivered": view})).text


def test_a_digest_counts_what_is_late() -> None:
    view = previews.letter("digest", "nl").values["digest"]
    assert isinstance(view, DigestView)
    assert (view.late, view.to_do, view.on_others) == (2, 4, 1)
    quiet = replace(view, overdue=(), today=(), older=0)
    letter = replace(previews.letter("digest", "nl"), values={"digest": quiet})
    assert written(letter).subject == "Wacht op anderen: 1"
    assert "Te laat" not in written(letter).html


def test_without_a_page_of_preferences_one_answers_the_mail() -> None:
    letter = replace(previews.letter("digest", "nl"), preferences=None)
    assert "Wil je minder mails? Antwoord dan op deze mail." in written(letter).text
    silent = written(replace(letter, reply_to=None))
    assert "Antwoord" not in silent.text.partition("\n--\n")[2]
