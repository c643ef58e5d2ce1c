"""What `evidence` and `verify` do and print."""

from datetime import UTC, datetime
from pathlib import Path

from crawler.log.chain import NOTHING
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.naming import article_number
from monitor.cli.opening import open_config, reading_store
from monitor.cli.printable import plain
from monitor.cli.show import counted, show_marked
from monitor.evidence import audit, bundle
from monitor.evidence.verify import verify
from monitor.evidence.zipping import BundleTooLarge


def make_bundle(workspace: Path | None, named: str, to: Path, *, every: bool) -> None:
    """Write the bundle and say what is in it; CommandFailed when something should be and is not."""
    config = open_config(workspace, names=False)
    with reading_store(config) as connection:
        article_id = article_number(connection, named)
        wanted = bundle.Wanted(article_id, config.evidence_folder, every)
        try:
            report = bundle.write_bundle(connection, wanted, to, datetime.now(UTC))
        except LookupError:
            raise CommandFailed(
                f"no article {article_id}; `lendwatch search` shows their numbers"
            ) from None
        except (bundle.NoEvidence, bundle.EvidenceDamaged, BundleTooLarge) as error:
            raise CommandFailed(plain(error)) from error
    print(f"{to}: {counted(report.pages, 'page')}; check it with `lendwatch verify {to}`")
    for day, head in report.heads.items():
        print(f"  chain of {day}: head {head}")
    for each in report.gone:
        print(f"  a page's records are gone: {each}")
    if report.missing:
        raise CommandFailed("not in the bundle: " + "; ".join(map(plain, report.missing)))


def check_bundle(file: Path) -> bool:
    """Print what is wrong with a bundle; True when anything is. UsageProblem: no such file."""
    try:
        with file.open("rb") as opened:
            problems, notes = verify(opened)
    except OSError as error:
        raise UsageProblem(f"{file}: {error.strerror}; name a bundle") from error
    for note in notes:
        show_marked("note", note)
    for problem in problems:
        show_marked("fail", problem)
    if not problems:
        show_marked("ok", f"{file}: every byte is as it was kept")
    return bool(problems)


def check_workspace(workspace: Path | None) -> bool:
    """Check all evidence of a workspace; True when anything is wrong."""
    config = open_config(workspace, names=False)
    state = audit.Audit()
    wrong = False
    with reading_store(config) as connection:
        for state in audit.audit(connection, config.evidence_folder):
            if state.problem:
                wrong = True
                show_marked("fail", state.problem)
    if state.head == NOTHING:
        show_marked("note", "no page has been kept as evidence yet")
        return False
    gone = f", {state.gone} gone by retention or request" if state.gone else ""
    elsewhere = f", {state.elsewhere} on other machines" if state.elsewhere else ""
    what = (
        f"{counted(state.links, 'page')} chained, {state.whole} whole on this disk{elsewhere}{gone}"
    )
    show_marked("fail" if wrong else "ok", f"{what}; head of {state.day}: {state.head}")
    return wrong
