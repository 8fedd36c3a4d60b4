"""A drawn route shows every stage, is readable without seeing it, and no line crosses a box."""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.test_discovery import a_log, names
from tests.workflows.texts import ROUTE, a_definition, with_line
from workflows.definition import Definition
from workflows.discovery import discover
from workflows.drawing import OnPage, mermaid, svg, thumbnail
from workflows.layout import BOX_HEIGHT, BOX_WIDTH, Point, arrange
from workflows.library import builtin, builtin_names

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", builtin_names())
def test_no_line_of_a_built_in_route_runs_through_a_box(name: str) -> None:
    _nothing_collides(a_definition(builtin(name)))


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=9), min_size=1))
def test_no_line_of_a_discovered_route_runs_through_a_box(cases: list[list[str]]) -> None:
    _nothing_collides(a_definition(discover(a_log(*cases), "x")))


def test_stages_stand_from_left_to_right_by_level_and_those_beside_the_path_below() -> None:
    boxes = arrange(a_definition(builtin("parents"))).boxes
    path = ["contact", "trust", "agreed", "referred", "intake", "started", "completed", "next_step"]
    lefts = [boxes[stage][0] for stage in path]
    assert lefts == sorted(set(lefts))
    assert boxes["trust"][0] == boxes["screened"][0]
    lowest = max(boxes[stage][1] for stage in path)
    assert all(boxes[stage][1] > lowest for stage in ("stopped", "not_now", "returned"))


def test_without_levels_stages_stand_by_their_distance_from_the_start() -> None:
    boxes = arrange(a_definition(discover(a_log(["a", "b", "c"], ["a", "c", "d"]), "x"))).boxes
    assert boxes["a"][0] < boxes["b"][0] == boxes["c"][0] < boxes["d"][0]


def test_a_picture_tells_in_words_what_it_shows() -> None:
    picture = ElementTree.fromstring(svg(a_definition(), {"contact": 1200}, "en"))
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Small"
    described = picture.findtext(f"{SVG}desc") or ""
    assert "Contact (1,200) → Agreed, Stopped." in described
    assert "Agreed (0) → Referred, Stopped." in described


def test_counts_are_written_as_the_language_does() -> None:
    definition = a_definition(discover(a_log(["in", "out"]), "x"))
    assert ">1.200</text>" in svg(definition, {"in": 1200}, "nl")
    assert ">1,200</text>" in svg(definition, {"in": 1200}, "en")
    assert "count" not in svg(definition, None, "en").partition("</style>")[2]


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Vanuit elke open fase"), ("en", "From every open stage")]
)
def test_steps_from_every_open_stage_are_one_line(language: str, words: str) -> None:
    assert svg(a_definition(builtin("parents")), None, language).count(words) == 1


def test_a_picture_needs_nothing_from_outside() -> None:
    picture = svg(a_definition(builtin("parents")), None, "en")
    assert "prefers-color-scheme: dark" in picture
    assert not re.search(r"href|url\(|@import|<script|http(?!://www\.w3\.org/2000/svg)", picture)


@given(names)
def test_any_title_makes_a_well_formed_picture(title: str) -> None:
    traces = a_log([title or "x", "end"])
    definition = a_definition(discover(traces, "x"))
    picture = ElementTree.fromstring(svg(definition, {}, "nl"))
    shown = [element.text for element in picture.iter(f"{SVG}title")]
    assert set(definition.stages) <= set(shown)


def test_a_mermaid_diagram_has_every_stage_and_move() -> None:
    lines = mermaid(a_definition(), "en").splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert '    state "Contact" as s1' in lines
    assert "    [*] --> s1" in lines
    assert "    s1 --> s2 : Agree" in lines
    assert "    s3 --> s4 : Stop" in lines
    assert "    s4 --> [*]" in lines


def test_what_mermaid_would_take_for_its_own_is_written_as_codes() -> None:
    text = with_line(4, "  contact: {title: {nl: x, en: 'a \"b\"; c: <d> %% #1'}}", ROUTE)
    assert '"a #34;b#34;#59; c#58; #60;d#62; #37;#37; #35;1" as s1' in mermaid(
        a_definition(text), "en"
    )


def _nothing_collides(definition: Definition) -> None:
    layout = arrange(definition)
    for line in layout.lines:
        for stage, (left, top) in layout.boxes.items():
            for x, y in _along(line.points):
                inside = left < x < left + BOX_WIDTH and top < y < top + BOX_HEIGHT
                assert not inside, (line.source, line.to, stage)
    corners = list(layout.boxes.values())
    for (left, top), (other_left, other_top) in pairwise(sorted(corners)):
        assert left + BOX_WIDTH < other_left or top + BOX_HEIGHT < other_top
    assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in _ends(layout.boxes))
    for line in layout.lines:
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in line.points)


def _along(points: tuple[Point, ...]) -> Iterator[Point]:
    """Points all along the straight pieces; closer together than any box is wide."""
    for (x, y), (to_x, to_y) in pairwise(points):
        assert x == to_x or y == to_y
        steps = max(1, int((abs(to_x - x) + abs(to_y - y)) // 20))
        for step in range(steps + 1):
            yield x + (to_x - x) * step / steps, y + (to_y - y) * step / steps


def _ends(boxes: object) -> list[Point]:
    assert isinstance(boxes, dict)
    return [(x + BOX_WIDTH, y + BOX_HEIGHT) for x, y in boxes.values()]


def test_a_drawing_in_a_page_has_no_style_of_its_own_and_its_boxes_lead_on() -> None:
    definition = a_definition(builtin("parents"))
    alone = svg(definition, None, "nl")
    page = OnPage({"contact": "/cases?route=parents&stage=contact"}, {"contact": "9 d"})
    drawn = svg(definition, {"contact": 12}, "nl", page)
    assert "<style>" in alone and "<a " not in alone
    assert "<style" not in drawn and "style=" not in drawn
    picture = ElementTree.fromstring(drawn)
    assert picture.get("role") == "group"
    [link] = picture.iter(f"{SVG}a")
    assert link.get("href") == "/cases?route=parents&stage=contact"
    assert "".join(link.itertext()) == "ContactContact129 d"


def test_a_small_drawing_has_a_box_for_every_stage_and_fills_those_with_somebody() -> None:
    definition = a_definition(builtin("parents"))
    picture = ElementTree.fromstring(thumbnail(definition, {"agreed": 3, "trust": 0}, "nl"))
    boxes = list(picture.iter(f"{SVG}rect"))
    assert len(boxes) == len(definition.stages)
    assert [box.get("class") for box in boxes].count("busy") == 1
    assert picture.get("aria-label") == definition.title["nl"]


def test_words_in_a_drawing_are_escaped_and_templates_take_it_as_it_is() -> None:
    definition = a_definition(ROUTE.replace("en: Contact", 'en: "<b>Contact</b> & more"'))
    for drawn in (svg(definition, None, "en", OnPage()), thumbnail(definition, {}, "en")):
        assert "<b>" not in drawn
        assert drawn.__html__() == drawn
