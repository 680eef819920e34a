// The pictures that will go with the next message: chosen, taken, pasted or dropped.

import { find, page, words } from "./page.js";
import { clearProblem, showProblem } from "./problem.js";

const list = find("previews");
const chosen = [];
let onChange = () => {};

export const pictures = () => chosen.map(({ file }) => file);

export function whenPicturesChange(callback) {
  onChange = callback;
}

export function addPictures(files) {
  clearProblem();
  for (const file of files) {
    if (chosen.length >= page.maxPictures) showProblem(words.tooMany);
    else if (file.size > page.maxBytes) showProblem(words.tooLarge);
    else add(file);
  }
  changed();
}

function add(file) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  const address = URL.createObjectURL(file);
  Object.assign(image, { src: address, alt: file.name });
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", `${words.remove}: ${file.name}`);
  button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18"/></svg>';
  const entry = { file, item, address };
  button.addEventListener("click", () => remove(entry));
  item.append(image, button);
  list.append(item);
  chosen.push(entry);
}

function remove(entry) {
  chosen.splice(chosen.indexOf(entry), 1);
  URL.revokeObjectURL(entry.address);
  entry.item.remove();
  changed();
  find("text").focus();
}

export function clearPictures() {
  for (const entry of [...chosen]) {
    URL.revokeObjectURL(entry.address);
    entry.item.remove();
  }
  chosen.length = 0;
  changed();
}

function changed() {
  list.hidden = !chosen.length;
  onChange();
}

for (const id of ["files", "camera"]) {
  const input = find(id);
  const take = () => {
    addPictures([...input.files]);
    input.value = "";
    find("text").focus();
  };
  input.addEventListener("change", take);
  if (input.files.length) take(); // chosen before this script was there
}

addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (!files.length) return;
  event.preventDefault();
  addPictures(files);
});

const drop = find("drop");
let depth = 0;

function dragging(event, change) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  depth = Math.max(0, depth + change);
  drop.hidden = depth === 0;
}

addEventListener("dragenter", (event) => dragging(event, 1));
addEventListener("dragleave", (event) => dragging(event, -1));
addEventListener("dragover", (event) => dragging(event, 0));
addEventListener("drop", (event) => {
  dragging(event, -depth);
  addPictures([...(event.dataTransfer?.files ?? [])]);
});
