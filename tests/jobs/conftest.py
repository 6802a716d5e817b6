"""A running Sightline for the tests of what its worker does."""

from tests.parts.site_fixtures import embedded_site, logs, site

__all__ = ["embedded_site", "logs", "site"]
