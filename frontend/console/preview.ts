// A picture that was chosen is shown before it is sent, wherever the page says that it would stand.

export function preview(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file][data-preview]")) {
    const shown = [...document.querySelectorAll<HTMLImageElement>(`img[data-preview-of="${input.dataset["preview"]}"]`)];
    const stood = shown.map((image) => image.getAttribute("src"));
    let made = "";
    input.addEventListener("change", () => {
      if (made) URL.revokeObjectURL(made);
      const file = input.files?.[0];
      made = file?.type.startsWith("image/") ? URL.createObjectURL(file) : "";
      shown.forEach((image, n) => {
        const from = made || stood[n];
        image.hidden = !from;
        if (from) image.src = from;
      });
    });
  }
}
