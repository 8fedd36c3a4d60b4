"""The pages about routes: seen, written anew, previewed, published, gone over and brought back."""

import re
from collections.abc import Mapping

from sqlalchemy import event
from sqlmodel import Session

from core.references import reference
from storage.engine import transaction
from storage.tables import CaseMigration, RouteDraft, WorkflowVersion
from tests.builders import a_case, a_library
from tests.looking import rows_of, the_case
from tests.referrals.test_migrating import RENAMED
from tests.web.pages import Page, fields_of
from tests.web.town import SECRET, Town, Visitor
from workflows.library import builtin

ROUTE = "/routes/open-door"
DRAFT = f"{ROUTE}/draft"
PREVIEW = f"{DRAFT}/preview"


def _administrator(town: Town) -> Visitor:
    return town.signed_in("administrator")


def _drafted(town: Town, text: str, role: str = "administrator") -> tuple[Visitor, Page]:
    """Somebody with a draft that was kept, and the page that says so."""
    visitor = town.signed_in(role)
    page = visitor.send(visitor.open(DRAFT), text=text)
    return visitor, page


def _press(visitor: Visitor, page: Page, end: str, filled: Mapping[str, str] | None = None) -> Page:
    """Send the form whose address ends so, as it stands there or filled in differently."""
    [form] = [
        each
        for each in page.tree.iter("form")
        if each.attrib["action"].endswith(end) and each.attrib.get("method") == "post"
    ]
    fields, _ = fields_of(form)
    reply = visitor.post(form.attrib["action"], {**fields, **(filled or {})})
    if reply.status_code == 303:
        return visitor.open(reply.headers["location"])
    return Page(page.path, reply)


def _stage(town: Town, case: int) -> tuple[str, int]:
    with transaction(town.engine) as session:
        row = the_case(session, case)
        return row.stage, row.workflow_version_id


def _kept(town: Town) -> list[RouteDraft]:
    with transaction(town.engine) as session:
        return rows_of(session, RouteDraft)


def test_all_routes_are_shown_with_their_open_cases(town: Town) -> None:
    town.case()
    page = town.signed_in().open("/routes")
    assert page.title == "Routes"
    assert "Zelf gekomen" in page.text
    assert "1 open traject · versie 1" in page.text


def test_a_route_is_drawn_with_live_counts_that_lead_to_the_cases(town: Town) -> None:
    town.case()
    page = town.signed_in().open(ROUTE)
    assert "1 open traject" in page.text
    assert "/cases?route=open-door&stage=contact" in {
        each.attrib.get("href") for each in page.tree.iter("a")
    }
    assert "<style" not in page.reply.text and "style=" not in page.reply.text
    assert SECRET not in page.text


def test_the_office_sees_all_libraries_together_and_leads_to_no_case(town: Town) -> None:
    town.case()
    with transaction(town.engine) as session:
        a_case(session, a_library(session, "elders"))
    page = town.signed_in("national_office").open(ROUTE)
    assert "2 open trajecten bij alle bibliotheken samen" in page.text
    assert "/cases" not in page.reply.text
    assert town.signed_in().open(ROUTE).text.count("1 open traject") == 1


def test_a_route_that_is_not_there_is_not_found(town: Town) -> None:
    for path in ("/routes/nowhere", "/routes/nowhere/draft", PREVIEW, f"{ROUTE}/back/7"):
        assert _administrator(town).open(path).status == 404


def test_staff_write_no_routes(town: Town) -> None:
    visitor = town.signed_in("staff")
    for path in (DRAFT, PREVIEW, f"{ROUTE}/migration"):
        assert visitor.open(path).status == 404
    assert "nieuwe versie" not in visitor.open(ROUTE).text


def test_a_text_with_faults_is_kept_and_every_fault_is_named_with_its_line(town: Town) -> None:
    text = (
        builtin("open-door").replace("to: screened", "to: screend").replace("to: trust", "to: trst")
    )
    visitor, page = _drafted(town, text)
    assert "Het ontwerp is bewaard, met de fouten" in page.text
    assert " fouten" in page.text
    assert "screend" in page.text and "trst" in page.text
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "to: tr" in line]
    assert f"Regel {lines[0]}," in page.text
    assert [row.text for row in _kept(town)] == [text]
    assert visitor.open(PREVIEW).status == 404


