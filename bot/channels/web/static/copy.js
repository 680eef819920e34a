// Copying: a message, a code block, a link.

import { announce } from "./announce.js";
import { words } from "./page.js";

export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByHand(text); // the clipboard needs https or loopback
  }
  const label = button.textContent;
  button.textContent = words.copied;
  announce(words.copied);
  setTimeout(() => (button.textContent = label), 1500);
}

function copyByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function offerCodeCopies(root) {
  for (const block of root.querySelectorAll(".text pre")) {
    if (block.parentElement.classList.contains("code")) continue;
    const frame = document.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    block.tabIndex = 0;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet", textContent: words.copyCode });
    button.addEventListener("click", () => copy(block.innerText, button));
    frame.append(block, button);
  }
}
