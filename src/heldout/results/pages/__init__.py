"""The one page of a comparison: in the terminal, as Markdown, as HTML and as JSON."""
