"""A small town for tests: a library, its people and partners, and links to its pages."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from fastapi.testclient import TestClient
from httpx2 import Response
from playwright.sync_api import Page as Window
from sqlalchemy import Engine
from sqlmodel import Session

from referrals import routes
from referrals.consent import Agreement, note_consent
from referrals.doubles import Person
from referrals.moving import Answers, move_cases
from referrals.opening import NewCase, open_cases
from referrals.participants import Newcomer, Registered, register
from storage.engine import transaction
from storage.queries import links
from storage.queries.links import fingerprint
from storage.tables import ContactPerson, FollowUp, Link, Partner, Referral, Staff, Visit
from tests.builders import NOW, TODAY, WAY_TO, a_course, a_library, a_provider, a_staff, an_office
from tests.looking import rows_of
from tests.web.pages import Page
from web import security
from web.app import create_app
from web.security import visit_cookie
from web.site import Site

BASE = "http://localhost:8000"
#: stands in every name that a page may show to nobody but staff
SECRET = "Kanarie"


class Town:
    """The pages over a database, with a clock that a test moves."""

    def __init__(self, engine: Engine, base_url: str = BASE, library: str = "de-voorbeeld"):
        self.engine = engine
        self.base_url = base_url
        self.now = NOW
        with transaction(engine) as session:
            self.library = a_library(session, library)
            self.ann = rows_of(session, Staff, organisation_id=self.library)[0].id or 0
            self.jan = self._colleague(session, "Jan (verzonnen)", "jan@voorbeeld.nl")
            self.provider = a_provider(session, self.library)
            self.course = a_course(session, self.library, self.provider)
            self.teacher = self._contact(session, self.provider, "Els (verzonnen)")
            self.school = self._school(session)
            self.referrer = self._contact(session, self.school, "Bo (verzonnen)")
        self.site = Site(base_url, trusted_hosts=("brug.example",))
        self.app = create_app(self.site, engine, lambda: self.now)

    def visitor(self) -> "Visitor":
        """A browser that nobody has used yet."""
        parts = urlsplit(self.base_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return Visitor(TestClient(self.app, base_url=origin, follow_redirects=False))

    def signed_in(self, role: str = "coordinator", staff_id: int | None = None) -> "Visitor":
        """A browser of somebody who is signed in: Ann the coordinator, or who has the role."""
        visitor = self.visitor()
        visitor.client.cookies.set(visit_cookie(self.site), self.visit(role, staff_id))
        return visitor

    def enter(self, window: Window, role: str = "coordinator", staff_id: int | None = None) -> None:
        """Sign somebody in in a real browser."""
        name, visit = visit_cookie(self.site), self.visit(role, staff_id)
        window.context.add_cookies([{"name": name, "value": visit, "url": self.base_url}])

    def visit(self, role: str = "coordinator", staff_id: int | None = None) -> str:
        """What signing in leaves in the browser of somebody with a role."""
        token = secrets.token_urlsafe(32)
        with transaction(self.engine) as session:
            number = staff_id or self._with_role(session, role)
            library = session.get_one(Staff, number).organisation_id
            session.add(
                Visit(
                    hash=fingerprint(token), organisation_id=library, staff_id=number,
                    created_at=self.now, seen_at=self.now,
                )
            )  # fmt: skip
        return token

    def _with_role(self, session: Session, role: str) -> int:
        for row in rows_of(session, Staff):
            ours = row.organisation_id == self.library or role == "national_office"
            if row.role == role and ours and row.id:
                return row.id
        if role == "national_office":
            return a_staff(session, an_office(session), "Office", role)
        return a_staff(session, self.library, role.capitalize(), role)

    def _colleague(self, session: Session, name: str, email: str) -> int:
        row = Staff(
            organisation_id=self.library, name=name, email=email, role="staff", created_at=NOW
        )
        return _kept(session, row)

    def _school(self, session: Session) -> int:
        row = Partner(
            organisation_id=self.library, name="De Brede School (verzonnen)", kind="school",
            created_at=NOW,
        )  # fmt: skip
        return _kept(session, row)

    def _contact(self, session: Session, partner: int, name: str) -> int:
        email = f"post-{partner}@voorbeeld.nl"
        row = ContactPerson(
            organisation_id=self.library, partner_id=partner, name=name, email=email
        )
        return _kept(session, row)

    def case(self, stage: str = "contact", *, agrees: bool = True) -> int:
        """A case of somebody whom the school introduced, up to a stage on the open-door route."""
        with transaction(self.engine) as session:
            who = _newcomer(session, self.library, agrees=agrees)
            new = NewCase(
                who, channel="school", owner_id=self.ann, partner_id=self.school, reachable=True
            )
            route = routes.newest(session, "open-door")
            [case] = open_cases(session, self.library, route, [new], by=self.ann, now=self.now)
            for move in WAY_TO[stage]:
                answers = Answers(reason=next(iter(route.definition.reasons)))
                if move == "refer":
                    answers = Answers(provider=self.provider, course=self.course)
                move_cases(
                    session, [case], move, by=self.ann, now=self.now, answers=answers
                ).raise_refusal()
        return case

    def follow_up(self, case: int, rule: str) -> FollowUp:
        """The newest follow-up of a case by a rule."""
        with transaction(self.engine) as session:
            return rows_of(session, FollowUp, case_id=case, rule=rule)[-1]

    def referral(self, case: int) -> Referral:
        """The newest referral of a case."""
        with transaction(self.engine) as session:
            return rows_of(session, Referral, case_id=case)[-1]

    def link(
        self,
        purpose: str,
        subject: int,
        *,
        staff: int | None = None,
        contact: int | None = None,
        version: int | None = None,
        lasts: timedelta = timedelta(days=30),
    ) -> str:
        """The address behind a link in a mail, without the name of the site."""
        token = secrets.token_urlsafe(32)
        row = Link(
            hash=links.fingerprint(token), organisation_id=self.library, purpose=purpose,
            subject_id=subject, version=version, staff_id=staff, contact_person_id=contact,
            created_at=self.now, expires_at=self.now + lasts,
        )  # fmt: skip
        with transaction(self.engine) as session:
            session.add(row)
        return f"/{'a' if purpose in ('follow_up', 'referral') else 'm'}/{token}"

    def to_follow_up(self, rule: str = "first_call", stage: str = "contact") -> tuple[int, str]:
        """A case, and Ann's link to its follow-up."""
        case = self.case(stage)
        row = self.follow_up(case, rule)
        return case, self.link("follow_up", row.id or 0, staff=self.ann)

    def to_question(self) -> tuple[int, str]:
        """A case that was referred, and the link of the referrer who is asked about it."""
        case = self.case("referred")
        row = self.follow_up(case, "contact_made")
        return case, self.link("follow_up", row.id or 0, contact=self.referrer)

    def to_referral(self) -> tuple[int, str]:
        """A case that was referred, and the link of the provider."""
        case = self.case("referred")
        # nobody answers at the very moment at which it is sent
        self.later(minutes=1)
        row = self.referral(case)
        link = self.link("referral", row.id or 0, contact=self.teacher, version=row.version)
        return case, link

    def to_preferences(self) -> str:
        """Ann's link to what she chose about mails."""
        return self.link("preferences", self.ann, staff=self.ann)

    def to_contact_preferences(self) -> str:
        """The link of the provider to what they chose about mails."""
        return self.link("contact_preferences", self.teacher, contact=self.teacher)

    def later(self, **time: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**time)
        return self.now


