"""How many uploads may be under way at once, and how much memory their bodies may take, all together.

A body that says its length has that much reserved at once. One that does not, or is packed, has what has arrived of
it, and what it is unpacked: a reservation of the most that it might become would refuse the thirteenth small one.
"""

from typing import Final

from tellwire.kernel.web.asgi import Message, Receive

# More than fifteen of the largest, which is as many as CleverTap takes at a time (contract 4.1).
BODIES_LIMIT: Final = 96 * 1024 * 1024


class Room:
    """What is free; `enter` takes a place in it."""

    __slots__ = ("octets", "requests")

    def __init__(self, requests: int, octets: int) -> None:
        self.requests = requests
        self.octets = octets

    def enter(self, octets: int) -> "Place | None":
        """Return the place of one more upload, whose body takes so much by now, or None when there is no room."""
        if self.requests < 1 or self.octets < octets:
            return None
        self.requests -= 1
        self.octets -= octets
        return Place(self, octets)


class Place:
    """One upload's part of the room, until it leaves."""

    __slots__ = ("_room", "octets")

    def __init__(self, room: Room, octets: int) -> None:
        self._room = room
        self.octets = octets

    def grow_to(self, octets: int) -> bool:
        """Take so much in all, if there is room; a body that has become smaller keeps what it had."""
        more = octets - self.octets
        if more > self._room.octets:
            return False
        if more > 0:
            self._room.octets -= more
            self.octets = octets
        return True

    def leave(self) -> None:
        """Give everything back."""
        self._room.requests += 1
        self._room.octets += self.octets


class Arriving:
    """Receives a body and reserves what arrives of it; to its reader it ends where there is no room for more."""

    __slots__ = ("_arrived", "_place", "_receive", "is_refused")

    def __init__(self, receive: Receive, place: Place) -> None:
        self._receive = receive
        self._place = place
        self._arrived = 0
        self.is_refused = False

    async def __call__(self) -> Message:
        """Return the next message of the request."""
        message = await self._receive()
        self._arrived += len(message.get("body", b""))
        if self._place.grow_to(self._arrived):
            return message
        self.is_refused = True
        return {"type": "http.disconnect"}
