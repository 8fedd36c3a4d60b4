"""The texts in mails that a library writes itself: edited, looked at, and back to the standard."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.errors import Fault, NothingToUndo, Refused
from core.words import LANGUAGES, Told, say, together
from notifications import previews, texts
from storage.queries import mail_texts
from web import deeds, desk
from web.access import AtDesk, InHouse
from web.deeds import Deed, Values
from web.forms import Filled, NotFilledIn, Sent
from web.members import Member
from web.receipts import Outcome
from web.site import House

router = APIRouter()
#: the text → the kind of mail in which it is shown
_SHOWN_IN = {"referral": "referral", "appointment": "appointment", "signature": "referral"}
_CHANGED = "Somebody changed this text since. Look at it again."
#: signs that a form may bring; what is kept has a limit of its own
_LONGEST = 20_000
#: more at once nobody reads
_MOST_FAULTS = 5


@router.api_route("/settings/texts", methods=["GET", "HEAD"])
def show_texts(request: Request, member: AtDesk, house: InHouse) -> Response:
    """All of them, and which the library wrote itself."""
    with house.reading() as session:
        written = mail_texts.of_library(session, member.organisation_id)
    shown = [
        (name, texts.named(name).title, [(each, (name, each) in written) for each in LANGUAGES])
        for name in texts.NAMES
    ]
    return desk.page(request, house, member, "settings/texts.html", nav="settings", texts=shown)


@router.api_route("/settings/texts/{name}/{language}", methods=["GET", "HEAD"])
def edit_text(
    request: Request, member: AtDesk, house: InHouse, name: str, language: str
) -> Response:
    """The form with a text, and a mail with it."""
    _known(name, language)
    return _show(request, member, house, name, language, None, None, 200)


@router.post("/settings/texts/{name}/{language}")
def save_text(
    request: Request, member: AtDesk, house: InHouse, name: str, language: str, sent: Filled
) -> Response:
    """Keep a text, show a mail with it first, or go back to the standard."""
    _known(name, language)

    def show(form: Sent, refusal: Refused | None, status: int) -> Response:
        return _show(request, member, house, name, language, form, refusal, status)

    def act(session: Session) -> Outcome:
        before = mail_texts.of_library(session, member.organisation_id).get((name, language), "")
        wanted = "" if sent["do"] == "reset" else _read(sent, name)
        if wanted == texts.default(name, language):
            wanted = ""
        texts.save(session, member.organisation_id, name, language, wanted, now=member.now)
        kept = mail_texts.of_library(session, member.organisation_id).get((name, language), "")
        return {
            "did": "text.kept", "text": name, "language": language, "before": before,
            "after": kept,
        }  # fmt: skip

    if sent["do"] == "look":
        try:
            _read(sent, name)
        except NotFilledIn as error:
            return show(error.sent, None, 422)
        return show(sent, None, 200)
    return deeds.handle(
        request, member, house, sent, act, show, f"/settings/texts/{name}/{language}"
    )


def _read(sent: Sent, name: str) -> str:
    """The text, cleaned; raises `NotFilledIn` with every fault and the line it stands in."""
    text = texts.clean(sent.text("text", _LONGEST))
    faults = texts.check(name, text)
    if faults:
        sent.faults.setdefault("text", _together(faults))
    sent.check()
    return text


def _together(faults: Sequence[Fault]) -> Fault:
    """Several faults of one field as one, each with its line."""
    return Fault("text", together(map(_with_line, faults[:_MOST_FAULTS])))


def _with_line(fault: Fault) -> Told:
    said = {"why": Told(fault.why), "remedy": Told(fault.remedy)}
    if fault.line is None:
        return Told("{why} {remedy}", **said)
    return Told("Line {number}: {why} {remedy}", number=fault.line, **said)


def _known(name: str, language: str) -> None:
    if name not in texts.NAMES or language not in LANGUAGES:
        raise HTTPException(404)


def _show(
    request: Request, member: Member, house: House, name: str, language: str, sent: Sent | None,
    refusal: Refused | None, status: int,
) -> Response:  # fmt: skip
    with house.reading() as session:
        written = mail_texts.of_library(session, member.organisation_id)
    now = texts.in_use(written, name, language)
    typed = sent["text"] if sent else now
    # a text with a fault cannot be filled in: the mail is shown as it goes out now
    shown = {**written, (name, language): now if sent and sent.faults else texts.clean(typed)}
    mail = previews.mail(_SHOWN_IN[name], language, shown)
    known = texts.named(name)
    return desk.page(
        request, house, member, "settings/text.html", nav="settings", status=status, sent=sent,
        refusal=refusal, name=name, in_language=language, title=known.title, mail=mail,
        placeholders=known.placeholders, longest=known.longest, own=(name, language) in written,
        looked=bool(sent and sent["do"] == "look" and not sent.faults), typed={"text": typed},
    )  # fmt: skip


def _tell(_session: Session, member: Member, values: Values) -> Sequence[str]:
    language = member.language
    if values["after"]:
        return [say(language, "The text was kept"), say(language, "It stands in the next mail.")]
    return [say(language, "The standard text is back")]


def _put_back(session: Session, member: Member, values: Values, _house: House) -> Outcome:
    if not _is_as_left(session, member, values):
        raise NothingToUndo(remedy=_CHANGED)
    texts.save(
        session, member.organisation_id, values["text"], values["language"], values["before"],
        now=member.now,
    )  # fmt: skip
    return {"did": "undone"}


def _is_as_left(session: Session, member: Member, values: Values) -> bool:
    written = mail_texts.of_library(session, member.organisation_id)
    return bool(written.get((values["text"], values["language"]), "") == values["after"])


DEEDS: Mapping[str, Deed] = {"text.kept": Deed(_tell, _put_back, _is_as_left)}
