"""Trials of splits: begun by the first who comes, counted as their messages fare, decided at their moment. Pure.

    a split with a winner ─→ trial_of ─┬─ a branch that is measured ─→ join, then note_sent, hear, reach: counted
                                       └─ the rest: they wait until the trial is due ─→ verdict

What came to pass after a trial was due does not count, whenever it is decided, so a worker that is late and a crash
change nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

import msgspec

from tellwire.platform.decide.hearing import Heard
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.enrollment import EnrollmentId
from tellwire.platform.model.message import MessageId, number_in
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.step import MEASURED, Measure, SplitStep, Winner, sends_of
from tellwire.platform.model.system_event import MESSAGE_ID
from tellwire.platform.model.trial import Trial, TrialKey, Tried, TriedKey, best
from tellwire.platform.model.value import fold, look_up

_MEASURES: Final[dict[str, Measure]] = {
    fold(event): measure for measure, event in MEASURED.items() if event is not None
}


class TrialChanges(NamedTuple):
    """What a batch changes of trials: those that are other than stored, who is in one, and who counts no more."""

    trials: tuple[Trial, ...]
    tried: tuple[Tried, ...]
    untried: tuple[Tried, ...]


class Trials:
    """The trials that a batch may meet and who is in them, those of the store at first."""

    def __init__(self, trials: Iterable[Trial] = (), tried: Iterable[Tried] = ()) -> None:
        self._stored = {one.key: one for one in trials}
        self._trials = dict(self._stored)
        self._stored_tried = {one.key: one for one in tried}
        self._of_profile: dict[ProfileId, dict[TriedKey, Tried]] = {}
        for one in self._stored_tried.values():
            trial = self._now(one.trial)
            if trial is not None and trial.is_open:
                self._put(one)

    def trial_of(self, campaign: Campaign, step: SplitStep, run: str, now: datetime, clock: tzinfo) -> Trial:
        """Return the trial of a split; it begins now, or goes on where people moved here from an earlier version."""
        assert step.winner is not None  # noqa: S101 - whoever asks has looked
        key = TrialKey(campaign.id, run, step.id, campaign.version)
        trial = self._now(key)
        if trial is not None:
            return trial
        earlier = self._earlier(key, campaign.moved_version)
        begun = _begun(key, step, step.winner, now if earlier is None else earlier.began_at, clock)
        if earlier is not None:
            begun = _going_on(earlier, begun, now)
            self._trials[earlier.key] = msgspec.structs.replace(earlier, moved_to=campaign.version)
        self._trials[key] = begun
        return begun

    def join(
        self, trial: Trial, enrollment: EnrollmentId, profile_id: ProfileId, branch: int, at: datetime
    ) -> None:
        """Count from now on what becomes of this person's messages in a branch, if nobody has won yet."""
        tried = Tried(
            id=enrollment,
            step=trial.step,
            profile_id=profile_id,
            campaign_id=trial.campaign_id,
            run=trial.run,
            version=trial.version,
            branch=branch,
            joined_at=at,
        )
        if trial.is_open and tried.key not in self._of_profile.get(profile_id, ()):
            self._put(tried)

    def verdict(self, trial: Trial) -> int:
        """Return the branch that wins a trial which is due, from now on for good."""
        decided = self._decided(trial)
        assert decided.winner is not None  # noqa: S101 - that is what was decided
        return decided.winner

    def decide(self, before: datetime) -> None:
        """Decide the trials that are due before this moment."""
        for trial in [one for one in self._trials.values() if one.is_open and one.due_at < before]:
            self._decided(trial)

    def note_sent(
        self,
        enrollment: EnrollmentId,
        profile_id: ProfileId,
        number: int,
        splits: Sequence[SplitStep],
        at: datetime,
    ) -> None:
        """Count somebody who is written to by a send of the branch that they took; `splits` are the campaign's."""
        for tried in self._those(profile_id, {enrollment}):
            trial = self._counting(tried, at)
            if trial is None or number not in _numbers(tried, splits):
                continue
            if not tried.sent:
                self._count(trial, tried.branch, sent=1)
            self._put(msgspec.structs.replace(tried, sent=(*tried.sent, number)))

    def hear(self, heard: Heard, profile: Profile) -> None:
        """Count what became of a message, if it is what a trial measures."""
        by = _MEASURES.get(fold(heard.event.name))
        message = look_up(heard.properties, MESSAGE_ID) if by else None
        if not isinstance(message, str):
            return
        for tried in list(self._of_profile.get(profile.id, {}).values()):
            trial = self._counting(tried, heard.event.received_at)
            if trial is not None and trial.by == by and _number_of(message, tried.id) in tried.sent:
                self._reach(trial, tried)

    def reach(self, enrollments: Collection[EnrollmentId], profile_id: ProfileId, at: datetime) -> None:
        """Count those who reached their campaign's goal, having been written to in their branch."""
        for tried in self._those(profile_id, enrollments):
            trial = self._counting(tried, at)
            if trial is not None and trial.by == "goal" and tried.sent:
                self._reach(trial, tried)

    def give(self, giver: Profile, taker: Profile) -> None:
        """Let the profile that remains be in the trials of the one that was merged into it."""
        for tried in self._of_profile.pop(giver.id, {}).values():
            self._put(msgspec.structs.replace(tried, profile_id=taker.id))

    def changes(self) -> TrialChanges:
        """Return what is other than it was stored."""
        now = {one.key: one for some in self._of_profile.values() for one in some.values()}
        return TrialChanges(
            trials=tuple(one for key, one in self._trials.items() if self._stored.get(key) != one),
            tried=tuple(one for key, one in now.items() if self._stored_tried.get(key) != one),
            untried=tuple(
                one
                for key, one in self._stored_tried.items()
                if key not in now or now[key].profile_id != one.profile_id
            ),
        )

    def _now(self, key: TrialKey) -> Trial | None:
        """Return a trial, where it goes on if it moved."""
        trial = self._trials.get(key)
        while trial is not None and trial.moved_to:
            trial = self._trials.get(trial.key._replace(version=trial.moved_to))
        return trial

    def _earlier(self, key: TrialKey, moved_version: int) -> Trial | None:
        """Return the trial of the last version whose people moved, if it had one."""
        earlier = [
            one
            for one in self._trials.values()
            if one.key._replace(version=key.version) == key
            and one.version <= moved_version
            and not one.moved_to
        ]
        return max(earlier, key=lambda one: one.version, default=None)

    def _counting(self, tried: Tried, at: datetime) -> Trial | None:
        """Return the trial in which somebody counts at this moment, None if it is too late."""
        trial = self._now(tried.trial)
        is_counting = (
            trial is not None and trial.is_open and at <= trial.due_at and tried.branch < len(trial.sent)
        )
        return trial if is_counting else None

    def _those(self, profile_id: ProfileId, enrollments: Collection[EnrollmentId]) -> list[Tried]:
        return [one for one in self._of_profile.get(profile_id, {}).values() if one.id in enrollments]

    def _reach(self, trial: Trial, tried: Tried) -> None:
        """Count somebody, once."""
        if not tried.has_reached:
            self._count(trial, tried.branch, reached=1)
            self._put(msgspec.structs.replace(tried, has_reached=True))

    def _count(self, trial: Trial, branch: int, *, sent: int = 0, reached: int = 0) -> None:
        self._trials[trial.key] = msgspec.structs.replace(
            trial,
            sent=_added(trial.sent, branch, sent),
            reached=_added(trial.reached, branch, reached),
        )

    def _decided(self, trial: Trial) -> Trial:
        if trial.winner is not None:
            return trial
        decided = msgspec.structs.replace(trial, winner=best(trial.sent, trial.reached))
        self._trials[trial.key] = decided
        return decided

    def _put(self, tried: Tried) -> None:
        self._of_profile.setdefault(tried.profile_id, {})[tried.key] = tried


