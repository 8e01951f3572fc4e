/** Icons of roles on a 16-unit grid, as lines: the same on the map's canvas and beside names. */
import type { ReactNode } from "react";
import type { Role } from "../analysis/model.ts";

const shapes = {
  controller: "M2.5 3h11v10h-11zM5 3v10M7 5.5h4.5M7 8h4.5M7 10.5h2.5M3.6 5.5h.01M3.6 8h.01",
  module: "M3 4h10v8H3zM5.5 4v8M8 4v8M10.5 4v8",
  drive: "M3 5h8v6H3zM11 7h2.5v2H11M5 11v1.5M9 11v1.5M5 8h4",
  robot: "M3 13.5h5M5.5 13.5V9.5L9 6M9 6l3.5 2M12.5 8v2.5M9.8 4.8a1.3 1.3 0 1 1-2.6 0 1.3 1.3 0 0 1 2.6 0Z",
  safety: "M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM5.8 8l1.6 1.6L10.5 6.5",
  panel: "M2.5 3h11v7.5h-11zM5 13.5h6M8 10.5v3M5 8V6.5M7.2 8V5M9.4 8V6M11.4 8V5.5",
  engineer: "M3 3.5h10v6.5H3zM1.5 12.5h13M6.5 5.2 5 6.8l1.5 1.6M9.5 5.2 11 6.8 9.5 8.4",
  server: "M3.5 2.5h9v4h-9zM3.5 9.5h9v4h-9zM5.3 4.5h.01M5.3 11.5h.01M8 6.5v3",
  history:
    "M3 4.2C3 3 5.2 2.5 8 2.5s5 .5 5 1.7v7.6c0 1.2-2.2 1.7-5 1.7s-5-.5-5-1.7zM3 4.2C3 5.4 5.2 6 8 6s5-.6 5-1.8M3 8c0 1.2 2.2 1.8 5 1.8s5-.6 5-1.8",
  pc: "M2.5 3h11v7h-11zM5.5 13.5h5M8 10v3.5",
  switch: "M1.5 5.5h13v5h-13zM4 8h.01M6.5 8h.01M9 8h.01M11.5 8h.01M4.5 3.5 3 5.5M11.5 3.5 13 5.5",
  router: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5 8h6M9 6l2 2-2 2M7 6 5 8l2 2",
  wall: "M2 3.5h12v9H2zM2 6.5h12M2 9.5h12M6 3.5v3M10 3.5v3M4 6.5v3M8 6.5v3M12 6.5v3M6 9.5v3M10 9.5v3",
  radio:
    "M8 13.5V8M5.5 10.5a3.5 3.5 0 0 1 0-5M10.5 10.5a3.5 3.5 0 0 0 0-5M3.5 12.5a6.4 6.4 0 0 1 0-9M12.5 12.5a6.4 6.4 0 0 0 0-9",
  camera: "M2 5h8.5v6H2zM10.5 7.2 14 5.5v5l-3.5-1.7M4.5 11v2M8 11v2",
  printer: "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
  phone: "M5 1.8h6v12.4H5zM7.3 12.2h1.4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.7V8l2.3 1.6",
  meter: "M8 13.5A5.5 5.5 0 1 0 8 2.5a5.5 5.5 0 0 0 0 11ZM8 8l2.5-2.5M4.5 8h.01M8 4.5h.01M11.5 8h.01",
  building: "M3.5 13.5v-11h9v11zM6 5h.01M10 5h.01M6 7.8h.01M10 7.8h.01M7 13.5v-3h2v3",
  unknown: "M3 3h10v10H3zM6.4 6.4c.2-1 .9-1.5 1.7-1.5.9 0 1.6.6 1.6 1.4 0 1.2-1.7 1.3-1.7 2.6M8 11h.01",
  outside: "M4.5 12.5a3 3 0 0 1-.3-6A4 4 0 0 1 12 7.6a2.5 2.5 0 0 1-.3 4.9z",
} as const;

const shapeOf: Readonly<Record<Role, keyof typeof shapes>> = {
  plc: "controller",
  rtu: "controller",
  ied: "controller",
  cnc: "controller",
  "building-controller": "building",
  io: "module",
  gateway: "router",
  drive: "drive",
  robot: "robot",
  safety: "safety",
  hmi: "panel",
  scada: "panel",
  historian: "history",
  "engineering-station": "engineer",
  meter: "meter",
  sensor: "meter",
  camera: "camera",
  printer: "printer",
  server: "server",
  "domain-controller": "server",
  pc: "pc",
  mobile: "phone",
  phone: "phone",
  switch: "switch",
  router: "router",
  firewall: "wall",
  "access-point": "radio",
  "time-server": "clock",
  unknown: "unknown",
};

/** SVG path of a role, 16 by 16, stroked. */
export const rolePath = (role: Role): string => shapes[shapeOf[role]];
export const outsidePath: string = shapes.outside;

/** Decoration: the word beside it says the role. */
export const RoleIcon = ({ role, size = 16 }: { readonly role: Role; readonly size?: number }): ReactNode => (
  <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={rolePath(role)} />
  </svg>
);
