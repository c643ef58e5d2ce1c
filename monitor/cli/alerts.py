"""`alerts preview | test | outbox | retry`: who is told what, and what waits."""

from enum import StrEnum
from typing import Annotated

import typer

from monitor.cli.options import LARGEST_ID, Format, OutputFormat, Workspace

app = typer.Typer(help="Alerts: what is sent to whom, what waits and why.", no_args_is_help=True)


class State(StrEnum):
    """Where an alert is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"


Limit = Annotated[int, typer.Option(min=1, max=1000, help="Rows at the most.")]


@app.command()
def preview(
    workspace: Workspace = None, output: OutputFormat = Format.TABLE, limit: Limit = 20
) -> None:
    """For the newest events, say what each subscription is told, and why or why not.

    Decides with the subscriptions as they stand in lendwatch.yaml now; sends nothing.

    \b
    Example:
      lendwatch alerts preview --limit 50
    """
    from monitor.cli.alerting import show_decisions

    show_decisions(workspace, limit, output)


@app.command("test")
def send_test_mail(
    subscription: Annotated[str, typer.Argument(help="A subscription's name.")],
    workspace: Workspace = None,
) -> None:
    """Send a marked test message to a subscription's addresses and webhook, the way alerts go.

    \b
    Example:
      lendwatch alerts test collection-desk
    """
    from monitor.cli.alerting import send_trial

    send_trial(workspace, subscription)


@app.command()
def outbox(
    workspace: Workspace = None,
    state: Annotated[State | None, typer.Option(help="Only these.", show_default=False)] = None,
    output: OutputFormat = Format.TABLE,
    limit: Limit = 50,
) -> None:
    """Show the outbox: what waits, what was sent, what was refused and with which reply.

    \b
    Example:
      lendwatch alerts outbox --state refused
    """
    from monitor.cli.alerting import show_outbox

    show_outbox(workspace, state.value if state else None, limit, output)


@app.command()
def retry(
    ids: Annotated[
        list[int] | None,
        typer.Argument(
            metavar="[ID]...",
            min=1,
            max=LARGEST_ID,
            help="Outbox ids; none: all that were refused.",
        ),
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Try refused alerts again at the next delivery.

    \b
    Example:
      lendwatch alerts retry
      lendwatch alerts retry 17 18
    """
    from monitor.cli.alerting import retry_alerts
    from monitor.cli.show import counted

    count = retry_alerts(workspace, ids)
    print(f"{counted(count, 'alert')} will be tried again")
