// Tells screen readers what happens: whole sentences of a growing answer, never single tokens.

import { find } from "./page.js";

const SENTENCE_END = /[.!?…。！？:]["')\]]*(?=\s|$)|\n/g;
const PAUSE = 1200; // milliseconds between two announcements

let spoken = 0;
let waiting = "";
let timer = 0;

export function announce(text) {
  waiting = waiting ? `${waiting} ${text}` : text;
  timer ||= setTimeout(speak, 60);
}

function speak() {
  find("announcer").textContent = waiting;
  waiting = "";
  timer = setTimeout(() => {
    timer = 0;
    if (waiting) speak();
  }, PAUSE);
}

export function beginAnswer() {
  spoken = 0;
}

export function growAnswer(text) {
  let end = spoken;
  for (const match of text.matchAll(SENTENCE_END)) end = Math.max(end, match.index + match[0].length);
  if (end > spoken) announce(text.slice(spoken, end).trim());
  spoken = end;
}

export function endAnswer(text) {
  if (text.length > spoken) announce(text.slice(spoken).trim());
  spoken = 0;
}
