"""Every page in every state that people meet, reached as they reach it: in a browser."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page as Window

from referrals import answering, consent
from referrals.moving import move_cases
from storage.engine import transaction
from storage.queries import links, reading_codes
from storage.tables import FollowUp
from tests.looking import rows_of, the_case
from tests.web.town import Town

State = Callable[[Window, Town], None]
BSN = "123456782"


def _go(window: Window, town: Town, link: str) -> None:
    window.goto(f"{town.base_url}{link}")


def follow_up(window: Window, town: Town) -> None:
    _, link = town.to_follow_up()
    _go(window, town, link)


def follow_up_late(window: Window, town: Town) -> None:
    _, link = town.to_follow_up()
    town.later(days=9)
    _go(window, town, f"{link}?do=later")


def follow_up_faulty(window: Window, town: Town) -> None:
    follow_up(window, town)
    window.get_by_label("Opmerking").first.fill(f"Het nummer is {BSN}, en verder ging het goed.")
    window.locator("#done button").click()


def follow_up_done(window: Window, town: Town) -> None:
    follow_up(window, town)
    window.locator("#done button").click()


def follow_up_over(window: Window, town: Town) -> None:
    follow_up_done(window, town)
    window.get_by_role("link", name="Bekijk hoe het nu staat").click()


def follow_up_undone(window: Window, town: Town) -> None:
    follow_up_done(window, town)
    window.get_by_role("button", name="Ongedaan maken").click()


def follow_up_moved_on(window: Window, town: Town) -> None:
    case, link = town.to_follow_up()
    with transaction(town.engine) as session:
        move_cases(session, [case], "agree", by=town.ann, now=town.now).raise_refusal()
    _go(window, town, link)


def follow_up_too_late(window: Window, town: Town) -> None:
    case, link = town.to_follow_up()
    _go(window, town, link)
    with transaction(town.engine) as session:
        move_cases(session, [case], "agree", by=town.ann, now=town.now).raise_refusal()
    window.locator("#done button").click()


def last_attempt(window: Window, town: Town) -> None:
    case, _ = town.to_follow_up()
    with transaction(town.engine) as session:
        row = rows_of(session, FollowUp, case_id=case, rule="first_call")[-1]
        row.occurrence = 3
        session.add(row)
    number = town.follow_up(case, "first_call").id or 0
    _go(window, town, town.link("follow_up", number, staff=town.ann) + "?do=not_reached")
    window.locator("#not_reached button").click()


def question(window: Window, town: Town) -> None:
    _, link = town.to_question()
    _go(window, town, link)


def question_answered(window: Window, town: Town) -> None:
    _, link = town.to_question()
    _go(window, town, f"{link}?do=unknown")
    window.locator("#unknown summary").click()
    window.locator("#unknown button").click()


def referral(window: Window, town: Town) -> None:
    _, link = town.to_referral()
    _go(window, town, link)


def referral_declined(window: Window, town: Town) -> None:
    _, link = town.to_referral()
    _go(window, town, f"{link}?do=declined")


def referral_answered(window: Window, town: Town) -> None:
    _, link = town.to_referral()
    _go(window, town, f"{link}?do=accepted")
    window.locator("#accepted button").click()


def referral_waiting(window: Window, town: Town) -> None:
    case, link = town.to_referral()
    with transaction(town.engine) as session:
        answering.answer(session, case, "waiting", by=town.ann, now=town.now)
    _go(window, town, link)


def referral_over(window: Window, town: Town) -> None:
    case, link = town.to_referral()
    with transaction(town.engine) as session:
        answering.answer(session, case, "declined", by=town.ann, now=town.now)
    _go(window, town, link)


def referral_unshared(window: Window, town: Town) -> None:
    case, link = town.to_referral()
    with transaction(town.engine) as session:
        number = the_case(session, case).participant_id
        consent.withdraw_consent(session, number, by=town.ann, now=town.now)
    _go(window, town, link)


def code(window: Window, town: Town) -> None:
    _, link = town.to_referral()
    _go(window, town, link)
    window.get_by_role("button", name="Stuur mij een code").click()


def code_wrong(window: Window, town: Town) -> None:
    code(window, town)
    token = window.url.split("/")[4]
    with transaction(town.engine) as session:
        right = reading_codes.fresh(session, links.fingerprint(token), town.now)
    window.get_by_label("Code van zes cijfers").fill(f"{(int(right) + 1) % 10**6:06}")
    window.get_by_role("button", name="Toon over wie het gaat").click()


def person(window: Window, town: Town) -> None:
    code(window, town)
    token = window.url.split("/")[4]
    with transaction(town.engine) as session:
        right = reading_codes.fresh(session, links.fingerprint(token), town.now)
    window.get_by_label("Code van zes cijfers").fill(right)
    window.get_by_role("button", name="Toon over wie het gaat").click()


def preferences(window: Window, town: Town) -> None:
    _go(window, town, town.to_preferences())


def preferences_faulty(window: Window, town: Town) -> None:
    preferences(window, town)
    for day in ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"):
        window.get_by_label(day).uncheck()
    window.get_by_label("Tot en met een dag").check()
    window.get_by_role("button", name="Bewaren").click()


def preferences_kept(window: Window, town: Town) -> None:
    preferences(window, town)
    window.get_by_label("Twee weken").check()
    window.get_by_role("button", name="Bewaren").click()


def preferences_contact(window: Window, town: Town) -> None:
    _go(window, town, town.to_contact_preferences())


def off(window: Window, town: Town) -> None:
    _go(window, town, town.to_preferences() + "/off")


def off_contact(window: Window, town: Town) -> None:
    _go(window, town, town.to_contact_preferences() + "/off")


def stopped(window: Window, town: Town) -> None:
    off(window, town)
    window.get_by_role("button").click()


def expired(window: Window, town: Town) -> None:
    link = town.link("preferences", town.ann, staff=town.ann, lasts=timedelta(0))
    _go(window, town, link)


def renewed(window: Window, town: Town) -> None:
    expired(window, town)
    window.get_by_role("button").click()


def unknown(window: Window, town: Town) -> None:
    _go(window, town, "/a/" + "x" * 43)


STATES: dict[str, State] = {
    each.__name__: each
    for each in (
        follow_up, follow_up_late, follow_up_faulty, follow_up_done, follow_up_over,
        follow_up_undone, follow_up_moved_on, follow_up_too_late, last_attempt, question,
        question_answered, referral, referral_declined, referral_answered, referral_waiting,
        referral_over, referral_unshared, code, code_wrong, person, preferences,
        preferences_faulty, preferences_kept, preferences_contact, off, off_contact, stopped,
        expired, renewed, unknown,
    )
}  # fmt: skip
