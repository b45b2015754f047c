import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tellwire.kernel.secrets import (
    PASSWORD_LIMIT,
    SealBroken,
    Vault,
    hash_key,
    hash_password,
    is_sealed,
    load_or_create_key,
    new_key,
    same,
    verify_password,
)

VAULT = Vault(bytes(range(32)))
SEALED = VAULT.seal("hunter2")  # 35 octets: the last character of their base64 has two idle bits
PASSWORD = "correct horse battery staple"
HASHED = hash_password(PASSWORD)


@given(st.text())
def test_what_is_sealed_opens_again(plain: str) -> None:
    sealed = VAULT.seal(plain)

    assert is_sealed(sealed)
    assert VAULT.open(sealed) == plain


def test_sealing_twice_gives_two_texts_and_shows_nothing() -> None:
    first, second = VAULT.seal("hunter2-hunter2"), VAULT.seal("hunter2-hunter2")

    assert first != second
    assert first.startswith("sealed:v1:")
    assert "hunter2" not in first


@given(st.integers(0, len(SEALED) - 1), st.sampled_from("ABgh01_-:= é\ud800"))
def test_one_changed_character_breaks_the_seal(at: int, other: str) -> None:
    changed = SEALED[:at] + other + SEALED[at + 1 :]
    assume(changed != SEALED)

    with pytest.raises(SealBroken) as broken:
        VAULT.open(changed)

    assert "hunter2" not in str(broken.value)


def test_every_bit_of_the_last_characters_counts() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for last in alphabet:
        changed = f"{SEALED[:-2]}{last}="
        if changed != SEALED:
            with pytest.raises(SealBroken):
                VAULT.open(changed)


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"{VAULT.seal('')[:19]}{text}"))
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(text)


def test_another_key_is_named_as_the_reason() -> None:
    with pytest.raises(SealBroken, match="another key"):
        Vault(bytes(32)).open(VAULT.seal("hunter2"))


def test_a_vault_does_not_show_its_key() -> None:
    vault = Vault(b"k" * 32)

    assert "kkkk" not in repr(vault)
    assert not hasattr(vault, "__dict__")


@pytest.mark.parametrize("octets", [0, 16, 31, 33])
def test_a_vault_takes_only_a_whole_key(octets: int) -> None:
    with pytest.raises(ValueError, match="32 octets"):
        Vault(bytes(octets))


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "key"

    key = load_or_create_key(path)

    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_or_create_key, [tmp_path / "key"] * 32))

    assert len(keys) == 1
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "abc", "00" * 31, "zz" * 32, "é" * 64])
def test_a_damaged_key_file_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content, "utf-8")

    with pytest.raises(ValueError, match="restore it from a backup"):
        load_or_create_key(path)

    assert path.read_text("utf-8") == content


def test_a_password_verifies_against_its_hash_only() -> None:
    assert HASHED.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(PASSWORD, HASHED)
    assert not verify_password(PASSWORD + " ", HASHED)
    assert not verify_password("", HASHED)
    assert not verify_password("\ud800", HASHED)


@pytest.mark.parametrize("hashed", [None, "", "plain", "$argon2id$v=19$m=19456,t=2,p=1$abc", "$2b$12$x", "é"])
def test_no_account_and_no_hash_verify_nothing(hashed: str | None) -> None:
    assert not verify_password(PASSWORD, hashed)


def test_endless_passwords_are_not_hashed() -> None:
    assert not verify_password("a" * (PASSWORD_LIMIT + 1), HASHED)
    with pytest.raises(ValueError, match="at most 1024"):
        hash_password("a" * (PASSWORD_LIMIT + 1))


def test_keys_are_long_new_and_found_by_their_hash() -> None:
    key, other = new_key("tw"), new_key("tw")

    assert key != other
    assert key.startswith("tw_")
    assert len(key) == len("tw_") + 43
    assert hash_key("tw_abc") == "85287d5ca4a3b817fe0d42208dbe925f71cad204281bd709c1ff78c945bfa42e"


@given(st.text(), st.text())
def test_same_is_equality(a: str, b: str) -> None:
    assert same(a, a)
    assert same(a, b) == (a == b)
