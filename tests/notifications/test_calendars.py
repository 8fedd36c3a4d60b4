"""An appointment in a calendar says when and where, and not what for."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from notifications import previews
from notifications.calendars import calendar
from notifications.letter import Appointment
from tests.notifications.test_rendering import parsed

PLACE = "De Voorbeeld, Plein 1; zaal 2"
APPOINTMENT = Appointment("appointment-12@voorbeeld.example", date(2018, 4, 10), PLACE)


def entry(language: str, now: datetime) -> tuple[Any, Any]:
    whole = Calendar.from_ical(calendar(APPOINTMENT, language, now))
    [event] = whole.walk("VEVENT")
    return whole, event


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Afspraak bibliotheek"), ("en", "Library appointment")]
)
def test_it_is_a_whole_day_with_a_neutral_title(language: str, title: str) -> None:
    whole, event = entry(language, previews.MOMENT)
    assert whole["METHOD"] == "PUBLISH"
    assert event["SUMMARY"] == title
    assert event["DTSTART"].dt == date(2018, 4, 10)
    assert event["DTEND"].dt == date(2018, 4, 11)
    assert event["LOCATION"] == PLACE
    assert event["DTSTAMP"].dt == previews.MOMENT
    assert set(event) == {
        "UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "TRANSP", "CLASS", "LOCATION",
    }  # fmt: skip


def test_a_later_version_takes_the_place_of_the_earlier() -> None:
    _, first = entry("nl", previews.MOMENT)
    _, second = entry("nl", previews.MOMENT + timedelta(minutes=1))
    assert first["UID"] == second["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < 2**31


def test_it_is_in_the_mail_twice_once_to_open_and_once_to_save() -> None:
    message = parsed(previews.mail("appointment", "nl"))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
        "text/calendar",
    ]  # fmt: skip
    [file] = message.iter_attachments()
    assert file.get_filename() == "afspraak.ics"
    content: Any = file.get_payload(decode=True)
    whole = Calendar.from_ical(content)
    assert whole["METHOD"] == "PUBLISH"
