// The line above the composer that says what went wrong.

import { find } from "./page.js";

const line = find("problem");

export function showProblem(text) {
  line.textContent = text;
  line.hidden = false;
}

export function clearProblem(text) {
  if (text && line.textContent !== text) return;
  line.hidden = true;
  line.textContent = "";
}
