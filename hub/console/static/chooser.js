// Rows that are chosen with j and k and opened with Enter or a click; a row's data-paper names what it opens.
export class Chooser {
  /** `address` is where a paper is opened; rows may come and go inside `place`. */
  constructor(place, address) {
    this.place = place; this.address = address; this.chosen = "";
    place.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-paper]");
      if (row) { this.chosen = row.dataset.paper; this.open(); }
    });
  }

  get rows() { return [...this.place.querySelectorAll("tr[data-paper]")]; }

  /** Mark the chosen row; where it is gone, the first that nobody else has. */
  show() {
    const rows = this.rows;
    if (!rows.some((row) => row.dataset.paper === this.chosen)) this.chosen = (rows.find((row) => !row.classList.contains("taken")) ?? rows[0])?.dataset.paper ?? "";
    for (const row of rows) row.classList.toggle("chosen", row.dataset.paper === this.chosen);
  }

  move(by) {
    const rows = this.rows;
    const at = rows.findIndex((row) => row.dataset.paper === this.chosen);
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next) return;
    this.chosen = next.dataset.paper;
    this.show();
    next.scrollIntoView({ block: "nearest" });
  }

  open() { if (this.chosen) location.href = `${this.address}/${encodeURIComponent(this.chosen)}`; }

  get keys() { return { j: () => this.move(1), k: () => this.move(-1), ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1), Enter: () => this.open() }; }
}
