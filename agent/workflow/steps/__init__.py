"""The steps of a case, a module each. Each does its work and returns the evidence for the journal."""
