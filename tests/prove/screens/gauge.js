// What is wrong with the screen that is shown: [] everywhere is what is wanted.
(() => {
  const LEAST_PX = 44, LEAST_CONTRAST = 7;
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = (colour) => colour.slice(0, 3).map((c) => linear(c / 255))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const over = document.querySelector("#over:not([hidden])");
  const room = over ?? document.getElementById("screen");
  const stage = document.getElementById("stage"), view = stage.getBoundingClientRect();
  const shown = (node) => node.checkVisibility() && !node.closest("svg") && getComputedStyle(node).clipPath === "none";
  const name = (node) => node.id || node.textContent.trim().slice(0, 24);
  const buttons = [...room.querySelectorAll("button")].filter(shown);
  const texts = [...room.querySelectorAll("*")].filter((node) => shown(node)
    && [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim()));
  const inView = (box) => box.top >= view.top - 1 && box.bottom <= view.bottom + 1;
  const small = buttons.map((each) => [each, each.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < LEAST_PX)
    .map(([each, box]) => `${name(each)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`);
  const pale = texts.filter((node) => !node.closest("[disabled]")).map((node) => {
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    return [node, (a + 0.05) / (b + 0.05)];
  }).filter(([, ratio]) => ratio < LEAST_CONTRAST).map(([node, ratio]) => `${name(node)} ${ratio.toFixed(1)}`);
  const clipped = texts.filter((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const holder = node.closest("button, .field, td, li, #top, #facts, #foot") ?? node;
    const box = holder.getBoundingClientRect();
    return [...range.getClientRects()].some((line) => line.left < -1 || line.right > innerWidth + 1
      || line.left < box.left - 2 || line.right > box.right + 2 || line.top < box.top - 6 || line.bottom > box.bottom + 6
      || (!node.closest("#stage") && (line.top < -2 || line.bottom > innerHeight + 2)));
  }).map(name);
  const covered = buttons.filter((each) => {
    const box = each.getBoundingClientRect();
    if (each.closest("#stage") && !inView(box)) return false;
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(hit && each.contains(hit));
  }).map(name);
  const overlapping = texts.filter((node) => {
    if (node.closest("button")) return false;
    const range = document.createRange();
    range.selectNodeContents(node);
    const line = range.getClientRects()[0];
    if (!line || (node.closest("#stage") && !inView(line))) return false;
    const hit = document.elementFromPoint(line.x + Math.min(line.width, 20) / 2, line.y + line.height / 2);
    if (hit?.closest(".deeds") && stage.scrollHeight > stage.clientHeight + 2) return false; // it can be scrolled out
    return hit && !node.contains(hit) && !hit.contains(node);
  }).map(name);
  const nameless = buttons.filter((each) => !(each.getAttribute("aria-label") || each.textContent).trim()).map(name);
  return {
    small, pale, clipped, covered, overlapping, nameless,
    wide: document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth}`] : [],
    scrolls: !over && stage.scrollHeight > stage.clientHeight + 2 ? [`${stage.scrollHeight - stage.clientHeight} px`] : [],
  };
})()