def test_a_text_comes_back_as_it_was_typed(town: Town) -> None:
    text = builtin("open-door") + "# één — en 'aanhaling' \"hier\" <b>\n"
    _, page = _drafted(town, text.replace("\n", "\r\n"))
    _, fields = page.form({"text": ""}, {})
    assert _kept(town)[0].text == text
    assert "<b>" in page.text and "<b>" not in page.reply.text
    assert fields is not None


def test_another_name_is_a_fault_of_a_draft(town: Town) -> None:
    _, page = _drafted(town, builtin("open-door").replace("name: open-door", "name: other"))
    assert "Een ontwerp houdt de naam van zijn route" in page.text


def test_a_bsn_is_not_kept(town: Town) -> None:
    _, page = _drafted(town, builtin("open-door") + "# 111222333\n")
    assert page.status == 422
    assert _kept(town) == []


def test_what_differs_from_the_published_version_is_shown(town: Town) -> None:
    _, page = _drafted(town, builtin("open-door").replace("norm: 15 workdays", "norm: 3 workdays"))
    differing = re.findall(r"<(ins|del)>(.*?)</\1>", page.reply.text)
    assert [kind for kind, _ in differing] == ["del", "ins"]


def test_nothing_changes_before_it_was_seen_and_then_what_was_seen_happens(town: Town) -> None:
    case = town.case()
    text = builtin("open-door").replace("when: contact + 5 workdays", "when: contact + 9 workdays")
    visitor, _ = _drafted(town, text)
    page = visitor.open(PREVIEW)
    assert "1 traject gaat mee" in page.text
    before = _stage(town, case)

    page = _press(visitor, page, "/publish")

    assert page.path.startswith(ROUTE)
    assert "Versie 2 is gepubliceerd" in page.text
    assert "Trajecten die meegingen: 1." in page.text
    assert _stage(town, case)[1] != before[1]
    assert _kept(town) == []


def test_undo_brings_the_cases_back_and_leaves_what_was_published(town: Town) -> None:
    case = town.case()
    before = _stage(town, case)
    visitor, _ = _drafted(town, builtin("open-door") + "# 2\n")
    page = _press(visitor, visitor.open(PREVIEW), "/publish")
    page = _press(visitor, page, "/undo")
    assert "Teruggedraaid" in page.text
    assert _stage(town, case) == before
    with transaction(town.engine) as session:
        assert len(rows_of(session, WorkflowVersion, name="open-door")) == 2


def test_only_new_cases_may_use_the_new_version_and_others_follow_later(town: Town) -> None:
    case = town.case()
    before = _stage(town, case)
    visitor, _ = _drafted(town, builtin("open-door") + "# 2\n")
    page = _press(visitor, visitor.open(f"{PREVIEW}?who=none"), "/publish")
    assert _stage(town, case) == before
    assert "Op een oudere versie van deze route: 1" in page.text
    _press(visitor, visitor.open(f"{ROUTE}/migration"), "/migration")
    assert _stage(town, case)[1] != before[1]
    page = visitor.open(ROUTE)
    with transaction(town.engine) as session:
        [row] = rows_of(session, CaseMigration)
    back = visitor.open(f"{ROUTE}/back/{row.id}")
    assert "Terug naar versie 1: 1" in back.text
    _press(visitor, back, f"/back/{row.id}")
    assert _stage(town, case) == before


def test_a_stage_that_vanishes_must_be_given_a_counterpart(town: Town) -> None:
    with transaction(town.engine) as session:
        case = a_case(session, town.library, "trust")
    visitor, _ = _drafted(town, RENAMED)
    page = visitor.open(PREVIEW)
    assert "moet je kiezen" in page.text
    assert not [each for each in page.buttons if "Publiceer" in each]

    page = visitor.open(f"{PREVIEW}?who=all&to-trust=met")
    page = _press(visitor, page, "/publish")

    assert _stage(town, case)[0] == "met"


