"""A line to a server on loopback that can break, and the loop in a thread that servers run on."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing, suppress
from typing import Any, TypeVar

LOOPBACK = "127.0.0.1"
Result = TypeVar("Result")


class Loop:
    """An event loop in a thread of its own, on which servers run."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.do(self._cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(30)
        self.loop.close()

    async def _cancel_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class Proxy:
    """A line to a server that can break: it looks at what passes and cuts where it is told to."""

    def __init__(self, port: int):
        self.target = port
        #: how many of the next mails are cut off after their last dot went through
        self.cuts = 0
        #: asked for each mail besides: whether to cut
        self.cutting: Callable[[], bool] = lambda: False
        self.cut = 0
        #: seconds between the bytes that the server says
        self.dribble = 0.0
        self._loop = Loop()
        server = self._loop.do(self._listen())
        self._server = server
        self.port = server.sockets[0].getsockname()[1]

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._join, LOOPBACK, 0)

    async def _join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            far, away = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:
            back.close()
            return
        silent = asyncio.Event()
        with closing(back), closing(away), suppress(ConnectionError):
            ways = {
                asyncio.ensure_future(self._say(near, away, silent)),
                asyncio.ensure_future(self._answer(far, back, silent)),
            }
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)

    async def _say(
        self, near: asyncio.StreamReader, away: asyncio.StreamWriter, silent: asyncio.Event
    ) -> None:
        """From the client to the server; ends, and with it the line, after a cut."""
        last = b""
        while piece := await near.read(65536):
            last = (last + piece)[-5:]
            if last == b"\r\n.\r\n" and (self.cuts > 0 or self.cutting()):
                # the server gets the mail and answers; nobody hears it
                silent.set()
                self.cuts -= self.cuts > 0
                self.cut += 1
            away.write(piece)
            await away.drain()
            if silent.is_set():
                await asyncio.sleep(0.02)
                return

    async def _answer(
        self, far: asyncio.StreamReader, back: asyncio.StreamWriter, silent: asyncio.Event
    ) -> None:
        while piece := await far.read(65536):
            for part in (piece,) if not self.dribble else (bytes([each]) for each in piece):
                if not silent.is_set():
                    back.write(part)
                    await back.drain()
                await asyncio.sleep(self.dribble)

    def close(self) -> None:
        self._loop.do(self._shut())
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()


class Scripted:
    """A server that says what stands in its script, a line for every line or mail that it gets."""

    def __init__(self, script: Sequence[str]):
        self._script = script
        self._loop = Loop()
        self._server = self._loop.do(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, LOOPBACK, 0)

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with closing(back), suppress(ConnectionError, asyncio.IncompleteReadError):
            end = b"\r\n"
            for said in self._script:
                back.write(said.encode() + b"\r\n")
                await back.drain()
                if said.startswith("354"):
                    end = b".\r\n"
                await near.readuntil(end)
                end = b"\r\n"

    def close(self) -> None:
        self._loop.do(self._shut())
        self._loop.close()

    async def _shut(self) -> None:
        self._server.close()
