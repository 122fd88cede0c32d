// The links of a text. Only http and https: whatever else it says stays a text.
import { element } from './view.js';

// A full stop or a bracket after a link is the sentence's.
const LINK = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/g;

export function linksOf(text) {
  return [...new Set(text.match(LINK))];
}

// What's behind it learns nothing of this page.
export function anchor(url, ...children) {
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

// show: from a part of the text to nodes
export function withLinks(text, show) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(...show(text.slice(at, found.index)), anchor(found[0], ...show(found[0])));
    at = found.index + found[0].length;
  }
  return [...nodes, ...show(text.slice(at))];
}
