// The counter: a scanned voucher is paid once, a refund is recorded. A scanner types the QR's text and Enter.
import { call, complain, sentence } from "/console/static/frame.js";

const voucher = document.getElementById("voucher");
const [paid, refused, today] = ["paid", "refused", "today"].map((id) => document.getElementById(id));
const dong = (amount) => `${amount.toLocaleString("vi-VN")} đ`;
let slip = { code: "", key: "" };

function show(place, { vi, en }) {
  for (const each of [paid, refused]) each.hidden = each !== place;
  place.replaceChildren(vi, Object.assign(document.createElement("span"), { className: "en", lang: "en", textContent: en }));
}

voucher.addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = voucher.code.value.trim();
  if (code !== slip.code) slip = { code, key: crypto.randomUUID() }; // the same slip asked for again is one payment
  try {
    const told = await call("POST", "/api/vouchers/redeem", slip);
    show(paid, sentence("voucher_paid", { amount: dong(told.amount_vnd), kiosk: told.kiosk }));
    if (!document.getElementById(told.voucher)) {
      const row = today.tBodies[0].insertRow(0);
      row.id = told.voucher;
      for (const text of [dong(told.amount_vnd), told.kiosk, told.voucher]) row.insertCell().textContent = text;
      today.hidden = false;
    }
    voucher.reset();
  } catch (fault) {
    show(refused, sentence(fault.code, { cause: fault.message }));
    voucher.code.select();
  }
  voucher.code.focus();
});

for (const form of document.querySelectorAll("[data-refund]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const path = `/api/refunds/${encodeURIComponent(form.dataset.refund)}`;
    call("POST", path, { how: form.how.value }).then(() => location.reload(), complain);
  });
}
