/* The queue of decisions: a side panel where there is room, a count of what is chosen, and shortcuts. */
"use strict";

(() => {
  const rows = [...document.querySelectorAll(".queue-row")];
  const links = rows.map((row) => row.querySelector("a"));
  const panel = document.getElementById("panel");
  const dialog = document.getElementById("shortcuts");
  if (!panel || !dialog) return;
  const wide = matchMedia("(min-width: 62rem)");
  const title = document.title;
  let current = -1;

  function mark(place) {
    current = Math.max(0, Math.min(place, rows.length - 1));
    rows.forEach((row, n) => row.classList.toggle("is-current", n === current));
  }

  async function open(place) {
    mark(place);
    const { href } = links[current];
    panel.setAttribute("aria-busy", "true");
    await htmx.ajax("GET", href, { target: "#panel", select: "#decision", swap: "innerHTML" });
    document.title = title;
    panel.removeAttribute("aria-busy");
    panel.scrollTop = 0;
    if (!panel.querySelector("#decision")) location.href = href;
  }

  links.forEach((link, place) => {
    link.addEventListener("focus", () => mark(place));
    link.addEventListener("click", (event) => {
      if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(place);
    });
  });

  const boxes = [...document.querySelectorAll("[name=chosen]")];
  const bulk = document.querySelector(".queue-bulk [type=submit]");
  function count() {
    const chosen = boxes.filter((box) => box.checked).length;
    bulk.disabled = !chosen;
    bulk.querySelector("[data-count]").textContent = chosen ? `(${chosen})` : "";
  }
  boxes.forEach((box) => box.addEventListener("change", count));
  addEventListener("pageshow", count);

  const NAME = "queue-shortcuts";
  const power = dialog.querySelector("[data-switch]");
  const button = document.querySelector("[data-shortcuts]");
  power.checked = localStorage.getItem(NAME) !== "off";
  power.addEventListener("change", () => localStorage.setItem(NAME, power.checked ? "on" : "off"));
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  const go = (place) => {
    mark(place);
    links[current].focus();
  };
  const keys = {
    j: () => go(current + 1),
    k: () => go(current - 1),
    x: () => rows[current]?.querySelector("[name=chosen]")?.click(),
    a: () => panel.querySelector("[data-approve] [type=submit]")?.click(),
    r: () => {
      const reject = panel.querySelector("[data-reject]");
      if (!reject) return;
      reject.open = true;
      reject.querySelector("select, textarea").focus();
    },
    "?": () => dialog.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!power.checked || typing || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });

  const at = new URLSearchParams(location.search).get("at");
  if (at && wide.matches) {
    go(Number(at) || 0);
    open(current);
  }
})();
