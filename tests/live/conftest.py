"""A running Sightline for the tests of its socket and its media."""

from tests.parts.site_fixtures import embedded_site, live_site, logs, site

__all__ = ["embedded_site", "live_site", "logs", "site"]
