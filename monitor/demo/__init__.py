"""A miniature web on loopback and two rounds over it: lendwatch shown on input that it brings."""
