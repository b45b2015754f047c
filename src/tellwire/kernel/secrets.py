"""Secrets at rest: stored credentials sealed, passwords and API keys hashed, all compared in constant time.

Sealing needs the one key that `load_or_create_key` keeps beside the data; hashes need none.
Who may sign in, and what a key opens, is not decided here. No error or `repr` of this file shows a secret.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tellwire.kernel.disk import sync

KEY_OCTETS: Final = 32
PASSWORD_LIMIT: Final = 1024  # characters; longer is no password but an attempt to keep us busy

_PREFIX: Final = "sealed:v1:"
_NONCE_OCTETS: Final = 12  # random, so one key is good for 2 ** 32 seals (NIST SP 800-38D, 8.3)
_TAG_OCTETS: Final = 16


class SealBroken(Exception):
    """A text is not a sealed one, was changed, or was sealed with another key."""


class KeyLost(Exception):
    """The key file is gone, and what it sealed is still there; the message says what to do."""


class Vault:
    """Seals and opens stored credentials with AES-256-GCM under one key."""

    __slots__ = ("_cipher", "_derive", "_key_id")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_OCTETS:
            raise ValueError(f"a vault's key has {KEY_OCTETS} octets, not {len(key)}")
        self._cipher = AESGCM(key)
        self._derive = hmac.new(key, b"tellwire derived secrets", hashlib.sha256)
        self._key_id = hashlib.sha256(b"tellwire key id:" + key).hexdigest()[:8]

    def seal(self, plain: str) -> str:
        """Return `plain` as "sealed:v1:<key id>:<base64url>"; sealing twice gives two different texts."""
        head = f"{_PREFIX}{self._key_id}:"
        nonce = secrets.token_bytes(_NONCE_OCTETS)
        sealed = self._cipher.encrypt(nonce, _octets(plain), head.encode())
        return head + base64.urlsafe_b64encode(nonce + sealed).decode()

    def derived(self, purpose: str) -> bytes:
        """Return 32 octets for this purpose that only the key's owner can make; they stay while the key does."""
        derive = self._derive.copy()
        derive.update(purpose.encode())
        return derive.digest()

    def open(self, sealed: str) -> str:
        """Return what was sealed; raises `SealBroken`, whose words name the reason and no content."""
        head, payload = self._taken_apart(sealed)
        try:
            data = self._cipher.decrypt(payload[:_NONCE_OCTETS], payload[_NONCE_OCTETS:], head.encode())
        except InvalidTag:
            raise SealBroken("the sealed text was changed since it was sealed") from None
        return data.decode("utf-8", "surrogatepass")

    def opens(self, sealed: str) -> bool:
        """Say whether what was sealed can be opened."""
        try:
            self.open(sealed)
        except SealBroken:
            return False
        return True

    def _taken_apart(self, sealed: str) -> tuple[str, bytes]:
        key_id, colon, body = sealed.removeprefix(_PREFIX).partition(":")
        if not (is_sealed(sealed) and colon):
            raise SealBroken("this is no sealed text")
        if not same(key_id, self._key_id):
            raise SealBroken("it was sealed with another key: put the key file of that time back")
        return f"{_PREFIX}{key_id}:", _payload_in(body)


def _payload_in(body: str) -> bytes:
    """Return what `seal` wrote in base64url, in exactly that writing: base64 has several for some octets."""
    try:
        payload = base64.urlsafe_b64decode(body)
    except ValueError:
        payload = b""
    if base64.urlsafe_b64encode(payload).decode() != body or len(payload) < _NONCE_OCTETS + _TAG_OCTETS:
        raise SealBroken("the sealed text is damaged or cut short")
    return payload


def is_sealed(text: str) -> bool:
    """Say whether `text` looks like what `Vault.seal` gives."""
    return text.startswith(_PREFIX)


def load_or_create_key(path: Path, *, has_sealed: bool = False) -> bytes:
    """Return the key kept in `path`, making one (mode 0600, on disk before this returns) if there is none.

    Two processes that start together get the same key, and a crash leaves either a whole key or none.
    `has_sealed` says that the store holds what a key has sealed: then a new one would open none of it.
    Raises `KeyLost` for that, `ValueError` if the file holds no key, `OSError` if it cannot be read or made.
    Blocks: call at start.
    """
    try:
        return _key_in(path)
    except FileNotFoundError:
        if has_sealed:
            raise KeyLost(
                f"{path} is gone, and with it what opens the stored credentials: put it back from a backup. If it is"
                f" lost for good, make a new one (openssl rand -hex {KEY_OCTETS} > {path}), start, and enter every"
                " credential again."
            ) from None
        _write_once(path, secrets.token_hex(KEY_OCTETS) + "\n")
        return _key_in(path)


def _key_in(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_OCTETS:
        digits = KEY_OCTETS * 2
        raise ValueError(f"{path} holds no key of {digits} hexadecimal digits: restore it from a backup")
    return key


def _write_once(path: Path, text: str) -> None:
    """Put `text` into a new file whole and synced; if another process was first, leave its file."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # Unlike a rename, fails if the name is taken.
        except FileExistsError:
            return
    finally:
        draft.unlink()
    sync(path.parent)


# Argon2id with OWASP's first choice of parameters: 19 MiB, two passes, one lane; some 20 ms of one core.
_passwords: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# The hash of a random password that nobody kept: checked for accounts that do not exist.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$+fW+4vFaEIdTDIzEXQDyeA$aWQglVZeY3r5YesbDg30scaMxLVr9CkG0LD6Uf+TwjA"
)


def hash_password(password: str) -> str:
    """Return the Argon2id hash to store; `ValueError` above `PASSWORD_LIMIT` characters. Blocks: use a thread."""
    if len(password) > PASSWORD_LIMIT:
        raise ValueError(f"a password has at most {PASSWORD_LIMIT} characters")
    return _passwords.hash(_octets(password))


def verify_password(password: str, hashed: str | None) -> bool:
    """Say whether `password` is the one that `hashed` was made of.

    For an account that does not exist pass None: the answer is no, and takes as long as any other, so that the
    time does not tell which accounts there are. Blocks for some 20 ms: use a thread.
    """
    if len(password) > PASSWORD_LIMIT:
        return False
    try:
        _passwords.verify(_octets(_NOBODY if hashed is None else hashed), _octets(password))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def new_key(prefix: str) -> str:
    """Return a new API key: `prefix`, "_" and 43 URL-safe characters of 256 random bits."""
    return f"{prefix}_{secrets.token_urlsafe(KEY_OCTETS)}"


def hash_key(key: str) -> str:
    """Return the SHA-256 of an API key in hexadecimal, to be stored and looked up by.

    Enough for a key of 256 random bits, which nobody can guess through; never for a password.
    """
    return hashlib.sha256(_octets(key)).hexdigest()


def same(a: str, b: str) -> bool:
    """Say whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_octets(a), _octets(b))


def _octets(text: str) -> bytes:
    """Return UTF-8 that exists for every `str`: a stray surrogate from a JSON body must not raise in a check."""
    return text.encode("utf-8", "surrogatepass")
