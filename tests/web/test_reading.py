"""Who a referral is about: a fresh code, five tries, ten minutes, once."""

import re
import threading

import pytest

from storage.engine import transaction
from storage.queries import links, reading_codes
from storage.tables import JournalEntry, Message, ReadingCode
from tests.looking import rows_of
from tests.web.town import SECRET, Town, Visitor


def _mailed(town: Town, link: str) -> str:
    """The code as whoever writes the mail makes it."""
    with transaction(town.engine) as session:
        return reading_codes.fresh(session, links.fingerprint(link[3:]), town.now)


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_is_asked_for_and_shows_what_the_provider_needs(
    town: Town, visitor: Visitor
) -> None:
    _, link = town.to_referral()
    _, fields = visitor.open(link).form({}, {})
    reply = visitor.post(f"{link}/code", fields)
    assert (reply.status_code, reply.headers["location"]) == (303, f"{link}/read")
    with transaction(town.engine) as session:
        [mail] = rows_of(session, Message, kind="code")
        assert rows_of(session, ReadingCode) == []
    assert (mail.kind, mail.contact_person_id, mail.state) == ("code", town.teacher, "pending")
    assert mail.next_at == town.now
    assert not re.search(r"\b\d{6}\b", str(mail.detail))
    code = _mailed(town, link)
    page = visitor.send(visitor.open(f"{link}/read"), code=f"{code[:3]} {code[3:]}")
    assert page.status == 200
    assert page.title == SECRET
    for shown in ("06 12345678", "na vijf uur", "Brieven lezen"):
        assert shown in page.text
    assert "Vogel" not in page.text
    assert page.reply.headers["cache-control"] == "no-store"
    with transaction(town.engine) as session:
        [line] = rows_of(session, JournalEntry, what="referral.read")
    assert line.detail["contact_person"] == town.teacher


def test_a_code_opens_once(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    code = _mailed(town, link)
    ask = visitor.open(f"{link}/read")
    assert visitor.send(ask, code=code).title == SECRET
    again = visitor.send(ask, code=code)
    assert again.status == 422
    assert SECRET not in again.text


def test_the_code_itself_is_kept_nowhere(town: Town) -> None:
    _, link = town.to_referral()
    code = _mailed(town, link)
    with transaction(town.engine) as session:
        [row] = rows_of(session, ReadingCode)
    assert code not in row.code_hash
    assert len(row.code_hash) == 64


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(
    town: Town, visitor: Visitor
) -> None:
    _, link = town.to_referral()
    code = _mailed(town, link)
    page = visitor.open(f"{link}/read")
    for left in (4, 3, 2, 1):
        page = visitor.send(page, code=_other(code))
        assert page.status == 422
        assert f"Pogingen over: {left}." in page.text
    assert "te vaak fout" in visitor.send(page, code=_other(code)).text
    spent = visitor.send(page, code=code)
    assert "te vaak fout" in spent.text and SECRET not in spent.text


def test_a_code_works_for_ten_minutes(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    code = _mailed(town, link)
    page = visitor.open(f"{link}/read")
    town.later(minutes=10)
    assert "Er is nu geen code die werkt." in visitor.send(page, code=code).text


def test_a_new_code_ends_the_one_before(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    first, second = _mailed(town, link), _mailed(town, link)
    page = visitor.open(f"{link}/read")
    if first != second:
        assert visitor.send(page, code=first).status == 422
    assert visitor.send(page, code=second).title == SECRET


def test_a_code_is_only_for_the_link_that_it_was_asked_for(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    _, other = town.to_referral()
    code = _mailed(town, link)
    assert visitor.send(visitor.open(f"{other}/read"), code=code).status == 422


@pytest.mark.parametrize("typed", ["", "abc", "١٢٣٤٥٦", "1" * 10_000, "12345", "👍"])
def test_nonsense_is_a_wrong_code(town: Town, visitor: Visitor, typed: str) -> None:
    _, link = town.to_referral()
    _mailed(town, link)
    page = visitor.send(visitor.open(f"{link}/read"), code=typed)
    assert page.status == 422
    assert page.buttons


def test_three_codes_an_hour_and_no_more(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    _, fields = visitor.open(link).form({}, {})
    replies = [visitor.post(f"{link}/code", fields).status_code for _ in range(4)]
    assert replies == [303, 303, 303, 429]
    with transaction(town.engine) as session:
        assert len(rows_of(session, Message, kind="code")) == 3
    town.later(hours=1)
    assert visitor.post(f"{link}/code", fields).status_code == 303


def test_guessing_at_once_does_not_get_more_tries(town: Town, visitor: Visitor) -> None:
    _, link = town.to_referral()
    code = _mailed(town, link)
    path, fields = visitor.open(f"{link}/read").form({"code": ""}, {})
    said: list[str] = []

    def guess() -> None:
        said.append(visitor.post(path, {**fields, "code": _other(code)}).text)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("Pogingen over" in text for text in said) == 4
    assert SECRET not in "".join(said)
