// The history of a configuration, and what waits to be applied.

import { ask, newKey } from "./api.js";
import { h, when } from "./dom.js";
import { differences, review } from "./review.js";
import { edits } from "./values.js";

const ACTIONS = { apply: "applied", rollback: "rolled back", outside: "written into the bucket by hand" };

export async function showHistory(place, view) {
  const { versions } = await ask(`/config/${view.name}/history`);
  if (view.shown !== "history") return;
  const files = view.state.version > 0 && view.may("config.approve") && !view.me.four_eyes && h("li", { class: "version" },
    h("div", { class: "head" }, h("b", {}, "version 0"), h("span", {}, "the files by themselves"), back(view, 0, "the files")));
  place.replaceChildren(versions.length ? h("ol", { class: "versions" }, versions.map((each) => row(view, each)), files) : h("p", { class: "none" }, "Nothing was changed at run time yet."));
}

function row(view, change) {
  const who = change.by || "somebody";
  const how = change.action === "rollback" ? `rolled back to ${change.of_version} by ${who}` : change.action === "outside" ? ACTIONS.outside : `applied by ${who}`;
  const current = change.version === view.state.version;
  return h("li", { class: "version" },
    h("div", { class: "head" }, h("b", {}, `version ${change.version}`), current && h("span", { class: "badge good" }, "in force"),
      h("span", {}, how, change.proposed_by && change.proposed_by !== change.by ? `, proposed by ${change.proposed_by}` : ""), when(change.at),
      !current && !change.withheld && view.may("config.approve") && !view.me.four_eyes && back(view, change.version, `version ${change.version}`)),
    change.comment && h("p", { class: "comment" }, change.comment),
    change.withheld && h("p", { class: "comment" }, "What may be a secret in it is not kept, so nobody can roll back to it."),
    differences(change.differences));
}

function back(view, to, what) {
  return h("button", { class: "right", onclick: () => rollback(view, to, what) }, "Roll back to this…");
}

async function rollback(view, to, what) {
  try {
    const text = to ? await ask(`/config/${view.name}/history/${to}`) : null;
    const override = text ? text.override : {};
    const answer = await ask(`/config/${view.name}/validate`, { method: "POST", body: { override } });
    if (!answer.valid) throw new Error(`${what} is not valid any more: ${answer.problems.map((each) => `${each.path} ${each.detail}`).join("; ")}`);
    const key = newKey();
    const note = edits(view.state.values, view.edited).length ? "Your own edits are dropped." : "";
    review({
      title: `Roll ${view.name} back to ${what}`, found: answer.differences, applyWord: "Roll back", note,
      apply: (comment) => view.send("/rollback", "POST", { to, comment }, key),
    });
  } catch (problem) {
    await view.refused(problem);
  }
}

export async function showProposals(place, view) {
  const { proposals } = await ask(`/config/${view.name}/proposals`);
  if (view.shown !== "proposals") return;
  const act = (proposal, what, key = newKey()) => async () => {
    try {
      const done = await ask(`/config/${view.name}/proposals/${proposal.id}/${what}`, { method: "POST", key });
      if (what === "apply") await view.applied(done); else await view.listed();
    } catch (problem) {
      await view.refused(problem);
    }
    await showProposals(place, view);
  };
  place.replaceChildren(proposals.length ? h("ol", { class: "versions" }, proposals.map((each) => proposalRow(view, each, act))) : h("p", { class: "none" }, "Nothing is proposed."));
}

function proposalRow(view, proposal, act) {
  const open = proposal.state === "open";
  const own = proposal.by === view.me.name;
  const mayApply = open && view.may("config.approve") && !(view.me.four_eyes && own);
  const mayReject = open && (view.may("config.approve") || own);
  const words = { open: "waits", stale: "overtaken by a newer version" };
  return h("li", { class: "version" },
    h("div", { class: "head" }, h("span", { class: `badge ${open ? "warn" : ""}` }, words[proposal.state] ?? proposal.state), h("span", {}, `proposed by ${proposal.by}, on version ${proposal.base}`), when(proposal.at),
      h("span", { class: "right" }, mayReject && h("button", { onclick: act(proposal, "reject") }, own ? "Withdraw" : "Reject"), mayApply && h("button", { class: "primary", onclick: act(proposal, "apply") }, "Apply"))),
    proposal.comment && h("p", { class: "comment" }, proposal.comment),
    proposal.decided_by && h("p", { class: "about" }, `${proposal.state} by ${proposal.decided_by} `, when(proposal.decided_at), proposal.answer && `: ${proposal.answer}`),
    differences(proposal.differences));
}
