"""Takes a picture of every mail, wide and narrow, light and dark: `python -m … FOLDER`."""

import sys
from pathlib import Path

from notifications import previews
from notifications.kinds import KINDS
from tests.chromium import opened

WIDTHS = (600, 320)


def take(folder: Path) -> None:
    """Write ``KIND.LANGUAGE.WIDTH.SCHEME.png`` for every mail."""
    folder.mkdir(parents=True, exist_ok=True)
    with opened() as browser:
        for kind in KINDS:
            for language in ("nl", "en"):
                html = previews.mail(kind, language).html
                for width in WIDTHS:
                    for scheme in ("light", "dark"):
                        page = browser.new_page(
                            viewport={"width": width, "height": 400}, color_scheme=scheme
                        )
                        page.set_content(html)
                        name = f"{kind}.{language}.{width}.{scheme}.png"
                        page.screenshot(path=folder / name, full_page=True)
                        page.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