def _begun(key: TrialKey, step: SplitStep, winner: Winner, at: datetime, clock: tzinfo) -> Trial:
    nobody = (0,) * len(step.shares)
    return Trial(
        campaign_id=key.campaign_id,
        run=key.run,
        step=key.step,
        version=key.version,
        by=winner.by,
        began_at=at,
        due_at=winner.after.after(at, clock),
        sent=nobody,
        reached=nobody,
    )


def _going_on(earlier: Trial, begun: Trial, now: datetime) -> Trial:
    """Return a trial with what an earlier version counted, if it has as many branches and measures the same.

    Where the new version's time has passed already, it is due now.
    """
    due_at = max(begun.due_at, now)
    if len(earlier.sent) != len(begun.sent) or earlier.by != begun.by:
        return msgspec.structs.replace(begun, due_at=due_at)
    return msgspec.structs.replace(
        begun, due_at=due_at, sent=earlier.sent, reached=earlier.reached, winner=earlier.winner
    )


def _numbers(tried: Tried, splits: Sequence[SplitStep]) -> set[int]:
    """Return the numbers of the sends in the branch that somebody took."""
    split = next((one for one in splits if one.id == tried.step), None)
    if split is None or tried.branch >= len(split.shares):
        return set()
    return {send.number for send in sends_of(split.shares[tried.branch].steps)}


def _number_of(message: str, enrollment: EnrollmentId) -> int | None:
    """Return the number of the send that a message of an enrollment is of, None if it is another's message."""
    is_of_it = message == enrollment or message.startswith(f"{enrollment}.")
    return number_in(MessageId(message)) if is_of_it else None


def _added(counts: tuple[int, ...], branch: int, more: int) -> tuple[int, ...]:
    return tuple(count + more if place == branch else count for place, count in enumerate(counts))
