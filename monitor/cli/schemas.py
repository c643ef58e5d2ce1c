"""Write the JSON Schemas that editors use to complete and check the YAML files."""

import json
from pathlib import Path

from crawler.places import CONFIG_FILE
from monitor.config import ConfigFile
from seeds.schema import json_schemas


def write_schemas(folder: Path) -> list[Path]:
    """Write one schema a kind of file into `folder`; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in json_schemas({CONFIG_FILE: ConfigFile}).items():
        path = folder / f"{name.removesuffix('.yaml')}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written
