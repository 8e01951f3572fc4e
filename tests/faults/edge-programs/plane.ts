/** A control plane of its own process with the door only, to be killed: `plane.ts DATA-FOLDER PORT POSTGRES CLICKHOUSE`. */
import { openStores } from "@yagura/store/open.ts";
import { labMigrations, startEdgeLab } from "@yagura/testkit/edge-lab.ts";

const [dataFolder, port, databaseUrl, clickhouseUrl] = process.argv.slice(2) as [string, string, string, string];
const stores = await openStores({ dataFolder, databaseUrl, clickhouseUrl, migrations: labMigrations });
const lab = await startEdgeLab({
  stores,
  dataFolder,
  port: Number(port),
  limits: { devicePerSecond: 1e6, deviceBurst: 1e6, deviceBytesBurst: 1e15 },
});
process.on("message", (message: { key: string } | "stop") => {
  if (message === "stop") {
    void lab.door
      .drain()
      .then(() => lab.close())
      .then(() => stores.stop())
      .then(() => process.exit(0));
  } else void lab.key(message.key).then((key) => process.send?.({ key }));
});
process.on("disconnect", () => process.exit(1));
process.send?.({ ready: lab.url });
