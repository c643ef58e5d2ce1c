"""The folder a user works in: finding it, and filling a new one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.places import CONFIG_FILE
from seeds.problems import Problem, SeedError
from seeds.watchlist_files import PACKAGED

VARIABLE = "LENDWATCH_WORKSPACE"
_STARTER = Path(__file__).parent / "starter"


def find_workspace(named: Path | None, here: Path, environment: Mapping[str, str]) -> Path:
    """Find the workspace: the one `named`, else `here` if it is one, else LENDWATCH_WORKSPACE.

    SeedError when there is none, or when the one named holds no lendwatch.yaml."""
    if named is not None:
        return _must_be_one(named, "run `lendwatch init {folder}`")
    if (here / CONFIG_FILE).is_file():
        return here
    if environment.get(VARIABLE):
        return _must_be_one(Path(environment[VARIABLE]), f"correct {VARIABLE}")
    return _must_be_one(here, "run `lendwatch init DIR`, then add `--workspace DIR`")


def _must_be_one(folder: Path, remedy: str) -> Path:
    if (folder / CONFIG_FILE).is_file():
        return folder
    wanted = str(folder / CONFIG_FILE)
    wrong = Problem(wanted, 0, "file", "no workspace here", remedy.format(folder=folder))
    raise SeedError([wrong])


def init_workspace(folder: Path) -> tuple[Path, ...]:
    """Fill `folder` with a commented lendwatch.yaml and the seeds to edit.

    Gives what was written. A file that is there already stays as it is, so that running this
    again after an upgrade brings only what is new."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source, target in _files(folder):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            # "x": two of us at once, or a dangling link, never end in an overwritten file.
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(source.read_text(encoding="utf-8"))
        except FileExistsError:
            continue
        written.append(target)
    return tuple(written)


def _files(folder: Path) -> Iterator[tuple[Path, Path]]:
    for source in sorted(_STARTER.iterdir()):
        yield source, folder / source.name
    for source in sorted(PACKAGED.rglob("*.yaml")):
        yield source, folder / "seeds" / source.relative_to(PACKAGED)
