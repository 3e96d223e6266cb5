"use strict";

// Draws anew what is live, and gives the control plane the orders of buttons and forms.
// Without it every page can still be read.

const EVERY_MS = 1000;
const { plane, done, sure, unreached } = document.body.dataset;
const said = document.getElementById("said");
const live = document.getElementById("live");
let drawing = false;

function say(text, isBad) {
  said.textContent = "";
  said.className = isBad ? "bad" : "";
  // A status that says the same again is read out only if it was empty between.
  setTimeout(() => { said.textContent = text; }, 30);
}

function signOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.matches("a[href]")) return `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  if (element.dataset.order) {
    const { order, body } = element.dataset;
    return `[data-order="${CSS.escape(order)}"][data-body="${CSS.escape(body || "")}"]`;
  }
  return "";
}

function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? signOf(document.activeElement) : null;
  const unfolded = [...old.querySelectorAll("details")].map((one) => one.open);
  const place = old.querySelector(".scroll") ? old.querySelector(".scroll").scrollLeft : 0;
  old.innerHTML = fresh.innerHTML;
  // A list that grew at its top has moved what was unfolded down.
  const folds = [...old.querySelectorAll("details")];
  const grown = Math.max(0, folds.length - unfolded.length);
  folds.forEach((one, index) => { one.open = unfolded[index - grown] || false; });
  if (place) old.querySelector(".scroll").scrollLeft = place;
  if (focused !== null) {
    ((focused && old.querySelector(focused)) || old.querySelector("[tabindex]") || old).focus();
  }
}

function isInUse(element) {
  const selection = getSelection();
  return !selection.isCollapsed && element.contains(selection.anchorNode);
}

async function draw() {
  if (drawing) return;
  drawing = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(old.id);
      if (fresh && fresh.innerHTML !== old.dataset.drawn && !isInUse(old)) {
        if (old.dataset.drawn !== undefined || fresh.innerHTML !== old.innerHTML) replace(old, fresh);
        old.dataset.drawn = fresh.innerHTML;
      }
    }
  } catch {
    say(unreached, true);
  } finally {
    drawing = false;
  }
}

async function give(order, verb, body) {
  try {
    const answer = await fetch(`${plane}/${order}`, {
      method: verb,
      headers: { "Content-Type": "application/json" },
      body: verb === "GET" ? undefined : JSON.stringify(body),
    });
    const told = await answer.json();
    say(answer.ok ? done : told.error, !answer.ok);
  } catch {
    say(unreached, true);
  }
  await draw();
}

const READ = { number: Number, json: JSON.parse };

function orderOf(form) {
  const order = {};
  for (const field of form.elements) {
    if (!field.name || field.value === "") continue;
    const read = READ[field.dataset.reads] || String;
    const path = field.name.split(".");
    const last = path.pop();
    const inner = path.reduce((node, name) => (node[name] ??= {}), order);
    inner[last] = read(field.value);
  }
  return order;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.order) return;
  event.preventDefault();
  try {
    give(form.dataset.order, "POST", orderOf(form));
  } catch (error) {
    say(String(error), true);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-verb]");
  if (!button || ("asks" in button.dataset && !confirm(sure))) return;
  give(button.dataset.order, button.dataset.verb, JSON.parse(button.dataset.body));
});

live.addEventListener("click", () => {
  live.setAttribute("aria-pressed", String(live.getAttribute("aria-pressed") !== "true"));
});

setInterval(() => {
  if (live.getAttribute("aria-pressed") === "true" && !document.hidden) draw();
}, EVERY_MS);
