// The frame: who asks, which area is shown, and what happens meanwhile.

import { ask, follow, setToken } from "./api.js";
import { ConfigView } from "./config.js";
import { $, fill, h, toast } from "./dom.js";
import { showReports } from "./reports.js";
import { showServices } from "./services.js";

const state = { me: null, listed: [], view: null, leave: null };

async function start() {
  try {
    state.me = await ask("/me");
  } catch (problem) {
    if (problem.status === 401) return signIn(problem.message);
    $("#main").replaceChildren(h("p", { class: "banner bad" }, `The service does not answer: ${problem.message}`));
    return;
  }
  const { me } = state;
  $("#environment").textContent = me.environment;
  $("#environment").classList.add(`env-${me.environment}`);
  fill($("#person"), me.name, h("small", {}, roleOf(me)), me.signed_in && sessionStorage.getItem("id-token") && h("button", { class: "link", onclick: () => { setToken(null); location.reload(); } }, "sign out"));
  window.addEventListener("hashchange", route);
  window.addEventListener("beforeunload", (event) => { if (state.view?.dirty) event.preventDefault(); });
  follow(told, (word) => { $("#live").textContent = word; $("#live").className = `live ${word === "live" ? "on" : ""}`; });
  await route();
}

export const may = (permission) => state.me.permissions.includes(permission);

function roleOf(me) {
  const roles = [["config.approve", "approver"], ["config.write", "editor"], ["config.read", "reader"]];
  return roles.find(([permission]) => me.permissions.includes(permission))?.[1] ?? "no access";
}

async function route() {
  const [, area = "config", name, tab = "edit"] = location.hash.split("/").map(decodeURIComponent);
  if (state.view?.dirty && state.view.name !== name && !confirm(`Leave your edits of ${state.view.name}?`)) {
    history.replaceState(null, "", `#/config/${state.view.name}`);
    return;
  }
  state.leave?.();
  state.leave = null;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.dataset.area === area) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  $("#side").hidden = area !== "config";
  $("#layout").classList.toggle("wide", area !== "config");
  try {
    if (area === "services") { state.view = null; state.leave = showServices($("#main"), state.me); return; }
    if (area === "reports") { state.view = null; await showReports($("#main")); return; }
    await list();
    const wanted = name ?? "risk";
    if (state.view?.name !== wanted) {
      state.view = new ConfigView($("#main"), wanted, state.me, list);
      await state.view.load();
    }
    state.view.tab(tab);
    mark(wanted);
  } catch (problem) {
    state.view = null;
    $("#main").replaceChildren(h("p", { class: "banner bad", role: "alert" }, problem.message));
  }
}

async function list() {
  state.listed = (await ask("/config")).configurations;
  const filter = $("#filter")?.value ?? "";
  const part = (kind, title) => [
    h("h2", {}, title),
    h("ul", {}, state.listed.filter((each) => each.kind === kind).map((each) => h("li", { "data-name": each.name },
      h("a", { href: `#/config/${each.name}`, title: each.title }, each.name,
        each.waiting ? h("span", { class: "count", title: `${each.waiting} waiting` }, String(each.waiting)) : each.version ? h("span", { class: "version" }, `v${each.version}`) : "")))),
  ];
  const search = h("input", { id: "filter", type: "search", placeholder: "filter", "aria-label": "Filter configurations", value: filter, oninput: narrow });
  $("#side").replaceChildren(search, ...part("platform", "Platform"), ...part("service", "Services"));
  narrow();
  if (state.view) mark(state.view.name);
}

function narrow() {
  const wanted = $("#filter").value.trim().toLowerCase();
  for (const item of document.querySelectorAll("#side li")) item.hidden = !item.dataset.name.includes(wanted);
}

function mark(name) {
  for (const item of document.querySelectorAll("#side li")) {
    const link = $("a", item);
    if (item.dataset.name === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
}

async function told(kind, about) {
  if (kind === "hello") {
    if (state.view) { await list(); await state.view.look(); }
    return;
  }
  if (!about.name || location.hash.startsWith("#/services") || location.hash.startsWith("#/reports")) return;
  await list();
  if (state.view?.name === about.name) await state.view.heard(kind, about);
  else if (kind === "applied") toast(`${about.name}: version ${about.version} applied by ${about.by}`);
}

function signIn(why) {
  const token = h("input", { id: "token", type: "password", autocomplete: "off", required: true });
  const form = h("form", { class: "card", onsubmit: (event) => { event.preventDefault(); setToken(token.value.trim()); location.reload(); } },
    h("h2", {}, "Sign in"), h("p", {}, "This environment asks who you are. Paste an ID token: ", h("code", {}, "gcloud auth print-identity-token")),
    sessionStorage.getItem("id-token") && h("p", { class: "error" }, why),
    h("label", { for: "token" }, "ID token"), token, h("button", { class: "primary" }, "Sign in"));
  $("#side").hidden = true;
  $("#layout").classList.add("wide");
  $("#live").textContent = "signed out";
  $("#main").replaceChildren(form);
  token.focus();
}

start();
