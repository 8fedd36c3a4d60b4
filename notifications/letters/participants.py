"""What a participant hears: only who asked for it, in plain Dutch, one thing at a time."""

from datetime import date

from core import clock
from notifications import texts
from notifications.composing import Writing
from notifications.letter import Appointment, Letter
from notifications.rules import definition_of
from notifications.views import AppointmentView
from storage.queries import cases, consents


def appointment(writing: Writing) -> Letter | None:
    """An appointment, when it still stands and the participant wants messages."""
    rows = cases.standing(writing.session, [writing.message.case_id or 0])
    day = date.fromisoformat(writing.message.detail["day"])
    today = clock.local_day(writing.now, writing.library.zone)
    if not rows or rows[0].appointment_on != day or day < today:
        return None
    # the step was undone, or the case moved on without it
    definition = definition_of(writing.session, rows[0].workflow_version_id)
    if not definition.counts_from(rows[0].stage, "appointment"):
        return None
    if not consents.holds(writing.session, rows[0].participant_id, "message", today):
        return None
    place = writing.library.name
    view = AppointmentView(first_name=writing.name or None, day=day, place=place, phone=None)
    values = texts.values_for_appointment(view, place, writing.language)
    own = writing.own_text("appointment", values)
    uid = f"appointment-{writing.message.case_id}@{writing.desk.sender.email.rpartition('@')[2]}"
    return writing.letter(
        "appointment", {"appointment": view}, own=own, appointment=Appointment(uid, day, place)
    )
