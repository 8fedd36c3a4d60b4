"""When and how often mail comes: chosen, taken back, and stopped with one click."""

from datetime import date, timedelta

from storage.engine import transaction
from storage.tables import ContactPerson, JournalEntry, Message, Staff
from tests.looking import rows_of
from tests.web.town import Town, Visitor

CLICK = {"List-Unsubscribe": "One-Click"}


def _ann(town: Town) -> Staff:
    with transaction(town.engine) as session:
        return rows_of(session, Staff, id=town.ann)[0]


def _teacher(town: Town) -> ContactPerson:
    with transaction(town.engine) as session:
        return rows_of(session, ContactPerson, id=town.teacher)[0]


def test_staff_choose_hour_days_single_mails_and_language(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    page = visitor.open(link)
    assert page.title == "Wanneer wil je mail krijgen?"
    kept = visitor.send(page, hour="16", days="1 4", single="no", pause="none", language="en")
    # from here on in the language that was chosen
    assert kept.title == "Kept"
    ann = _ann(town)
    assert (ann.digest_hour, ann.digest_days, ann.single_mails) == (16, "1 4", False)
    assert (ann.paused_until, ann.language) == (None, "en")
    with transaction(town.engine) as session:
        assert [line.what for line in rows_of(session, JournalEntry, subject="staff")]
    visitor.send(kept, of=kept.path.rpartition("/")[2])
    ann = _ann(town)
    assert (ann.digest_hour, ann.digest_days, ann.single_mails) == (8, "1 2 3 4 5", True)
    assert ann.language == "nl"


def test_staff_pause_for_weeks_or_until_a_day(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    visitor.send(visitor.open(link), pause="week")
    assert _ann(town).paused_until == date(2018, 4, 10)
    visitor.send(visitor.open(link), pause="fortnight")
    assert _ann(town).paused_until == date(2018, 4, 17)
    paused = visitor.open(link)
    assert "Je mails staan stil tot en met dinsdag 17 april 2018." in paused.text
    visitor.send(paused, pause="until", day="2018-05-01")
    assert _ann(town).paused_until == date(2018, 5, 1)
    visitor.send(visitor.open(link), pause="none")
    assert _ann(town).paused_until is None


def test_what_is_wrong_is_said_at_the_field_and_above(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    page = visitor.send(
        visitor.open(link), days="", pause="until", day="2019-01-01", single="no", hour="16"
    )
    assert page.status == 422
    assert page.reply.text.count("Er is geen dag gekozen.") == 2
    assert page.reply.text.count("Deze dag is te ver weg.") == 2
    assert 'value="16" selected' in page.reply.text
    assert _ann(town).digest_hour == 8


def test_staff_cannot_choose_the_night(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    for hour in ("2", "23", "-1", "8.5", "acht", ""):
        assert visitor.send(visitor.open(link), hour=hour).status == 422
    assert _ann(town).digest_hour == 8


def test_a_contact_person_chooses_mails_and_language(town: Town, visitor: Visitor) -> None:
    link = town.to_contact_preferences()
    page = visitor.open(link)
    assert page.title == "Uw mails van Bibliotheek de-voorbeeld"
    kept = visitor.send(page, mails="no", language="nl")
    assert not _teacher(town).mails
    visitor.send(kept, of=kept.path.rpartition("/")[2])
    assert _teacher(town).mails


def test_taking_back_does_not_put_back_what_was_changed_since(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    first = visitor.send(visitor.open(link), hour="16")
    visitor.send(visitor.open(link), hour="17")
    assert visitor.open(first.path).buttons == []
    assert visitor.send(first, of=first.path.rpartition("/")[2]).status == 409
    assert _ann(town).digest_hour == 17


def test_one_click_pauses_staff_for_two_weeks(town: Town, visitor: Visitor) -> None:
    """Without a page, a cookie or a token of a form: as RFC 8058 asks."""
    link = town.to_preferences()
    reply = visitor.client.post(f"{link}/off", data=CLICK)
    assert reply.status_code == 200
    assert "set-cookie" not in reply.headers
    assert "tot en met dinsdag 17 april 2018" in reply.text
    assert _ann(town).paused_until == date(2018, 4, 17)
    again = visitor.client.post(f"{link}/off", files={"List-Unsubscribe": (None, "One-Click")})
    assert again.status_code == 200
    assert _ann(town).paused_until == date(2018, 4, 17)


def test_one_click_does_not_shorten_a_longer_pause(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    visitor.send(visitor.open(link), pause="until", day="2018-06-01")
    visitor.client.post(f"{link}/off", data=CLICK)
    assert _ann(town).paused_until == date(2018, 6, 1)


def test_one_click_stops_the_mails_of_a_contact_person(town: Town, visitor: Visitor) -> None:
    link = town.to_contact_preferences()
    assert visitor.client.post(f"{link}/off", data=CLICK).status_code == 200
    assert not _teacher(town).mails


def test_the_page_for_stopping_has_a_button_and_looking_stops_nothing(
    town: Town, visitor: Visitor
) -> None:
    link = town.to_contact_preferences()
    page = visitor.open(f"{link}/off")
    assert page.buttons == ["Stop de mails"]
    visitor.client.head(f"{link}/off")
    assert _teacher(town).mails
    stopped = visitor.send(page)
    assert stopped.title == "De mails zijn gestopt"
    assert not _teacher(town).mails
    visitor.send(stopped, of=stopped.path.rpartition("/")[2])
    assert _teacher(town).mails


def test_the_button_needs_a_form_of_ours(town: Town, visitor: Visitor) -> None:
    link = town.to_contact_preferences()
    assert visitor.client.post(f"{link}/off", data={"other": "1"}).status_code == 403
    assert _teacher(town).mails


def test_a_link_that_is_too_old_still_stops_mails(town: Town, visitor: Visitor) -> None:
    link = town.link(
        "contact_preferences", town.teacher, contact=town.teacher, lasts=timedelta(days=1)
    )
    town.later(days=2)
    assert visitor.open(link).status == 410
    assert visitor.client.post(f"{link}/off", data=CLICK).status_code == 200
    assert not _teacher(town).mails


def test_a_new_link_is_mailed_to_the_same_person_once_an_hour(town: Town, visitor: Visitor) -> None:
    link = town.link("preferences", town.ann, staff=town.ann, lasts=timedelta(days=1))
    town.later(days=2, minutes=59)
    page = visitor.open(link)
    for _ in range(3):
        assert visitor.send(page).title == "Er komt een nieuwe link aan"
    town.later(minutes=2)
    # another hour by the clock, but not yet an hour later
    visitor.send(page)
    with transaction(town.engine) as session:
        [mail] = rows_of(session, Message, kind="new_link")
    assert (mail.kind, mail.staff_id) == ("new_link", town.ann)
    assert mail.detail == {"purpose": "preferences", "subject": town.ann}
    town.later(minutes=58)
    visitor.send(page)
    with transaction(town.engine) as session:
        assert len(rows_of(session, Message, kind="new_link")) == 2


def test_a_link_that_still_works_is_not_renewed(town: Town, visitor: Visitor) -> None:
    link = town.to_preferences()
    _, fields = visitor.open(link).form({}, {})
    assert visitor.post(f"{link}/new", fields).status_code == 404
