"""Everybody in a crisis is told of somebody who listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderation.help_lines import BadHelpLines, HelpLines

LINES = HelpLines.from_file()


def test_countries_have_numbers_of_their_own() -> None:
    assert len(LINES.countries) >= 45
    assert "988" in [line.phone for line in LINES.of("US").lines]
    assert LINES.of("de").lines[0].phone == "0800 111 0 111"
    assert LINES.of("GB").emergency == "999"


@pytest.mark.parametrize("region", ["", "XX", "elsewhere", "TR", "FR"])
def test_everywhere_there_is_a_directory_of_all_countries(region: str) -> None:
    found = LINES.of(region)
    assert found.emergency
    assert found.lines[-1].url == "https://findahelpline.com"


def test_every_line_can_be_reached() -> None:
    for country in LINES.countries:
        assert len(country) == 2
        assert all(line.phone or line.url for line in LINES.of(country).lines)


def test_a_file_of_the_operator_is_read_or_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "lines.toml"
    path.write_text('[elsewhere]\nemergency = "1"\nlines = [{name = "We", phone = "2"}]\n')
    assert HelpLines.from_file(path).of("DE").lines[0].name == "We"
    path.write_text('[DE]\nemergency = "1"\nlines = []\n')
    with pytest.raises(BadHelpLines, match="elsewhere"):
        HelpLines.from_file(path)
    path.write_text('[elsewhere]\nemergency = "1"\nlines = [{nam = "We"}]\n')
    with pytest.raises(BadHelpLines, match="lines"):
        HelpLines.from_file(path)
