"""A mail as bytes: headers that nothing can be smuggled into, and parts of 7-bit lines.

Written by hand around what ``email`` rests on: `email.message.EmailMessage` takes longer for one
mail than everything else together.
"""

import re
import unicodedata
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from core.errors import Fault, FaultyValue
from notifications.letter import Address

#: how every boundary begins; no quoted line holds an = before a _
_BOUNDARY = "=_"
#: octets in a line, without its end (RFC 5322, 2.1.1)
LONGEST_LINE = 998
_LONGEST_NAME = 100
_LONGEST_SUBJECT = 150
_LONGEST_ADDRESS = 254
#: so many octets that an encoded word with the name of its header stays within 76 signs
_WORD = 36
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"(?=.{{1,64}}\Z){_ATOM}(?:\.{_ATOM})*\Z")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")
#: direction marks, and signs that show nothing
_UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C,
                         0x200B, 0x2060, 0xFEFF, 0xAD])  # fmt: skip


_NOT_IN_LINKS = frozenset(map(chr, [*range(33), 0x7F])) | set('<>"\\')


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail: its ``Content-Type`` and what is in it."""

    kind: str
    text: str
    #: the name of the file, of a part that is one
    file: str = ""


def one_line(text: str) -> str:
    """A text as it may stand in a header: one line in NFC, nothing invisible, no directions."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_UNSEEN)
    shown = (" " if unicodedata.category(sign) in _NO_SIGN else sign for sign in composed)
    return " ".join("".join(shown).split())


#: control characters, halves of characters, and what ends a line
_NO_SIGN = frozenset(("Cc", "Cs", "Zl", "Zp"))


def mailable(email: str) -> str:
    """An address as a mail server takes it; raises `FaultyValue` when it cannot be mailed.

    A domain with other letters becomes ASCII; a name before the @ with other letters is refused,
    because not every mail server delivers it.
    """
    local, at, domain = email.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            at = ""
    whole = f"{local}@{domain}"
    if at and _LOCAL.match(local) and _DOMAIN.match(domain) and len(whole) <= _LONGEST_ADDRESS:
        return whole
    shown = one_line(email)[:_LONGEST_NAME]
    remedy = "Write an address such as name@example.nl."
    fault = Fault(shown, "This address cannot be mailed.", remedy)
    raise FaultyValue(shown, remedy=remedy, faults=(fault,))


def mailbox(address: Address) -> str:
    """Name and address as a header has them; raises `FaultyValue` when it cannot be mailed."""
    email = mailable(address.email)
    name = one_line(address.name)[:_LONGEST_NAME].strip()
    if not name:
        return email
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{email}>'
    return f"{_encoded(name)} <{email}>"


def link(url: str) -> str:
    """A link as a header has it, where nothing may end it early."""
    return "".join(quote(sign) if sign in _NOT_IN_LINKS or sign > "~" else sign for sign in url)


def subject(text: str) -> str:
    """A subject as its header has it."""
    line = text[:_LONGEST_SUBJECT]
    return line if line.isascii() and "=?" not in line else _encoded(line)


def fingerprint(key: str) -> str:
    """What stands for a key outside: SHA-256, hexadecimal."""
    return sha256(key.encode()).hexdigest()


def packed(headers: Iterable[tuple[str, str]], part: str) -> bytes:
    """A whole mail: its headers, and a part that is ready."""
    return (_lines(*headers, ("MIME-Version", "1.0")) + part).encode("ascii")


def several(kind: str, parts: Sequence[str], mark: str) -> str:
    """Parts as one part, such as ``multipart/alternative``, with a `mark` between them."""
    boundary = f"{_BOUNDARY}{mark}"
    between = f"\r\n--{boundary}\r\n"
    head = _lines(("Content-Type", f'{kind}; boundary="{boundary}"'))
    return f"{head}{between}{between.join(parts)}\r\n--{boundary}--\r\n"


def single(part: Part) -> str:
    """A part in lines of 7-bit signs: as it is, quoted, or as a file."""
    kind = ("Content-Type", part.kind)
    text = part.text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    if part.file:
        file = ("Content-Disposition", f'attachment; filename="{part.file}"')
        coded = b2a_base64(text.encode("utf-8", "replace"), newline=False).decode("ascii")
        text = "\r\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
        return f"{_lines(kind, file, (_CODED, 'base64'))}\r\n{text}"
    if part.kind.startswith("text/html"):
        # a reference says the same in every mail program, and costs less than quoting all of it
        text = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    if _is_plain(text):
        return f"{_lines(kind, (_CODED, '7bit'))}\r\n{text}"
    quoted = b2a_qp(text.encode("utf-8", "replace"), istext=True).decode("ascii")
    return f"{_lines(kind, (_CODED, 'quoted-printable'))}\r\n{quoted}"


def _is_plain(text: str) -> bool:
    """Whether a text can go as it is: short lines of ASCII, none of which could end its part."""
    if not text.isascii() or _BOUNDARY in text:
        return False
    return max(map(len, text.split("\r\n"))) <= LONGEST_LINE


_CODED = "Content-Transfer-Encoding"


def _lines(*headers: tuple[str, str]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers if value])


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), a line each, none of which cuts a character in two."""
    words, word = [], b""
    for sign in text:
        octets = sign.encode()
        if len(word) + len(octets) > _WORD:
            words.append(word)
            word = b""
        word += octets
    words.append(word)
    coded = (b2a_base64(each, newline=False).decode("ascii") for each in words)
    return "\r\n ".join(f"=?utf-8?b?{each}?=" for each in coded)
