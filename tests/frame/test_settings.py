"""Flags come first, then the environment, then the file; what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.kernel.errors import Invalid
from dure.settings import Settings, read_settings


def test_flags_come_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "dure.toml").write_text('port = 1\nhost = "0.0.0.0"\nmail_from = "file@example.com"\n')
    settings = read_settings({"data": tmp_path, "port": 3, "host": None}, {"DURE_PORT": "2", "DURE_HOST": "127.0.0.2"})
    assert (settings.port, settings.host, settings.mail_from) == (3, "127.0.0.2", "file@example.com")
    assert read_settings({}, {"DURE_DATA": str(tmp_path)}).port == 1


@pytest.mark.parametrize(
    ("environment", "field"),
    [({"DURE_PORT": "eighty"}, "port"), ({"DURE_ALLOW_PRIVATE_NETWORKS": "perhaps"}, "allow_private_networks")],
)
def test_a_value_of_the_wrong_kind_names_the_setting(tmp_path: Path, environment: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_settings({"data": tmp_path}, environment)
    assert caught.value.field == field


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dure.toml").write_text("port = = 1")
    with pytest.raises(Invalid, match=r"dure\.toml"):
        read_settings({"data": tmp_path}, {})


def test_the_url_is_one_that_can_be_opened() -> None:
    assert Settings(host="0.0.0.0", port=8400).url == "http://127.0.0.1:8400"
    assert Settings(host="::1").url == "http://[::1]:8400"
    assert Settings(public_url="https://dure.example/").url == "https://dure.example"


def test_private_networks_are_reached_where_they_are_named() -> None:
    assert Settings().reachable == []
    assert Settings(allowed_networks="10.1.0.0/16, 127.0.0.1").reachable == ["10.1.0.0/16", "127.0.0.1"]
    assert "0.0.0.0/0" in Settings(allow_private_networks=True).reachable
    with pytest.raises(Invalid, match=r"10\.1\.0\.0/99") as caught:
        _ = Settings(allowed_networks="10.1.0.0/99").reachable
    assert caught.value.field == "allowed_networks"
