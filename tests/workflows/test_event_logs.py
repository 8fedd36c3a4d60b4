"""Event logs of both kinds are read alike, and what is faulty is explained with its line."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import Fault, FaultyFile
from workflows.event_logs import Event, read_events, read_traces
from workflows.event_logs.times import moment_reader

ZONE = "Europe/Amsterdam"
#: somebody else's log, which lies beside the project where it may be used
HELPDESK = Path(__file__).parents[3] / "shared" / "data" / "helpdesk.xes.gz"
CSV = "case id,activity,timestamp\n1,Intake,2018-04-03 16:55:38\n"
XES = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="__INVALID__"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <trace>
    <string key="concept:name" value="1"/>
    <event>
      <string key="org:resource" value="me">
        <string key="concept:name" value="nested"/>
      </string>
      <date value="2018-04-03T16:55:38+02:00" key="time:timestamp"/>
      <string key="concept:name" value="Intake"/>
    </event>
  </trace>
</log>
"""
INTAKE = Event("1", "Intake", datetime(2018, 4, 3, 14, 55, 38, tzinfo=UTC))


def a_file(folder: Path, content: str | bytes, name: str = "log") -> Path:
    """A file with this content, compressed when its name ends in .gz."""
    content = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def refusals(path: Path) -> tuple[list[Event], list[tuple[int, str]]]:
    """What was read, and line and thing of what was refused."""
    refused: list[tuple[int, str]] = []

    def refuse(line: int, fault: Fault) -> None:
        assert fault.line == line
        assert fault.why.endswith(".")
        assert fault.remedy
        refused.append((line, fault.thing))

    return list(read_events(path, zone=ZONE, refuse=refuse)), refused


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "log"])
@pytest.mark.parametrize(
    "text",
    [
        CSV,
        CSV.replace(",", ";"),
        CSV.replace(",", "\t"),
        "sep=;\n" + CSV.replace(",", ";"),
        "\ufeff" + CSV,
        CSV.replace("\n", "\r\n"),
        "\n" + CSV + "\n\n",
        CSV.replace("case id,activity,timestamp", "case:concept:name,concept:name,time:timestamp"),
        CSV.replace("case id,activity,timestamp", "Case ID,Activity,Complete Timestamp"),
        CSV.replace("case id,activity,timestamp", "zaak,Activiteit,Tijdstip"),
        'Variant,timestamp,"Activity",case_id\nx,2018/04/03 16:55:38.000,"Intake",1\n',
    ],
)
def test_a_table_is_read_however_it_was_written(tmp_path: Path, text: str, name: str) -> None:
    assert list(read_events(a_file(tmp_path, text, name), zone=ZONE)) == [INTAKE]


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
@pytest.mark.parametrize(
    "text",
    [
        XES,
        XES.replace('<string key="concept:name" value="1"/>', "").replace(
            "</trace>", '<string key="concept:name" value="1"/></trace>'
        ),
        XES.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
        XES.replace("<log xmlns", "<x:log xmlns:x").replace("</log", "</x:log"),
    ],
)
def test_xes_is_read_however_it_was_written(tmp_path: Path, text: str, name: str) -> None:
    assert list(read_events(a_file(tmp_path, text, name), zone=ZONE)) == [INTAKE]


def test_columns_can_be_named(tmp_path: Path) -> None:
    text = "activity,who,what,when\nnoise,1,Intake,2018-04-03 16:55:38\n"
    path = a_file(tmp_path, text)
    columns = {"case": "who", "activity": "what", "time": "When"}
    assert list(read_events(path, zone=ZONE, columns=columns)) == [INTAKE]
    with pytest.raises(FaultyFile, match="There are: activity, who, what, when"):
        list(read_events(path, zone=ZONE, columns={**columns, "case": "whom"}))


def test_faulty_rows_are_refused_with_their_line_and_the_others_taken(tmp_path: Path) -> None:
    text = (
        CSV + "1,,2018-04-03\n,Intake,2018-04-03\n1,Intake,soon\n1,Intake,\n1,Intake\n"
        "1,Intake,13-13-2018\n1,\x00,2018-04-03\n" + CSV.splitlines()[1]
    )
    read, refused = refusals(a_file(tmp_path, text))
    assert read == [INTAKE, INTAKE]
    assert refused == [
        (3, "activity"), (4, "case"), (5, "time"), (6, "time"), (7, "row"), (8, "time"),
        (9, "activity"),
    ]  # fmt: skip


def test_faulty_events_of_xes_are_refused_with_their_line(tmp_path: Path) -> None:
    name, time = (
        '<string key="concept:name" value="{}"/>',
        '<date key="time:timestamp" value="{}"/>',
    )
    event = f"<event>{name}{time}</event>"
    good = event.format("Intake", "2018-04-03T16:55:38+02:00")
    lines = [
        "<log>", good, "<trace>", good, "</trace>",
        '<trace><string key="concept:name" value="1"/>',
        good, event.format("", "2018-04-03"), event.format("Intake", "soon"),
        '<event><string key="concept:name" value="Intake"/></event>', "</trace></log>",
    ]  # fmt: skip
    read, refused = refusals(a_file(tmp_path, "\n".join(lines)))
    assert read == [INTAKE]
    assert refused == [(2, "event"), (5, "case"), (8, "activity"), (9, "time"), (10, "time")]


def test_without_somewhere_to_put_refusals_a_faulty_row_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="log:3"):
        list(read_events(a_file(tmp_path, CSV + "1,,\n"), zone=ZONE))


