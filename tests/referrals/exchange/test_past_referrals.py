"""What a register says beside the path: the referral that must have been, providers, remarks."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from referrals.doubles import Person
from referrals.exchange.past_referrals import note_of, providers, referral_of
from referrals.exchange.register_rows import RegisterRow
from referrals.histories import PastStep
from storage.tables import Partner
from tests.builders import NOW, a_library
from tests.looking import rows_of
from workflows.workdays import moment

ROW = RegisterRow(
    "B", 2, Person("Ria"), None, None, {}, None, None, None, None, None, fingerprint="x"
)


def _path(*stages: str) -> list[PastStep]:
    days = [date(2018, 1 + month, 3) for month in range(len(stages))]
    return [
        PastStep(stage, moment(day, 12, "Europe/Amsterdam"), day)
        for stage, day in zip(stages, days, strict=True)
    ]


def _state(*stages: str) -> str | None:
    found = referral_of(
        replace(ROW, reason="moved"), _path(*stages), 5, organisation_id=1, case_id=2,
        participant_id=3, now=NOW,
    )  # fmt: skip
    return found.state if found else None


@pytest.mark.parametrize(
    ("stages", "state"),
    [
        (("contact", "agreed"), None),
        (("referred",), "sent"),
        (("referred", "spoken", "intake"), "sent"),
        (("referred", "waiting"), "waiting"),
        (("referred", "placed"), "accepted"),
        (("referred", "placed", "started"), "started"),
        (("started", "attending"), "started"),
        (("started", "completed"), "finished"),
        (("referred", "stopped"), "withdrawn"),
        (("referred", "unreachable"), "no_show"),
    ],
)
def test_how_far_somebody_got_says_how_the_referral_stands(
    stages: tuple[str, ...], state: str | None
) -> None:
    assert _state(*stages) == state


def test_a_referral_was_sent_and_answered_on_the_days_of_the_steps() -> None:
    path = _path("referred", "stopped")
    found = referral_of(
        replace(ROW, reason="moved"), path, 5, organisation_id=1, case_id=2, participant_id=3,
        now=NOW,
    )  # fmt: skip
    assert found is not None
    assert (found.sent_at, found.answered_at) == (path[0].at, path[1].at)
    assert (found.reason, found.provider_id, found.created_at) == ("moved", 5, NOW)


def test_providers_are_made_known_once(session: Session) -> None:
    library = a_library(session)
    names = ["ROC", None, "Taalhuis", "ROC"]
    first = providers(session, library, names, NOW)
    assert providers(session, library, ["roc"], NOW) == {"roc": first["ROC"]}
    assert [row.name for row in rows_of(session, Partner)] == ["ROC", "Taalhuis"]


def test_remarks_and_what_has_no_place_of_its_own_become_a_note() -> None:
    row = replace(
        ROW, notes="belt graag", referrer_name="juf Els", provider="ROC", reason="childcare"
    )
    note = note_of(row, _path("contact"), organisation_id=1, case_id=2, now=NOW)
    assert note is not None
    for word in ("belt graag", "juf Els", "ROC", "childcare"):
        assert word in note.text
    assert note_of(ROW, _path("contact"), organisation_id=1, case_id=2, now=NOW) is None


def test_what_the_path_says_already_is_not_noted_again() -> None:
    row = replace(ROW, provider="ROC", reason="moved")
    path = _path("referred", "stopped")
    assert note_of(row, path, organisation_id=1, case_id=2, now=NOW) is None
