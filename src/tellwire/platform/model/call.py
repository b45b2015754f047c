"""Calls of other systems that steps make: requests that wait until somebody has them, or until we give up."""

from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import EnrollmentId
from tellwire.platform.model.step import StepId

CallId = NewType("CallId", str)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request, rendered once. Its id stays the same at each try, so that who is called knows one from before."""

    id: CallId
    campaign_id: CampaignId
    step: StepId
    url: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()
    created_at: datetime

    def __repr__(self) -> str:
        return f"Call({self.id})"


class DueCall(msgspec.Struct, frozen=True):
    """A call that is taken, and how many times it was tried before."""

    call: Call
    tries: int


# How a call ended; `failed` covers templates that gave nothing and tries that are used up.
CallEnd: TypeAlias = Literal["done", "refused", "failed"]


class CallAgain(msgspec.Struct, frozen=True, tag=True):
    """It is to be tried again at a moment."""

    call_id: CallId
    at: datetime


class CallEnded(msgspec.Struct, frozen=True, tag=True):
    """It is over."""

    call_id: CallId
    end: CallEnd


CallSettlement: TypeAlias = CallAgain | CallEnded


def call_id(enrollment: EnrollmentId, step: StepId, visit: int) -> CallId:
    """Return the id of the call of a step: the enrollment's, the step's, and the visit's if it is not the first."""
    return CallId(f"{enrollment}.{step}" + (f".{visit}" if visit else ""))
