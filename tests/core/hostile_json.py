"""JSON texts as somebody careless or hostile writes them, and uploaded records that have them in odd places.

Texts, not values: a member twice, `1e999`, half an emoji and a hundred brackets are lost on the way through a `dict`.
Records are good ones with a member or two spoilt, for one that is odd all over is refused before it is looked into.
"""

import json

from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=10)  # halves of surrogate pairs included
LONG_TEXT = st.sampled_from(
    ["x" * 120, "x" * 121, "é" * 512, "x" * 513, "😀" * 513, " " * 30, "\0", "$D_", "$D_x"]
)
NUMBERS = st.sampled_from(
    ["0", "-0", "-0.0", "1.5", "1e2", "1e999", "-1e999", "1e-999", "9" * 400, "true", "false", "null"]
    + [str(number) for number in (2**31, 2**53, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 1_700_000_000_000)]
)
NESTED = st.sampled_from(
    ["[" * n + "]" * n for n in (2, 4, 5, 100)] + ['{"a":' * n + "1" + "}" * n for n in (3, 5)]
)
LISTS = st.sampled_from(
    ["[" + ",".join([item] * n) + "]" for item in ("1", '"a"', "{}") for n in (0, 100, 101, 257)]
)

EVENT_KEYS = st.sampled_from(["Amount", "items", "When", "a.b", "", "$set"])
PROFILE_KEYS = st.sampled_from(["tags", "Name", "Tz", "Identity", "FBID", "a#b"])
CHECKED_KEYS = st.sampled_from(
    ["Phone", "e mail", "GENDER", "DOB", "Age", "Employed", "Married", "Education"]
)
TOKEN_KEYS = st.sampled_from(["id", "type", "keys"])
OPERATORS = st.sampled_from(["$set", "$add", "$remove", "$incr", "$decr", "$delete", "$other"])


def written(text: str) -> str:
    return json.dumps(text)


def members(names: st.SearchStrategy[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects, some of which have a member twice."""
    pairs = st.lists(st.tuples(names.map(written), values), max_size=4)
    return pairs.map(lambda found: "{" + ",".join(f"{name}:{value}" for name, value in found) + "}")


LEAVES = (ANY_TEXT | LONG_TEXT).map(written) | NUMBERS | NESTED | LISTS
VALUES = LEAVES | st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]")
        | members(ANY_TEXT, inner)
        | members(OPERATORS, inner)
    ),
    max_leaves=4,
)
PLAUSIBLE = st.sampled_from(["+6591230000", "9123 0000", "+0", "a@b.sg", "31", "F"]).map(written)
EVENT_DATA = members(EVENT_KEYS | ANY_TEXT, VALUES)
PROFILE_DATA = members(PROFILE_KEYS, VALUES) | members(CHECKED_KEYS, PLAUSIBLE | VALUES)
TOKEN_DATA = members(TOKEN_KEYS, VALUES | st.sampled_from(['"fcm"', '"chrome"', '"t"']))

GOOD = {
    "event": {"identity": '"u1"', "evtName": '"Looked"', "evtData": '{"a":1}'},
    "purchase": {"identity": '"u1"', "evtName": '"Charged"', "evtData": '{"Amount":5,"Items":[{"a":1}]}'},
    "profile": {"identity": '"u1"', "profileData": '{"Name":"Ann"}'},
    "token": {"objectId": '"d1"', "tokenData": '{"id":"t","type":"fcm"}'},
}
TYPES = {"event": '"event"', "purchase": '"event"', "profile": '"profile"', "token": '"token"'}
DATA = {
    "event": st.tuples(st.just("evtData"), EVENT_DATA),
    "purchase": st.tuples(st.just("evtData"), EVENT_DATA),
    "profile": st.tuples(st.just("profileData"), PROFILE_DATA),
    "token": st.tuples(st.just("tokenData"), TOKEN_DATA),
}
KNOWN = [
    "identity",
    "objectId",
    "FBID",
    "GPID",
    "ts",
    "type",
    "evtName",
    "evtData",
    "profileData",
    "tokenData",
]
MANY = "{" + ",".join(f'"k{n}":1' for n in range(101)) + "}"
ODD_MEMBERS = (
    st.tuples(st.sampled_from(KNOWN), VALUES)
    | st.tuples(
        st.just("evtName"), st.sampled_from(["", " ", "Stayed", "a.b", "Charged", "New"]).map(written)
    )
    | st.just(("evtData", MANY))
)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """A record as bytes of JSON: of a kind that is good, with odd data, odd members or some missing."""
    kind = draw(st.sampled_from([*GOOD, "none"]))
    if kind == "none":
        return draw(VALUES).encode()
    record = {"type": TYPES[kind], **GOOD[kind]}
    match draw(st.sampled_from(["data", "data", "members", "missing"])):
        case "data":
            record |= [draw(DATA[kind])]
        case "members":
            record |= draw(st.lists(ODD_MEMBERS, min_size=1, max_size=2))
        case _:
            record.pop(draw(st.sampled_from(list(record))))
    return ("{" + ",".join(f'"{name}":{value}' for name, value in record.items()) + "}").encode()
