"""Bundles of a case: asked for over the wire, built by the worker, kept in the object store."""
