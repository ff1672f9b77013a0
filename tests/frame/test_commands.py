"""What every command does alike: it makes no folder by mistake, and ends in words."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from dure import __main__ as entry
from dure.commands import access, cli, questions
from dure.commands.asking import said_of


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "list"), ("doctor",), ("query", "-"), ("source", "create", "web"), ("erase", "u-1", "--yes"),
        ("person", "export", "u-1", "--to", "p.zip"), ("backup", "saved"), ("export", "events", "--to", "lake"),
    ],
)  # fmt: skip
def test_a_folder_that_holds_no_dure_is_refused_and_not_made(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = tmp_path / "typo"
    done = CliRunner().invoke(cli, [*arguments, "--data", str(folder)], input='{"kind": "sql", "sql": "select 1"}')
    assert done.exit_code == 1
    assert "There is no Dure in" in done.stderr
    assert "dure init" in done.stderr
    assert not folder.exists()


def test_ctrl_c_while_a_command_works_is_one_line_and_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(questions, "call", interrupted)
    done = CliRunner().invoke(cli, ["query", "-"], input="{}")
    assert (done.exit_code, done.stderr) == (130, "dure: stopped\n")


def test_ctrl_c_while_the_commands_are_still_being_read_is_one_line_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Slow(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "dure.commands", Slow("dure.commands"))
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "dure: stopped\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_of_the_disk_names_the_path_in_words(tmp_path: Path) -> None:
    with pytest.raises(OSError) as missing:  # noqa: PT011
        (tmp_path / "no" / "p.zip").open("wb")
    assert said_of(missing.value) == f"There is no folder {tmp_path / 'no'}."
    with pytest.raises(OSError) as folder:  # noqa: PT011
        tmp_path.open("wb")
    assert said_of(folder.value) == f"{tmp_path}: is a directory."


def test_ids_of_tokens_stay_whole_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = "019ab3f0-1111-7000-8000-0123456789ab"
    token = {"id": whole, "kind": "user", "holder": "mina.kim@sorimaru.example", "hint": "dure_u…abcd", "scopes": ["*"],
             "revoked": False}  # fmt: skip
    monkeypatch.setattr(access, "call", lambda *_, **__: {"tokens": [token]})
    monkeypatch.setenv("COLUMNS", "80")
    cli(["token", "list"], standalone_mode=False)
    assert whole in capsys.readouterr().out
