"""Stories for campaigns in tests: short ways to write records, and a simulation's lines in short."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.start import Start
from tellwire.platform.model.step import SendStep, Step
from tellwire.platform.rehearse.simulation import OutputLine, simulate
from tellwire.platform.rehearse.story import Refused, read_story

MADE_AT = datetime(2020, 1, 1, tzinfo=UTC)
HI = SendStep(id="send", content=Content(text="Hi {{ Profile.Name }}"))


def campaign(start: Start, *steps: Step, number: int = 1, **fields: Any) -> Campaign:
    return Campaign(
        id=CampaignId(number),
        name=fields.pop("name", f"C{number}"),
        state=fields.pop("state", "running"),
        start=start,
        steps=steps or (HI,),
        created_at=MADE_AT,
        updated_at=MADE_AT,
        **fields,
    )


def at(written: str) -> datetime:
    """Return a moment in UTC, as 2026-06-01T12:00."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def profile(identity: str, written: str, **data: Any) -> dict[str, Any]:
    """Return a profile record of somebody in no zone of their own, unless `data` says which."""
    number = "+8835100" + "".join(str(ord(letter) % 10) for letter in identity.ljust(5, "a")[:5])
    known = {"Name": identity, "Phone": number, **data}
    return {"identity": identity, "ts": at(written).timestamp(), "type": "profile", "profileData": known}


def event(identity: str, name: str, written: str, **data: Any) -> dict[str, Any]:
    ts = at(written).timestamp()
    return {"identity": identity, "ts": ts, "type": "event", "evtName": name, "evtData": data}


def news(identity: str, name: str, written: str, campaign: str, step: str, **data: Any) -> dict[str, Any]:
    """Return what became of the last message of a step to somebody: `name` is Delivered, Replied or the like."""
    return event(
        identity, f"Notification {name}", written, **{"Campaign Name": campaign, "Step": step, **data}
    )


def told(
    campaigns: Campaign | Sequence[Campaign], *records: dict[str, Any], until: str, **options: Any
) -> list[OutputLine | Refused]:
    story = read_story([msgspec.json.encode(record) for record in records])
    given = (campaigns,) if isinstance(campaigns, Campaign) else campaigns
    return list(simulate(given, story, until=at(until), **options))


def run(
    campaigns: Campaign | Sequence[Campaign], *records: dict[str, Any], until: str, **options: Any
) -> list[str]:
    """Return the lines of a simulation as `2026-06-01T12:00 ann send`; skips and the like with their code."""
    return [brief(line) for line in told(campaigns, *records, until=until, **options)]


def brief(line: OutputLine | Refused) -> str:
    if isinstance(line, Refused):
        return f"refused {line.line}: {line.why}"
    return " ".join(filter(None, (line.at[:16], line.identity, line.verdict, line.code)))
