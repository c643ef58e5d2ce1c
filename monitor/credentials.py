"""Hold the sources against secrets.yaml and the environment: who shows credentials has some."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.places import SECRETS_FILE
from seeds.credentials import variables_of
from seeds.documents import entries, read_document
from seeds.loader import SOURCES_FOLDER
from seeds.models import Seeds
from seeds.problems import Problem
from seeds.secrets_file import NoCredentials, credentials_for, read_secrets


def credential_problems(
    workspace: Path, folder: Path, seeds: Seeds, environment: Mapping[str, str]
) -> tuple[Problem, ...]:
    """What is missing or unused, with its file and line; no value is ever shown.

    A file that others can read, or that is wrong in itself, is the configuration's to report."""
    secrets_file = workspace / SECRETS_FILE
    wanting = {each.name for each in seeds.sources if each.credentials and each.enabled}
    document, secrets, problems = read_secrets(secrets_file)
    given = secrets.sources if secrets else {}
    if problems or not (wanting or given):
        return ()
    known = {each.name: each for each in seeds.sources}
    found: list[Problem] = []
    for name in given:
        if name not in known:
            wrong = ("no source has this name", "`lendwatch sources list` shows all")
            found.append(document.problem(("sources", name), *wrong))
        elif not known[name].credentials:
            wrong = ("its source does not show them", f"add `credentials: true` to source {name}")
            found.append(document.problem(("sources", name), *wrong))
    found += _missing(folder, wanting, secrets_file, environment)
    return tuple(found)


def _missing(
    folder: Path, wanting: set[str], secrets_file: Path, environment: Mapping[str, str]
) -> Iterator[Problem]:
    for path in sorted((folder / SOURCES_FOLDER).glob("*.yaml")) if wanting else ():
        document = read_document(path)
        for place, entry in entries(document, "sources"):
            name = entry.get("name")
            if name not in wanting:
                continue
            try:
                credentials_for(name, secrets_file, environment)
            except NoCredentials as error:
                unsound = any(environment.get(each) for each in variables_of(name))
                problem = str(error) if unsound else "there are none"
                remedy = (
                    f"write cookies or headers under `sources: {name}:` in {SECRETS_FILE}, or set"
                    f" {variables_of(name)[0]}"
                )
                yield document.problem((*place, "credentials"), problem, remedy)
