"""What must always hold of the code itself."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "workflows", "storage", "referrals", "notifications", "web", "cli")
BESIDE = ("benchmarks", "docs", "requirements", "tests")
#: declarations, written once: a migration grows with its tables
LONG_BY_NATURE = ("storage/migrations/versions",)


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders or ROOMS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_every_room_is_a_layer_and_there_are_no_other_rooms() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(settings["tool"]["importlinter"]["root_packages"]) == set(ROOMS)
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    folders = {line.split("/")[0] for line in tracked.stdout.splitlines() if "/" in line}
    assert {name for name in folders if not name.startswith(".")} <= {*ROOMS, *BESIDE}


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("transitions", "workflows/machine.py"),
        ("holidays", "workflows/workdays.py"),
        ("yaml", "workflows/reading.py"),
        ("alembic", "storage/migrations/__init__.py"),
        ("python_calamine", "referrals/exchange/workbooks.py"),
        ("xlsxwriter", "referrals/exchange/refused_copy.py"),
        ("phonenumbers", "referrals/phones.py"),
        ("babel", "core/words.py"),
        ("pydantic_settings", "core/settings.py"),
        ("aiosmtplib", "notifications/delivery.py"),
        ("apscheduler", "notifications/ticks.py"),
        ("css_inline", "notifications/styling.py"),
        ("icalendar", "notifications/calendars.py"),
        ("uvicorn", "cli/serve_work.py"),
        ("markupsafe", "notifications/rendering.py"),
        ("argon2", "referrals/passwords.py"),
        ("pyotp", "referrals/second_factor.py"),
        ("segno", "referrals/second_factor.py"),
    ],
)
def test_a_foreign_library_is_imported_in_one_file(library: str, home: str) -> None:
    users = {_name(path) for path in _sources() if library in _imports(path)}
    users = {user for user in users if not user.startswith("storage/migrations/")} | (
        {home} if any(user.startswith("storage/migrations/") for user in users) else set()
    )
    assert users <= {home}


def test_pages_and_templates_have_their_homes() -> None:
    for path in _sources():
        name, used = _name(path), _imports(path)
        assert not used & {"fastapi", "starlette"} or name.startswith("web/"), name
        if "jinja2" in used:
            assert name in ("notifications/rendering.py", "web/views.py")


def test_sql_stays_in_storage() -> None:
    """Above it, rows are asked for by name; only a table as the name of a place is allowed."""
    allowed = {"Table", "Engine", "SQLAlchemyError"}
    for path in _sources("referrals", "notifications", "web", "cli"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                names = {alias.name for alias in node.names}
                assert names <= allowed, f"{_name(path)}: {names - allowed}"


def test_only_transaction_commits() -> None:
    users = {
        _name(path)
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "begin")
    }
    assert users <= {"storage/engine.py", "storage/migrations/__init__.py"}


def test_only_the_clock_reads_the_clock() -> None:
    asking = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
    for path in _sources():
        if _name(path) == "core/clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                called = owner.id if isinstance(owner, ast.Name) else ""
                asks = called in ("datetime", "date", "time") and node.func.attr in asking
                assert not asks, f"{_name(path)}:{node.lineno}"


def test_a_stage_is_written_in_one_place() -> None:
    for path in _sources("storage", "referrals", "web", "cli", "notifications"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            wrote = any(
                isinstance(each, ast.Attribute) and each.attr == "stage" for each in targets
            )
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "values":
                wrote |= any(keyword.arg == "stage" for keyword in node.keywords)
            assert not wrote or _name(path) == "storage/queries/cases.py", _name(path)


def test_functions_and_modules_stay_short() -> None:
    long = []
    for path in _sources(*ROOMS, "tests", "benchmarks"):
        if any(_name(path).startswith(folder) for folder in LONG_BY_NATURE):
            continue
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > 300:
            long.append(f"{_name(path)}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 40:
                    long.append(f"{_name(path)}: {node.name} has {lines} lines")
    assert not long, "\n".join(long)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        _name(path)
        for path in _sources(*ROOMS, "tests", "benchmarks")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_address_of_a_registry_and_no_path_of_a_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    words = (
        "pypi" + ".org",
        "python" + "hosted",
        "registry." + "npmjs",
        "/ro" + "ot/",
        "/wo" + "rk/",
    )
    for name in tracked:
        path = ROOT / name
        if path.is_file():
            text = path.read_bytes()
            assert not [word for word in words if word.encode() in text], name
