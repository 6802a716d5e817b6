"""The real parts the suite starts: database, object store, fan-out, scanner, relay. One module for each."""
