"""Where a cue stands on the picture, as each format says it."""

from __future__ import annotations

import re
from dataclasses import replace

from dramaloc.subtitles.styled import OLD_ANCHORS, Placement

_COLUMNS = {"start": 1, "left": 1, "center": 2, "middle": 2, "end": 3, "right": 3}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UPPER, _LOWER = 33.0, 66.0
_FEW_LINES = 7  # a picture has about 15 lines of text
# A cue within these margins, in percent, stands where its anchor stands anyway.
_NEAR = {1: (0, 15), 2: (49, 51), 3: (85, 100)}
_NEAR_ROWS = {0: (75, 100), 3: (45, 55), 6: (0, 20)}


def of_webvtt(settings: str) -> tuple[Placement, list[str]]:
    """Read WebVTT's settings; also name those that have no place elsewhere."""
    given = dict(part.split(":", 1) for part in settings.split() if ":" in part)
    vertical = given.get("vertical", "")
    column = _COLUMNS.get(given.get("align", "center"), 2)
    line, _, _ = given.get("line", "").partition(",")
    row, y = _row(line)
    x = None
    if match := _NUMBER.match(given.get("position", "")):
        x = float(match.group())
    said = line or column != 2 or x is not None  # noqa: PLR2004  # the middle
    lost = [name for name in given if name in ("size", "region")]
    if vertical:  # lines count from the side, which no other format says so
        lost += ["exact position"] if line or x is not None else []
        return Placement(vertical=vertical), lost
    place = Placement(anchor=row + column if said else 0, x=x, y=y)
    return settled(_completed(place)), lost


def _row(line: str) -> tuple[int, float | None]:
    """Return what a line adds to the anchor (0 below, 3 in the middle, 6 above), and percent."""
    match = _NUMBER.match(line)
    if not match:
        return 0, None
    at = float(match.group())
    if line.endswith("%"):
        return (6 if at < _UPPER else 3 if at < _LOWER else 0), at
    return (6 if 0 <= at < _FEW_LINES else 3 if at == _FEW_LINES else 0), None


def to_webvtt(place: Placement) -> str:
    """Write a placement as WebVTT's settings.

    >>> to_webvtt(Placement(anchor=8)), to_webvtt(Placement(anchor=1))
    ('line:0', 'align:start')
    """
    row, column = divmod((place.anchor or 2) - 1, 3)
    parts = [f"vertical:{place.vertical}"] if place.vertical else []
    if place.y is not None:
        edge = ("end", "center", "start")[row]
        parts.append(f"line:{_short(place.y)}%" + (f",{edge}" if edge != "start" else ""))
    elif row:
        parts.append(("", "line:50%,center", "line:0")[row])
    if place.x is not None:
        parts.append(f"position:{_short(place.x)}%")
    if column != 1:
        parts.append(f"align:{('start', 'center', 'end')[column]}")
    return " ".join(parts)


def of_ass(
    place: Placement, alignment: str, picture: tuple[float, float], *, old: bool
) -> Placement:
    """Complete what overrides said by a style's alignment; positions become percent."""
    number = int(alignment) if alignment.strip().isdigit() else 2
    usual = OLD_ANCHORS.get(number, 2) if old else number
    anchor = place.anchor or (usual if 1 <= usual <= 9 else 2)  # noqa: PLR2004  # a number pad
    if place.x is None or place.y is None:
        return replace(place, anchor=0 if anchor == 2 else anchor)  # noqa: PLR2004  # as usual
    x, y = place.x / picture[0] * 100, place.y / picture[1] * 100
    return replace(place, anchor=anchor, x=round(x, 2), y=round(y, 2))


def to_ass(place: Placement, picture: tuple[float, float] | None) -> str:
    r"""Write a placement as overrides; without a picture's size only the anchor.

    >>> to_ass(Placement(anchor=8, x=50, y=10), (1920, 1080))
    '{\\an8\\pos(960,108)}'
    """
    tags = f"\\an{place.anchor}" if place.anchor not in (0, 2) else ""
    if picture and place.x is not None and place.y is not None:
        x, y = place.x * picture[0] / 100, place.y * picture[1] / 100
        tags += f"\\pos({_short(x)},{_short(y)})"
    return f"{{{tags}}}" if tags else ""


def settled(place: Placement) -> Placement:
    """Leave out figures that only say where the anchor stands anyway."""
    row, column = (place.anchor - 1) // 3 * 3, (place.anchor - 1) % 3 + 1
    if place.anchor and place.x is not None and place.y is not None:
        near_x = _NEAR[column][0] <= place.x <= _NEAR[column][1]
        near_y = _NEAR_ROWS[row][0] <= place.y <= _NEAR_ROWS[row][1]
        if near_x and near_y:
            place = replace(place, x=None, y=None)
    return replace(place, anchor=0) if place == Placement(anchor=2) else place


def _completed(place: Placement) -> Placement:
    """Give a figure that stands alone its other half."""
    row, column = divmod((place.anchor or 2) - 1, 3)
    if place.x is None and place.y is not None:
        return replace(place, x=(5.0, 50.0, 95.0)[column])
    if place.y is None and place.x is not None:
        return replace(place, y=(90.0, 50.0, 10.0)[row])
    return place


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
