// Seconds in which the paper was really looked at: from the picture shown, without idle time and hidden pages.
const IDLE_MS = 20_000;

export class Stopwatch {
  constructor() { this.spent = 0; this.last = null; this.input = performance.now(); }
  start() {
    this.input = this.last = performance.now();
    for (const kind of ["keydown", "pointermove", "pointerdown", "wheel"]) addEventListener(kind, () => this.#touched(), { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => { this.#count(); if (!document.hidden) this.#touched(); });
  }
  get seconds() { this.#count(); return this.spent / 1000; }
  #touched() { this.#count(); this.input = performance.now(); }
  #count() {
    if (this.last === null) return;
    const now = performance.now(), until = Math.min(now, this.input + IDLE_MS);
    if (!this.away && until > this.last) this.spent += until - this.last;
    this.last = now; this.away = document.hidden;
  }
}
