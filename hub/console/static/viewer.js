// The page pictures: one fetch a page (each look is recorded once), shown, enlarged, turned, and cut into crops.
const PAGE_MM = { width: 210, height: 297 };
const SVG = "http://www.w3.org/2000/svg";

export class Pictures {
  /** `address` is where the pages' pictures are: `<address>/1.jpg` … */
  constructor(address) { this.address = address; this.known = new Map(); }
  of(page) {
    if (!this.known.has(page)) this.known.set(page, this.#fetched(page));
    return this.known.get(page);
  }
  async #fetched(page) {
    const answer = await fetch(`${this.address}/${page}.jpg`);
    if (!answer.ok) { this.known.delete(page); throw new Error(String(answer.status)); }
    const image = new Image();
    image.src = URL.createObjectURL(await answer.blob());
    await image.decode();
    return image;
  }
}

export class Stage {
  constructor(element) {
    this.element = element;
    this.sheet = element.querySelector(".sheet");
    this.image = element.querySelector("img");
    this.svg = element.querySelector("svg");
    this.zoom = 1; this.turn = 0; this.page = 0; this.ends = PAGE_MM.height;
    this.#drag();
    addEventListener("resize", () => this.layOut());
  }

  /** `ends` is where the page's content ends (mm); the empty band for the certifying statement is left below the fold. */
  show(page, picture, boxes, ends = PAGE_MM.height) {
    this.page = page; this.ends = ends;
    this.image.src = picture.src;
    this.svg.replaceChildren(...boxes.flatMap(drawn));
    this.layOut();
  }

  /** Fit the whole sheet at zoom 1; a turned sheet keeps its room by margins, so that it scrolls whole. */
  layOut() {
    const room = { width: this.element.clientWidth - 24, height: this.element.clientHeight - 24 };
    const lying = this.turn % 180 !== 0;
    const [across, down] = lying ? [PAGE_MM.height, PAGE_MM.width] : [PAGE_MM.width, this.turn ? PAGE_MM.height : this.ends];
    const perMm = Math.min(room.width / across, room.height / down) * this.zoom;
    const width = PAGE_MM.width * perMm, height = PAGE_MM.height * perMm;
    const shift = lying ? (height - width) / 2 : 0;
    Object.assign(this.sheet.style, { width: `${width}px`, height: `${height}px`, transform: `rotate(${this.turn}deg)`, margin: `${-shift}px ${shift}px` });
    this.perMm = perMm;
  }

  enlarge(factor) { this.zoom = Math.min(Math.max(this.zoom * factor, 1), 8); this.layOut(); }

  /** The whole sheet, or where that is shown already, its whole width. */
  fit() {
    const whole = this.zoom === 1;
    this.zoom = 1; this.layOut();
    if (!whole) return;
    const across = this.turn % 180 ? PAGE_MM.height : PAGE_MM.width;
    this.zoom = Math.max((this.element.clientWidth - 24) / (across * this.perMm), 1);
    this.layOut();
    this.element.scrollTo(0, 0);
  }

  rotate(by) { this.turn = (this.turn + by + 360) % 360; this.layOut(); }
  pan(x, y) { this.element.scrollBy({ left: x * 120, top: y * 120 }); }

  /** Bring a place (mm) to the middle of the stage, as large as the zoom allows now. */
  lookAt(place) {
    if (this.turn) return;
    const left = this.sheet.offsetLeft + (place.x + place.width / 2) * this.perMm - this.element.clientWidth / 2;
    const top = this.sheet.offsetTop + (place.y + place.height / 2) * this.perMm - this.element.clientHeight / 2;
    this.element.scrollTo({ left, top });
  }

  choose(name) {
    for (const box of this.svg.querySelectorAll(".box")) box.classList.toggle("chosen", box.dataset.name === name);
  }

  #drag() {
    this.element.addEventListener("pointerdown", (down) => {
      const start = { x: down.clientX + this.element.scrollLeft, y: down.clientY + this.element.scrollTop };
      const move = (event) => this.element.scrollTo(start.x - event.clientX, start.y - event.clientY);
      this.element.setPointerCapture(down.pointerId);
      this.element.addEventListener("pointermove", move);
      this.element.addEventListener("pointerup", () => this.element.removeEventListener("pointermove", move), { once: true });
    });
    this.element.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); this.enlarge(event.deltaY < 0 ? 1.2 : 1 / 1.2); } }, { passive: false });
  }
}

function drawn({ name, kind, place, number }) {
  const box = made("rect", { class: `box ${kind}`, x: place.x - 0.8, y: place.y - 0.8, width: place.width + 1.6, height: place.height + 1.6, rx: 0.8 });
  box.dataset.name = name;
  if (!number) return [box];
  const x = Math.max(place.x - 3.5, 3.2), y = place.y + place.height / 2;
  const text = made("text", { class: "number", x, y: y + 1.4 });
  text.textContent = number;
  return [box, made("circle", { class: `flag ${kind}`, cx: x, cy: y, r: 3 }), text];
}

function made(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Draw the place of a fact as it stands on the page. */
export function crop(canvas, picture, place) {
  const perMm = picture.naturalWidth / PAGE_MM.width, edge = 1;
  const x = Math.max(place.x - edge, 0) * perMm, y = Math.max(place.y - edge, 0) * perMm;
  const width = (place.width + 2 * edge) * perMm, height = (place.height + 2 * edge) * perMm;
  canvas.width = Math.round(width); canvas.height = Math.round(height);
  canvas.getContext("2d").drawImage(picture, x, y, width, height, 0, 0, canvas.width, canvas.height);
}

// The tabs of a paper's pages: which lies on the stage, and which were seen.
export const tabs = {
  select(page) {
    for (const tab of document.querySelectorAll("[data-page]")) tab.setAttribute("aria-selected", String(+tab.dataset.page === page));
    document.querySelector("[data-page-now]").textContent = page;
  },
  markSeen(page) {
    document.querySelector(`[data-page="${page}"]`).classList.add("seen");
  },
};
