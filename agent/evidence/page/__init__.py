"""The certificate for people, ``certificate.pdf``: made from the signed statement, signed, and checked."""
