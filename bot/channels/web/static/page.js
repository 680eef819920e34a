// The page itself: its words in the reader's language, and the conversation that it shows.

export const app = document.getElementById("app");
export const words = JSON.parse(document.getElementById("words").textContent);
export const find = (id) => document.getElementById(id);

export const page = {
  conversation: app.dataset.conversation,
  maxPictures: Number(app.dataset.maxPictures),
  maxBytes: Number(app.dataset.maxBytes),
};

export function path(rest) {
  return `/c/${page.conversation}/${rest}`;
}
