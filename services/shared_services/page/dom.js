// Elements in one call: h("p", {class: "note"}, "text", child). Text is always text, never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  return fill(element, ...children);
}

// What an element holds from now on; a child that is not there (undefined, null, false) leaves nothing.
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export const $ = (selector, within = document) => within.querySelector(selector);

let last = 0;
export const uid = () => `f${++last}`;

export function toast(text, kind = "info") {
  const shown = h("p", { class: `toast ${kind}` }, text);
  $("#toasts").append(shown);
  setTimeout(() => shown.remove(), 6000);
}

export function when(iso) {
  if (!iso) return "";
  const options = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Kolkata" };
  return h("time", { datetime: iso, title: iso }, `${new Date(iso).toLocaleString("en-IN", { ...options, hour12: false })} IST`);
}

// A value as people read it, in a few characters.
export function brief(value) {
  if (value === null || value === undefined) return "not set";
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.length ? value.map(brief).join(", ") : "(none)";
  return JSON.stringify(value, null, 1).replace(/\n\s*/g, " ");
}

export const number = (value) => (Math.abs(value) >= 10000 ? value.toLocaleString("en-IN", { maximumFractionDigits: 12 }) : String(value));
