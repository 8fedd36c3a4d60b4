"""Reads what mail servers send back: delivery reports (RFC 3464), and the forms of Exim and qmail.

What is too large or too deep is refused before it is parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.message import Message

from notifications.outcomes import is_bad_address, plain

#: octets; a report holds the headers of our mail, or at most all of it
LARGEST = 500_000
#: parts within parts, counted by what begins them
_DEEPEST = 20
_NESTING = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_OUR_HEADER = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
#: how an old mail server begins that does not know RFC 3464
_QMAIL = "This is the qmail-send program"
_NOT_YET = re.compile(r"not yet been delivered|will be retried|no action is required", re.I)


@dataclass(frozen=True)
class Report:
    """What a mail server reports about a mail of ours."""

    #: the key that travelled as envelope identity, where the servers between know that
    key: str
    #: of our mail, with its angle brackets; empty when its headers did not come back
    message_id: str
    #: it will not arrive; else it is late
    final: bool
    #: in the words of the mail server
    reason: str
    bad_address: bool


def read(source: bytes) -> Report | None:
    """The report in a mail; None when it is something else, or not fit to be read."""
    if len(source) > LARGEST or len(_NESTING.findall(source)) > _DEEPEST:
        return None
    try:
        mail = message_from_bytes(source)
        return _standard(mail) or _old(mail)
    # an e-mail can be wrong in ways that the parser stumbles over
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError):
        return None


def _standard(mail: Message) -> Report | None:
    parts = list(mail.walk())
    blocks = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in _inner(part)
    ]
    for block in blocks:
        action = _word(block, "Action").lower()
        if action not in ("failed", "delayed"):
            continue
        status = _word(block, "Status")
        said = _word(block, "Diagnostic-Code").partition(";")[2].strip()
        reason = plain(said if status in said else f"{status} {said}")
        final = action == "failed"
        return Report(
            key=_envelope_identity(blocks),
            message_id=_returned(parts),
            final=final,
            reason=reason,
            bad_address=final and status.startswith("5") and is_bad_address(f"{status} {said}"),
        )
    return None


def _old(mail: Message) -> Report | None:
    """Exim names who it failed for in a header; qmail says who it is."""
    text = "\n".join(_texts(mail))
    failed = mail["X-Failed-Recipients"] is not None
    if not failed and _QMAIL not in text[:2000]:
        return None
    returned = _OUR_HEADER.search(text) or _OUR_HEADER.search(_returned(list(mail.walk())))
    if returned is None:
        return None
    code = re.search(r"\b[45]\d\d[ -].*", text)
    final = not _NOT_YET.search(text[:2000])
    reason = plain(code.group() if code else "")
    return Report("", returned.group(1), final, reason, final and is_bad_address(reason))


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if payload else []


def _word(block: Message, name: str) -> str:
    return str(block[name] or "").strip()


def _envelope_identity(blocks: list[Message]) -> str:
    found = next((_word(block, "Original-Envelope-Id") for block in blocks), "")
    return _XTEXT.sub(lambda code: chr(int(code.group(1), 16)), found)


def _returned(parts: list[Message]) -> str:
    """The Message-ID of the mail that came back, from its headers or from all of it."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = _inner(part)
        elif kind in ("text/rfc822-headers", "text/rfc822"):
            inner = [message_from_string(_text(part))]
        else:
            continue
        for mail in inner:
            if mail["Message-ID"]:
                return _word(mail, "Message-ID")
    return ""


def _texts(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            yield _text(part)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
