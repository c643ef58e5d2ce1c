"""The tree of commands."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from monitor.cli import alerts, crawl, evidence, files, keeping, read, setup, sources


class Commands(TyperGroup):
    """Ends well when the reader of our output has enough (`lendwatch export | head`)."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command and write out what it printed, while errors can still be told."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes once more at its end, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


app = typer.Typer(
    cls=Commands,
    help="Watch the open web for news about lending platforms.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (setup, crawl, read, evidence, keeping, files):
    module.register(app)
app.add_typer(sources.app, name="sources")
app.add_typer(alerts.app, name="alerts")
