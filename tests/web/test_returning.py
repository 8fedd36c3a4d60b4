"""What somebody was typing when they were signed out is there again once they sign in."""

from storage.engine import transaction
from storage.tables import Draft, Staff
from tests.looking import rows_of
from tests.web.entering import ANN, PASSWORD, signs_in, with_password
from tests.web.town import Town, Visitor


def test_what_was_typed_when_a_visit_ended_is_there_after_signing_in(
    town: Town, visitor: Visitor
) -> None:
    with_password(town)
    signs_in(visitor)
    page = visitor.open("/account")
    town.later(minutes=31)
    reply = visitor.post(*page.form({"name": "Ann van Dam", "language": "en", "keys": "off"}, {}))
    assert reply.status_code == 303
    to = reply.headers["location"]
    assert to == "/sign-in?to=%2Faccount%3Fdraft%3D1"
    with transaction(town.engine) as session:
        [draft] = rows_of(session, Draft)
        assert draft.fields == {"name": "Ann van Dam", "language": "en", "keys": "off"}
        assert session.get_one(Staff, town.ann).name != "Ann van Dam"
    back = visitor.send(visitor.open(to), email=ANN, password=PASSWORD)
    assert "staat er nog" in back.text
    assert back.form({"name": "Ann van Dam"}, {})[1]["name"] == "Ann van Dam"
    # of somebody else, and of what is secret, nothing comes back
    other = town.signed_in("staff")
    assert "staat er nog" not in other.open("/account?draft=1").text


def test_secrets_and_forms_from_elsewhere_are_never_kept(town: Town, visitor: Visitor) -> None:
    with_password(town)
    signs_in(visitor)
    page = visitor.open("/account")
    path, fields = page.form({"present": PASSWORD, "password": "iets nieuws voor later"}, {})
    town.later(minutes=31)
    visitor.post(path, fields)
    visitor.post("/account", {**fields, "form": "x" * 64, "name": "Mallory"})
    with transaction(town.engine) as session:
        assert not [row for row in rows_of(session, Draft) if PASSWORD in str(row.fields)]
        assert "Mallory" not in str([row.fields for row in rows_of(session, Draft)])
