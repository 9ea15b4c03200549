"""Pictures that are drawn once and committed: not served by code, not part of the tests."""
