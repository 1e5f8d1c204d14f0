import argparse
from pathlib import Path

from adapters.prediction.language import Language
from adapters.prediction.sentiment import Sentiment
from tests.accuracy.measuring import Labelled, accuracy, rated, sentences


def row(model: str, data: str, labelled: Labelled, right: float) -> str:
    labels = [label for label, _ in labelled]
    most = max(labels.count(label) for label in set(labels)) / len(labels)
    return f"| {model} | {data} | {len(labelled)} | {right:.1%} | {most:.1%} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description="How often the models are right.")
    parser.add_argument("rated", type=Path, nargs="*", help="GroundTruth.txt files of VADER's evaluation")
    given = parser.parse_args()
    sentiment, language = Sentiment(), Language()
    print(
        "| model | sentences | how many | right | always the commonest label |",
        "| --- | --- | --- | --- | --- |",
        sep="\n",
    )
    for path in given.rated:
        print(row("sentiment", path.stem, rated(path), accuracy(sentiment, rated(path))))
    for name, model in (("sentiment", sentiment), ("language", language)):
        print(row(name, f"tests/data/{name}.tsv", sentences(name), accuracy(model, sentences(name))))


if __name__ == "__main__":
    main()
