"""`brug staff`: who works at a library, when they want mail, and who stands in."""

from typing import Any

import pytest
from sqlalchemy import Engine

from core import clock
from storage.engine import reading, transaction
from storage.tables import Leave, Staff
from tests.builders import NOW, a_library, a_staff
from tests.cli.running import Brug
from tests.looking import rows_of

BAS = ("staff", "add", "Bas Verzonnen", "bas@voorbeeld.nl")
PLAIN: dict[str, Any] = {
    "name": "Bas Verzonnen", "email": "bas@voorbeeld.nl", "role": "staff", "language": "nl",
    "digest_hour": 8, "digest_days": "1 2 3 4 5", "single_mails": True, "paused_until": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of these tests stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_somebody_is_added_and_listed(brug: Brug) -> None:
    assert brug.json(*BAS) == PLAIN
    assert brug.json("staff", "list") == [{**PLAIN, "away": []}]
    said = brug("staff", "add", "Eva", "EVA@voorbeeld.nl", "--role", "coordinator")
    assert "Toegevoegd: Eva, eva@voorbeeld.nl." in said


def test_people_read_words_and_no_codes(brug: Brug) -> None:
    for role in ("administrator", "coordinator", "staff", "national_office"):
        brug("staff", "add", role[:3], f"{role[:3]}@voorbeeld.nl", "--role", role)
    shown = brug("staff", "list")
    for words in ("beheerder", "coördinator", "medewerker", "landelijk bureau"):
        assert words in shown
    assert "8:00 ma di wo do vr" in shown and "Pauze" not in shown
    for code in ("administrator", "national_office"):
        assert code not in shown


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (("--hour", "7"), {"digest_hour": 7}),
        (("--days", "135"), {"digest_days": "1 3 5"}),
        (("--days", "1, 3"), {"digest_days": "1 3"}),
        (("--no-single",), {"single_mails": False}),
        (("--pause-until", "2018-05-01"), {"paused_until": "2018-05-01"}),
        (("--language", "en"), {"language": "en"}),
        ((), {}),
    ],
)
def test_somebody_chooses_when_mail_comes(
    brug: Brug, words: tuple[str, ...], changed: dict[str, Any]
) -> None:
    brug(*BAS)
    assert brug.json("staff", "mail", "bas@voorbeeld.nl", *words) == PLAIN | changed
    assert brug.json("staff", "list") == [{**PLAIN, **changed, "away": []}]
    assert "Bas Verzonnen" in (shown := brug("staff", "mail", "bas@voorbeeld.nl"))
    days = {"1 3 5": "ma wo vr", "1 3": "ma wo"}.get(changed.get("digest_days", ""), "ma di wo")
    assert f"{changed.get('digest_hour', 8)}:00 {days}" in shown
    assert ("✓" in shown) == changed.get("single_mails", True)
    assert str(changed.get("paused_until", "")) in shown


def test_a_pause_ends_when_told(brug: Brug) -> None:
    brug(*BAS)
    brug("staff", "mail", "bas@voorbeeld.nl", "--pause-until", "2018-05-01")
    assert brug.json("staff", "mail", "bas@voorbeeld.nl", "--resume") == PLAIN


def test_leave_is_noted_with_who_stands_in(brug: Brug, engine: Engine) -> None:
    brug(*BAS)
    brug("staff", "add", "Eva", "eva@voorbeeld.nl")
    days = ("--from", "2018-04-02", "--to", "2018-04-13")
    away = brug.json("staff", "leave", "bas@voorbeeld.nl", *days, "--stand-in", "eva@voorbeeld.nl")
    assert away == {
        "name": "Bas Verzonnen", "first": "2018-04-02", "last": "2018-04-13", "stand_in": "Eva",
    }  # fmt: skip
    bas, eva = brug.json("staff", "list")
    assert bas["away"] == [{"from": "2018-04-02", "to": "2018-04-13"}]
    assert eva["away"] == []
    assert "2018-04-02" in (shown := brug("staff", "list")) and "Weg" in shown
    with reading(engine) as session:
        [leave] = rows_of(session, Leave)
        people = {row.name: row.id for row in rows_of(session, Staff)}
        assert (leave.staff_id, leave.stand_in_id) == (people["Bas Verzonnen"], people["Eva"])
    said = brug("staff", "leave", "eva@voorbeeld.nl", "--from", "2018-06-01", "--to", "2018-06-01")
    assert "Eva is weg van 2018-06-01 tot en met 2018-06-01." in said


def test_leave_that_is_over_is_not_listed(brug: Brug) -> None:
    brug(*BAS)
    brug("staff", "leave", "bas@voorbeeld.nl", "--from", "2018-03-01", "--to", "2018-04-02")
    [bas] = brug.json("staff", "list")
    assert bas["away"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", "Bas", "bas"), 2),
        (("add", " ", "bo@voorbeeld.nl"), 2),
        (("add", "Bo", "bo@voorbeeld.nl", "--role", "boss"), 2),
        (("add", "Bo", "BAS@voorbeeld.nl"), 1),
        (("mail", "nobody@voorbeeld.nl", "--hour", "7"), 1),
        (("mail", "bas@voorbeeld.nl", "--hour", "3"), 2),
        (("mail", "bas@voorbeeld.nl", "--days", "08"), 2),
        (("mail", "bas@voorbeeld.nl", "--days", "mo"), 2),
        (("mail", "bas@voorbeeld.nl", "--days", ""), 2),
        (("mail", "bas@voorbeeld.nl", "--pause-until", "morgen"), 2),
        (("mail", "bas@voorbeeld.nl", "--language", "fr"), 2),
        (("leave", "bas@voorbeeld.nl", "--from", "2018-05-02", "--to", "2018-05-01"), 2),
        (("leave", "bas@voorbeeld.nl", "--from", "2018-05-02"), 2),
        (("leave", "bas@voorbeeld.nl", "--from", "2018-05-01", "--to", "2018-05-02",
          "--stand-in", "nobody@voorbeeld.nl"), 1),
        (("leave", "bas@voorbeeld.nl", "--from", "2018-05-01", "--to", "2018-05-02",
          "--stand-in", "bas@voorbeeld.nl"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(
    brug: Brug, engine: Engine, words: tuple[str, ...], code: int
) -> None:
    brug(*BAS)
    brug("staff", *words, code=code)
    assert len(brug.complaint.strip()) > 20
    assert brug.json("staff", "list") == [{**PLAIN, "away": []}]
    with reading(engine) as session:
        assert rows_of(session, Leave) == []


def test_people_of_another_library_are_unknown(
    brug: Brug, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    brug(*BAS)
    with transaction(engine) as session:
        a_staff(session, a_library(session, "elders"), "Cas")
    monkeypatch.setenv("BRUG_ORGANISATION", "bibliotheek-de-voorbeeld")
    assert [row["name"] for row in brug.json("staff", "list")] == ["Bas Verzonnen"]
    brug("staff", "mail", "cas@voorbeeld.nl", "--hour", "7", code=1)
    monkeypatch.setenv("BRUG_ORGANISATION", "elders")
    brug("staff", "mail", "bas@voorbeeld.nl", "--hour", "7", code=1)
    assert brug.json("staff", "mail", "cas@voorbeeld.nl", "--hour", "7")["digest_hour"] == 7
