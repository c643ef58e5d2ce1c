"""The tree of commands."""

import typer

from monitor.cli import alerts, crawl, files, read, setup, sources

app = typer.Typer(
    help="Watch the open web for news about lending platforms.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (setup, crawl, read, files):
    module.register(app)
app.add_typer(sources.app, name="sources")
app.add_typer(alerts.app, name="alerts")
