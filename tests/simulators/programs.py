"""Programs that the tests call as independent judges."""

import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skip a test where a program is missing; under CI that is a failure."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")
