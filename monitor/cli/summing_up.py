"""The summary at the end of `lendwatch crawl`."""

from dataclasses import asdict

from rich.text import Text

from crawler.crawl import CrawlResult
from monitor.cli.options import Format
from monitor.cli.printable import plain
from monitor.cli.show import console, show_rows
from monitor.config import Config
from monitor.crawl_now import Pass


def show_pass(config: Config, done: Pass) -> int:
    """Print what a pass did; returns how many crawls and articles failed."""
    columns = ("source", "state", "new", "known", "unchanged", "skipped", "failures", "message")
    show_rows([_row(result) for result in done.results], columns, Format.TABLE)
    counts = asdict(done.intake)
    sent = done.delivery
    lines = [
        "taken in: " + ", ".join(f"{number} {name}" for name, number in counts.items()),
        f"alerts: {sent.sent} sent, {sent.deferred} deferred, {sent.refused} refused",
    ]
    if first := [result.source for result in done.results if result.baseline and result.articles]:
        lines.append(
            f"first crawl of {', '.join(first)}: collected, nobody is told; what comes later is"
            " (`baseline: false` on a source, or in `crawl`, tells at once)"
        )
    if done.intake.failed:
        lines.append("what could not be taken in, and why: `lendwatch doctor`")
    if not config.mail.host and sent.sent:
        lines.append(f"no mail server is configured: the mails lie in {config.workspace / 'mail'}")
    if sent.problem:
        lines.append(f"mail: {sent.problem}; tried again by the next crawl or `lendwatch serve`")
    console().print(Text("\n" + "\n".join(map(plain, lines))))
    return done.intake.failed + sum(result.state != "finished" for result in done.results)


def _row(result: CrawlResult) -> dict[str, object]:
    return {
        "source": result.source,
        "state": result.state,
        "new": result.articles,
        "known": result.known,
        "unchanged": result.unchanged,
        "skipped": result.skipped,
        "failures": result.failures,
        "message": result.message,
    }
