"""What is wrong with a question asked of the store."""


class QueryError(ValueError):
    """The query or a filter cannot be answered: change it as the message says."""
