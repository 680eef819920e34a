// Writing and sending.

import { post } from "./api.js";
import { toEnd } from "./log.js";
import { find, page, path, words } from "./page.js";
import { clearPictures, pictures, whenPicturesChange } from "./pictures.js";
import { clearProblem, showProblem } from "./problem.js";
import { addConversation } from "./sidebar.js";
import { openStream } from "./stream.js";

const form = find("composer");
const text = find("text");
const button = find("send");

// Names this sending until it has arrived, so that trying again is harmless.
let sendId = "";
let sending = false;

export function update() {
  sendId = "";
  button.disabled = sending || (!text.value.trim() && !pictures().length);
  if (!CSS.supports("field-sizing", "content")) {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }
}

export async function send() {
  if (button.disabled) return;
  sending = button.disabled = true;
  clearProblem();
  try {
    await deliver(text.value, pictures());
    text.value = "";
    clearPictures();
    openStream();
    toEnd();
  } catch (error) {
    showProblem(error.message);
  } finally {
    sending = false;
    const keep = sendId;
    update();
    if (text.value || pictures().length) sendId = keep;
    text.focus();
  }
}

async function deliver(message, files) {
  sendId ||= randomName();
  if (!page.conversation) await begin();
  const fields = new FormData();
  fields.append("text", message);
  fields.append("id", sendId);
  for (const file of files) fields.append("pictures", file);
  await post(path("messages"), fields);
}

async function begin() {
  const { conversation } = await post("/conversations");
  page.conversation = String(conversation);
  history.replaceState(null, "", `/c/${conversation}`);
  addConversation(page.conversation, words.untitled);
  find("beginning")?.remove();
  find("conversation-actions").hidden = false;
}

function randomName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function say(message) {
  text.value = message;
  update();
  await send();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
text.addEventListener("input", update);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
whenPicturesChange(update);
update();
