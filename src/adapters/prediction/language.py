"""The language of a text by py3langid: a naive Bayes classifier of byte sequences."""

from collections.abc import Mapping

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from adapters.prediction.cards import LANGUAGES


class Language:
    """Loading it takes most of a second and 90 MiB."""

    def __init__(self) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(LANGUAGES)

    def shares(self, text: str) -> Mapping[str, float]:
        found = dict(self._identifier.rank(text))
        return {label: float(found[label]) for label in LANGUAGES}
