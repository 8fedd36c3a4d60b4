"""Visitors of pages: kept connections that ask as fast as answers come, or at a steady pace."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle


@dataclass(frozen=True)
class Site:
    """Where pages are asked for, and as whom."""

    port: int
    #: the cookies of somebody who is signed in and saw a page before
    cookies: Mapping[str, str] = field(default_factory=dict)

    def request(self, path: str) -> bytes:
        """A request as it goes over the line."""
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        cookie = f"Cookie: {kept}\r\n" if kept else ""
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{cookie}\r\n".encode()


class Line:
    """A kept connection."""

    def __init__(self, site: Site):
        self.site = site

    async def open(self) -> "Line":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        return self

    async def get(self, path: str) -> bytes:
        """A page; raises `RuntimeError` when it is not there."""
        self._writer.write(self.site.request(path))
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path}: {head.splitlines()[0].decode()}")
        [length] = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ]
        return await self._reader.readexactly(length)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def page(site: Site, path: str) -> bytes:
    """A page, asked for once."""

    async def ask() -> bytes:
        line = await Line(site).open()
        body = await line.get(path)
        line.close()
        return body

    return asyncio.run(ask())


def crowd(site: Site, paths: Sequence[str], times: int, connections: int) -> int:
    """Ask for pages so many times over so many connections at once; returns how many came."""

    async def visit(line: Line, share: Sequence[str]) -> None:
        for path in share:
            await line.get(path)

    async def all_of_them() -> None:
        turns = cycle(paths)
        asked = [next(turns) for _ in range(times)]
        lines = [await Line(site).open() for _ in range(connections)]
        shares = (asked[number::connections] for number in range(connections))
        await asyncio.gather(*(visit(*pair) for pair in zip(lines, shares, strict=True)))
        for line in lines:
            line.close()

    asyncio.run(all_of_them())
    return times


def steady(site: Site, paths: Sequence[str], per_s: float, seconds: float) -> list[float]:
    """Ask at a steady pace, whether or not answers come; how many seconds each took, sorted."""
    took: list[float] = []

    async def ask(idle: list[Line], path: str, due: float) -> None:
        line = idle.pop() if idle else await Line(site).open()
        await line.get(path)
        took.append(time.perf_counter() - due)
        idle.append(line)

    async def keep_asking() -> None:
        idle: list[Line] = []
        turns, began, asked = cycle(paths), time.perf_counter(), []
        for number in range(int(per_s * seconds)):
            due = began + number / per_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            asked.append(asyncio.create_task(ask(idle, next(turns), due)))
        await asyncio.gather(*asked)
        for line in idle:
            line.close()

    asyncio.run(keep_asking())
    return sorted(took)
