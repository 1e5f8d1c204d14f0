"use strict";
Redoc.init("/openapi.json", { hideDownloadButtons: false, theme: { typography: { fontFamily: "sans-serif", headings: { fontFamily: "sans-serif" }, code: { fontFamily: "monospace" } } } }, document.getElementById("redoc"));
