// The stop button: there while something is being answered.

import { post } from "./api.js";
import { live } from "./log.js";
import { find, path } from "./page.js";
import { showProblem } from "./problem.js";

const button = find("stop");

export function updateStop() {
  button.hidden = !live();
}

export async function stop() {
  if (button.hidden) return;
  try {
    await post(path("stop"));
  } catch (error) {
    showProblem(error.message);
  }
}

button.addEventListener("click", stop);
addEventListener("keydown", (event) => {
  const elsewhere = document.querySelector("dialog[open], .open");
  if (event.key === "Escape" && !elsewhere) stop();
});