def test_a_quote_that_is_never_closed_is_refused_and_named(tmp_path: Path) -> None:
    text = CSV + '1,"Intake,2018-04-03\n' + CSV.splitlines()[1] * 1 + "\n" + "x" * 200_000 + "\n"
    read, refused = refusals(a_file(tmp_path, text + CSV.splitlines()[1] + "\n"))
    assert ("row" in {thing for _, thing in refused}) and read


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("a,b,c\n1,2,3\n", "columns"),
        (b"PK\x03\x04\xff\xfe\x00", "UTF-8"),
        (CSV.encode() + b"1,\xff,2018-04-03\n", "UTF-8"),
        ("<html/>", "not an XES log"),
        ("<log><trace>", "well-formed"),
        ("<log></trace></log>", "well-formed"),
        ('<!DOCTYPE log [<!ENTITY a "b">]><log/>', "DOCTYPE"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>', "DOCTYPE"),
        ("<log>" + "<a>" * 200, "nested too deep"),
    ],
)
def test_a_file_that_is_no_log_is_refused(tmp_path: Path, content: str | bytes, why: str) -> None:
    for read in (read_events, read_traces):
        with pytest.raises(FaultyFile) as refused:
            list(read(a_file(tmp_path, content), zone=ZONE))
        assert why in refused.value.faults[0].why
        assert refused.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 20_000_000,
        CSV.encode() + b"1," + b"x" * 20_000_000,
        CSV.encode() + b'"\n",' * 4_000_000,
        b"<log>" + b" " * 20_000_000,
        b'<log><trace><string key="' + b"x" * 20_000_000,
    ],
    ids=["one line", "one cell", "one record of many lines", "one space", "one attribute"],
)
def test_a_decompression_bomb_is_refused(tmp_path: Path, content: bytes) -> None:
    path = a_file(tmp_path, content, "bomb.gz")
    assert path.stat().st_size < 50_000
    with pytest.raises(FaultyFile) as refused:
        list(read_events(path, zone=ZONE, refuse=lambda line, fault: None))
    assert "more than 1 MB" in refused.value.faults[0].why


def test_a_damaged_compressed_file_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, CSV * 1000, "log.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FaultyFile) as refused:
        list(read_traces(path, zone=ZONE, refuse=lambda line, fault: None))
    assert "damaged" in refused.value.faults[0].why


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="Check the name"):
        list(read_events(tmp_path / "none.csv", zone=ZONE))


def test_scattered_events_come_case_by_case_in_time_order(tmp_path: Path) -> None:
    rows = [
        "b,2,2018-04-05",
        "a,1,2018-04-03",
        "b,1,2018-04-04",
        "b,3,2018-04-05",
        "a,2,2018-04-04",
    ]
    path = a_file(tmp_path, "case,activity,time\n" + "\n".join(rows))
    traces = [(case, [name for name, _ in events]) for case, events in read_traces(path, zone=ZONE)]
    assert traces == [("b", ["1", "2", "3"]), ("a", ["1", "2"])]


def test_a_case_in_two_traces_is_one_case(tmp_path: Path) -> None:
    trace = XES[XES.index("<trace>") : XES.index("</log>")]
    path = a_file(tmp_path, XES.replace("</log>", trace + "</log>"))
    ((case, events),) = read_traces(path, zone=ZONE)
    assert (case, len(events)) == ("1", 2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-04-03T16:55:38+02:00", "2018-04-03T14:55:38"),
        ("2018-04-03T14:55:38Z", "2018-04-03T14:55:38"),
        ("2018-04-03T14:55:38.123456789Z", "2018-04-03T14:55:38.123456"),
        ("2018-04-03 16:55:38", "2018-04-03T14:55:38"),
        ("2012/04/03 16:55:38.000", "2012-04-03T14:55:38"),
        ("3-4-2018 16:55", "2018-04-03T14:55:00"),
        ("3-4-2018 6:05", "2018-04-03T04:05:00"),
        ("03.04.2018 16:55:38,5", "2018-04-03T14:55:38.500000"),
        (" 3/4/2018 ", "2018-04-02T22:00:00"),
        ("2018-04-03", "2018-04-02T22:00:00"),
        ("2018-04-03 16:55:38 +0200", "2018-04-03T14:55:38"),
        ("2018-01-03 16:55", "2018-01-03T15:55:00"),
        ("2018-03-25 01:59", "2018-03-25T00:59:00"),
        ("2018-03-25 03:00", "2018-03-25T01:00:00"),
        ("2018-10-28 02:30", "2018-10-28T00:30:00"),
        ("1900-01-01 00:00", "1899-12-31T23:40:28"),
    ],
)
def test_moments_are_read_as_offices_write_them(text: str, moment: str) -> None:
    read = moment_reader(ZONE)
    for _ in range(2):  # the second time the offset of the hour is remembered
        assert read(text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert read(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "soon", "3-4-18", "12-31-2018", "0001-01-01", "2018-02-30", "x" * 9999]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment_reader(ZONE)(text)


@pytest.mark.skipif(not HELPDESK.exists(), reason="needs the help desk log beside the project")
def test_the_help_desk_log_is_read_whole_and_alike_from_a_table(tmp_path: Path) -> None:
    traces = list(read_traces(HELPDESK, zone=ZONE))
    assert len(traces) == 4580
    assert sum(len(events) for _, events in traces) == 21_348
    assert len({name for _, events in traces for name, _ in events}) == 14
    lines = ["case_id,activity,timestamp"]
    lines += [f"{case},{name},{at.isoformat()}" for case, events in traces for name, at in events]
    table = a_file(tmp_path, "\n".join(lines), "helpdesk.csv.gz")
    assert list(read_traces(table, zone=ZONE)) == traces
