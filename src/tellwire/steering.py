"""The commands that look at running campaigns and hold them: `tellwire campaigns`, `pause`, `resume`, `stop`, ..."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from tellwire.options import HERE, Where
from tellwire.remote import Remote, RemoteProblem
from tellwire.replaying import campaign_named

Name = Annotated[str, Parameter(help="The campaign's name, or its number.")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print the platform's answer as JSON.")]
Everything = Annotated[
    bool, Parameter(name="--all", negative="", help="The account's switch: all sending, of every campaign.")
]
Queued = Literal["drop", "let_go"]
Overdue = Literal["now", "skip", "spread"]


def campaigns(*, as_json: Json = False, where: Where = HERE) -> None:
    """List the campaigns: how each stands, what starts it, who is inside, what was sent and delivered."""
    answer = asyncio.run(where.remote().get("/api/campaigns/table"))
    rows = [
        (
            *(one["id"], one["name"], one["standing"], start_in_words(one["start"])),
            *(one["inside"], one["sent"], one["delivered"]),
        )
        for one in answer["campaigns"]
    ]
    _print(answer, rows, ("id", "name", "state", "start", "inside", "sent", "delivered"), as_json=as_json)


def pause(
    name: Name = "",
    *,
    everything: Everything = False,
    queued: Queued = "let_go",
    as_json: Json = False,
    where: Where = HERE,
) -> None:
    """Hold a campaign: nobody enters, and nobody inside goes on. With --all nothing is handed to a provider.

    Parameters
    ----------
    queued
        What becomes of its messages that wait for their provider.
    """
    remote = where.remote()
    _move(remote, "pause", name, everything=everything, as_json=as_json, queued=queued)


def resume(
    name: Name = "",
    *,
    everything: Everything = False,
    overdue: Overdue = "now",
    over: str = "",
    as_json: Json = False,
    where: Where = HERE,
) -> None:
    """Let a campaign that is paused go on; with --all, all sending.

    Parameters
    ----------
    overdue
        What becomes of those who became due meanwhile: they go on now, skip the message that would go out now, or
        are spread over a time.
    over
        The time over which they are spread, such as "2 hours".
    """
    choice = {"overdue": overdue, **({"over": over} if over else {})}
    if everything and choice != {"overdue": "now"}:
        raise RemoteProblem("Those who are overdue are chosen for one campaign: name it, without --all.")
    _move(where.remote(), "resume", name, everything=everything, as_json=as_json, body=choice)


def stop(
    name: Name,
    *,
    queued: Queued = "drop",
    as_json: Json = False,
    where: Where = HERE,
) -> None:
    """Stop a campaign: nobody enters any more, and everybody inside leaves.

    Parameters
    ----------
    queued
        What becomes of its messages that wait for their provider.
    """
    _move(where.remote(), "stop", name, everything=False, as_json=as_json, queued=queued)


def inside(name: Name, *, as_json: Json = False, where: Where = HERE) -> None:
    """Say how many people are inside a campaign, at which steps, and how others left."""
    answer = _asked(where.remote(), name, "inside")
    rows = [(one["step"] or "(before the first)", one["version"], one["people"]) for one in answer["steps"]]
    _print(answer, rows, ("step", "version", "people"), as_json=as_json)
    if not as_json:
        left = ", ".join(f"{reason} {count}" for reason, count in answer["left"].items())
        _say(f"{answer['people']} inside now, {answer['ever']} ever{f'; left: {left}' if left else ''}.")
        if answer["overdue"]:
            _say(f"{answer['overdue']} have become due while it is paused.")


def people(
    name: Name,
    *,
    step: str = "",
    limit: int = 50,
    as_json: Json = False,
    where: Where = HERE,
) -> None:
    """List the people inside a campaign: where they wait, since when and until when.

    Parameters
    ----------
    step
        Only those at the step of this id.
    limit
        How many, from 1 to 200.
    """
    query = {"limit": str(limit), "step": step}
    answer = _asked(where.remote(), name, "people", **query)
    rows = [
        (
            *(_who(one["subjects"]), one["key"], one["step"] or "(before the first)", one["version"]),
            *(one["since"], one["due_at"], one["hold"]),
        )
        for one in answer["people"]
    ]
    _print(answer, rows, ("who", "key", "step", "version", "since", "until", "held by"), as_json=as_json)


def runs(name: Name, *, as_json: Json = False, where: Where = HERE) -> None:
    """List the runs of a campaign's schedule: whom each came by, and what it sent."""
    answer = _asked(where.remote(), name, "runs")
    rows = [
        (
            *(
                one["at"],
                f"{one['share']:.0%}",
                one["people"],
                one["qualified"],
                one["entered"],
                one["messages"],
            ),
            ", ".join(f"{code} {count}" for code, count in {**one["refused"], **one["skipped"]}.items()),
        )
        for one in answer["runs"]
    ]
    _print(
        answer, rows, ("at", "done", "people", "for", "entered", "messages", "no message"), as_json=as_json
    )


STEERING: Final[Mapping[str, Callable[..., None]]] = {
    "campaigns": campaigns,
    "pause": pause,
    "resume": resume,
    "stop": stop,
    "inside": inside,
    "people": people,
    "runs": runs,
}


STARTS: Final = {"date": "date ", "event": "", "joins": "joins ", "call": "call ", "rule": "", "at": "at "}


def start_in_words(start: Mapping[str, Any]) -> str:
    """Return what starts a campaign, in a few words: a date before the event that has it, a rule before its time."""
    for key, word in STARTS.items():
        if value := start.get(key):
            return f"{word}{', '.join(value) if isinstance(value, list) else value}"
    return ""


def _who(subjects: Sequence[Mapping[str, str]]) -> str:
    return subjects[0]["value"] if subjects else ""


def _asked(remote: Remote, name: str, what: str, **query: str) -> Any:
    async def answer() -> Any:
        return await remote.get(f"/api/campaigns/{await campaign_named(remote, name)}/{what}", **query)

    return asyncio.run(answer())


def _move(
    remote: Remote,
    verb: str,
    name: str,
    *,
    everything: bool,
    as_json: bool,
    body: Mapping[str, str] | None = None,
    **query: str,
) -> None:
    """Hold, let go or stop a campaign, or all sending."""
    if everything == bool(name):
        raise RemoteProblem(f"Name the campaign, or write `tellwire {verb} --all`: one of the two.")
    if everything:
        answer = asyncio.run(_switched(remote, is_paused=verb == "pause"))
        sentence = "All sending is paused." if answer["is_paused"] else "Sending goes on."
    else:
        answer = asyncio.run(_moved(remote, verb, name, query, body))
        sentence = f"{answer['name']} ({answer['id']}) is {answer['state']}."
    if as_json:
        Console().print_json(data=answer)
    else:
        _say(sentence)


async def _moved(
    remote: Remote, verb: str, name: str, query: Mapping[str, str], body: Mapping[str, str] | None
) -> Any:
    return await remote.post(f"/api/campaigns/{await campaign_named(remote, name)}/{verb}", body, **query)


async def _switched(remote: Remote, *, is_paused: bool) -> Any:
    settings = await remote.get("/api/account-settings")
    return await remote.put("/api/account-settings", {**settings, "is_paused": is_paused})


def _print(answer: Any, rows: Iterable[Sequence[Any]], heads: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        Console().print_json(data=answer)
        return
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(str, row))
    Console(markup=False).print(table)


def _say(sentence: str) -> None:
    Console().print(sentence, markup=False, highlight=False, soft_wrap=True)
