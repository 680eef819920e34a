// Follows the conversation by server-sent events, and comes back by itself after a lost connection.

import { showBlocks, showEntries, showStarted, showWaiting } from "./log.js";
import { find, page, path, words } from "./page.js";
import { nameConversation } from "./sidebar.js";
import { updateStop } from "./stop.js";
import { clearProblem, showProblem } from "./problem.js";

const AGAIN = 2000; // milliseconds

let source = null;
let lastId = "";

const handlers = {
  entries(data) {
    showEntries(data);
    nameConversation(data.title);
    find("demonstration").hidden = !data.demonstration;
  },
  waiting: showWaiting,
  started: showStarted,
  blocks: showBlocks,
  ended() {},
  gone() {
    source.close();
    // What brought the end about may have been sent from here, and its answer a new session.
    if (!("deleting" in document.body.dataset)) setTimeout(() => location.assign("/"), 300);
  },
};

export function openStream() {
  if (source || !page.conversation) return;
  source = new EventSource(path(`events?after=${encodeURIComponent(lastId)}`));
  source.addEventListener("open", () => clearProblem(words.reconnecting));
  source.addEventListener("error", onError);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => {
      if (event.lastEventId) lastId = event.lastEventId;
      handle(JSON.parse(event.data));
      updateStop();
    });
  }
}

async function onError() {
  if (source.readyState !== EventSource.CLOSED) {
    showProblem(words.reconnecting);
    return;
  }
  source = null;
  if (await isOver()) location.reload();
  else setTimeout(openStream, AGAIN);
}

async function isOver() {
  try {
    const response = await fetch(location.href, { method: "HEAD", redirect: "manual" });
    return response.type === "opaqueredirect" || response.status === 404;
  } catch {
    showProblem(words.reconnecting);
    return false;
  }
}

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  source = null;
  openStream();
});

