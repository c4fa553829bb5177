/* Text inputs with `data-suggests` offer rows while one types. What is typed and not chosen is sent as it stands. */
"use strict";

document.querySelectorAll("input[data-suggests]").forEach((input) => {
  const several = "several" in input.dataset;
  const split = (text) => (several ? text.split(/[;；]/) : [text]).map((part) => part.trim()).filter(Boolean);
  const labels = split(input.dataset.label || input.value);
  const options = split(input.value).map((value, place) => ({ value, text: labels[place] || value, note: "" }));
  const box = new TomSelect(input, {
    options,
    maxItems: several ? null : 1,
    delimiter: ";",
    create: true,
    createOnBlur: true,
    selectOnTab: true,
    maxOptions: 12,
    score: () => () => 1,
    load(query, show) {
      fetch(`${input.dataset.suggests}?q=${encodeURIComponent(query)}`, { credentials: "same-origin" })
        .then((response) => response.json())
        .then(({ results }) => {
          this.clearOptions();
          show(results);
        })
        .catch(() => show());
    },
    render: {
      option: (row, escape) => `<div>${escape(row.text)} <span class="text-secondary">${escape(row.note || "")}</span></div>`,
      option_create: (row, escape) => `<div class="create">“${escape(row.input)}”</div>`,
      no_results: () => "<div></div>",
    },
  });
  /* The box has the label; help and faults are said there too, and the input behind it is silent. */
  box.control_input.setAttribute("aria-describedby", input.getAttribute("aria-describedby") || "");
  input.setAttribute("aria-hidden", "true");
});
