"""The version of this code, as the distribution states it."""

from importlib.metadata import version

VERSION = version("sightline")
