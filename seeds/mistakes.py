"""Say in a reader's words what pydantic found wrong with a value."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails, PydanticCustomError

from seeds.problems import Mistake

# A path into a document: keys and list indexes.
Place = tuple[str | int, ...]

# Keys that other tools use for ours. A misspelt one (`shedule`) is understood as well.
_OTHER_WORDS = {
    "schedule": "`every: 15m` or `cron: '0 8 * * *'`",
    "interval": "`every: 15m`",
    "frequency": "`every: 15m`",
    "type": "`kind:`",
    "link": "`url:`",
    "disabled": "`enabled: false`",
    "keywords": "`terms:`",
    "synonyms": "`aliases:`",
    "xpath": "`selectors:`",
    "css": "`selectors:`",
    "javascript": "`browser: true`",
    "cookies": "`credentials: true`, and the cookies themselves in secrets.yaml",
    "headers": "`credentials: true`, and the headers themselves in secrets.yaml",
    "infinite_scroll": "`unroll: {scroll: true}`",
    "load_more": "`unroll: {click: …}`",
    "email": "`to:`",
    "recipients": "`to:`",
    "password": "the environment variable LENDWATCH_MAIL_PASSWORD or secrets.yaml",
}

# Keys whose values stand in no message.
_SECRET = ("password", "cookies", "headers")

_WANTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "dict": "`key: value` lines",
    "model": "`key: value` lines",
}


def refuse(problem: str, remedy: str) -> PydanticCustomError:
    """Make the error a validator raises so that its remedy reaches the reader."""
    return PydanticCustomError("mistake", "{problem}", {"problem": problem, "remedy": remedy})


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Suggest the nearest of `choices`, or list them when they are few, or nothing."""
    known = list(choices)
    # .5, because a two-character Chinese name with one slip is half right.
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"one of: {', '.join(known)}" if 0 < len(known) <= 20 else ""


def key_at(value: Any, place: Place) -> str:
    """Write `place` for a person: `sources[news-36kr].every`, by name where an item has one."""
    written = ""
    for step in place:
        value = _inside(value, step)
        if isinstance(step, int):
            name = value.get("name") if isinstance(value, Mapping) else None
            written += f"[{name if isinstance(name, str) else step + 1}]"
        else:
            written += f".{step}" if written else step
    return written or "file"


def mistake_of(error: ErrorDetails, model: type[BaseModel]) -> tuple[Place, Mistake]:
    """Translate one of pydantic's errors about a `model`: where, and what to do."""
    place: Place = tuple(error["loc"])
    kind = error["type"]
    context = error.get("ctx", {})
    if kind == "mistake":
        return place, Mistake(context["problem"], context["remedy"])
    if kind == "missing":
        return place, Mistake("is missing", f"add `{place[-1]}:`")
    if kind == "extra_forbidden":
        return place, _unknown_key(str(place[-1]), _fields_at(model, place[:-1]))
    return place, _wrong_value(kind, error, context)


def _unknown_key(key: str, fields: list[str]) -> Mistake:
    near = get_close_matches(key, fields, n=1, cutoff=0.6)
    if near:
        return Mistake("unknown key", f"did you mean {near[0]}?")
    other = get_close_matches(key, _OTHER_WORDS, n=1, cutoff=0.75)
    if other:
        remedy = f"did you mean {other[0]}? that is written {_OTHER_WORDS[other[0]]}"
        return Mistake("unknown key", remedy)
    return Mistake("unknown key", f"remove it; the keys are {', '.join(fields)}")


def _wrong_value(kind: str, error: ErrorDetails, context: Mapping[str, Any]) -> Mistake:
    given = error["input"]
    if any(word in str(step) for step in error["loc"] for word in _SECRET):
        return Mistake("is not text", "put it in quotes")  # and never in a message
    if given is None:
        return Mistake("has no value", "give one, or remove the key")
    if kind in {"string_too_short", "too_short"}:
        return Mistake("is empty", "fill it in, or remove it")
    return _wrong_choice(kind, given, context) or _wrong_type(kind, given, error["msg"])


def _wrong_choice(kind: str, given: Any, context: Mapping[str, Any]) -> Mistake | None:
    """Translate the errors of a value that has the right type and is not allowed."""
    shown = quote(given)
    if kind == "string_too_long":
        return Mistake(f"is too long: {shown}", f"at most {context['max_length']} characters")
    if kind in {"enum", "literal_error"}:
        choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return Mistake(f"{shown} is not a choice", did_you_mean(str(given), choices))
    if kind.startswith(("greater_than", "less_than")):
        return Mistake(f"{shown} is out of range", _bound(context))
    if kind == "string_pattern_mismatch":
        return Mistake(f"{shown} does not fit", _fit(context["pattern"]))
    return None


def _wrong_type(kind: str, given: Any, message: str) -> Mistake:
    shown = quote(given)
    wanted = next((text for word, text in _WANTED.items() if kind.startswith(word)), None)
    if wanted is None:
        return Mistake(f"{shown}: {message}", "correct the value")
    return Mistake(f"{shown} is not {wanted}", _how(wanted, given))


def _fit(pattern: str) -> str:
    if pattern.startswith("^[a-z0-9]"):
        return "use small letters a-z, digits and `-`, at most 63, as in news-36kr"
    if pattern.startswith(r"^\d{4}-"):
        return "write a day as in 2026-11-24"
    return f"it must match {pattern}"


def _bound(context: Mapping[str, Any]) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return "; ".join(f"{words[name]} {bound}" for name, bound in context.items() if name in words)


def _how(wanted: str, given: Any) -> str:
    if wanted == "text":
        return f"put it in quotes: '{given}'" if isinstance(given, int | float) else "write text"
    if isinstance(given, str) and "：" in given:
        return "the colon after a key is `:` and a space, not the full-width `：`"
    if wanted == "a list":
        return f"write a list: [{given}]" if isinstance(given, str) else "write a list: [a, b]"
    return f"write {wanted}"


def quote(given: Any) -> str:
    """Show a value in a message: on one line, short, backslashes as they were written."""
    if isinstance(given, Mapping):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    text = "".join(each if each.isprintable() else repr(each)[1:-1] for each in str(given))
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return f"'{text}'" if isinstance(given, str) else text


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _fields_at(model: type[BaseModel], place: Place) -> list[str]:
    """List the keys that may stand at `place` inside a `model`."""
    inside: type[BaseModel] | None = model
    for step in place:
        if isinstance(step, str) and inside is not None and step in inside.model_fields:
            inside = _model_in(inside.model_fields[step].annotation)
    return [each.alias or name for name, each in inside.model_fields.items()] if inside else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
