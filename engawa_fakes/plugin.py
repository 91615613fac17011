"""Where pytest finds the fixtures. Whoever runs pytest without pytest-asyncio, for something else, is left in peace."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("asyncio"):
        from engawa_fakes import fixtures

        config.pluginmanager.register(fixtures, "engawa_fakes.fixtures")
