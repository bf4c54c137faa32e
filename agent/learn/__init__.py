"""Learning a terminal that no profile knows: its screens and keys, recorded into a draft profile with its note."""
