"""Whatever stands in an address of a route is answered, and never with a mistake of ours."""

import pytest

from tests.web.test_routes import PREVIEW, ROUTE, _administrator, _drafted
from tests.web.town import Town
from workflows.library import builtin


@pytest.mark.parametrize(
    "path",
    [
        "/routes/%00", "/routes/a%00/draft", f"{ROUTE}/back/{10**30}", f"{ROUTE}/back/x",
        f"{ROUTE}/back/-1", "/routes/%F0%9F%98%80", f"/routes/{'x' * 2000}",
    ],
)  # fmt: skip
def test_whatever_stands_in_an_address_is_answered(town: Town, path: str) -> None:
    assert _administrator(town).open(path).status in (400, 404, 422)


def test_whatever_is_asked_of_a_preview_is_answered(town: Town) -> None:
    town.case()
    visitor, _ = _drafted(town, builtin("open-door") + "# 2\n")
    for query in ("who=99999999999999999999", "who=%00", "to-contact=nowhere", "to-=x", "who=٣"):
        page = visitor.open(f"{PREVIEW}?{query}")
        assert page.status == 200, query
        assert "1 traject gaat mee" in page.text
