// Marks that say the same as the words beside them, by shape: for whom colors do not tell.
import { h } from "./dom.js";

const paths = {
  wire: "M4 4l16 16M8.5 15.5a5 5 0 0 1 2-1.3M13.5 14.2a5 5 0 0 1 2 1.3M5 12a10 10 0 0 1 3-2M12 9a10 10 0 0 1 7 3M12 19v.5",
  warn: "M12 9v5M12 17v.5M12 3L2.5 20h19L12 3",
  cross: "M6 6l12 12M18 6L6 18",
  spool: "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M12 9a3 3 0 1 1 0 6a3 3 0 0 1 0-6M12 3v6M12 15v6",
  pause: "M8 5v14M16 5v14",
  plate: "M3 18h18M7 18V9h10v9M9 9V5h6v4",
  eye: "M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7M12 9a3 3 0 1 1 0 6a3 3 0 0 1 0-6",
  flame: "M12 3c4 5 6 7 6 11a6 6 0 0 1-12 0c0-2 1-4 3-5c0 2 1 3 2 3c2-2 2-5 1-9",
  play: "M7 4l13 8-13 8z",
  tick: "M5 13l4 4 10-11",
  minus: "M5 12h14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  hand: "M12 5v14M5 12h14M12 5l-2 2M12 5l2 2M12 19l-2-2M12 19l2-2M5 12l2-2M5 12l2 2M19 12l-2-2M19 12l-2 2",
  up: "M12 19V6M6 11l6-6 6 6",
  cut: "M6 6a2.5 2.5 0 1 0 0 .01M6 18a2.5 2.5 0 1 0 0 .01M8 7.5L20 18M8 16.5L20 6",
  pin: "M12 21s7-6.5 7-11a7 7 0 0 0-14 0c0 4.500 7 11 7 11M12 8a2 2 0 1 1 0 4a2 2 0 0 1 0-4",
  again: "M4 12a8 8 0 1 0 3-6.200M4 4v5h5",
  book: "M5 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H5zM19 4h-4a2 2 0 0 0-2 2",
};

export const mark = (name) => h("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, h("path", { d: paths[name] }));
