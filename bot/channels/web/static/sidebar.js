// The list of conversations, which slides in on phones.

import { app, find, page, words } from "./page.js";

const opener = find("open-sidebar");
const shade = find("shade");

function toggle(open) {
  app.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  shade.hidden = !open;
  (open ? find("close-sidebar") : opener).focus();
}

export function closeSidebar() {
  if (app.classList.contains("open")) toggle(false);
}

export function addConversation(id, title) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  Object.assign(link, { href: `/c/${id}`, textContent: title });
  link.dataset.id = id;
  link.setAttribute("aria-current", "page");
  item.append(link);
  find("conversations").prepend(item);
  find("title").textContent = title;
}

export function nameConversation(title) {
  const shown = title || words.untitled;
  find("title").textContent = shown;
  const link = find("conversations").querySelector(`[data-id="${page.conversation}"]`);
  if (link) link.textContent = shown;
}

opener.addEventListener("click", () => toggle(true));
find("close-sidebar").addEventListener("click", () => toggle(false));
shade.addEventListener("click", () => toggle(false));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSidebar();
});
