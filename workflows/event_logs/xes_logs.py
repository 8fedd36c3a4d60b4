"""Event logs as XES (IEEE 1849): the name and time of each event, the name of each trace.

Nothing is built in memory but the trace being read, and a document type, and so every entity that
a file might bring along, is refused.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from xml.parsers import expat

from core.errors import Fault
from core.words import Told
from workflows.event_logs.csv_logs import Refuse, Row
from workflows.event_logs.names import clean_name
from workflows.event_logs.sources import Source, faulty

#: elements within elements
DEEPEST = 100
_LOG, _TRACE, _EVENT = 1, 2, 3


def rows(source: Source, read_moment: Callable[[str], datetime], refuse: Refuse) -> Iterator[Row]:
    """Case, activity and moment of each event; raises `FaultyFile` when it is no XES log."""
    log = _Log(source, read_moment, refuse)
    try:
        while block := source.block():
            log.parser.Parse(block, False)
            yield from log.take()
        log.parser.Parse(b"", True)
        yield from log.take()
    except expat.ExpatError as error:
        why = "It is not well-formed XML."
        raise faulty(source.name, why, "Export the log again.", error.lineno) from error


class _Log:
    """What was found so far in the log, the trace and the event that are being read."""

    def __init__(self, source: Source, read_moment: Callable[[str], datetime], refuse: Refuse):
        self._source = source
        self._read_moment = read_moment
        self._refuse = refuse
        self._names: dict[str, str] = {}
        self._rows: list[Row] = []
        self._case = ""
        self._activity: str | None = None
        self._time: str | None = None
        #: events of the trace that came before its name
        self._nameless: list[tuple[str, datetime]] = []
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self._watch()

    def take(self) -> list[Row]:
        """The rows found since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def _watch(self) -> None:
        """Handlers that know the depth; only direct children of the open container count."""
        depth, inside = 0, 0
        source = self._source

        def start(tag: str, attributes: list[str]) -> None:
            nonlocal depth, inside
            depth += 1
            source.since = 0
            if depth != inside + 1:
                if depth > DEEPEST:
                    raise self._no_log("Its elements are nested too deep.")
            elif inside == _EVENT:
                self._event_attribute(attributes)
            elif tag in _CONTAINERS[inside] or tag.rpartition(":")[2] in _CONTAINERS[inside]:
                inside += 1
            elif inside == _TRACE:
                self._trace_attribute(attributes)
            elif inside == _LOG and tag == "event":
                self._refuse_event("event", "It stands in no trace.", "Put it in a trace.")
            elif inside == 0:
                raise self._no_log("It is XML, but not an XES log.")

        def end(_tag: str) -> None:
            nonlocal depth, inside
            if depth == inside:
                if inside == _EVENT:
                    self._end_event()
                elif inside == _TRACE:
                    self._end_trace()
                inside -= 1
            depth -= 1
            source.since = 0

        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end

    def _event_attribute(self, attributes: list[str]) -> None:
        key, value = _pair(attributes)
        if key == "concept:name":
            self._activity = value
        elif key == "time:timestamp":
            self._time = value

    def _trace_attribute(self, attributes: list[str]) -> None:
        key, value = _pair(attributes)
        if key == "concept:name" and not self._case:
            self._case = value.strip()

    def _end_event(self) -> None:
        activity, time = self._activity, self._time
        self._activity = self._time = None
        name = self._names.get(activity or "")
        if name is None:
            name = self._names[activity or ""] = clean_name(activity or "")
        if not name:
            remedy = "Give the event a concept:name."
            self._refuse_event("activity", "There is no activity.", remedy)
            return
        try:
            at = self._read_moment(time or "")
        except ValueError:
            why = (
                Told("{written} is not a moment.", written=time[:40])
                if time
                else "There is no time."
            )
            self._refuse_event("time", why, "Write for example: 2018-04-03T16:55:38+02:00")
            return
        if self._case:
            self._rows.append((self._case, name, at))
        else:
            self._nameless.append((name, at))

    def _end_trace(self) -> None:
        for name, at in self._nameless:
            if self._case:
                self._rows.append((self._case, name, at))
            else:
                self._refuse_event("case", "The trace has no name.", "Give it a concept:name.")
        self._nameless.clear()
        self._case = ""

    def _refuse_event(self, thing: str, why: str, remedy: str) -> None:
        line = self.parser.CurrentLineNumber
        self._refuse(line, Fault(thing, why, remedy, line))

    def _refuse_document_type(self, *_: object) -> None:
        raise self._no_log("It brings a document type (DOCTYPE), which is refused for safety.")

    def _no_log(self, why: str) -> Exception:
        remedy = "Export the log as plain XES."
        return faulty(self._source.name, why, remedy, self.parser.CurrentLineNumber)


#: the elements that open the next container: in nothing, the log, a trace
_CONTAINERS = (("log",), ("trace",), ("event",))


def _pair(attributes: list[str]) -> tuple[str, str]:
    """The key and value of an XES attribute, in whatever order they stand."""
    if len(attributes) == 4 and attributes[0] == "key":
        return attributes[1], attributes[3]
    named = dict(zip(attributes[::2], attributes[1::2], strict=True))
    return named.get("key", ""), named.get("value", "")
