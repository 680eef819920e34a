// Everything by keyboard: whatever has a data-key is pressed by that key, outside of fields.

const dialog = document.getElementById("keys");

function reveal() {
  for (const picture of document.querySelectorAll("img.unseen, img.seen")) {
    if (picture.dataset.src) picture.src = picture.dataset.src; // not fetched before it is wanted
    picture.classList.toggle("unseen");
    picture.classList.toggle("seen");
  }
}

document.addEventListener("click", (event) => {
  if (event.target.matches("img.unseen, img.seen")) reveal();
});

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  if (event.key === "?") dialog?.showModal();
  else if (event.key === "k") history.back();
  else if (event.key === "p") reveal();
  else if (event.key === "n") {
    event.preventDefault();
    document.getElementById("note")?.focus();
  } else if (!dialog?.open) {
    document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`)?.click();
  }
});

document.getElementById("flagged")?.scrollIntoView({ block: "center" });
