"""A private key under a passphrase: PKCS#8 with PBES2 (RFC 8018), as openssl reads it.

The library's own writer turns a passphrase into a key in 2,048 rounds, which a stolen file would not stand long.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

ROUNDS = 600_000
"""Of PBKDF2 with HMAC-SHA-256: about 0.2 s on a desktop."""
SALT_BYTES = 16
KEY_BYTES = 32
LABEL = "ENCRYPTED PRIVATE KEY"


def encrypted_pem(key: ec.EllipticCurvePrivateKey, passphrase: bytes) -> bytes:
    """Write a private key under a passphrase.

    Args:
        key: The key.
        passphrase: Not empty.

    Returns:
        PEM (RFC 7468, section 11): AES-256 in CBC mode under PBKDF2 with HMAC-SHA-256.
    """
    from asn1crypto.algos import Pbkdf2Salt  # loaded only where a key is made
    from asn1crypto.keys import EncryptedPrivateKeyInfo

    salt, start = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(algorithms.AES.block_size // 8)
    derived = PBKDF2HMAC(hashes.SHA256(), KEY_BYTES, salt, ROUNDS).derive(passphrase)
    filler = padding.PKCS7(algorithms.AES.block_size).padder()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealer = Cipher(algorithms.AES(derived), modes.CBC(start)).encryptor()
    sealed = sealer.update(filler.update(plain) + filler.finalize()) + sealer.finalize()
    derived_by = {"salt": Pbkdf2Salt("specified", salt), "iteration_count": ROUNDS, "prf": {"algorithm": "sha256"}}
    scheme = {
        "algorithm": "pbes2",
        "parameters": {
            "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derived_by},
            "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": start},
        },
    }
    info = EncryptedPrivateKeyInfo({"encryption_algorithm": scheme, "encrypted_data": sealed})
    lines = base64.encodebytes(info.dump()).replace(b"\n", b"")
    body = b"".join(lines[at : at + 64] + b"\n" for at in range(0, len(lines), 64))
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (LABEL.encode(), body, LABEL.encode())


def encrypted_at_once(key: ec.EllipticCurvePrivateKey, password: bytes) -> bytes:
    """Write a private key under a password that is itself as random and as long as a key, in next to no time.

    Args:
        key: The key.
        password: Drawn, at least 32 bytes.

    Returns:
        PEM.

    Raises:
        UnsupportedAlgorithm: The key does not leave its token.
    """
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
