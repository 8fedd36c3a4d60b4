"""A mail server that throws everything away, for machines without Postfix's ``smtp-sink``."""

import asyncio
import sys


class Sink(asyncio.Protocol):
    """Says yes to everything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._heard = b""
        self._reads_mail = False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while True:
            end = b"\r\n.\r\n" if self._reads_mail else b"\r\n"
            said, found, rest = self._heard.partition(end)
            if not found:
                return
            self._heard = rest
            self._transport.write(self._answer(said[:4].upper()))

    def _answer(self, command: bytes) -> bytes:
        if self._reads_mail:
            self._reads_mail = False
            return b"250 2.0.0 Ok\r\n"
        if command == b"DATA":
            self._reads_mail = True
            return b"354 End data with <CR><LF>.<CR><LF>\r\n"
        if command == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        return b"221 Bye\r\n" if command == b"QUIT" else b"250 Ok\r\n"


async def main(port: int) -> None:
    """Listen on loopback until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
