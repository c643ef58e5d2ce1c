"""Read secrets.yaml: the one file for what must stand in no other, which only its owner may read."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from seeds.credentials import Credentials, from_environment, variables_of
from seeds.documents import Document, read_document, validate
from seeds.models import Declaration, Slug
from seeds.problems import Problem


class SecretsFile(Declaration):
    """The form of secrets.yaml."""

    mail_password: str | None = Field(default=None, repr=False)
    webhooks_secret: str | None = Field(default=None, repr=False)
    database: str | None = Field(default=None, repr=False)
    sources: Mapping[Slug, Credentials] = Field(default_factory=dict)


class NoCredentials(Exception):
    """A source's cookies and headers are nowhere, unsound, or where others can read them."""


def read_secrets(path: Path) -> tuple[Document, SecretsFile | None, tuple[Problem, ...]]:
    """The file as written and as understood, and what is wrong with it. No file is no mistake."""
    if not path.is_file():
        return Document(str(path), None), SecretsFile(), ()
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        problem = f"others can read it (mode {mode:04o})"
        wrong = Problem(str(path), 0, "file", problem, f"run: chmod 600 {path}")
        return Document(str(path), None), None, (wrong,)
    document = read_document(path)
    secrets, problems = validate(document, SecretsFile)
    return document, secrets, problems


def credentials_for(source: str, path: Path, environment: Mapping[str, str]) -> Credentials:
    """The cookies and headers of `source`: the environment's, else the file's.

    Raises NoCredentials, whose message names places and never values."""
    given = from_environment(source, environment)
    if given:
        try:
            return Credentials.model_validate(given)
        except ValidationError as error:
            names = ", ".join(variables_of(source))
            raise NoCredentials(f"{names}: {error.errors()[0]['msg']}") from None
    _, secrets, problems = read_secrets(path)
    if secrets is None:
        raise NoCredentials("; ".join(str(problem) for problem in problems))
    found = secrets.sources.get(source)
    if not found:
        raise NoCredentials(
            f"source {source} shows credentials and there are none: write its cookies or headers "
            f"under `sources: {source}:` in {path}, or set {variables_of(source)[0]}"
        )
    return found
