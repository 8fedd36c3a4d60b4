"""Valid HTML, by the checker of the W3C: `BRUG_TEST_VNU` names its jar (npm: vnu-jar, Java 17).

Where it is not at hand, html5lib at its strictest reads every page (`tests/web/pages.py`).
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.web.crawling import kind_of, pages
from tests.web.town import Town

VNU = os.environ.get("BRUG_TEST_VNU", "")
ROLES = ("administrator", "coordinator", "staff", "national_office")


@pytest.mark.skipif(not VNU, reason="BRUG_TEST_VNU names no jar of the W3C's checker (vnu-jar)")
@pytest.mark.parametrize("database_address", ["sqlite"], indirect=True)
def test_every_page_is_valid(town: Town, tmp_path: Path) -> None:
    for stage in ("contact", "agreed", "referred", "started", "stopped"):
        town.case(stage)
    town.to_referral()
    for role in ROLES:
        for number, page in enumerate(pages(town.signed_in(role))):
            name = re.sub(r"\W+", "-", kind_of(page.path)).strip("-") or "start"
            if not page.is_page:
                continue
            (tmp_path / f"{role}-{name}-{number}.html").write_text(page.reply.text)
    command = ["java", "-jar", VNU, "--format", "json", "--skip-non-html", str(tmp_path)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True).stderr)["messages"]
    wrong = [f"{Path(each['url']).name}: {each['message']}" for each in said]
    assert len(list(tmp_path.iterdir())) > 40
    assert not wrong, "\n".join(sorted(set(wrong)))
