"""Another norm or reason changes just these words of a route file."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FaultyRoute
from workflows import checking
from workflows.definition import Titles
from workflows.library import builtin, builtin_names
from workflows.periods import Period
from workflows.rewriting import with_norms, with_reasons

BLOCK = """\
# ours
name: x
title: {nl: Ons, en: Ours}
stages:
  a:   # the first
    title:
      nl: Eén
      en: One
    norm: 5 workdays  # for now
  b: { norm: 2 weeks, title: {nl: Twee, en: Two}, final: true }
moves:
  go: {title: {nl: Ga, en: Go}, from: a, to: b}
reasons:
  shame: {nl: Schaamte, en: "Shame"}
"""


def _changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("name", builtin_names())
def test_every_norm_of_every_built_in_route_can_be_changed_added_and_taken_away(name: str) -> None:
    text = builtin(name)
    for stage in checking.parse(text, routes=None).stages:
        for norm in (Period(7, "workdays"), Period(3, "months"), None):
            after = with_norms(text, {stage: norm})
            assert checking.parse(after, routes=None).stages[stage].norm == norm
            assert len(_changed(text, after)) in (0, 2)


def test_comments_and_layout_stay() -> None:
    after = with_norms(BLOCK, {"a": Period(9, "workdays"), "b": None})
    assert _changed(BLOCK, after) == [
        "-     norm: 5 workdays  # for now",
        "+     norm: 9 workdays  # for now",
        "-   b: { norm: 2 weeks, title: {nl: Twee, en: Two}, final: true }",
        "+   b: { title: {nl: Twee, en: Two}, final: true }",
    ]


def test_a_norm_is_taken_away_with_its_line_and_put_back() -> None:
    without = with_norms(BLOCK, {"a": None})
    assert _changed(BLOCK, without) == ["-     norm: 5 workdays  # for now"]
    again = with_norms(without, {"a": Period(1, "weeks")})
    assert _changed(without, again) == ["+     norm: 1 weeks"]


def test_a_reason_gets_another_title() -> None:
    after = with_reasons(BLOCK, {"shame": Titles(nl="Zich schamen", en="Shame")})
    assert _changed(BLOCK, after) == [
        '-   shame: {nl: Schaamte, en: "Shame"}',
        '+   shame: {nl: Zich schamen, en: "Shame"}',
    ]


@given(st.text(min_size=1, max_size=40))
def test_any_title_is_kept_or_refused_and_changes_nothing_else(words: str) -> None:
    try:
        after = with_reasons(BLOCK, {"shame": Titles(nl=words, en="Shame")})
    except FaultyRoute:
        return
    there = checking.parse(after, routes=None)
    assert there.reasons["shame"].nl == words
    assert there.stages == checking.parse(BLOCK, routes=None).stages


@pytest.mark.parametrize(
    "words", ["Angst: voor school", "#ja", "{x}", "true", "12", "a, b", "'s avonds", "Één"]
)
def test_signs_that_mean_something_are_put_between_quotes(words: str) -> None:
    after = with_reasons(BLOCK, {"shame": Titles(nl=words, en="Shame")})
    assert checking.parse(after, routes=None).reasons["shame"].nl == words
