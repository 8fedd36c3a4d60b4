"""`brug mail`: what went out and what did not, tried again, counted, and simulated."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, text

from core import clock
from core.references import reference
from storage.engine import reading, transaction
from storage.queries import messages, refused_addresses
from storage.queries.messages import Queued
from storage.tables import Message, Undeliverable
from tests.builders import NOW, a_case, a_colleague, a_contact, a_library, a_partner
from tests.cli.running import Brug
from tests.looking import rows_of
from workflows.library import builtin

SERVER = "550 5.1.1 No such user"
CODES = ("partner_digest", "digest", "failed", "pending", "no_address", "refused", "fault")


@pytest.fixture
def mails(engine: Engine, office: dict[str, int]) -> dict[str, int]:
    """Kind → number of a mail: one that failed, one that was sent, one that waits."""
    with transaction(engine) as session:
        library, ann = office["library"], office["ann"]
        wim = a_contact(session, a_partner(session, library, "Taalhuis West (verzonnen)"))
        case = a_case(session, library, owner=ann)
        mails = [
            Queued(library, "referral:1", "referral", NOW, contact_person_id=wim, case_id=case),
            Queued(library, "digest:1", "digest", NOW, staff_id=ann),
            Queued(library, "answer:1", "answer", NOW, staff_id=ann),
        ]
        messages.queue(session, mails, NOW)
        failed, sent, waiting = rows_of(session, Message)
        failed.state, failed.address, failed.attempts = "failed", "wim@aanbieder.example", 1
        failed.error, failed.fault = SERVER, "refused"
        sent.state, sent.sent_at, sent.message_id = "sent", NOW, "<1@voorbeeld.nl>"
        refused_addresses.mark(
            session, library, "wim@aanbieder.example", reason=SERVER, message_id=failed.id, now=NOW
        )
        session.flush()
        return {row.kind: row.id or 0 for row in (failed, sent, waiting)} | {
            "case": case, "ann": ann, "library": library,
        }  # fmt: skip


def test_mails_are_listed_the_newest_first(brug: Brug, mails: dict[str, int]) -> None:
    rows = brug.json("mail", "list")
    assert [row["kind"] for row in rows] == ["answer", "digest", "referral"]
    assert [row["state"] for row in rows] == ["pending", "sent", "failed"]
    assert rows[2] == {
        "number": mails["referral"], "kind": "referral", "state": "failed",
        "receiver": "Wim Bedacht", "address": "wim@aanbieder.example",
        "case": reference(mails["case"]), "attempts": 1, "next": "2018-04-03 11:00",
        "queued": "2018-04-03 11:00", "sent": None, "fault": "refused", "error": SERVER,
        "message_id": None,
    }  # fmt: skip
    assert (rows[1]["sent"], rows[1]["next"]) == ("2018-04-03 11:00", None)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--state", "failed"), ["referral"]), (("--state", "trouble"), ["referral"]),
        (("--state", "sent"), ["digest"]), (("--kind", "answer"), ["answer"]),
        (("--kind", "answer", "--state", "sent"), []), (("--limit", "2"), ["answer", "digest"]),
    ],
)  # fmt: skip
def test_a_list_can_be_narrowed(
    brug: Brug, mails: dict[str, int], words: tuple[str, ...], kinds: list[str]
) -> None:
    assert [row["kind"] for row in brug.json("mail", "list", *words)] == kinds
    shown = brug("mail", "list", *words)
    assert ("Zulke mails zijn er niet." in shown) == (not kinds)


def test_people_read_words_and_no_codes(brug: Brug, mails: dict[str, int]) -> None:
    every, one = brug("mail", "list"), brug("mail", "show", mails["referral"])
    # a narrow table breaks its cells into lines
    assert _holds(every, "het dagoverzicht", "een verwijzing", "niet bezorgd", "Wim Bedacht")
    assert _holds(every, "klaar om te versturen", "De mailserver weigerde de mail.")
    assert _holds(one, "een verwijzing", "niet bezorgd", "De mailserver weigerde de mail.", SERVER)
    for code in CODES:
        assert code not in every and code not in one


def _holds(shown: str, *sentences: str) -> bool:
    return all(word in shown.split() for sentence in sentences for word in sentence.split())


def test_one_mail_is_shown(brug: Brug, mails: dict[str, int]) -> None:
    one = brug.json("mail", "show", mails["digest"])
    assert (one["number"], one["state"], one["message_id"]) == (
        mails["digest"], "sent", "<1@voorbeeld.nl>",
    )  # fmt: skip
    assert "<1@voorbeeld.nl>" in brug("mail", "show", mails["digest"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--state", "lost"), 2), (("list", "--kind", "letter"), 2),
        (("list", "--limit", "0"), 2), (("show", "77"), 1), (("show", "x"), 2),
        (("retry", "77"), 1), (("budget", "--days", "0"), 2), (("simulate", "--from", "nu"), 2),
        (("simulate", "--days", "0"), 2), (("simulate", "--route", "none.yaml"), 1),
        (("simulate", "--done-within", "61"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(
    brug: Brug, mails: dict[str, int], words: tuple[str, ...], code: int
) -> None:
    brug("mail", *words, code=code)
    assert len(brug.complaint.strip()) > 20 and "Traceback" not in brug.complaint


def test_without_a_number_all_that_failed_is_tried_again(
    brug: Brug, engine: Engine, mails: dict[str, int]
) -> None:
    assert brug.json("mail", "retry") == {"again": 1}
    with reading(engine) as session:
        [row] = rows_of(session, Message, id=mails["referral"])
        assert (row.state, row.error, row.fault, row.first_tried_at) == (
            "pending",
            None,
            None,
            None,
        )
        assert row.next_at <= clock.now()
        # the address counts as mended
        assert rows_of(session, Undeliverable) == []
    assert brug.json("mail", "retry") == {"again": 0}


def test_named_mails_are_tried_again_or_none_of_them(
    brug: Brug, engine: Engine, mails: dict[str, int]
) -> None:
    for other in (mails["digest"], 77):
        brug("mail", "retry", mails["referral"], other, code=1)
    with reading(engine) as session:
        assert rows_of(session, Message, id=mails["referral"])[0].state == "failed"
    assert "2" in brug("mail", "retry", mails["referral"], mails["answer"])
    assert {row["state"] for row in brug.json("mail", "list")} == {"pending", "sent"}


def test_the_mail_of_another_library_is_unknown(
    brug: Brug, engine: Engine, mails: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        a_library(session, "elders")
    monkeypatch.setenv("BRUG_ORGANISATION", "elders")
    assert brug.json("mail", "list") == []
    brug("mail", "show", mails["referral"], code=1)
    brug("mail", "retry", mails["referral"], code=1)
    assert brug.json("mail", "retry") == {"again": 0}


def test_how_many_mails_each_person_got_is_counted(
    brug: Brug, engine: Engine, office: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    assert brug.json("mail", "budget") == []
    assert "Niemand kreeg een mail" in brug("mail", "budget")
    ago = [0, 0, 0, 1, 2, 40]
    with transaction(engine) as session:
        library, ann = office["library"], office["ann"]
        bo = a_colleague(session, library, "bo@voorbeeld.nl")
        mails = [
            Queued(library, f"answer:{number}", "answer", NOW, staff_id=ann)
            for number in range(len(ago))
        ]
        messages.queue(
            session, [*mails, Queued(library, "answer:bo", "answer", NOW, staff_id=bo)], NOW
        )
        for row, days in zip(rows_of(session, Message), ago, strict=False):
            row.sent_at = NOW - timedelta(days=days)
    [ann_got] = brug.json("mail", "budget")
    assert ann_got == {
        "name": "Ann (verzonnen)", "email": "ann@voorbeeld.nl", "mails": 5, "days": 3,
        "median": 1, "worst": 3, "worst_day": "2018-04-03",
    }  # fmt: skip
    assert brug.json("mail", "budget", "--days", 60)[0]["mails"] == 6
    assert "Ann (verzonnen)" in brug("mail", "budget")


def contents(engine: Engine) -> dict[str, int]:
    """Table → how many rows it has."""
    tables = [table.name for table in SQLModel.metadata.sorted_tables]
    with engine.connect() as connection:
        counts = [connection.execute(text(f'SELECT count(*) FROM "{name}"')) for name in tables]
        return dict(zip(tables, (count.scalar_one() for count in counts), strict=True))


def test_a_simulation_of_the_present_cases_writes_nothing(
    brug: Brug, engine: Engine, mails: dict[str, int]
) -> None:
    with transaction(engine) as session:
        for _ in range(9):
            a_case(session, mails["library"], owner=mails["ann"])
    before = contents(engine)
    year = brug.json("mail", "simulate", "--from", "2018-04-03", "--days", 60, "--seed", 7)
    assert (year["from"], year["to"], year["workdays"]) == ("2018-04-03", "2018-06-01", 41)
    assert year["cases"] >= 10
    [ann] = year["people"]
    assert ann["name"] == "Ann (verzonnen)" and ann["mails"] >= ann["worst"] >= 1
    assert sum(year["by_rule"].values()) >= 1
    assert set(year["digest"]) == {"median", "most"}
    again = brug.json("mail", "simulate", "--from", "2018-04-03", "--days", 60, "--seed", 7)
    assert again == year
    assert brug.json("mail", "simulate", "--from", "2018-04-03", "--days", 60) != year
    assert contents(engine) == before


def test_a_simulated_year_is_shown_in_words(brug: Brug, mails: dict[str, int]) -> None:
    shown = brug("mail", "simulate", "--invented", "--from", "2018-04-03", "--days", 90)
    assert "Van 2018-04-03 tot en met 2018-07-01" in shown
    for words in ("Er is niets verstuurd.", "Drukste dag", "Aan mensen bij partners", "Hoe vaak"):
        assert words in shown


def test_a_library_with_nothing_in_it_can_be_simulated(brug: Brug) -> None:
    year = brug.json("mail", "simulate", "--days", 120)
    assert year["workdays"] > 60 and year["cases"] > 20
    assert [person["name"] for person in year["people"]] == ["1"]


def _draft(folder: Path) -> Path:
    """The open door with a rule more."""
    rule = """
  drink_coffee:
    when: contact + 2 workdays
    to: owner
    do: {nl: Drink koffie., en: Drink coffee.}
"""
    path = folder / "draft.yaml"
    path.write_text(builtin("open-door").replace("follow_ups:\n", f"follow_ups:{rule}", 1))
    return path


def test_a_route_is_tried_before_it_is_published(
    brug: Brug, engine: Engine, mails: dict[str, int], tmp_path: Path
) -> None:
    options: tuple[Any, ...] = ("--invented", "--days", 200)
    before = brug.json("mail", "simulate", *options)
    draft = brug.json("mail", "simulate", *options, "--route", _draft(tmp_path))
    assert "drink_coffee" not in before["by_rule"] and draft["by_rule"]["drink_coffee"] > 5
    assert {row["version"] for row in brug.json("workflow", "list")} == {1}


def test_a_draft_with_a_fault_is_refused_with_its_line(
    brug: Brug, mails: dict[str, int], tmp_path: Path
) -> None:
    path = _draft(tmp_path)
    path.write_text(path.read_text().replace("when: contact + 2 workdays", "when: cntact"))
    brug("mail", "simulate", "--route", path, code=1)
    assert "draft.yaml:" in brug.complaint and "cntact" in brug.complaint
