from tests.builders import a_provider

from tellwire.kernel.secrets import Vault
from tellwire.platform.backends.embedded.backend import DATABASE_NAME
from tellwire.platform.backends.sealing import SealingCatalog
from tellwire.platform.model.provider import FormParameters, JsonParameters, OAuth2, Pair, Sealed
from tellwire.platform.ports.catalog import PutProvider, Stale
from tellwire.wiring.backend import open_backend

VAULT = Vault(b"k" * 32)


async def saved(backend, vault, *providers):
    catalog = SealingCatalog(backend.catalog, vault)
    current = await catalog.snapshot()
    after = await catalog.save(tuple(PutProvider(p) for p in providers), current.version)
    assert not isinstance(after, Stale)
    return after


async def test_credentials_typed_into_endpoint_and_body_do_not_stand_on_the_disk(tmp_path):
    backend = await open_backend(tmp_path)
    providers = [
        a_provider(
            endpoint="https://sms.example/?api_key=s3cret",
            parameters=JsonParameters('{"password":"s3cret","to":"$$To"}'),
        ),
        a_provider(
            id="b",
            nickname="b",
            parameters=FormParameters((Pair("key", "s3cret"),)),
            authentication=OAuth2(
                token_url="https://x/",
                client_id="me",
                client_secret=Sealed(VAULT.seal("s3cret")),
                extra=(Pair("k", "s3cret"),),
            ),
        ),
    ]

    after = await saved(backend, VAULT, *providers)
    await backend.close()

    assert {p.id: p.endpoint for p in after.providers.values()} == {p.id: p.endpoint for p in providers}
    files = [path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(DATABASE_NAME)]
    assert files
    assert not any(b"s3cret" in content for content in files)


async def test_what_was_saved_is_read_open_again(tmp_path):
    backend = await open_backend(tmp_path)
    provider = a_provider(parameters=JsonParameters('{"password":"s3cret","to":"$$To"}'))

    await saved(backend, VAULT, provider)
    read = await SealingCatalog(backend.catalog, VAULT).snapshot()
    await backend.close()

    assert read.providers[provider.id] == provider


async def test_a_snapshot_is_opened_once_a_version(tmp_path):
    backend = await open_backend(tmp_path)
    catalog = SealingCatalog(backend.catalog, VAULT)

    assert await catalog.snapshot() is await catalog.snapshot()
    await backend.close()


async def test_with_another_key_the_texts_stay_sealed(tmp_path):
    backend = await open_backend(tmp_path)
    await saved(backend, VAULT, a_provider())

    read = await SealingCatalog(backend.catalog, Vault(b"x" * 32)).snapshot()
    await backend.close()

    assert next(iter(read.providers.values())).endpoint.startswith("sealed:v1:")
