"""Every question asked of the store. Never writes; light to import, `search` starts cold."""
