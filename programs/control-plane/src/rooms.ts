/** Migrations of all rooms, in the order of the rooms; the store's own come first by themselves. */
import type { RoomMigrations } from "@yagura/store/migrations/read.ts";
import type { Service } from "@yagura/service/service.ts";

const platform = (room: string): RoomMigrations => ({
  room,
  postgres: new URL(`../../../platform/${room}/migrations/`, import.meta.url),
});

export const rooms = (services: readonly Service[]): RoomMigrations[] => [
  platform("server"),
  platform("devices"),
  platform("commerce"),
  platform("alerts"),
  ...services.map(({ id, migrations }) => ({ room: id, ...migrations })),
];
