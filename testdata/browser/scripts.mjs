// Runs a page's own scripts outside of a browser, up to the call that draws.

// scriptsOf is what they declare under some names.
export function scriptsOf(page, names) {
  const data = page.match(/<script type="application\/json" id="report">([^<]*)<\/script>/)[1];
  const script = page.slice(page.lastIndexOf("<script>") + "<script>".length, page.lastIndexOf("start();"));
  const document = { getElementById: (id) => (id === "report" ? { textContent: data } : null) };
  return new Function("document", `return ${script} return { ${names} }; })();`)(document);
}
