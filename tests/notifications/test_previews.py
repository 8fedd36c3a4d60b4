"""Every mail in both languages as it was when somebody last looked at it, and its words.

After a change that is meant, this writes the files in ``golden/`` anew::

    BRUG_RENEW_MAILS=1 python -m pytest tests/notifications/test_previews.py

Then look at them (``git diff``) and at the pictures (``python -m tests.notifications.pictures
FOLDER``), and commit them with the change.
"""

import os
import re
from pathlib import Path

import pytest

from core import words
from notifications import previews
from notifications.kinds import KINDS
from notifications.rendering import TEMPLATES

GOLDEN = Path(__file__).parent / "golden"
EVERY = [(kind, language) for kind in KINDS for language in ("nl", "en")]
#: who is invented in the previews: none of them stands in a subject
INVENTED = ("Fatima", "Ann", "Wim", "Hanna", "Bas", "Josefien", "Denkbeeldig", "Bedacht", "Klik")
#: words that hurt, or that only an office says
NEVER = (
    "laaggeletterd", "laag geletterd", "analfabe", "cliënt", "client", "doelgroep", "casus",
    "toeleid", "doorgeleid", "ketenpartner", "middels", "conform", "dienen te", "inzake",
    "indien", "tevens", "teneinde", "betreffende", "illiterate", "low-literate", "utilise",
)  # fmt: skip
#: words of the staff, which people outside do not know
OF_THE_STAFF = ("traject", "behandelaar", "fase", "opvolging", "norm", "escal")


def contents(kind: str, language: str) -> dict[str, str]:
    """What is compared: ending of the file → what stands in it."""
    mail = previews.mail(kind, language)
    head, _, _ = mail.source.decode().replace("\r\n", "\n").partition("\n\n")
    return {"headers": f"{head}\n", "txt": mail.text, "html": mail.html}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_mail_is_as_it_was_last_seen(kind: str, language: str) -> None:
    renew = "BRUG_RENEW_MAILS" in os.environ and "CI" not in os.environ
    for ending, content in contents(kind, language).items():
        path = GOLDEN / f"{kind}.{language}.{ending}"
        if renew:
            path.write_text(content, encoding="utf-8")
        assert path.is_file() and path.read_text(encoding="utf-8") == content, (
            f"{path.name} differs. When that is meant, see the top of {Path(__file__).name}."
        )


def test_no_golden_file_is_left_over() -> None:
    expected = {
        f"{kind}.{language}.{end}" for kind, language in EVERY for end in contents(kind, language)
    }
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_subject_is_short_and_says_nothing_about_anybody(kind: str, language: str) -> None:
    subject = previews.mail(kind, language).subject
    assert 0 < len(subject) <= 60
    assert not [name for name in INVENTED if name in subject]


def test_a_participant_reads_a_neutral_subject() -> None:
    assert previews.mail("appointment", "nl").subject == "Afspraak bibliotheek"
    assert previews.mail("appointment", "en").subject == "Library appointment"


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_twins_say_the_same(kind: str, language: str) -> None:
    mail = previews.mail(kind, language)
    links = set(re.findall(r'href="(http[^"]+)"', mail.html))
    assert links == set(re.findall(r"https?://\S+", mail.text))
    seen = re.sub(
        r"<style.*?</style>|<!--.*?-->|<title>.*?</title>", "", mail.html, flags=re.DOTALL
    )
    said = set(re.findall(r"\w+", re.sub(r"<[^>]+>|&[#\w]+;", " ", seen).lower()))
    told = set(re.findall(r"\w+", re.sub(r"https?://\S+", " ", mail.text).lower()))
    # each way of reading has a hint of its own: a line or a button here, an address there
    assert len(said ^ told) <= 12, said ^ told


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_everybody_reads_why_it_comes(kind: str, language: str) -> None:
    mail = previews.mail(kind, language)
    why = words.say(language, KINDS[kind].why, library=previews.LIBRARY)
    assert why in mail.text and why in mail.html.replace("&#39;", "'")
    foot = mail.text.partition("\n--\n")[2].splitlines()
    assert 2 <= len(foot) <= 3


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_there_is_at_most_one_button(kind: str, language: str) -> None:
    assert len(re.findall(r'class="button"', previews.mail(kind, language).html)) <= 1


def test_nobody_reads_words_that_hurt_or_hide() -> None:
    sources = [*TEMPLATES.rglob("*.txt"), *TEMPLATES.rglob("*.html")]
    catalogue = Path(words.__file__).parent / "locale" / "nl.mail.po"
    for path in (*sources, catalogue):
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in NEVER if word in text], path.name


@pytest.mark.parametrize("kind", [k for k, about in KINDS.items() if about.audience != "staff"])
def test_people_outside_read_no_words_of_the_staff(kind: str) -> None:
    text = previews.mail(kind, "nl").text.lower()
    assert not [word for word in OF_THE_STAFF if word in text]
    assert not re.search(r"\bje\b|\bjouw?\b|\bjullie\b", text)


@pytest.mark.parametrize("kind", [k for k, about in KINDS.items() if about.audience == "staff"])
def test_staff_are_not_addressed_as_strangers(kind: str) -> None:
    assert not re.search(r"\bu\b|\buw\b", previews.mail(kind, "nl").text.lower())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_participant_reads_short_sentences(language: str) -> None:
    text = previews.mail("appointment", language).text
    sentences = [part for part in re.split(r"[.?!:]\s|\n+", text) if re.search(r"\w", part)]
    lengths = [len(re.findall(r"\w+", part)) for part in sentences]
    assert max(lengths) <= 12
    assert sum(lengths) / len(lengths) <= 6


def test_a_mail_about_a_referral_holds_nothing_about_the_person() -> None:
    for kind in ("referral", "partner_digest", "arrived", "received", "code", "new_link"):
        source = previews.mail(kind, "nl").text
        assert "Fatima" not in source
