"""Every kind of fault in a route is found, with its line and what to do about it."""

from pathlib import Path

import pytest

from core.errors import FaultyRoute
from tests.workflows.texts import ROUTE, a_definition, faults_of, with_line
from workflows.checking import load, parse

AGREED = "agreed: {title: {nl: Akkoord, en: Agreed}"
AGREE = "  agree: {title: {nl: Akkoord, en: Agree}, from: contact, to: agreed"
CALL = "  call: {when: contact + 3 workdays, to: owner, do: {nl: Bel., en: Call.}"


def test_a_sound_route_has_no_faults() -> None:
    definition = a_definition()
    assert list(definition.stages) == ["contact", "agreed", "referred", "stopped"]
    assert definition.start == ("contact",)
    assert definition.moves["stop"].questions == {"reason": True, "note": False}
    assert [move.name for move in definition.moves_from["agreed"]] == ["refer", "stop"]
    assert definition.moves_from["stopped"] == ()
    assert definition.move_between["contact", "agreed"] == "agree"
    assert definition.level_of("agreed") == "agreed"


@pytest.mark.parametrize(
    ("number", "line", "thing", "why", "remedy"),
    [
        (1, "name: ''", "name", "has no name", "Add: name"),
        (1, f"name: {'x' * 121}", "name", "too long", "120"),
        (2, "title: {nl: Klein}", "title.en", "missing", "Add: en"),
        (2, "title: Klein", "title", "list of names and values", "{nl: …, en: …}"),
        (2, "title: {nl: Klein, en: Small, fr: Petit}", "title.fr", "not known", "nl, en"),
        (4, "  contact: {title: {nl: C, en: C}, level: contactd}", "contact.level", "not known",
         "contacted"),
        (4, "  contact: {title: {nl: C, en: C}, norm: 5 werkdagen}", "contact.norm",
         "not a length of time", "5 workdays"),
        (4, "  contact: {title: {nl: C, en: C}, final: perhaps}", "contact.final",
         "true or false", "true"),
        (4, "  contact: {titel: {nl: C, en: C}}", "contact.titel", "not known", "title?"),
        (4, "  contact: {title: {nl: 5, en: C}}", "contact.title.nl", "must be text", "quotes"),
        (4, "  contact: {title: {nl: '', en: C}}", "contact.title.nl", "empty", "Fill"),
        (4, "  contact: {name: x, title: {nl: C, en: C}}", "name", "not known", "Remove"),
        (4, "  contact:", "contact", "missing", "title"),
        (9, f"{AGREE}, guard: consent}}", "agree", "no guard named consent", "consent_to_refer"),
        (9, f"{AGREE}, asks: [notes]}}", "agree", "no question named notes", "note?"),
        (9, AGREE.replace("from: contact", "from: contct") + "}", "agree.from",
         "no stage named contct", "contact?"),
        (9, AGREE.replace("from: contact", "from: []") + "}", "agree.from", "no stage", "from:"),
        (9, AGREE.replace("to: agreed", "to: agred") + "}", "agree.to", "no stage named agred",
         "agreed?"),
        (9, AGREE.replace("from: contact, ", "") + "}", "agree.from", "missing", "Add: from"),
        (9, AGREE.replace("from: contact", "from: {a: b}") + "}", "agree.from",
         "a name or a list", "[contact]"),
        (14, CALL.replace("contact +", "contac +") + "}", "call", "no stage or date named contac",
         "contact?"),
        (14, CALL.replace("3 workdays", "3 days ago") + "}", "call", "no stage or date", "one of"),
        (14, CALL.replace("owner", "boss") + "}", "call.to", "not known", "owner"),
        (14, f"{CALL}, at_most: 3}}", "call", "does not say how often", "every"),
        (14, f"{CALL}, at_most: 3, every: 0 workdays}}", "call", "without time", "every"),
        (14, f"{CALL}, at_most: 0}}", "call.at_most", "too small", "1"),
        (14, f"{CALL}, then: stopp}}", "call", "no step named stopp", "stop?"),
        (14, f"{CALL}, ends: [agre]}}", "call", "no step named agre", "agree?"),
        (14, f"{CALL}, escalate: {{to: owner}}}}", "call.escalate.after", "missing", "after"),
        (14, f"{CALL}, escalate: {{to: owner, aftr: x}}}}", "call.escalate.aftr", "not known",
         "after?"),
        (15, "  before: {when: course_start, to: owner, do: {nl: B, en: C}}", "before",
         "names no stages", "in: [placed]"),
        (15, "  before: {when: course_start, in: [agred], to: owner, do: {nl: B, en: C}}",
         "before.in", "no stage named agred", "agreed?"),
        (17, "  refused: back", "refused", "not known", "accepted"),
        (17, "  declined: bak", "declined", "no step named bak", "back?"),
        (18, "reason:", "reason", "not known", "reasons?"),
        (19, "  shame: {nl: Schaamte}", "shame.en", "missing", "Add: en"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_line_and_remedy(
    number: int, line: str, thing: str, why: str, remedy: str
) -> None:
    found = faults_of(with_line(number, line))
    assert any(
        fault[0] == number and fault[1] == thing and why in fault[2] and remedy in fault[3]
        for fault in found
    ), found


def test_a_stage_that_no_step_leads_to_is_a_fault() -> None:
    text = with_line(10, "", with_line(9, AGREE.replace("to: agreed", "to: contact") + "}"))
    assert {fault[1] for fault in faults_of(text) if "leads to" in fault[2]} == {
        "agreed", "referred",
    }  # fmt: skip


def test_a_stage_that_no_step_leads_away_from_is_a_fault() -> None:
    text = with_line(12, "  stop: {title: {nl: S, en: S}, from: contact, to: stopped}")
    text = with_line(11, "  back: {title: {nl: S, en: S}, from: referred, to: referred}", text)
    text = text.replace("declined: back", "declined: stop")
    (fault,) = faults_of(text)
    assert fault[:3] == (6, "referred", "No step leads away from this stage.")


def test_a_step_from_every_open_stage_needs_an_open_stage() -> None:
    text = """\
name: x
title: {nl: X, en: X}
stages: {only: {title: {nl: X, en: X}, final: true}}
moves:
  stop: {title: {nl: X, en: X}, from: '*', to: only}
"""
    (fault,) = faults_of(text)
    assert fault[:2] == (5, "stop.from")


def test_all_faults_are_shown_at_once_in_the_order_of_the_lines() -> None:
    text = with_line(4, "  contact: {title: {nl: C}, level: x}")
    text = with_line(9, f"{AGREE}, guard: nobody, asks: nothing}}", text)
    text = with_line(14, CALL.replace("owner", "boss") + "}", text)
    text = with_line(17, "  perhaps: maybe", text)
    lines = [fault[0] for fault in faults_of(text)]
    assert lines == [4, 4, 9, 9, 14, 17, 17]


@pytest.mark.parametrize("text", ["", "just words", "[a, b]", "5", "name: x\n", "stages: {}\n"])
def test_what_is_no_route_is_refused(text: str) -> None:
    assert faults_of(text)


def test_a_file_that_cannot_be_read_to_the_end_gets_only_that_fault() -> None:
    (fault,) = faults_of(ROUTE.replace("referral:", "referral: ["))
    assert "not well-formed" in fault[2]


def test_a_large_file_full_of_faults_is_still_answered() -> None:
    stages = "".join(f"  s{n}: {{title: {{nl: a, en: b}}}}\n" for n in range(2000))
    moves = "".join(
        f"  m{n}: {{title: {{nl: a, en: b}}, from: t{n}, to: t{n}}}\n" for n in range(3000)
    )
    text = f"name: x\ntitle: {{nl: x, en: x}}\nstages:\n{stages}moves:\n{moves}"
    assert len(faults_of(text)) >= 6000


def test_parsing_raises_with_every_fault() -> None:
    with pytest.raises(FaultyRoute) as refused:
        parse(with_line(9, f"{AGREE}, guard: nobody, asks: nothing}}"), "mine")
    assert refused.value.thing == "mine"
    assert len(refused.value.faults) == 2


def test_a_route_is_loaded_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(ROUTE)
    assert load(path).name == "small"


def test_a_fault_in_a_part_does_not_hide_another_in_the_same_part() -> None:
    text = ROUTE.replace("follow_ups:", FAULTY_TWICE, 1)
    things = [(thing, why) for _, thing, why, _ in faults_of(text)]
    assert ("call_twice.to", "This value is not known.") in things
    assert any(thing == "call_twice" and "named contac" in why for thing, why in things)


FAULTY_TWICE = """follow_ups:
  call_twice: {when: contac + 3 workdays, to: eigenaar, do: {nl: Bel, en: Call}}"""
