"""Every kind of fault in a route is found, with its line and what to do about it."""

from pathlib import Path

import pytest

from core.errors import FaultyRoute
from tests.workflows.texts import ROUTE, a_definition, faults_of, with_line
from workflows.checking import check, load, parse

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
        (9, f"{AGREE}, opens: opne-door}}", "agree.opens", "no route named opne-door",
         "open-door?"),
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


def test_a_step_opens_a_route_that_is_built_in_published_or_the_same() -> None:
    for name in ("parents", "small"):
        assert check(with_line(9, f"{AGREE}, opens: {name}}}"))[1] == ()
    other = with_line(9, f"{AGREE}, opens: language-cafe}}")
    (fault,) = check(other)[1]
    assert (fault.thing, fault.line) == ("agree.opens", 9)
    assert check(other, ["language-cafe"])[1] == ()
    assert check(with_line(9, f"{AGREE}, opens: language-caffe}}"), ["language-cafe"])[1][
        0
    ].remedy.endswith("language-cafe?")


def test_what_was_published_before_may_open_anything() -> None:
    assert parse(with_line(9, f"{AGREE}, opens: long-gone}}"), routes=None).moves["agree"].opens


def test_a_route_is_loaded_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(ROUTE)
    assert load(path).name == "small"


def test_a_fault_in_a_part_does_not_hide_another_in_the_same_part() -> None:
    text = ROUTE.replace("follow_ups:", FAULTY_TWICE, 1)
    things = [(thing, why) for _, thing, why, _ in faults_of(text)]
    assert ("call_twice.to", "This value is not known.") in things
    assert any(thing == "call_twice" and "named contac" in why for thing, why in things)


@pytest.mark.parametrize(
    ("number", "line", "found"),
    [
        (14, f"{CALL}, at_most: 3, then: stopp}}", {"does not say how often", "named stopp"}),
        (14, CALL.replace("owner", "boss") + ", at_most: 3, ends: agre}",
         {"not known", "does not say how often", "named agre"}),
        (14, f"{CALL}, at_most: 3, every: 0 days, then: stopp}}", {"without time", "named stopp"}),
        (14, f"{CALL}, at_most: 3, every: soon, then: stopp}}", {"length of time", "named stopp"}),
        (14, CALL.replace("contact + 3 workdays", "[]") + ", then: stopp}",
         {"cannot be used", "named stopp"}),
        (14, CALL.replace("when: contact + 3 workdays, ", "") + ", then: stopp}",
         {"missing", "named stopp"}),
        (9, AGREE.replace("from: contact, ", "") + ", guard: consent, asks: notes}",
         {"missing", "guard named consent", "question named notes"}),
        (9, AGREE.replace("from:", "name: x, from:") + ", guard: consent}",
         {"not known", "guard named consent"}),
        (9, AGREE.replace("to: agreed", "too: agreed") + ", opens: nowhere}",
         {"missing", "not known", "route named nowhere"}),
    ],
)  # fmt: skip
def test_every_fault_of_a_part_is_told_and_told_once(
    number: int, line: str, found: set[str]
) -> None:
    faults = faults_of(with_line(number, line))
    assert len(faults) == len(found), faults
    assert all(any(words in fault[2] for fault in faults) for words in found), faults
    assert {fault[0] for fault in faults} == {number}


def test_both_parts_with_the_same_name_are_checked() -> None:
    first = "  stop: {title: {nl: S, en: S}, from: '*', to: stopt}"
    second = "  stop: {title: {nl: S, en: S}, from: '*', to: stopped, asks: [raeson]}"
    faults = faults_of(with_line(12, f"{first}\n{second}"))
    assert [(line, thing) for line, thing, _, _ in faults] == [
        (12, "stop.to"), (13, "stop"), (13, "stop"),
    ]  # fmt: skip
    assert "twice" in faults[1][2]
    assert "question named raeson" in faults[2][2]


def test_both_values_of_a_key_that_stands_twice_are_checked() -> None:
    text = with_line(4, "  contact:\n    title: {nl: C}\n    level: knwon\n    level: x\n")
    text = text.replace("    level: x\n", "    level: x\n    title: {nl: C, en: C, fr: C}\n")
    assert [(line, thing) for line, thing, _, _ in faults_of(text)] == [
        (5, "contact.title.en"), (6, "contact.level"), (7, "level"), (7, "contact.level"),
        (8, "title"), (8, "contact.title.fr"),
    ]  # fmt: skip


def test_a_section_that_stands_twice_is_read_as_one() -> None:
    later = "stages:\n  later: {title: {nl: L, en: L}, final: x}"
    step = "  later: {title: {nl: L, en: L}, from: agreed, to: later}"
    text = ROUTE.replace("moves:", f"{later}\nmoves:\n{step}", 1)
    assert [(line, thing) for line, thing, _, _ in faults_of(text)] == [
        (8, "stages"), (9, "later.final"),
    ]  # fmt: skip


FAULTY_TWICE = """follow_ups:
  call_twice: {when: contac + 3 workdays, to: eigenaar, do: {nl: Bel, en: Call}}"""
