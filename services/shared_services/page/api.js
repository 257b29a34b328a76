// The service's API, and the stream of what happens.

const TOKEN = "id-token";

export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || `HTTP ${status}`);
    this.status = status;
    this.document = document;
  }
}

export function setToken(token) {
  if (token) sessionStorage.setItem(TOKEN, token);
  else sessionStorage.removeItem(TOKEN);
}

function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return { ...(token ? { authorization: `Bearer ${token}` } : {}), ...more };
}

// Asks, and gives the JSON. `base` is the version that a change is made on; each change has a key, so that a repeated
// click or a lost answer does it once.
export async function ask(path, { method = "GET", body, base, key } = {}) {
  const more = {};
  if (body !== undefined) more["content-type"] = "application/json";
  if (base !== undefined) more["if-match"] = `"${base}"`;
  if (key !== undefined) more["idempotency-key"] = key;
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: headers(more),
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let document = {};
  try { document = text ? JSON.parse(text) : {}; } catch { document = { detail: text.slice(0, 200) }; }
  if (!answer.ok) throw new Problem(answer.status, document);
  return document;
}

export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");

export async function download(path, name) {
  const answer = await fetch(`/api/v1${path}`, { headers: headers() });
  if (!answer.ok) throw new Problem(answer.status, await answer.json());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Server-sent events over fetch, since EventSource can't send a token. Comes again by itself; rests while hidden.
export function follow(told, state) {
  let controller = null;
  async function run() {
    let pause = 500;
    for (;;) {
      if (document.hidden) await new Promise((go) => document.addEventListener("visibilitychange", go, { once: true }));
      controller = new AbortController();
      try {
        const answer = await fetch("/api/v1/events", { headers: headers(), signal: controller.signal });
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
        state("live");
        pause = 500;
        await read(answer.body.getReader(), told);
      } catch { /* the next turn tries again */ }
      state(document.hidden ? "paused" : "reconnecting…");
      await new Promise((go) => setTimeout(go, pause));
      pause = Math.min(pause * 2, 15000);
    }
  }
  document.addEventListener("visibilitychange", () => document.hidden && controller?.abort());
  run();
}

async function read(reader, told) {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const kind = /^event: (.*)$/m.exec(part);
      const data = /^data: (.*)$/m.exec(part);
      if (kind && data) told(kind[1], JSON.parse(data[1]));
    }
  }
}
