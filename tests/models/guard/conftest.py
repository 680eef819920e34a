"""A tiny random checkpoint in the shape of Llama Guard 4, and its engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.tiny_llama4 import build

# Writes what the recordings of the real template show (test_frame.py); made for these tests.
TEMPLATE = r"""{{- bos_token + '<|header_start|>user<|header_end|>\n\n' -}}
{%- set names = {'user': 'User', 'assistant': 'Agent'} -%}
{%- set name = names[messages[-1].role] -%}
{%- set seen = namespace(pictures=false) -%}
{%- for message in messages -%}
{%- for part in message.content -%}
{%- if part.type == 'image' -%}{%- set seen.pictures = true -%}{%- endif -%}
{%- endfor -%}
{%- endfor -%}
{{- "Task: Check if there is unsafe content in '" + name + "' messages in conversations" -}}
{{- " according to our safety policy with the below categories.\n\n" -}}
{{- '<BEGIN UNSAFE CONTENT CATEGORIES>\n' -}}
{%- for title in ['Violent Crimes', 'Non-Violent Crimes', 'Sex Crimes', 'Child Exploitation',
 'Defamation', 'Specialized Advice', 'Privacy', 'Intellectual Property',
 'Indiscriminate Weapons', 'Hate', 'Self-Harm', 'Sexual Content', 'Elections',
 'Code Interpreter Abuse'] -%}
{%- if not (seen.pictures and loop.last) -%}
{{- 'S' + loop.index|string + ': ' + title + '.\n' -}}
{%- endif -%}
{%- endfor -%}
{{- '<END UNSAFE CONTENT CATEGORIES>\n\n<BEGIN CONVERSATION>\n' -}}
{%- for message in messages -%}
{%- if (message.role == 'user') != (loop.index0 % 2 == 0) -%}
{{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') -}}
{%- endif -%}
{{- names[message.role] + ': ' -}}
{%- for part in message.content if part.type == 'image' -%}{{- '<|image|>' -}}{%- endfor -%}
{%- for part in message.content if part.type == 'text' -%}{{- part.text -}}{%- endfor -%}
{{- '\\n\\n' + '\n\n' -}}
{%- endfor -%}
{{- '<END CONVERSATION>\n\nProvide your safety assessment for ONLY THE LAST ' + name -}}
{{- " message in the above conversation:\n - First line must read 'safe' or 'unsafe'.\n" -}}
{{- ' - If unsafe, a second line must include a comma-separated list of violated' -}}
{{- ' categories. <|eot|><|header_start|>assistant<|header_end|>' -}}
"""


@pytest.fixture(scope="session")
def tiny_guard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random checkpoint that is dense and has a guard's template."""
    folder = tmp_path_factory.mktemp("tiny-guard")
    return build(folder, max_positions=8192, dense=True, template=TEMPLATE)
