/* The forms on which a city posts, and changes what it posted: names while typing, packs of the item, hints;
   where one posts, further lines and drafts. All of it improves what the page does without. */
"use strict";

const sheet = document.getElementById("sheet");
const lines = document.getElementById("lines");
const catalogue = JSON.parse(document.getElementById("catalogue").textContent);
const number = new Intl.NumberFormat(document.documentElement.lang);
const QUIET_MS = 2000;

function field(line, name) {
  return line.querySelector(`[name="${name}"], [name$="-${name}"]`);
}

function enhance(line) {
  const item = field(line, "item");
  for (const option of item.options) {
    if (option.value) option.dataset.names = catalogue[option.value].names;
  }
  const { control_input: input } = new TomSelect(item, {
    searchField: ["text", "names"],
    maxOptions: null,
    placeholder: sheet.dataset.choose,
    selectOnTab: true,
    allowEmptyOption: false,
  });
  item.setAttribute("aria-hidden", "true"); // readers meet the input in its place
  for (const name of ["aria-invalid", "aria-describedby"]) {
    if (item.hasAttribute(name)) input.setAttribute(name, item.getAttribute(name));
  }
  item.addEventListener("focus", () => item.tomselect.focus());
  item.addEventListener("change", () => chosen(line));
  for (const name of ["quantity", "pack"]) {
    field(line, name)?.addEventListener("input", () => convert(line));
  }
  chosen(line);
}

function chosen(line) {
  const item = catalogue[field(line, "item").value];
  if (field(line, "pack")) {
    offerPacks(field(line, "pack"), item);
    convert(line);
  }
  showHints(line);
}

function offerPacks(select, item) {
  const before = select.value;
  const packs = item ? item.packs.map(([pk, name, units]) => [pk, `${name} (${number.format(units)} ${item.unit})`]) : [];
  select.replaceChildren(new Option(item ? item.unit : select.options[0].text, ""), ...packs.map(([pk, name]) => new Option(name, pk)));
  select.value = packs.some(([pk]) => String(pk) === before) ? before : "";
}

function convert(line) {
  const item = catalogue[field(line, "item").value];
  const pack = item && item.packs.find(([pk]) => String(pk) === field(line, "pack").value);
  const typed = Number(field(line, "quantity").value.normalize("NFKC").replace(/[,\s]/g, ""));
  const known = pack && Number.isInteger(typed) && typed > 0;
  line.querySelector(".converted").textContent = known ? `= ${number.format(typed * pack[2])} ${item.unit}` : "";
}

async function showHints(line) {
  const place = line.querySelector(".hints");
  const item = field(line, "item").value;
  place.replaceChildren();
  if (!item || !sheet.dataset.hints) return; // who acts for no city has none
  const answer = await fetch(`${sheet.dataset.hints}&item=${item}`);
  if (answer.ok && field(line, "item").value === item) place.innerHTML = await answer.text();
}

function addLine() {
  const used = [...lines.children].map((line) => Number(line.id.slice("line-".length)));
  const text = document.getElementById("blank-line").innerHTML;
  lines.insertAdjacentHTML("beforeend", text.replaceAll("line-X", `line-${Math.max(...used) + 1}`));
  const line = lines.lastElementChild;
  line.querySelector("[name=remove]").value = line.id.slice("line-".length);
  enhance(line);
  field(line, "item").tomselect.focus();
}

function removeLine(line) {
  const next = line.nextElementSibling || line.previousElementSibling;
  line.remove();
  field(next, "item").tomselect.focus();
}

sheet.addEventListener("click", (event) => {
  const button = event.target.closest("button[name]");
  if (!button) return;
  if (button.name === "add") addLine();
  else if (button.name === "remove" && lines.children.length > 1) removeLine(button.closest("fieldset"));
  else return;
  event.preventDefault();
});

if (sheet.dataset.saved) {
  let waiting;
  sheet.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(saveDraft, QUIET_MS);
  });
  sheet.addEventListener("submit", () => clearTimeout(waiting));
}

/* Only a form without faults is kept; one that is being filled in is nobody's draft yet. */
async function saveDraft() {
  const data = new FormData(sheet);
  data.set("draft", "auto");
  const answer = await fetch(sheet.action, { method: "POST", body: data });
  if (!answer.ok || !(await answer.json()).kept) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  document.getElementById("saved").textContent = `${sheet.dataset.saved} ${time}`;
}

for (const line of lines.children) enhance(line);
