// Rename, delete (after asking), and the links for another device.

import { post } from "./api.js";
import { copy } from "./copy.js";
import { find, path, words } from "./page.js";
import { showProblem } from "./problem.js";
import { closeSidebar, nameConversation } from "./sidebar.js";

for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close(""));
}

function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function handling(action) {
  return async () => {
    try {
      await action();
    } catch (error) {
      showProblem(error.message);
    }
  };
}

async function rename() {
  const field = find("new-title");
  field.value = find("title").textContent;
  const asked = ask(find("rename-dialog"));
  field.select();
  if (!(await asked)) return;
  const { title } = await post(path("rename"), { title: field.value });
  nameConversation(title);
}

async function remove() {
  if (!(await ask(find("delete-dialog")))) return;
  document.body.dataset.deleting = ""; // whoever deletes reads to the end what stays
  const { kept } = await post(path("delete")).catch((error) => {
    delete document.body.dataset.deleting;
    throw error;
  });
  if (kept) {
    find("kept-text").textContent = kept;
    await ask(find("kept-dialog"));
  }
  location.assign("/");
}

async function move() {
  const { links } = await post("/move");
  closeSidebar();
  find("move-links").replaceChildren(...links.map(linkItem));
  find("move-dialog").showModal();
}

function linkItem(address) {
  const item = document.createElement("li");
  const code = document.createElement("code");
  code.textContent = address;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: words.copy });
  button.addEventListener("click", () => copy(address, button));
  item.append(code, button);
  return item;
}

find("rename").addEventListener("click", handling(rename));
find("delete").addEventListener("click", handling(remove));
find("move").addEventListener("click", handling(move));
