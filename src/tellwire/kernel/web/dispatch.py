"""Finds the raw ASGI function for a request, and answers what every application answers alike: 404, 405, OPTIONS.

A pattern is one of
    /1/upload               exactly this path
    /hooks/{provider}/in    each `{name}` is one part of the path, never empty; given in `scope["path_params"]`
    /static/*               everything below; the rest of the path is given as `path_params["rest"]`
`scope["route"]` is the pattern that was found.
Exact paths win over those with names, fewest first, and those over what ends in `*`, longest first.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.web.asgi import App, Headers, Receive, Scope, Send, answer

_NOT_FOUND: Final = 404
_NOT_ALLOWED: Final = 405
_NO_CONTENT: Final = 204
_NAME: Final = re.compile(r"\\\{(\w+)\\\}")


class Route(msgspec.Struct, frozen=True):
    """One pattern and the function behind it; `methods` in capitals, GET answers HEAD too."""

    methods: frozenset[str]
    pattern: str
    app: App


def route(methods: str, pattern: str, app: App) -> Route:
    """Return a route for methods in words: `route("GET POST", "/api/x", app)`."""
    return Route(frozenset(methods.split()), pattern, app)


async def not_found(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer 404 to any request; the fallback of a `Dispatch` that has no other."""
    if scope["type"] == "http":
        await answer(send, _NOT_FOUND, b"There is nothing here.\n")


async def not_allowed(send: Send, headers: Headers) -> None:
    """Answer 405 with the headers that name the methods; what a `Dispatch` does that has no other word for it."""
    await answer(send, _NOT_ALLOWED, b"This address does not take that method.\n", headers=headers)


RefuseMethod: TypeAlias = Callable[[Send, Headers], Awaitable[None]]


class Dispatch:
    """An ASGI app of routes; what no route knows (other paths, `lifespan`, web sockets) goes to `fallback`.

    A method that a path does not take is answered by `refuse_method`, which gets the `Allow` header to send along.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        fallback: App = not_found,
        *,
        refuse_method: RefuseMethod = not_allowed,
    ) -> None:
        self._exact: dict[str, dict[str, App]] = {}
        self._patterns: list[tuple[str, re.Pattern[str], dict[str, App]]] = []
        self._fallback = fallback
        self._refuse_method = refuse_method
        by_pattern: dict[str, dict[str, App]] = {}
        for one in routes:
            known = by_pattern.setdefault(one.pattern, {})
            if known.keys() & one.methods:
                raise ValueError(f"two routes answer the same method at {one.pattern}")
            known.update(dict.fromkeys(one.methods, one.app))
        for pattern in sorted(by_pattern, key=_precedence):
            if "{" in pattern or pattern.endswith("*"):
                self._patterns.append((pattern, _compiled(pattern), by_pattern[pattern]))
            else:
                self._exact[pattern] = by_pattern[pattern]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            await self._fallback(scope, receive, send)
            return
        apps = self._exact.get(scope["path"])
        if apps is not None:
            scope["route"] = scope["path"]
        else:
            apps = self._match(scope)
        if apps is None:
            await self._fallback(scope, receive, send)
            return
        method = scope["method"]
        app = apps.get(method) or (apps.get("GET") if method == "HEAD" else None)
        if app is None:
            await self._say_methods(method, apps, send)
            return
        await app(scope, receive, send)

    async def _say_methods(self, method: str, apps: dict[str, App], send: Send) -> None:
        known = {*apps, "OPTIONS"} | ({"HEAD"} if "GET" in apps else set())
        allow = [(b"allow", ", ".join(sorted(known)).encode())]
        if method == "OPTIONS":
            await answer(send, _NO_CONTENT, headers=allow)
        else:
            await self._refuse_method(send, allow)

    def _match(self, scope: Scope) -> dict[str, App] | None:
        path = scope["path"]
        for pattern, form, apps in self._patterns:
            match = form.fullmatch(path)
            if match is not None:
                scope["path_params"], scope["route"] = match.groupdict(), pattern
                return apps
        return None


def _precedence(pattern: str) -> tuple[bool, int, int]:
    return pattern.endswith("*"), pattern.count("{"), -len(pattern)


def _compiled(pattern: str) -> re.Pattern[str]:
    fixed = re.escape(pattern.removesuffix("*"))
    named = _NAME.sub(r"(?P<\1>[^/]+)", fixed)
    return re.compile(named + ("(?P<rest>.*)" if pattern.endswith("*") else ""))
