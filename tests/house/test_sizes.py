"""Small files, short functions, few arguments: the limits that keep every idea on one screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES = {"python": 400, "test": 500, "html": 200, "typescript": 300, "cpp": 500}
LINE_LENGTH = 120  # ruff counts it in Python
FUNCTION_LINES = 50
RULES_FUNCTION_LINES = 30
ARGUMENTS = 6


def _files(pattern: str, *folders: str) -> list[Path]:
    found = (file for folder in folders for file in (ROOT / folder).glob(f"**/{pattern}"))
    return sorted(file for file in found if not {"migrations", "node_modules", "generated"} & set(file.parts))


def _too_long(files: list[Path], limit: int) -> dict[str, int]:
    sizes = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    return {name: lines for name, lines in sizes.items() if lines > limit}


def _functions(file: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", node


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def _is_rules(file: Path) -> bool:
    return file.name == "rules.py" or "rules" in file.relative_to(ROOT).parts[:-1]


def test_python_files():
    assert _too_long(_files("*.py", "src", "bench", "examples"), FILE_LINES["python"]) == {}


def test_test_files():
    assert _too_long(_files("*.py", "tests"), FILE_LINES["test"]) == {}


def test_templates():
    assert _too_long(_files("*.html", "src"), FILE_LINES["html"]) == {}


def test_typescript_and_cpp_files():
    scripts = [*_files("*.ts", "frontend"), *_files("*.tsx", "frontend")]
    written = [file for file in scripts if not file.read_text().startswith("// Made by ")]
    assert _too_long(written, FILE_LINES["typescript"]) == {}
    assert _too_long([*_files("*.cpp", "search"), *_files("*.hpp", "search")], FILE_LINES["cpp"]) == {}


def test_cpp_lines():
    files = [*_files("*.cpp", "search"), *_files("*.hpp", "search")]
    lines = ((file, n, line) for file in files for n, line in enumerate(file.read_text().splitlines(), 1))
    assert [f"{file.name}:{n}" for file, n, line in lines if len(line) > LINE_LENGTH] == []


def test_functions():
    long = {}
    for file in _files("*.py", "src", "bench", "tests"):
        limit = RULES_FUNCTION_LINES if _is_rules(file) else FUNCTION_LINES
        for name, node in _functions(file):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > limit:
                long[name] = lines
    assert long == {}


def test_arguments():
    files = _files("*.py", "src", "bench")
    many = {name: _arguments(node) for file in files for name, node in _functions(file) if _arguments(node) > ARGUMENTS}
    assert many == {}


def test_the_files_were_really_looked_at():
    assert len(_files("*.py", "src")) > 50
    assert _files("*.cpp", "search")
    assert _files("*.hpp", "search")
    source = ROOT / "src" / "homestretch"
    assert _is_rules(source / "plans" / "rules.py")
    assert _is_rules(source / "dispatch" / "rules" / "states.py")
    assert not _is_rules(source / "kernel" / "refusal.py")
