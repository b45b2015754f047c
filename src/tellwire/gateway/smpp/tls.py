"""TLS for SMPP: which authority is believed, and which certificate we show. Nothing here speaks SMPP."""

import ssl

import msgspec


class TlsConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Paths of PEM files; an empty `ca_file` means the machine's own authorities.

    `server_name` is the name that the carrier's certificate must bear; empty means the host connected to.
    As a server, `cert_file` and `key_file` are ours, and a `ca_file` asks clients for certificates of that authority.
    """

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    server_name: str = ""
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2  # 8x8 contract 6 asks for 1.3; many carriers are older


def client_context(config: TlsConfig) -> ssl.SSLContext:
    """Return a context that checks the carrier; `OSError` for a file that is missing or no PEM."""
    context = ssl.create_default_context(cafile=config.ca_file or None)
    context.minimum_version = config.minimum
    _show_certificate(context, config)
    return context


def server_context(config: TlsConfig) -> ssl.SSLContext:
    """Return a context for our own server; `OSError` for a file that is missing or no PEM."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=config.ca_file or None)
    context.minimum_version = config.minimum
    if config.ca_file:
        context.verify_mode = ssl.CERT_REQUIRED
    _show_certificate(context, config)
    return context


def _show_certificate(context: ssl.SSLContext, config: TlsConfig) -> None:
    if config.cert_file:
        context.load_cert_chain(config.cert_file, config.key_file or None)
