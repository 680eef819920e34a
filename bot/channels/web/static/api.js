// Calls to the server. What goes wrong is thrown as an Error whose message is a sentence to show.

import { app, words } from "./page.js";

export async function post(address, fields = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return answer(await reach(address, { method: "POST", body }));
}

export async function get(address) {
  return answer(await reach(address, {}));
}

async function reach(address, options) {
  const headers = { accept: "application/json", "x-csrf-token": app.dataset.csrf };
  try {
    return await fetch(address, { ...options, headers, redirect: "error" });
  } catch {
    throw new Error(words.noConnection);
  }
}

async function answer(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(data.error || words.failed);
  return data;
}
