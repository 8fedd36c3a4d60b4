"""`brug case`: open, list, show, move, answer and undo."""

from typing import Any

import pytest
from sqlalchemy import Engine

from storage.engine import transaction
from tests.cli.running import Brug


def _open(brug: Brug, *words: object) -> str:
    reference = brug.json("case", "open", "--phone", "0612345678", *words)["reference"]
    assert isinstance(reference, str)
    return reference


def _move(brug: Brug, reference: str, move: str, *words: object, code: int = 0) -> Any:
    return brug.json("case", "move", reference, "-m", move, *words, code=code)


def test_a_case_is_opened_with_what_is_known(brug: Brug, office: dict[str, int]) -> None:
    opened = brug.json(
        "case", "open", "--route", "parents", "--first-name", "Fatima", "--phone", "06-12345678",
        "--email", "F@Voorbeeld.nl", "--channel", "school", "--municipality", "Katwijk",
        "--pilot", "Katwijk", "--agrees", "--note", "via de juf", "--by", "ann@voorbeeld.nl",
    )  # fmt: skip
    assert (opened["stage"], opened["route"], opened["version"]) == ("contact", "parents", 1)
    [row] = brug.json("case", "list")
    assert (row["reference"], row["first_name"], row["channel"]) == (
        opened["reference"], "Fatima", "school",
    )  # fmt: skip
    assert row["owner"] == "Ann (verzonnen)"
    shown = brug.json("case", "show", opened["reference"])
    assert shown["history"][0]["note"] == "via de juf"
    assert [follow_up["rule"] for follow_up in shown["follow_ups"]] == ["first_call", "norm"]


def test_a_case_may_be_nameless(brug: Brug) -> None:
    opened = brug.json("case", "open")
    assert opened["reference"] in brug("case", "list")


def test_a_reference_is_understood_however_it_is_typed(brug: Brug) -> None:
    reference = _open(brug)
    for typed in (reference.lower(), reference.replace("-", ""), f" {reference} "):
        assert brug.json("case", "show", typed)["reference"] == reference


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--route", "nowhere"), 1),
        (("--phone", "12"), 2),
        (("--email", "naam"), 2),
        (("--channel", "pigeon"), 2),
        (("--municipality", "Verweggistan"), 1),
        (("--pilot", "Onbekend"), 1),
        (("--by", "niemand@voorbeeld.nl"), 1),
        (("--note", "bsn 111222333"), 1),
    ],
)
def test_what_is_not_known_is_refused_and_opens_nothing(
    brug: Brug, office: dict[str, int], words: tuple[str, ...], code: int
) -> None:
    told = brug.json("case", "open", *words, code=code)
    assert told["error"]["why"] and brug.complaint
    assert brug.json("case", "list") == []


def test_a_case_moves_and_tells_what_is_planned(brug: Brug, office: dict[str, int]) -> None:
    reference = _open(brug, "--agrees")
    told = _move(brug, reference, "agree", "--by", "ann@voorbeeld.nl", "--note", "graag")
    [moved] = told["moved"]
    assert (moved["reference"], moved["from"], moved["to"]) == (reference, "contact", "agreed")
    assert [planned["rule"] for planned in moved["follow_ups"]] == ["find_a_place", "norm"]
    shown = brug.json("case", "show", reference)
    assert (shown["stage"], shown["version"]) == ("agreed", 2)
    assert shown["history"][-1]["by"] == "Ann (verzonnen)"


def test_a_refused_move_says_every_reason(brug: Brug) -> None:
    reference = brug.json("case", "open")["reference"]
    told = _move(brug, reference, "refer", code=1)
    [refused] = told["refused"]
    assert refused["reference"] == reference and told["moved"] == []
    assert {fault["thing"] for fault in refused["faults"]} >= {
        "refer", "consent_to_refer", "reachable", "provider",
    }  # fmt: skip
    assert brug.json("case", "show", reference)["version"] == 1
    brug("case", "move", reference, "-m", "refer", code=1)
    assert len(brug.complaint.splitlines()) >= 4


def test_of_many_those_move_that_may(brug: Brug) -> None:
    may, may_not = _open(brug, "--agrees"), _open(brug)
    told = brug.json("case", "move", may, may_not, "-m", "agree", code=1)
    assert [moved["reference"] for moved in told["moved"]] == [may]
    assert [refused["reference"] for refused in told["refused"]] == [may_not]
    stages = {row["reference"]: row["stage"] for row in brug.json("case", "list")}
    assert stages == {may: "agreed", may_not: "contact"}


