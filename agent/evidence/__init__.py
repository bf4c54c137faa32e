"""Evidence of a case: what is signed, by whom, and how anybody checks it."""
