// SPDX-FileCopyrightText: 2026 Lage contributors
// SPDX-License-Identifier: EUPL-1.2
// Before the terminal of textual-serve starts (window.onload): where its websocket is, whatever
// name this host was called by. After it lost the connection: try again, nobody stands at a wall.
"use strict";
const again = 5000;
const parameters = new URLSearchParams(location.search);

document.addEventListener("DOMContentLoaded", () => {
  const terminal = document.getElementById("terminal");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  terminal.dataset.sessionWebsocketUrl = `${scheme}//${location.host}/ws`;
  const size = Number(parameters.get("schrift"));
  if (size >= 6 && size <= 60) terminal.dataset.fontSize = String(size);

  let waiting = false;
  new MutationObserver(() => {
    // Arrows and digits of a keyboard at the wall go to the screen without a click first.
    document.querySelector(".xterm-helper-textarea")?.focus();
    if (document.body.classList.contains("-closed") && !waiting) {
      waiting = true;
      // Loading a page that cannot be loaded would leave the browser's own error on the wall.
      setInterval(() => fetch(location.href, { cache: "no-store" }).then(
        () => location.reload(), () => {}), again);
    }
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
