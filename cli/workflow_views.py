"""How a route is shown, for people and for programs."""

from typing import Any

from cli import printing, titles
from cli.language import LANGUAGE, t
from workflows.definition import Definition, FollowUpRule, Move, Stage


def as_json(definition: Definition) -> dict[str, Any]:
    """A route for programs."""
    return {
        "name": definition.name,
        "title": definition.title[LANGUAGE],
        "start": definition.start,
        "stages": [_stage(stage) for stage in definition.stages.values()],
        "moves": [_move(move) for move in definition.moves.values()],
        "follow_ups": [_rule(rule) for rule in definition.follow_ups.values()],
        "referral": definition.referral,
        "reasons": {code: titles[LANGUAGE] for code, titles in definition.reasons.items()},
    }


def show(definition: Definition) -> None:
    """A route for people: names where a command asks for them, and words for all else."""
    printing.say("{name}: {title}", name=definition.name, title=definition.title[LANGUAGE])
    stages = (
        (
            each.name, each.title[LANGUAGE], t(each.level) if each.level else "",
            titles.length(each.norm) if each.norm else "", each.final,
        )
        for each in definition.stages.values()
    )  # fmt: skip
    printing.table(("Stage", "Title", "Level", "Norm", "Final"), stages)
    printing.say("")
    moves = (
        (
            each.name, each.title[LANGUAGE], _sources(definition, each),
            titles.stage(definition, each.to), ", ".join(map(titles.called, each.guard)),
        )
        for each in definition.moves.values()
    )  # fmt: skip
    printing.table(("Step", "Title", "From", "To", "Guards"), moves)
    printing.say("")
    rules = (
        (titles.moment(rule.when, definition), rule.do[LANGUAGE], titles.called(rule.to))
        for rule in definition.follow_ups.values()
    )
    printing.table(("When", "What", "Who"), rules)


def _sources(definition: Definition, move: Move) -> str:
    return ", ".join(
        t("From every open stage") if each == "*" else titles.stage(definition, each)
        for each in move.sources
    )


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "title": stage.title[LANGUAGE],
        "level": stage.level,
        "final": stage.final,
        "norm": str(stage.norm) if stage.norm else None,
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "name": move.name,
        "title": move.title[LANGUAGE],
        "from": move.sources,
        "to": move.to,
        "guard": move.guard,
        "asks": move.asks,
        "opens": move.opens,
    }


def _rule(rule: FollowUpRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "when": f"{rule.when.anchor} {rule.when.period}",
        "to": rule.to,
        "do": rule.do[LANGUAGE],
    }
