"""Whether a send shortens its links, where it was published before links were shortened. Pure.

Such a send keeps its links as they are, whatever else of it changes, until somebody writes `shorten: true`. People see
it as `shorten: false`, which means the same.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET

from tellwire.platform.language.each_send import each_send
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.step import SendStep, Step, StepId, sends_of


def settled(steps: Sequence[Step], known: Campaign | None) -> tuple[Step, ...]:
    """Return what was written with what is known of before: a send of the same id stays of before by saying nothing."""
    before = {} if known is None else {one.id: one for one in sends_of(known.steps) if one.before_links}
    return each_send(steps, lambda send: _settled(send, before))


def _settled(send: SendStep, before: Mapping[StepId, SendStep]) -> SendStep:
    is_before = send.id in before and send.content.shorten is not True
    shorten = UNSET if is_before or send.content.shorten is not False else False
    if (is_before, shorten) == (send.before_links, send.content.shorten):
        return send
    content = msgspec.structs.replace(send.content, shorten=shorten)
    return msgspec.structs.replace(send, content=content, before_links=is_before)
