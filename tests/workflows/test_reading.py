"""A route file is read as plain values with lines, and what could do harm is refused."""

from pathlib import Path

import pytest

from core.errors import FaultyRoute
from workflows.reading import LARGEST, read_file, read_tree


def test_every_value_knows_its_line() -> None:
    tree = read_tree("a: 1\nb:\n  - x\n  - y: z\n")
    assert tree.value == {"a": 1, "b": ["x", {"y": "z"}]}
    assert tree.line(("b", 1, "y")) == 4
    assert tree.line(("b", 0)) == 3
    assert tree.line(("b", 1, "unknown")) == 4
    assert tree.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("12", 12),
        ("yes", "yes"), ("no", "no"), ("1.5", "1.5"), ("2018-04-03", "2018-04-03"),
        ("'12'", "12"), ('"true"', "true"), ("1234567890", "1234567890"), ("٣", "٣"),
    ],
)  # fmt: skip
def test_plain_words_stay_words(text: str, value: object) -> None:
    assert read_tree(f"a: {text}").value == {"a": value}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: &x 1\n", 1, "Anchors and aliases"),
        ("a: 1\nb: *x\n", 2, "Anchors and aliases"),
        ("a: !!python/object:os.system x\n", 1, "Tags"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("[a, b]: 1\n", 1, "cannot be a list"),
        ("a: 1\n" + "b: " + "[" * 20 + "]" * 20, 2, "nested too deep"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "not well-formed"),
        ("a: 1\n\tb: 2\n", 2, "not well-formed"),
        ("a: 'x\n", 2, "not well-formed"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(text: str, line: int, why: str) -> None:
    tree = read_tree(text)
    (fault,) = tree.faults
    assert why in fault.why
    assert fault.line == line
    assert not tree.whole


def test_a_name_that_stands_twice_is_a_fault_at_the_second() -> None:
    tree = read_tree("a: 1\nb: 2\na: 3\n")
    assert [(fault.thing, fault.line) for fault in tree.faults] == [("a", 3)]
    assert tree.whole


def test_of_names_that_stand_twice_the_first_and_the_last_can_be_read() -> None:
    tree = read_tree("a:\n  x: 1\n  y: {z: 1}\n  x: 2\n  y:\n    z: 2\n  x: 3\nb: 1\n")
    first, last = tree.readings()
    assert first.value == {"a": {"x": 1, "y": {"z": 1}}, "b": 1}
    assert last.value == {"a": {"x": 3, "y": {"z": 2}}, "b": 1}
    assert [each.line(("a", "y", "z")) for each in (first, last)] == [3, 6]
    assert [each.line(("a", "x")) for each in (first, last)] == [2, 7]
    assert [(fault.thing, fault.line) for fault in tree.faults] == [("x", 4), ("y", 5), ("x", 7)]


def test_a_section_that_stands_twice_is_one_list() -> None:
    tree = read_tree("a: {x: 1}\nb: 1\na:\n  y: 2\n  z: 3\na: none\n")
    assert [each.value for each in tree.readings()] == [{"a": {"x": 1, "y": 2, "z": 3}, "b": 1}]
    assert tree.line(("a", "z")) == 5
    assert [fault.line for fault in tree.faults] == [3, 6]


def test_an_alias_bomb_is_refused() -> None:
    layers = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    bomb = "\n".join(["l0: &l0 ha", *layers])
    assert "Anchors and aliases" in read_tree(bomb).faults[0].why


def test_a_file_of_50_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(FaultyRoute) as refused:
        read_file(path)
    assert "larger than 4 MB" in refused.value.faults[0].why
    assert LARGEST == 4_000_000


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "route.yaml"
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(FaultyRoute, match=r"route\.yaml"):
        read_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultyRoute) as refused:
        read_file(tmp_path / "none.yaml")
    assert "no such file" in refused.value.faults[0].why
