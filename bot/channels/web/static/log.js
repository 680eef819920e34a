// The transcript: entries come and go as HTML from the server, answers grow block by block.

import { announce, beginAnswer, endAnswer, growAnswer } from "./announce.js";
import { offerCodeCopies } from "./copy.js";
import { find, words } from "./page.js";

const log = find("log");
const scroll = find("scroll");
const NEAR = 90; // pixels from the end within which the page stays at the end

export function live() {
  return log.querySelector(".live");
}

function liveTurn(turn) {
  return log.querySelector(`.live[data-turn="${turn}"]`);
}

function keepingPlace(change) {
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
  change();
  if (atEnd) toEnd();
}

export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
}

export function showEntries({ order, changed }) {
  keepingPlace(() => {
    const pieces = new Map([...log.querySelectorAll(".piece")].map((each) => [each.dataset.key, each]));
    for (const entry of changed) show(pieces, entry);
    const wanted = new Set(order);
    for (const [key, piece] of pieces) {
      if (!wanted.has(key) && !("older" in piece.dataset)) piece.remove();
    }
    let before = null;
    for (const key of order.toReversed()) {
      const piece = pieces.get(key);
      if (piece.nextElementSibling !== before || !piece.isConnected) log.insertBefore(piece, before);
      before = piece;
    }
  });
}

function show(pieces, { key, digest, html }) {
  let piece = pieces.get(key);
  if (!piece) {
    piece = document.createElement("div");
    piece.className = "piece";
    piece.dataset.key = key;
    pieces.set(key, piece);
  }
  if (piece.dataset.digest === digest) return;
  const wasGrowing = piece.querySelector(".live");
  piece.dataset.digest = digest;
  const pressed = piece.contains(document.activeElement) && document.activeElement.dataset.press;
  piece.innerHTML = html; // rendered and made safe by the server
  // Whoever came by the keyboard stays where they were.
  if (pressed) piece.querySelector(`[data-press="${CSS.escape(pressed)}"]`)?.focus();
  offerCodeCopies(piece);
  if (wasGrowing) endAnswer(piece.querySelector(".text")?.innerText ?? "");
  else if (piece.querySelector(".notice")) announce(piece.innerText);
}

export function showOlder(older) {
  const height = scroll.scrollHeight;
  const first = log.querySelector(".piece");
  for (const { key, html } of older) {
    const piece = document.createElement("div");
    Object.assign(piece.dataset, { key, older: "" });
    piece.className = "piece";
    piece.innerHTML = html;
    offerCodeCopies(piece);
    log.insertBefore(piece, first);
  }
  scroll.scrollTop += scroll.scrollHeight - height;
}

export function showWaiting({ turn, text }) {
  const entry = liveTurn(turn);
  if (entry) entry.querySelector(".words").textContent = text;
}

export function showStarted({ turn, attempt }) {
  const entry = liveTurn(turn);
  if (!entry || entry.dataset.attempt === String(attempt)) return;
  entry.dataset.attempt = attempt;
  entry.querySelector(".text").replaceChildren();
  entry.querySelector(".words").textContent = words.thinking;
  beginAnswer();
}

export function showBlocks({ turn, attempt, first, blocks }) {
  const entry = liveTurn(turn);
  if (!entry || entry.dataset.attempt !== String(attempt)) return;
  keepingPlace(() => {
    const text = entry.querySelector(".text");
    while (text.children.length > first) text.lastElementChild.remove();
    for (const html of blocks) {
      const block = document.createElement("div");
      block.className = "block";
      block.innerHTML = html; // rendered and made safe by the server
      text.append(block);
    }
    entry.querySelector(".words").textContent = words.writing;
    growAnswer(text.innerText);
  });
}
