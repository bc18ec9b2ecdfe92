// The parts of a proposal: ticking one ticks what it needs, taking one away takes away what needs it; the button says how many.
"use strict";

const parts = () => [...document.querySelectorAll("#decide [name=hunk]")];
const needs = (box) => box.dataset.needs.split(" ").filter(Boolean);

function along(box) {
  for (const other of parts()) {
    const goes = box.checked ? needs(box).includes(other.value) : needs(other).includes(box.value);
    if (!goes || other.checked === box.checked) continue;
    other.checked = box.checked;
    along(other);
  }
}

function say() {
  const button = document.querySelector("[data-accept]");
  if (!button) return;
  const [all, ticked] = [parts().length, parts().filter((box) => box.checked).length];
  button.disabled = ticked === 0;
  button.textContent = ticked === all ? "Accept all of it" : ticked === 0 ? "Nothing is ticked" : `Accept ${ticked} of ${all} parts`;
}

document.addEventListener("change", (event) => {
  if (event.target.name !== "hunk") return;
  along(event.target);
  say();
});
document.addEventListener("htmx:afterSwap", say);
say();
