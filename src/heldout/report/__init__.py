"""A result for people and programs: terminal, Markdown, HTML, JSON, figures, citations. The numbers come from one place."""
