"""Where a provider's form holds secrets: shown as `***`, put back when the form returns, filled in from names. Pure.

A stored secret goes back only to the server it was stored for: who may change an address must not thereby learn it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.origin import is_same_origin
from tellwire.platform.control.provider_form import (
    BasicForm,
    FormForm,
    JsonForm,
    NoneForm,
    OAuth2Form,
    Pairs,
    ProviderForm,
    QueryForm,
)
from tellwire.platform.senders.masking import (
    MASK,
    each_in_json,
    each_in_query,
    is_literal,
    is_public_header,
    is_secret_name,
)

_MOVED: Final = "Enter this again: the server is another one now, and a stored secret goes to its own only."
_MISSING: Final = "Enter the value: none is stored under this name."


class Place(msgspec.Struct, frozen=True):
    """Where one secret stands: `path` is the field that holds it, `part` and `name` are what it is found again by."""

    path: str
    part: str
    name: str = ""

    @property
    def mask(self) -> str:
        """What stands here instead of the secret: in JSON with its quotation marks, for numbers too."""
        return f'"{MASK}"' if self.part == "json" else MASK


Turn: TypeAlias = Callable[[Place, str], str]


def each_secret(form: ProviderForm, turn: Turn) -> ProviderForm:
    """Return the form with what stands in every place of a secret turned; tokens may stand there too."""

    def endpoint(name: str, value: str) -> str:
        return turn(Place("endpoint", "endpoint", name.casefold()), value)

    return msgspec.structs.replace(
        form,
        endpoint=each_in_query(form.endpoint, endpoint),
        headers=_pairs(form.headers, "headers", "header", turn, lambda name: not is_public_header(name)),
        authentication=_authentication(form.authentication, turn),
        parameters=_parameters(form.parameters, turn),
    )


def masked_form(form: ProviderForm) -> ProviderForm:
    """Return the form as people may see it."""
    return each_secret(form, lambda place, value: place.mask if is_literal(value) else value)


def restored_form(form: ProviderForm, stored: ProviderForm | None) -> tuple[ProviderForm, dict[str, str]]:
    """Return the form with every `***` replaced by what is stored, and why some cannot be, by field."""
    known = _values(stored) if stored else {}
    counts = Counter({key: len(values) for key, values in _values(form).items()})
    seen: Counter[tuple[str, str]] = Counter()
    problems: dict[str, str] = {}

    def turn(place: Place, value: str) -> str:
        key = (place.part, place.name)
        seen[key] += 1
        if value != place.mask:
            return value
        candidates = known.get(key, [])
        if len(candidates) == counts[key]:
            candidates = [candidates[seen[key] - 1]]
        if len(set(candidates)) != 1 or candidates[0] == place.mask:
            problems.setdefault(place.path, _MISSING)
        elif stored is not None and not _stays(place, form, stored):
            problems.setdefault(place.path, _MOVED)
        else:
            return candidates[0]
        return value

    return each_secret(form, turn), problems


def _stays(place: Place, form: ProviderForm, stored: ProviderForm) -> bool:
    """Say whether a secret goes where it went: what buys a token (OAuth) goes to two servers, the token to one."""
    if not is_same_origin(form.endpoint, stored.endpoint):
        return False
    new, old = form.authentication, stored.authentication
    if place.part != "oauth2" or not isinstance(new, OAuth2Form) or not isinstance(old, OAuth2Form):
        return True
    return is_same_origin(new.token_url, old.token_url)


def _values(form: ProviderForm) -> dict[tuple[str, str], list[str]]:
    values: dict[tuple[str, str], list[str]] = defaultdict(list)

    def note(place: Place, value: str) -> str:
        values[place.part, place.name].append(value)
        return value

    each_secret(form, note)
    return values


def _authentication(form: NoneForm | BasicForm | OAuth2Form, turn: Turn) -> NoneForm | BasicForm | OAuth2Form:
    match form:
        case NoneForm():
            return form
        case BasicForm(password=password):
            place = Place("authentication.password", "basic")
            return msgspec.structs.replace(form, password=turn(place, password))
        case OAuth2Form(token_url=token_url, client_secret=secret, extra=extra):
            place = Place("authentication.client_secret", "oauth2")

            def turn_in_query(name: str, value: str) -> str:  # the "?" keeps it apart from a pair of `extra`
                return turn(Place("authentication.token_url", "oauth2", f"?{name.casefold()}"), value)

            return msgspec.structs.replace(
                form,
                token_url=each_in_query(token_url, turn_in_query),
                client_secret=turn(place, secret),
                extra=_pairs(extra, "authentication.extra", "oauth2", turn, is_secret_name),
            )


def _parameters(form: QueryForm | FormForm | JsonForm, turn: Turn) -> QueryForm | FormForm | JsonForm:
    match form:
        case JsonForm(template=template):

            def member(name: str, value: str) -> str:
                return turn(Place("parameters.template", "json", name.casefold()), value)

            return JsonForm(template=each_in_json(template, member))
        case QueryForm(pairs=pairs) | FormForm(pairs=pairs):
            return type(form)(pairs=_pairs(pairs, "parameters.pairs", "pair", turn, is_secret_name))


def _pairs(pairs: Pairs, path: str, part: str, turn: Turn, is_secret: Callable[[str], bool]) -> Pairs:
    return tuple(
        (name, turn(Place(f"{path}[{position}][1]", part, name.strip().casefold()), value))
        if is_secret(name)
        else (name, value)
        for position, (name, value) in enumerate(pairs)
    )
