"""Looking at mails before they go out, and writing the texts that are a library's own."""

from pathlib import Path

import pytest

from cli import mail_previews
from cli.composition import Program, program
from core.errors import BsnFound, FaultyValue, NotFound
from tests.cli.running import Brug


@pytest.fixture
def here(brug: Brug) -> Program:
    """The program in an office with one library."""
    return program()


def test_a_mail_is_printed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    mail_previews.preview("referral", "nl", {})
    printed = capsys.readouterr().out
    assert "Onderwerp: Verwijzing 7K3F-9Q: laat u het ons weten?" in printed
    assert "https://brug.voorbeeld.example/a/voorbeeld-1" in printed


def test_a_mail_is_written_and_opened(tmp_path: Path) -> None:
    opened: list[str] = []
    paths = mail_previews.preview(
        "digest", "en", {}, out=tmp_path / "new", open_it=True, opener=opened.append
    )
    assert [path.name for path in paths] == ["digest.en.html", "digest.en.txt", "digest.en.eml"]
    assert opened == [paths[0].as_uri()]
    assert "Tuesday 3 April" in paths[0].read_text(encoding="utf-8")
    assert paths[1].read_text(encoding="utf-8").startswith("To do today: 4, of which 2 overdue\n")


def test_a_mail_that_does_not_exist_is_answered_with_what_was_meant() -> None:
    with pytest.raises(NotFound) as refusal:
        mail_previews.preview("referal", "nl", {})
    assert refusal.value.remedy == "Did you mean referral?"
    with pytest.raises(FaultyValue):
        mail_previews.language_named("fr")


def test_there_is_a_list_of_mails(capsys: pytest.CaptureFixture[str]) -> None:
    rows = mail_previews.kinds("nl")
    assert {"name": "appointment", "for": "participant", "subject": "Afspraak bibliotheek"} in rows
    mail_previews.show_kinds(rows)
    assert "deelnemer" in capsys.readouterr().out


def test_a_library_writes_its_own_text(
    here: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not any(row["own"] for row in mail_previews.list_texts(here))
    row = mail_previews.set_text(here, "signature", "nl", "Tot ziens bij {{bibliotheek}}!")
    assert (row["own"], row["text"]) == (True, "Tot ziens bij {{bibliotheek}}!")
    mail_previews.show_texts(mail_previews.list_texts(here))
    mail_previews.show_text(row)
    printed = capsys.readouterr().out
    assert "Tot ziens bij" in printed and "{{bibliotheek}}" in printed
    written = mail_previews.written_by(here)
    mail = mail_previews.mail_of("received", "nl", written)
    assert "Tot ziens bij Bibliotheek De Voorbeeld!" in mail.text
    assert mail_previews.set_text(here, "signature", "nl", "")["own"] is False


def test_a_draft_is_tried_before_it_is_kept(here: Program) -> None:
    written = mail_previews.with_draft({}, "referral", "nl", "Beste {{naam}}, belt u?")
    assert "Beste Wim Bedacht, belt u?" in mail_previews.mail_of("referral", "nl", written).text
    with pytest.raises(FaultyValue):
        mail_previews.with_draft({}, "referral", "nl", "Beste {{nam}}")
    assert mail_previews.written_by(here) == {}


def test_a_faulty_text_and_a_bsn_are_refused(here: Program) -> None:
    with pytest.raises(FaultyValue) as refusal:
        mail_previews.set_text(here, "referral", "nl", "Goed.\nBeste {{nam}}")
    assert [fault.line for fault in refusal.value.faults] == [2]
    with pytest.raises(BsnFound):
        mail_previews.set_text(here, "referral", "nl", "Over 111222333.")
    with pytest.raises(NotFound):
        mail_previews.set_text(here, "footer", "nl", "x")
    assert mail_previews.written_by(here) == {}


def test_without_a_database_there_are_previews_too(bare: Brug) -> None:
    assert mail_previews.written_by(program()) == {}
