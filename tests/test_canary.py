"""No packet goes to an address that is not public, whatever leads there: counted by the kernel.

See egress_canary.py for the network this runs in, hostile_forms.py for the forms."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNSHARE = ["unshare", "--net", "--mount"]


def why_not() -> str:
    """Why no network namespace can be made here; empty when one can."""
    missing = [tool for tool in ("unshare", "ip", "mount") if not shutil.which(tool)]
    if missing:
        return f"no {', '.join(missing)} here"
    tried = subprocess.run(
        [*UNSHARE, "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False
    )
    return f"no network namespace: {tried.stderr.strip()}" if tried.returncode else ""


@pytest.mark.netns
def test_no_hostile_form_on_any_path_sends_one_packet_to_a_canary(tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    browser = "browser" if shutil.which("chromium") else "no browser"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*UNSHARE, sys.executable, str(ROOT / "tests" / "egress_canary.py"), tmp_path, browser],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told.pop("forms") >= 200
    assert told.pop("sings") >= 3, "a client without a guard is seen"
    for way, found in told.items():
        assert found["packets"] == {}, way
        assert "failed" not in found["ended"], (way, "every refusal has a name")
    ended = {way: found["ended"] for way, found in told.items()}
    assert ended["ok"] == {"ok": 1}
    for way in ("page", "redirect", "robots"):
        assert ended[way]["blocked-address"] > 100, way
        assert ended[way]["hostile-url"] > 80, way
    assert ended["before turning"] == {"ok": 33}
    assert ended["rebinding"] == {"blocked-address": 33}
    assert ended["webhook"].pop("answered") == 1
    assert ended["webhook"].keys() == {"blocked-address", "hostile-url", "NotSent"}, ended[
        "webhook"
    ]
    assert ended["webhook"]["blocked-address"] > 100 + 33, ended
    assert ended["proxy"]["403"] > 400
    for kind in ("feed", "sitemap", "listing"):
        assert ended["lists"][kind]["failures"]["blocked-address"] > 80, kind
    if browser == "browser":
        assert ended["lists"]["page"] == {"articles": 1, "failures": {}}
