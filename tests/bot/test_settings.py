"""Settings: what is read, what is refused and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from bot.settings import LogLevel, Settings, SettingsError, load, sections
from handlers.settings import AccessMode

TOKEN = "123456789:AAF-planted_token_abcdefghijklmnopqr"


def test_nothing_set_gives_the_defaults() -> None:
    settings = load({})
    assert settings.web.http_host == "127.0.0.1"
    assert settings.web.http_port is None
    assert settings.access.access is AccessMode.INVITE
    assert settings.telegram.telegram_rate == 30
    assert settings.storage.database_url == ""


def test_values_are_typed() -> None:
    settings = load(
        {
            "HTTP_PORT": " 9000 ",
            "ACCESS": "Open",
            "ALLOW_LAN": "yes",
            "OWNER_IDS": "telegram:12345, web:2",
            "WHIMBREL_HOME": "~/whimbrel",
            "TEMPERATURE": "0",
            "LOG_LEVEL": "WARNING",
            "MAX_PICTURES": "0",
        }
    )
    assert settings.web.http_port == 9000
    assert settings.access.access is AccessMode.OPEN
    assert settings.web.allow_lan is True
    assert settings.access.owner_ids == ("telegram:12345", "web:2")
    assert settings.storage.whimbrel_home == Path.home() / "whimbrel"
    assert settings.model.temperature == 0
    assert settings.model.max_pictures == 0
    assert settings.process.log_level is LogLevel.WARNING


def test_an_empty_value_is_as_good_as_none() -> None:
    assert load({"HTTP_PORT": "", "TELEGRAM_BOT_TOKEN": "  "}) == load({})


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("HTTP_PORT=9001\nLANGUAGE='de'\nEMPTY=\n# HTTP_HOST=0.0.0.0\n")
    settings = load({"HTTP_PORT": "9002", "LANGUAGE": ""}, env_file=file)
    assert settings.web.http_port == 9002
    assert settings.persona.language == "de"
    assert settings.web.http_host == "127.0.0.1"


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert load({}, env_file=tmp_path / ".env") == load({})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"HTTP_PORT=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load({}, env_file=file)


@pytest.mark.parametrize(
    ("name", "value", "wants"),
    [
        ("HTTP_PORT", "eighty", "a whole number from 1 to 65535, not 'eighty'"),
        ("HTTP_PORT", "65536", "a whole number from 1 to 65535, not '65536'"),
        ("TEMPERATURE", "9", "a number from 0 to 2"),
        ("TELEGRAM_RATE", "0", "a number above 0"),
        ("CONTEXT_WINDOW", "3", "a whole number of at least 256"),
        ("ACCESS", "friends", "one of invite, allowlist, open, not 'friends'"),
        ("ALLOW_LAN", "perhaps", "yes or no"),
        ("TIMEZONE", "Mars/Olympus", "a name such as Europe/Berlin"),
        ("TIMEZONE", "../etc/passwd", "a name such as Europe/Berlin"),
        ("LANGUAGE", "english please", "a language code"),
        ("DATABASE_URL", "mysql://host/name", "sqlite:///FILE or postgresql://"),
        ("REDIS_URL", "localhost:6379", "redis://HOST:PORT"),
        ("ATTACHMENTS_URL", "bucket", "s3://BUCKET/PREFIX"),
        ("ENGINE_URL", "localhost:11434", "an address such as http://"),
        ("GUARD_URL", "localhost:8001", "an address such as http://"),
        ("GUARD_EXCLUDES", "S6, S99", "codes such as S6 or categories such as advice, not 'S99'"),
        ("PUBLIC_URL", "chat.example.org", "an address such as https://"),
        ("TRUSTED_PROXIES", "proxy", "addresses or networks"),
        ("OWNER_IDS", "12345", "ids such as telegram:12345"),
        ("TELEGRAM_API_URL", "api.telegram.org", "the root address"),
        ("PERSON_BUDGET", "a lot", "limits such as 30 messages/minute"),
        ("CHAT_BUDGET", "5 apples/day", "messages, pictures or tokens, not 'apple'"),
        ("TOTAL_BUDGET", "5 tokens/fortnight", "a minute, hour, day or 30 days, not 'fortnight'"),
        ("PERSON_WAITING", "0", "a whole number from 1 to 100000, not '0'"),
        ("PERSON_AT_ONCE", "many", "a whole number from 1 to 100000, not 'many'"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(name: str, value: str, wants: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({name: value})
    assert str(caught.value).startswith(f"{name} wants {wants}")


def test_a_guard_at_a_cloud_wants_its_name() -> None:
    with pytest.raises(SettingsError, match="GUARD_MODEL wants what huggingface calls"):
        load({"GUARD_URL": "huggingface"})
    with pytest.raises(SettingsError, match="GUARD_ACCOUNT"):
        load({"GUARD_URL": "cloudflare", "GUARD_MODEL": "llama-guard"})


def test_an_allowlist_wants_somebody_on_it() -> None:
    with pytest.raises(SettingsError, match="ALLOWED_IDS wants"):
        load({"ACCESS": "allowlist"})


def test_a_webhook_wants_a_secret() -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET wants"):
        load({"TELEGRAM_WEBHOOK_URL": "https://example.org/webhooks/telegram"})


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"TELEGRAM_BOT_TOKEN": "planted-token"})
    assert "planted-token" not in str(caught.value)


def planted() -> Settings:
    return load(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "ENGINE_API_KEY": "planted-key",
            "DATABASE_URL": "postgresql://whimbrel:planted-word@db/whimbrel",
            "REDIS_URL": "unix:///run/valkey.sock?password=planted-phrase&db=0",
        }
    )


def test_printing_settings_shows_no_secret() -> None:
    shown = repr(planted())
    assert "planted" not in shown
    assert "127.0.0.1" in shown


def test_the_secrets_are_known_for_the_logs() -> None:
    secrets = planted().secrets()
    assert {TOKEN, "planted-key", "planted-word", "planted-phrase"} <= set(secrets)


def test_no_two_sections_share_a_name() -> None:
    names = [field.name for section in sections() for field in structs.fields(section)]
    assert len(names) == len(set(names))


def test_the_example_file_names_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    for section in sections():
        for field in structs.fields(section):
            assert f"{field.name.upper()}=" in example, f"{field.name} is missing in .env.example"


def test_the_example_file_changes_nothing() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    assert load({}, env_file=example) == load({})
