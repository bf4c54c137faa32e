"""An identity file under a passphrase, made by hand with a cheap work factor: age's own takes a second each time.

Format: age-encryption.org/v1, sections "The scrypt recipient type", "Header MAC" and "Payload".
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LOG_N = 4
SALT, FILE_KEY, NONCE = b"salt of the test", b"key of the file!", b"nonce of a chunk"
ONLY_CHUNK = bytes(11) + b"\x01"


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _derived(salt: bytes | None, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(FILE_KEY)


def sealed(text: str, passphrase: str) -> bytes:
    """Encrypt a text under a passphrase."""
    label = b"age-encryption.org/v1/scrypt"
    wrap = hashlib.scrypt(passphrase.encode(), salt=label + SALT, n=1 << LOG_N, r=8, p=1, dklen=32)
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), FILE_KEY, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_base64(SALT), LOG_N, _base64(body))
    mac = hmac.digest(_derived(None, b"header"), header, "sha256")
    payload = ChaCha20Poly1305(_derived(NONCE, b"payload")).encrypt(ONLY_CHUNK, text.encode(), None)
    return header + b" " + _base64(mac) + b"\n" + NONCE + payload
