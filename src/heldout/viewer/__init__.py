"""The pages of a site: gathered from stores and kept evidence, written to a folder or served live."""
