"""Laws of trials in `ports.ledger`: kept with what was recorded, found with their people, and due once."""

from datetime import timedelta

import msgspec
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, profile, record, subject

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import EnrollmentId
from tellwire.platform.model.facts import Needs, Recall
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.trial import Trial, Tried
from tellwire.platform.ports.ledger import Recording

HOUR = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
OURS = Recall(trials=frozenset({CampaignId(1)}))


def trial(version: int = 1, run: str = "", campaign: int = 1) -> Trial:
    return Trial(
        campaign_id=CampaignId(campaign),
        run=run,
        step="test",
        version=version,
        by="replies",
        began_at=NOW + version * TICK,
        due_at=NOW + version * HOUR,
        sent=(3, 2),
        reached=(0, 1),
    )


def tried(who: str = "ann", run: str = "") -> Tried:
    return Tried(
        id=EnrollmentId(f"{who}-1"),
        step="test",
        profile_id=ProfileId(f"profile-{who}"),
        campaign_id=CampaignId(1),
        run=run,
        version=1,
        branch=1,
        joined_at=NOW,
        sent=(1,),
    )


async def test_who_is_in_a_trial_is_found_with_the_person_and_with_the_trial(harness: Harness) -> None:
    backend = await harness.open()
    await record(
        backend,
        Recording(
            profiles=(profile("ann"), profile("bob")),
            trials=(trial(), trial(run="r"), trial(run="other")),
            tried=(tried(run="r"), tried("bob")),
        ),
    )

    backend = await harness.reopen()

    facts = await backend.ledger.facts(Needs(subjects=[subject("ann")], recall=OURS))
    assert list(facts.tried) == [tried(run="r")]
    assert sorted(one.run for one in facts.trials) == ["", "r"]
    hers = await backend.ledger.facts(Needs(subjects=[subject("ann")]))
    assert (list(hers.tried), [one.run for one in hers.trials]) == ([tried(run="r")], ["r"])
    nobodys = await backend.ledger.facts(Needs(subjects=[subject("cyd")]))
    assert (list(nobodys.tried), list(nobodys.trials)) == ([], [])


async def test_a_trial_is_due_until_it_has_a_winner_or_goes_on_elsewhere(backend: Backend) -> None:
    await record(backend, Recording(trials=(trial(1), trial(2), trial(3))))
    assert await backend.ledger.next_due(0) == NOW + HOUR
    assert list((await backend.ledger.facts(Needs(due_before=NOW + HOUR))).trials) == []
    assert list((await backend.ledger.facts(Needs(due_before=NOW + HOUR + TICK))).trials) == [trial(1)]

    won = msgspec.structs.replace(trial(1), winner=1)
    moved = msgspec.structs.replace(trial(2), moved_to=3)
    await record(backend, Recording(trials=(won, moved)))

    assert await backend.ledger.next_due(0) == NOW + 3 * HOUR
    assert await backend.reports.trials(CampaignId(1), 9) == [trial(3), won]
    assert await backend.reports.trials(CampaignId(1), 1) == [trial(3)]
    assert await backend.reports.trials(CampaignId(2), 9) == []


async def test_who_moves_to_another_profile_is_in_the_trial_there_alone(backend: Backend) -> None:
    people = (profile("ann"), profile("bob"))
    await record(backend, Recording(profiles=people, trials=(trial(),), tried=(tried(),)))

    moved = msgspec.structs.replace(tried(), profile_id=ProfileId("profile-bob"))
    await record(backend, Recording(tried=(moved,), untried=(tried(),)))

    async def found(who: str) -> list[Tried]:
        return list((await backend.ledger.facts(Needs(subjects=[subject(who)], recall=OURS))).tried)

    assert (await found("ann"), await found("bob")) == ([], [moved])
