"""Whatever comes back, reading it takes no time and raises nothing."""

import time
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import reports
from tests.notifications.forms import EXIM

REPORT = b"""\
Content-Type: multipart/report; report-type=delivery-status; boundary="DEEL"

--DEEL
Content-Type: message/delivery-status

Original-Envelope-Id: digest+3A1

Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550

--DEEL
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: base64

Message-ID: <a@b>
--DEEL
Content-Type: message/rfc822

Message-ID: <a@b>
--DEEL--
"""


def deep(levels: int) -> bytes:
    parts = [f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels)]
    return "".join(parts).encode()


@pytest.mark.parametrize(
    "bomb",
    [
        b"Content-Type: multipart/report; boundary=a\n\n" + b"--a\n\n" * 10_000_000,
        deep(50_000),
        deep(200) + b"x\n" * 200_000,
        deep(20) + b"--b19\nx\n" * 40_000,
        b"Content-Type: message/rfc822\n\n" * 60_000,
        b"A: b\n" * 90_000,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n"
        + b"--a\nContent-Type: message/delivery-status\n\n" * 19
        + b"X: y\n\n" * 80_000,
    ],
    ids=[
        "50 MB",
        "deep",
        "deep and long",
        "as deep as allowed",
        "mails in mails",
        "headers",
        "blocks",
    ],
)
def test_a_bomb_is_refused_quickly(bomb: bytes) -> None:
    started = time.process_time()
    assert reports.read(bomb) is None
    assert time.process_time() - started < 2


@settings(max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 1200), st.integers(0, 40))
def test_no_mail_makes_the_reader_stumble(rubbish: bytes, place: int, less: int) -> None:
    whole = EXIM.encode()
    reports.read(whole[:place] + rubbish + whole[place + less :])
    reports.read(rubbish)


@settings(max_examples=200)
@given(st.data())
def test_no_mutilated_report_makes_the_reader_stumble(data: st.DataObject) -> None:
    lines = REPORT.split(b"\n")
    kept = data.draw(st.lists(st.sampled_from(lines), max_size=40))
    reports.read(b"\n".join(kept))
    assert message_from_bytes(REPORT).get_content_type() == "multipart/report"
