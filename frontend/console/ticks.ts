// Lists with boxes: one box ticks all of the page, and a head says how many are ticked. Without script each is ticked alone.

const boxes = (form: Element, name: string): HTMLInputElement[] => [
  ...form.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`),
];

/** Make the boxes of what was just put into the page work. */
export function ticks(root: ParentNode): void {
  for (const all of root.querySelectorAll<HTMLInputElement>("[data-tick-all]")) {
    all.hidden = false;
    const form = all.closest("form");
    const name = all.dataset["tickAll"] ?? "";
    if (!form) continue;
    all.addEventListener("change", () => {
      for (const box of boxes(form, name)) box.checked = all.checked;
      count(form, name, all);
    });
    form.addEventListener("change", () => count(form, name, all));
    count(form, name, all);
  }
}

function count(form: Element, name: string, all: HTMLInputElement): void {
  const every = boxes(form, name);
  const ticked = every.filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === every.length;
  all.indeterminate = ticked > 0 && ticked < every.length;
  const said = form.querySelector<HTMLElement>(`[data-ticked="${CSS.escape(name)}"]`);
  if (said) said.textContent = `${ticked} ticked`;
}
