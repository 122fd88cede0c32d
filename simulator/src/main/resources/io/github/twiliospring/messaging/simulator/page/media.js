// Media aren't loaded, so that the page needs no network: a picture drawn from the address stands for them, the same
// one for the same address.

const SVG = 'http://www.w3.org/2000/svg';
const PICTURES = new Set(['', 'png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'bmp', 'tif', 'tiff', 'heic']);

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text) {
    made.textContent = text;
  }
  return made;
}

function hash(text) {
  let value = 2166136261;
  for (const character of text) {
    value = Math.imul(value ^ character.codePointAt(0), 16777619) >>> 0;
  }
  return value;
}

function landscape(seed) {
  const hue = seed % 360;
  const between = (low, high, shift) => low + ((seed >>> shift) % (high - low));
  return [
    shape('rect', { width: 160, height: 100, fill: `hsl(${hue} 55% 82%)` }),
    shape('circle', { cx: between(20, 140, 3), cy: between(18, 40, 7), r: between(8, 16, 11), fill: `hsl(${(hue + 40) % 360} 80% 92%)` }),
    shape('path', { d: `M0 ${between(55, 75, 5)} L${between(20, 70, 9)} ${between(30, 50, 13)} L160 ${between(60, 85, 15)} V100 H0 Z`, fill: `hsl(${(hue + 150) % 360} 35% 55%)` }),
    shape('path', { d: `M0 ${between(75, 92, 17)} L${between(80, 140, 19)} ${between(50, 70, 4)} L160 ${between(70, 90, 6)} V100 H0 Z`, fill: `hsl(${(hue + 150) % 360} 38% 38%)` }),
  ];
}

function sheet(seed, ending) {
  return [
    shape('rect', { width: 160, height: 100, fill: `hsl(${seed % 360} 35% 85%)` }),
    shape('path', { d: 'M55 12 H92 L108 28 V88 H55 Z', fill: '#ffffff' }),
    shape('text', { x: 81, y: 62, 'text-anchor': 'middle', 'font-size': 16, fill: '#1b2130' }, ending.toUpperCase()),
  ];
}

export function placeholder(url) {
  const name = url.replace(/[?#].*/, '').replace(/.*\//, '');
  const ending = (name.match(/\.(\w{1,5})$/) || ['', ''])[1].toLowerCase();
  const seed = hash(url);
  const svg = shape('svg', { viewBox: '0 0 160 100', class: 'picture', role: 'img', 'aria-label': `${PICTURES.has(ending) ? 'Picture' : 'File'} ${name}` });
  svg.append(...(PICTURES.has(ending) ? landscape(seed) : sheet(seed, ending)));
  return svg;
}
