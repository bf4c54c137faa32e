"""Guided mode: the menu engine tells a person what to press, and the person says what the terminal shows."""
