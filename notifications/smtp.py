"""What is said to a mail server, and what its answers mean: no connection, only words."""

import re
import ssl
from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from notifications.outcomes import Later, Outcome, Rejected, Unreachable, is_bad_address, plain
from notifications.relay import Ready

#: one ``@``; no spaces, controls or characters that would end the address in an envelope
_ADDRESS = re.compile(r'[^\s\x00-\x1f\x7f<>()\[\]\\,;:"@]+@[^\s\x00-\x1f\x7f<>()\[\]\\,;:"@]+')
_LONGEST_ADDRESS = 254
_REPLY = re.compile(rb"(?:\d{3}-[^\n]*\n)*(\d{3})(?:[ ][^\n]*)?\r?\n")
_MORE_TO_COME = re.compile(rb"(?:\d{3}-[^\n]*\n)*")
#: octets of an answer that are listened to
_LONGEST_ANSWER = 32_768
#: answers that speak of the connection and not of the mail: sign in first
_ABOUT_US = (530, 535, 538)
CLOSING, GO_ON = 421, 354
#: the mail is too large
_TOO_LARGE = 552
#: the places of the commands in an envelope
MAIL, RCPT, DATA = range(3)


class Answer(NamedTuple):
    """What a mail server answered."""

    code: int
    words: str

    @property
    def kind(self) -> int:
        return self.code // 100


class Hearing:
    """Takes apart what a mail server says."""

    def __init__(self) -> None:
        self.answers: deque[Answer] = deque()
        self._heard = bytearray()

    def hear(self, said: bytes) -> None:
        """Add to `answers` what is whole; raises `ValueError` for what is no answer."""
        self._heard += said
        while found := _REPLY.match(self._heard):
            lines = found.group().decode("utf-8", "surrogateescape").splitlines()
            code = found.group(1).decode()
            words = plain(" ".join([code, *(line[4:].strip() for line in lines)]))
            del self._heard[: found.end()]
            self.answers.append(Answer(int(code), words))
        whole_lines = self._heard[: self._heard.rfind(b"\n") + 1]
        if not _MORE_TO_COME.fullmatch(whole_lines) or len(self._heard) > _LONGEST_ANSWER:
            raise ValueError(plain(self._heard[:100].decode("utf-8", "surrogateescape")))


def envelope(
    mail: Ready, sender: str, key: str, extensions: Collection[str]
) -> tuple[bytes, bytes, bytes] | Rejected:
    """MAIL, RCPT and DATA, with the extensions (in small letters) that the server knows."""
    to = _mailbox(mail.to_email, "smtputf8" in extensions)
    if isinstance(to, Rejected):
        return to
    options = b""
    if not to.isascii():
        options += b" SMTPUTF8"
    if "8bitmime" in extensions and not mail.source.isascii():
        options += b" BODY=8BITMIME"
    if "dsn" in extensions:
        # what comes back names the mail and holds its headers, not what it says
        options += b" RET=HDRS"
        if key:
            options += b" ENVID=" + _xtext(key)
    return (
        b"MAIL FROM:<" + sender.encode() + b">" + options + b"\r\n",
        b"RCPT TO:<" + to + b">\r\n",
        b"DATA\r\n",
    )


def _mailbox(address: str, other_letters: bool) -> bytes | Rejected:
    name, _, domain = address.rpartition("@")
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS:
        return Rejected("This address cannot be used.", bad_address=True)
    if not name.isascii():
        why = "The mail server cannot mail addresses with letters such as é."
        return address.encode() if other_letters else Rejected(why, bad_address=True)
    if domain.isascii():
        return address.encode()
    try:
        return f"{name}@{domain.encode('idna').decode()}".encode()
    except UnicodeError:
        return Rejected("This address cannot be used.", bad_address=True)


def _xtext(text: str) -> bytes:
    """As RFC 3461 writes an identity; at most 100 characters."""
    if not text.isalnum() or not text.isascii():
        text = "".join(
            letter if "!" <= letter <= "~" and letter not in "+=" else f"+{ord(letter):02X}"
            for letter in text
        )
    return text[:100].encode("ascii", "replace")


def as_data(source: bytes) -> bytes:
    """The mail as it travels: lines end in CR LF, a dot that begins a line is doubled."""
    lines = source
    if not source.count(b"\n") == source.count(b"\r") == source.count(b"\r\n"):
        lines = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    doubled = lines.replace(b"\r\n.", b"\r\n..")
    return (b"." + doubled if doubled.startswith(b".") else doubled) + b".\r\n"


def refusal(step: int, answer: Answer) -> Outcome | None:
    """What an answer to MAIL, RCPT or DATA means for the mail; None: go on.

    Raises `ValueError` when it is no answer to that.
    """
    if answer.code == GO_ON if step == DATA else answer.kind == 2:
        return None
    if answer.code in _ABOUT_US:
        return Unreachable(answer.words)
    if answer.kind == 4:
        return Later(answer.words)
    if answer.kind != 5:
        raise ValueError(answer.words)
    if step == MAIL and answer.code != _TOO_LARGE:
        # it is our sender that is refused: no mail would get through, and none is at fault
        return Unreachable(answer.words)
    return rejected(answer, otherwise=step == RCPT)


def rejected(answer: Answer, *, otherwise: bool) -> Rejected:
    """A refusal for good; `otherwise`: whether it is the address, when its code does not say."""
    return Rejected(answer.words, bad_address=is_bad_address(answer.words, otherwise=otherwise))


def said(error: BaseException) -> str:
    """What went wrong on the way, in words."""
    cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    if isinstance(cause, TimeoutError) and not str(cause):
        return "no answer in time"
    return plain(str(cause)) or type(error).__name__
