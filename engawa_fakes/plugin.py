"""The fixtures. Each is an empty platform of its own, running while the test runs."""
