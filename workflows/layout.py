"""Where the stages of a drawn route stand and how the lines between them run, past every box.

Stages stand in a grid. Lines leave a box at its right side and enter one at its left; in between
they follow lanes: upright ones in the gutters between columns, level ones in the corridors between
rows. All lines to the same stage share their lanes, so that they flow together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from workflows.definition import LEVELS, Definition, Move

BOX_WIDTH, BOX_HEIGHT = 136, 64
#: between lanes, and between the outer lane and a box
STEP, MARGIN = 9, 16
#: how far from the middle of a box lines leave (below) and enter (above)
PORT = 9
#: room for the line that stands for every open stage
RAIL = 44

Point = tuple[float, float]
Cell = tuple[int, int]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """The moves from one stage to another, as a line of straight pieces."""

    source: str
    to: str
    moves: tuple[Move, ...]
    points: tuple[Point, ...]
    #: leads to an earlier column or row
    back: bool


@dataclass(frozen=True)
class Layout:
    """Boxes by stage (left upper corners), lines, and the size of it all, in pixels."""

    boxes: Mapping[str, Point]
    lines: tuple[Line, ...]
    #: moves from every open stage, and the height at which these come together
    from_all: tuple[Move, ...]
    rail: float
    width: float
    height: float


def arrange(definition: Definition) -> Layout:
    """The layout of a route."""
    cells, main_rows = _cells(definition)
    pairs, from_all = _pairs(definition, cells, main_rows)
    grid = _Grid(cells, pairs, main_rows if from_all else None)
    lines = tuple(
        Line(source, to, tuple(moves), grid.points(source, to), _leads_back(cells, source, to))
        for (source, to), moves in pairs.items()
    )
    boxes = {stage: grid.corner(stage) for stage in cells}
    return Layout(boxes, lines, from_all, grid.rail, grid.width, grid.height)


def _cells(definition: Definition) -> tuple[dict[str, Cell], int]:
    """The column and row of each stage, and how many rows the path itself takes."""
    columns = _columns(definition)
    cells: dict[str, Cell] = {}
    rows: dict[int, int] = defaultdict(int)
    for stage, column in columns.items():
        cells[stage] = (column, rows[column])
        rows[column] += 1
    main_rows = max(rows.values(), default=0)
    wide = max(4, *rows) + 1 if rows else 4
    beside = [stage for stage in definition.stages if stage not in cells]
    for number, stage in enumerate(beside):
        row, column = divmod(number, max(wide - 1, 1))
        cells[stage] = (column + (wide > 1), main_rows + row)
    return cells, main_rows


def _columns(definition: Definition) -> dict[str, int]:
    """The column of each stage that is not beside the path: by level, or else by distance."""
    path = [stage for stage in definition.stages.values() if not stage.aside]
    used = [level for level in LEVELS if any(stage.level == level for stage in path)]
    if not used:
        distances = _distances(definition)
        return {stage.name: distances.get(stage.name, 0) for stage in path}
    columns, column = {}, 0
    for stage in path:
        column = used.index(stage.level) if stage.level else column
        columns[stage.name] = column
    return columns


def _distances(definition: Definition) -> dict[str, int]:
    """How many moves each stage is away from where most cases begin, the first start."""
    distances: dict[str, int] = {}
    for start in definition.start:
        distances.setdefault(start, 0)
        waiting = [start]
        for stage in waiting:
            for move in definition.moves_from[stage]:
                if move.to not in distances:
                    distances[move.to] = distances[stage] + 1
                    waiting.append(move.to)
    return distances


def _pairs(
    definition: Definition, cells: Mapping[str, Cell], main_rows: int
) -> tuple[dict[Pair, list[Move]], tuple[Move, ...]]:
    """Which moves run from stage to stage, and which come from every open stage."""
    from_all = tuple(
        move
        for move in definition.moves.values()
        if "*" in move.sources and cells[move.to][1] >= main_rows
    )
    pairs: dict[Pair, list[Move]] = defaultdict(list)
    for stage, moves in definition.moves_from.items():
        for move in moves:
            if move not in from_all:
                pairs[stage, move.to].append(move)
    return pairs, from_all


def _leads_back(cells: Mapping[str, Cell], source: str, to: str) -> bool:
    return cells[to] < cells[source]


class _Grid:
    """The lanes that the lines need, and from these every coordinate."""

    def __init__(self, cells: Mapping[str, Cell], pairs: Iterable[Pair], rail_row: int | None):
        self._cells = cells
        uprights: dict[tuple[int, str], list[float]] = defaultdict(list)
        levels: dict[tuple[int, str], list[float]] = defaultdict(list)
        for source, to in pairs:
            self._claim(source, to, uprights, levels)
        self._upright, gutters = _lanes(uprights)
        self._level, corridors = _lanes(levels)
        columns = max((column for column, _ in cells.values()), default=0) + 1
        rows = max((row for _, row in cells.values()), default=0) + 1
        self._gutters = [_room(gutters[number - 1]) for number in range(columns + 1)]
        self._corridors = [_room(corridors[number]) for number in range(rows + 1)]
        rail = RAIL if rail_row is not None else 0
        if rail_row is not None:
            self._corridors[rail_row] += rail
        self._x = [0.0, *accumulate(gutter + BOX_WIDTH for gutter in self._gutters)]
        self._y = [0.0, *accumulate(corridor + BOX_HEIGHT for corridor in self._corridors)]
        self.rail = self._y[rail_row] + self._corridors[rail_row] - rail if rail_row else 0.0
        self.width = self._x[columns] + self._gutters[columns]
        self.height = self._y[rows] + self._corridors[rows]

    def corner(self, stage: str) -> Point:
        """The left upper corner of a box."""
        column, row = self._cells[stage]
        return self._x[column] + self._gutters[column], self._y[row] + self._corridors[row]

    def points(self, source: str, to: str) -> tuple[Point, ...]:
        """The corners of the line between two stages."""
        (left, top), (to_left, to_top) = self.corner(source), self.corner(to)
        right, leaves, enters = (
            left + BOX_WIDTH,
            top + BOX_HEIGHT / 2 + PORT,
            to_top + BOX_HEIGHT / 2 - PORT,
        )
        way = _way(self._cells[source], self._cells[to])
        if way == "self":
            return (
                (right - 34, top),
                (right - 34, top - 11),
                (right - 14, top - 11),
                (right - 14, top),
            )
        if way == "straight":
            middle = top + BOX_HEIGHT / 2
            return (right, middle), (to_left, middle)
        if way == "down":
            return (left + BOX_WIDTH / 2, top + BOX_HEIGHT), (left + BOX_WIDTH / 2, to_top)
        entry = self._upright_x(self._cells[to][0] - 1, to)
        end = ((entry, enters), (to_left, enters))
        if way == "next":
            return (right, leaves), (entry, leaves), *end
        exit_ = self._upright_x(self._cells[source][0], to)
        level = self._level_y(_corridor(self._cells[source], self._cells[to]), to)
        return (right, leaves), (exit_, leaves), (exit_, level), (entry, level), *end

    def _claim(
        self,
        source: str,
        to: str,
        uprights: dict[tuple[int, str], list[float]],
        levels: dict[tuple[int, str], list[float]],
    ) -> None:
        """Notes which stretch of which gutter and corridor a line needs, counted in half cells."""
        (column, row), (to_column, to_row) = self._cells[source], self._cells[to]
        way = _way((column, row), (to_column, to_row))
        leaves, enters = 2 * row + 1.2, 2 * to_row + 0.8
        if way == "next":
            uprights[column, to] += [leaves, enters]
        elif way == "around":
            corridor = _corridor((column, row), (to_column, to_row))
            uprights[column, to] += [leaves, 2 * corridor]
            uprights[to_column - 1, to] += [2 * corridor, enters]
            levels[corridor, to] += [column, to_column - 1]

    def _upright_x(self, gutter: int, to: str) -> float:
        return self._x[gutter + 1] + MARGIN + STEP * self._upright[gutter, to]

    def _level_y(self, corridor: int, to: str) -> float:
        return self._y[corridor] + MARGIN + STEP * self._level[corridor, to]


def _way(source: Cell, to: Cell) -> str:
    """How a line can run: to itself, straight on, down, by one gutter, or around by a corridor."""
    (column, row), (to_column, to_row) = source, to
    if source == to:
        return "self"
    if to_column == column + 1:
        return "straight" if row == to_row else "next"
    return "down" if (to_column, to_row) == (column, row + 1) else "around"


def _corridor(source: Cell, to: Cell) -> int:
    """The corridor along the row of the target, on the side the line comes from."""
    return to[1] + 1 if source[1] > to[1] else to[1]


def _room(lanes: int) -> float:
    return 2 * MARGIN + STEP * (lanes - 1) if lanes else 2 * MARGIN


def _lanes(
    stretches: Mapping[tuple[int, str], list[float]],
) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """A lane for each stretch, so that those in one lane don't touch, and how many there are."""
    lanes: dict[tuple[int, str], int] = {}
    ends: dict[int, list[float]] = defaultdict(list)
    for (place, to), marks in sorted(stretches.items(), key=lambda item: (min(item[1]), item[0])):
        taken = ends[place]
        lane = next((n for n, end in enumerate(taken) if end < min(marks)), len(taken))
        taken[lane : lane + 1] = [max(marks)]
        lanes[place, to] = lane
    return lanes, defaultdict(int, {place: len(taken) for place, taken in ends.items()})
