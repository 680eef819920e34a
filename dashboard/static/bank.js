// Lists are sent by script, with the token in a header: a plain form carries no file and no long text.

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-list]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { "x-csrf-token": form.elements.csrf.value, accept: "text/html" },
      body: new FormData(form),
    });
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    form.querySelector("[data-failed]").hidden = false;
  } finally {
    button.disabled = false;
  }
});

function show(page) {
  document.querySelector("main").replaceWith(page.querySelector("main"));
  const told = document.querySelector("main [role=status], main [role=alert]");
  if (!told) return;
  told.tabIndex = -1;
  told.focus();
  told.scrollIntoView({ block: "center" });
}
