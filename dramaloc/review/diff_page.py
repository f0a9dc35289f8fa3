"""A comparison as one HTML file: nothing loaded, nothing run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from dramaloc.review.diff import Change, heading, times


def compose_diff(
    title: str, changed: Mapping[str, Sequence[Change]], notes: Sequence[str] = ()
) -> str:
    """Write the changes of one file, named by an empty string, or of several."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    style = files("dramaloc.review").joinpath("assets", "diff.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=PackageLoader("dramaloc.review", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("diff.html").render(
        title=title,
        style=Markup(style),  # noqa: S704  # our own
        policy=f"default-src 'none'; style-src 'sha256-{digest}'",
        files=[
            {"name": name, "changes": [_shown(change) for change in changes]}
            for name, changes in changed.items()
        ],
        notes=notes,
    )


def _shown(change: Change) -> dict[str, Any]:
    timed = change.kind in ("retimed", "moved")
    return {
        "kind": change.kind,
        "heading": heading(change),
        "was": times(change.old) if timed and change.old else "",
        "edits": [{"op": "same", "text": change.cue.text}] if timed else change.edits,
        "reasons": change.reasons,
    }