def test_a_coordinator_among_several_libraries_leaves_publishing_to_the_office(town: Town) -> None:
    with transaction(town.engine) as session:
        a_library(session, "elders")
    visitor, _ = _drafted(town, builtin("open-door") + "# 2\n")
    page = visitor.open(PREVIEW)
    assert "landelijk bureau" in page.text
    assert not [each for each in page.buttons if "Publiceer" in each]
    action, fields = f"{DRAFT}/publish", visitor.open(DRAFT).form({"text": ""}, {})[1]
    assert visitor.post(action, {**fields, "who": "none", "seen": ""}).status_code == 404
    office, _ = _drafted(town, builtin("open-door") + "# 2\n", role="national_office")
    page = _press(office, office.open(PREVIEW), "/publish")
    assert "Versie 2 is gepubliceerd" in page.text


def test_a_draft_that_was_overtaken_is_not_published_unseen(town: Town) -> None:
    visitor, _ = _drafted(town, builtin("open-door") + "# 2\n")
    page = visitor.open(PREVIEW)
    with transaction(town.engine) as session:
        _publish(session, builtin("open-door") + "# from elsewhere\n", town)
    page = _press(visitor, page, "/publish")
    assert page.status == 422
    assert "nieuwere versie" in page.text
    assert "nieuwere versie" in visitor.open(DRAFT).text


def _publish(session: Session, text: str, town: Town) -> None:
    from referrals import routes

    routes.publish(session, text, by="test", now=town.now)


def test_another_norm_becomes_a_draft_that_differs_in_just_that(town: Town) -> None:
    visitor = town.signed_in()
    filled = {"norm-contact": "9", "unit-contact": "days", "nl-shame": "Schroom"}
    page = _press(visitor, visitor.open(ROUTE), "/words", filled)
    assert page.path.startswith(PREVIEW)
    [row] = _kept(town)
    before, after = builtin("open-door").splitlines(), row.text.splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new.strip().split(":")[0] for _, new in changed] == ["contact", "shame"]
    assert "norm: 9 days" in changed[0][1] and "nl: Schroom" in changed[1][1]


def test_a_norm_that_is_no_number_is_refused_at_its_field(town: Town) -> None:
    visitor = town.signed_in()
    page = _press(visitor, visitor.open(ROUTE), "/words", {"norm-contact": "veel"})
    assert page.status == 422
    assert "norm-contact-fault" in page.reply.text
    assert _kept(town) == []


def test_a_draft_can_be_thrown_away_and_taken_along_as_a_file(town: Town) -> None:
    visitor, page = _drafted(town, builtin("open-door") + "# 2\n")
    reply = visitor.client.get(f"{DRAFT}.yaml")
    assert reply.text.endswith("# 2\n")
    assert "weggegooid" in _press(visitor, page, "/discard").text
    assert _kept(town) == []


def test_a_page_asks_few_questions_and_is_light(town: Town) -> None:
    asked: list[str] = []

    def listen(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        asked.append(statement)

    event.listen(town.engine, "before_cursor_execute", listen)
    for cases in (1, 9):
        for _ in range(cases):
            town.case()
        visitor = town.signed_in()
        for path in ("/routes", ROUTE, DRAFT, f"{ROUTE}/migration"):
            visitor.open(path)
            asked.clear()
            page = visitor.open(f"{path}?again={cases}")
            assert page.status == 200
            assert len(asked) <= 12, path
            assert len(page.reply.content) <= 60_000, path


def test_the_page_of_a_case_that_went_over_still_tells_its_whole_way(town: Town) -> None:
    with transaction(town.engine) as session:
        case = a_case(session, town.library, "trust", owner=town.ann)
    visitor, _ = _drafted(town, RENAMED)
    _press(visitor, visitor.open(f"{PREVIEW}?who=all&to-trust=met"), "/publish")
    page = visitor.open(f"/cases/{reference(case)}")
    assert page.status == 200
    assert "Ontmoet" in page.text
    assert "Naar een andere versie van de route" in page.text or "andere versie" in page.text
    with transaction(town.engine) as session:
        [row] = rows_of(session, CaseMigration)
    _press(visitor, visitor.open(f"{ROUTE}/back/{row.id}"), f"/back/{row.id}")
    page = visitor.open(f"/cases/{reference(case)}")
    assert page.status == 200
    assert "Terug naar de vorige versie van de route" in page.text
