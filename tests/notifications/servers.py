"""A real mail server on loopback that does as a test tells it, and a certificate for it."""

import asyncio
import os
import shutil
import ssl
import subprocess
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.notifications.lines import LOOPBACK, Loop, Proxy


def needed(program: str, package: str) -> str:
    """The path of a program; where it is absent the test is skipped, but never in CI."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is missing: apt-get install {package}")
        pytest.skip(f"{program} is missing: apt-get install {package}")
    return path


@dataclass(frozen=True)
class Accepted:
    """A mail that the server answered for with 250."""

    key: str
    message_id: str
    sender: str
    receivers: tuple[str, ...]
    source: bytes
    options: tuple[str, ...] = ()
    safe: bool = False


class Sink:
    """A mail server that keeps what it accepted, and answers as a test wants it to."""

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, utf8: bool = True, together: bool = False,
        **options: Any,
    ):  # fmt: skip
        #: whether commands may be said together (PIPELINING)
        self.together = together
        self.accepted: list[Accepted] = []
        #: command → answers for the next times, then as usual; ``CUT`` breaks the connection
        self.script: dict[str, deque[str]] = defaultdict(deque)
        #: address → the answer to every RCPT of it
        self.refused: dict[str, str] = {}
        #: seconds before the answer to a mail
        self.pause = 0.0
        #: decides about every mail: an answer, or None to accept it
        self.decide: Callable[[Envelope], str | None] = lambda _: None
        self.sessions: Counter[str] = Counter()
        self.users: list[tuple[bytes, bytes]] = []
        self._loop = Loop()
        self._options = {"tls_context": tls, "enable_SMTPUTF8": utf8, **options}
        self._server: asyncio.Server | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        """Listen, again on the same port after `shut`."""
        self._server = self._loop.do(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self) -> asyncio.Server:
        loop = self._loop.loop
        return await loop.create_server(self._protocol, LOOPBACK, self.port)

    def _protocol(self) -> SMTP:
        return SMTP(
            _Handler(self), hostname="sink.voorbeeld", loop=self._loop.loop,
            authenticator=self._authenticate, **self._options,
        )  # fmt: skip

    def _authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: LoginPassword
    ) -> AuthResult:
        self.users.append((data.login, data.password))
        return AuthResult(success=data.password == b"geheim", handled=False)

    def shut(self) -> None:
        """Refuse new connections and break those that are there."""
        self._loop.do(self._shut())

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        # the tasks close their connections when they end
        await asyncio.sleep(0.05)

    def close(self) -> None:
        self.shut()
        self._loop.close()

    @property
    def keys(self) -> list[str]:
        """The `X-Brug-Key` of every accepted mail."""
        return [mail.key for mail in self.accepted]

    @property
    def doubles(self) -> int:
        """Accepted mails beyond one for each key."""
        return len(self.accepted) - len(set(self.keys))


class _Handler:
    """What the sink answers."""

    def __init__(self, sink: Sink):
        self.sink = sink

    def _scripted(self, command: str, server: SMTP) -> str | None:
        answers = self.sink.script[command]
        if not answers:
            return None
        answer = answers.popleft()
        if answer == "CUT":
            server.transport.abort()  # type: ignore[union-attr]
            raise asyncio.CancelledError
        return answer

    async def handle_EHLO(  # noqa: N802 - names of aiosmtpd
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str,
        responses: list[str],
    ) -> list[str]:  # fmt: skip
        session.host_name = hostname
        self.sink.sessions[hostname] += 1
        answer = self._scripted("EHLO", server)
        if self.sink.together:
            responses.insert(1, "250-PIPELINING")
        return [answer] if answer else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        answer = self._scripted("MAIL", server)
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str,
        _options: list[str],
    ) -> str:  # fmt: skip
        answer = self._scripted("RCPT", server) or self.sink.refused.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Cut comes after the mail was taken: the sender never hears so."""
        cut = self.sink.script["DATA"] and self.sink.script["DATA"][0] == "CUT"
        refusal = self.sink.decide(envelope)
        if cut or (refusal is None and not self.sink.script["DATA"]):
            self._take(session, envelope)
        answer = self._scripted("DATA", server) or refusal
        if self.sink.pause:
            await asyncio.sleep(self.sink.pause)
        return answer or "250 2.0.0 OK"

    def _take(self, session: Session, envelope: Envelope) -> None:
        source = envelope.original_content or b""
        head = message_from_bytes(source.partition(b"\r\n\r\n")[0])
        self.sink.accepted.append(
            Accepted(
                key=str(head["X-Brug-Key"] or ""),
                message_id=str(head["Message-ID"] or ""),
                sender=envelope.mail_from or "",
                receivers=tuple(envelope.rcpt_tos),
                source=source,
                options=tuple(envelope.mail_options),
                safe=session.ssl is not None,
            )
        )


@dataclass(frozen=True)
class Certificate:
    """A certificate that nobody signed but itself."""

    path: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for ``localhost`` and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        [
            needed("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", made.key, "-out", made.path,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return made


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that accepts everything until it is told otherwise."""
    with closing(Sink()) as sink:
        yield sink


@pytest.fixture
def proxy(sink: Sink) -> Iterator[Proxy]:
    """A line to the sink that can break."""
    with closing(Proxy(sink.port)) as proxy:
        yield proxy
