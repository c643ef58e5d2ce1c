"""Make the README's pictures (docs/*.png) from a demo of today.

    make pictures

Needs Chromium and fonts that have Chinese in one width: apt install chromium fonts-noto-cjk.
Look at them before they are committed."""

import os
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from crawler.chromium import find_browser, launch_options
from crawler.options import CrawlOptions

DOCS = Path(__file__).resolve().parents[1] / "docs"
# Wide enough that few lines of the demo break, narrow enough to be read on a README's page.
COLUMNS = 140
TERMINAL = (
    "<style>body {{ margin: 0; background: #0d1117; }} pre {{ display: inline-block; margin: 0;"
    " padding: 18px; color: #e6edf3; font: 14px/1.4 'Noto Sans Mono CJK SC', monospace; }}"
    "</style><pre>{code}</pre>"
)
# The mail that shows the most: who made the page, and why that is thought.
SHOWN = "可信度"


def main() -> None:
    """Run the demo in a folder of its own, and draw how it ends and one of its mails."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        shown = run_demo(Path(folder))
        browser = playwright.chromium.launch(**launch_options(find_browser(CrawlOptions())))
        draw(browser, terminal(shown), DOCS / "demo.png", "pre")
        draw(browser, mail(Path(folder) / ".demo" / "mail"), DOCS / "mail.png")
        browser.close()


def run_demo(folder: Path) -> str:
    """Run `lendwatch demo` as README says, and give what a terminal would get from its end."""
    command = [Path(sys.executable).with_name("lendwatch"), "demo"]
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    said = done.stdout.decode()
    start = said.rindex("\n", 0, said.index("Collected:")) + 1
    return "\n".join(line.rstrip() for line in said[start:].splitlines())


def terminal(shown: str) -> str:
    """Set what a terminal shows as a page."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    console.print(Text.from_ansi(shown), soft_wrap=True)
    return console.export_html(theme=MONOKAI, code_format=TERMINAL, inline_styles=True)


def mail(folder: Path) -> str:
    """Give the HTML part of the mail to show."""
    for path in sorted(folder.glob("*.eml")):
        body = message_from_bytes(path.read_bytes(), policy=default).get_body(("html",))
        page = body.get_content() if body is not None else ""
        if SHOWN in page:
            return str(page)
    raise LookupError(f"no mail of the demo has the line {SHOWN}")


def draw(browser: Browser, page: str, to: Path, only: str = "body") -> None:
    """Draw a page as it is on a light desktop."""
    tab = browser.new_page(viewport={"width": 680, "height": 100}, color_scheme="light")
    tab.set_content(page)
    tab.locator(only).screenshot(path=to)
    tab.close()


if __name__ == "__main__":
    main()
