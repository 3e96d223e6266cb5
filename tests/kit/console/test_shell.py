"""A console behind the door: who may come, in which language, in which colours."""

import re

import pytest

from sverka_emulator_kit.console import calls
from sverka_emulator_kit.console.page import Console
from sverka_emulator_kit.console.records import Records
from sverka_emulator_kit.console.words import LANGUAGES, WORDS, preferred
from sverka_emulator_kit.door import build_app

NOTES = Records(
    path="notes", title="notes", kinds=lambda system: system.records(), telling=("text",)
)
CONSOLE = Console("Notes", (*NOTES.pages(), calls.PAGE), {"notes": ("Notes", "Заметки")})
ROOT = "/_emulator/console"


@pytest.fixture
def client(notes):
    return build_app(notes, console=CONSOLE).test_client()


def texts(client, path, **kwargs):
    """What a page says, without its tags."""
    answer = client.get(f"{ROOT}/{path}", **kwargs)
    assert answer.status_code == 200, answer.text
    return re.sub(r"<[^>]+>|\s+", " ", answer.text)


def test_a_console_answers_loopback_only(client):
    answer = client.get(f"{ROOT}/calls", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 403
    assert "192.0.2.7" in answer.text


def test_a_console_answers_no_foreign_page(client):
    assert client.get(f"{ROOT}/calls", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get(f"{ROOT}/calls", headers={"Origin": "http://localhost"}).status_code == 200


def test_a_console_answers_to_names_of_this_machine_only(client):
    assert client.get(f"{ROOT}/calls", headers={"Host": "evil.example"}).status_code == 403
    assert client.get(f"{ROOT}/calls", headers={"Host": "127.0.0.1:8024"}).status_code == 200


def test_files_of_a_console_are_guarded_as_its_pages_are(client):
    for name in ("console.css", "console.js", "icon.svg"):
        assert client.get(f"{ROOT}/static/{name}").status_code == 200
        foreign = {"REMOTE_ADDR": "192.0.2.7"}
        assert client.get(f"{ROOT}/static/{name}", environ_overrides=foreign).status_code == 403
    assert client.get(f"{ROOT}/static/shell.py").status_code == 404


def test_a_page_lets_nothing_in_from_the_net(client):
    answer = client.get(f"{ROOT}/calls")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.findall(r'(?:src|href|action)="(?!/_emulator/|#)', answer.text)


def test_a_system_without_a_console_says_so(notes):
    answer = build_app(notes).test_client().get(f"{ROOT}/calls")

    assert (answer.status_code, answer.is_json) == (404, True)


def test_looking_is_no_call_to_the_system(client, notes):
    client.get(f"{ROOT}/calls")
    client.get(f"{ROOT}/nowhere")

    assert notes.asked == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "en"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.5", "ru"),
        ("en;q=0.1,ru;q=0.7", "ru"),
        ("ru;q=0,en;q=0.1", "en"),
        ("ru;q=0", "en"),
        ("ru;q=much", "en"),
    ],
)
def test_the_language_is_that_of_the_browser(accepted, language):
    assert preferred(accepted) == language


def test_a_page_speaks_the_language_of_its_reader(client):
    assert "Заметки" in texts(client, "notes", headers={"Accept-Language": "ru"})
    assert "Notes" in texts(client, "notes", headers={"Accept-Language": "en"})


def test_a_language_once_chosen_stays_for_all_pages(client):
    answer = client.get(f"{ROOT}/calls?show=refused&lang=ru", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.location) == (303, f"{ROOT}/calls?show=refused")
    assert "Заметки" in texts(client, "notes", headers={"Accept-Language": "en"})


def test_colours_once_chosen_stay_for_all_pages(client):
    assert 'data-theme="auto"' in client.get(f"{ROOT}/calls").text
    client.get(f"{ROOT}/calls?theme=dark")
    assert 'data-theme="dark"' in client.get(f"{ROOT}/notes").text


def test_a_choice_that_there_is_not_changes_nothing(client):
    client.get(f"{ROOT}/calls?theme=pink&lang=xx")

    assert 'data-theme="auto"' in client.get(f"{ROOT}/calls").text


def test_every_word_is_there_in_both_languages():
    for key, words in WORDS.items():
        assert len(words) == len(LANGUAGES), key
        assert all(words), key


def test_what_is_not_there_is_said_with_what_there_is(client):
    answer = client.get(f"{ROOT}/notes/list?entity=letter")

    assert answer.status_code == 404
    assert "note" in answer.text


def test_data_is_shown_and_never_run(client, notes):
    client.post("/a", data="<script>alert(1)</script>")

    text = client.get(f"{ROOT}/notes/list?entity=note").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