class Visitor:
    """Somebody at a page: what they see, and the forms that they fill in."""

    def __init__(self, client: TestClient):
        self.client = client
        client.headers["sec-fetch-site"] = "none"

    def open(self, path: str, **headers: str) -> Page:
        """Go to an address and wherever it leads."""
        reply = self.client.get(path, headers=headers)
        if reply.is_redirect:
            return self.open(reply.headers["location"])
        return Page(path, reply)

    def send(self, page: Page, *, button: Mapping[str, str] | None = None, **filled: str) -> Page:
        """Fill in the form of a page that has these fields, and send it; then what follows."""
        reply = self.post(*page.form(filled, button or {}))
        if reply.is_redirect:
            assert reply.status_code == 303
            return self.open(reply.headers["location"])
        return Page(page.path, reply)

    def own_form(self) -> dict[str, str]:
        """What every form of a page of this browser carries, with nothing filled in."""
        visit, nonce = self._cookie("brug"), self._cookie("brug-form")
        if nonce is None:
            nonce = security.new_nonce()
            self.client.cookies.set("brug-form", nonce)
        subject = fingerprint(visit) if visit else ""
        return {"form": security.form_token(nonce, subject), "key": secrets.token_urlsafe(18)}

    def _cookie(self, name: str) -> str | None:
        return next((each.value for each in self.client.cookies.jar if each.name == name), None)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Response:
        """Send a form as a browser does from a page of the site."""
        whole = {"sec-fetch-site": "same-origin", "origin": "null", **headers}
        return self.client.post(path, data=dict(fields), headers=whole)


def _newcomer(session: Session, library: int, *, agrees: bool) -> Registered:
    """Somebody with a name that no page may show but those for it."""
    person = Person(first_name=SECRET, last_name="Vogel", phone="+31612345678")
    newcomer = Newcomer(person, wish="Brieven lezen", best_moment="na vijf uur")
    [who] = register(session, library, [newcomer], now=NOW)
    if agrees:
        note_consent(session, library, [(who.id, Agreement(given_on=TODAY))], now=NOW)
    return who


def _kept(session: Session, row: Staff | Partner | ContactPerson) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def tokens_in(text: str) -> set[str]:
    """Everything in a text that could open a door."""
    return set(re.findall(r"(?<![\w-])[\w-]{43}(?![\w-])", text))
