"""Courses and partners in every state that people meet."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page as Window

from referrals.moving import move_cases
from storage.engine import transaction
from storage.queries import refused_addresses
from storage.tables import Course
from tests.builders import a_partner, an_introduction
from tests.looking import rows_of
from tests.web.town import Town


def _go(window: Window, town: Town, path: str, role: str) -> None:
    town.enter(window, role)
    window.goto(f"{town.base_url}{path}")


def _busy(town: Town) -> None:
    """A course with people in every state, and a school that introduced them."""
    for move in ("place", "wait", "wait", "speak"):
        case = town.case("referred")
        with transaction(town.engine) as session:
            move_cases(session, [case], move, by=town.ann, now=town.now).raise_refusal()
            an_introduction(session, case, town.school, town.referrer)
    with transaction(town.engine) as session:
        provider = town.provider
        for title, subject, place, seats, active in (
            ("Digisterker (verzonnen)", "digital", "", 0, True),
            ("Rekenen met geld (verzonnen)", "numeracy", "Lokaal 2", None, True),
            ("Voorbij (verzonnen)", "combined", "", 12, False),
        ):
            session.add(
                Course(
                    organisation_id=town.library, provider_id=provider, title=title,
                    subject=subject, place=place, seats=seats, active=active,
                )
            )  # fmt: skip
        a_partner(session, town.library, "Schoonmaakbedrijf (verzonnen)")
        refused_addresses.mark(
            session, town.library, f"post-{provider}@voorbeeld.nl",
            reason="550 5.1.1 No such user here", message_id=None, now=town.now,
        )  # fmt: skip


def courses(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/courses?over=1", "coordinator")


def courses_none(window: Window, town: Town) -> None:
    with transaction(town.engine) as session:
        for row in rows_of(session, Course):
            session.delete(row)
    _go(window, town, "/courses", "coordinator")


def courses_filtered_away(window: Window, town: Town) -> None:
    _go(window, town, "/courses?subject=numeracy&free=1", "staff")


def course(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, f"/courses/{town.course}", "coordinator")


def course_for_staff(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, f"/courses/{town.course}", "staff")


def course_new(window: Window, town: Town) -> None:
    _go(window, town, "/courses/new", "coordinator")


def course_change(window: Window, town: Town) -> None:
    _go(window, town, f"/courses/{town.course}/change", "coordinator")


def course_faulty(window: Window, town: Town) -> None:
    course_change(window, town)
    window.get_by_label("Naam van de cursus").fill("")
    window.get_by_label("Aantal plaatsen").fill("veel")
    window.get_by_role("button", name="Bewaren").click()


def course_looked_at(window: Window, town: Town) -> None:
    _busy(town)
    course_change(window, town)
    window.get_by_label("Eerste dag").fill("2018-06-04")
    window.get_by_role("button", name="Bewaren").click()
    window.get_by_role("heading", name="Wat met deze cursus meeschuift").wait_for()


def course_changed(window: Window, town: Town) -> None:
    course_looked_at(window, town)
    window.get_by_role("button", name="De cursus veranderen").click()
    window.get_by_role("button", name="Ongedaan maken").wait_for()


def course_of_two(window: Window, town: Town) -> None:
    course_change(window, town)
    with transaction(town.engine) as session:
        [row] = rows_of(session, Course, id=town.course)
        row.seats = 12
        session.add(row)
    window.get_by_label("Aantal plaatsen").fill("10")
    window.get_by_role("button", name="Bewaren").click()
    window.get_by_role("button", name="Mijn versie bewaren").wait_for()


def partners(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, "/partners", "coordinator")


def partners_of_no_kind(window: Window, town: Town) -> None:
    _go(window, town, "/partners?kind=welfare", "coordinator")


def provider(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, f"/partners/{town.provider}", "coordinator")


def school(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, f"/partners/{town.school}", "coordinator")


def partner_new(window: Window, town: Town) -> None:
    _go(window, town, "/partners/new?kind=employer", "coordinator")


def partner_taken(window: Window, town: Town) -> None:
    partner_new(window, town)
    window.get_by_label("Naam van de organisatie").fill("Taalhuis (verzonnen)")
    window.get_by_role("button", name="Deze partner toevoegen").click()


def partner_change(window: Window, town: Town) -> None:
    _go(window, town, f"/partners/{town.school}/change", "coordinator")


def contact_new(window: Window, town: Town) -> None:
    _go(window, town, f"/partners/{town.school}/people/new", "coordinator")


def contact_faulty(window: Window, town: Town) -> None:
    contact_new(window, town)
    window.get_by_label("Naam", exact=True).fill("Wim")
    window.get_by_role("button", name="Deze persoon toevoegen").click()


def contact_refused(window: Window, town: Town) -> None:
    _busy(town)
    _go(window, town, f"/partners/{town.provider}/people/{town.teacher}", "coordinator")


def contact_mended(window: Window, town: Town) -> None:
    contact_refused(window, town)
    window.get_by_role("button", name="Verbeter het adres").click()


DESK_STATES: Mapping[str, Callable[[Window, Town], None]] = {
    each.__name__: each
    for each in (
        courses, courses_none, courses_filtered_away, course, course_for_staff, course_new,
        course_change, course_faulty, course_looked_at, course_changed, course_of_two, partners,
        partners_of_no_kind, provider, school, partner_new, partner_taken, partner_change,
        contact_new, contact_faulty, contact_refused, contact_mended,
    )
}  # fmt: skip
