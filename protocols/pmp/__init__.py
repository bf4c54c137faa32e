"""pmp, our POS maintenance protocol. Its format is written down in ``firmware-notes/pmp.md``."""
