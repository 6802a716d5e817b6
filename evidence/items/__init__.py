"""Evidence items: originals that are never altered, and the derivatives that point to them."""
