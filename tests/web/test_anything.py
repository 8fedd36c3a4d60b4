"""Whatever is sent: an answer in words, never a mistake of ours, and never for long."""

import shutil
import socket
import string
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import open_engine
from tests.web.town import Town, Visitor
from web import security

_LETTERS = string.printable + "é\u202e👍\x00\ufffd"
_TEXTS = st.text(_LETTERS, max_size=60)
_NAMES = st.sampled_from(
    ["do", "outcome", "day", "until", "to", "move", "seen", "note", "reason", "of", "code", "hour",
     "days", "single", "pause", "language", "mails", "List-Unsubscribe"]
)  # fmt: skip
_RESTS = st.sampled_from(["", "/undo", "/code", "/read", "/new", "/off", "/done/x", "/done/"])
_PATHS = st.text(string.ascii_letters + string.digits + "/-_.%~;", max_size=80)
_TYPES = st.sampled_from(
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
     "multipart/form-data; boundary=x; charset=utf-7", "application/json", "text/plain", ""]
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town that everything is thrown at."""
    path = tmp_path_factory.mktemp("busy") / "brug.sqlite"
    shutil.copy(sqlite_template, path)
    return Town(open_engine(f"sqlite:///{path}"))


@pytest.fixture(scope="module")
def doors(busy: Town) -> list[tuple[Visitor, str, dict[str, str]]]:
    """A browser at each kind of page, with a form of that page."""
    found = []
    for link in (
        busy.to_follow_up()[1],
        busy.to_question()[1],
        busy.to_referral()[1],
        busy.to_preferences(),
        busy.to_contact_preferences(),
    ):
        visitor = busy.visitor()
        _, fields = visitor.open(link).form({}, {})
        found.append((visitor, link, fields))
    return found


@given(which=st.integers(0, 4), rest=_RESTS, filled=st.dictionaries(_NAMES, _TEXTS), key=_NAMES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form_gets_an_answer(
    doors: list[tuple[Visitor, str, dict[str, str]]],
    which: int,
    rest: str,
    filled: dict[str, str],
    key: str,
) -> None:
    visitor, link, fields = doors[which]
    told_apart = zlib.crc32(str(filled).encode())
    ours = {"form": fields["form"], "key": f"{key}-{len(filled)}-{told_apart:010}"}
    reply = visitor.post(f"{link}{rest}", {**filled, **ours})
    assert reply.status_code < 500, reply.text


@given(path=_PATHS, query=_TEXTS, method=st.sampled_from(["GET", "HEAD", "POST"]))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_address_gets_an_answer(busy: Town, path: str, query: str, method: str) -> None:
    visitor = busy.visitor()
    reply = visitor.client.request(method, f"/{path}", params={"do": query})
    assert reply.status_code < 500


@given(kind=_TYPES, body=st.binary(max_size=300), which=st.integers(0, 4))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_gets_an_answer(
    doors: list[tuple[Visitor, str, dict[str, str]]], kind: str, body: bytes, which: int
) -> None:
    visitor, link, _ = doors[which]
    reply = visitor.client.post(link, content=body, headers={"content-type": kind})
    assert 400 <= reply.status_code < 500


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "nonsense", "rot13", "idna"])
def test_a_form_in_a_strange_alphabet_gets_an_answer(busy: Town, charset: str) -> None:
    body = (
        b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n\xff\xfe\r\n"
        b"--x\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\n"
        + charset.encode() + b"\r\n--x--\r\n"
    )  # fmt: skip
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    link = busy.to_contact_preferences()
    reply = busy.visitor().client.post(f"{link}/off", content=body, headers={"content-type": kind})
    assert reply.status_code == 403


def test_somebody_who_sends_drop_by_drop_is_cut_off(
    served: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And holds nobody up meanwhile."""
    monkeypatch.setattr(security, "SLOWEST_FORM", 0.3)
    host, port = served.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as dribbling:
        head = f"POST /a/x HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 100\r\n\r\nx"
        began = time.monotonic()
        dribbling.sendall(head.encode())
        answer = dribbling.recv(4096)
    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 3


def test_the_server_says_nothing_about_itself_and_logs_no_token(
    served: Town, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    _, link = served.to_follow_up()
    host, port = served.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as plain:
        head = f"GET {link} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        plain.sendall(head.encode())
        answer = b""
        while part := plain.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200")
    headers: Any = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"server:" not in headers and b"uvicorn" not in headers
    said = capfd.readouterr()
    assert link[3:] not in said.out + said.err + caplog.text
