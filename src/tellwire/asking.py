"""The commands that ask a running platform: `explain`, `export`, `import`, `replay`, `walk`, `plan` and `apply`."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tellwire.demo import write_whole
from tellwire.options import HERE, Where
from tellwire.platform.control.walkthroughs import WalkView
from tellwire.remote import Remote, RemoteProblem
from tellwire.replaying import Form, campaign_named, write_replay
from tellwire.walked import walk_in_text


def explain(
    *,
    event: str = "",
    campaign: str = "",
    identity: str = "",
    object_id: str = "",
    phone: str = "",
    where: Where = HERE,
) -> None:
    """Say why a profile got, or did not get, a message: for an event, or of a campaign whatever starts it.

    Parameters
    ----------
    event
        Name of the event (the newest such event of the profile is taken), or an event id.
    campaign
        Name or number of a campaign: how it starts for the profile, and all that it did; with --event its answer alone.
    identity
        The profile's identity; or give --object-id or --phone.
    """
    remote = where.remote()
    who = {"identity": identity, "object_id": object_id, "phone": phone}
    print_explanation(Console(), asyncio.run(_explanation(remote, event, campaign, who)))


async def _explanation(remote: Remote, event: str, campaign: str, who: Mapping[str, str]) -> Any:
    if not event and not campaign:
        raise RemoteProblem("Name an event (--event) or a campaign (--campaign).")
    number = str(await campaign_named(remote, campaign)) if campaign else ""
    return await remote.get("/api/explain", event=event, campaign=number, **who)


def export_catalog(to: Path | None = None, *, where: Where = HERE) -> None:
    """Write campaigns and providers as YAML, to a file of its owner or to the terminal; credentials come out as ***."""
    text = asyncio.run(where.remote().get_text("/api/export"))
    if to is None:
        sys.stdout.write(text)
    else:
        write_whole(to, text.encode())


def import_catalog(
    file: Path,
    *,
    dry_run: bool = False,
    account: bool = False,
    inside: Literal["finish", "move", "end"] = "finish",
    where: Where = HERE,
) -> None:
    """Read campaigns, audiences and providers from YAML; all of it or nothing.

    Parameters
    ----------
    dry_run
        Only say what would change.
    account
        Also take what the file says of the account, which holds over all campaigns.
    inside
        What becomes of those who are inside campaigns that change: they finish as they entered, move, or leave.
    """
    remote = where.remote()
    query = {"dry_run": "1" if dry_run else "", "account": "1" if account else "", "inside": inside}
    changes = asyncio.run(remote.post_text("/api/import", file.read_text(), "application/yaml", **query))
    Console().print_json(data=changes)


def replay(
    name: str,
    *,
    since: Annotated[str, Parameter(name="--from")],
    until: Annotated[str, Parameter(name="--to")],
    form: Annotated[Form, Parameter(name="--format")] = "text",
    where: Where = HERE,
) -> None:
    """Say what a campaign of a running platform would have done over the events of a period; nothing is sent.

    Profiles are taken as they are now; caps and gaps count the messages of the replay alone.

    Parameters
    ----------
    name
        The campaign's name; a draft will do.
    since
        Moment from which events count: 2026-06-01T00:00:00Z. Without an offset it is UTC.
    until
        Moment at which they end, not included.
    form
        ndjson: a JSON object a line, as of `simulate`. json: all of them with a summary. csv, or text for people.
    """
    remote = where.remote()
    number = asyncio.run(campaign_named(remote, name))
    period = {"from": since, "to": until, "progress": "true"}
    write_replay(remote.post_lines(f"/api/campaigns/{number}/replay", **period), form)


def walk(
    name: str,
    *,
    identity: str,
    at: str = "",
    values: str = "",
    form: Annotated[Literal["text", "json"], Parameter(name="--format")] = "text",
    where: Where = HERE,
) -> None:
    """Walk one person through every branch of a campaign: what they would get, and when; nothing is sent.

    Parameters
    ----------
    name
        The campaign's name; a draft will do.
    identity
        Who walks.
    at
        When they enter: 2026-06-01T09:00:00Z; now if it is left out.
    values
        Those of the event by which they enter, as JSON: {"cart_id": 7}. Else those of the last one that they did.
    """
    remote = where.remote()
    number = asyncio.run(campaign_named(remote, name))
    fields = {"identity": identity, "at": at or None, "values": msgspec.Raw(values.encode() or b"null")}
    body = msgspec.json.encode(fields).decode()
    answer = asyncio.run(remote.post_text(f"/api/campaigns/{number}/walk", body, "application/json"))
    if form == "json":
        Console().print_json(data=answer)
    else:
        sys.stdout.writelines(f"{line}\n" for line in walk_in_text(msgspec.convert(answer, WalkView)))


def plan(file: Path, *, where: Where = HERE) -> None:
    """Say, as JSON, what publishing a YAML file would change and send, with a fingerprint for `apply`.

    Every campaign of the file runs that is not stopped. Figures are of the last 7 days' events, and of schedules for
    the 7 days to come; the cost is null until prices exist.
    """
    remote = where.remote()
    planned = asyncio.run(remote.post_text("/api/plan", file.read_text(), "application/yaml"))
    Console().print_json(data=planned)


def apply_plan(file: Path, *, fingerprint: str, where: Where = HERE) -> None:
    """Publish a YAML file as it was planned; if anything changed since, say what, and publish nothing.

    Parameters
    ----------
    fingerprint
        That of the plan, as `tellwire plan` printed it.
    """
    remote = where.remote()
    applied = asyncio.run(
        remote.post_text("/api/apply", file.read_text(), "application/yaml", fingerprint=fingerprint)
    )
    Console().print_json(data=applied)


ASKING: Final[Mapping[str, Callable[..., None]]] = {
    "explain": explain,
    "export": export_catalog,
    "import": import_catalog,
    "replay": replay,
    "walk": walk,
    "plan": plan,
    "apply": apply_plan,
}


def print_explanation(console: Console, explanation: dict[str, Any]) -> None:
    """Print an answer of `/api/explain`: how a campaign starts, where the profile is, every answer with its gates."""
    if note := explanation.get("note"):
        console.print(note, markup=False, highlight=False)  # it may hold words of a provider
    for line in explanation.get("start", []):
        console.print(f"  {line['as_of']}: {line['text']}", markup=False, highlight=False)
    _print_stays(console, explanation.get("stays", []))
    for campaign in explanation.get("campaigns", []):
        step = f", step {campaign['step']}" if campaign.get("step") else ""
        console.print(
            f"\n[bold]{escape(campaign['name'])}[/] ({campaign['id']}{step}): {campaign['verdict']}",
            highlight=False,
        )
        table = Table("", "gate", "saw", "wanted", box=None, pad_edge=False)
        for gate in campaign["trace"]:
            mark = "[green]passed[/]" if gate["has_passed"] else "[red]stopped[/]"
            table.add_row(mark, gate["gate"].replace("_", " "), escape(gate["saw"]), escape(gate["wanted"]))
        console.print(table)
        if campaign.get("reason"):
            console.print(f"  {campaign['reason']}", markup=False, highlight=False)
        if answer := (campaign.get("outcome") or {}).get("answer"):
            console.print(f"  The provider answered: {answer}", markup=False, highlight=False)


def _print_stays(console: Console, stays: Sequence[Mapping[str, Any]]) -> None:
    """Print where the profile is in campaigns now: at which step, until when, held by what."""
    if stays:
        console.print("\nInside now:", highlight=False)
    for stay in stays:
        key = f" [{stay['key']}]" if stay["key"] else ""
        line = f"  {stay['name']} ({stay['campaign_id']}){key}: {stay['reason']}"
        console.print(line, markup=False, highlight=False)
