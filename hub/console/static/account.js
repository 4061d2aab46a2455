// Account and accounts: turning the second factor on, and the administrator's removals.
import { call, complain, sentence } from "/console/static/frame.js";

document.getElementById("second-factor")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    await call("POST", "/api/account/second-factor", { secret: form.dataset.secret, code: form.querySelector("input").value });
    location.href = "/console";
  } catch (fault) {
    const told = sentence(fault.code, { cause: fault.message });
    Object.assign(form.querySelector(".wrong"), { textContent: `${told.vi} ${told.en}`, hidden: false });
  }
});

for (const button of document.querySelectorAll("[data-delete]")) {
  button.addEventListener("click", () => call("DELETE", button.dataset.delete).then(() => location.reload(), complain));
}
