"""Whom the evidence is checked against: certificates, chains, revocations."""
