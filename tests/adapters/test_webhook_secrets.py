"""Secrets of webhooks: whoever reads the store alone cannot sign."""

import base64

from adapters.webhooks.secrets import SealedSecrets


def test_a_new_one_is_thirty_two_bytes_and_never_the_same() -> None:
    secrets = SealedSecrets(["a key"])

    one, other = secrets.new(), secrets.new()

    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32


def test_what_is_kept_shows_nothing_and_can_be_opened() -> None:
    secrets = SealedSecrets(["a key"])
    secret = secrets.new()

    sealed = secrets.seal(secret)

    assert secret not in sealed
    assert secret.removeprefix("whsec_") not in sealed
    assert secrets.open(sealed) == secret


def test_a_former_key_still_opens_and_no_other_does() -> None:
    secret = SealedSecrets(["old"]).new()
    sealed = SealedSecrets(["old"]).seal(secret)

    assert SealedSecrets(["new", "old"]).open(sealed) == secret
    assert SealedSecrets(["new"]).open(sealed) is None
    assert SealedSecrets(["new"]).open("nonsense") is None
