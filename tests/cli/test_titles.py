"""What people read is words and never codes, in the language of the command line."""

from typing import get_args

import pytest

from cli import titles
from notifications import kinds, outcomes
from referrals.exchange import headings
from storage.tables.cases import ENTRY_KINDS
from storage.tables.message import MESSAGE_KINDS
from storage.tables.staff import ROLES
from tests.cli.running import Brug
from workflows.definition import QUESTIONS, Receiver
from workflows.guards import GUARDS
from workflows.lifecycles import MESSAGE, REFERRAL
from workflows.periods import DATES, Period

CODES = {
    *GUARDS, *get_args(Receiver), *QUESTIONS, *DATES, *headings.PERSON, *ENTRY_KINDS, *ROLES,
    *MESSAGE.states, *REFERRAL.states,
}  # fmt: skip
FIELDS = {*headings.REGISTER, *headings.INTRODUCTION}


@pytest.mark.parametrize("code", sorted(CODES - {"move"}))
def test_every_code_has_a_word(code: str) -> None:
    assert titles.called(code) != code


@pytest.mark.parametrize("name", sorted(FIELDS - {"postcode", "intake"}))
def test_every_field_of_a_workbook_has_a_word(name: str) -> None:
    assert titles.field(name) != name


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_every_kind_of_mail_has_a_name(kind: str) -> None:
    assert titles.mail(kind) not in (kind, kinds.CALLED[kind])


@pytest.mark.parametrize("code", sorted(outcomes.CALLED))
def test_every_fault_of_a_mail_has_a_sentence(code: str) -> None:
    assert titles.fault(code).endswith(".") and titles.fault(code) != outcomes.CALLED[code]


def test_a_length_of_time_is_written_out() -> None:
    assert titles.length(Period(1, "workdays")) == "1 werkdag"
    assert titles.length(Period(-3, "months")) == "3 maanden"


def test_a_step_that_is_not_possible_is_told_in_dutch(brug: Brug) -> None:
    reference = brug.json("case", "open")["reference"]
    brug("case", "move", reference, "-m", "refer", code=1)
    assert "Deze stap begint niet in de fase Contact." in brug.complaint
    assert "Mogelijk nu: know, screen" in brug.complaint
    assert "consent_to_refer" not in brug.complaint


def test_a_mistyped_reference_does_not_stop_the_others(brug: Brug) -> None:
    reference = brug.json("case", "open")["reference"]
    outcome = brug.json("case", "move", "7K3F-9Q", reference, "nope", "-m", "know", code=1)
    assert [each["reference"] for each in outcome["moved"]] == [reference]
    assert [each["reference"] for each in outcome["refused"]] == ["7K3F-9Q", "nope"]


def test_one_fault_is_told_once(brug: Brug) -> None:
    brug("case", "open", "--note", "bsn 123456782", code=1)
    assert brug.complaint.count("BSN") == 2
    assert brug.complaint.strip().count("\n") == 0
    assert brug.complaint.strip().endswith("Haal het nummer weg.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("case", "show"), "kenmerk ontbreekt."),
        (("case", "move", "x"), "--move ontbreekt."),
        (("case", "list", "--none"), "De optie --none bestaat niet."),
        (("case", "list", "a", "b"), "Dit is te veel: a b."),
        (("case", "list", "--limit"), "Bij --limit hoort een waarde."),
        (("case", "list", "--limit", "0"), "--limit: deze waarde kan niet worden gebruikt."),
        (("nothing",), "De opdracht nothing bestaat niet."),
    ],
)
def test_wrong_use_is_told_in_dutch(brug: Brug, words: tuple[str, ...], said: str) -> None:
    brug(*words, code=2)
    assert brug.complaint.strip().endswith(said)
    assert "Usage" not in brug.complaint


def test_help_is_dutch(brug: Brug) -> None:
    shown = brug("case", "open", "--help")
    assert "Gebruik:" in shown and "Opties:" in shown and "[standaard: self]" in shown
    assert "Show this" not in shown and "Usage" not in shown
