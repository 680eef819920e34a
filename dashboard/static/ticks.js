// Ticks all boxes, or none where all are ticked.

const button = document.getElementById("all");

button?.addEventListener("click", () => {
  const boxes = [...document.querySelectorAll('.alike input[type="checkbox"]')];
  const ticked = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !ticked;
});
if (button) button.hidden = false;
