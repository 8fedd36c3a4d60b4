"""An appointment for a calendar: a neutral title and a day, and nothing that says what for."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from core.words import say
from notifications.letter import Appointment

TITLE = "Library appointment"
_PRODUCT = "-//Brug//Brug//NL"


def calendar(appointment: Appointment, language: str, now: datetime) -> str:
    """The appointment as iCalendar (RFC 5545): a whole day, which blocks no hours.

    Sent again with a later `now` it takes the place of the earlier one, which has the same `uid`.
    """
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", now)
    # the stamp of a later version is higher, also of one that was made in another process
    event.add("sequence", max(0, int(now.timestamp()) - _START))
    event.add("summary", say(language, TITLE))
    event.add("dtstart", appointment.day)
    event.add("dtend", appointment.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if appointment.place:
        event.add("location", appointment.place)
    whole = Calendar()
    whole.add("prodid", _PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    written: bytes = whole.to_ical()
    return written.decode("utf-8")


#: seconds up to 2018-01-01: numbers of versions stay small, as some calendars keep 32 bits
_START = 1_514_764_800
