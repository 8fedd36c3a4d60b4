"""A route as a picture (SVG) and as Mermaid text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

from core.words import number_in, say
from workflows.definition import Definition, Move, Stage
from workflows.layout import BOX_HEIGHT, BOX_WIDTH, Layout, Line, Point, arrange

#: letters in a line of a box, and lines
_LETTERS, _LINES = 16, 2
_ROUNDING = 6

#: colours stand as attributes as well, for pages that allow no styles within them
_STYLE = """
.route-drawing { font: 13px system-ui, "Segoe UI", sans-serif; }
.route-drawing .count { font-size: 17px; font-weight: 650; }
.route-drawing .lines g:hover path { stroke: #0b5cad; stroke-width: 2.5; }
@media (prefers-color-scheme: dark) {
  .route-drawing .boxes rect { fill: #1d2733; stroke: #7f93a8; }
  .route-drawing text { fill: #eef2f6; }
  .route-drawing .lines path { stroke: #8496a9; }
  .route-drawing .lines path.head { fill: #8496a9; }
  .route-drawing .boxes circle { fill: #7fb4ea; }
  .route-drawing .lines g:hover path { stroke: #7fb4ea; }
}
"""


class Svg(str):
    """A picture whose every word is escaped already: templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class OnPage:
    """What a drawing is given that stands in a page, whose style sheet has the colours."""

    #: stage → where its box leads
    links: Mapping[str, str] = field(default_factory=dict)
    #: stage → a few letters beside its number, such as how long people stay there
    notes: Mapping[str, str] = field(default_factory=dict)


#: for a drawing by itself: no links, no notes
_ALONE = OnPage()


def svg(
    definition: Definition,
    counts: Mapping[str, int] | None,
    language: str,
    page: OnPage | None = None,
) -> Svg:
    """The route as an SVG picture that needs nothing from outside.

    Stages stand from left to right by level, or without levels by their distance from the start;
    those beside the path stand below. `counts` (stage → number) are shown in the boxes. For a
    `page` it has no style of its own, which the policy of the pages would refuse.
    """
    layout = arrange(definition)
    title = escape(definition.title[language])
    # what is one image to a screen reader has no links in it
    role = "img" if page is None else "group"
    parts = [
        _opening(layout, role, title),
        f"<title>{title}</title>",
        f"<desc>{escape(_described(definition, counts, language))}</desc>",
        f"<style>{_STYLE}</style>" if page is None else "",
        '<g class="lines" fill="none" stroke="#7b8794" stroke-width="1.5">',
        *(_line(line, language) for line in layout.lines),
        *_rail(layout, language),
        "</g>",
        '<g class="boxes" fill="#1f2933">',
        *(
            _box(stage, layout.boxes[stage.name], definition, counts, language, page or _ALONE)
            for stage in definition.stages.values()
        ),
        "</g>",
        "</svg>",
    ]
    return Svg("\n".join(part for part in parts if part) + "\n")


def thumbnail(definition: Definition, counts: Mapping[str, int], language: str) -> Svg:
    """The shape of a route, without words: boxes and lines; where somebody stands is filled."""
    layout = arrange(definition)
    lines = "".join(_path(line.points) for line in layout.lines)
    boxes = []
    for stage in definition.stages.values():
        x, y = layout.boxes[stage.name]
        busy = ' class="busy"' if counts.get(stage.name) else ""
        boxes.append(
            f'<rect{busy} x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="12"/>'
        )
    return Svg(
        _opening(layout, "img", escape(definition.title[language]))
        + '<g stroke="#7b8794" stroke-width="3">'
        f'<path d="{lines}" fill="none"/><g fill="#fbfcfd">{"".join(boxes)}</g></g></svg>'
    )


def _opening(layout: Layout, role: str, label: str) -> str:
    width, height = round(layout.width), round(layout.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="route-drawing" role="{role}" '
        f'aria-label="{label}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="system-ui, sans-serif" font-size="13">'
    )


def mermaid(definition: Definition, language: str) -> str:
    """The route as the text of a Mermaid state diagram."""
    ids = {stage: f"s{number}" for number, stage in enumerate(definition.stages, 1)}
    lines = ["stateDiagram-v2", "    direction LR"]
    for stage in definition.stages.values():
        lines.append(f'    state "{_plain(stage.title[language])}" as {ids[stage.name]}')
    lines += [f"    [*] --> {ids[stage]}" for stage in definition.start]
    for source, moves in definition.moves_from.items():
        lines += [
            f"    {ids[source]} --> {ids[move.to]} : {_plain(move.title[language])}"
            for move in moves
        ]
    lines += [
        f"    {ids[stage.name]} --> [*]" for stage in definition.stages.values() if stage.final
    ]
    return "\n".join(lines) + "\n"


def _described(definition: Definition, counts: Mapping[str, int] | None, language: str) -> str:
    """The picture in words: each stage, its number, and where one can go from it."""
    sentences = []
    for stage in definition.stages.values():
        name = stage.title[language]
        if counts is not None:
            name += f" ({number_in(language, counts.get(stage.name, 0))})"
        moves = definition.moves_from[stage.name]
        ways = dict.fromkeys(definition.stages[move.to].title[language] for move in moves)
        sentences.append(f"{name} → {', '.join(ways)}." if ways else f"{name}.")
    return " ".join(sentences)


def _line(line: Line, language: str) -> str:
    style = ' stroke-dasharray="5 4"' if line.back else ""
    title = escape(", ".join(move.title[language] for move in line.moves))
    head = _head(line.points[-2], line.points[-1])
    return f'<g><title>{title}</title><path d="{_path(line.points)}"{style}/>{head}</g>'


def _rail(layout: Layout, language: str) -> list[str]:
    """One line that stands for every open stage, with arrows to the stages beside the path."""
    if not layout.from_all:
        return []
    by_stage: dict[str, list[Move]] = {}
    for move in layout.from_all:
        by_stage.setdefault(move.to, []).append(move)
    ends = [layout.boxes[to][0] + BOX_WIDTH / 2 for to in by_stage]
    left, right, y = min(ends) - BOX_WIDTH / 2, max(ends), layout.rail
    words = escape(say(language, "From every open stage"))
    parts = [
        f'<text x="{left - 8:g}" y="{y + 4:g}" text-anchor="end" fill="#1f2933" stroke="none">'
        f"{words}</text>",
        f'<path d="M{left:g} {y:g}H{right:g}"/>',
    ]
    for to, moves in by_stage.items():
        x, top = layout.boxes[to][0] + BOX_WIDTH / 2, layout.boxes[to][1]
        title = escape(", ".join(move.title[language] for move in moves))
        path = f'<path d="M{x:g} {y:g}V{top:g}"/>{_head((x, y), (x, top))}'
        parts.append(f"<g><title>{title}</title>{path}</g>")
    return parts


def _box(
    stage: Stage,
    corner: Point,
    definition: Definition,
    counts: Mapping[str, int] | None,
    language: str,
    page: OnPage,
) -> str:
    x, y = corner
    title = stage.title[language]
    lines = wrap(title, _LETTERS, max_lines=_LINES, placeholder="…", break_on_hyphens=False)
    weight = 2.5 if stage.final else 1.2
    dashes = ' stroke-dasharray="4 3"' if stage.aside else ""
    parts = [
        f"<g><title>{escape(title)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="9" '
        f'fill="#fbfcfd" stroke="#52606d" stroke-width="{weight}"{dashes}/>'
    ]
    if stage.name in definition.start:
        parts.append(f'<circle cx="{x + 10:g}" cy="{y + 10:g}" r="3.5" fill="#0b5cad"/>')
    rows = [(line, "", 16) for line in lines]
    rows = [(escape(line), kind, leading) for line, kind, leading in rows]
    if counts is not None:
        number = number_in(language, counts.get(stage.name, 0))
        note = escape(page.notes.get(stage.name, ""))
        beside = f'<tspan class="note" dx="6" font-size="12">{note}</tspan>' if note else ""
        rows.append((f"{number}{beside}", ' class="count"', 19))
    baseline = y + BOX_HEIGHT / 2 - sum(row[2] for row in rows) / 2 - 3
    for text, kind, leading in rows:
        baseline += leading
        parts.append(
            f'<text x="{x + BOX_WIDTH / 2:g}" y="{baseline:g}" text-anchor="middle"{kind}>'
            f"{text}</text>"
        )
    whole = "".join(parts) + "</g>"
    leads = page.links.get(stage.name)
    return f'<a href="{escape(leads)}">{whole}</a>' if leads else whole


def _path(points: tuple[Point, ...]) -> str:
    """Straight pieces with rounded corners."""
    (x, y), *rest = points
    path = f"M{x:g} {y:g}"
    for before, corner, after in zip(points, rest, rest[1:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        path += f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}"
    return path + f"L{points[-1][0]:g} {points[-1][1]:g}"


def _towards(corner: Point, other: Point) -> Point:
    """A point at most the rounding away from a corner, half-way at most."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    length = abs(across) + abs(down)
    share = min(_ROUNDING, length / 2) / length if length else 0
    return corner[0] + across * share, corner[1] + down * share


def _head(before: Point, end: Point) -> str:
    """An arrow head; drawn each time, because a marker would need a name of its own on a page."""
    x, y = end
    if before[1] == y:
        back = -6 if x > before[0] else 6
        corners = f"M{x:g} {y:g}l{back} -3.5v7z"
    else:
        back = -6 if y > before[1] else 6
        corners = f"M{x:g} {y:g}l-3.5 {back}h7z"
    return f'<path class="head" d="{corners}" fill="#7b8794" stroke="none"/>'


def _plain(text: str) -> str:
    """A text without anything that Mermaid would take for its own, as character codes."""
    return "".join(
        letter if letter.isalnum() or letter in " -.,'()/→" else f"#{ord(letter)};"
        for letter in text
    )
