"""What the models that come with Portico say of themselves, without being loaded."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

from domain.predictions import Model, ModelName

SENTIMENTS = ("positive", "neutral", "negative")
LANGUAGES = (
    *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id"),
    *("it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "sw", "ta", "te", "th"),
    *("tr", "uk", "ur", "vi", "zh"),
)
"""ISO 639-1. Of the 140 that py3langid knows, those that people are likely to write: rare neighbours cost short texts
dearly."""


@cache
def cards() -> Sequence[Model]:
    return (
        Model(
            name=ModelName.SENTIMENT,
            description="Whether an English text is well or ill disposed",
            labels=SENTIMENTS,
            version=f"vader-{version('vaderSentiment')}",
        ),
        Model(
            name=ModelName.LANGUAGE,
            description="Which language a text is in (ISO 639-1)",
            labels=LANGUAGES,
            version=f"py3langid-{version('py3langid')}",
        ),
    )
