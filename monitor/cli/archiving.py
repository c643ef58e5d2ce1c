"""What `backup` and `restore` do and print."""

import os
from datetime import UTC, datetime
from pathlib import Path

from monitor.backups.manifest import BackupRefused, Manifest
from monitor.backups.packing import pack
from monitor.backups.unpacking import TargetInUse, unpack
from monitor.cli.failures import CommandFailed, UsageProblem
from monitor.cli.opening import open_config
from monitor.cli.printable import plain
from monitor.cli.show import counted, show_marked


def back_up_workspace(workspace: Path | None, to: Path) -> None:
    """Write the backup and say what is in it; CommandFailed when evidence is missing from it."""
    config = open_config(workspace, names=False)
    if to.is_dir():
        raise UsageProblem(f"{to} is a folder; name a file in it")
    packed = pack(config, to.absolute(), datetime.now(UTC))
    show_marked("ok", f"{to}: {_content(packed.manifest)}; {packed.size / 1e6:.1f} MB")
    show_marked("note", "without secrets: keep those of secrets.yaml and the environment apart")
    if packed.elsewhere:
        number = counted(len(packed.elsewhere), "file")
        show_marked("note", f"{number} of evidence on other machines; back them up there too")
    if packed.missing:
        first = f"{plain(packed.missing[0])}{' …' if len(packed.missing) > 1 else ''}"
        raise CommandFailed(
            f"{counted(len(packed.missing), 'file')} of evidence not on this machine, so not in"
            f" the backup: {first}; `lendwatch verify` tells what is lost"
        )


def restore_workspace(file: Path, into: Path, database: str) -> None:
    """Restore, and say what to do next."""
    if not file.is_file():
        raise UsageProblem(f"{file}: no such file; name a backup")
    try:
        manifest = unpack(file, into, database)
    except TargetInUse as error:
        raise UsageProblem(plain(error)) from error
    except BackupRefused as error:
        raise CommandFailed(f"{file}: {plain(error)}. Nothing was restored") from error
    made = f"{manifest.made_at:%Y-%m-%d %H:%M} UTC by lendwatch {plain(manifest.lendwatch)}"
    show_marked("ok", f"{into}: {_content(manifest)}; made {made}")
    if manifest.waiting:
        show_marked(
            "note",
            f"mails that waited when it was made: {manifest.waiting}; those that went out since"
            " go out once more, under their old Message-ID",
        )
    if os.environ.get("LENDWATCH_DATABASE"):
        show_marked("note", "LENDWATCH_DATABASE is set: commands use that store, not this one")
    print(f"\nNext: give its secrets again, stop the old one, then lendwatch doctor -w {into}")


def _content(manifest: Manifest) -> str:
    names = [each.name.split("/")[0] for each in manifest.members]
    return (
        f"store ({manifest.store}, schema {manifest.revision}), {counted(names.count('evidence'), 'file')}"
        f" of evidence, {counted(names.count('mail'), 'mail')}, {counted(names.count('seeds'), 'seed file')}"
    )
