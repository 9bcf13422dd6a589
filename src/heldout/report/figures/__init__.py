"""Figures as SVG text, one kind per module, drawn by Matplotlib in one style that follows the reader's light or dark theme."""
