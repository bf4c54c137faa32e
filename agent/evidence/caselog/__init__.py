"""The log of cases: an append-only Merkle tree of what was meant and what came of it, in the formats of C2SP."""
