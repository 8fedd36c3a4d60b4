"""Checks a route file and reports every fault at once, each with its line and its remedy."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import Fault, FaultyRoute
from core.words import Told
from workflows.dead_ends import dead_ends
from workflows.definition import (
    LONGEST_NAME,
    QUESTIONS,
    Definition,
    FollowUpRule,
    Move,
    Stage,
    Titles,
)
from workflows.guards import GUARDS
from workflows.library import builtin_names
from workflows.lifecycles import REFERRAL
from workflows.periods import DATES
from workflows.reading import Path_, Tree, read_file, read_tree
from workflows.remedies import SHORTER, keys, mended, sentences, short, suggestion

SECTIONS = ("name", "title", "start", "stages", "moves", "follow_ups", "referral", "reasons")
ANSWERS = tuple(state for state in REFERRAL.states if state not in ("draft", "sent"))
Part = TypeVar("Part", bound=BaseModel)


def load(path: Path, routes: Collection[str] = ()) -> Definition:
    """The definition in a file; raises `FaultyRoute` with all faults. For `routes` see `check`."""
    return parse(read_file(path), str(path), routes)


def parse(text: str, name: str = "route", routes: Collection[str] | None = ()) -> Definition:
    """The definition in a text; raises `FaultyRoute` with all faults. For `routes` see `check`."""
    definition, faults = check(text, routes)
    if faults or definition is None:
        raise FaultyRoute(name, faults=faults)
    return definition


@lru_cache(maxsize=256)
def published(text: str) -> Definition:
    """The definition in a text that was published, read once; what it opens was asked then."""
    return parse(text, routes=None)


def check(
    text: str, routes: Collection[str] | None = ()
) -> tuple[Definition | None, tuple[Fault, ...]]:
    """The definition, if there is one, and every fault, in the order of the lines.

    A step may open a built-in route, the route itself, or one of `routes`: those that are
    published. None: it may open any, for a text that was checked when it was published.
    """
    tree = read_tree(text)
    checkers = [_Checker(each, routes) for each in tree.readings()] if tree.whole else []
    definitions = [checker.definition() for checker in checkers]
    found = [*tree.faults, *(fault for each in checkers for fault in each.faults)]
    # whichever is meant of two things with one name, a dead end must be one
    found += [
        fault
        for fault in (checkers[0].dead_ends if checkers else ())
        if all(fault in each.dead_ends for each in checkers)
    ]
    faults = sorted(dict.fromkeys(found), key=lambda fault: fault.line or 0)
    return (definitions[0] if definitions and not faults else None), tuple(faults)


class _Checker:
    """Gathers faults while it reads the parts; a faulty part does not hide the others."""

    def __init__(self, tree: Tree, routes: Collection[str] | None):
        self.tree = tree
        self.routes = routes
        self.faults: list[Fault] = []
        self.dead_ends: dict[Fault, None] = {}
        #: places where something sound stands instead of what was found fault with
        self.replaced: set[Path_] = set()
        self.stages: dict[str, Stage] = {}
        self.moves: dict[str, Move] = {}
        self.follow_ups: dict[str, FollowUpRule] = {}
        #: whether a stage is named that does not exist
        self.lost = False

    def definition(self) -> Definition | None:
        value = self.tree.value
        if not isinstance(value, dict):
            if not self.tree.faults:
                self._fault((), "file", "This is not a route.", "Begin with: name: my-route")
            return None
        for key in value:
            if key not in SECTIONS:
                self._unknown((key,), key, SECTIONS)
        title = self._part(("title",), Titles, value.get("title"), "title")
        name = self._name(value.get("name"))
        self._read_parts(value)
        start = self._start(value.get("start"))
        referral, reasons = self._referral(value), self._reasons(value)
        self._check_moves()
        self._check_follow_ups()
        if not self.lost:
            # a misspelt stage cuts every path behind it: only what was written is reported
            found = dead_ends(self.stages, self.moves, start, self.tree.line)
            self.dead_ends = dict.fromkeys(found)
        if self.faults or title is None or name is None:
            return None
        return Definition(
            name=name, title=title, start=start, stages=self.stages, moves=self.moves,
            follow_ups=self.follow_ups, referral=referral, reasons=reasons,
        )  # fmt: skip

    def _name(self, name: Any) -> str | None:
        if not isinstance(name, str) or not name.strip():
            self._fault(("name",), "name", "The route has no name.", "Add: name: my-route")
        elif len(name) > LONGEST_NAME:
            self._fault(("name",), "name", "The name of the route is too long.", SHORTER)
        else:
            return name
        return None

    def _read_parts(self, value: Mapping[str, Any]) -> None:
        self.stages = self._parts("stages", Stage, value.get("stages"))
        self.moves = self._parts("moves", Move, value.get("moves"))
        self.follow_ups = self._parts("follow_ups", FollowUpRule, value.get("follow_ups") or {})
        if isinstance(value.get("stages"), dict) and not value["stages"]:
            self._fault(("stages",), "stages", "There are no stages.", "Add at least one stage.")

    def _parts(self, section: str, kind: type[Part], value: Any) -> dict[str, Part]:
        if not isinstance(value, dict):
            remedy = Told(
                "Write {section}: with a name for each on a line of its own.", section=section
            )
            self._fault(
                (section,), section, "This must be a list of names with what they are.", remedy
            )
            return {}
        found = {}
        for name, item in value.items():
            part = self._part((section, name), kind, item, name, name=name)
            if part is not None:
                found[name] = part
            elif kind is not FollowUpRule:
                self.lost = True
        return found

    def _part(
        self, path: Path_, kind: type[Part], value: Any, thing: str, **extra: str
    ) -> Part | None:
        if not isinstance(value, dict):
            why = (
                "This is missing." if value is None else "This must be a list of names and values."
            )
            example = "{nl: …, en: …}" if kind is Titles else "title: {nl: …, en: …}"
            self._fault(path, thing, why, Told("Write for example: {example}", example=example))
            return None
        if "name" in extra and "name" in value:
            self._unknown((*path, "name"), "name", ())
        return self._sound(path, kind, {**value, **extra}, thing)

    def _sound(
        self, path: Path_, kind: type[Part], value: Mapping[str, Any], thing: str
    ) -> Part | None:
        """The part, with something sound instead of what is faulty, so that all of it is read."""
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            problems = error.errors()
        for problem in problems:
            self._problem(path, thing, problem, kind)
        # what is wrong with a follow-up as a whole is that it does not say how often it repeats
        faulty = {str(problem["loc"][0]) if problem["loc"] else "every" for problem in problems}
        self.replaced |= {(*path, key) for key in faulty}
        rest = mended(kind, value, faulty)
        return None if "name" in faulty or rest == value else self._sound(path, kind, rest, thing)

    def _problem(self, path: Path_, thing: str, problem: Any, kind: type[BaseModel]) -> None:
        place = tuple(part for part in problem["loc"] if part != "name")
        where = ".".join(str(part) for part in (thing, *place))
        if problem["type"] == "extra_forbidden":
            self._unknown((*path, *place), where, keys(kind, place))
        else:
            self._fault((*path, *place), where, *sentences(problem, place))

    def _start(self, value: Any) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if names is None:
            return tuple(self.stages)[:1]
        if not isinstance(names, list) or not names:
            self._fault(("start",), "start", "This must name stages.", "Write: start: [contact]")
            return ()
        for number, name in enumerate(names):
            self._known_stage(("start", number), "start", name)
        return tuple(str(name) for name in names)

    def _referral(self, value: Mapping[str, Any]) -> dict[str, str]:
        answers = value.get("referral") or {}
        if not isinstance(answers, dict):
            self._fault(
                ("referral",), "referral", "This must name answers.", "Write: accepted: place"
            )
            return {}
        moves = self._names(value, "moves")
        for answer, move in answers.items():
            if answer not in ANSWERS:
                self._unknown(("referral", answer), answer, ANSWERS)
            self._known(("referral", answer), answer, move, moves, Told("step"))
        return {str(answer): str(move) for answer, move in answers.items()}

    def _reasons(self, value: Mapping[str, Any]) -> dict[str, Titles]:
        reasons = value.get("reasons") or {}
        if not isinstance(reasons, dict):
            self._fault(
                ("reasons",), "reasons", "This must name reasons.", "Write: shame: {nl: …, en: …}"
            )
            return {}
        found = {
            code: self._part(("reasons", code), Titles, item, code)
            for code, item in reasons.items()
        }
        return {code: titles for code, titles in found.items() if titles}

    def _check_moves(self) -> None:
        for move in self.moves.values():
            path = ("moves", move.name)
            if not move.sources:
                remedy = "Write for example: from: [contact]"
                self._fault((*path, "from"), f"{move.name}.from", "This names no stage.", remedy)
            for number, source in enumerate(move.sources):
                if source != "*":
                    self._known_stage((*path, "from", number), f"{move.name}.from", source)
            self._known_stage((*path, "to"), f"{move.name}.to", move.to)
            if move.opens is not None and self.routes is not None:
                routes = (self.tree.value.get("name"), *builtin_names(), *self.routes)
                known = tuple(dict.fromkeys(map(str, routes)))
                self._known(
                    (*path, "opens"), f"{move.name}.opens", move.opens, known, Told("route")
                )
            for number, guard in enumerate(move.guard):
                self._known((*path, "guard", number), move.name, guard, GUARDS, Told("guard"))
            for number, ask in enumerate(move.asks):
                self._known(
                    (*path, "asks", number), move.name, ask.rstrip("?"), QUESTIONS, Told("question")
                )

    def _check_follow_ups(self) -> None:
        moves = self._names(self.tree.value, "moves")
        for rule in self.follow_ups.values():
            path = ("follow_ups", rule.name)
            if rule.when.from_date:
                if not rule.stages:
                    why = "This counts from a date but names no stages."
                    self._fault((*path, "when"), rule.name, why, "Add: in: [placed]")
                for number, stage in enumerate(rule.stages):
                    self._known_stage((*path, "in", number), f"{rule.name}.in", stage)
            else:
                known = (*self._names(self.tree.value, "stages"), *DATES)
                self._known(
                    (*path, "when"), rule.name, rule.when.anchor, known, Told("stage or date")
                )
            for number, move in enumerate(rule.ends):
                self._known((*path, "ends", number), rule.name, move, moves, Told("step"))
            if rule.then:
                self._known((*path, "then"), rule.name, rule.then, moves, Told("step"))

    def _known_stage(self, path: Path_, thing: str, name: object) -> None:
        stages = self._names(self.tree.value, "stages")
        self.lost |= not isinstance(name, str) or name not in stages
        self._known(path, thing, name, stages, Told("stage"))

    def _known(
        self, path: Path_, thing: str, name: object, known: Collection[str], kind: Told
    ) -> None:
        if not isinstance(name, str) or name not in known:
            why = Told("There is no {kind} named {name}.", kind=kind, name=short(name))
            self._fault(path, thing, why, suggestion(str(name), known))

    def _unknown(self, path: Path_, thing: str, known: Collection[str]) -> None:
        key = str(path[-1])
        self._fault(path, thing, "This is not known here.", suggestion(key, known))

    def _names(self, value: Mapping[str, Any], section: str) -> Collection[str]:
        part = value.get(section)
        return part if isinstance(part, dict) else ()

    def _fault(self, path: Path_, thing: str, why: str, remedy: str) -> None:
        if not any(path[:length] in self.replaced for length in range(1, len(path) + 1)):
            self.faults.append(Fault(thing, why, remedy, self.tree.line(path)))
