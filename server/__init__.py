"""Every process, socket and wire of Sightline."""
