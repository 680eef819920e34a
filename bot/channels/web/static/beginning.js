// The sample pictures and starter questions of an empty chat.

import { say, update } from "./composer.js";
import { find, words } from "./page.js";
import { addPictures } from "./pictures.js";
import { showProblem } from "./problem.js";

for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", async () => {
    try {
      const picture = await (await fetch(button.dataset.sample)).blob();
      addPictures([new File([picture], button.dataset.name, { type: picture.type })]);
    } catch {
      showProblem(words.noConnection);
      return;
    }
    const text = find("text");
    text.value ||= words.sampleQuestion;
    update();
    text.focus();
  });
}

for (const button of document.querySelectorAll("[data-starter]")) {
  button.addEventListener("click", () => say(button.textContent.trim()));
}
