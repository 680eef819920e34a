// Keeps the figures fresh, but never under the hands of somebody who is about to decide.

const live = document.getElementById("live");
const EVERY = 3000; // milliseconds

async function refresh() {
  if (!document.hidden && !live.contains(document.activeElement)) {
    try {
      const response = await fetch(live.dataset.live, { redirect: "error" });
      if (response.ok) live.innerHTML = await response.text();
      else location.reload();
    } catch {
      // No connection: what was last known stays.
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
