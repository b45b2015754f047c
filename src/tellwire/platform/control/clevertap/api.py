"""What CleverTap's addresses for campaigns and calls do: each takes a body's words and gives the answer.

What a body means is said by the pure files beside this one; what is done about it is done as for our own API.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from tellwire.kernel.address import parse_msisdn
from tellwire.platform.control.calling import callable_campaign, callable_campaigns, called
from tellwire.platform.control.campaign_moves import make_campaign, stop_campaign, unsaved
from tellwire.platform.control.clevertap.callees import NotTaken, To, not_taken
from tellwire.platform.control.clevertap.forms import form_of
from tellwire.platform.control.clevertap.message_content import MessageContent, demand_taken
from tellwire.platform.control.clevertap.profiles import (
    read_deletion,
    read_demerge,
    read_disassociation,
    read_question,
    record_of,
)
from tellwire.platform.control.clevertap.sendings import (
    Sending,
    campaign_words,
    demand_fit,
    demand_room,
    kind_of,
    kinds_in,
    read_sending,
)
from tellwire.platform.control.clevertap.serving import CALLS_AT_ONCE, Address, Answer
from tellwire.platform.control.clevertap.standing import (
    Status,
    read_days,
    read_id,
    result_of,
    state_of,
    status_of,
    target_line,
    targets_of,
)
from tellwire.platform.control.clevertap.subscribe import answer_of, read_subscriptions
from tellwire.platform.control.clevertap.targets import Target, demand_ahead, read_target
from tellwire.platform.control.clevertap.triggers import read_trigger
from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.people import change_person, erased
from tellwire.platform.control.problem import Problem
from tellwire.platform.control.provider_page import blocks_in
from tellwire.platform.control.reach import Reach, reach_of
from tellwire.platform.intake.calling import CallAnswer, Calling
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.event import DeleteValue, Subject
from tellwire.platform.model.profile import PHONE

AUTHOR: Final = "CleverTap API"  # as the log of a campaign names who did it

# Some Java clients write it with a slash at its end (contract 4.5).
_SUBSCRIBE: Final = ("/1/subscribe", "/1/subscribe/", "/1/subscribe.json")
_QUEUED: Final = "Added to queue for processing"


class CleverTapApi:
    """Does what the addresses of contract 4.8 to 4.10 are for, for one account."""

    def __init__(self, desk: Desk) -> None:
        self._desk = msgspec.structs.replace(desk, author=AUTHOR)
        self._making = asyncio.Lock()
        self._kinds: tuple[CampaignSet | None, dict[str, CampaignId]] = None, {}

    def addresses(self) -> Mapping[str, Address]:
        """Return what answers at each address."""
        return {
            "/1/send/sms.json": Address(self.send_sms, CALLS_AT_ONCE),
            "/1/send/externaltrigger.json": Address(self.trigger_one, CALLS_AT_ONCE),
            "/2/send/externaltrigger.json": Address(self.trigger_many, CALLS_AT_ONCE),
            "/1/targets/create.json": Address(self.create),
            "/1/targets/list.json": Address(self.list_targets),
            "/1/targets/result.json": Address(self.result),
            "/1/targets/stop.json": Address(self.stop),
            "/1/profile.json": Address(self.profile, CALLS_AT_ONCE, is_asked=True),
            "/1/delete/profiles.json": Address(self.delete),
            "/1/demerge/profiles.json": Address(self.demerge),
            "/1/disassociate": Address(self.disassociate),
            "/1/disassociate.json": Address(self.disassociate),
            **dict.fromkeys(_SUBSCRIBE, Address(self.subscribe, CALLS_AT_ONCE)),
        }

    async def send_sms(self, body: Words) -> Answer:
        """Send to named people (contract 4.9)."""
        sending = read_sending(body)
        newest = await self._desk.catalog.snapshot()
        if sending.campaign_id is not None:
            campaign = callable_campaign(newest, sending.campaign_id)
            demand_fit(sending, campaign, newest)
        else:
            campaign = await self._kind(sending, newest)
        calling = Calling(callees=sending.to.callees, campaigns=(campaign.id,), text=sending.content.body)
        return await self._called(calling, sending.to)

    async def trigger_one(self, body: Words) -> Answer:
        """Call one campaign (contract 4.10)."""
        return await self._trigger(body, is_many=False)

    async def trigger_many(self, body: Words) -> Answer:
        """Call up to five campaigns (contract 4.10)."""
        return await self._trigger(body, is_many=True)

    async def create(self, body: Words) -> Answer:
        """Make a campaign over an audience, or say for how many it would be (contract 4.8)."""
        desk = self._desk
        newest = await desk.catalog.snapshot()
        target = read_target(body, newest.account)
        if target.only_estimates:
            campaign = unsaved(desk, form_of(target.words), newest)
            return {"status": "success", "estimates": await self._estimates(campaign, newest)}
        takes, now = _takes(desk, target.content), desk.clock.now()

        def check(campaign: Campaign, newest: CampaignSet) -> None:
            takes(campaign, newest)
            demand_ahead(campaign, newest.account, now)

        campaign = await make_campaign(desk, form_of(target.words), check, is_draft=target.is_draft)
        return await self._created(campaign, target, newest)

    async def list_targets(self, body: Words) -> Answer:
        """List the campaigns by schedule of some days (contract 4.8)."""
        days, newest = read_days(body), await self._desk.catalog.snapshot()
        listed = [
            target_line(one, await self._status(one), newest.account) for one in targets_of(newest, days)
        ]
        return {"status": "success", "targets": listed}

    async def result(self, body: Words) -> Answer:
        """Say what a campaign came to, once it is over (contract 4.8)."""
        campaign = await self._target(read_id(body))
        status = await self._status(campaign)
        if status not in {"completed", "stopped"}:
            message = f"The campaign {campaign.id} is {status}: it has no result before it is completed."
            raise Problem(409, "not_completed", message)
        (funnel,) = await self._desk.reports.funnel([campaign.id])
        return {"status": "success", "result": result_of(status, funnel)}

    async def stop(self, body: Words) -> Answer:
        """Stop a campaign: messages of it that wait are dropped (contract 4.8)."""
        campaign = await self._target(read_id(body))
        await stop_campaign(self._desk, campaign.id)
        return {"status": "success"}

    async def subscribe(self, body: Words) -> Answer:
        """Suppress and release numbers, whoever has them (contract 4.5)."""
        desk = self._desk
        read = read_subscriptions(body, desk.clock.now(), desk.options.default_region)
        await desk.consents.change(read.changes)
        return answer_of(len(read.changes), read.unprocessed)

    async def profile(self, query: Words) -> Answer:
        """Return a profile (contract 4.5)."""
        desk = self._desk
        name, value = read_question({name: str(query.any(name)) for name in query.names()})
        if name == "email":
            named = await desk.people.of_email(value)
        else:
            named = await desk.reports.profile(Subject("identity" if name == "identity" else "device", value))
        if named is None:
            raise Problem(404, "not_found", "There is no such profile.")
        return {"status": "success", "record": record_of(named, await desk.people.counts(named.id))}

    async def delete(self, body: Words) -> Answer:
        """Erase people (contract 4.5)."""
        unknown = []
        for subject in read_deletion(body):
            if await self._desk.reports.profile(subject) is None:
                unknown.append(subject)
            else:
                await erased(self._desk, subject)
        return _of_people(unknown)

    async def demerge(self, body: Words) -> Answer:
        """Make identities people of their own (contract 4.5): here they always are, so there is nothing to part."""
        subjects = read_demerge(body)
        return _of_people([one for one in subjects if await self._desk.reports.profile(one) is None])

    async def disassociate(self, body: Words) -> Answer:
        """Take numbers from the profiles that hold them (contract 4.5)."""
        unprocessed, processed = [], 0
        for text in read_disassociation(body):
            number = parse_msisdn(text, self._desk.options.default_region)
            holders = [] if number is None else await self._desk.reports.profile_by_number(number)
            for holder in holders:
                await change_person(self._desk, holder.subjects[0], (DeleteValue(PHONE),))
            if holders:
                processed += 1
            else:
                why = "This is no phone number." if number is None else "Nobody has this number."
                unprocessed.append({"status": "fail", "code": 513, "error": why, "record": {"value": text}})
        status = "success" if not unprocessed else "partial" if processed else "fail"
        return {"status": status, "processed": processed, "unprocessed": unprocessed}

    async def _trigger(self, body: Words, *, is_many: bool) -> Answer:
        trigger = read_trigger(body, is_many=is_many)
        callable_campaigns(await self._desk.catalog.snapshot(), trigger.campaigns)
        return await self._called(trigger.calling, trigger.to)

    async def _called(self, calling: Calling, to: To) -> Answer:
        reached = await called(self._desk, calling) if calling.callees else CallAnswer(taken=0)
        return _answer(reached.taken, [*to.unreadable, *not_taken(reached.unreached)])

    async def _kind(self, sending: Sending, newest: CampaignSet) -> Campaign:
        """Return the running campaign that stands for sends of this kind, made at the first of them."""
        name = kind_of(sending)
        campaign_id = self._known_kinds(newest).get(name)
        if campaign_id is None:
            async with self._making:
                newest = await self._desk.catalog.snapshot()
                campaign_id = self._known_kinds(newest).get(name)
                if campaign_id is None:
                    demand_room(self._known_kinds(newest))
                    takes = _takes(self._desk, sending.content)
                    return await make_campaign(self._desk, form_of(campaign_words(sending)), takes)
        return callable_campaign(newest, campaign_id)

    def _known_kinds(self, newest: CampaignSet) -> dict[str, CampaignId]:
        """Return the kinds of sends of a catalog, looked for once for each version of it."""
        if self._kinds[0] is not newest:
            self._kinds = newest, kinds_in(newest)
        return self._kinds[1]

    async def _created(self, campaign: Campaign, target: Target, newest: CampaignSet) -> Answer:
        made: Answer = {"status": "success", "id": campaign.id}
        if target.estimates:
            made["estimates"] = await self._estimates(campaign, newest)
        return made

    async def _estimates(self, campaign: Campaign, newest: CampaignSet) -> Reach:
        return await reach_of(self._desk, campaign, newest.account)

    async def _target(self, campaign_id: int) -> Campaign:
        newest = await self._desk.catalog.snapshot()
        campaign = newest.campaigns.get(CampaignId(campaign_id))
        if campaign is None:
            raise Problem(404, "not_found", f"There is no campaign {campaign_id}.")
        return campaign

    async def _status(self, campaign: Campaign) -> Status:
        if campaign.state != "running":
            return state_of(campaign.state)
        reports = self._desk.reports
        coming, runs = await reports.sweeps(campaign.id), await reports.runs(campaign.id, 100)
        waiting = await reports.waiting(campaign.id)
        (funnel,) = await reports.funnel([campaign.id])
        return status_of(coming, runs, sum(one.people for one in waiting), funnel)


def _of_people(unknown: Sequence[Subject]) -> Answer:
    """Return the answer about people, of whom these are not known."""
    if not unknown:
        return {"status": "success"}
    return {
        "status": "partial",
        "unprocessed": [
            {
                "status": "fail",
                "code": 404,
                "error": "There is no such profile.",
                "record": {one.kind: one.value},
            }
            for one in unknown
        ],
    }


def _takes(desk: Desk, content: MessageContent) -> Callable[[Campaign, CampaignSet], None]:
    """Return what refuses a campaign whose provider has no place for what the content says."""

    def check(campaign: Campaign, newest: CampaignSet) -> None:
        send = campaign.only_send
        provider = None if send is None else newest.provider_of(send)
        demand_taken(content, provider, None if provider is None else blocks_in(provider, desk.vault))

    return check


def _answer(taken: int, refused: Iterable[NotTaken]) -> Answer:
    """Return what became of those whom a call names; as an upload's where somebody was not taken."""
    unprocessed = [
        {"status": "fail", "code": one.code, "error": one.why, "record": {one.kind: one.name}}
        for one in refused
    ]
    if not unprocessed:
        return {"status": "success", "message": _QUEUED}
    if not taken:
        return {"status": "fail", "processed": 0, "unprocessed": unprocessed}
    return {"status": "partial", "message": _QUEUED, "processed": taken, "unprocessed": unprocessed}
