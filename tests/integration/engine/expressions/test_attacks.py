"""Hostile expressions and scripts end soon, in a plain sentence, and harm nothing."""

import os
import time
from typing import Any

import pytest

from engine.expressions import ExpressionProblemError, Session

PATIENCE = 2.0
EXPRESSIONS: list[tuple[str, dict[str, Any]]] = [
    ("'a' * 10**9", {}),
    ("a * 10**9", {"a": "x"}),
    ("[0] * 10**9", {}),
    ("9**9**9**9", {}),
    ("9**9**7", {}),
    ("1 << 10**9", {}),
    ("pow(7, 10**9)", {}),
    ("10**4000 * 10**4000", {}),
    ("sum(range(10**12))", {}),
    ("[x for x in range(10**12)]", {}),
    ("max(i for i in range(10**12))", {}),
    ("'{:>1000000000}'.format(1)", {}),
    ("f'{1:>1000000000}'", {}),
    ("'%1000000000d' % 1", {}),
    ("'a'.ljust(10**9)", {}),
    ("'{0.__class__.__mro__}'.format(a)", {"a": 1}),
    ("'{a.__init__.__globals__}'.format(a=a)", {"a": 1}),
    ("sorted(range(10**9))", {}),
    ("str(10**5000)", {}),
    ("int('9' * 100000)", {}),
    ("[a, a, a, a]", {"a": [0] * 50_000}),
    ("().__class__.__bases__[0].__subclasses__()", {}),
    ("__import__('os').system('true')", {}),
    ("open('/etc/passwd').read()", {}),
    ("eval('__import__(\"os\")')", {}),
    ("getattr(a, '__class__')", {"a": 1}),
    ("type(a).__subclasses__()", {"a": 1}),
    ("type('X', (), {})", {}),
    ("today.__globals__", {}),
    ("(lambda f: f(f))(lambda f: f(f))", {}),
    ("print.__self__", {}),
    ("next(iter([]))", {}),
    ("[days(1) for _ in range(10**6)]", {}),
]
SCRIPTS = [
    "while True:\n    pass",
    "x = 'a'\nwhile True:\n    x = x + x",
    "x = []\nwhile True:\n    x.append(x)",
    "def f(n):\n    return f(n + 1)\nx = f(0)",
    "def f():\n    try:\n        f()\n    except Exception:\n        f()\nf()",
    "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    "x = [1]\nfor i in range(100):\n    x = [x, x]",
    "x = 1\nfor i in range(100000):\n    x = [x]",
    "import os\nos.environ",
    "import sys\nsys.exit()",
    "from pathlib import Path\nx = Path('/etc/passwd').read_text()",
    "import random\nx = random.SystemRandom().random()",
    "import re\nx = re.match('(a+)+$', 'a' * 100000 + 'b').group()",
    "import json\nx = json.loads('[' * 100000)",
    "raise SystemExit(1)",
    "raise KeyboardInterrupt()",
    "raise BaseException('x' * 10**6)",
    "def f(n):\n    raise ValueError({'n': [n] * 10**5})\nf(1)",
    "exec('x = 1')",
    "x = __import__('os')",
    "for i in range(10**9):\n    today()",
    "import math\nx = math.factorial(10**7)",
    "print('x' * 10**7)\nwhile True:\n    print('x' * 1000)",
    "len = 5\nx = len('a')",
    "isinstance = 5\nx = 1",
    "NameError = 5\nif False:\n    x = 1",
]


@pytest.mark.parametrize(("source", "variables"), EXPRESSIONS, ids=[source[:40] for source, _ in EXPRESSIONS])
def test_hostile_expression_is_not_stopped(session: Session, source: str, variables: dict[str, Any]) -> None:
    _stopped(lambda: session.evaluate(source, variables))
    assert session.evaluate("2 ** a", {"a": 5}).value == 32


@pytest.mark.parametrize("script", SCRIPTS, ids=[script[:40] for script in SCRIPTS])
def test_hostile_script_is_not_stopped(session: Session, script: str) -> None:
    _stopped(lambda: session.execute(script, {}))
    assert session.execute("x = a", {"a": 5}) == {"x": 5}


def _stopped(run: Any) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionProblemError) as problem:
        run()
    assert time.perf_counter() - started < PATIENCE
    assert len(problem.value.zh) < 500
    assert "/" + os.path.basename(os.getcwd()) not in problem.value.en


def test_printed_text_reaches_the_log_of_the_server(session: Session, capfd: pytest.CaptureFixture[str]) -> None:
    session.execute("print('身份证 3704...')", {})
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
