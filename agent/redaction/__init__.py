"""The search for card data and secrets in what is left of a case: bundles, journals, logs, ledgers, papers (I4)."""
