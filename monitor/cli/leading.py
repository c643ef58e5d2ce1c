"""`lendwatch sites`: which site is usually first."""

from dataclasses import asdict
from pathlib import Path

from rich.text import Text

from monitor.cli.asking import since_day
from monitor.cli.opening import open_config, reading_store
from monitor.cli.options import Format
from monitor.cli.show import console, counted, show_rows
from monitor.cli.spreading import duration
from monitor.query.sites import SitesPage, SitesQuery, list_sites


def show_sites(
    workspace: Path | None, opened: tuple[str, str], sort: str, limit: int, to: Format
) -> None:
    """Print which sites are usually first, of stories `opened` (since, until)."""
    since, until = opened
    config = open_config(workspace, names=False)
    query = SitesQuery(
        since=since_day(since), until=until, timezone=config.timezone, sort=sort, limit=limit
    )
    with reading_store(config) as connection:
        page = list_sites(connection, query)
    rows = [asdict(each) for each in page.records]
    if to is Format.TABLE:
        _print_sites(page)
        return
    columns = ("site", "stories", "led", "copied", "led_share", "median_delay_seconds")
    show_rows(rows, columns, to, config.timezone)


def _print_sites(page: SitesPage) -> None:
    rows = [
        {
            "site": each.site,
            "stories": each.stories,
            "led": each.led,
            "copied": each.copied,
            "led share": f"{each.led_share:.0%}",
            "median delay": duration(each.median_delay_seconds),
        }
        for each in page.records
    ]
    if rows:
        show_rows(rows, tuple(rows[0]), Format.TABLE)
    stories = f"{page.stories} stories" if page.stories != 1 else "1 story"
    summary = f"{len(rows)} of {counted(page.sites, 'site')}; {stories} on two sites or more"
    console().print(Text(summary, style="dim"))
