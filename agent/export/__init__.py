"""The export: a terminal's transactions, totals and parameters, encrypted to the owner's age recipients and proven."""
