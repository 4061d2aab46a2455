// The register: search (names go in the body, never into an address), printing, closing, checks afterwards.
import { call, complain } from "/console/static/frame.js";

const form = document.getElementById("search");
const rows = document.getElementById("rows");

async function search(page = 1) {
  const said = Object.fromEntries(new FormData(form));
  const day = said.first_day || said.last_day;
  rows.innerHTML = await call("POST", "/console/register/rows", {
    words: said.words,
    number: Number(said.number) || 0,
    year: day ? 0 : Number(form.dataset.year),
    first_day: said.first_day || null,
    last_day: said.last_day || null,
    page,
  });
}

form?.addEventListener("submit", (event) => { event.preventDefault(); search().catch(complain); });
rows?.addEventListener("click", (event) => { const page = event.target.closest("[data-page]")?.dataset.page; if (page) search(Number(page)).catch(complain); });

for (const button of document.querySelectorAll("[data-post]")) {
  button.addEventListener("click", () => {
    if (button.dataset.ask && !confirm(button.dataset.ask)) return;
    call("POST", button.dataset.post).then(() => location.reload(), complain);
  });
}

for (const choice of document.querySelectorAll("select[data-copy]")) {
  choice.addEventListener("change", () => {
    const note = choice.value === "CONFIRMED" ? "" : choice.value && prompt(choice.dataset.ask);
    if (!choice.value || note === null) return void (choice.value = "");
    call("PUT", `/api/post-checks/${choice.dataset.copy}`, { result: choice.value, note }).then(() => location.reload(), complain);
  });
}
