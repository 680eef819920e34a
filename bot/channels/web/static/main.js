// Starts the chat.

import { get, post } from "./api.js";
import "./beginning.js";
import { say } from "./composer.js";
import { copy, offerCodeCopies } from "./copy.js";
import "./dialogs.js";
import { showOlder, toEnd } from "./log.js";
import { find, path } from "./page.js";
import { showProblem } from "./problem.js";
import { closeSidebar } from "./sidebar.js";
import { updateStop } from "./stop.js";
import { openStream } from "./stream.js";

const log = find("log");

const deeds = {
  copy: (button) => copy(button.closest(".entry").querySelector(".text").innerText, button),
  retry: () => post(path("retry")),
};

log.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  try {
    if (button.dataset.do) await deeds[button.dataset.do](button);
    if (button.dataset.press) await post(path("press"), { action: button.dataset.press });
  } catch (error) {
    showProblem(error.message);
  }
});

find("earlier")?.addEventListener("click", async () => {
  const first = log.querySelector("[data-message]");
  const { pieces } = await get(path(`earlier?before=${first.dataset.message}`));
  if (pieces.length) showOlder(pieces);
  else find("earlier").parentElement.remove();
});

for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => {
    closeSidebar();
    say(button.dataset.command);
  });
}

offerCodeCopies(log);
toEnd();
updateStop();
openStream();
if (matchMedia("(pointer: fine)").matches) find("text").focus();
