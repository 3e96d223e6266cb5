"""The settings files that the READMEs show are those that the command takes."""

import re
from pathlib import Path

import pytest

from sverka.cli.settings_file import read_settings

ROOT = Path(__file__).parents[3]
SHOWN = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md", "core/README.md"])
def test_the_settings_file_of_a_readme_is_taken_and_fits_the_stand(readme, tmp_path):
    (text,) = SHOWN.findall((ROOT / readme).read_text(encoding="utf-8"))
    file = tmp_path / "sverka.toml"
    file.write_text(text, encoding="utf-8")
    settings = read_settings(file, {"SVERKA_KEY": "the key"}.__getitem__)
    assert settings.portal.key == "the key"
    assert settings.portal.oauth_url == "http://127.0.0.1:8024/oauth/token/"
    assert (settings.infobase.url, settings.infobase.user) == (
        "http://127.0.0.1:8081/unf",
        "obmen",
    )
    assert settings.infobase.password == "secret"
