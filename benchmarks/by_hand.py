"""The limit of a move: a plain script that makes the same rows with the driver alone.

It knows the walk beforehand, so that it decides nothing; it reads what a decision would rest on,
writes each row that `referrals.moving` writes, and commits with the same safety.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from benchmarks.walking import TODAY, Ground, Step

STANDING = """
SELECT cases.id, cases.organisation_id, cases.participant_id, cases.case_key,
       participant.person_key, cases.workflow_version_id, cases.stage, cases.version, cases.seq,
       cases.stage_day, cases.appointment_on, cases.owner_id, cases.pilot_id, cases.campaign_id,
       cases.partner_id, cases.channel, cases.municipality_code, cases.way_id, cases.closed_at,
       participant.phone IS NOT NULL OR participant.email IS NOT NULL
       OR cases.partner_id IS NOT NULL, organisation.zone, organisation.closed_days
FROM cases
JOIN participant ON participant.id = cases.participant_id
JOIN organisation ON organisation.id = cases.organisation_id
WHERE cases.id {these} {lock}
"""
CONSENTS = """
SELECT participant_id, purposes, expires_on FROM consent
WHERE participant_id {these} AND withdrawn_at IS NULL
AND (expires_on IS NULL OR expires_on >= ?)
"""
PUT = """
UPDATE cases SET stage = ?, version = version + 1, seq = seq + 1, stage_day = ?, closed_at = NULL
WHERE cases.id {these} {version}
"""
END = """
UPDATE follow_up SET state = 'ended', done_at = ?
WHERE case_id {these} AND state = 'open' AND rule IS NOT NULL {kept}
"""
KEPT = "AND rule NOT IN ('after_three_months', 'after_six_months')"
ENTRY = (
    "stage_entry (case_id, seq, organisation_id, kind, move, from_stage, to_stage, at, day,"
    " precision, by_staff_id, reason, note, recorded_at)"
)
REACH = "reach_entry (person_key, case_key, seq, way_id, stage, level, day, recorded_at, settled)"
FOLLOW_UP = (
    "follow_up (organisation_id, case_id, rule, seq, occurrence, receiver, assignee_id, due_on,"
    " due_at, escalates_at, state, created_at)"
)
JOURNAL = "journal (organisation_id, at, by_staff_id, what, subject, subject_id, detail)"
_DAY = TODAY.isoformat()


class Script:
    """Moves by hand on SQLite; what PostgreSQL wants otherwise is in the class below."""

    mark = "?"
    begin = "BEGIN IMMEDIATE"
    lock = ""
    one = "= ?"
    many = "IN (SELECT value FROM json_each(?))"

    def __init__(self, connection: Any, ground: Ground):
        self.connection = connection
        self.ground = ground
        self.standing_one, self.standing_many = self._two(STANDING)
        self.consents_one, self.consents_many = self._two(CONSENTS)
        self.put_one, self.put_many = self._two(PUT)
        self.end_one, self.end_many = self._two(END)
        self.end_return_one, self.end_return_many = self._two(END, kept="")
        self.entry, self.reach, self.follow_up, self.journal = (
            self._insert(table) for table in (ENTRY, REACH, FOLLOW_UP, JOURNAL)
        )

    def move_one(self, case: int, step: Step, now: datetime) -> None:
        """One case, one move, one commit."""
        execute, at = self.connection.execute, self.moment(now)
        execute(self.begin)
        row = execute(self.standing_one, (case,)).fetchone()
        if step.needs_consent:
            execute(self.consents_one, (row[2], _DAY)).fetchall()
        execute(self.put_one, (step.to_stage, _DAY, case, row[7]))
        execute(self.entry, self._entry(row, step, at))
        execute(self.reach, self._reach(row, step, at))
        execute(self.end_return_one if step.move == "return" else self.end_one, (at, case))
        for follow_up in self._follow_ups(row, step, at):
            execute(self.follow_up, follow_up)
        execute(self.journal, self._journal(row, step, at))
        execute("COMMIT")

    def move_many(self, cases: Sequence[int], step: Step, now: datetime) -> None:
        """Any number of cases, one move, one commit."""
        execute, at, these = self.connection.execute, self.moment(now), self.numbers(cases)
        execute(self.begin)
        rows = execute(self.standing_many, (these,)).fetchall()
        if step.needs_consent:
            people = self.numbers([row[2] for row in rows])
            execute(self.consents_many, (people, _DAY)).fetchall()
        execute(self.put_many, (step.to_stage, _DAY, these))
        self.insert(ENTRY, [self._entry(row, step, at) for row in rows])
        self.insert(REACH, [self._reach(row, step, at) for row in rows])
        execute(self.end_return_many if step.move == "return" else self.end_many, (at, these))
        self.insert(FOLLOW_UP, [each for row in rows for each in self._follow_ups(row, step, at)])
        self.insert(JOURNAL, [self._journal(row, step, at) for row in rows])
        execute("COMMIT")

    def numbers(self, numbers: Sequence[int]) -> Any:
        """Many numbers as one value."""
        return json.dumps(numbers)

    def moment(self, moment: datetime) -> str:
        """A moment as the database takes it."""
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Many rows by the shortest way."""
        self.connection.executemany(self._insert(table), rows)

    def _two(self, statement: str, kept: str = KEPT) -> tuple[str, str]:
        version = {self.one: "AND version = ?", self.many: ""}
        one, many = (
            statement.format(
                these=these, lock=self.lock, version=version[these], kept=kept
            ).replace("?", self.mark)
            for these in (self.one, self.many)
        )
        return one, many

    def _insert(self, table: str) -> str:
        marks = ", ".join([self.mark] * (table.count(",") + 1))
        return f"INSERT INTO {table} VALUES ({marks})"

    def _entry(self, row: Any, step: Step, at: str) -> tuple[Any, ...]:
        return (
            row[0], row[8] + 1, row[1], "move", step.move, row[6], step.to_stage, at, _DAY, "day",
            self.ground.owner_id, step.answers.reason, None, at,
        )  # fmt: skip

    def _reach(self, row: Any, step: Step, at: str) -> tuple[Any, ...]:
        return (row[4], row[3], row[8] + 1, row[17], step.to_stage, step.level, _DAY, at, 0)

    def _follow_ups(self, row: Any, step: Step, at: str) -> list[tuple[Any, ...]]:
        return [
            (
                row[1], row[0], due.rule, row[8] + 1, 1, "owner", row[11], due.due_on.isoformat(),
                self.moment(due.due_at), due.escalates_at and self.moment(due.escalates_at), "open",
                at,
            )
            for due in step.due
        ]  # fmt: skip

    def _journal(self, row: Any, step: Step, at: str) -> tuple[Any, ...]:
        detail = json.dumps({"from": row[6], "to": step.to_stage, "seq": row[8] + 1})
        return (row[1], at, self.ground.owner_id, "case.moved", "case", row[0], detail)


class PostgresScript(Script):
    """The same with psycopg; many rows go by COPY, which is faster than its `executemany`."""

    mark = "%s"
    begin = "BEGIN"
    lock = "ORDER BY cases.id FOR UPDATE OF cases"
    many = "= ANY (?)"

    def numbers(self, numbers: Sequence[int]) -> Any:
        return list(numbers)

    def moment(self, moment: datetime) -> str:
        return moment.isoformat()

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
