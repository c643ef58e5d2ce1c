"""Values that stand above lendwatch.yaml: LENDWATCH_… variables, and the file of secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from seeds.documents import Document
from seeds.mistakes import Place
from seeds.problems import Problem
from seeds.secrets_file import read_secrets

PREFIX = "LENDWATCH_"
# Where each secret goes. Passwords stand in no file that others can read.
_SECRETS: Mapping[str, Place] = {
    "mail_password": ("mail", "password"),
    "webhooks_secret": ("webhooks", "secret"),
    "database": ("database",),
}


def override(
    document: Document, form: type[BaseModel], secrets: Path, environment: Mapping[str, str]
) -> tuple[Document, tuple[Problem, ...]]:
    """Lay the secrets, then the environment, over `document`, a file of the given `form`.

    `LENDWATCH_MAIL_PORT` stands for `mail: port:`. Empty variables count as not set."""
    if document.problems and document.value is None:
        return document, ()
    values: dict[Place, Any] = {}
    origins: dict[Place, tuple[str, int, str]] = {}
    secret_document, _, problems = read_secrets(secrets)
    for key, place in _SECRETS.items() if isinstance(secret_document.value, Mapping) else ():
        if secret_document.value.get(key) is not None:
            values[place] = secret_document.value[key]
            origins[place] = (str(secrets), secret_document.line((key,)), key)
    for name, place in variables(form).items():
        if environment.get(name):
            values[place] = environment[name]
            origins[place] = ("environment", 0, name)
    return replace(document, value=_laid_over(document.value, values), origins=origins), problems


def variables(form: type[BaseModel], above: Place = ()) -> dict[str, Place]:
    """Name the environment variable of every single-valued key of `form`."""
    return {f"{PREFIX}{'_'.join(place).upper()}": place for place in _single_values(form, above)}


def _single_values(form: type[BaseModel], above: Place) -> Iterator[tuple[str, ...]]:
    for name, field in form.model_fields.items():
        place = (*above, name)
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _single_values(kind, place)
        elif not str(kind).startswith("tuple"):
            yield tuple(str(step) for step in place)


def _laid_over(value: Any, values: Mapping[Place, Any]) -> Any:
    if value is not None and not isinstance(value, Mapping):
        return value
    merged = {
        key: dict(each) if isinstance(each, Mapping) else each
        for key, each in (value or {}).items()
    }
    for place, given in values.items():
        section = merged
        for step in place[:-1]:
            inside = section.get(step)
            # A section that is written wrong stays wrong: its own mistake is reported.
            section = section.setdefault(step, {}) if inside is None else inside
            if not isinstance(section, dict):
                break
        else:
            section[place[-1]] = given
    return merged
