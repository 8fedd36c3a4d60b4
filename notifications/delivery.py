"""Hands mails to the mail server over connections that are kept open; the one place that is async.

`aiosmtplib` connects, makes the connection safe and signs in. After that the line is ours: what
belongs together is said together where the server allows that (RFC 2920), which halves the waits.
Nothing here knows the outbox: mails go in, outcomes come out.
"""

import asyncio
from contextlib import suppress
from typing import Generic, TypeVar

from aiosmtplib import SMTP, SMTPException

from notifications.failpoints import passing
from notifications.outcomes import Delivered, Later, Outcome, Uncertain, Unreachable
from notifications.relay import Ready, Relay
from notifications.smtp import (
    CLOSING,
    DATA,
    GO_ON,
    Answer,
    Hearing,
    as_data,
    envelope,
    refusal,
    rejected,
    said,
)

#: seconds for saying goodbye
_GOODBYE = 3.0
Tag = TypeVar("Tag")


class _Cut(Exception):
    """The connection ended before the mail was handed over: nothing was sent."""


class _Talk(asyncio.Protocol):
    """Gives out what the mail server says, one answer at a time."""

    def __init__(self) -> None:
        self.ended: Exception | None = None
        self.closed = asyncio.get_running_loop().create_future()
        self._hearing = Hearing()
        self._waiter: asyncio.Future[None] | None = None

    def data_received(self, data: bytes) -> None:
        try:
            self._hearing.hear(data)
        except ValueError as error:
            self.ended = error
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self.ended = self.ended or error or ConnectionError("connection closed")
        if not self.closed.done():
            self.closed.set_result(None)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def answer(self) -> Answer:
        """The next answer; raises `OSError` or `ValueError` when there will be none."""
        while not self._hearing.answers:
            if self.ended is not None:
                raise self.ended
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._hearing.answers.popleft()

    @property
    def is_ready(self) -> bool:
        """Whether nothing was said that nobody asked for, as by a server that says goodbye."""
        return self.ended is None and not self._hearing.answers


class _Line:
    """A connection to the relay, made when it is first needed and again when it was cut."""

    def __init__(self, relay: Relay):
        self._relay = relay
        self._talk: _Talk | None = None
        self._transport: asyncio.Transport
        self._extensions: frozenset[str] = frozenset()

    async def deliver(self, mail: Ready, sender: str, key: str) -> Outcome:
        was_kept = self._talk is not None
        for last in (not was_kept, True):
            try:
                await self.open()
                return await self._hand_over(mail, sender, key)
            except _Cut as cut:
                # a server may close a connection that was kept, after a time or a number of mails
                self._drop()
                if last:
                    return Unreachable(str(cut))
        raise AssertionError

    async def open(self) -> None:
        """Connect and sign in, unless that is done; raises `_Cut`."""
        if self._talk is not None and self._talk.is_ready:
            return
        self._drop()
        relay = self._relay
        smtp = SMTP(
            hostname=relay.host, port=relay.port, timeout=relay.timeout,
            username=relay.user or None, password=relay.password or None,
            use_tls=relay.security == "tls", start_tls=relay.starts_tls,
            cert_bundle=relay.ca_file, local_hostname=relay.hello,
        )  # fmt: skip
        try:
            await smtp.connect()
            if smtp.is_ehlo_or_helo_needed:
                await smtp.ehlo()
        # a certificate that cannot be verified is an OSError, a name that cannot be a ValueError
        except (SMTPException, OSError, ValueError) as error:
            smtp.close()
            raise _Cut(said(error)) from error
        assert isinstance(smtp.transport, asyncio.Transport)
        self._extensions = frozenset(smtp.esmtp_extensions)
        self._transport, self._talk = smtp.transport, _Talk()
        self._transport.set_protocol(self._talk)

    async def _hand_over(self, mail: Ready, sender: str, key: str) -> Outcome:
        commands = envelope(mail, sender, key, self._extensions)
        if isinstance(commands, Outcome):
            return commands
        together = "pipelining" in self._extensions
        if together:
            self._transport.write(b"".join(commands))
        outcome: Outcome | None = None
        for step, command in enumerate(commands):
            if not together:
                self._transport.write(command)
            answer = await self._answer()
            try:
                outcome = outcome or refusal(step, answer)
            except ValueError as error:
                raise _Cut(str(error)) from error
            if outcome is not None and not together:
                break
        if outcome is None:
            return await self._write(mail)
        await self._clear(together and step == DATA and answer.code == GO_ON)
        return outcome

    async def _answer(self) -> Answer:
        assert self._talk is not None
        try:
            async with asyncio.timeout(self._relay.timeout):
                answer = await self._talk.answer()
        except (OSError, ValueError) as error:
            raise _Cut(said(error)) from error
        if answer.code == CLOSING:
            raise _Cut(answer.words)
        return answer

    async def _clear(self, waits_for_a_mail: bool) -> None:
        """Forget the envelope, or the connection when that fails: what was answered stands."""
        try:
            if waits_for_a_mail:
                # it goes on although it refused the receiver, so it gets a mail for nobody
                self._transport.write(b".\r\n")
                await self._answer()
            self._transport.write(b"RSET\r\n")
            await self._answer()
        except _Cut:
            self._drop()

    async def _write(self, mail: Ready) -> Outcome:
        assert self._talk is not None
        self._transport.write(as_data(mail.source))
        passing("data_written")
        try:
            async with asyncio.timeout(self._relay.last_timeout):
                answer = await self._talk.answer()
        except (OSError, ValueError) as error:
            self._drop()
            return Uncertain(said(error))
        if answer.code == CLOSING:
            self._drop()
        match answer.kind:
            case 2:
                return Delivered(answer.words)
            case 4:
                return Later(answer.words)
            case 5:
                return rejected(answer, otherwise=False)
        self._drop()
        return Uncertain(answer.words)

    async def quit(self) -> None:
        if self._talk is None:
            return
        with suppress(OSError, ValueError):
            async with asyncio.timeout(min(_GOODBYE, self._relay.timeout)):
                self._transport.write(b"QUIT\r\n")
                await self._talk.answer()
                self._transport.close()
                await self._talk.closed
        self._drop()

    def _drop(self) -> None:
        if self._talk is not None:
            self._transport.abort()
            self._talk = None


