"""A stage that cannot be reached or left is a fault, unless another fault is the cause."""

from tests.workflows.texts import ROUTE, faults_of, with_line

AGREE = "  agree: {title: {nl: Akkoord, en: Agree}, from: contact, to: agreed"


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


def test_a_step_that_stands_twice_cuts_no_path() -> None:
    again = "  refer: {title: {nl: V, en: V}, from: contact, to: agreed}"
    text = ROUTE.replace("  back:", f"{again}\n  back:")
    assert [(line, thing) for line, thing, _, _ in faults_of(text)] == [(11, "refer")]


def test_a_part_that_could_not_be_read_is_not_found_fault_with_twice() -> None:
    for number, line in (
        (9, "  agree:"),
        (5, "  agreed:"),
        (9, AGREE.replace("to: agreed", "x: y") + "}"),
    ):
        faults = faults_of(with_line(number, line))
        assert not [fault for fault in faults if "step leads" in fault[2]], faults
