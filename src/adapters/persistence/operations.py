"""Answers that were given to operations, so that a repeated request is told the same."""

from adapters.persistence.mapping import Collection
from application.ports.unit_of_work import StoredAnswer

ANSWERS = Collection("answers", StoredAnswer)
