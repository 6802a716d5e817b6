"""A case as a bundle that anybody can keep, read and check without us."""
