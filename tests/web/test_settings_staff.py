"""Who works here: added and invited, another role, gone at once, and back."""

import pytest

from storage.engine import transaction
from storage.tables import JournalEntry, Message, Organisation, Staff, Visit
from tests.builders import NOW
from tests.looking import rows_of
from tests.web.entering import is_in, press, signs_in, with_codes, with_password
from tests.web.town import Town, Visitor

NEW = {"name": "Bas (verzonnen)", "email": "Bas@voorbeeld.nl", "role": "staff"}


def _person(town: Town, email: str = "bas@voorbeeld.nl") -> Staff:
    with transaction(town.engine) as session:
        return rows_of(session, Staff, email=email)[0]


@pytest.fixture
def boss(town: Town) -> Visitor:
    """An administrator at the desk."""
    return town.signed_in("administrator")


def test_somebody_is_added_and_invited_and_taken_back(town: Town, boss: Visitor) -> None:
    page = boss.open("/settings/staff")
    assert page.title == "Wie hier werkt"
    done = press(boss, page, "/settings/staff", **NEW)
    assert "Bas (verzonnen) is toegevoegd" in done.text
    assert "Nog niet ingelogd" in done.text
    row = _person(town)
    assert (row.name, row.role, row.active) == ("Bas (verzonnen)", "staff", True)
    with transaction(town.engine) as session:
        [mail] = rows_of(session, Message)
    assert (mail.kind, mail.staff_id) == ("invitation", row.id)
    press(boss, done, "/undo")
    assert not _person(town).active


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"name": ""}, "niet ingevuld"),
        ({"email": ""}, ""),
        ({"email": "bas"}, "geen e-mailadres"),
        ({"email": "ann@voorbeeld.nl"}, "heeft dit adres al"),
        ({"role": ""}, "niets gekozen"),
        ({"role": "national_office"}, "niets gekozen"),
        ({"role": "king"}, "niets gekozen"),
        ({"name": "x" * 121}, "te lang"),
    ],
)
def test_what_will_not_do_is_told_and_nobody_is_added(
    town: Town, boss: Visitor, filled: dict[str, str], why: str
) -> None:
    page = press(boss, boss.open("/settings/staff"), "/settings/staff", **{**NEW, **filled})
    assert page.status == 422 and why in page.text
    with transaction(town.engine) as session:
        assert not rows_of(session, Message)
        assert not rows_of(session, Staff, email="bas@voorbeeld.nl")


def test_somebody_gets_another_role_and_it_is_taken_back(town: Town, boss: Visitor) -> None:
    jan = town.signed_in(staff_id=town.jan)
    assert jan.client.get("/settings/staff").status_code == 404
    there = f"/settings/staff/{town.jan}"
    done = press(boss, boss.open(there), f"{there}/role", role="administrator")
    assert "heeft een andere rol" in done.text
    assert jan.client.get("/settings/staff").status_code == 200
    press(boss, done, "/undo")
    assert jan.client.get("/settings/staff?again=1").status_code == 404
    bad = press(boss, boss.open(there), f"{there}/role", role="national_office")
    assert bad.status == 422


def test_who_leaves_is_out_at_once_and_can_be_let_back(town: Town, boss: Visitor) -> None:
    with_password(town)
    ann = town.visitor()
    signs_in(ann)
    assert is_in(ann)
    there = f"/settings/staff/{town.ann}"
    done = press(boss, boss.open(there), f"{there}/deactivate")
    assert "kan niet meer inloggen" in done.text
    assert not is_in(ann)
    assert signs_in(town.visitor()).status == 422
    press(boss, done, "/undo")
    fresh = town.visitor()
    signs_in(fresh)
    assert is_in(fresh)
    # nobody is signed in again by it
    assert not is_in(ann)
    done = press(boss, boss.open(there), f"{there}/deactivate")
    press(boss, boss.open(f"{there}?again=1"), f"{there}/activate")
    assert _person(town, "ann@voorbeeld.nl").active


def test_a_library_keeps_an_administrator(town: Town, boss: Visitor) -> None:
    with transaction(town.engine) as session:
        me = rows_of(session, Staff, role="administrator")[0].id
    there = f"/settings/staff/{me}"
    page = boss.open(there)
    refused = press(boss, page, f"{there}/role", role="staff")
    assert refused.status == 400 and "enige beheerder" in refused.text
    # the button is not there; who asks all the same is refused
    fields = {**NEW}
    path, form = page.form({"role": "staff"}, {})
    assert path.endswith("/role")
    out = boss.post(f"{there}/deactivate", {**form, **fields})
    assert out.status_code == 400
    with transaction(town.engine) as session:
        assert session.get_one(Staff, me).active


def test_a_link_is_mailed_again(town: Town, boss: Visitor) -> None:
    there = f"/settings/staff/{town.ann}"
    press(boss, boss.open(there), f"{there}/invite")
    with_password(town)
    town.later(hours=1)
    boss = town.signed_in("administrator")
    press(boss, boss.open(f"{there}?b=1"), f"{there}/invite")
    with transaction(town.engine) as session:
        assert [mail.kind for mail in rows_of(session, Message)] == ["invitation", "reset"]
        assert "staff.reset_sent" in [line.what for line in rows_of(session, JournalEntry)]


def test_codes_are_switched_off_for_a_lost_telephone(town: Town, boss: Visitor) -> None:
    with_password(town)
    with_codes(town)
    there = f"/settings/staff/{town.ann}"
    page = boss.open(there)
    done = press(boss, page, f"{there}/codes")
    assert "logt in zonder codes" in done.text
    ann = town.visitor()
    signs_in(ann)
    assert is_in(ann)


def test_nobody_sees_or_touches_staff_of_another_library(town: Town, boss: Visitor) -> None:
    with transaction(town.engine) as session:
        other = Organisation(short_name="elders", name="Bibliotheek Elders", created_at=NOW)
        session.add(other)
        session.flush()
        row = Staff(
            organisation_id=other.id or 0, name="Cor", email="cor@voorbeeld.nl", created_at=NOW
        )
        session.add(row)
        session.flush()
        number = row.id
    assert "Cor" not in boss.open("/settings/staff").text
    page = boss.open(f"/settings/staff/{town.jan}")
    _, form = page.form({"role": "staff"}, {})
    assert boss.client.get(f"/settings/staff/{number}").status_code == 404
    for what in ("role", "invite", "deactivate", "activate", "codes"):
        reply = boss.post(f"/settings/staff/{number}/{what}", form)
        assert reply.status_code == 404, what
    with transaction(town.engine) as session:
        assert session.get_one(Staff, number).active
        assert not rows_of(session, Message)


def test_only_administrators_come_here(town: Town) -> None:
    for role in ("coordinator", "staff", "national_office"):
        visitor = town.signed_in(role)
        for path in ("/settings/staff", f"/settings/staff/{town.ann}"):
            assert visitor.client.get(path).status_code == 404, (role, path)
    with transaction(town.engine) as session:
        assert rows_of(session, Visit)
