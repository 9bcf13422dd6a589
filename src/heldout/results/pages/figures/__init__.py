"""The figures of a comparison, drawn on the report's panels in the report's style."""
