"""The agent's signing key: where it is kept, how it is unlocked, and who certified it."""
