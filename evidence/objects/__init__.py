"""Where bytes are kept: the port, its two stores, the keys, and the probe of what a store really enforces."""
