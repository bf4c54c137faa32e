"""The ledger: all cases of this agent and their journals, in one database."""
