"""What the workflow commands do, and how they show it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.composition import Program, program, settings
from cli.language import LANGUAGE, t
from core import clock
from core.errors import DatabaseUnready, Fault, FaultyRoute, FaultyValue, Misused
from referrals import routes
from storage.queries import workflows
from workflows import checking, discovery, drawing
from workflows.definition import Definition
from workflows.event_logs import Trace, read_traces
from workflows.reading import read_file


def listed(program: Program) -> list[dict[str, Any]]:
    """Every version: name, number, title, how many stages, when published."""
    with program.reading() as session:
        return [
            {
                "name": row.name,
                "version": row.number,
                "title": definition.title[LANGUAGE],
                "stages": len(definition.stages),
                "moves": len(definition.moves),
                "published": row.published_at.date().isoformat(),
            }
            for row in workflows.versions(session)
            for definition in [routes.pinned(session, row.id or 0).definition]
        ]


def definition_of(name: str) -> Definition:
    """The definition in a file, or else of a published route."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return checking.load(path, _published())
    with program().reading() as session:
        return routes.newest(session, name).definition


def faults_in(file: Path) -> tuple[Fault, ...]:
    """Every fault of a route file, also those that keep it from being read."""
    try:
        return checking.check(read_file(file), _published())[1]
    except FaultyRoute as error:
        return error.faults


def _published() -> tuple[str, ...]:
    """The names of the published routes; none where no database is ready to be asked."""
    try:
        with program().reading() as session:
            return routes.names(session)
    except (DatabaseUnready, Misused):
        return ()


def faults_json(file: Path, faults: tuple[Fault, ...]) -> dict[str, Any]:
    """Faults for programs."""
    return {
        "file": str(file),
        "faults": [
            {
                "file": str(file),
                "line": fault.line,
                "what": fault.thing,
                "why": t(fault.why),
                "remedy": t(fault.remedy),
            }
            for fault in faults
        ],
    }


def drawn(name: str, form: str, *, counts: bool) -> str:
    """A drawing of a route, as SVG or Mermaid."""
    definition = definition_of(name)
    if form == "mermaid":
        return drawing.mermaid(definition, LANGUAGE)
    if form != "svg":
        raise FaultyValue(form, remedy="Choose one of: svg, mermaid.")
    there = None
    if counts:
        with program().reading() as session:
            there = workflows.cases_per_stage(session, routes.newest(session, name).id)
    return drawing.svg(definition, there, LANGUAGE)


def publish(program: Program, file: Path) -> dict[str, Any]:
    """Publish a file as the next version of its route."""
    text = read_file(file)
    with program.writing() as session:
        checking.parse(text, str(file), routes.names(session))
        version = routes.publish(session, text, by="brug workflow publish", now=program.now)
    return {"name": version.name, "version": version.number}


def discover(
    open_program: Callable[[], Program],
    log: Path,
    name: str,
    out: Path | None,
    *,
    publish: bool,
    columns: Mapping[str, str | None],
) -> dict[str, Any]:
    """Write a route file from a log, to a file or as text, and publish it when asked."""
    given = {kind: column for kind, column in columns.items() if column}
    seen = _Seen(read_traces(log, zone=settings().zone, columns=given or None, refuse=_ignore))
    text = discovery.discover(seen, name)
    definition = checking.parse(text, name)
    done: dict[str, Any] = {
        "name": definition.name,
        "stages": len(definition.stages),
        "moves": len(definition.moves),
        "cases": seen.cases,
    }
    if out is not None:
        out.write_text(text, encoding="utf-8")
        done["file"] = str(out)
    else:
        done["text"] = text
    if publish:
        with open_program().writing() as session:
            version = routes.publish(session, text, by="brug workflow discover", now=clock.now())
        done["version"] = version.number
    return done


class _Seen:
    """Counts the cases of a log while they are looked at."""

    def __init__(self, traces: Iterator[Trace]):
        self.traces = traces
        self.cases = 0

    def __iter__(self) -> Iterator[Trace]:
        for trace in self.traces:
            self.cases += 1
            yield trace


def _ignore(_line: int, _fault: Fault) -> None:
    """A faulty line says nothing about the route; the import reports it."""
