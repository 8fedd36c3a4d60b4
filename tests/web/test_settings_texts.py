"""The texts of mails at the desk: written, looked at, refused with the line, and put back."""

import pytest

from notifications import texts
from storage.engine import transaction
from storage.queries import mail_texts
from tests.web.cases_at_the_desk import undo
from tests.web.town import Town, Visitor

PATH = "/settings/texts/referral/nl"


@pytest.fixture
def ann(town: Town) -> Visitor:
    """Ann, who coordinates."""
    return town.signed_in()


def _written(town: Town) -> dict[tuple[str, str], str]:
    with transaction(town.engine) as session:
        return mail_texts.of_library(session, town.library)


def test_every_text_is_there_in_both_languages_with_a_mail(ann: Visitor) -> None:
    page = ann.open("/settings/texts")
    links = [each.attrib["href"] for each in page.tree.iter("a")]
    for name in texts.NAMES:
        for language in ("nl", "en"):
            assert f"/settings/texts/{name}/{language}" in links
            shown = ann.open(f"/settings/texts/{name}/{language}")
            assert all(f"{{{{{word}}}}}" in shown.text for word in texts.named(name).placeholders)
    for unknown in ("/settings/texts/lied/nl", "/settings/texts/referral/fr"):
        assert ann.open(unknown).status == 404


def test_a_text_is_kept_and_put_back(town: Town, ann: Visitor) -> None:
    done = ann.send(ann.open(PATH), button={"do": "save"}, text="Beste {{naam}}, lukt dit?")
    assert "De tekst is bewaard" in done.text and "Beste Wim Bedacht, lukt dit?" in done.text
    assert _written(town) == {("referral", "nl"): "Beste {{naam}}, lukt dit?"}
    undo(ann, done)
    assert _written(town) == {}


def test_a_mail_is_shown_before_anything_is_kept(town: Town, ann: Visitor) -> None:
    looked = ann.send(ann.open(PATH), button={"do": "look"}, text="Dag {{naam}}!")
    assert looked.status == 200 and "nog niet bewaard" in looked.text
    assert "Dag Wim Bedacht!" in looked.text and "Dag {{naam}}!" in looked.text
    assert _written(town) == {}


@pytest.mark.parametrize("do", ["save", "look"])
def test_what_is_wrong_is_told_with_its_line_and_the_text_stays(
    town: Town, ann: Visitor, do: str
) -> None:
    text = "Beste {{naam}},\nkijk op {{lnik}} en {{ hier"
    wrong = ann.send(ann.open(PATH), button={"do": do}, text=text)
    assert wrong.status == 422
    assert "Regel 2: Deze invulplek is niet bekend." in wrong.text and "{{lnik}}" in wrong.text
    assert _written(town) == {}


@pytest.mark.parametrize(
    "text", ["Het BSN is 123456782", "x" * 1001, "x" * 21_000], ids=["bsn", "long", "very long"]
)
def test_what_may_not_be_kept_is_not(town: Town, ann: Visitor, text: str) -> None:
    assert ann.send(ann.open(PATH), button={"do": "save"}, text=text).status == 422
    assert _written(town) == {}


def test_a_word_that_hurts_is_kept_out_of_what_participants_read(town: Town, ann: Visitor) -> None:
    page = ann.open("/settings/texts/appointment/nl")
    wrong = ann.send(page, button={"do": "save"}, text="Cursus voor laaggeletterden")
    assert wrong.status == 422 and "Regel 1" in wrong.text


def test_the_standard_comes_back(town: Town, ann: Visitor) -> None:
    kept = ann.send(ann.open(PATH), button={"do": "save"}, text="Iets anders")
    done = ann.send(kept, button={"do": "reset"})
    assert "De standaardtekst staat er weer" in done.text and _written(town) == {}
    undo(ann, done)
    assert _written(town) == {("referral", "nl"): "Iets anders"}
    # an empty text and the standard itself mean the same
    for text in ("", texts.default("referral", "nl")):
        ann.send(ann.open(PATH), button={"do": "save"}, text=text)
        assert _written(town) == {}


def test_a_text_that_changed_since_is_not_put_back(town: Town, ann: Visitor) -> None:
    done = ann.send(ann.open(PATH), button={"do": "save"}, text="Een")
    ann.send(ann.open(PATH), button={"do": "save"}, text="Twee")
    assert "Ongedaan maken" not in ann.open(done.path).text


def test_tags_in_a_text_are_words(ann: Visitor) -> None:
    done = ann.send(ann.open(PATH), button={"do": "save"}, text="<script>alert(1)</script>")
    assert "&lt;script&gt;" in done.reply.text and "<script>alert" not in done.reply.text
