// Lists of entries, and links to functions in them.

// entries draws a list. It shows the first few items and a button that shows more.
function entries(style, list, few, draw) {
  const items = el("ul", { class: "entries " + style });
  const box = el("div", { class: "card" }, items);
  const show = (from, to) => items.append(...list.slice(from, to).map((x) => el("li", null, draw(x))));
  show(0, few);
  if (list.length > few) {
    let shown = few;
    const button = el("button", { type: "button", class: "more", onclick: () => {
      const at = items.children.length;
      show(shown, shown + 200);
      shown += 200;
      if (shown >= list.length) button.remove();
      else button.textContent = label();
      const next = items.children[at];
      next.tabIndex = -1;
      next.focus();
    } });
    const label = () => "Show " + count(Math.min(200, list.length - shown)) + " more";
    button.textContent = label();
    box.append(button);
  }
  return box;
}

function functionLinks(list, act) {
  if (!list || !list.length) return null;
  const link = (f) => functions[f].status === "removed" ? el("span", null, functions[f].id)
    : el("button", { type: "button", class: "link", onclick: () => act.pick(f, true) }, functions[f].id);
  const more = list.length - 3;
  return [list.slice(0, 3).map(link), more > 0 && el("details", null, el("summary", null, "and " + count(more) + " more"),
    el("div", { class: "where" }, list.slice(3, 103).map(link), list.length > 103 && "and more"))];
}
