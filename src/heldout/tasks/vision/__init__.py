"""Images: real handwritten digits, and what may happen to them."""
