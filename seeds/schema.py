"""JSON Schemas of the files people write, so that an editor completes and checks them."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from seeds.loader import SourcesFile
from seeds.times import write_duration
from seeds.watchlist_files import PLATFORMS_FILE, TOPICS_FILE, PlatformsFile, TopicsFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NONE: Mapping[str, type[BaseModel]] = {}


def json_schemas(others: Mapping[str, type[BaseModel]] = _NONE) -> dict[str, dict[str, Any]]:
    """Give a schema for each file by its name, `sources.yaml` for every file in sources/.

    `others` adds files whose form is declared elsewhere (lendwatch.yaml). The schemas accept
    what the loader accepts as far as JSON Schema can say it; rules between keys stay ours."""
    forms: dict[str, type[BaseModel]] = {
        PLATFORMS_FILE: PlatformsFile,
        TOPICS_FILE: TopicsFile,
        "sources.yaml": SourcesFile,
        **others,
    }
    return {file: _schema(file, form) for file, form in forms.items()}


class _AsWritten(GenerateJsonSchema):
    """Shows defaults the way people write them: 15m and 08:30, not PT15M and 08:30:00."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, timedelta):
            return write_duration(dft)
        if isinstance(dft, time):
            return f"{dft:%H:%M}"
        return {} if isinstance(dft, BaseModel) else super().encode_default(dft)


def _schema(file: str, form: type[BaseModel]) -> dict[str, Any]:
    schema = form.model_json_schema(schema_generator=_AsWritten, mode="validation")
    return {"$schema": _DIALECT, "$id": f"urn:lendwatch:{file}", **schema}
