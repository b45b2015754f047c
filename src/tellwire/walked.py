"""`tellwire walk`: one person through every branch of a campaign of a running platform, as text. Pure."""

from collections.abc import Iterator

from tellwire.platform.control.walkthroughs import WalkStop, WalkView


def walk_in_text(walk: WalkView) -> Iterator[str]:
    """Yield a walk, a line each: the way that the person would take, then what is possible beside it."""
    if walk.refused is not None:
        yield f"They would not enter: {walk.refused.reason} This is the way of somebody who did."
    elif not walk.meets_start:
        yield "The event does not meet the conditions of the start. This is the way of somebody whose event did."
    for stop in walk.stops:
        yield _line(stop)
    if walk.end is not None:
        yield f"{walk.end.at:%Y-%m-%dT%H:%M:%SZ}            {walk.end.step:<20} {walk.end.reason}"
    if not walk.is_whole:
        yield "There are more branches than are walked into."


def _line(stop: WalkStop) -> str:
    kind = "" if stop.is_taken else "possible"
    return f"{stop.at:%Y-%m-%dT%H:%M:%SZ}  {kind:<8}  {stop.step:<20} {_what(stop)}".rstrip()


def _what(stop: WalkStop) -> str:
    held = "" if stop.held_until is None else f"held until {stop.held_until:%Y-%m-%dT%H:%M:%SZ}, then "
    if stop.verdict == "send":
        return f"{held}sends: {stop.text}"
    if stop.verdict is not None:
        return f"{held}does not send: {stop.reason}"
    return "" if stop.way is None else "past all branches" if stop.way < 0 else f"branch {stop.way + 1}"
