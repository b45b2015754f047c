"""Serves CleverTap's addresses beside `/1/upload`: who asks, the body within bounds, the answer in its form.

Answers are JSON whatever happens (contract 5.4), and a `Problem` of ours is written in the words of the body.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import App, Receive, Scope, Send, answer, query
from tellwire.kernel.web.dispatch import Route, route
from tellwire.platform.control.clevertap.words import Words, object_in
from tellwire.platform.control.problem import Problem
from tellwire.platform.intake.clevertap.door import (
    COME_AGAIN,
    JSON,
    Door,
    Headers,
    Refused,
    declared,
    read_body,
    refuse,
)
from tellwire.platform.intake.clevertap.room import Room
from tellwire.platform.ports.errors import StoreError

# As CleverTap takes at each of these addresses (contract 4.1): what looks at many people or campaigns.
AT_ONCE: Final = 3
CALLS_AT_ONCE: Final = 256  # a call is a small thing, and some callers send each code by itself
BODIES_LIMIT: Final = 32 * 1024 * 1024  # of one address
BODY_LIMIT: Final = 1024 * 1024  # a thousand names of a kilobyte

_EVERY_METHOD: Final = "GET POST PUT PATCH DELETE"
_FULL: Final = Refused(429, "Too many requests at once: wait for some to be answered.")
_NO_POST: Final = Refused(405, "This is sent with POST.")
_NO_GET: Final = Refused(405, "This is asked for with GET.")
_UNPROCESSABLE: Final = 422  # of our own API; to CleverTap's clients it is 400
# The words of a body by what they have become in the language, for what is wrong with that.
_WORDS: Final = (
    ("steps[0].send.through", "provider_nick_name"),
    ("steps[0].send.text", "content.body"),
    ("steps[0].send.template_id", "content.message_info.template_id"),
    ("steps[0].send", "content"),
    ("start", "when"),
    ("who", "where"),
    ("limits", "users_limit"),
    ("quiet", "dnd"),
    ("goal", "conversion_goal"),
)

Answer: TypeAlias = dict[str, Any]
Serve: TypeAlias = Callable[[Words], Awaitable[Answer]]


class Address(NamedTuple):
    """What answers at an address, and how many requests it takes at once."""

    serve: Serve
    at_once: int = AT_ONCE
    is_asked: bool = False  # with GET and a query, which is then the body's words


class Served:
    """The addresses, and what answers at each."""

    def __init__(self, door: Door, addresses: Mapping[str, Address]) -> None:
        self._door = door
        self._addresses = addresses

    def routes(self) -> Sequence[Route]:
        """Return the addresses, each with every method, so that a wrong one is answered in JSON too."""
        routes = [route(_EVERY_METHOD, path, self._app(path, one)) for path, one in self._addresses.items()]
        return [*routes, route(_EVERY_METHOD, "/2/*", self.unknown)]

    async def unknown(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer an address of CleverTap's that is not ours; to strangers not even that."""
        refused = self._door.stranger(scope, dict(scope["headers"]))
        await refuse(send, refused or Refused(404, "There is nothing at this address."))

    def _app(self, path: str, address: Address) -> App:
        room = Room(address.at_once, BODIES_LIMIT)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            headers: Headers = dict(scope["headers"])
            done: Answer | Refused | None = _wrong_method(scope["method"], address)
            done = done or self._door.stranger(scope, headers)
            if done is None and address.is_asked:
                done = await _outcome(address.serve, msgspec.json.encode(query(scope)))
            elif done is None:
                done = await _taken(scope, headers, receive, room, address.serve)
            if not isinstance(done, Refused):
                await answer(send, 200, msgspec.json.encode(done), kind=JSON)
                return
            if done.status not in COME_AGAIN:
                log("event.refused", "warning", wire="clevertap", path=path, status=done.status)
            await refuse(send, done)

        return app


def _wrong_method(method: str, address: Address) -> Refused | None:
    if address.is_asked:
        return None if method in {"GET", "HEAD"} else _NO_GET
    return None if method == "POST" else _NO_POST


async def _taken(
    scope: Scope, headers: Headers, receive: Receive, room: Room, serve: Serve
) -> Answer | Refused:
    """Return what was made of a request for which there is room, or why nothing was."""
    octets = declared(headers)
    if octets > BODY_LIMIT:
        return Refused(413, f"The body is longer than {BODY_LIMIT} bytes.")
    place = room.enter(octets)
    if place is None:
        return _FULL
    try:
        body = await read_body(scope, headers, receive, place, BODY_LIMIT, _FULL)
        return body if isinstance(body, Refused) else await _outcome(serve, body)
    finally:
        place.leave()


async def _outcome(serve: Serve, body: bytes) -> Answer | Refused:
    """Return what was made of a body, or why nothing was."""
    try:
        return await serve(object_in(body))
    except Problem as problem:
        status = 400 if problem.status == _UNPROCESSABLE else problem.status
        return Refused(status, _why(problem))
    except StoreError as error:
        log("request.failed", "error", error=error)
        return Refused(503, "The store cannot be reached or is full: send it again.")


def _why(problem: Problem) -> str:
    """Return a problem in one sentence, its fields by the words of the body."""
    if not problem.fields:
        return problem.message
    return " ".join(f"{_word(path)}: {why}" for path, why in problem.fields.items())


def _word(path: str) -> str:
    known = next((word for prefix, word in _WORDS if path.startswith(prefix)), None)
    return path if known is None else known
