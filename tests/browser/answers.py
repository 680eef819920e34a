"""What the model behind the browser tests says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai_endpoint import Reply, pictures

LONG = """The picture shows **a red circle** on white paper. It is drawn with a steady hand.

1. The circle is in the middle.
2. Nothing else is on the paper.

```python
def area(radius: float) -> float:
    return 3.14159 * radius**2
```

| what | how much |
| --- | --- |
| circles | 1 |
| squares | 0 |

More about circles is at https://example.org/circles, and
[in this book](https://example.org/book). ![a remote picture](https://example.org/track.png)
<script>document.title = "owned"</script><img src=x onerror="document.title='owned'">
"""


@dataclass
class Script:
    """Says `text` in small pieces, and remembers how many pictures each question had."""

    text: str = LONG
    seen: list[int] = field(default_factory=list)

    async def answer(self, request: dict[str, Any]) -> Reply:
        self.seen.append(pictures(request))
        pieces = [self.text[start : start + 5] for start in range(0, len(self.text), 5)]
        return Reply(pieces, prompt_tokens=20, completion_tokens=len(pieces))