def test_whoever_saw_an_older_version_is_told_what_changed(brug: Brug) -> None:
    reference = _open(brug)
    _move(brug, reference, "know", "--version", 1)
    told = _move(brug, reference, "screen", "--version", 1, code=1)
    [refused] = told["refused"]
    assert refused["kind"] == "ChangedMeanwhile"
    assert (refused["change"]["expected_stage"], refused["change"]["stage"]) == (
        "contact", "trust",
    )  # fmt: skip
    assert brug.json("case", "show", reference)["stage"] == "trust"


def test_a_referral_is_made_answered_and_followed(brug: Brug, office: dict[str, int]) -> None:
    reference = _open(brug, "--agrees")
    _move(brug, reference, "agree")
    _move(brug, reference, "refer", "--provider", "taalhuis", "--course", office["course"])
    told = brug.json("case", "answer", reference, "accepted")
    assert [moved["to"] for moved in told["moved"]] == ["placed"]
    shown = brug.json("case", "show", reference)
    assert [each["state"] for each in shown["referrals"]] == ["accepted"]
    assert brug.json("case", "answer", reference, "maybe", code=2)["error"]["why"]


def test_a_provider_or_course_that_is_not_there_is_refused(
    brug: Brug, office: dict[str, int]
) -> None:
    reference = _open(brug, "--agrees")
    _move(brug, reference, "agree")
    brug("case", "move", reference, "-m", "refer", "--provider", "Niemand", code=1)
    assert "ROC" in brug.complaint and "Taalhuis" in brug.complaint
    words = ("--provider", "Taalhuis", "--course", 999)
    brug("case", "move", reference, "-m", "refer", *words, code=1)
    assert "999" in brug.complaint
    assert brug.json("case", "show", reference)["stage"] == "agreed"


def test_a_step_is_undone(brug: Brug) -> None:
    reference = _open(brug)
    _move(brug, reference, "know")
    undone = brug.json("case", "undo", reference)
    assert (undone["reference"], undone["stage"], undone["remains"]) == (reference, "contact", [])
    history = brug.json("case", "show", reference)["history"]
    assert [entry["undone"] for entry in history] == [False, True, False]
    brug("case", "undo", reference, code=1)


def test_a_list_can_be_filtered_and_gone_on_with(brug: Brug, office: dict[str, int]) -> None:
    references = [_open(brug, "--by", "ann@voorbeeld.nl"), _open(brug), _open(brug)]
    _move(brug, references[2], "stop", "--reason", "moved")

    def found(*words: object) -> list[str]:
        return [row["reference"] for row in brug.json("case", "list", *words)]

    assert found() == references
    assert found("--open") == references[:2]
    assert found("--stage", "stopped") == references[2:]
    assert found("--owner", "ann@voorbeeld.nl") == references[:1]
    assert found("--limit", 1) == references[:1]
    assert found("--limit", 5, "--after", references[0]) == references[1:]
    assert found("--route", "open-door", "--stage", "contact") == references[:2]


def test_a_case_is_shown_with_what_can_be_done_and_why_not(brug: Brug) -> None:
    reference = brug.json("case", "open", "--first-name", "Fatima")["reference"]
    moves = {move["move"]: move for move in brug.json("case", "show", reference)["moves"]}
    assert moves["know"]["why_not"] == []
    assert len(moves["agree"]["why_not"]) == 1
    assert reference in brug("case", "show", reference)


def test_a_reference_with_a_slip_of_the_pen_is_not_found(brug: Brug) -> None:
    reference = _open(brug)
    wrong = reference[1] + reference[0] + reference[2:] if reference[0] != reference[1] else "X"
    for text in (wrong, "", "7K3F-9Q", "niets"):
        brug("case", "show", text, code=1)
        assert brug.complaint


def test_the_case_of_another_library_is_as_unknown_as_none(
    brug: Brug, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.builders import a_library

    reference = _open(brug)
    with transaction(engine) as session:
        a_library(session, "een-andere")
    monkeypatch.setenv("BRUG_ORGANISATION", "een-andere")
    for words in (("show", reference), ("undo", reference), ("answer", reference, "accepted")):
        brug("case", *words, code=1)
    brug("case", "move", reference, "-m", "know", code=1)
    assert brug.json("case", "list") == []
