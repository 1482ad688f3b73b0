// The theme: the system's until the reader chooses one. The browser may not let a local file save
// the choice.
function startTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let own = "";
  try {
    own = localStorage.getItem("featherpack-theme") || "";
  } catch {
    own = "";
  }
  const dark = () => (own ? own === "dark" : system.matches);
  const show = () => {
    if (own) document.documentElement.dataset.theme = own;
    fill($("theme"), el("span", { "aria-hidden": "true" }, dark() ? "☀" : "☾"));
    $("theme").setAttribute("aria-label", dark() ? "Use light colours" : "Use dark colours");
    $("theme").title = $("theme").getAttribute("aria-label");
  };
  $("theme").addEventListener("click", () => {
    own = dark() ? "light" : "dark";
    try {
      localStorage.setItem("featherpack-theme", own);
    } catch {
      // it lasts as long as the page
    }
    show();
  });
  system.addEventListener("change", show);
  show();
}
