"""``python -m benchmarks.page_server``: serves the pages, or what they would be from memory.

With a database it is the program as `brug serve --no-worker` runs it; with a folder it is a bare
FastAPI page that returns the bytes of the files in it.
"""

import logging
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import HTMLResponse

from cli.serve_work import server
from core import clock
from core.settings import Settings
from storage.engine import open_engine


def main() -> None:
    """Serve what the first argument names on the port that the second one names."""
    what, port = sys.argv[1], int(sys.argv[2])
    logging.disable(logging.CRITICAL)
    if Path(what).is_dir():
        _bare(Path(what), port).run()
    else:
        settings = Settings(base_url=f"http://127.0.0.1:{port}")
        server(settings, open_engine(what), clock.now, host="127.0.0.1", port=port).run()


def _bare(folder: Path, port: int) -> uvicorn.Server:
    """The limit: the same bytes, the same server, and nothing to find out."""
    pages = {path.name: path.read_bytes() for path in folder.iterdir()}
    app = FastAPI(openapi_url=None)

    @app.get("/{name}")
    async def page(name: str) -> HTMLResponse:
        return HTMLResponse(pages[name])

    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, access_log=False, log_level="warning", lifespan="off",
        ws="none",
    )  # fmt: skip
    return uvicorn.Server(config)


if __name__ == "__main__":
    main()