class Connections(Generic[Tag]):
    """Connections to the relay, a mail at a time over each.

    Mails are handed over with a tag, by which they are known when they are finished.
    """

    def __init__(self, relay: Relay, count: int = 1):
        self._relay = relay
        self._loop = asyncio.new_event_loop()
        self._run = self._loop.run_until_complete
        self._lines = [_Line(relay) for _ in range(count)]
        self._free = list(self._lines)
        self._tasks: dict[asyncio.Task[Outcome], tuple[Tag, _Line]] = {}

    def __enter__(self) -> "Connections[Tag]":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._end())
            self._run(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()

    @property
    def free(self) -> int:
        """How many mails can be handed over now; a connection that failed is not free again."""
        return len(self._free)

    @property
    def busy(self) -> bool:
        """Whether a mail is on its way."""
        return bool(self._tasks)

    def connect(self) -> Unreachable | None:
        """Make the first connection and sign in; None when that went well."""
        try:
            self._run(self._lines[0].open())
        except _Cut as cut:
            return Unreachable(str(cut))
        return None

    def hand_over(self, tag: Tag, mail: Ready, *, sender: str, key: str = "") -> None:
        """Begin to hand over a mail, where one is `free`.

        `sender` is the address to which it comes back, `key` travels along as envelope identity
        and is named when it does. Raises `ValueError` for an address that is not on the list of
        the relay.
        """
        if not self._relay.may_mail(mail.to_email):
            raise ValueError("not on the list")
        line = self._free.pop()
        task = self._loop.create_task(line.deliver(mail, sender, key))
        self._tasks[task] = (tag, line)

    def push(self) -> None:
        """Say what can be said at once, so that it is on its way while the caller does more."""
        self._run(asyncio.sleep(0))

    def finished(self) -> list[tuple[Tag, Outcome]]:
        """Wait until a mail is finished, and return those that are; none when none is `busy`."""
        found = []
        for task in self._run(self._wait()) if self._tasks else ():
            tag, line = self._tasks.pop(task)
            found.append((tag, task.result()))
            if not isinstance(task.result(), Unreachable):
                self._free.append(line)
        return found

    async def _wait(self) -> set[asyncio.Task[Outcome]]:
        done, running = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        # whatever has been answered in the meantime is settled together
        await asyncio.sleep(0)
        return done | {task for task in running if task.done()}

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(line.quit() for line in self._lines))
        await self._loop.shutdown_asyncgens()


def trouble(relay: Relay) -> str | None:
    """Why the relay cannot be used, in its own words; None: it can."""
    with Connections[None](relay) as connections:
        outcome = connections.connect()
    return outcome.reason if outcome else None
