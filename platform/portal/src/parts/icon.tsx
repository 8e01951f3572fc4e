/** Line icons on a 16-unit grid, and the mark of the watchtower. */
import type { ReactNode } from "react";

const paths = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.6 10.6 14 14",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "m3.5 3.5 9 9M12.5 3.5l-9 9",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  plus: "M8 3v10M3 8h10",
  check: "m3 8.5 3.2 3L13 4.5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  download: "M8 2.5v7.5M4.8 7.2 8 10.3l3.2-3.1M3 13.5h10",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z",
  screen: "M2 3h12v8H2zM6 13.5h4M8 11v2.5",
  user: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 14c.5-2.7 2.6-4 5.2-4s4.7 1.3 5.2 4",
  language: "M2 4h7M5.5 2.2V4M7.8 4c-.8 2.6-2.8 4.6-5.4 5.8M3.6 6c.9 1.6 2.3 2.9 4 3.7M8.2 14l3-7 3 7M9.2 11.8h4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.7V8l2.3 1.6",
  key: "M5.5 12.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.7 7.4 13 2.2M10.6 4.6l1.9 1.9",
  up: "m4 10 4-4 4 4",
  signOut: "M6.5 2.5h-4v11h4M7 8h7M11.4 5.2 14.2 8l-2.8 2.8",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.2 6.3c.2-1.1 1-1.6 1.9-1.6 1 0 1.8.7 1.8 1.6 0 1.4-1.9 1.4-1.9 2.9M8 11.4h.01",
  refresh: "M13.3 6.5A5.5 5.5 0 0 0 3 5.6M2.7 9.5a5.5 5.5 0 0 0 10.3.9M13.5 2.8v3.7H9.8M2.5 13.2V9.5h3.7",
  print: "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  external: "M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11 9.5v4H2.5V5h4",
} as const;
export type IconName = keyof typeof paths;

/** Decoration only: the text beside it, or the button's label, says what it means. */
export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode => (
  <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);

/** The watchtower (櫓): two roofs with raised eaves, a lit window, a battered stone base. */
export const Tower = ({ size = 28 }: { readonly size?: number }): ReactNode => (
  <svg className="tower" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path
      className="tower-roof"
      d="M12 2.4c.3.9.8 1.2 1.6 1.2h4.8c.8 0 1.3-.3 1.6-1.2.5 2.9 2.6 5 6 5.4l-.9 1.9H6.9L6 7.8c3.4-.4 5.5-2.5 6-5.4Z"
    />
    <path className="tower-wall" d="M10 10.4h12v3.3H10z" />
    <path className="tower-roof" d="M9.2 13.7h13.6c.9 1.9 3 3 6.4 3.4l-.9 2H3.7l-.9-2c3.4-.4 5.5-1.5 6.4-3.4Z" />
    <path className="tower-wall" d="M8 19.8h16v2.5H8z" />
    <path className="tower-stone" d="M8 23h16c.5 3 1.8 5.3 4 7H4c2.2-1.7 3.5-4 4-7Z" />
    <path className="tower-light" d="M14.3 10.8h3.4v2.5h-3.4z" />
  </svg>
);
