"""What every command answers under `--format json`."""

from __future__ import annotations

import json
from typing import Any

from click.testing import Result


def data_of(result: Result) -> Any:
    """Return an answer's data; whether it says `ok` must agree with the exit code."""
    said = json.loads(result.stdout)
    assert said["ok"] is (result.exit_code == 0)
    return said["data"]
