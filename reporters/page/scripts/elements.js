// Building elements. Values from the report become text nodes and attributes here, never markup,
// and every text is cleaned first.

const $ = (id) => document.getElementById(id);

// clean replaces control characters, line breaks, and characters that reorder
// or hide the text around them (Trojan Source, CVE-2021-42574).
const clean = (text) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, "\uFFFD");

// el builds an element. It omits attributes and children that are null, undefined or false.
// Attributes named "on..." are event listeners.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : clean(String(value)));
  }
  fill(node, ...children);
  return node;
}

// fill replaces the children of an element.
function fill(node, ...children) {
  const shown = children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
  node.replaceChildren(...shown.map((c) => (c instanceof Node ? c : clean(String(c)))));
  return node;
}
