"""What is checked of the evidence, alike when a statement is issued and when it is verified (I5)."""
